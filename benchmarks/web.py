"""How long a what-if takes in a browser: `python benchmarks/web.py` prints it.

A workbench with an empty cache serves a case; a browser opens page What if and then moves one lever after
another, each time at another month, so that nothing is answered from memory. Time counts from the change of
the field to the figures drawn, with 2,000 futures and everything else as the page has it.
"""

from __future__ import annotations

import os
import shutil
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from playwright.sync_api import Page, sync_playwright
from run import machine  # type: ignore[import-not-found]  # which lies beside this file

CHANGES = 9
LEVERS = {"harrow": "valley_gates", "pakistan_taliban": "L_pak_press_shura"}
MOVE = """
([lever, value, month]) => new Promise((done) => {
  const before = document.querySelector(".answered")?.dataset.job, began = performance.now(), told = {};
  const seen = () => {
    const job = document.querySelector(".answered")?.dataset.job;
    if (job && job !== before) {
      told.answered ??= performance.now() - began;
      const drawn = document.querySelectorAll(".chart[data-drawn=yes]:has(svg)").length;
      if (drawn) told.first ??= performance.now() - began;
      if (drawn === document.querySelectorAll(".chart").length) {
        told.drawn = performance.now() - began;
        const asked = performance.getEntriesByType("resource").filter((each) => each.startTime >= began);
        told.requests = asked.map((one) => [new URL(one.name).pathname, one.startTime - began, one.duration]);
        return done(told);
      }
    }
    setTimeout(seen, 4);
  };
  document.getElementById("since").value = month;
  const field = document.getElementById("set-" + lever);
  field.value = lever + "=" + value;
  field.dispatchEvent(new Event("change", { bubbles: true }));
  seen();
})
"""


@dataclass(frozen=True)
class Timed:
    """One change, in milliseconds since it was made."""

    answered: float
    """Until the answer stands in the page."""
    first: float
    """Until its first figure is drawn."""
    drawn: float
    """Until all its figures are."""


@contextmanager
def workbench(case: str) -> Iterator[str]:
    """A workbench in a process of its own, that has answered nothing yet."""
    with tempfile.TemporaryDirectory() as cache:
        environment = {**os.environ, "SUASION_CACHE": cache, "PYTHONUNBUFFERED": "1"}
        command = [sys.executable, "-m", "suasion", "serve", case, "--no-browser", "--port", "0"]
        with subprocess.Popen(command, stdout=subprocess.PIPE, env=environment) as server:
            assert server.stdout is not None
            try:
                yield server.stdout.readline().decode().split()[4]
            finally:
                server.terminate()


def changes(page: Page, case: str, address: str, show: bool) -> list[Timed]:
    """Move a lever again and again, once everything is warm."""
    lever = LEVERS[case]
    page.goto(f"{address}cases/{case}/what-if")
    settings = [
        value
        for value in page.locator(f"#set-{lever} option").evaluate_all("all => all.map(o => o.value)")
        if value
    ]
    page.goto(f"{address}cases/{case}/what-if?set={settings[0]}")
    page.wait_for_selector(".answered .chart svg")
    page.wait_for_timeout(1000)
    found = []
    for number in range(CHANGES + 2):
        value = settings[number % len(settings)].partition("=")[2]
        told: dict[str, Any] = page.evaluate(MOVE, [lever, value, 2 + number])
        if show:
            print(number, {key: round(told[key]) for key in ("answered", "first", "drawn")}, file=sys.stderr)
            for path, at, took in told["requests"]:
                print(f"    {path[-60:]}: from {at:.0f}, {took:.0f} ms", file=sys.stderr)
        found.append(Timed(told["answered"], told["first"], told["drawn"]))
    return found[2:]


def measured(cases: list[str], show: bool) -> list[str]:
    """A row for each case."""
    rows = [
        "| case | answer in the page | first figure | all figures | slowest of them |",
        "| --- | ---: | ---: | ---: | ---: |",
    ]
    with sync_playwright() as made:
        browser = made.chromium.launch(
            executable_path=shutil.which("chromium"), args=["--no-sandbox", "--disable-gpu"]
        )
        for case in cases:
            with workbench(case) as address:
                page = browser.new_page(viewport={"width": 1280, "height": 900})
                page.set_default_timeout(120_000)
                every = changes(page, case, address, show)
                page.close()
            medians = [
                statistics.median(getattr(each, key) for each in every)
                for key in ("answered", "first", "drawn")
            ]
            numbers = [*medians, max(each.drawn for each in every)]
            rows.append(f"| {case} | " + " | ".join(f"{number / 1000:.2f}" for number in numbers) + " |")
            print(rows[-1], file=sys.stderr)
        browser.close()
    return rows


if __name__ == "__main__":
    head = machine()[1:]
    print("\n".join([*head, "", *measured(sys.argv[1:] or list(LEVERS), show=True)]))
