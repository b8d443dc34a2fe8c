"""Puts one child, one disease and one exposure together."""

from __future__ import annotations

import numpy as np

from core.learning.phantom.anatomy import Anatomy, draw_anatomy
from core.learning.phantom.exposure import (
    Technique,
    collimate,
    develop,
    draw_technique,
    expose,
    reference_levels,
)
from core.learning.phantom.finding import PATTERNS, Field, Finding, Mask, Pattern, Phantom
from core.learning.phantom.frame import Frame, blur, make_frame, smooth_field
from core.learning.phantom.lesions import LUNG_DENSITY, lesion_mask, make_lesion
from core.learning.phantom.lungs import Lungs, build_lungs
from core.learning.phantom.marks import draw_side_marker
from core.learning.phantom.ribs import draw_ribs
from core.learning.phantom.shoulders import draw_shoulders
from core.learning.phantom.spine import draw_spine
from core.learning.phantom.trees import airway_path, draw_vessels
from core.learning.phantom.trunk import body_path, gas_path, muscle_path

MIN_SIZE = 32


def make_phantom(
    seed: int, finding: Finding, *, size: int = 1024, pattern: Pattern | None = None, view: int = 0
) -> Phantom:
    """Make a synthetic chest radiograph (AP, supine) of a child of one to five years.

    The same arguments give the same pixels. The same seed gives the same child, exposure and noise
    whatever the finding (but for the hyperinflation of viral ones), and the same child at every size.

    Parameters
    ----------
    seed : int
        Not negative.
    finding : Finding
        What the image shows.
    size : int
        Width in pixels, at least 32; the height is 0.66 to 0.90 of it.
    pattern : Pattern, optional
        The look of the disease; drawn from those of the finding by default.
    view : int
        Number of the exposure: the same child with the same disease, positioned and exposed anew.

    Raises
    ------
    ValueError
        If `size` is too small or `pattern` is none of the finding's.
    """
    if size < MIN_SIZE:
        raise ValueError(f"size must be at least {MIN_SIZE}, got {size}")
    if pattern is not None and pattern not in PATTERNS[finding]:
        raise ValueError(f"{finding} has no pattern {pattern}")
    streams = [np.random.default_rng(child) for child in np.random.SeedSequence(seed).spawn(7)]
    child, position, organs, disease, grain, noise, ill_grain = streams
    if view:
        again = np.random.SeedSequence([seed, view]).spawn(3)
        position, grain, noise = (np.random.default_rng(child) for child in again)
    if pattern is None:
        names = list(PATTERNS[finding])
        pattern = names[int(disease.choice(len(names), p=list(PATTERNS[finding].values())))]
    inflation = float(disease.uniform(0.35, 1.0)) if pattern is Pattern.INTERSTITIAL else 0.0
    anatomy = draw_anatomy(child, inflation)
    frame = _draw_frame(position, size)
    technique = draw_technique(position)
    lungs = build_lungs(frame, anatomy, organs)
    lesion = make_lesion(frame, anatomy, lungs, pattern, disease, ill_grain)
    grey = _image(frame, anatomy, lungs, lesion.excess, technique, (organs, grain, noise))
    grey = draw_side_marker(collimate(grey, technique), position)
    lung = lungs.path() > 0.8
    return Phantom(
        image=np.round(grey * 65535).astype(np.uint16),
        lung_mask=lung,
        lesion_mask=lesion_mask(frame, lesion.excess, lung),
        finding=finding,
        pattern=pattern,
        effusion=lesion.effusion,
        age_years=anatomy.age_years,
        seed=seed,
        pixel_spacing_mm=round(10 * anatomy.scale * frame.pitch, 4),
    )


def _draw_frame(rng: np.random.Generator, size: int) -> Frame:
    """Draw how the child lies under the tube."""
    span = float(rng.uniform(16.9, 21.2))
    height = round(size * float(rng.uniform(0.66, 0.90)))
    tall = span * height / size
    centre = (float(rng.normal(0, 0.35)), float(rng.uniform(-2.8, -0.8)) + tall / 2)
    tilt, twist = float(rng.normal(0, 0.028)), float(rng.normal(0, 0.045))
    return make_frame(size, height, span, centre, tilt, twist)


def _image(
    frame: Frame,
    anatomy: Anatomy,
    lungs: Lungs,
    excess: Field,
    technique: Technique,
    streams: tuple[np.random.Generator, np.random.Generator, np.random.Generator],
) -> Field:
    """Return the developed image in 0..1."""
    organs, grain, noise = streams
    healthy, bone = _healthy_paths(frame, anatomy, lungs, organs, grain)
    scale = np.float32(anatomy.scale)
    log_signal = expose(frame, (healthy + excess) * scale, bone * scale, technique, noise)
    chest = _chest(frame, anatomy)
    plain = expose(frame, healthy * scale, bone * scale, technique, np.random.default_rng(0))
    levels = reference_levels(plain, chest)
    return develop(frame, log_signal, levels, technique)


def _healthy_paths(
    frame: Frame,
    anatomy: Anatomy,
    lungs: Lungs,
    organs: np.random.Generator,
    grain: np.random.Generator,
) -> tuple[Field, Field]:
    """Return the path in water and the density-weighted path in bone of the healthy child."""
    air = lungs.path()
    water = body_path(frame, anatomy, organs) + muscle_path(frame, anatomy)
    mottle = smooth_field(frame, organs, 0.9) * 0.012 + smooth_field(frame, organs, 0.35) * 0.015
    density = np.float32(LUNG_DENSITY) + mottle
    vessels = blur(draw_vessels(frame, anatomy, organs, grain).astype(np.float32), 0.03 / frame.pitch)
    within = np.clip(air / 1.5, 0.0, 1)
    water -= air * (1 - density)
    water += vessels * within
    water -= gas_path(frame, anatomy, organs) + airway_path(frame, anatomy)
    water += smooth_field(frame, organs, 0.7) * 0.05 + smooth_field(frame, organs, 2.5) * 0.10
    bone = draw_ribs(frame, anatomy, organs, grain)
    bone += draw_spine(frame, anatomy, organs, grain)
    bone += draw_shoulders(frame, anatomy, grain)
    return np.maximum(water, 0).astype(np.float32), bone.astype(np.float32)


def _chest(frame: Frame, anatomy: Anatomy) -> Mask:
    """Return the rib cage down to a little below the diaphragms."""
    width = anatomy.chest_half_width(np.clip(frame.y, 0, None))
    inside = (frame.y > 0.5) & (frame.y < anatomy.dome + 2.5) & (np.abs(frame.x) < width)
    mask: Mask = np.asarray(inside)
    return mask
