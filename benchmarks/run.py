"""How long things take, how much memory: `python benchmarks/run.py` writes the head of benchmarks/RESULTS.md.

Every line is one command in a process of its own, as a user would give it. Compiled programs are kept in a
folder that is empty at first, so that the first run pays for compiling and the others do not.
"""

from __future__ import annotations

import datetime as dt
import os
import platform
import re
import statistics
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path

RESULTS = Path(__file__).parent / "RESULTS.md"
CASE = "pakistan_taliban"
REPEATS = 5
WARM = f"""
import time
from suasion import api
api.simulate("{CASE}")
start = time.perf_counter()
api.simulate("{CASE}", seed=2)
print(time.perf_counter() - start)
"""


@dataclass(frozen=True)
class Measured:
    """One command, measured."""

    seconds: float
    mebibytes: float
    """Most memory held at once."""
    out: str = ""


def measure(*command: str, cache: Path) -> Measured:
    """Run a command to its end in a process of its own."""
    environment = {**os.environ, "SUASION_CACHE": str(cache), "NO_COLOR": "1"}
    start = time.perf_counter()
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=environment) as child:
        assert child.stdout is not None
        out = child.stdout.read().decode()
        _, status, usage = os.wait4(child.pid, 0)
        child.returncode = os.waitstatus_to_exitcode(status)
    if child.returncode:
        raise SystemExit(f"{' '.join(command)} ended with {child.returncode}\n{out}")
    return Measured(time.perf_counter() - start, usage.ru_maxrss / 1024, out)


def suasion(*words: str, cache: Path) -> Measured:
    """Run the command `suasion` of this interpreter."""
    return measure(sys.executable, "-m", "suasion", *words, cache=cache)


def runs(folder: Path) -> list[str]:
    """Ten thousand futures: nothing compiled, compiled before, and again in the same process."""
    cache = folder / "cache"
    cold = suasion("run", CASE, cache=cache)
    second = statistics.median(suasion("run", CASE, cache=cache).seconds for _ in range(3))
    warm = float(measure(sys.executable, "-c", WARM, cache=cache).out)
    return [
        "| 10,000 futures × 24 months | seconds |",
        "| --- | ---: |",
        f"| first run ever: compiled, then run, then answered | {cold.seconds:.1f} |",
        f"| a later run: a new process, programs compiled before | {second:.1f} |",
        f"| the run alone, again in the same process | {warm:.2f} |",
    ]


def sizes(folder: Path) -> list[str]:
    """How time and memory grow with the number of futures, kept on disk."""
    lines = ["| futures | seconds | most memory, MiB | on disk, MiB |", "| ---: | ---: | ---: | ---: |"]
    for futures in (10_000, 40_000, 100_000):
        out = folder / str(futures)
        made = suasion("run", CASE, "--futures", str(futures), "--out", str(out), cache=folder / "cache")
        disk = sum(file.stat().st_size for file in out.rglob("*") if file.is_file()) / 2**20
        lines.append(f"| {futures:,} | {made.seconds:.1f} | {made.mebibytes:.0f} | {disk:.0f} |")
    return lines


def commands(folder: Path) -> list[str]:
    """What is asked often."""
    kept, page = str(folder / "10000"), str(folder / "page.html")
    asked: list[tuple[str, ...]] = [
        ("--help",),
        ("check", "harrow"),
        ("check", CASE),
        ("show", CASE, "pak_leverage"),
        ("outcomes", kept),
        ("report", kept, "--out", page),
    ]
    lines = ["| command | median of 5, seconds |", "| --- | ---: |"]
    for words in asked:
        times = [suasion(*words, cache=folder / "cache").seconds for _ in range(REPEATS)]
        told = " ".join(words).replace(kept, "RUN").replace(page, "page.html")
        lines.append(f"| `suasion {told}` | {statistics.median(times):.2f} |")
    return lines


def machine() -> list[str]:
    """What it was measured on."""
    info = Path("/proc/cpuinfo")
    names = re.findall(r"model name\s*: (.*)", info.read_text()) if info.exists() else []
    usable = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
    packages = ", ".join(
        f"{name} {version(name)}" for name in ("suasion", "jax", "numpy", "zarr", "pydantic")
    )
    processor = names[0] if names else platform.processor()
    load = ", ".join(f"{each:.1f}" for each in os.getloadavg())
    return [
        f"- {dt.datetime.now(dt.UTC):%Y-%m-%d}, `python benchmarks/run.py`",
        f"- {processor}, {usable} processors; Python {platform.python_version()}",
        f"- {packages}",
        f"- load before: {load} (over 1, 5 and 15 minutes; above 0.3, the times are too long)",
    ]


def main() -> None:
    """Measure everything and write it down."""
    head = machine()
    with tempfile.TemporaryDirectory(prefix="suasion-benchmarks-") as name:
        folder = Path(name)
        blocks = [runs(folder), sizes(folder), commands(folder)]
    text = "\n\n".join("\n".join(block) for block in (["# Benchmarks"], head, *blocks))
    # What other scripts measured, and what was written by hand, stands in sections of its own.
    _, mark, others = RESULTS.read_text(encoding="utf-8").partition("\n## ")
    RESULTS.write_text(f"{text}\n{mark}{others}", encoding="utf-8")
    print(text)


if __name__ == "__main__":
    main()
