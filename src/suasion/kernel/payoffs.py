"""The terms of a choice: what each goal, tie and cost adds to the logit of a setting.

As in `terms`: plain NumPy, double precision, one column a lane.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from jaxtyping import Float, Int

from suasion.kernel.foresight import slope
from suasion.kernel.situation import Situation
from suasion.kernel.terms import Model, Terms


@dataclass(frozen=True)
class Payoffs:
    """What speaks for the settings of a lever at a review, in logits.

    A setting's logit is `level · Σ promise + Σ complies · pressure + constant - switching if it is a change`,
    now and, with `promised` and `pressed`, in the as-of situation.
    """

    pair: Int[np.ndarray, "pair"]
    """Which pairs of a lever and a goal."""
    promise: Float[np.ndarray, "pair lane"]
    """What the full level promises the goal."""
    promised: Float[np.ndarray, "pair lane"]
    """The same in the as-of situation."""
    backing: Int[np.ndarray, "backing"]
    """Demands, once for each tie behind them."""
    tie: Int[np.ndarray, "backing"]
    pressure: Float[np.ndarray, "backing lane"]
    pressed: Float[np.ndarray, "backing lane"]
    level: Float[np.ndarray, "setting"]
    complies: Float[np.ndarray, "backing setting"]
    """+1 for settings that comply, -1 for those that refuse."""
    constant: Float[np.ndarray, "setting lane"]
    """What the setting is worth or costs besides: solved from today's choice, or stated."""
    switching: float
    current: Int[np.ndarray, "lane"]
    """The setting that the review found."""
    today: int

    def logits(self) -> Float[np.ndarray, "setting lane"]:
        """The sum, for every setting."""
        settings = np.arange(len(self.level))[:, None]
        away = self.switching * (settings != self.current)
        gain = self.level[:, None] * self.promise.sum(axis=0)
        logits: Terms = self.constant + gain + self.complies.T @ self.pressure - away
        return logits


def payoffs(model: Model, outlook: Situation, lever: int, month: int) -> Payoffs:
    """What spoke for each setting of a lever when it could be reviewed in a month from 1 on."""
    structure, weighing = model.structure, model.prepared.weighing
    choice, demands, numbers = structure.choice, structure.demands, model.numbers
    pairs = np.flatnonzero(choice.pair_lever == lever)
    of_demand = demands.backing.members()
    of_lever = np.flatnonzero(demands.of == lever)
    backing = [(int(q), int(e)) for q in of_lever for e in np.flatnonzero(of_demand[q])]
    trace, before = model.trace, month - 1
    now = Situation(trace.nodes[before], trace.ledger[before], trace.nodes[before], trace.hazard[before])
    phase, lane = np.asarray(trace.phase)[before], np.arange(trace.phase.shape[-1])
    asked = int(choice.reference[lever])
    asked = int(model.policy.start_phase) if asked < 0 else asked
    read = Situation(outlook.nodes[asked], outlook.ledger[asked], outlook.rows[asked], outlook.hazard[asked])
    pair = np.asarray(weighing.pair, dtype=np.float64)[:, pairs]
    worth = [np.asarray(slope(structure, at), np.float64)[choice.pair_goal[pairs]] for at in (now, read)]
    promise = np.moveaxis(pair[phase, :, lane // model.futures], 0, 1) * worth[0]
    level = np.asarray(numbers.levers.level, dtype=np.float64)[lever]
    complies = np.asarray(numbers.actors.complies, dtype=np.float64)
    of_draw = np.asarray(weighing.demand, dtype=np.float64)
    constant = (
        _bases(model, lever)
        - level[:, None] * np.asarray(weighing.payoff, dtype=np.float64)[lever]
        - complies[of_lever].T @ of_draw[of_lever]
    )
    return Payoffs(
        pair=pairs,
        promise=promise,
        promised=model.lanes(pair[asked] * worth[1]),
        backing=np.array([q for q, _ in backing], dtype=np.int32),
        tie=demands.tie[[e for _, e in backing]] if backing else np.zeros(0, dtype=np.int32),
        pressure=_pressure(model, backing, now, model.futures),
        pressed=model.lanes(_pressure(model, backing, read, 1)),
        level=level,
        complies=complies[[q for q, _ in backing]].reshape(len(backing), len(level)),
        constant=model.lanes(constant),
        switching=float(numbers.levers.switching[lever]),
        current=np.asarray(trace.stands)[before, lever],
        today=int(numbers.levers.now[lever]),
    )


def _bases(model: Model, lever: int) -> Terms:
    """Log weights of the settings before switching is charged (setting, draw)."""
    levers = model.numbers.levers
    base = np.asarray(model.prepared.draw.base, dtype=np.float64)[lever]
    today = (np.arange(len(base)) == int(levers.now[lever])) & (float(levers.solved[lever]) > 0)
    return np.asarray(base + np.where(today, 0.0, float(levers.switching[lever]))[:, None])


def _pressure(model: Model, backing: Sequence[tuple[int, int]], at: Situation, futures: int) -> Terms:
    """Weight · leverage · resolve, by demand and tie behind it."""
    demands, first = model.structure.demands, model.structure.sizes.lever_node
    weight = np.repeat(np.asarray(model.prepared.draw.demand, dtype=np.float64), futures, axis=-1)
    ledger, nodes = np.asarray(at.ledger), np.asarray(at.nodes)
    found = [weight[q] * ledger[demands.tie[e]] * nodes[first + demands.by[q]] for q, e in backing]
    return np.array(found).reshape(len(backing), nodes.shape[-1])
