"""The month in plain Python, a future at a time: the slow twin's formulas over lists, not names."""

from __future__ import annotations

import math
from statistics import NormalDist
from typing import Any

import numpy as np
from benchmarks.rivals import luck
from benchmarks.rivals.kit import FUTURES, MONTHS, SEED, Answer, Kit
from benchmarks.rivals.lists import Case, Draw, Term

from suasion.kernel.chance import seed_words
from suasion.kernel.draw import BEFORE
from suasion.kernel.month import EDGE, MOST_LOG
from suasion.kernel.situation import LEAST, MOST_LOG_HAZARD
from suasion.program.twin.choice import pick
from suasion.program.twin.counts import poisson
from suasion.program.twin.world import clip, logit, sigmoid

CHECKED = 8
"""Draws that are held to the kernel."""
quantile = NormalDist().inv_cdf


class Future:
    """One future of one draw, month by month."""

    def __init__(self, case: Case, draw: Draw, chances: list[list[float]], before: list[float]) -> None:
        """Stand at the start."""
        self.case, self.draw, self.chances = case, draw, chances
        sizes = case.sizes
        self.lucky = [u < c for u, c in zip(before[sizes.levers :], case.chance, strict=True)]
        self.setting = [pick(c[: case.settings[x]], before[x]) for x, c in enumerate(draw.chances)]
        self.z, self.until, self.phase = list(draw.start), [0.0] * sizes.events, int(case.policy.start_phase)
        self.derived = draw.reference[sizes.variables : sizes.lever_node]
        self.month, self.before = 0, self.phase
        self.kept: list[dict[str, Any]] = []
        self.hold()
        self.stand()
        self.keep()

    def begin(self) -> None:
        """A month begins: its luck is known, the month before is what all look at."""
        self.month += 1
        self.before = self.phase
        self.choice = self.chances[self.month][self.case.sizes.variables + 2 * self.case.sizes.rates : -1]

    def end(self) -> None:
        """Once all actors have reviewed: move, let happen, settle, and work out where things stand."""
        moved = self.move(self.chances[self.month][-1])
        self.happen(moved)
        self.settle(self.chances[self.month])
        self.hold()
        self.stand()
        self.keep()

    def live(self) -> None:
        """All months."""
        for _ in range(MONTHS):
            self.begin()
            for actor in self.case.each("actors"):
                self.review(actor)
            self.end()

    def review(self, actor: int) -> None:
        """Review each lever of an actor with its chance, and pick by logit over the payoff foreseen."""
        case, chance = self.case, self.draw.reviews[actor]
        for lever in case.lever_of[actor]:
            u = self.choice[lever]
            if u < chance and case.available[lever][self.before]:
                weights = self.weigh(lever)
                most = max(weights)
                self.setting[lever] = pick([math.exp(w - most) for w in weights], u / chance)

    def weigh(self, lever: int) -> list[float]:
        """Log weights of a lever's settings, were it reviewed now."""
        case, draw = self.case, self.draw
        pair, current = draw.pair[self.before], self.setting[lever]
        promise = sum(pair[p] * self.slope(case.goal[p]) for p in case.pairs[lever]) - draw.payoff[lever]
        levels, switching = case.level[lever], case.switching[lever]
        weights = [
            draw.base[lever][s] + levels[s] * promise - (switching if s != current else 0.0)
            for s in range(case.settings[lever])
        ]
        for d in case.asked[lever]:
            backing = sum(self.ledger[t] for t in case.backing[d])
            resolve = self.x[case.sizes.lever_node + case.by[d]]
            more = draw.pressing[d] * backing * resolve - draw.demand[d]
            weights = [w + c * more for w, c in zip(weights, case.complies[d], strict=False)]
        return weights

    def hold(self) -> None:
        """Set the levers that the run holds."""
        for lever, asked in enumerate(self.case.policy.lever[self.month]):
            if asked >= 0:
                self.setting[lever] = int(asked)

    def slope(self, goal: int) -> float:
        """Worth of a unit of a goal's unbounded scale."""
        node = self.case.goal_node[goal]
        if node < 0:
            return float(sum(self.hazard[i] for i in self.case.crossing[goal]))
        if node < self.case.sizes.variables and self.case.index[node]:
            return float(self.x[node] * (1 - self.x[node]))
        return 1.0

    def move(self, u: float) -> int:
        """Competing hazards: at most one move a month."""
        held = int(self.case.policy.hold_phase[self.month])
        total = sum(self.hazard)
        if held >= 0 or not total:
            return held if held >= 0 else self.phase
        below, share = 0.0, (1 - math.exp(-total)) / total
        for (_, end), hazard in zip(self.case.arrows, self.hazard, strict=True):
            above = below + share * hazard
            if below <= u < above:
                return int(end)
            below = above
        return self.phase

    def happen(self, moved: int) -> None:
        """Events planned, asked for, or set off by the phase that begins."""
        case, month = self.case, self.month
        asked = case.policy.event[month]
        happens = [e for e, p in enumerate(case.planned) if asked[e] or (p == month and self.lucky[e])]
        phase = self.brought(happens, moved)
        if phase != self.phase:
            set_off = [
                e
                for e, lucky in enumerate(self.lucky)
                if lucky and case.enters[e][phase] and case.leaving[e][self.phase]
            ]
            happens, phase = happens + set_off, self.brought(set_off, phase)
        for e in happens:
            self.until[e] = month + case.lasts[e]
        self.phase = phase

    def brought(self, happens: list[int], phase: int) -> int:
        """The phase after what happens."""
        if self.case.policy.hold_phase[self.month] >= 0:
            return phase
        for e in happens:
            if self.case.moves_to[e] >= 0:
                phase = self.case.moves_to[e]
        return phase

    def settle(self, chances: list[float]) -> None:
        """z + (1 - e^(-1/τ)) (z* - z) + σ ε, kept within bounds."""
        case, draw = self.case, self.draw
        for v, before in enumerate(self.z):
            luck = case.noise[v] * quantile(chances[v])
            z = before + case.approach[v] * (draw.heading[v] + self.pull[v] - before) + luck
            low, high = (
                (-EDGE, EDGE) if case.index[v] else (draw.start[v] - MOST_LOG, draw.start[v] + MOST_LOG)
            )
            self.z[v] = clip(z, low, high)

    def push(self, terms: list[Term]) -> float:
        """What links add to a row."""
        x, phase, total = self.x, self.phase, 0.0
        for weight, cause, origin, moderator, inverse, during, gone in terms:
            factor = during[phase] * (1 - x[moderator] if inverse else x[moderator])
            total += weight * (factor * (x[cause] - origin) - gone)
        return total

    def stand(self) -> None:
        """Leverage, derived variables, hazards, and what acts on every row."""
        case, draw, sizes, phase = self.case, self.draw, self.case.sizes, self.phase
        variables, first = sizes.variables, sizes.lever_node
        usable = [case.usable[x][phase] for x in case.each("levers")]
        levers = [case.level[x][s] if usable[x] else 0.0 for x, s in enumerate(self.setting)]
        refused = [
            levers[case.by[d]] if usable[of] and case.complies[d][self.setting[of]] < 0 else 0.0
            for d, of in enumerate(case.of)
        ]
        self.x = x = [sigmoid(z) if index else z for z, index in zip(self.z, case.index, strict=True)]
        x += [*self.derived, *levers]
        x += [float(p == phase) for p in case.each("phases")]
        x += [float(self.month < until) for until in self.until]
        x += [*refused, 1.0, *draw.constant]
        supply = [x[s] * case.gives[t][phase] for t, s in enumerate(case.supply)]
        self.ledger = ledger = [
            case.tie_weight[t]
            * x[need]
            * supply[t]
            / (supply[t] + sum(supply[r] for r in case.rivals[t]) + draw.alternatives[t])
            for t, need in enumerate(case.need)
        ]
        for begin, of_ties, parts in case.layers:
            rows = range(variables + begin, variables + begin + len(parts))
            acting = [self.push(draw.onto[row]) + case.shift[row] for row in rows]
            for row, part, act in zip(rows, parts, acting, strict=True):
                total = sum(sign * (ledger[i] if of_ties else x[variables + i]) for i, sign in part)
                total = clip(total * case.counted[row - variables][phase], 0.0, 1.0)
                inner = clip(total, LEAST, 1 - LEAST)
                x[row] = clip(total + sigmoid(logit(inner) + act) - inner, 0.0, 1.0)
        self.hazard = [0.0] * sizes.arrows
        for i, (start, _) in enumerate(case.arrows):
            if start == phase:
                force = self.push(draw.onto[first + i]) + case.shift[first + i]
                self.hazard[i] = math.exp(draw.hazard[i] + clip(force, -MOST_LOG_HAZARD, MOST_LOG_HAZARD))
        for i, (phases, into, within) in enumerate(case.near):
            ahead = sum(self.hazard[a] for a in into) * within
            x[first - len(case.near) + i] = 1.0 if phases[phase] else 1 - math.exp(-ahead)
        self.pull = [
            sum([w * (x[c] - x0) for w, c, x0 in draw.plain[v]]) + self.push(draw.onto[v]) + case.shift[v]
            for v in range(variables)
        ]
        self.derived = x[variables:first]

    def keep(self) -> None:
        """Levels in natural units, settings (-1 where a lever cannot be used), leverage and counts."""
        case, sizes = self.case, self.case.sizes
        level = self.x[: sizes.lever_node]
        level[: sizes.variables] = [
            x if index else math.exp(x) for x, index in zip(level, case.index, strict=False)
        ]
        counts = [0] * sizes.rates
        if self.month:
            luck = self.chances[self.month][sizes.variables :]
            for i, (rate, k, season) in enumerate(case.rates):
                busy = max(1 - 1 / (9 * k) + quantile(luck[i]) * math.sqrt(1 / (9 * k)), 0.0) ** 3
                mean = level[rate] * season[self.month % 12][self.phase]
                counts[i] = poisson(mean * busy, luck[sizes.rates + i])
        setting = [s if case.available[x][self.phase] else -1 for x, s in enumerate(self.setting)]
        self.kept.append(
            {
                "level": level,
                "phase": self.phase,
                "setting": setting,
                "leverage": self.ledger,
                "count": counts,
            }
        )


