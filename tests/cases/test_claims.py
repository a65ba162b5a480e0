"""The model says what its sources say, and shows where it does not."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from suasion import api
from suasion.base.errors import CaseError
from suasion.lenses.claims.verdict import Verdict
from suasion.lenses.finding import Finding
from suasion.report.figures import draw, save

# What the sources disagree on, or the model cannot show; each is told as failing, with its reason.
KNOWN_TO_FAIL = {"C085", "C091"}


@pytest.fixture(scope="module")
def tested() -> tuple[Finding, tuple[Verdict, ...]]:
    """All coded claims of the first case, tested."""
    return api.claims("pakistan_taliban")


@pytest.fixture(scope="module")
def verdicts(tested: tuple[Finding, tuple[Verdict, ...]]) -> tuple[Verdict, ...]:
    """Their verdicts."""
    return tested[1]


def test_every_coded_claim_is_tested_in_its_periods(verdicts: tuple[Verdict, ...]) -> None:
    assert len(verdicts) == 150
    for verdict in verdicts:
        periods = 2 if verdict.claim.holds_when == "both" else 1
        assert len(verdict.effects) == periods * len(verdict.claim.then), verdict.claim.id


def test_nearly_all_claims_hold(verdicts: tuple[Verdict, ...]) -> None:
    """Claims near their threshold may cross it; more than a few would be a change of the model."""
    failing = {verdict.claim.id for verdict in verdicts if not verdict.holds}
    assert len(failing - KNOWN_TO_FAIL) <= 3, sorted(failing)


def test_a_failure_says_why(tested: tuple[Finding, tuple[Verdict, ...]]) -> None:
    finding, verdicts = tested
    failing = {verdict.claim.id for verdict in verdicts if not verdict.holds}
    told = [s.text for s in finding.sentences if " fails in " in s.text]
    assert all("Carried by" in text for text in told)
    assert not failing or told


def test_verdicts_are_counted_by_rank_and_modality(tested: tuple[Finding, tuple[Verdict, ...]]) -> None:
    data, verdicts = tested[0].data, tested[1]
    assert int(data.claims_of_modality.sum()) == len(verdicts)
    assert int(data.holding_of_modality.sum()) == sum(v.holds for v in verdicts)
    first = [v for v in verdicts if 1 in v.claim.top25_ranks]
    assert int(data.claims_of_rank.sel(rank=1)) == len(first) > 1
    assert int(data.holding_of_rank.sel(rank=1)) == sum(v.holds for v in first)
    assert set(data["rank"].values.tolist()) <= set(range(1, 26))
    assert any("weigh most" in s.text for s in tested[0].sentences)


def test_the_figure_of_claims_draws(tested: tuple[Finding, tuple[Verdict, ...]], tmp_path: Path) -> None:
    file = save(draw(tested[0]), tmp_path / "claims.svg")
    text = file.read_text(encoding="utf-8")
    assert all(f"{word}: " in text for word in ("will", "likely", "could"))


def test_claims_never_seen_run_from_a_file(tmp_path: Path) -> None:
    unseen = [
        {
            "id": "X1",
            "refs": ["icg:P52"],
            "text": "A stronger offensive brings the Taliban ground",
            "if": [{"name": "tb_offensive", "kind": "variable", "direction": "up"}],
            "then": [{"variable": "tb_territory", "direction": "up"}],
            "modality": "likely",
            "holds_when": "before",
            "tense": "present",
            "top25_ranks": [3],
        },
        {
            "id": "X2",
            "refs": ["icg:P52"],
            "text": "The offensive brings calm",
            "if": [{"name": "tb_offensive", "direction": "up"}],
            "then": [{"variable": "afg_violence", "direction": "down"}],
            "modality": "will",
            "holds_when": "before",
        },
    ]
    file = tmp_path / "unseen.json"
    file.write_text(json.dumps(unseen))
    finding, (first, second) = api.claims("pakistan_taliban", [file], tiles=1)
    assert first.holds
    assert not second.holds
    assert finding.data.claims_of_rank.to_dict()["data"] == [1]
    assert "tb_offensive → afg_violence" in " ".join(s.text for s in finding.sentences)


@pytest.mark.parametrize(
    ("change", "code", "word"),
    [
        ({"if": [{"name": "tb_offensiv"}]}, "R003", "tb_offensive"),
        ({"if": [{"name": "L_nothing", "kind": "lever"}]}, "R004", "L_nothing"),
        ({"if": [{"name": "E_nothing", "kind": "event"}]}, "R007", "E_nothing"),
        ({"then": [{"variable": "nothing", "direction": "up"}]}, "R003", "nothing"),
        ({"then": [{"variable": "tb_territory", "direction": "sideways"}]}, "K062", "up, down"),
        ({"modality": "perhaps"}, "K062", "modality"),
        ({"holds_when": "never"}, "K062", "never"),
        ({"refs": ["icg:P999"]}, "C003", "P999"),
        ({"refs": ["crisis:P1"]}, "R008", "crisis"),
        ({"refs": []}, "K062", "because"),
    ],
)
def test_a_claim_that_does_not_fit_is_a_mistake_with_its_name(
    change: dict[str, object], code: str, word: str, tmp_path: Path
) -> None:
    claim = {
        "id": "X9",
        "refs": ["icg:P52"],
        "text": "t",
        "if": [{"name": "tb_offensive"}],
        "then": [{"variable": "tb_territory", "direction": "up"}],
        "modality": "will",
    }
    file = tmp_path / "claims.json"
    file.write_text(json.dumps([{**claim, **change}]))
    with pytest.raises(CaseError, match=word) as caught:
        api.claims("pakistan_taliban", [file])
    (fault,) = caught.value.diagnostics
    assert (fault.code, fault.item, fault.place.line) == (code, "X9", 1)


def test_the_coded_file_runs_as_it_is(shared: Path) -> None:
    _, found = api.claims("pakistan_taliban", [shared / "coding" / "claims.json"], tiles=1)
    assert len(found) == 150
