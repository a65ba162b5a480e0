"""Lens `explain`: why did this actor do that; why did this variable move; why did this phase come?

Payoffs, targets and the logs of hazards are sums, so an explanation is exact: the run is lived again and
its terms are read off (`suasion.kernel.terms`), each with what it rests on. Levels and chances are no
sums; their change is shared out to the terms in proportion, future by future, without a rest (logarithmic
mean Divisia index; Ang 2004).

Data: `step`, `error` (term): what each term adds to the change from `begin` to `end` (attributes), in the
units of `unit`; `pull` (term): the same in logits or logs; further columns as in the table.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from suasion.base.errors import SuasionError
from suasion.base.names import listed
from suasion.case.records import Case, Lever
from suasion.lenses.explain.options import Options
from suasion.lenses.known import known

if TYPE_CHECKING:
    from suasion.lenses.finding import Finding
    from suasion.runs.replay import Progress
    from suasion.runs.run import Run


def find(run: Run, options: Options | None = None, progress: Progress | None = None) -> Finding:
    """Explain a choice, a move of a variable, or the coming of a phase."""
    options = options or Options()
    asked = [options.lever or options.actor, options.variable, options.phase]
    if sum(name is not None for name in asked) != 1:
        raise SuasionError(
            "K121",
            "an explanation is asked of one thing at a time",
            "name a lever (or its actor), a variable, or a phase",
        )
    _one_future(run, options)
    if options.variable:
        from suasion.lenses.explain.variable import explain_variable

        return explain_variable(run, options.variable, options, window(run, options), progress)
    if options.phase:
        from suasion.lenses.explain.phase import explain_phase

        return explain_phase(run, options.phase, options, window(run, options), progress)
    from suasion.lenses.explain.choice import explain_choice

    lever = the_lever(run.case, options.actor, options.lever)
    month = run.manifest.months if options.month is None else within(run, options.month, 1)
    return explain_choice(run, lever, month, options, progress)


def the_lever(case: Case, actor: str | None, lever: str | None) -> Lever:
    """The lever asked about, by its id or as the only one of its actor."""
    if actor is not None:
        known(actor, [each.id for each in case.actors], "R002", "actor")
    own = [each for each in case.levers if actor in (None, each.actor)]
    if lever is not None:
        known(lever, [each.id for each in case.levers], "R004", "lever")
        found = next(each for each in case.levers if each.id == lever)
        if actor not in (None, found.actor):
            raise SuasionError(
                "K122",
                f"'{lever}' is a lever of '{found.actor}', not of '{actor}'",
                f"'{actor}' has {listed([each.id for each in own]) or 'no levers'}",
            )
        return found
    if len(own) != 1:
        raise SuasionError(
            "K122",
            f"'{actor}' has {len(own)} levers",
            f"name one of {listed([each.id for each in own])}" if own else "name an actor that has levers",
        )
    return own[0]


def window(run: Run, options: Options) -> tuple[int, int]:
    """The first and the last month of what is asked; one month is the step that leads to it."""
    if options.month is not None:
        if options.first is not None or options.last is not None:
            raise SuasionError(
                "K123", "a month and a span of months are asked for", "give either --month or --from and --to"
            )
        within(run, options.month, 1)
        return options.month - 1, options.month
    first = 0 if options.first is None else within(run, options.first, 0)
    last = run.manifest.months if options.last is None else within(run, options.last, 1)
    if first >= last:
        raise SuasionError("K123", f"month {first} is not before month {last}", "ask for an earlier one")
    return first, last


def within(run: Run, month: int, least: int) -> int:
    """A month of the run."""
    if not least <= month <= run.manifest.months:
        raise SuasionError(
            "K123",
            f"the run has no month {month} to explain",
            f"ask for month {least} to {run.manifest.months}",
        )
    return month


def _one_future(run: Run, options: Options) -> None:
    """Refuse half a future, or one that the run does not have."""
    if options.draw is None and options.future is None:
        return
    draws, futures = run.data["draw"].values, run.manifest.futures
    if options.draw is None or options.future is None:
        raise SuasionError("K124", "one future is a draw and a future of it", "give both --draw and --future")
    if options.draw not in draws or not 0 <= options.future < futures:
        raise SuasionError(
            "K124",
            f"the run has no future {options.future} of draw {options.draw}",
            f"draws run to {int(draws.max(initial=0))}, futures from 0 to {futures - 1}",
        )
