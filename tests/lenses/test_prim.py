"""PRIM: the boxes of EMA Workbench, and what must hold of any box.

EMA Workbench 2.5.3 (default settings: lenient objective, peel and paste 0.05, mass at least 0.05) made the
numbers below from the same data. It cannot be installed here: it requires a package under the GPL.
"""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray

from suasion.lenses.unknowns.prim import choose, pruned, quasi_p, trajectory

Array = NDArray[np.float64]
# fmt: off
THREE = [  # rows, cases and limited unknowns of each box on the way; the last nine are pasted
    (600, 160, 0), (570, 158, 1), (541, 154, 1), (513, 150, 1), (487, 147, 1), (462, 145, 1), (438, 143, 1),
    (416, 140, 1), (395, 139, 1), (375, 139, 1), (356, 138, 1), (338, 134, 1), (321, 134, 1), (304, 131, 1),
    (288, 128, 1), (273, 125, 2), (259, 121, 2), (246, 118, 2), (233, 114, 3), (221, 111, 3), (209, 109, 3),
    (198, 107, 3), (188, 107, 3), (178, 105, 3), (169, 105, 3), (160, 105, 3), (152, 103, 3), (144, 102, 3),
    (136, 102, 3), (129, 101, 3), (122, 100, 3), (115, 96, 4), (109, 92, 4), (103, 88, 4), (97, 83, 4),
    (92, 79, 4), (87, 75, 4), (82, 71, 4), (77, 67, 4), (73, 64, 4), (69, 61, 4), (65, 58, 4), (66, 59, 4),
    (67, 60, 4), (68, 61, 4), (69, 62, 4), (70, 63, 4), (71, 64, 4), (72, 65, 4), (73, 66, 4), (75, 68, 4),
]
YES_NO = [
    (600, 181, 0), (287, 139, 1), (272, 138, 2), (258, 136, 2), (245, 136, 2), (232, 134, 2), (220, 130, 2),
    (209, 129, 2), (198, 127, 2), (188, 126, 2), (178, 123, 2), (169, 120, 2), (160, 117, 2), (152, 113, 2),
    (144, 108, 2),
]
# fmt: on


def three() -> tuple[Array, Array]:
    """Four numbers; cases are likely where the first is high and the second low."""
    chance = np.random.default_rng(20210630)
    x = chance.uniform(size=(600, 4))
    p = np.where((x[:, 0] > 0.6) & (x[:, 1] < 0.5), 0.85, 0.1)
    return x, (chance.uniform(size=600) < p).astype(float)


def yes_no() -> tuple[Array, Array]:
    """Two numbers and two that are 0 or 1; cases are likely where the first is high and the third is 1."""
    chance = np.random.default_rng(20210909)
    x = chance.uniform(size=(600, 4))
    x[:, 2], x[:, 3] = x[:, 2] < 0.5, x[:, 3] < 0.15
    p = np.where((x[:, 0] > 0.4) & (x[:, 2] > 0.5), 0.7, 0.15)
    return x, (chance.uniform(size=600) < p).astype(float)


@pytest.mark.parametrize(("data", "expected"), [(three(), THREE), (yes_no(), YES_NO)])
def test_the_way_is_that_of_ema_workbench(
    data: tuple[Array, Array], expected: list[tuple[int, int, int]]
) -> None:
    x, y = data
    found = [
        (round(box.mass * len(y)), round(box.coverage * y.sum()), len(box.restricted))
        for box in trajectory(x, y)
    ]
    assert found == expected


def test_the_limits_are_those_of_ema_workbench() -> None:
    box = trajectory(*three())[-1]
    np.testing.assert_allclose(box.low, [0.625633, 0.118732, 0.017027, 0.063001], atol=1e-6)
    np.testing.assert_allclose(box.high, [np.inf, 0.471101, 0.975171, 0.992100], atol=1e-6)


def test_quasi_p_is_that_of_ema_workbench() -> None:
    x, y = yes_no()
    box = trajectory(x, y)[10]
    assert box.restricted.tolist() == [0, 2]
    np.testing.assert_allclose(
        quasi_p(box, x, y), [1.9391911806300232e-08, 3.5389521464017643e-17], rtol=1e-6
    )


def test_along_the_way_boxes_only_grow_denser() -> None:
    density = [box.density for box in trajectory(*three())]
    assert (np.diff(density) > 0).all()


def test_a_box_holds_what_it_says() -> None:
    x, y = three()
    for box in trajectory(x, y):
        inside = box.inside(x)
        assert box.mass == pytest.approx(inside.mean())
        assert box.density == pytest.approx(y[inside].mean())
        assert box.coverage == pytest.approx(y[inside].sum() / y.sum())


def test_a_row_of_five_futures_counts_as_five_rows() -> None:
    x, _ = three()
    shares = np.random.default_rng(1).binomial(5, np.where(x[:, 0] > 0.5, 0.8, 0.2)) / 5
    every = np.concatenate([np.arange(1, 6) / 5 <= share + 1e-9 for share in shares]).astype(float)
    box = trajectory(x, shares)[8]
    wide = np.repeat(x, 5, axis=0)
    assert every[box.inside(wide)].mean() == pytest.approx(box.density)
    assert every[box.inside(wide)].sum() / every.sum() == pytest.approx(box.coverage)


def test_the_box_chosen_has_few_limits_and_they_are_the_planted_ones() -> None:
    x, y = three()
    boxes = trajectory(x, y)
    box = pruned(boxes[choose(boxes, 3)], x, y)
    assert box.restricted.tolist() == [0, 1]
    assert box.low[0] == pytest.approx(0.6, abs=0.05)
    assert box.high[1] == pytest.approx(0.5, abs=0.05)


def test_noise_leaves_no_limits_of_many_cases_a_row() -> None:
    # Rows whose futures all agree are worth one case each, and quasi-p says so.
    chance = np.random.default_rng(4)
    x, y = chance.uniform(size=(400, 5)), (chance.uniform(size=400) < 0.3).astype(float)
    box = trajectory(x, y)[4]
    many, one = quasi_p(box, x, y, 5.0), quasi_p(box, x, y)
    assert (many < one).all()


def test_equal_values_are_peeled_together() -> None:
    x = np.repeat([0.0, 1.0, 2.0], [50, 100, 50])[:, None]
    y = (x[:, 0] == 2).astype(float)
    boxes = trajectory(x, y)
    assert [round(box.mass * 200) for box in boxes] == [200, 150, 50]
    assert boxes[-1].density == 1.0
