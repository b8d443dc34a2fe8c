"""Clavicles, scapulae, upper arms and the lower jaw."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from scipy.interpolate import CubicSpline

from core.learning.phantom.anatomy import Anatomy
from core.learning.phantom.frame import Frame, soft_step
from core.learning.phantom.splat import Points, deposit, sweep
from core.learning.phantom.trunk import arm_line, shoulder_joint

_FORWARD = np.array([0.0, 0.0, 1.0])


def _step(x: float, y: float, z: float) -> Points:
    """Return a shift as an array."""
    return np.array([x, y, z])


def _curve(points: Sequence[Points | tuple[float, float, float]], count: int = 60) -> Points:
    """Return a smooth curve through points."""
    knots = np.linspace(0, 1, len(points))
    spline = CubicSpline(knots, np.array(points), bc_type="natural")
    return np.asarray(spline(np.linspace(0, 1, count)))


def _bone(
    frame: Frame,
    grain: np.random.Generator,
    onto: NDArray[np.float64],
    curve: Points,
    widths: list[float],
    flat: float,
    cortex: float,
    densities: tuple[float, float],
) -> None:
    """Sweep a bone whose half width follows `widths`; `flat` is thickness over width."""
    at = np.linspace(0, 1, len(curve))
    tall = np.interp(at, np.linspace(0, 1, len(widths)), widths)
    normals = np.tile(_FORWARD, (len(curve), 1))
    sweep(frame, grain, onto, curve, normals, tall, tall * flat, cortex, densities)


def _clavicle(
    frame: Frame, anatomy: Anatomy, side: int, grain: np.random.Generator, onto: NDArray[np.float64]
) -> None:
    """Add one clavicle from the breastbone to the acromion."""
    lift = anatomy.shoulder_lift[0 if side < 0 else 1]
    joint = shoulder_joint(anatomy, side)
    start_y = 0.55
    span = abs(joint[0]) - 2.0 - 1.1
    end_y = start_y - span * float(np.clip(0.34 + 0.22 * lift, 0.18, 0.6))
    points = [
        (side * 1.1, start_y, -3.0),
        (side * (1.1 + 0.28 * span), start_y - 0.30 * (start_y - end_y), -2.9),
        (side * (1.1 + 0.55 * span), start_y - 0.66 * (start_y - end_y) - 0.06, -2.0),
        (side * (1.1 + 0.75 * span), end_y + 0.08 * (start_y - end_y) - 0.03, -1.0),
        (side * (1.1 + span), end_y + 0.12, -0.6),
    ]
    _bone(
        frame,
        grain,
        onto,
        _curve(points),
        [0.17, 0.32, 0.30, 0.27, 0.24, 0.23, 0.24, 0.27, 0.30, 0.30, 0.16],
        0.8,
        0.075,
        (1.1, 0.42),
    )


def _scapula(
    frame: Frame, anatomy: Anatomy, side: int, grain: np.random.Generator, onto: NDArray[np.float64]
) -> None:
    """Add one shoulder blade: borders, a thin plate, spine, coracoid and socket."""
    joint = shoulder_joint(anatomy, side)
    lift = anatomy.shoulder_lift[0 if side < 0 else 1]
    socket = joint + np.array([-side * 0.95, 0.25, 0.6])
    swing = 0.35 + 0.32 * lift
    tip = np.array([side * (5.9 + 1.0 * swing), 6.0 - 0.7 * lift, 3.6])
    upper = np.array([side * (5.5 - 0.25 * lift), 0.9 - 0.4 * lift, 3.6])
    inner = np.array([side * (4.8 + 0.3 * swing), 2.6 - 0.4 * lift, 4.2])
    neck = socket + np.array([-side * 0.3, 0.1, 0.3])
    lateral = _curve([socket + _step(0, 0.5, 0), (socket + tip) / 2 + _step(side * 0.15, 0, 0), tip])
    _bone(frame, grain, onto, lateral, [0.30, 0.2, 0.13, 0.12], 0.7, 0.06, (0.4, 0.25))
    medial = _curve([upper, inner, tip])
    _bone(frame, grain, onto, medial, [0.08, 0.08, 0.10], 1.0, 0.05, (0.38, 0.2))
    ridge = (inner + socket) / 2 + _step(0, -1.1, 1.4)
    crest = _curve([inner + _step(0, -0.7, 0.6), ridge, joint + _step(-side * 0.3, -1.0, 0.9)])
    _bone(frame, grain, onto, crest, [0.12, 0.2, 0.36], 0.4, 0.045, (0.5, 0.2))
    hook = [_step(-side * 0.2, -0.3, -0.4), _step(side * 0.1, -0.95, -1.4), _step(side * 0.5, -0.75, -2.0)]
    coracoid = _curve([neck + part for part in hook])
    _bone(frame, grain, onto, coracoid, [0.26, 0.27, 0.3], 0.7, 0.05, (0.55, 0.25))
    angle = np.linspace(0, 2 * np.pi, 50)
    rim = socket + np.stack([0.28 * np.cos(angle), 0.75 * np.sin(angle), 0.2 * np.cos(angle)], axis=1)
    _bone(frame, grain, onto, rim, [0.07, 0.07], 1.5, 0.05, (0.42, 0.2))
    _plate(frame, onto, [upper, neck, tip, inner], side)


def _plate(frame: Frame, onto: NDArray[np.float64], corners: list[Points], side: int) -> None:
    """Add a thin plate: a convex polygon of corners in order, with soft edges."""
    inside = np.full(frame.shape, np.inf, np.float32)
    for first, second in zip(corners, corners[1:] + corners[:1], strict=True):
        along = (second - first)[:2] / np.linalg.norm((second - first)[:2])
        distance = side * ((frame.y - first[1]) * along[0] - (frame.x - first[0]) * along[1])
        inside = np.minimum(inside, distance.astype(np.float32))
    onto += (
        0.15 * soft_step(inside - np.float32(0.1), 0.5) * (1 + 0.35 * np.exp(-np.clip(inside, 0, 3) / 0.5))
    )


def _humerus(
    frame: Frame, anatomy: Anatomy, side: int, grain: np.random.Generator, onto: NDArray[np.float64]
) -> None:
    """Add one upper arm: the ossifying head, the flared growth zone and the shaft."""
    joint, elbow = arm_line(anatomy, side)
    along = (elbow - joint) / np.linalg.norm(elbow - joint)
    shaft = np.linspace(joint + 0.25 * along, elbow, 80)
    at = np.linspace(0, 1, 80)
    widths = np.interp(at, [0, 0.02, 0.04, 0.12, 0.22, 1], [0.52, 0.60, 0.64, 0.52, 0.43, 0.43])
    normals = np.tile(_FORWARD, (80, 1))
    sweep(frame, grain, onto, shaft, normals, widths, widths * 0.95, 0.085, (0.85, 0.15))
    older = np.clip((anatomy.age_years - 0.5) / 4.5, 0.1, 1)
    radius = 0.5 + 0.38 * older
    count = int(min(max(radius**2 / frame.pitch**2 * 30, 600), 400_000))
    ball = grain.standard_normal((count, 3))
    ball *= (grain.random(count) ** (1 / 2.4) / np.linalg.norm(ball, axis=1))[:, None]
    centre = joint + along * (0.45 - radius * 0.75)
    volume = 4 / 3 * np.pi * radius**3 / count
    deposit(frame, centre + ball * radius * np.array([1.0, 0.95, 0.9]), np.full(count, volume * 0.22), onto)


def _jaw(frame: Frame, anatomy: Anatomy, grain: np.random.Generator, onto: NDArray[np.float64]) -> None:
    """Add the lower jaw, seen when the chin hangs into the field."""
    level = anatomy.head + 4.35
    points = [
        (-3.6, level - 4.2, 0.0), (-3.1, level - 2.0, -1.0), (-1.5, level - 0.35, -3.0), (0.0, level, -3.6),
        (1.5, level - 0.35, -3.0), (3.1, level - 2.0, -1.0), (3.6, level - 4.2, 0.0),
    ]  # fmt: skip
    _bone(
        frame, grain, onto, _curve(points, 120), [0.6, 0.6, 0.55, 0.6, 0.55, 0.6, 0.6], 0.8, 0.16, (1.0, 0.45)
    )


def draw_shoulders(frame: Frame, anatomy: Anatomy, grain: np.random.Generator) -> NDArray[np.float64]:
    """Return the path length in these bones, weighted by density."""
    onto = np.zeros(frame.shape, np.float64)
    for side in (-1, 1):
        _clavicle(frame, anatomy, side, grain, onto)
        _scapula(frame, anatomy, side, grain, onto)
        _humerus(frame, anatomy, side, grain, onto)
    _jaw(frame, anatomy, grain, onto)
    return onto
