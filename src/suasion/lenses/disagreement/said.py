"""What lens `disagreement` found, as a table and sentences."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np
import xarray as xr

from suasion.case.records import Case
from suasion.lenses.disagreement.asked import Target
from suasion.lenses.disagreement.parting import SWITCHES
from suasion.lenses.disagreement.reach import sentences as reached
from suasion.lenses.evidence.rests import assumes, backing, references
from suasion.lenses.finding import Column, Finding, Sentence, Table
from suasion.lenses.words import listed, part, plural, signed

if TYPE_CHECKING:
    from suasion.lenses.disagreement.lens import Answers

VIEWS = ("dynamics", "network", "game")
THE = {"dynamics": "the dynamics", "network": "the network", "game": "the game"}
MOST_SAID = 6
ABOUT = 1.25
LEAST_SIZES = 3
"""Effects that must agree in sign for their sizes to be compared."""
WORDS = {"agree": "agree", "part": "opposite signs", "differ": "some see nothing", "none": "no effect"}


def told(
    case: Case, answers: Sequence[Answers], wanted: Sequence[Target], data: xr.Dataset, who: bool
) -> Finding:
    """The finding."""
    return Finding(
        lens="disagreement",
        title="Where game, network and dynamics differ",
        data=data,
        table=_table(data),
        sentences=(*(reached(data, case) if who else ()), *_sentences(case, answers, wanted, data)),
        figure="disagreement",
        notes=_notes(answers, data),
    )


COLUMNS = (
    Column("lever", "Lever"),
    Column("setting", "At"),
    Column("what", "What it does"),
    Column("on", "On"),
    Column("on_name", "To"),
    Column("dynamics", "Dynamics", digits=3),
    Column("dynamics_error", "±", digits=3),
    Column("network", "Network", digits=3),
    Column("network_error", "±", digits=3),
    Column("game", "Game", digits=3),
    Column("game_error", "±", digits=3),
    Column("verdict", "They"),
    Column("parted_by", "Parted by"),
)


def _table(data: xr.Dataset) -> Table:
    rows = []
    for q in range(data.sizes["question"]):
        numbers = []
        for v in range(len(VIEWS)):
            numbers += [float(data[key].values[v, q]) for key in ("effect", "error")]
        keys = ("lever", "setting", "lever_name", "on", "on_name")
        verdict = str(data["verdict"].values[q])
        found = [SWITCHES[each] for view in ("network", "game") for each in _parting(data, q, view)[:2]]
        by = "; ".join(dict.fromkeys(found))
        head = [str(data[key].values[q]) for key in keys]
        rows.append((*head, *numbers, WORDS[verdict], by if verdict in ("part", "differ") else ""))
    return Table(COLUMNS, tuple(rows))


def _parting(data: xr.Dataset, question: int, view: str) -> list[str]:
    """Mechanisms without which the dynamics say what a view says; joint ones only where none does alone."""
    found = [
        str(name)
        for s, name in enumerate(data["switch"].values)
        if data["parts"].values[s, VIEWS.index(view), question]
    ]
    alone = [name for name in found if name not in ("choices and phases", "all")]
    return alone or found[:1]


def _sentences(
    case: Case, answers: Sequence[Answers], wanted: Sequence[Target], data: xr.Dataset
) -> tuple[Sentence, ...]:
    verdict = [str(v) for v in data["verdict"].values]
    count = {name: verdict.count(name) for name in WORDS}
    asked = f"{plural(len(verdict), 'question')} about {plural(len(answers), 'lever')}"
    said = [
        Sentence(
            f"{asked}: in {count['agree']} they agree as far as errors tell, in {count['part']} they see "
            f"opposite signs, in {count['differ']} some see an effect where others see none, and in "
            f"{count['none']} nobody sees one."
        )
    ]
    order = sorted(range(len(verdict)), key=lambda q: (verdict[q] != "part", -_apart(data, q)))
    worth = [q for q in order if verdict[q] in ("part", "differ") and _told_of(data, q)]
    for q in worth[:MOST_SAID]:
        one, target = answers[q // len(wanted)], wanted[q % len(wanted)]
        rests = [*backing([one.pull.lever]), *target.rests(case)]
        said.append(Sentence(_one(data, q, one), references(rests), assumes(rests)))
    said += _sizes(data)
    said += _ranks(answers, wanted, data)
    return tuple(said)


def _told_of(data: xr.Dataset, q: int) -> bool:
    """Whether there is more to say of a question than that somebody saw nothing."""
    return str(data["verdict"].values[q]) == "part" or bool(data["parts"].values[:, :, q].any())


def _apart(data: xr.Dataset, q: int) -> float:
    effects = data["effect"].values[:, q]
    return float(np.nanmax(effects) - np.nanmin(effects))


def _one(data: xr.Dataset, q: int, one: Answers) -> str:
    """Where they part on one question, and what parts them."""
    effect, error, sign = (data[key].values[:, q] for key in ("effect", "error", "sign"))
    outcome = bool(data["outcome"].values[q])
    parts = []
    for v, view in enumerate(VIEWS):
        if not np.isnan(effect[v]):
            shown = _size(float(effect[v]), float(error[v]))
            if view == "network" and outcome:
                shown = {1.0: "up", -1.0: "down", 0.0: "nothing"}[float(sign[v])]
            shown = f"nothing to speak of ({shown})" if sign[v] == 0 and shown != "nothing" else shown
            parts.append(f"{THE[view]} {'says' if view != 'dynamics' else 'say'} {shown}")
    head = f"'{data['lever_name'].values[q]}' on {data['on_name'].values[q]}: {listed(parts)}."
    why = [_why(data, q, view) for view in ("network", "game") if sign[VIEWS.index(view)] != sign[0]]
    if one.game and sign[2] != sign[0] and not np.isnan(sign[2]):
        why.append(_answered(one))
    return " ".join([head, *filter(None, why)])


def _size(effect: float, error: float) -> str:
    return f"{signed(effect, 3)} ± {max(error, 0.001):.3f}"


def _why(data: xr.Dataset, q: int, view: str) -> str:
    """What parts the dynamics from a view."""
    if np.isnan(data["sign"].values[VIEWS.index(view), q]) or np.isnan(data["switched"].values[:, q]).all():
        return ""
    found = _parting(data, q, view)
    if not found:
        return f"No mechanism that was switched off brings the dynamics to what {THE[view]} says."
    then = []
    for name in found[:2]:
        place = list(data["switch"].values).index(name)
        effect, error = (float(data[key].values[place, q]) for key in ("switched", "switched_error"))
        then.append(f"without {SWITCHES[name]} the dynamics say {_size(effect, error)}")
    return f"What parts them from {THE[view]}: {listed(then)}."


def _answered(one: Answers) -> str:
    """Who answers in the game, and how."""
    assert one.game is not None
    replies = zip(one.game.partners, one.game.replies, one.game.before, strict=True)
    told_ = [
        f"'{lever.name}' at {after}" + ("" if after == before else f" rather than {before}")
        for lever, after, before in replies
    ]
    return f"In the game the likeliest answer is {listed(told_)}."


def _sizes(data: xr.Dataset) -> list[Sentence]:
    """How large the network and the game hold effects for, beside the dynamics, where signs agree."""
    effect, sign = data["effect"].values, data["sign"].values
    found = []
    for v, view in list(enumerate(VIEWS))[1:]:
        both = (sign[v] == sign[0]) & (sign[0] != 0) & ~data["outcome"].values
        if both.sum() >= LEAST_SIZES:
            ratio = float(np.median(effect[v, both] / effect[0, both]))
            close = 1 / ABOUT < ratio < ABOUT
            size = "about as large as" if close else f"{ratio:.1f} times as large as"
            found.append(f"{THE[view]} holds it for {size} the dynamics do")
    if not found:
        return []
    return [Sentence(f"Where signs agree, the median effect: {listed(found)}.")]


def _ranks(answers: Sequence[Answers], wanted: Sequence[Target], data: xr.Dataset) -> list[Sentence]:
    """Variables on which they name different levers as the one that moves most."""
    if len(answers) < 2:
        return []
    found = []
    effect = np.abs(data["effect"].values).reshape(len(VIEWS), len(answers), len(wanted))
    sign = data["sign"].values.reshape(effect.shape)
    for t, target in enumerate(wanted):
        if target.outcome:
            continue
        first = {}
        for v, view in enumerate(VIEWS):
            seen = np.where(np.nan_to_num(sign[v, :, t]) != 0, effect[v, :, t], 0.0)
            if seen.max() > 0:
                first[view] = answers[int(seen.argmax())].pull.name
        if len(set(first.values())) > 1:
            parts = [f"{THE[view]} '{name}'" for view, name in first.items()]
            found.append(Sentence(f"What moves {target.name} most: for {'; for '.join(parts)}."))
    return found


def _switched(answers: Sequence[Answers]) -> str:
    """For which levers mechanisms were switched off."""
    number = sum(bool(each.switches) for each in answers)
    most = " on which they part most" if 0 < number < len(answers) else ""
    return f"{plural(number, 'lever')}{most}" if number else "no lever: they agree on all"


def _notes(answers: Sequence[Answers], data: xr.Dataset) -> tuple[str, ...]:
    months, settles = int(data.attrs["months"]), float(data.attrs["settles"])
    notes = [
        "What a lever does, held at the setting rather than at today's. Dynamics: "
        f"{plural(data.attrs['draws'], 'draw')} run on the same luck, read after {plural(months, 'month')}, "
        "others choosing as they go.",
        "Network: the signed graph where the case stands, once all has settled; no choices, no phases, no "
        "time. "
        + ("" if settles == 1 else f"It settles in {part(settles)} of the draws; the others are left out. ")
        + "On an outcome it speaks of the variable behind it, and only of the way that goes.",
        "Game: those whose levers a demand joins with it, or else the one it moves most, answer by quantal "
        "response in the game that the case induces; all others as in the dynamics.",
        "Points of an index or of probability; logs of a rate or amount. ± is the Monte Carlo error. An "
        "effect is none if it is below half a point or within 1.96 errors of nought.",
        f"Mechanisms were switched off one at a time for {_switched(answers)}.",
    ]
    return tuple(notes)
