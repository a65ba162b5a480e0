"""Choices: today's are what their statuses say, and only what moves in the world moves them."""

from __future__ import annotations

from typing import Any

import jax.numpy as jnp
import numpy as np
import pytest
from tests.program.test_twin import Kernel, program

from suasion.kernel.choice import pick
from suasion.program.policy import Settings


@pytest.fixture(scope="module")
def kernel() -> Kernel:
    """The fictional world, prepared."""
    return Kernel.run("harrow", Settings())


def switching(levers: Any) -> np.ndarray:
    """Cost of switching of each lever."""
    return np.asarray(levers.switching)


def test_a_setting_is_picked_at_its_quantile() -> None:
    weights = jnp.log(jnp.asarray([[[0.2], [0.5], [0.3]]], jnp.float32))
    for u, expected in ((0.01, 0), (0.19, 0), (0.21, 1), (0.69, 1), (0.71, 2), (0.999, 2)):
        assert int(pick(weights, jnp.full((1, 1), u, jnp.float32))[0, 0]) == expected


def test_shares_of_the_settings_picked_are_the_logit_chances() -> None:
    logits = np.array([0.3, -1.0, 2.0, 0.0])
    u = jnp.asarray((np.arange(8000) + 0.5).reshape(1, -1) / 8000, jnp.float32)
    weights = jnp.asarray(np.broadcast_to(logits[None, :, None], (1, 4, 8000)), jnp.float32)
    shares = np.bincount(np.asarray(pick(weights, u))[0], minlength=4) / 8000
    np.testing.assert_allclose(shares, np.exp(logits) / np.exp(logits).sum(), atol=1e-3)


def test_a_setting_that_a_lever_lacks_is_never_picked() -> None:
    weights = jnp.asarray([[[0.0], [0.0], [-1e9]]], jnp.float32)
    assert int(pick(weights, jnp.full((1, 1), 0.9999999, jnp.float32))[0, 0]) == 1


def test_chances_at_the_start_add_up_to_one(kernel: Kernel) -> None:
    np.testing.assert_allclose(np.asarray(kernel.prepared.chances).sum(axis=1), 1.0, atol=1e-5)


def test_without_a_cost_of_switching_the_start_is_what_the_status_says(kernel: Kernel) -> None:
    free = switching(program("harrow").numbers.levers) == 0
    said = np.exp(np.asarray(kernel.prepared.draw.base))
    np.testing.assert_allclose(np.asarray(kernel.prepared.chances)[free], said[free], atol=1e-5)


@pytest.mark.parametrize("case", ["harrow", 0, 3])
def test_chances_at_the_start_are_what_reviews_leave_as_they_are(case: str | int) -> None:
    # Reviews in the as-of situation: P(s → s') ∝ exp(b(s') - κ [s' ≠ s]), with b as solved from the status.
    made, kernel = program(case), Kernel.run(case, Settings())
    base, chances = (np.asarray(x, float) for x in (kernel.prepared.draw.base, kernel.prepared.chances))
    for x, (now, cost) in enumerate(
        zip(made.numbers.levers.now, switching(made.numbers.levers), strict=True)
    ):
        other = np.arange(base.shape[1]) != now
        weight = np.exp(base[x] + np.where(other, cost, 0.0)[:, None])
        step = weight[None] * np.where(np.eye(len(other)), 1.0, np.exp(-cost))[:, :, None]
        step /= step.sum(axis=1, keepdims=True)
        after = (chances[x][:, None] * step).sum(axis=0)
        np.testing.assert_allclose(after, chances[x], atol=1e-5)
        # Kept where it is today as often as the status says.
        np.testing.assert_allclose(step[now, now], np.exp(base[x, now]), atol=1e-5)
