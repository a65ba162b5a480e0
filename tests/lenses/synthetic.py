"""A small run with known numbers: a port city, its garrison, and the league that holds the river."""

from __future__ import annotations

import datetime as dt

import numpy as np
import xarray as xr

from suasion.case.records import Case
from suasion.runs.manifest import Manifest
from suasion.runs.run import Run

DRAWS, FUTURES, MONTHS = 20, 5, 24
PHASES = ("truce", "siege", "accord", "rule")
VARIABLES = {
    "hold": ("index", "League's hold on the river", 0.5, 0.8),
    "toll": ("index", "River tolls", 0.6, 0.35),
    "morale": ("index", "Garrison morale", 0.65, 0.4),
    "trust": ("index", "Trust between port and league", 0.4, 0.3),
    "need_grain": ("index", "League's need of grain", 0.7, 0.35),
    "raids": ("rate", "Raids", 6.0, 11.0),
    "grain": ("amount", "Grain in store", 40.0, 30.0),
    "hold_over": ("derived", "Port's leverage over the league", 0.6, 0.3),
}
TIES = {
    "T_grain": ("port", "league", "grain", 0.32, 0.10),
    "T_shelter": ("garrison", "league", "shelter", 0.25, 0.15),
    "T_boats": ("port", "league_boats", "boats", 0.08, 0.10),
    "T_passage": ("league", "port", "passage", 0.20, 0.30),
    "T_guard": ("port", "garrison", "pay", 0.50, 0.48),
}
E = {"because": ["ann:P1"]}
ASSUMED = {"basis": "assumed", "note": "no count was kept"}


def case() -> Case:
    """The case: records, no files."""
    return Case.model_validate(
        {
            "header": {
                "id": "harbour",
                "title": "The harbour and the league",
                "about": "A port feeds the league that holds its river.",
                "default_scenario": "0300-06-30",
                "show": ["hold", "trust", "raids", "grain"],
                "leverage": ["port", "league"],
            },
            "sources": [
                {
                    "id": "ann",
                    "title": "Annals of the harbour",
                    "date": dt.date(300, 6, 1),
                    "paragraphs": [
                        {"id": "P1", "gist": "The league lives on the port's grain."},
                        {"id": "P2", "gist": "Whoever holds the river takes the toll."},
                        {"id": "P3", "gist": "An accord is spoken of, without hope."},
                    ],
                }
            ],
            "actors": [
                {"id": "port", "name": "Port", "kind": "state", **E},
                {"id": "garrison", "name": "Garrison", "part_of": "port", **E},
                {"id": "league", "name": "League", **E},
                {"id": "league_boats", "name": "League boatmen", "part_of": "league", **E},
                {"id": "merchants", "name": "Merchants", **E},
            ],
            "variables": [
                {
                    "id": key,
                    "name": name,
                    "scale": scale,
                    **(
                        {"unit": {"rate": "raids a month", "amount": "tons"}[scale]}
                        if scale in ("rate", "amount")
                        else {}
                    ),
                    **(
                        {"derived": {"ledger": {"giver": "port", "receiver": "league"}}}
                        if scale == "derived"
                        else {"start": {"value": start, **(ASSUMED if key == "raids" else E)}}
                    ),
                    **E,
                }
                for key, (scale, name, start, _) in VARIABLES.items()
            ],
            "ties": [
                {
                    "id": key,
                    "giver": giver,
                    "receiver": receiver,
                    "resource": resource,
                    "name": f"{resource.capitalize()} from {giver}",
                    "supply": "high",
                    "need": "need_grain" if resource == "grain" else "med",
                    "because": ["ann:P2"],
                }
                for key, (giver, receiver, resource, *_) in TIES.items()
            ]
            + [
                {
                    "id": "T_talk",
                    "giver": "merchants",
                    "receiver": "league",
                    "resource": "talk",
                    "name": "Talks",
                    "supply": "low",
                    **E,
                }
            ],
            "levers": [
                {
                    "id": "blockade",
                    "actor": "port",
                    "name": "Blockade the river",
                    "settings": ["off", "partial", "full"],
                    "now": {"setting": "off", "status": "available"},
                    **E,
                }
            ],
            "phases": [
                {
                    "id": "truce",
                    "name": "Truce",
                    "arrows": [
                        {"to": "siege", "hazard": 0.04, **E},
                        {"to": "accord", "hazard": 0.01, **ASSUMED},
                        {"to": "rule", "hazard": [0.01, 0.04], **E},
                    ],
                    **E,
                },
                {"id": "siege", "name": "Siege", "arrows": [{"to": "rule", "hazard": 0.05, **E}], **E},
                {"id": "accord", "name": "Accord", **E},
                {"id": "rule", "name": "League rules the port", **E},
            ],
            "outcomes": [
                {
                    "id": "o_rule",
                    "text": "The league rules the port within 12 months",
                    "phase": {"phase": "rule"},
                    "last": 12,
                    **E,
                },
                {
                    "id": "o_accord",
                    "text": "An accord is made within 24 months",
                    "phase": {"phase": "accord"},
                    "last": 24,
                    "because": ["ann:P3"],
                },
                {
                    "id": "o_end",
                    "text": "The league rules the port after 24 months",
                    "phase": {"phase": "rule", "at_end": True},
                    "last": 24,
                    **E,
                },
                {
                    "id": "o_raids",
                    "text": "More than 100 raids within 12 months",
                    "variable": {"variable": "raids", "statistic": "total", "threshold": 100},
                    "last": 12,
                    **E,
                },
                {
                    "id": "o_double",
                    "text": "Raids double",
                    "variable": {
                        "variable": "raids",
                        "statistic": "last",
                        "threshold": 1.5,
                        "against": "times_start",
                    },
                    "last": 24,
                    **E,
                },
                {
                    "id": "o_hold",
                    "text": "The league's hold grows by a tenth",
                    "variable": {
                        "variable": "hold",
                        "statistic": "mean",
                        "threshold": 0.1,
                        "against": "plus_start",
                    },
                    "last": 12,
                    **E,
                },
                {
                    "id": "o_block",
                    "text": "The port blocks the river at least in part",
                    "lever": {"lever": "blockade", "setting": "partial"},
                    "last": 12,
                    **E,
                },
                {
                    "id": "o_far",
                    "text": "The league rules within 60 months",
                    "phase": {"phase": "rule"},
                    "last": 60,
                    **E,
                },
            ],
        }
    )


