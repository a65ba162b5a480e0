"""Leverage adds up: by tie, by resource, by part, and in its change."""

from __future__ import annotations

import numpy as np
import pytest
from tests.lenses.synthetic import run

from suasion.base.errors import SuasionError
from suasion.lenses import look


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
    *ties, total = [row[5] for row in finding.table.rows]
    assert sum(ties) == pytest.approx(total, abs=1e-9)
    shares = [row[6] for row in finding.table.rows[:-1]]
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
