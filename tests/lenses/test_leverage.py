"""Leverage adds up: by tie, by resource, by part, and in its change."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.lenses.synthetic import run

from suasion.base.errors import SuasionError
from suasion.lenses import look
from suasion.lenses.happening.attribution import split


def test_parts_of_both_actors_count() -> None:
    finding = look(run(), "leverage")
    assert set(finding.data.tie.values) == {"T_grain", "T_shelter", "T_boats"}


def test_ties_without_need_give_no_leverage() -> None:
    finding = look(run(), "leverage", of="merchants", over="league")
    assert finding.data.sizes["tie"] == 0
    assert finding.figure is None
    assert "no tie" in finding.sentences[0].text


def test_ties_and_resources_add_up_to_the_total() -> None:
    data = look(run(), "leverage").data
    np.testing.assert_allclose(data.tie_mean.sum("tie"), data.total_mean, atol=1e-6)
    np.testing.assert_allclose(data.resource_mean.sum("resource"), data.total_mean, atol=1e-6)


def test_the_change_is_attributed_without_a_rest() -> None:
    finding = look(run(), "leverage")
    *ties, total = [float(str(row[5])) for row in finding.table.rows]
    assert sum(ties) == pytest.approx(total, abs=1e-9)
    shares = [float(str(row[8])) for row in finding.table.rows[:-1]]
    assert sum(shares) == pytest.approx(1)


def test_sentences_name_the_actors_of_the_case_and_cite_the_ties() -> None:
    first = look(run(), "leverage").sentences[0]
    assert first.text.startswith("Port's leverage over League falls from 0.65")
    assert first.references == ("ann:P2",)


def test_the_other_way_round_is_told() -> None:
    forth = look(run(), "leverage")
    back = look(run(), "leverage", of="league", over="port")
    np.testing.assert_allclose(forth.data.back_mean, back.data.total_mean)


def test_an_unknown_actor_is_a_mistake_with_a_fix() -> None:
    with pytest.raises(SuasionError) as caught:
        look(run(), "leverage", of="prot", over="league")
    assert "port" in caught.value.fix


@given(st.tuples(*[st.floats(0.01, 1)] * 6))
def test_a_change_splits_into_need_and_supply_without_a_rest(numbers: tuple[float, ...]) -> None:
    need, need_after, share, share_after, *_ = (np.array([number]) for number in numbers)
    before, after = need * share, need_after * share_after
    by_need = split(before, after, need, need_after)
    by_supply = split(before, after, share, share_after)
    np.testing.assert_allclose(by_need + by_supply, after - before, atol=1e-9)


def test_only_need_explains_a_change_when_only_need_changes() -> None:
    before, after = np.array([0.4]), np.array([0.1])
    np.testing.assert_allclose(split(before, after, before, after), after - before)
    np.testing.assert_allclose(split(before, after, before, before), 0)


def test_a_tie_that_ends_is_a_matter_of_supply() -> None:
    assert split(np.array([0.4]), np.array([0.0]), np.array([0.8]), np.array([0.2])) == 0


def test_the_parts_of_the_change_add_up_in_the_table() -> None:
    for row in look(run(), "leverage").table.rows:
        change, need, supply = (float(str(cell)) for cell in row[5:8])
        assert need + supply == pytest.approx(change)
    assert float(look(run(), "leverage").data.by_need.sel(tie="T_shelter")) == 0  # its need is fixed
