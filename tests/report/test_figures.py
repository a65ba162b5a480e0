"""Every kind of figure can be drawn and written without a browser, and labels keep apart."""

from __future__ import annotations

from importlib import import_module
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.lenses.synthetic import run

from suasion.base.errors import SuasionError
from suasion.lenses import look
from suasion.report.figures import KINDS, draw, save
from suasion.report.figures.axes import calendar, spread
from suasion.report.figures.layout import circle
from suasion.report.view import View

LENSES = {
    "phases": "phase_areas",
    "course": "fan",
    "leverage": "leverage",
    "outcomes": "outcomes",
    "moved": "moved",
    "ties": "actor_map",
}


@pytest.mark.parametrize("lens", LENSES)
def test_every_kind_is_drawn_as_an_image(lens: str, tmp_path: Path) -> None:
    finding = look(run(), lens)
    assert finding.figure == LENSES[lens]
    picture = save(draw(finding), tmp_path / "figure.svg").read_text(encoding="utf-8")
    assert picture.startswith("<svg")
    assert "NaN" not in picture


def test_each_kind_can_be_drawn() -> None:
    assert set(LENSES.values()) <= set(KINDS)
    for kind in KINDS:
        assert callable(import_module(f"suasion.report.figures.{kind}").chart)


def test_pictures_are_pictures(tmp_path: Path) -> None:
    path = save(draw(look(run(), "phases")), tmp_path / "figure.png")
    assert path.read_bytes().startswith(b"\x89PNG")


def test_an_ending_that_is_no_picture_is_refused(tmp_path: Path) -> None:
    with pytest.raises(SuasionError, match="cannot write a figure"):
        save(draw(look(run(), "phases")), tmp_path / "figure.doc")


def test_a_view_shows_figure_and_table_without_a_script() -> None:
    shown = View(look(run(), "leverage"))._repr_html_()
    assert "<svg" in shown
    assert "<table" in shown
    assert "<script" not in shown


@given(st.lists(st.floats(0, 1), min_size=1, max_size=12))
def test_labels_are_moved_apart_and_keep_their_order(places: list[float]) -> None:
    moved = spread(places, 0.08, 0.0, 1.0)
    pairs = sorted(zip(places, moved, strict=True))
    gaps = [b[1] - a[1] for a, b in pairwise(pairs)]
    assert all(gap > 0.07 for gap in gaps)
    assert min(moved) > -1e-6
    assert max(moved) < 1 + 1e-6


def test_months_are_named_by_the_calendar() -> None:
    assert calendar("2021-06-30", 0) == "Jun 2021"
    assert calendar("2021-06-30", 7) == "Jan 2022"
    assert calendar("2021-12-01", 24) == "Dec 2023"


def test_parts_stand_beside_their_whole() -> None:
    parent = {"a": "a", "b": "b", "a1": "a", "c": "c", "a2": "a"}
    places = circle(list(parent), parent, {("a", "c"): 1.0}, 0.1)

    def distance(one: str, other: str) -> float:
        return float(((places[one].x - places[other].x) ** 2 + (places[one].y - places[other].y) ** 2) ** 0.5)

    assert distance("a", "a1") < distance("a", "b")
    assert distance("a", "a1") < distance("a", "c")
    assert all(abs(p.x**2 + p.y**2 - 1) < 1e-9 for p in places.values())


def test_a_place_that_cannot_be_written_is_a_mistake_with_a_fix(tmp_path: Path) -> None:
    with pytest.raises(SuasionError) as caught:
        View(look(run(), "phases")).save(tmp_path / "nowhere" / "figure.svg")
    assert caught.value.code == "F001"
