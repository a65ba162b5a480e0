"""A probability is never said without its error, and its word is that of ICD 203."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from suasion.lenses.words import chance, level, listed, percent, word, words


@pytest.mark.parametrize(
    ("probability", "said"),
    [
        (0.0, "almost no chance"),
        (0.05, "very unlikely"),
        (0.19, "very unlikely"),
        (0.2, "unlikely"),
        (0.5, "roughly even"),
        (0.55, "likely"),
        (0.8, "very likely"),
        (1.0, "almost certain"),
    ],
)
def test_words_are_those_of_the_directive(probability: float, said: str) -> None:
    assert word(probability) == said


def test_a_chance_is_said_as_figure_error_and_word() -> None:
    assert chance(0.2712, 0.011) == "27 % ± 1 (unlikely)"


def test_small_errors_show_tenths() -> None:
    assert percent(0.2712, 0.0031) == "27.1 % ± 0.3"


def test_an_error_across_a_border_gives_both_words() -> None:
    assert words(0.45, 0.02) == "unlikely to roughly even"


@given(st.floats(0, 1), st.floats(0, 0.5))
def test_every_probability_has_words_and_an_error(probability: float, error: float) -> None:
    assert "±" in chance(probability, error)
    assert "± 0.0" not in chance(probability, error)


def test_names_are_listed_as_a_reader_would() -> None:
    assert listed(["a", "b", "c"]) == "a, b and c"
    assert listed(["a"]) == "a"
    assert listed([]) == ""


def test_a_level_past_a_hundred_is_whole() -> None:
    assert [level(each) for each in (0.038, 0.68, 97.4, 99.6, 120.0, 1240.0)] == [
        "0.038", "0.68", "97", "100", "120", "1,240",
    ]  # fmt: skip
