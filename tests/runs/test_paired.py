"""Worlds on the same draws and luck."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from suasion.case.reader import read_case
from suasion.lenses.comparing.what_ifs import WhatIf, parse, worlds
from suasion.runs import paired
from suasion.runs.paired import Size, World

SIZE = Size(tiles=2, futures=2, months=6, first=3)


@pytest.fixture(scope="module")
def three(harrow: Path) -> list[World]:
    return worlds(read_case(harrow), [parse("shut: valley_gates=shut"), WhatIf("again")], SIZE.months)


def test_reducers_agree_with_each_other(three: list[World]) -> None:
    names = three[0].program.names
    keep = paired.together(
        paired.monthly_means(names.variables), paired.all_paths(names.variables), paired.phase_shares()
    )
    (one,) = paired.run(three[:1], SIZE, keep)
    np.testing.assert_allclose(one["paths"].mean(axis=2), one["monthly"], rtol=1e-5)
    np.testing.assert_allclose(one["phase"].sum(axis=0), 1.0)
    assert one["health"].shape == (SIZE.draws,) == one["monthly"].shape[-1:]


def test_worlds_alike_fare_alike_and_others_do_not(three: list[World]) -> None:
    base, shut, again = paired.run(three, SIZE, paired.window_means(SIZE.first))
    np.testing.assert_array_equal(base["window"], again["window"])
    assert (base["window"] != shut["window"]).any()


def test_more_tiles_leave_the_first_ones_alone(three: list[World]) -> None:
    few = paired.run(three[:1], SIZE, paired.window_means(3))[0]["window"]
    more = paired.run(three[:1], replace(SIZE, tiles=3), paired.window_means(3))[0]["window"]
    np.testing.assert_array_equal(few, more[:, : SIZE.draws])


def test_paired_is_the_window_of_each_policy(three: list[World]) -> None:
    program = three[0].program
    means = paired.paired(program, [world.policy for world in three[:2]], SIZE)
    found = paired.run([World(program, w.policy) for w in three[:2]], SIZE, paired.window_means(3))
    np.testing.assert_array_equal(means, np.stack([each["window"] for each in found]))


def test_progress_counts_every_tile_of_every_world(three: list[World]) -> None:
    told: list[tuple[int, int]] = []
    paired.run(three, SIZE, paired.phase_shares(), lambda done, total: told.append((done, total)))
    assert told == [(i, 6) for i in range(1, 7)]
