"""What turns on the points on which sources part."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from suasion.base.errors import SuasionError
from suasion.case.reader import read_case
from suasion.lenses.comparing import compare, readings
from suasion.lenses.comparing.what_ifs import parse
from suasion.lenses.finding import Finding
from suasion.runs.paired import Size

SIZE = Size.of(320, 12, 1)


@pytest.fixture(scope="module")
def found(harrow: Path) -> Finding:
    return readings.find(read_case(harrow), None, SIZE)


def test_a_lone_reading_has_the_case_as_it_stands_for_its_rival(found: Finding) -> None:
    assert set(found.data.outcome_low.values.ravel()) | set(found.data.outcome_high.values.ravel()) == {0, 1}


def test_a_gap_is_the_difference_that_compare_finds(found: Finding, harrow: Path) -> None:
    other = compare.find(read_case(harrow), [parse("p: scenario:proud_league")], SIZE).data.sel(what_if="p")
    np.testing.assert_allclose(found.data.outcome_gap.values[0], np.abs(other.probability_gap.values))


def test_what_a_reading_sets_itself_does_not_count_as_turning_on_it(found: Finding) -> None:
    named = [str(found.data.variable.values[i]) for i in readings.turning(found.data, 0, "variable")]
    assert "resentment" not in named


def test_a_point_is_found_by_its_words_or_a_reading(harrow: Path) -> None:
    case = read_case(harrow)
    by_id = readings.find(case, "proud", SIZE).data.point.values
    assert by_id.tolist() == readings.find(case, "captain", SIZE).data.point.values.tolist()
    with pytest.raises(SuasionError) as caught:
        readings.find(case, "weather", SIZE)
    assert caught.value.code == "K094"


def test_readings_can_be_run_under_a_course(found: Finding, harrow: Path) -> None:
    under = readings.find(read_case(harrow), None, SIZE, parse("valley_gates=shut"))
    assert not np.array_equal(under.data.window.values, found.data.window.values)
