"""Which paragraphs carry the case, and how much of the answer is assumed."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from suasion.case.nouns import NOUNS
from suasion.case.reader import read, read_case
from suasion.case.records import Case
from suasion.lenses.comparing.what_ifs import worlds
from suasion.lenses.evidence import assumptions, coverage
from suasion.program.program import Program
from suasion.program.unknowns import Unknown, unknowns
from suasion.runs.paired import Size


@pytest.fixture(scope="module")
def case(harrow: Path) -> Case:
    return read(harrow, hindsight=True)


def test_a_paragraph_loses_what_no_longer_cites_it(case: Case) -> None:
    before = coverage.find(case).data
    influence = case.influences[0]
    ref = influence.because[0]
    fewer = case.model_copy(update={"influences": case.influences[1:]})
    after = coverage.find(fewer).data
    gone = (before.running - after.running).sel(paragraph=list(influence.because))
    assert (gone.values == 1).all()
    assert int((before.running - after.running).sum()) == len(set(influence.because))
    assert ref in before.paragraph.values


def test_a_paragraph_that_only_a_layer_cites_counts(case: Case) -> None:
    layer = next(s for s in case.scenarios if s.kind == "as_of" and s.overrides)
    assert set(coverage.cited(layer)) > set(layer.because)


def test_uncited_paragraphs_are_named(case: Case) -> None:
    emptied = dict.fromkeys(set(NOUNS) - {"sources", "questions"}, ())
    found = coverage.find(case.model_copy(update=emptied))
    nothing = found.data.paragraph[(found.data.running + found.data.tested == 0)].values
    assert nothing.size
    assert str(nothing[0]) in " ".join(s.text for s in found.sentences)
    assert (found.data.running == 0).all()
    assert found.data.tested.sum() > 0


def test_both_papers_are_covered_whole() -> None:
    data = coverage.find(read("pakistan_taliban", hindsight=True)).data
    documents = data.isel(paragraph=np.flatnonzero(data.kind.values == "document"))
    counts = {s: int((documents.source == s).sum()) for s in set(documents.source.values.tolist())}
    assert counts == {"icg": 110, "fp": 29}
    assert (documents.running.values > 0).all()


def test_holding_all_unknowns_leaves_nothing_unknown(harrow: Path) -> None:
    (world,) = worlds(read_case(harrow), (), 6)
    held = assumptions._held(world.program, unknowns(world.program))
    assert unknowns(held) == ()
    chance = np.asarray(held.numbers.links.chance)
    assert ((chance == 0) | (chance == 1)).all()


@pytest.mark.parametrize("assumed", [False, True])
def test_an_answer_rests_on_what_its_doubt_is_made_of(
    assumed: bool, harrow: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def all_alike(program: Program) -> tuple[Unknown, ...]:
        return tuple(replace(each, assumed=assumed) for each in unknowns(program))

    monkeypatch.setattr(assumptions, "unknowns", all_alike)
    data = assumptions.find(read_case(harrow), Size.of(640, 6, 1)).data
    told = np.isfinite(data.rests.values)
    assert told.any()
    same, other = (data.alone, data.rests) if assumed else (data.rests, data.alone)
    np.testing.assert_array_equal(same.values[told], 1.0 if assumed else 0.0)
    np.testing.assert_allclose(other.values[told], 1.0 if assumed else 0.0, atol=0.5)
