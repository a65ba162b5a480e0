"""The month in C++: a compiled case is written as tables, and `month.cpp` compiled with them and run."""

from __future__ import annotations

import subprocess
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
from benchmarks.rivals.kit import DRAWS, FUTURES, MONTHS, SEED, Answer, Kit
from benchmarks.rivals.lists import owned

from suasion.kernel.chance import seed_words

SOURCE = Path(__file__).parent / "month.cpp"
COMPILER = ("g++", "-std=c++17", "-O3", "-march=native", "-mprefer-vector-width=512", "-ffast-math")
LANES = 64
"""Draws side by side: four vector registers of 512 bits. 32 are nearly as fast, 16 half as fast."""


def table(name: str, rows: Any, kind: str) -> str:
    """An array as C++ source; an empty one gets a zero, which nothing reads."""
    array = np.asarray(rows)
    array = array if array.size else np.zeros([max(n, 1) for n in array.shape])
    shape = "".join(f"[{n}]" for n in array.shape)
    suffix = {"float": "f", "uint32_t": "u"}.get(kind, "")
    values = ",".join(
        f"{float(x)!r}{suffix}" if kind == "float" else f"{int(x)}{suffix}" for x in array.ravel()
    )
    return f"alignas(64) constexpr {kind} {name}{shape} = {{{values}}};"


def lists(name: str, parts: Sequence[Sequence[int]]) -> tuple[str, list[int]]:
    """Where each of some lists begins in the whole, and the whole."""
    begins = np.cumsum([0, *[len(part) for part in parts]])
    return table(name, begins, "int"), [i for part in parts for i in part]


def tables(kit: Kit) -> str:
    """The structure and numbers of a case as C++ source."""
    structure, numbers, sizes = kit.structure, kit.numbers, kit.structure.sizes
    network, ledger, choice, demands = (
        structure.network,
        structure.ledger,
        structure.choice,
        structure.demands,
    )
    acting = [*network.layers, network.arrows, network.conditional]
    ends = np.cumsum([len(links.link) for links in acting])
    low, high = seed_words(SEED)
    of_lever = [np.flatnonzero(choice.pair_lever == x).tolist() for x in range(sizes.levers)]
    plain = [np.flatnonzero(network.plain.row == v).tolist() for v in range(sizes.variables)]
    pair, pairs = lists("PAIR", of_lever)
    asked, asked_by = lists("ASKED", [np.flatnonzero(demands.of == x).tolist() for x in range(sizes.levers)])
    backing, ties = lists("BACKING", owned(demands.backing, sizes.demands))
    rival, rivals = lists("RIVAL", [[int(t) for t in row if t < sizes.ties] for row in ledger.rivals])
    plain_begins, links = lists("PLAIN", plain)
    parts = [(layer, each) for layer in ledger.layers for each in owned(layer.fold, layer.count)]
    added, _ = lists("ADDED", [each for _, each in parts])
    arrows, wanted, near = structure.arrows, choice.goal_phase, ledger.near
    scalars = {
        "NODES": sizes.nodes, "VARIABLES": sizes.variables, "DERIVED": sizes.derived, "LEVERS": sizes.levers,
        "SETTINGS": sizes.settings, "PHASES": sizes.phases, "EVENTS": sizes.events, "DEMANDS": sizes.demands,
        "ARROWS": sizes.arrows, "TIES": sizes.ties, "CONSTANTS": sizes.constants, "GOALS": sizes.goals,
        "LINKS": sizes.links, "RATES": sizes.rates, "PAIRS": len(choice.pair_goal), "ACTING": ends[-1],
        "ARROW_LINKS": ends[-2], "LAYERS": len(ledger.layers), "NEARS": len(near), "SUMS": ledger.sums,
        "START_PHASE": kit.policy.start_phase, "DRAWS": DRAWS, "FUTURES": FUTURES, "MONTHS": MONTHS,
    }  # fmt: skip
    levers, ties_numbers, events = numbers.levers, numbers.ties, numbers.events
    whole = {
        "int": {
            "IS_INDEX": structure.is_index, "RATE": structure.rate, "GOAL_NODE": choice.goal_node,
            "CROSSES": wanted[:, arrows.end] != wanted[:, arrows.start], "PAIR_ID": pairs,
            "PAIR_GOAL": choice.pair_goal[pairs], "ASKED_BY": asked_by, "DEMAND_TIE": demands.tie[ties],
            "DEMAND_BY": demands.by, "DEMAND_OF": demands.of, "ARROW_START": arrows.start,
            "ARROW_END": arrows.end, "MOVES_TO": structure.moves_to, "PLANNED": events.planned,
            "ENTERS": events.enters, "LEAVING": events.leaving, "SUPPLY": ledger.supply, "NEED": ledger.need,
            "RIVAL_TIE": rivals, "LAYER_LINKS": ends[: len(ledger.layers)],
            "LAYER": np.cumsum([0, *[layer.count for layer in ledger.layers]]),
            "OF_TIES": [layer.of_ties for layer in ledger.layers],
            "ADDS": [layer.adds[i] for layer, each in parts for i in each],
            "INTO": near[:, arrows.end] & ~near[:, arrows.start], "WITHIN": ledger.within,
            "PLAIN_LINK": network.plain.link[links], "PLAIN_CAUSE": network.plain.cause[links],
            "OWN": levers.exists.sum(axis=1), "A_LINK": np.concatenate([x.link for x in acting]),
            "A_CAUSE": np.concatenate([x.cause for x in acting]),
            "A_ROW": np.concatenate([x.row for x in acting]),
            "A_MODERATOR": np.concatenate([x.moderator for x in acting]),
            "A_INVERSE": np.concatenate([x.inverse for x in acting]),
            "A_SWITCH": np.concatenate([x.switch for x in acting]),
        },
        "float": {
            "APPROACH": numbers.variables.approach, "NOISE": numbers.variables.noise,
            "DISPERSION": numbers.variables.dispersion, "SEASON": numbers.variables.season,
            "DURING": numbers.links.during[np.concatenate([x.link for x in acting])],
            "LEVEL": levers.level, "SWITCHING": levers.switching, "AVAILABLE": levers.available,
            "USABLE": np.maximum(levers.available, levers.keeps[:, None]),
            "COMPLIES": numbers.actors.complies, "GIVES": ties_numbers.during * ties_numbers.most[:, None],
            "TIE_WEIGHT": ties_numbers.weight, "COUNTED": ties_numbers.counted,
            "SIGNS": [layer.signs[i] for layer, each in parts for i in each], "NEAR": near,
            "EVENT_CHANCE": events.chance, "LASTS": events.lasts,
        },
        "uint32_t": {
            "WHAT": numbers.monthly,
            "WHAT_ONCE": np.concatenate([levers.start_stream, events.chance_stream]),
        },
    }  # fmt: skip
    lines = ["#include <cstdint>", f"constexpr uint32_t SEED0 = {low}u, SEED1 = {high}u;"]
    lines += [f"constexpr int {name} = {int(value)};" for name, value in scalars.items()]
    lines += [pair, asked, backing, rival, plain_begins, added]
    lines += [table(name, rows, kind) for kind, named in whole.items() for name, rows in named.items()]
    return "\n".join(lines) + "\n"


