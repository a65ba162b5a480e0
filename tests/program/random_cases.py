"""Random cases that use all that the language offers, made from a seed."""

from __future__ import annotations

import datetime as dt
from random import Random
from typing import Any

from suasion.case.records import Case
from suasion.program.policy import Settings

AS_OF = dt.date(2001, 1, 15)
STRENGTHS = ("slight", "moderate", "strong", 0.3, [0.4, 1.2], {"lognormal": [0.8, 0.3]})
LEVELS = ("low", "med", "high", "none", 0.42, [0.2, 0.6], {"uniform": [0.3, 0.9]}, {"normal": [0.5, 0.1]})
MODALITIES = ("will", "likely", "could", "unlikely", 0.9)


class Maker:
    """Makes one case; its records are written as an author writes them."""

    def __init__(self, seed: int) -> None:
        self.random = Random(seed)
        self.phases = [f"p{i}" for i in range(self.random.randint(2, 4))]
        self.actors = ["king", "court", "rebels", "abbey"]
        scales = ["index", "index", "index", "rate", "amount", "index", "index", "rate"]
        self.states = {f"v{i}": scale for i, scale in enumerate(scales[: self.random.randint(3, 8)])}
        self.derived = ["hold", "net_hold", "sum_hold", "war", "soon"]
        self.levers = {f"l{i}": self.random.randint(2, 4) for i in range(self.random.randint(2, 6))}

    def maybe(self, chance: float, **fields: Any) -> dict[str, Any]:
        """The fields, or nothing."""
        return fields if self.random.random() < chance else {}

    def some(self, items: list[str], most: int | None = None) -> list[str]:
        """At least one of some items."""
        return self.random.sample(items, self.random.randint(1, min(most or len(items), len(items))))

    def effect(self, **target: str) -> dict[str, Any]:
        """What a link says beside its cause."""
        pick = self.random.choice
        inside = [v for v, scale in self.states.items() if scale == "index"] + self.derived
        moderator = pick([pick(inside), {"variable": pick(inside), "inverse": True}])
        return {
            **(target or {"on": pick([*self.states, *self.states, *self.derived])}),
            "sign": pick("+-"),
            "strength": pick(STRENGTHS),
            "modality": pick(MODALITIES),
            "confidence": pick(["high", "moderate", "low"]),
            **self.maybe(0.3, during=self.some(self.phases)),
            **self.maybe(0.3, moderated_by=moderator),
        }

    def case(self) -> Case:
        """The whole case."""
        return Case.model_validate(
            {
                "header": {"id": "random", "title": "Random", "about": "", "default_scenario": "now"},
                "actors": self.make_actors(),
                "variables": self.make_states() + self.make_derived(),
                "influences": self.make_influences(),
                "ties": self.make_ties(),
                "levers": self.make_levers(),
                "demands": self.make_demands(),
                "goals": self.make_goals(),
                "phases": self.make_phases(),
                "events": self.make_events(),
            }
        )

    def make_actors(self) -> list[dict[str, Any]]:
        """Four actors, one a part of another."""
        pick = self.random.choice
        return [
            {
                "id": name,
                "name": name,
                "foresight": self.random.randint(1, 8),
                "rationality": pick(["low", "moderate", "high"]),
                "reviews": pick(["sometimes", "often", "always"]),
                **({"part_of": "king"} if name == "court" else {}),
                **self.maybe(0.2, phases=self.some(self.phases)),
            }
            for name in self.actors
        ]

    def stated(self, scale: str) -> dict[str, Any]:
        """A value with its spread or confidence."""
        pick = self.random.choice
        if scale == "index":
            return {"value": pick(LEVELS), **self.maybe(0.3, spread=0.05)}
        value = pick([3.0, 40.0, [2.0, 9.0], {"lognormal": [15.0, 0.3]}])
        return {"value": value, "confidence": pick(["high", "low"])}

    def make_states(self) -> list[dict[str, Any]]:
        """State variables of all scales."""
        pick = self.random.choice
        return [
            {
                "id": v,
                "name": v,
                "scale": scale,
                **({} if scale == "index" else {"unit": "things"}),
                "start": self.stated(scale),
                **self.maybe(0.5, heading=self.stated(scale)),
                "settles": pick(["fast", "moderate", "slow", 2.0]),
                "restless": pick(["none", "slight", "moderate"]),
                **({"dispersion": pick([1.5, 4.0])} if scale == "rate" else {}),
                **({"season": [round(0.6 + 0.07 * m, 2) for m in range(12)]} if scale == "rate" else {}),
                **({"season_during": self.phases[:1]} if scale == "rate" else {}),
            }
            for v, scale in self.states.items()
        ]

    def make_derived(self) -> list[dict[str, Any]]:
        """A ledger, a net ledger, their sum, and two nearnesses of phases."""
        hold = {
            "ledger": {
                "giver": "king",
                "receiver": "rebels",
                **self.maybe(0.3, during=self.some(self.phases)),
            }
        }
        net = {
            "ledger": {
                "giver": "king",
                "receiver": "rebels",
                "net": True,
                **self.maybe(0.5, ties=["t0", "t1"]),
            }
        }
        how = [
            hold,
            net,
            {"total": ["hold", "net_hold"]},
            {"phase": {"phases": [self.phases[-1]], "within": 0}},
            {"phase": {"phases": self.some(self.phases[1:]), "within": 9}},
        ]
        made = [
            {"id": name, "name": name, "scale": "derived", "derived": each}
            for name, each in zip(self.derived, how, strict=True)
        ]
        self.random.shuffle(made)
        return made

    def make_influences(self) -> list[dict[str, Any]]:
        """Links between all sorts of variables; a few are said twice."""
        every = [*self.states, *self.derived]
        made = []
        for _ in range(self.random.randint(6, 16)):
            cause, effect = self.random.sample(every, 2)
            made.append({"cause": cause, **self.effect(effect=effect)})
        return made

    def make_ties(self) -> list[dict[str, Any]]:
        """Ties whose givers compete, that levers and variables set, or that give no leverage."""
        pick, inside = self.random.choice, [v for v, scale in self.states.items() if scale == "index"]
        ways = [
            ("king", "rebels"),
            ("court", "rebels"),
            ("abbey", "rebels"),
            ("rebels", "king"),
            ("rebels", "court"),
        ]
        ways.append(("abbey", "king"))
        made = []
        for i, (giver, receiver) in enumerate(ways):
            supply = pick(
                [pick(inside), pick(LEVELS), {"lever": pick(list(self.levers)), "most": pick([1.0, 0.7])}]
            )
            made.append(
                {
                    "id": f"t{i}",
                    "giver": giver,
                    "receiver": receiver,
                    "resource": pick(["grain", "arms"]),
                    "name": f"t{i}",
                    "supply": supply,
                    **({} if i == 5 else {"need": pick([pick(inside), pick(LEVELS)])}),
                    "alternatives": pick(["low", "med", 0.1]),
                    "weight": pick([1.0, 0.5]),
                    **self.maybe(0.2, during=self.some(self.phases)),
                }
            )
        return made

    def make_levers(self) -> list[dict[str, Any]]:
        """Levers of two to four settings, with all statuses."""
        pick = self.random.choice
        made = []
        for lever, count in self.levers.items():
            status = pick(["used", "available", "recommended", "refused"])
            stops: dict[int, Any] = {3: 0.2, 4: [0.1, 0.3]}
            yearly = {"left_in_a_year": stops[count]} if count in stops else {}
            made.append(
                {
                    "id": lever,
                    "actor": pick(self.actors),
                    "name": lever,
                    "settings": [f"s{i}" for i in range(count)],
                    "now": {"setting": f"s{self.random.randrange(count)}", "status": status, **yearly},
                    "effects": [self.effect() for _ in range(self.random.randint(0, 3))],
                    **self.maybe(0.3, levels=sorted(self.random.random() for _ in range(count))),
                    **self.maybe(0.3, phases=self.some(self.phases)),
                    **self.maybe(0.3, lapses=False),
                    **self.maybe(0.3, switching=pick([0.5, "slight"])),
                    **self.maybe(0.2, cost=0.4),
                }
            )
        return made

    def make_demands(self) -> list[dict[str, Any]]:
        """Demands, some with a threat behind them."""
        made = []
        for i in range(self.random.randint(0, 3)):
            by, of = self.random.sample(list(self.levers), 2)
            made.append(
                {
                    "id": f"d{i}",
                    "by": by,
                    "of": of,
                    "wants": f"s{self.random.randrange(self.levers[of])}",
                    "through": self.some(["t0", "t1", "t2"]),
                    **self.maybe(0.6, if_refused=[self.effect()]),
                }
            )
        return made

    def make_goals(self) -> list[dict[str, Any]]:
        """Goals on variables of all sorts and on phases."""
        pick, every = self.random.choice, [*self.states, *self.derived, *self.phases]
        return [
            {
                "id": f"g{i}",
                "actor": pick(self.actors),
                "wants": pick(every),
                "direction": pick(["up", "down"]),
                "weight": pick(["slight", "moderate", "strong"]),
            }
            for i in range(self.random.randint(4, 9))
        ]

    def make_phases(self) -> list[dict[str, Any]]:
        """Phases with ways between them."""
        pick = self.random.choice
        made = []
        for phase in self.phases:
            ways = self.some([other for other in self.phases if other != phase])
            arrows = [
                {"to": to, "hazard": pick([0.05, 0.2, [0.02, 0.1]]), "confidence": "high"} for to in ways
            ]
            effects = [self.effect() for _ in range(self.random.randint(0, 2))]
            made.append({"id": phase, "name": phase, "arrows": arrows, "effects": effects})
        return made

    def make_events(self) -> list[dict[str, Any]]:
        """Events announced, set off by a phase, and asked for; some move the phase."""
        last = self.phases[-1]
        own: dict[str, dict[str, Any]] = {
            "e0": {"planned": "2001-04-20", "chance": "likely", "effects": [self.effect()], "lasts": 3},
            "e1": {"when": {"enters": last}, "chance": 0.8, "effects": [self.effect()]},
            "e2": {
                "when": {"enters": self.phases[1], "leaving": [self.phases[0]]},
                "chance": "could",
                "lasts": 2,
            },
            "e3": {"moves_to": last, "effects": [self.effect()]},
            "e4": {"planned": "2001-06-01", "chance": "could", "moves_to": self.phases[1]},
        }
        own["e2"]["moves_to"] = self.random.choice(self.phases)
        return [{"id": name, "name": name, **fields} for name, fields in own.items()]

    def settings(self) -> Settings:
        """A run that sets something of every sort."""
        levers = list(self.levers.items())
        held = [f"{x}=s{self.random.randrange(n)}@{self.random.randint(0, 6)}" for x, n in levers[:2]]
        return Settings(
            levers=(*held, f"{levers[0][0]}=s0@9"),
            events=("e3@5", "e1"),
            hold_phase=self.random.choice([None, self.random.choice(self.phases)]),
            cut=(self.random.choice(["t0", "t3"]),),
            shifts={v: self.random.choice([-0.7, 0.7]) for v in self.some([*self.states, *self.derived], 3)},
        )
