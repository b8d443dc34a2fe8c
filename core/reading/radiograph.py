"""The radiograph as the rest of the program sees it, whatever file it came from."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import Enum
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

Grey8: TypeAlias = NDArray[np.uint8]
Grey: TypeAlias = NDArray[np.uint8] | NDArray[np.uint16]


class SpacingKind(Enum):
    """Where a pixel spacing was measured."""

    PATIENT = "in the patient"
    DETECTOR = "at detector"


@dataclass(frozen=True, slots=True)
class PixelSpacing:
    """Distance between pixel centres in millimetres, and where it holds."""

    row_mm: float
    column_mm: float
    kind: SpacingKind


class VoiFunction(Enum):
    """VOI LUT function of DICOM PS3.3 C.11.2.1.2 and C.11.2.1.3."""

    LINEAR = "LINEAR"
    LINEAR_EXACT = "LINEAR_EXACT"
    SIGMOID = "SIGMOID"


@dataclass(frozen=True, slots=True)
class Window:
    """A window (width > 0) in the units of `Radiograph.pixels`."""

    center: float
    width: float
    function: VoiFunction = VoiFunction.LINEAR


@dataclass(frozen=True, slots=True, eq=False)
class Radiograph:
    """One grey-scale image, ready to be shown and scored.

    Attributes
    ----------
    pixels : ndarray of uint8 or uint16, shape (H, W)
        Values after the modality transformation, shifted and scaled to unsigned integers; before any
        window and before the MONOCHROME1 inversion. What a viewer applies window/level to.
    rendering : ndarray of uint8, shape (H, W)
        The file's default rendering: windowed as the file asks, bright means dense. What the model sees.
    window : Window
        The window behind `rendering`, in units of `pixels`; where the file carries a lookup table
        instead, a linear window over the same range.
    inverted : bool
        True where low `pixels` are bright (MONOCHROME1).
    padding : tuple of two ints, or None
        Lowest and highest value of `pixels` that stands for no image at all; always shown black.
    spacing : PixelSpacing or None
    projection : str or None
        View position as the file states it ("AP", "PA", "LL", ...).
    body_part : str or None
        Body part examined as the file states it ("CHEST", ...).
    age_years : float or None
    frame, frame_count : int
        Which of how many frames or pages this is; the first is 0.
    colour : bool
        True for a truly coloured picture, which no radiograph is.
    notes : tuple of str
        Plain sentences on what a careful reader should know of the file.
    """

    pixels: Grey
    rendering: Grey8
    window: Window
    inverted: bool = False
    padding: tuple[int, int] | None = None
    spacing: PixelSpacing | None = None
    projection: str | None = None
    body_part: str | None = None
    age_years: float | None = None
    frame: int = 0
    frame_count: int = 1
    colour: bool = False
    notes: tuple[str, ...] = field(default=())

    @property
    def shape(self) -> tuple[int, int]:
        """Height and width in pixels."""
        height, width = self.pixels.shape
        return int(height), int(width)
