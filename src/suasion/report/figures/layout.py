"""Where the actors of a map stand: on a circle, parts beside their whole, tied groups near each other."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from suasion.report.figures.axes import spread

Weights = Mapping[tuple[str, str], float]


@dataclass(frozen=True)
class Place:
    """Where an actor stands, and its label; the circle has radius 1."""

    x: float
    y: float
    label_x: float
    label_y: float


def circle(
    actors: Sequence[str], parent: Mapping[str, str], weights: Weights, gap: float
) -> dict[str, Place]:
    """A place for each actor; labels of one side stand at least `gap` apart."""
    order = [a for group in seriated(parent, actors, weights) for a in actors if parent[a] == group]
    breaks = sum(parent[a] != parent[b] for a, b in pairwise(order)) + 1
    step = 2 * math.pi / (len(order) + 0.6 * breaks) if order else 0.0
    angles, angle = {}, math.pi / 2 - step / 2
    for before, actor in zip([order[0], *order] if order else [], order, strict=False):
        angle -= 0.6 * step if parent[before] != parent[actor] else 0.0
        angles[actor] = angle
        angle -= step
    return _labelled(angles, gap)


def _labelled(angles: Mapping[str, float], gap: float) -> dict[str, Place]:
    """Labels left and right of the circle, moved apart."""
    places = {}
    for side in (1, -1):
        here = [a for a in angles if (math.cos(angles[a]) >= 0) == (side > 0)]
        heights = spread([1.08 * math.sin(angles[a]) for a in here], gap, -1.25, 1.25)
        for actor, height in zip(here, heights, strict=True):
            x, y = math.cos(angles[actor]), math.sin(angles[actor])
            reach = max(abs(1.1 * x), 1.1 * math.sqrt(max(0.0, 1.21 - min(height**2, 1.21))), 0.25)
            places[actor] = Place(x, y, side * reach, height)
    return places


def seriated(parent: Mapping[str, str], actors: Sequence[str], weights: Weights) -> list[str]:
    """Groups in an order that puts strongly tied ones side by side: nearest neighbour, heaviest first."""
    between: dict[tuple[str, str], float] = {}
    for (a, b), weight in weights.items():
        pair = (parent[a], parent[b])
        for key in {pair, pair[::-1]}:
            between[key] = between.get(key, 0.0) + weight
    left = list(dict.fromkeys(parent[a] for a in actors))
    heavy = max(left, key=lambda g: sum(w for (a, _), w in between.items() if a == g), default=None)
    order: list[str] = []
    while left:
        following = max(left, key=lambda g: between.get((order[-1], g), 0.0)) if order else heavy
        assert following is not None
        order.append(following)
        left.remove(following)
    return order


def curve(a: Place, b: Place, points: int = 24) -> list[tuple[float, float]]:
    """A line from a to b that bends towards the middle of the circle (quadratic Bézier).

    It bends to the right of its direction, so that the ties of two actors to each other stay apart.
    """
    mid_x, mid_y = (a.x + b.x) / 2, (a.y + b.y) / 2
    bend_x, bend_y = 0.45 * mid_x + 0.09 * (b.y - a.y), 0.45 * mid_y - 0.09 * (b.x - a.x)
    line = []
    for k in range(points + 1):
        t = k / points
        s = 1 - t
        line.append(
            (s * s * a.x + 2 * s * t * bend_x + t * t * b.x, s * s * a.y + 2 * s * t * bend_y + t * t * b.y)
        )
    return line
