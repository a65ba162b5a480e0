"""The engine beside other tools: `python benchmarks/rivals/compare.py` says how many futures a second.

All run the same months of the same case, from the same prepared draws, with the same luck, and each is first
held to what the kernel answers. They take turns, each in a process of its own, so that a noisy machine is
noisy for all; what counts is the median of the rounds, and the ratio more than the number.

Mesa and the EMA Workbench are no part of suasion, and EMA brings code under the GPL, so they want a place of
their own; what is not there is left out and said:

    python -m venv /tmp/rivals
    /tmp/rivals/bin/pip install -e . -r benchmarks/rivals/requirements.txt
    /tmp/rivals/bin/python benchmarks/rivals/compare.py
"""

from __future__ import annotations

import argparse
import datetime as dt
import json
import os
import platform
import re
import shutil
import statistics
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

ROOT = Path(__file__).parent.parent.parent
RESULTS = ROOT / "benchmarks" / "RESULTS.md"
TITLE = "## Against other tools"
WORLD, CASE = "harrow", "pakistan_taliban"
AGREED = 0.98
"""Share of futures that must be the kernel's: single precision turns some that stand on the brink."""
PROCESSORS = sorted(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else [0]
"""Those that may be used."""


@dataclass(frozen=True)
class Rival:
    """An implementation of the month."""

    name: str
    told: str
    needs: str = ""
    """Package or program without which it is left out."""
    every: bool = False
    """Runs on all processors at once; else on one."""
    own: bool = False
    """Shares the work out itself."""

    def missing(self) -> bool:
        """Whether what it needs is not here."""
        if not self.needs or shutil.which(self.needs):
            return False
        try:
            version(self.needs)
        except PackageNotFoundError:
            return True
        return False

    @property
    def key(self) -> str:
        """A name for its results."""
        return f"{self.name} on all" if self.every and not self.own else self.name


RIVALS = (
    Rival("native", "C++ by hand, `g++ -O3 -march=native`", "g++"),
    Rival("kernel", "**suasion**, the months"),
    Rival("whole", "suasion, draws and foresight included"),
    Rival("vectorised", "NumPy and SciPy, vectorised over futures"),
    Rival("plain", "plain Python, a future at a time"),
    Rival("agents", "Mesa, plain Python in agents", "mesa"),
    Rival("kernel", "**suasion**, the months, a process for each processor", every=True),
    Rival("workbench", "EMA Workbench, plain Python in its multiprocessing", "ema_workbench", True, True),
)


@dataclass(frozen=True)
class Bar:
    """What we hold ourselves to: a ratio."""

    case: str
    ours: str
    theirs: str
    told: str
    least: float


BARS = (
    Bar(WORLD, "kernel", "agents", "Mesa", 500),
    Bar(WORLD, "kernel on all", "workbench", "EMA Workbench, all processors", 100),
    Bar(WORLD, "kernel", "vectorised", "vectorised NumPy", 5),
    Bar(WORLD, "kernel", "native", "C++, one processor each", 0.4),
    Bar(CASE, "kernel", "vectorised", "vectorised NumPy", 10),
)
Rates = dict[tuple[str, str], list[float]]
"""Futures a second, by case and rival."""


def child(*words: str, before: tuple[str, ...] = ()) -> dict[str, float]:
    """Run a rival in a process of its own and read what it says."""
    command = [*before, sys.executable, "-m", "benchmarks.rivals.race", *words]
    run = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    if run.returncode:
        raise SystemExit(f"{' '.join(words)} ended with {run.returncode}\n{run.stderr[-2000:]}")
    found: dict[str, float] = json.loads(run.stdout.splitlines()[-1]) if run.stdout.strip() else {}
    return found


def race(folder: Path, rivals: list[Rival], asked: argparse.Namespace) -> tuple[Rates, float]:
    """All rounds: futures a second, and the least share of futures that a rival runs as the kernel does."""
    rates: Rates = {}
    same = 1.0
    for case in asked.cases:
        child("make", str(folder / case), case)
    for number in range(asked.rounds):
        for case in asked.cases:
            for rival in rivals:
                which = [] if rival.own else PROCESSORS if rival.every else PROCESSORS[-1:]
                words = (rival.name, str(folder / case), str(asked.seconds), ",".join(map(str, which)))
                said = child(*words, before=tuple(asked.before))
                rates.setdefault((case, rival.key), []).append(said["rate"])
                same = min(same, said.get("same", 1.0))
                print(f"round {number + 1}: {case}, {rival.key}: {said['rate']:,.0f}", file=sys.stderr)
    return rates, same


def table(rates: Rates, rivals: list[Rival], cases: list[str]) -> list[str]:
    """Futures a second, and how many times as many the kernel runs on the same processors."""
    lines = []
    for every in (False, True):
        where = f"all {len(PROCESSORS)} processors" if every else "one processor"
        heads = [f"{case}, {where} | suasion runs" for case in cases]
        lines += [f"| futures × 24 months a second | {' | '.join(heads)} |"]
        lines += ["| --- |" + " ---: |" * 2 * len(cases)]
        for rival in (each for each in rivals if each.every == every):
            cells = []
            for case in cases:
                rate = statistics.median(rates[case, rival.key])
                ours = statistics.median(rates[case, "kernel on all" if every else "kernel"])
                cells.append(f"{figures(rate)} | {figures(ours / rate)} ×")
            lines.append(f"| {rival.told} | {' | '.join(cells)} |")
        lines.append("")
    return lines[:-1]


def figures(x: float) -> str:
    """Three figures at most."""
    return f"{float(f'{x:.3g}'):,.0f}" if x >= 100 else f"{x:.2g}"


def bars(rates: Rates) -> list[str]:
    """What we hold ourselves to, and whether it is met; the range is that of the rounds, each for itself."""
    lines = ["| bar | aim | measured | rounds | |", "| --- | ---: | ---: | ---: | --- |"]
    for bar in BARS:
        ours, theirs = rates.get((bar.case, bar.ours)), rates.get((bar.case, bar.theirs))
        if not ours or not theirs:
            lines.append(f"| {bar.case} against {bar.told} | {bar.least:g} × | | | not measured |")
            continue
        ratio = statistics.median(ours) / statistics.median(theirs)
        each = [a / b for a, b in zip(ours, theirs, strict=True)]
        told = "met" if ratio >= bar.least else "**missed**"
        found = f"{figures(ratio)} × | {figures(min(each))} to {figures(max(each))} | {told}"
        lines.append(f"| {bar.case} against {bar.told} | {bar.least:g} × | {found} |")
    return lines


def machine(rivals: list[Rival], missing: list[Rival], same: float) -> list[str]:
    """What it was measured on, and with what."""
    info = Path("/proc/cpuinfo")
    names = re.findall(r"model name\s*: (.*)", info.read_text()) if info.exists() else []
    packages = ["jax", "numpy", "scipy", *(each.needs for each in rivals if each.needs not in ("", "g++"))]
    told = [f"{name} {version(name)}" for name in packages]
    if shutil.which("g++"):
        told.append(f"g++ {subprocess.check_output(['g++', '-dumpfullversion'], text=True).strip()}")
    load = ", ".join(f"{each:.1f}" for each in os.getloadavg())
    lines = [
        f"- {dt.datetime.now(dt.UTC):%Y-%m-%d}, `python benchmarks/rivals/compare.py`",
        f"- {names[0] if names else platform.processor()}, {len(PROCESSORS)} processors; "
        f"Python {platform.python_version()}, {', '.join(told)}",
        f"- load after: {load}; on one processor, seconds are the processor's own",
        f"- each rival runs {same:.1%} or more of the futures compared as the kernel does",
        "- EMA runs what plain Python runs; all but *draws and foresight included* get draws from the kernel",
    ]
    return lines + [f"- left out, as `{each.needs}` is not here: {each.told}" for each in missing]


def write(lines: list[str]) -> None:
    """Put the tables in place of those that stand in the results; what is said below them stays."""
    text = RESULTS.read_text(encoding="utf-8")
    marked = f"{TITLE}\n\n" + "\n".join(lines) + "\n"
    found = re.search(rf"{TITLE}\n.*?(?=\n#|\Z)", text, re.DOTALL)
    whole = text[: found.start()] + marked + text[found.end() :] if found else f"{text.rstrip()}\n\n{marked}"
    RESULTS.write_text(whole, encoding="utf-8")


def main() -> None:
    """Race, and say what came of it."""
    asked = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    asked.add_argument("--rounds", type=int, default=3, help="turns that each takes")
    asked.add_argument("--seconds", type=float, default=2, help="how long a turn is")
    asked.add_argument("--cases", nargs="+", default=[WORLD, CASE], help="cases to live")
    asked.add_argument("--before", nargs="+", default=[], metavar="WORD", help="a command to start each with")
    asked.add_argument("--write", action="store_true", help="put the tables into benchmarks/RESULTS.md")
    options = asked.parse_args()
    missing = [rival for rival in RIVALS if rival.missing()]
    rivals = [rival for rival in RIVALS if rival not in missing]
    with tempfile.TemporaryDirectory(prefix="suasion-rivals-") as name:
        rates, same = race(Path(name), rivals, options)
    if same < AGREED:
        raise SystemExit(f"only {same:.1%} of the futures agree with the kernel: the months are not the same")
    lines = [*machine(rivals, missing, same), "", *table(rates, rivals, options.cases), "", *bars(rates)]
    print("\n".join(lines))
    if options.write:
        write(lines)


if __name__ == "__main__":
    main()
