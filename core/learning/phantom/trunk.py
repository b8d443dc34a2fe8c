"""Soft tissue: trunk, neck, head, arms, and the gas in stomach and bowel."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from core.learning.phantom.anatomy import Anatomy, through
from core.learning.phantom.finding import Field
from core.learning.phantom.frame import Frame, single, smooth_field, soft_step

Point = tuple[float, float]


def shoulder_joint(anatomy: Anatomy, side: int) -> NDArray[np.float64]:
    """Return the centre (x, y, z) of the humeral head; `side` is -1 for image left, 1 for right."""
    lift = anatomy.shoulder_lift[0 if side < 0 else 1]
    return np.array([side * (8.15 - 0.35 * lift), 0.35 - 1.1 * lift, 0.4])


def arm_line(anatomy: Anatomy, side: int) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return shoulder joint and elbow of one arm."""
    joint = shoulder_joint(anatomy, side)
    angle = anatomy.arm_angles[0 if side < 0 else 1]
    direction = np.array([side * np.cos(angle), -np.sin(angle), -0.1])
    return joint, joint + 16.0 * direction


def capsule(frame: Frame, start: Point, end: Point, radii: Point) -> Field:
    """Return the path length through a tapering round limb in the image plane."""
    ax, ay = start
    bx, by = end[0] - ax, end[1] - ay
    part = ((frame.x - ax) * bx + (frame.y - ay) * by) / (bx * bx + by * by)
    part = np.clip(part, 0, 1)
    distance2 = (frame.x - ax - part * bx) ** 2 + (frame.y - ay - part * by) ** 2
    radius = radii[0] + (radii[1] - radii[0]) * part
    chord: Field = (2 * np.sqrt(np.clip(radius**2 - distance2, 0, None))).astype(np.float32)
    return chord


def _column(frame: Frame, half_width: Field, depth: Field, power: float) -> Field:
    """Return the path length of an upright body whose level sections are superellipses."""
    across = np.abs(frame.x) / np.maximum(half_width, 0.05)
    rest = np.clip(1 - across**power, 0, None)
    return (depth * rest ** np.float32(1 / 2.4)).astype(np.float32)


def body_path(frame: Frame, anatomy: Anatomy, rng: np.random.Generator) -> Field:
    """Return the beam's path through the body's outline, in body units, as if it were all water."""
    levels = np.linspace(-14, 26, 400)
    cage = anatomy.chest_half_width(np.maximum(levels, 0.0))
    waist = through([-1.2, 0.8, 3.5, 8, 14, 22], [2.7, 5.0, 6.6, 7.5, 7.7, 7.6], levels)
    waist = np.where(levels > 3.0, np.maximum(waist, cage + anatomy.wall), waist)
    waist = np.convolve(np.pad(waist, 12, mode="edge"), np.ones(25) / 25, "valid")
    depth = through([-3, -0.5, 2.5, 6, 10, 14, 20], [5.4, 6.8, 9.4, 11.1, 11.6, 11.6, 10.8], levels)
    depth = depth * (anatomy.half_depth / 4.6)
    trunk_width = np.interp(frame.y, levels, waist).astype(np.float32)
    trunk_depth = np.interp(frame.y, levels, depth).astype(np.float32)
    wobble = smooth_field(frame, rng, 4.0) * np.float32(0.10)
    top = soft_step(frame.y + 1.2, 2.5)
    trunk = _column(frame, trunk_width + wobble, trunk_depth, 3.0) * np.sqrt(top)
    neck_y = np.abs(frame.y) * 0.03
    neck = _column(frame, (3.0 + neck_y + wobble).astype(np.float32), np.float32(6.4) + 0 * frame.x, 2.0)
    neck = neck * soft_step(1.0 - frame.y, 3.0)
    head = _head(frame, anatomy)
    parts = [trunk, neck, head]
    for side in (-1, 1):
        joint, elbow = arm_line(anatomy, side)
        thick = 2.15 + 0.22 * (anatomy.wall - 1.0)
        parts.append(capsule(frame, (side * 3.2, 0.9), (joint[0], joint[1]), (2.5, thick + 0.15)))
        parts.append(capsule(frame, (joint[0], joint[1]), (elbow[0], elbow[1]), (thick, 1.75)))
        low = (side * (anatomy.half_width - 0.9), 4.4)
        parts.append(capsule(frame, (joint[0], joint[1] + 0.3), low, (thick, 1.7)))
    total = np.zeros(frame.shape, np.float32)
    for part in parts:
        total += part**3
    return np.cbrt(total).astype(np.float32)


def _head(frame: Frame, anatomy: Anatomy) -> Field:
    """Return the path through the chin and the face, often just above the image."""
    level = anatomy.head
    inside = 1 - (frame.x / 5.6) ** 2 - ((frame.y - level) / 5.4) ** 2
    return single(10.5 * np.sqrt(np.clip(inside, 0, None)))


def muscle_path(frame: Frame, anatomy: Anatomy) -> Field:
    """Return extra path of the muscles and folds around the arms' roots (signed differences of fat)."""
    total = np.zeros(frame.shape, np.float32)
    for side in (-1, 1):
        joint = shoulder_joint(anatomy, side)
        fold = capsule(frame, (joint[0] - side * 0.3, joint[1] + 1.0), (side * 5.4, 4.6), (1.3, 1.5))
        total += 0.28 * fold
        back = capsule(frame, (joint[0] - side * 0.2, joint[1] + 1.3), (side * 6.9, 6.6), (1.0, 1.3))
        total += 0.22 * back
    # A layer of fat under the skin of the flanks is a little more lucent than muscle.
    width = anatomy.chest_half_width(np.maximum(frame.y, 0.0)) + 0.25
    flank = soft_step((np.abs(frame.x) - width).astype(np.float32), 0.35)
    return (total - 0.35 * flank * soft_step(frame.y - 4.0, 3.0)).astype(np.float32)


def gas_path(frame: Frame, anatomy: Anatomy, rng: np.random.Generator) -> Field:
    """Return the path through the stomach bubble and bowel gas below the diaphragm."""
    ripple = smooth_field(frame, rng, 0.7)
    swell = smooth_field(frame, rng, 1.2)
    total = np.zeros(frame.shape, np.float32)
    amount = rng.uniform(0.0, 1.0)
    width, height = rng.uniform(1.3, 2.7), rng.uniform(0.7, 1.5)
    centre_x = rng.uniform(2.6, 4.3)
    centre_y = anatomy.dome_left + 1.1 + height + rng.uniform(0.0, 0.8)
    radius2 = ((frame.x - centre_x) / width) ** 2 + ((frame.y - centre_y) / height) ** 2
    inside = np.clip(1 - radius2 * np.exp(0.3 * swell) + 0.05 * ripple, 0, None)
    if amount > 0.3:
        total += (2.6 * amount * np.sqrt(np.clip(inside, 0, 1))).astype(np.float32)
    for _ in range(int(rng.integers(2, 9))):
        x, y = rng.uniform(-1.0, 6.2), anatomy.dome_left + rng.uniform(3.2, 7.0)
        size, stretch = rng.uniform(0.3, 0.9), rng.uniform(0.6, 1.6)
        distance2 = ((frame.x - x) / (size * stretch)) ** 2 + ((frame.y - y) / size) ** 2
        ball = np.clip(1 - distance2 * np.exp(0.5 * swell) + 0.1 * ripple * (distance2 < 3), 0, 1)
        total += (1.5 * size * np.sqrt(ball)).astype(np.float32)
    return total
