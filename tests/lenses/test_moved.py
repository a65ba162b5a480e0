"""What moves is measured on each variable's own scale."""

from __future__ import annotations

import numpy as np
import pytest
from tests.lenses.synthetic import run

from suasion.lenses import look


def test_rates_and_amounts_move_by_their_ratio() -> None:
    made = run()
    data = look(made, "moved").data.sel(variable="raids")
    level = made.data["level"].sel(variable="raids").values.astype(float)
    assert float(data.change) == pytest.approx(np.log(level[-1] / level[0]).mean())


def test_moves_by_final_phase_average_to_the_whole() -> None:
    data = look(run(), "moved").data
    np.testing.assert_allclose((data.by_phase * data.ending).sum("phase"), data.change, atol=1e-9)


def test_derived_variables_are_ranked_only_when_asked_for() -> None:
    assert "hold_over" not in look(run(), "moved").data.variable.values
    assert "hold_over" in look(run(), "moved", derived=True).data.variable.values


def test_the_largest_move_comes_first() -> None:
    change = np.abs(look(run(), "moved").data.change.values)
    assert (np.diff(change) <= 0).all()


def test_the_median_lies_within_its_bands() -> None:
    level = look(run(), "course").data.level.values
    assert (np.diff(level, axis=1) >= 0).all()


def test_assumed_numbers_are_listed_with_their_reason() -> None:
    finding = look(run(), "assumed")
    assert {row[0] for row in finding.table.rows} == {"raids", "truce"}
    assert all(row[3] == "no count was kept" for row in finding.table.rows)
    assert "1 of 4 base hazards" in finding.sentences[1].text