def manifest(draws: int, futures: int) -> Manifest:
    """The record of the run."""
    return Manifest(
        case_id="harbour",
        title="The harbour and the league",
        case_digest="0" * 64,
        scenario="0300-06-30",
        as_of="0300-06-30",
        start_phase="truce",
        seed=1,
        draws=draws,
        futures=futures,
        months=MONTHS,
        tile=8,
        not_in_force=("T_late",),
        created="2026-01-01T00:00:00",
        finished_tiles=3,
        tiles=3,
    )


def walk(
    rng: np.random.Generator, start: float, end: float, spread: float, draws: int, futures: int
) -> np.ndarray:
    """Paths from `start` towards `end`: between-draw differences first, within-draw noise second."""
    month = np.arange(MONTHS + 1)[:, None, None] / MONTHS
    drift = (end - start) * month * (1 + 0.5 * rng.normal(size=(1, draws, 1)))
    noise = rng.normal(size=(MONTHS + 1, draws, futures)).cumsum(0) * spread / 10
    return start + drift + noise * (month > 0)


def phases(rng: np.random.Generator, draws: int, futures: int) -> np.ndarray:
    """Phase paths: out of truce with a hazard that differs by draw; siege may turn to rule."""
    hazard = 0.06 * np.exp(0.7 * rng.normal(size=(draws, 1)))
    path = np.zeros((MONTHS + 1, draws, futures), np.int8)
    for month in range(1, MONTHS + 1):
        before, luck = path[month - 1], rng.random((draws, futures))
        kind = rng.choice([1, 2, 3], p=[0.5, 0.15, 0.35], size=(draws, futures))
        path[month] = np.where((before == 0) & (luck < hazard), kind, before)
        path[month] = np.where((before == 1) & (luck < 0.06), 3, path[month])
    return path


def run(draws: int = DRAWS, futures: int = FUTURES, seed: int = 7) -> Run:
    """The run, the same for the same seed."""
    rng = np.random.default_rng(seed)
    shape = (draws, futures)
    level = np.stack(
        [
            np.clip(
                walk(rng, start, end, 0.3 * start, *shape),
                0.005,
                0.995 if scale in ("index", "derived") else 1e6,
            )
            for scale, _, start, end in VARIABLES.values()
        ],
        axis=1,
    )
    leverage = np.stack([np.clip(walk(rng, a, b, 0.1, *shape), 0, 1) for *_, a, b in TIES.values()], axis=1)
    rate = level[:, list(VARIABLES).index("raids")][:, None]
    count = rng.poisson(rate).astype(np.int32)
    count[0] = 0
    setting = (rng.random((MONTHS + 1, 1, *shape)) < 0.02).cumsum(0).clip(0, 2).astype(np.int8)
    data = xr.Dataset(
        {
            "level": (("month", "variable", "draw", "future"), level.astype(np.float32)),
            "phase": (("month", "draw", "future"), phases(rng, *shape)),
            "setting": (("month", "lever", "draw", "future"), setting),
            "leverage": (("month", "tie", "draw", "future"), leverage.astype(np.float32)),
            "count": (("month", "rate", "draw", "future"), count),
            "health": (("draw",), np.zeros(draws, np.uint8)),
        },
        coords={
            "month": np.arange(MONTHS + 1),
            "variable": list(VARIABLES),
            "lever": ["blockade"],
            "tie": list(TIES),
            "rate": ["raids"],
            "draw": np.arange(draws),
            "future": np.arange(futures),
        },
        attrs={"phases": list(PHASES)},
    )
    return Run(case(), manifest(draws, futures), data)
