"""The terminal's answer fits its width, carries its errors, and is fast."""

from __future__ import annotations

import io
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from rich.console import Console
from tests.lenses.synthetic import run

from suasion.cli.options import Asked
from suasion.cli.outcomes import answer
from suasion.lenses import look
from suasion.report import screen

ASKED = Asked("harrow", "1843-06-01", 400, 12, 1, ("press=hard",), (), None)


def printed(width: int, *items: object) -> str:
    file = io.StringIO()
    Console(file=file, width=width, highlight=False).print(*items)
    return file.getvalue()


@pytest.mark.parametrize("width", [60, 80, 120, 200])
def test_no_line_is_wider_than_the_terminal(width: int) -> None:
    made = run()
    blocks = [
        screen.heading(made),
        screen.phases(look(made, "phases"), width),
        screen.outcomes(look(made, "outcomes"), width),
        screen.moved(look(made, "moved")),
        screen.leverage(look(made, "leverage"), ties=True),
    ]
    assert max(map(len, printed(width, *blocks).splitlines())) <= width


def test_a_pipe_gets_no_colour() -> None:
    assert "\x1b" not in printed(100, screen.phases(look(run(), "phases"), 100))


def test_every_probability_of_a_phase_carries_its_error() -> None:
    text = printed(200, screen.phases(look(run(), "phases"), 200))
    assert text.count("±") == text.count(" % ") == 4 * 6


@pytest.mark.parametrize(
    ("share", "bar"), [(0, "    "), (1, "████"), (0.5, "██  "), (0.53125, "██▏ "), (2, "████")]
)
def test_bars_are_exact_to_an_eighth(share: float, bar: str) -> None:
    assert screen.bar(share, 4) == bar


def test_json_is_json(capsys: pytest.CaptureFixture[str]) -> None:
    import json

    answer(run(), True, ASKED)
    assert set(json.loads(capsys.readouterr().out)) == {"phases", "outcomes", "moved", "leverage", "assumed"}


def test_the_answer_to_ten_thousand_futures_takes_no_time(capsys: pytest.CaptureFixture[str]) -> None:
    made = run(draws=2000, futures=5)
    answer(made, False, ASKED)  # imports and caches

    def timed(work: Callable[[], None]) -> float:
        start = time.perf_counter()
        work()
        return time.perf_counter() - start

    assert min(timed(lambda: answer(made, False, ASKED)) for _ in range(3)) < 0.5
    assert "10,000 futures" in capsys.readouterr().out


def test_what_is_named_next_is_the_same_run(tmp_path: Path) -> None:
    assert ASKED.again() == "harrow --as-of 1843-06-01 --futures 400 --months 12 --set press=hard"
    assert replace(ASKED, out=tmp_path / "my run").again() == f"'{tmp_path}/my run'"
    text = printed(200, screen.more("'my run'", "harrow", "a", "b"))
    assert "suasion report 'my run'" in text
    assert "suasion show harrow ID" in text


def test_a_narrow_terminal_still_tells_what_would_be_if_nothing_changed() -> None:
    text = printed(80, screen.outcomes(look(run(), "outcomes"), 80))
    assert "if nothing" in text


def test_the_error_of_a_ratio_is_told_in_percent_of_it() -> None:
    ratios = [line for line in printed(120, screen.moved(look(run(), "moved"))).splitlines() if "×" in line]
    assert ratios
    assert all(line.rstrip().endswith(" %") for line in ratios)
