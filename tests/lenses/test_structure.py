"""Loops, MICMAC, MACTOR and the network of the fictional world; the coded loops of the first case."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import suasion
from suasion.base.errors import SuasionError
from suasion.lenses.finding import Finding

Link = tuple[str, str, str]


@cache
def harrow() -> dict[str, Finding]:
    return suasion.structure("harrow", draws=128)


def loop(name: str, *links: Link) -> dict[str, Any]:
    """A named loop; its polarity is that of its signs."""
    balancing = sum(sign == "-" for _, sign, _ in links) % 2
    return {
        "id": name,
        "name": f"the loop {name}",
        "polarity": "balancing" if balancing else "reinforcing",
        "links": [{"from": a, "to": b, "sign": sign, "refs": []} for a, sign, b in links],
    }


NAMED = (
    loop("victory", ("fell_hold", "+", "triumph"), ("triumph", "+", "fell_hold")),
    loop("spoils", ("fell_hold", "+", "triumph"), ("triumph", "-", "unity"), ("unity", "+", "fell_hold")),
    loop("skipping", ("fell_hold", "-", "unity"), ("unity", "+", "fell_hold")),
    loop("upside_down", ("fell_hold", "-", "triumph"), ("triumph", "-", "fell_hold")),
    loop("chosen", ("fell_hold", "-", "hold_fire"), ("hold_fire", "-", "fell_hold")),
)


@pytest.fixture(scope="module")
def named(tmp_path_factory: pytest.TempPathFactory) -> Finding:
    file = tmp_path_factory.mktemp("loops") / "loops.json"
    file.write_text(json.dumps(NAMED))
    return suasion.structure("harrow", show="loops", loops=file, draws=128)["named_loops"]


def test_invented_loops_are_found_with_their_polarity(named: Finding) -> None:
    rows = {row["loop"]: row for row in named.table.records()}
    assert rows["victory"]["found"] == "directly"
    assert rows["victory"]["gain"] > 0.1
    assert rows["spoils"]["found"] == "directly"
    assert rows["spoils"]["gain"] < 0
    assert rows["chosen"]["found"] == "directly"


def test_a_loop_that_skips_a_node_is_found_through_it(named: Finding) -> None:
    rows = {row["loop"]: row for row in named.table.records()}
    assert rows["skipping"]["found"] == "through others"
    assert rows["skipping"]["gain"] == pytest.approx(rows["spoils"]["gain"])


def test_a_loop_that_the_model_does_not_hold_is_not_found(named: Finding) -> None:
    rows = {row["loop"]: row for row in named.table.records()}
    assert rows["upside_down"]["found"] == "no"
    assert rows["upside_down"]["gain"] is None
    assert not bool(named.data.found.sel(loop="upside_down"))
    assert any("upside_down" in sentence.text for sentence in named.sentences)


def test_all_coded_loops_of_the_first_case_are_found_with_their_polarity(shared: Path) -> None:
    file = shared / "coding" / "loops.json"
    coded = {each["id"]: each["polarity"] for each in json.loads(file.read_text())}
    found = suasion.structure("pakistan_taliban", as_of="2021-09-09", show="loops", loops=file, draws=128)
    rows = found["named_loops"].table.records()
    assert len(rows) == len(coded) == 16
    for row in rows:
        assert row["found"] == "directly", row
        assert row["gain"] * (1 if coded[row["loop"]] == "reinforcing" else -1) > 0


def test_loops_stand_in_order_and_say_their_polarity() -> None:
    found = harrow()["loops"]
    rows = found.table.records()
    sizes = [abs(row["gain"]) for row in rows]
    assert sizes == sorted(sizes, reverse=True)
    for row in rows:
        assert row["polarity"] == ("reinforcing" if row["gain"] > 0 else "balancing")
        if "(±)" not in row["path"]:
            assert row["polarity"] == ("balancing" if row["path"].count("(−)") % 2 else "reinforcing")
            assert row["agree"] > 0.7
        assert row["delay"] > 0
        assert row["error"] > 0
        assert 0 < row["whole"] <= 1
    assert len({tuple(each) for each in found.data.node.values.tolist()}) == len(rows)


def test_a_loop_works_only_in_phases_in_which_all_its_links_do() -> None:
    data = harrow()["loops"].data
    nodes = [set(filter(None, each)) for each in data.node.values.tolist()]
    victory = nodes.index({"fell_hold", "triumph"})
    assert float(data.gain.sel(phase="raiding")[victory]) > 0.1
    assert float(data.gain.sel(phase="league_rule")[victory]) == 0  # what has come cannot come nearer


def test_influence_and_dependence_count_the_same_edges() -> None:
    data = harrow()["micmac"].data
    assert float(data.indirect_influence.sum()) == pytest.approx(1)
    assert float(data.indirect_dependence.sum()) == pytest.approx(1)
    assert (data.influence >= 0).all()
    assert str(data.quadrant.sel(variable="fell_hold").item()) == "relay"
    assert str(data.quadrant.sel(variable="hold").item()) == "dependent"
    assert float(data.influence.sel(variable="hold_grain")) > 0  # it is part of the whole hold
    ranks = [row["rank_indirect"] for row in harrow()["micmac"].table.records()]
    assert ranks == list(range(1, len(ranks) + 1))


def test_power_is_one_on_average_and_parts_count_with_their_whole() -> None:
    data = harrow()["balance"].data
    assert float(data.balance.mean()) == pytest.approx(1)
    assert set(data.actor.values.tolist()) <= {"harrow", "league", "marl", "estuary", "cutters"}
    assert float(data.held.sel(actor="harrow", over="league")) > 0.3
    assert (np.diag(data.held.values) == 0).all()


def test_who_stands_with_whom_is_mutual() -> None:
    data = harrow()["convergence"].data
    np.testing.assert_allclose(data.net.values, data.net.values.T)
    assert float(data.net.sel(actor="harrow", other="marl")) < 0


def test_the_network_is_the_ledger() -> None:
    finding = harrow()["network"]
    data = finding.data
    assert float(data.holds.sum()) == pytest.approx(float(data.leverage.sum()))
    assert float(data.owes.sum()) == pytest.approx(float(data.leverage.sum()))


def test_the_network_of_a_later_month_is_that_of_a_run() -> None:
    later = suasion.structure("harrow", show="network", month=6, draws=64)["network"]
    assert later.data.attrs["month"] == 6
    assert "after 6 months" in later.title
    now = harrow()["network"]
    assert not np.allclose(later.data.leverage, now.data.leverage, atol=0.01)


def test_the_same_seed_gives_the_same_structure() -> None:
    again = suasion.structure("harrow", show=["loops", "mactor"], draws=128)
    for name in ("loops", "balance", "convergence"):
        assert again[name].to_json() == harrow()[name].to_json()


def test_every_part_is_drawn() -> None:
    from suasion.report.figures import draw

    for finding in harrow().values():
        spec = draw(finding).to_dict()
        assert spec == draw(finding).to_dict()
        assert "layer" in spec


@pytest.mark.parametrize(
    ("content", "code", "says"),
    [
        ("{", "K100", "cannot be read"),
        ("[1]", "K100", "no list of loops"),
        (
            json.dumps([loop("x", ("fel_hold", "+", "triumph"), ("triumph", "+", "fel_hold"))]),
            "K101",
            "fell_hold",
        ),
        (
            json.dumps([loop("x", ("fell_hold", "+", "triumph"), ("unity", "+", "fell_hold"))]),
            "K101",
            "once round",
        ),
        (json.dumps([{**NAMED[0], "polarity": "balancing"}]), "K101", "do not make it balancing"),
        (json.dumps([{"id": "x", "name": "x", "polarity": "reinforcing"}]), "K101", "`links` is missing"),
    ],
)
def test_a_file_of_loops_that_does_not_fit_is_a_mistake(
    content: str, code: str, says: str, tmp_path: Path
) -> None:
    file = tmp_path / "loops.json"
    file.write_text(content)
    with pytest.raises(SuasionError) as caught:
        suasion.structure("harrow", show="loops", loops=file, draws=64)
    assert caught.value.code == code
    assert says in str(caught.value)


def test_an_unknown_part_is_a_mistake_with_the_nearest_one() -> None:
    with pytest.raises(SuasionError) as caught:
        suasion.structure("harrow", show="micmak")
    assert caught.value.code == "K102"
    assert "micmac" in caught.value.fix
