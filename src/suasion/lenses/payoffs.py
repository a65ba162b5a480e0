"""What an actor gets out of a future, by its own goals: the payoff that its choices look ahead to.

    U = Σ_goals ± w · g

with `w` the goal's weight in the draw, the sign its direction, and `g` what is wanted as the engine
weighs it: the level of an index or derived variable, the logarithm of a rate or amount, and for a phase
the share of futures that stand in it. The goals are the actor's own and those of what it is part of.

What a lever costs is no part of it: the constants that keep today's settings in use are solved from
choices, and say what holds an actor back without saying that it is a cost.
"""

from __future__ import annotations

import numpy as np

from suasion.base.errors import SuasionError
from suasion.lenses.estimates import Numbers
from suasion.lenses.known import known
from suasion.program.choosing import goals_of, wanted
from suasion.program.names import Names
from suasion.program.program import Program


def horizon(names: Names, actor: str) -> int:
    """Months that the actor looks ahead: where its payoffs are read."""
    known(actor, names.actors, "R002", "actor")
    return names.parents[actor].foresight


def payoffs(program: Program, actor: str, levels: Numbers, shares: Numbers, weights: Numbers) -> Numbers:
    """Payoff of an actor under some policies (policy, draw).

    Args:
        program: the compiled case.
        actor: whose goals count.
        levels: what `runs.paired` makes, (policy, variable, draw): rates and amounts as logarithms.
        shares: share of futures in each phase, (policy, phase, draw).
        weights: weight of each goal of the case, (goal, draw), as `runs.unknowns.goal_weights` draws them.

    Raises:
        SuasionError: the actor wants nothing.

    """
    by_goal = worth(program, actor, levels, shares)
    places = list(goals(program.names, actor))
    return np.asarray((by_goal * weights[places][:, None]).sum(axis=0))


def goals(names: Names, actor: str) -> tuple[int, ...]:
    """Where the actor's goals stand among the case's. Raises SuasionError when it has none."""
    known(actor, names.actors, "R002", "actor")
    places = goals_of(names, actor)
    if not places:
        have = ", ".join(each for each in names.actors if goals_of(names, each))
        raise SuasionError("K135", f"the case gives '{actor}' no goal", f"goals belong to {have or 'nobody'}")
    return places


def worth(program: Program, actor: str, levels: Numbers, shares: Numbers) -> Numbers:
    """Signed measure of each goal of an actor before it is weighted (goal, policy, draw)."""
    names = program.names
    found = []
    for place in goals(names, actor):
        goal = names.case.goals[place]
        thing = wanted(names, goal)
        got = shares[:, list(thing.phases)].sum(axis=1) if thing.phases else levels[:, thing.node]
        found.append(got if goal.direction == "up" else -got)
    return np.array(found, dtype=np.float64)