def drawn(kit: Kit) -> list[Any]:
    """What is known of the draws, in the order in which `month.cpp` reads it."""
    draw, weighing, reference = kit.prepared.draw, kit.prepared.weighing, kit.prepared.reference
    levers = kit.numbers.levers
    today = np.arange(levers.level.shape[1]) == levers.now[:, None]
    charged = np.where(today & (levers.solved[:, None] > 0), 0, levers.switching[:, None])
    then = np.concatenate([*reference.layers, reference.arrows, reference.conditional])
    reviews = draw.reviews[kit.structure.choice.actor]
    base = draw.base + charged[:, :, None]
    parts = [draw.start, draw.heading, draw.weight, draw.constant, draw.alternatives, base, reviews]
    parts += [
        draw.demand,
        draw.hazard,
        reference.nodes,
        then,
        weighing.pair,
        weighing.payoff,
        weighing.demand,
    ]
    return [*parts, kit.prepared.chances]


class Race:
    """The compiled program; its own clock tells how long the months took."""

    def __init__(self, kit: Kit) -> None:
        """Write tables and draws beside the kit, and compile, if that was not done before."""
        self.kit, self.folder = kit, Path(f"{kit.file}.native")
        self.program = self.folder / "month"
        if self.program.exists():
            return
        self.folder.mkdir(exist_ok=True)
        (self.folder / "tables.h").write_text(tables(kit), encoding="utf-8")
        rows = [np.asarray(part, np.float32).reshape(-1, DRAWS) for part in drawn(kit)]
        (self.folder / "draws").write_bytes(np.ascontiguousarray(np.concatenate(rows)).tobytes())
        words = (*COMPILER, f"-DW={LANES}", f"-I{self.folder}", str(SOURCE), "-o", str(self.program))
        subprocess.run(words, check=True)

    def run(self, seconds: float, *out: str) -> tuple[int, float]:
        """Futures lived and seconds taken."""
        words = (str(self.program), str(self.folder / "draws"), str(seconds), *out)
        said = subprocess.run(words, check=True, capture_output=True, text=True).stdout.split()
        return int(said[0]), float(said[1])

    def check(self) -> Answer:
        """All draws, as the kernel keeps them."""
        out, sizes = self.folder / "out", self.kit.structure.sizes
        self.run(0, str(out))
        # As `Month` in month.cpp lies in memory: name, rows kept, rows there, kind.
        parts = [
            ("level", sizes.lever_node, sizes.lever_node, "f4"),
            ("leverage", sizes.ties, sizes.ties + 1, "f4"),
            ("count", sizes.rates, sizes.rates + 1, "i4"),
            ("setting", sizes.levers, sizes.levers + 1, "i1"),
            ("phase", 1, 1, "i1"),
        ]
        size = sum(there * LANES * int(kind[1]) for _, _, there, kind in parts)
        raw = np.fromfile(out, np.uint8).reshape(DRAWS // LANES, FUTURES, MONTHS + 1, -(-size // 64) * 64)
        found, place = {}, 0
        for name, rows, there, kind in parts:
            end = place + there * LANES * int(kind[1])
            whole = np.ascontiguousarray(raw[..., place:end]).view(kind)
            # (block, future, month, row, lane) as (month, row, draw, future).
            whole = np.moveaxis(whole.reshape(*raw.shape[:3], there, LANES), (2, 3, 0, 4, 1), range(5))
            found[name] = whole.reshape(MONTHS + 1, there, -1)[:, :rows]
            place = end
        return {**found, "phase": found["phase"][:, 0]}
