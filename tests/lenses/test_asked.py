"""What can be asked of a run in a few words, and what is refused with advice."""

from __future__ import annotations

from functools import cache

import numpy as np
import pytest
from tests.lenses.synthetic import VARIABLES, run

from suasion.base.errors import SuasionError
from suasion.lenses.asked import asked, by_draw
from suasion.runs.run import Run


@cache
def made() -> Run:
    """The synthetic run."""
    return run()


def futures(text: str) -> np.ndarray:
    """What is asked in every future."""
    return by_draw(made(), asked(made(), text), 1000)[1]


def level(name: str) -> np.ndarray:
    """Paths of a variable (month, draw, future)."""
    return np.asarray(made().data["level"].sel(variable=name).values, dtype=float)


def test_above_means_in_any_month_up_to_that_one() -> None:
    expected = (level("raids")[1:7] > 7.0).any(axis=0)
    assert (futures("raids above 7 by 6") == expected).all()


def test_below_means_in_any_month_up_to_the_end() -> None:
    expected = (level("trust")[1:] < 0.33).any(axis=0)
    assert (futures("trust below 0.33") == expected).all()


def test_doubles_and_halves_are_measured_from_the_start() -> None:
    raids, need = level("raids"), level("need_grain")
    assert (futures("raids doubles by 12") == (raids[1:13] > 2 * raids[0]).any(axis=0)).all()
    assert (futures("need_grain halves") == (need[1:] < 0.5 * need[0]).any(axis=0)).all()


def test_a_phase_is_entered_within_some_months() -> None:
    at = made().data.attrs["phases"].index("rule")
    path = made().data["phase"].values
    entered = ((path[1:9] == at) & (path[:8] != at)).any(axis=0)
    assert (futures("phase rule within 8 months") == entered).all()


def test_a_level_is_the_mean_over_its_months() -> None:
    np.testing.assert_allclose(futures("hold at 5"), level("hold")[5], rtol=1e-6)
    np.testing.assert_allclose(futures("hold from 3 to 6"), level("hold")[3:7].mean(axis=0), rtol=1e-6)
    np.testing.assert_allclose(futures("hold"), level("hold")[-1], rtol=1e-6)


def test_spaces_do_not_matter() -> None:
    assert (futures("raids   above 7  by 6") == futures("raids above 7 by 6")).all()


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("raidz above 7", "R003"),
        ("phase rul within 3", "R006"),
        ("raids above 7 by 99", "K131"),
        ("phase rule within 400", "K131"),
        ("hold from 9 to 3", "K131"),
        ("hold at 25", "K131"),
        ("will it rain?", "K130"),
        ("raids above seven", "K130"),
    ],
)
def test_mistakes_are_told(text: str, code: str) -> None:
    with pytest.raises(SuasionError) as caught:
        asked(made(), text)
    assert caught.value.code == code
    assert caught.value.fix


def test_names_are_told_as_readers_know_them() -> None:
    assert (
        asked(made(), "raids doubles by 12").text == f"{VARIABLES['raids'][1]}: twice its start by month 12"
    )
