"""Who moves things most, by dynamics, network and game.

The reach of an actor in a view is what its main lever does there to all variables asked about:

    R = Σ_variables |effect|        se(R) ≈ √Σ se(effect)²

(points of an index and logs of a rate count alike; outcomes are left out, for the network gives them no
size). Effects that cannot be told from none count as none. Where views put different actors first, the
mechanisms that were switched off say which assumption does it.
"""

from __future__ import annotations

import numpy as np
import xarray as xr

from suasion.case.records import Case
from suasion.lenses.comparing.contrasts import NINETY_FIVE
from suasion.lenses.disagreement.parting import SWITCHES
from suasion.lenses.evidence.rests import assumes, backing, references
from suasion.lenses.finding import Sentence
from suasion.lenses.words import brief, listed

MOST_RANKED = 4
THE = {"dynamics": "the dynamics", "network": "the network", "game": "the game"}


def reach(data: xr.Dataset, case: Case) -> xr.Dataset:
    """The data with `reach`, `reach_error` (view, actor) and `reach_switched` (switch, actor).

    An actor of which several levers were asked about counts with the one of most reach, view by view.
    """
    owner = {lever.id: lever.actor for lever in case.levers}
    of = np.array([owner[str(each)] for each in data["lever"].values])
    actors = list(dict.fromkeys(of.tolist()))
    sized = ~data["outcome"].values
    seen = np.where(np.nan_to_num(data["sign"].values) != 0, np.abs(data["effect"].values), 0.0)
    off = np.abs(data["switched"].values)
    off = np.where(
        off > NINETY_FIVE * data["switched_error"].values, off, np.where(np.isnan(off), np.nan, 0.0)
    )
    error = np.where(seen > 0, data["error"].values, 0.0)
    found: dict[str, list[np.ndarray]] = {"reach": [], "reach_error": [], "reach_switched": []}
    for actor in actors:
        levers = list(dict.fromkeys(data["lever"].values[of == actor].tolist()))
        own = [sized & (data["lever"].values == lever) for lever in levers]
        sums = np.stack([seen[:, here].sum(axis=1) for here in own])
        errors = np.stack([np.sqrt((error[:, here] ** 2).sum(axis=1)) for here in own])
        best = sums.argmax(axis=0)
        found["reach"].append(sums.max(axis=0))
        found["reach_error"].append(errors[best, np.arange(len(best))])
        found["reach_switched"].append(np.stack([off[:, here].sum(axis=1) for here in own]).max(axis=0))
    dims = {"reach": "view", "reach_error": "view", "reach_switched": "switch"}
    arrays = {key: ((dims[key], "actor"), np.stack(values, axis=1)) for key, values in found.items()}
    return data.assign(arrays).assign_coords(actor=actors)


def sentences(data: xr.Dataset, case: Case) -> list[Sentence]:
    """Who comes first in each view, and what makes the difference."""
    names = {actor.id: brief(actor.name, 40) for actor in case.actors}
    actors = [str(each) for each in data["actor"].values]
    reached, error = data["reach"].values, data["reach_error"].values
    if len(actors) < 2:
        return []
    orders = [np.argsort(-row, kind="stable") for row in reached]
    told = []
    for v, view in enumerate(THE):
        top = [i for i in orders[v] if reached[v, i] > 0][:MOST_RANKED]
        if top:
            told.append(
                f"for {THE[view]} {listed([f'{names[actors[i]]} ({reached[v, i]:.2f})' for i in top])}"
            )
    rests = backing([lever for lever in case.levers if lever.id in data["lever"].values])
    said = [Sentence(f"Who moves these most: {'; '.join(told)}.", references(rests), assumes(rests))]
    for v, view in list(enumerate(THE))[1:]:
        first, other = int(orders[0][0]), int(orders[v][0])
        if first != other and reached[v].max() > 0:
            said.append(Sentence(_apart(data, names, actors, view, first, other)))
    close = int(orders[0][1])
    gap = reached[0, orders[0][0]] - reached[0, close]
    if gap <= NINETY_FIVE * float(np.hypot(error[0, orders[0][0]], error[0, close])):
        pair = listed([names[actors[int(i)]] for i in orders[0][:2]])
        said.append(Sentence(f"In the dynamics {pair} cannot be told apart by their errors."))
    return said


def _apart(
    data: xr.Dataset, names: dict[str, str], actors: list[str], view: str, first: int, other: int
) -> str:
    """Which mechanisms put one actor before another in the dynamics."""
    head = f"The dynamics put {names[actors[first]]} first, {THE[view]} {names[actors[other]]}"
    off = data["reach_switched"].values
    turned = [
        SWITCHES[str(name)]
        for s, name in enumerate(data["switch"].values)
        if np.isfinite(off[s]).all() and int(off[s].argmax()) == other
    ]
    if turned:
        return f"{head}; without {' or '.join(turned[:3])} so would the dynamics."
    return f"{head}; no mechanism that was switched off makes the dynamics do so."
