"""The verbs in Python."""

from __future__ import annotations

import numpy as np
import pytest

import suasion
from suasion.base.errors import SuasionError
from suasion.case.records import Case

SMALL = {"futures": 60, "months": 6}


def levels(case: str | Case, **asked: object) -> np.ndarray:
    """Levels of a small run."""
    return suasion.simulate(case, **SMALL, **asked).data["level"].values  # type: ignore[arg-type]


def test_a_case_that_has_been_read_runs_as_its_name_does() -> None:
    case = suasion.read("harrow")
    assert np.array_equal(levels(case), levels("harrow"))
    assert np.array_equal(levels(case, as_of="1843-10-01"), levels("harrow", as_of="1843-10-01"))


def test_a_case_read_under_a_layer_keeps_it() -> None:
    case = suasion.read("harrow", "1843-10-01")
    run = suasion.simulate(case, futures=10, months=2)
    assert run.manifest.as_of == "1843-10-01"


def test_a_changed_case_runs_as_changed() -> None:
    case = suasion.read("harrow")
    without = case.model_copy(update={"influences": case.influences[1:]})
    assert not np.array_equal(levels(without), levels(case))
    digests = {suasion.simulate(each, futures=10, months=2).manifest.case_digest for each in (case, without)}
    assert len(digests) == 2


def test_check_finds_no_fault_in_the_packaged_cases() -> None:
    for name in ("harrow", "pakistan_taliban"):
        assert [fault for fault in suasion.check(name) if fault.severity == "error"] == []


@pytest.mark.parametrize("asked", [{"futures": 0}, {"months": 0}, {"months": 100_000}])
def test_a_run_of_no_size_is_a_mistake(asked: dict[str, int]) -> None:
    with pytest.raises(SuasionError) as caught:
        suasion.simulate("harrow", **asked)  # type: ignore[arg-type]
    assert caught.value.code == "K022"


def test_a_view_shows_itself_in_a_notebook() -> None:
    run = suasion.simulate("harrow", **SMALL)  # type: ignore[arg-type]
    shown = suasion.view(run, "leverage")._repr_html_()
    assert "<table" in shown
    assert "harrow" in run._repr_html_() or "Harrow" in run._repr_html_() or "regent" in run._repr_html_()
