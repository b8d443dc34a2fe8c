"""Vertebrae with end plates, pedicles, arches and spinous processes; discs are the gaps."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from core.learning.phantom.anatomy import Anatomy
from core.learning.phantom.frame import Frame
from core.learning.phantom.splat import Points, sweep

_BONE = (1.0, 0.36)


def _body(
    frame: Frame,
    onto: NDArray[np.float64],
    centre: tuple[float, float],
    half: tuple[float, float],
    depth: float,
) -> None:
    """Add a vertebral body: a rounded block with a waist, denser at its rim."""
    reach = max(half) + 0.4
    x_range = (np.abs(frame.x - centre[0]) < reach) & (np.abs(frame.y - centre[1]) < reach)
    if not x_range.any():
        return
    rows, columns = np.nonzero(x_range.any(axis=1))[0], np.nonzero(x_range.any(axis=0))[0]
    window = np.s_[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1]
    x, y = frame.x[window] - centre[0], frame.y[window] - centre[1]
    level = y / half[1]
    waist = half[0] * (0.93 + 0.07 * level**2)
    edge_x = waist - np.abs(x)
    edge_y = half[1] * (1 - 0.10 * np.clip(np.abs(x / half[0]), 0, 1) ** 3) - np.abs(y)
    corner = 0.16
    inner_x, inner_y = np.minimum(edge_x - corner, 0), np.minimum(edge_y - corner, 0)
    distance = corner - np.hypot(inner_x, inner_y)
    distance = np.where((edge_x > corner) & (edge_y > corner), np.minimum(edge_x, edge_y), distance)
    soft = max(frame.pitch, 0.09)
    inside = np.clip(distance / soft + 0.5, 0, 1)
    round_ = np.sqrt(np.clip(1 - 0.75 * (x / (half[0] * 1.05)) ** 2, 0, 1))
    plate = np.exp(-(((edge_y - 0.05) / 0.07) ** 2)) + 0.6 * np.exp(-(((edge_x - 0.05) / 0.06) ** 2))
    onto[window] += inside * (0.085 * depth * round_ + 0.15 * plate)


def _ring(centre: Points, half_width: float, half_height: float) -> Points:
    """Return a closed oval in the image plane around `centre` (3,)."""
    angle = np.linspace(0, 2 * np.pi, 40)
    shift = np.stack([half_width * np.cos(angle), half_height * np.sin(angle), 0 * angle], axis=1)
    return centre + shift


def draw_spine(
    frame: Frame, anatomy: Anatomy, rng: np.random.Generator, grain: np.random.Generator
) -> NDArray[np.float64]:
    """Return the path length in the bone of the spine, weighted by its density."""
    onto = np.zeros(frame.shape, np.float64)
    forward = np.array([0.0, 0.0, 1.0])
    for index in range(-5, 17):
        jitter = rng.normal(0, 0.03, 6)
        level = np.array(float(index))
        y = float(anatomy.vertebra(level))
        x = float(anatomy.spine_shift(np.array(y))) + jitter[0]
        seen = frame.y[0].min() - 2 < y < frame.y[-1].max() + 2
        if not seen:
            continue
        pitch = float(anatomy.vertebra(level + 0.5) - anatomy.vertebra(level - 0.5))
        neck = index < 1
        wide = float(np.interp(index, [-5, 0, 1, 4, 9, 12, 16], [0.75, 0.8, 0.9, 0.86, 0.98, 1.1, 1.25]))
        deep = float(np.interp(index, [-5, 1, 12, 16], [0.9, 1.25, 1.75, 1.9]))
        shifted = x + 2.6 * np.sin(frame.twist)
        _body(frame, onto, (shifted, y), (wide, pitch * (0.37 if neck else 0.40)), deep)
        arch = x
        for side in (-1, 1):
            centre = np.array([arch + side * wide * 0.83, y - 0.10 * pitch + jitter[1], 3.6])
            ring = _ring(centre, 0.15 + 0.3 * jitter[2 if side < 0 else 4], (0.20 + 0.35 * jitter[5]) * pitch)
            size = np.full(len(ring), 0.075)
            sweep(
                frame, grain, onto, ring, np.tile(forward, (len(ring), 1)), size, size * 3, 0.04, (0.75, 0.5)
            )
            reach = 0.75 if 0 < index < 11 else 0.55
            start = centre + np.array([side * 0.05, 0.0, 0.6])
            end = start + np.array([side * reach, -0.22 if index < 13 else -0.1, 0.5])
            bar = np.linspace(start, end, 12)
            tall = np.interp(np.linspace(0, 1, 12), [0, 0.6, 1], [0.2, 0.14, 0.12])
            sweep(frame, grain, onto, bar, np.tile(forward, (12, 1)), tall, tall * 0.8, 0.05, (0.3, 0.15))
            lamina = np.linspace(
                centre + np.array([0, 0.15, 0.9]), np.array([arch, y + 0.3 * pitch, 5.3]), 12
            )
            tall = np.full(12, 0.26)
            sweep(frame, grain, onto, lamina, np.tile(forward, (12, 1)), tall, tall * 0.35, 0.05, (0.3, 0.15))
        tip = np.array([arch + jitter[3], y + 0.52 * pitch, 5.6])
        ring = _ring(tip, 0.12, 0.22)
        size = np.full(len(ring), 0.06)
        sweep(frame, grain, onto, ring, np.tile(forward, (len(ring), 1)), size, size * 2, 0.04, (0.30, 0.16))
    return onto
