"""The unknowns of a run are read again as they were drawn, and can be drawn anew one at a time."""

from __future__ import annotations

import numpy as np
import pytest

import suasion
from suasion.lenses.asked import Asked, asked, by_draw
from suasion.program.redraw import redrawn
from suasion.program.unknowns import Unknown
from suasion.runs.run import Run
from suasion.runs.unknowns import Drawn, drawn, goal_weights, program_of


@pytest.fixture(scope="module")
def run() -> Run:
    """A small run of the fictional world."""
    return suasion.simulate("harrow", futures=640, months=6, seed=3)


@pytest.fixture(scope="module")
def found(run: Run) -> Drawn:
    """Its unknowns."""
    return drawn(program_of(run), 3, np.arange(128))


def one(found: Drawn, name: str) -> tuple[Unknown, np.ndarray]:
    """An unknown and its draws."""
    place = [u.id for u in found.unknowns].index(name)
    return found.unknowns[place], found.values[place]


def test_starts_are_those_that_the_run_began_with(run: Run, found: Drawn) -> None:
    level = run.data["level"].isel(month=0, future=0)
    starts = [u for u in found.unknowns if u.kind == "start"]
    assert len(starts) > 5
    for unknown in starts:
        began = level.sel(variable=unknown.item).values
        np.testing.assert_allclose(one(found, unknown.id)[1], began, rtol=1e-5)


def test_a_link_exists_in_as_many_draws_as_its_modality_says(run: Run) -> None:
    many = drawn(program_of(run), 1, np.arange(4000))
    for name, chance in (("trust>talks", 0.5), ("talks>peace", 0.75), ("unity>fell_hold", 0.8)):
        assert one(many, f"existence:variable:{name}")[1].mean() == pytest.approx(chance, abs=0.03)


def test_every_unknown_has_a_name_of_its_own_and_says_what_it_rests_on(found: Drawn) -> None:
    assert len({u.id for u in found.unknowns}) == len(found.unknowns)
    for unknown in found.unknowns:
        assert unknown.references or unknown.assumed, unknown.id
        assert np.ptp(found.values[[u.id for u in found.unknowns].index(unknown.id)]) > 0, unknown.id


def test_a_link_onto_a_phase_is_one_unknown_however_many_arrows_it_moves(run: Run, found: Drawn) -> None:
    unknown, _ = one(found, "strength:variable:fell_hold>triumph")
    assert len(unknown.rows) == 2
    assert (
        unknown.name == "how strongly League's hold on the fells raises Nearness of League rule"
        or unknown.name
    )


def test_evidence_is_that_of_the_part(found: Drawn) -> None:
    arrow, _ = one(found, "hazard:raiding>truce")
    assert (arrow.references, arrow.assumed) == (("chronicle:P4",), False)
    guess, _ = one(found, "hazard:raiding>league_rule")
    assert guess.assumed


def test_what_is_left_to_the_engine_counts_as_assumed(run: Run, found: Drawn) -> None:
    for actor in run.case.actors:
        unknown, _ = one(found, f"rationality:{actor.id}")
        assert unknown.assumed or "rationality" in actor.model_fields_set


def test_drawing_one_anew_leaves_all_others(run: Run, found: Drawn) -> None:
    program = program_of(run)
    for name in ("start:trust", "existence:variable:trust>talks", "hazard:raiding>truce"):
        unknown, before = one(found, name)
        after = drawn(redrawn(program, [unknown]), 3, np.arange(128))
        moved = [
            u.id for u, a, b in zip(found.unknowns, found.values, after.values, strict=True) if (a != b).any()
        ]
        assert moved == [name]
        if not unknown.binary:
            assert abs(np.corrcoef(before, one(after, name)[1])[0, 1]) < 0.3


def test_a_second_drawing_is_independent_of_the_first(run: Run) -> None:
    program = program_of(run)
    first = drawn(program, 1, np.arange(2000))
    other = drawn(redrawn(program, first.unknowns), 1, np.arange(2000))
    for a, b in zip(first.values, other.values, strict=True):
        assert abs(np.corrcoef(a, b)[0, 1]) < 0.11


def test_new_luck_keeps_the_draws(run: Run, found: Drawn) -> None:
    from suasion.program.policy import Settings, policy
    from suasion.runs import paired

    program = program_of(run)
    worlds = [
        paired.World(each, policy(program, Settings(), 6))
        for each in (program, redrawn(program, [], chance=True))
    ]
    size = paired.Size(tiles=1, futures=5, months=6, seed=3)
    same, new = paired.run(worlds, size, paired.all_paths(["trust", "fell_hold"]))
    # Futures begin alike, since levels at the start belong to the draw, and part by their luck.
    np.testing.assert_array_equal(same["paths"][0], new["paths"][0])
    assert (same["paths"][-1] != new["paths"][-1]).mean() > 0.9


def test_goals_weigh_what_was_drawn(run: Run, found: Drawn) -> None:
    weights = goal_weights(program_of(run), 3, np.arange(128))
    for place, goal in enumerate(run.case.goals):
        np.testing.assert_array_equal(weights[place], one(found, f"goal:{goal.id}")[1])


def test_what_is_asked_of_a_run_and_of_paths_is_the_same(run: Run) -> None:
    from suasion.program.policy import Settings, policy
    from suasion.runs import paired

    program = program_of(run)
    for text in ("raids above 4 by 5", "phase truce within 6", "trust at 4", "fire_held"):
        what = asked(run, text)
        _, mine = by_draw(run, what, 1000)
        size = paired.Size(tiles=2, futures=5, months=6, seed=3)
        world = paired.World(program, policy(program, Settings(), 6))

        def keep(paths: paired.Paths, what: Asked = what) -> dict[str, np.ndarray]:
            return {"asked": what.seen(paths).mean(axis=-1)}

        (theirs,) = paired.run([world], size, keep)
        np.testing.assert_allclose(mine.mean(axis=1), theirs["asked"], rtol=1e-5)
