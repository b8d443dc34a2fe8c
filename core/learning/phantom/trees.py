"""Vessels and airways that branch from the hila into the lungs."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from core.learning.phantom.anatomy import Anatomy
from core.learning.phantom.finding import Field
from core.learning.phantom.frame import Frame
from core.learning.phantom.splat import Points, spray
from core.learning.phantom.trunk import capsule

_MURRAY = 3.0


@dataclass(frozen=True, slots=True, eq=False)
class Tree:
    """Segments of a branching tree: starts and ends (N, 3), radii (N, 2) at both ends."""

    starts: Points
    ends: Points
    radii: NDArray[np.float64]


def hilum(anatomy: Anatomy, side: int) -> Points:
    """Return where vessels and bronchi enter a lung (the left hilum is a little higher)."""
    return np.array([side * 1.75, anatomy.dome * (0.46 if side < 0 else 0.42), 0.4])


def _targets(anatomy: Anatomy, side: int, count: int, rng: np.random.Generator) -> Points:
    """Return points spread over a lung."""
    y = anatomy.dome * (0.06 + 1.02 * rng.random(count) ** 0.85)
    width = anatomy.chest_half_width(y) - 0.35
    depth = anatomy.chest_half_depth(y) * 0.9
    part = 0.2 + 0.8 * rng.random(count) ** 0.7
    x = np.maximum(part * width, 0.9)
    room = np.sqrt(np.clip(1 - (x / (width + 0.4)) ** 2, 0.02, 1))
    z = anatomy.chest_centre(y) + depth * room * rng.uniform(-0.95, 0.95, count)
    fall = np.where(z > 0, 1.0, 0.0) * 1.2 * rng.random(count) * (y > 0.8 * anatomy.dome)
    return np.stack([side * x, y + fall, z], axis=1)


def grow(anatomy: Anatomy, side: int, leaves: int, tip: float, rng: np.random.Generator) -> Tree:
    """Grow a tree from one hilum towards `leaves` points, twigs of radius `tip`.

    Each target joins the nearest branch, with a penalty that makes it leave at a sharp angle; the radii
    follow Murray's law (r^3 adds up at every fork).
    """
    root = hilum(anatomy, side)
    targets = _targets(anatomy, side, leaves, rng)
    targets = targets[np.argsort(np.linalg.norm(targets - root, axis=1) + rng.normal(0, 0.8, leaves))]
    capacity = leaves * 5 + 1
    nodes = np.zeros((capacity, 3))
    parents = np.full(capacity, -1, dtype=np.intp)
    reach = np.zeros(capacity)
    nodes[0], used = root, 1
    wander = rng.normal(0, 0.05, (leaves, 5, 3))
    for number, target in enumerate(targets):
        distance = np.linalg.norm(nodes[:used] - target, axis=1) + 0.35 * reach[:used]
        parent = int(np.argmin(distance))
        length = float(np.linalg.norm(target - nodes[parent]))
        steps = int(np.clip(np.ceil(length / 0.8), 1, 5))
        origin = nodes[parent].copy()
        for step in range(1, steps + 1):
            point = origin + (target - origin) * step / steps
            nodes[used] = point + wander[number, step - 1] * min(length, 2.0)
            parents[used] = parent
            reach[used] = reach[parent] + length / steps
            parent, used = used, used + 1
    flow = np.zeros(used)
    children = np.bincount(parents[1:used], minlength=used)
    flow[children == 0] = tip**_MURRAY
    for node in range(used - 1, 0, -1):
        flow[parents[node]] += flow[node]
    thick = flow ** (1 / _MURRAY)
    end = np.arange(1, used)
    start = parents[1:used]
    thick = np.minimum(thick, 0.24)
    begin = np.minimum(thick[start], thick[end] * 1.15)
    return Tree(nodes[start], nodes[end], np.stack([begin, thick[end]], axis=1))


def draw_vessels(
    frame: Frame, anatomy: Anatomy, rng: np.random.Generator, grain: np.random.Generator
) -> NDArray[np.float64]:
    """Return the path length in the vessels of both lungs."""
    onto = np.zeros(frame.shape, np.float64)
    for side in (-1, 1):
        for leaves, tip in ((250, 0.053), (200, 0.048)):
            tree = grow(anatomy, side, leaves, tip, rng)
            # The roots of the trees lie on one another; only one of them is there.
            away = np.linalg.norm(tree.starts - hilum(anatomy, side), axis=1)
            share = 1 - 0.6 * np.exp(-away / 1.1)
            spray(frame, grain, onto, tree.starts, tree.ends, tree.radii, share)
        gate = hilum(anatomy, side)
        reach = ((frame.x - gate[0] - side * 0.25) / 0.75) ** 2 + ((frame.y - gate[1] - 0.5) / 1.35) ** 2
        onto += 0.30 * np.exp(-reach)
    return onto


def airway_path(frame: Frame, anatomy: Anatomy) -> Field:
    """Return the path length in the air of trachea and main bronchi down to the hila."""
    bend, fork = (-0.10, anatomy.dome * 0.2), (0.12, anatomy.dome * 0.37)
    parts = [
        capsule(frame, (0.0, -9.0), bend, (0.52, 0.47)),
        capsule(frame, bend, fork, (0.47, 0.44)),
    ]
    for side, radii in ((-1, (0.33, 0.20)), (1, (0.28, 0.18))):
        gate = hilum(anatomy, side)
        parts.append(capsule(frame, fork, (float(gate[0]), float(gate[1])), radii))
    total: Field = np.max(np.stack(parts), axis=0)
    return total