class Luck:
    """All random numbers of a draw's futures, in one go."""

    def __init__(self, kit: Kit) -> None:
        """Keep the streams."""
        levers, events = kit.numbers.levers, kit.numbers.events
        self.once: Any = np.concatenate([levers.start_stream, events.chance_stream])
        self.monthly: Any = kit.numbers.monthly

    def of(self, draw: int) -> list[tuple[list[list[float]], list[float]]]:
        """For each future its numbers, month by month, and those drawn before the first month."""
        lane = luck.lanes(seed_words(SEED), draw, 1, FUTURES)
        monthly = luck.uniform(lane, self.monthly, np.arange(MONTHS + 1))
        before = luck.uniform(lane, self.once, BEFORE)
        return list(zip(np.moveaxis(monthly, -1, 0).tolist(), before.T.tolist(), strict=True))


class Race:
    """Draw after draw, all futures of each."""

    def __init__(self, kit: Kit) -> None:
        """Take the case apart once."""
        self.kit, self.case, self.luck = kit, Case(kit), Luck(kit)

    def futures(self, number: int) -> list[Future]:
        """All futures of a draw, lived."""
        draw = Draw(self.case, self.kit, number)
        found = [Future(self.case, draw, *each) for each in self.luck.of(number)]
        for each in found:
            each.live()
        return found

    def check(self) -> Answer:
        """The first draws, as the kernel keeps them."""
        lived = [each for number in range(CHECKED) for each in self.futures(number)]
        return {
            name: np.stack([np.array([month[name] for month in each.kept]) for each in lived], axis=-1)
            for name in lived[0].kept[0]
        }

    def go(self, turn: int) -> int:
        """One draw; how many futures that is."""
        return len(self.futures(turn % self.kit.prepared.chances.shape[-1]))
