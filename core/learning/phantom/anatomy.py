"""One child: the numbers that every organ is built from."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.interpolate import PchipInterpolator

from core.learning.phantom.finding import Field

REFERENCE_AGE = 3.0


@dataclass(frozen=True, slots=True)
class Anatomy:
    """Sizes in body units (a centimetre of a three-year-old); see the module `frame` for the axes.

    Attributes
    ----------
    age_years : float
        From 1 to 5.
    scale : float
        Centimetres to a body unit: 1 for a child of three.
    half_width : float
        Widest inner half-width of the rib cage.
    dome : float
        Level of the right diaphragm's top below the apices.
    dome_left : float
        The same of the left.
    half_depth : float
        Inner half-depth of the rib cage.
    flare, cone : float
        Widening below the lungs, and how bell-shaped (1) or barrel-shaped (0) the chest is.
    spacing : float
        Distance of two thoracic vertebrae.
    slant : float
        How steeply the ribs descend.
    arm_angles : tuple of float
        Angle of the upper arms above the horizontal, in radians, right and left.
    thymus : tuple of float
        Bulge of the thymus to the right and to the left.
    wall : float
        Soft tissue outside the ribs.
    heart : float
        Width of the heart over the inner width of the chest.
    shoulder_lift : tuple of float
        How far the shoulders are drawn up, right and left.
    flatness : float
        How flat the diaphragms are: 0 for a usual breath.
    head : float
        Level of the middle of the head, above the apices and so negative.
    scoliosis : float
        Sideways swing of the spine in body units.
    """

    age_years: float
    scale: float
    half_width: float
    dome: float
    dome_left: float
    half_depth: float
    spacing: float
    slant: float
    flare: float
    cone: float
    arm_angles: tuple[float, float]
    shoulder_lift: tuple[float, float]
    thymus: tuple[float, float]
    wall: float
    heart: float
    flatness: float
    head: float
    scoliosis: float

    def chest_half_width(self, y: Field | NDArray[np.float64]) -> NDArray[np.float64]:
        """Inner half-width of the rib cage at the levels `y` (0 above the apices)."""
        height = np.maximum(np.asarray(y, dtype=np.float64) / self.dome, 0)
        barrel = (1 - (1 - np.minimum(height / 1.05, 1)) ** 2.6) ** (1 / 2.2)
        bell = 1.03 * (1 - (1 - np.minimum(height / 1.4, 1)) ** 2.0) ** (1 / 1.9)
        profile = (1 - self.cone) * barrel + self.cone * bell
        below = np.clip(np.asarray(y, dtype=np.float64) / self.dome - 0.7, 0, 1.2)
        return np.asarray(self.half_width * (profile + self.flare * below))

    def chest_half_depth(self, y: Field | NDArray[np.float64]) -> NDArray[np.float64]:
        """Inner half-depth of the rib cage at the levels `y`."""
        level = np.clip(np.asarray(y, dtype=np.float64) / (self.dome * 1.15), 0, 1)
        return np.asarray(self.half_depth * (0.05 + 0.95 * (1 - (1 - level) ** 2.4) ** (1 / 2.0)))

    def chest_centre(self, y: Field | NDArray[np.float64]) -> NDArray[np.float64]:
        """Depth of the rib cage's middle: the back is steeper than the breastbone."""
        return np.asarray(0.7 * (self.half_depth - self.chest_half_depth(y)))

    def vertebra(self, index: NDArray[np.float64]) -> NDArray[np.float64]:
        """Level of the centre of thoracic vertebra 1..12; below 1 cervical, above 12 lumbar."""
        steps = index - 1.55
        return np.asarray(self.spacing * (steps + 0.012 * steps * np.abs(steps)))

    def spine_shift(self, y: Field | NDArray[np.float64]) -> NDArray[np.float64]:
        """Sideways bend of the spine at the levels `y`."""
        return np.asarray(self.scoliosis * np.sin((np.asarray(y, dtype=np.float64) - 1.0) / 4.2))


def draw_anatomy(rng: np.random.Generator, inflation: float = 0.0) -> Anatomy:
    """Draw a child of one to five years.

    Parameters
    ----------
    inflation : float
        0 for a usual breath, 1 for clear hyperinflation: low flat diaphragms and level ribs. It draws
        no random numbers, so the rest of the child stays the same.
    """
    age = float(rng.uniform(1.0, 5.0))
    older = (age - REFERENCE_AGE) / 2.0
    breath = float(np.clip(rng.normal(0.0, 0.55), -1.3, 1.0))
    dome = 8.9 + 0.45 * older + 0.75 * breath
    arms_up = float(rng.uniform(-0.2, 1.1)) if rng.random() < 0.75 else float(rng.uniform(-1.35, -1.0))
    angles = (arms_up + float(rng.normal(0, 0.2)), arms_up + float(rng.normal(0, 0.15)))
    lift = (
        0.5 * max(arms_up, -0.4) + float(rng.normal(0, 0.25)),
        0.5 * max(arms_up, -0.4) + float(rng.normal(0, 0.25)),
    )
    sail = float(rng.random() < 0.22 - 0.12 * older)
    thymus_left = float(np.clip(rng.normal(0.45 - 0.3 * older, 0.35), 0, 1.3))
    thymus_right = float(np.clip(rng.normal(0.25 - 0.2 * older, 0.3), 0, 1.0)) + 1.0 * sail
    return Anatomy(
        age_years=round(age, 1),
        scale=1.0 + 0.055 * (age - REFERENCE_AGE),
        half_width=7.2 + float(rng.normal(0, 0.25)),
        dome=dome + 1.0 * inflation,
        dome_left=dome + float(rng.normal(0.45, 0.22)) + 1.0 * inflation,
        half_depth=4.6 - 0.2 * older + float(rng.normal(0, 0.15)) + 0.3 * inflation,
        spacing=1.26 + 0.03 * older + float(rng.normal(0, 0.025)),
        slant=float(np.clip(1.3 + 0.10 * older + rng.normal(0, 0.14), 0.95, 1.65)) * (1 - 0.22 * inflation),
        cone=float(rng.uniform(0.25, 1.0)) * (1 - 0.35 * inflation),
        flare=float(rng.uniform(0.0, 0.12)) * (1 - 0.3 * older),
        arm_angles=angles,
        shoulder_lift=lift,
        thymus=(thymus_right, thymus_left),
        wall=float(rng.uniform(0.75, 1.35)),
        heart=float(np.clip(rng.normal(0.505 - 0.015 * older, 0.03), 0.44, 0.58)) * (1 - 0.05 * inflation),
        flatness=0.55 * inflation,
        head=float(rng.uniform(-8.9, -5.9)),
        scoliosis=float(rng.normal(0, 0.12)),
    )


def through(knots: list[float], values: list[float], at: NDArray[np.floating]) -> NDArray[np.float64]:
    """Interpolate `values` at `knots` without overshoot, constant beyond the ends."""
    curve = PchipInterpolator(knots, values)
    return np.asarray(curve(np.clip(at, knots[0], knots[-1])))
