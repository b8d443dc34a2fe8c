"""What a phantom shows, and the phantom itself."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final, TypeAlias

import numpy as np
from numpy.typing import NDArray

Field: TypeAlias = NDArray[np.float32]
Mask: TypeAlias = NDArray[np.bool_]

LABEL: Final = "synthetic"


class Finding(StrEnum):
    """The class that a radiograph of the Kaggle layout would be filed under."""

    NORMAL = "normal"
    BACTERIAL = "bacterial"
    VIRAL = "viral"


class Pattern(StrEnum):
    """How the disease looks on the radiograph."""

    NONE = "none"
    LOBAR = "lobar consolidation"
    SEGMENTAL = "segmental consolidation"
    ROUND = "round pneumonia"
    PATCHY = "patchy bronchopneumonia"
    INTERSTITIAL = "bilateral peribronchial thickening with hyperinflation"


PATTERNS: Final[dict[Finding, dict[Pattern, float]]] = {
    Finding.NORMAL: {Pattern.NONE: 1.0},
    Finding.BACTERIAL: {
        Pattern.LOBAR: 0.4,
        Pattern.SEGMENTAL: 0.25,
        Pattern.ROUND: 0.15,
        Pattern.PATCHY: 0.2,
    },
    Finding.VIRAL: {Pattern.INTERSTITIAL: 1.0},
}
"""The patterns of each finding and how often each is drawn."""


@dataclass(frozen=True, slots=True, eq=False)
class Phantom:
    """A synthetic chest radiograph of a child who does not exist.

    Attributes
    ----------
    image : ndarray of uint16, shape (H, W)
        Grey values over the full range 0..65535, dense is bright.
    lung_mask : ndarray of bool, shape (H, W)
        Where the beam passes a fair thickness of lung, also behind the heart and the diaphragm.
    lesion_mask : ndarray of bool, shape (H, W)
        Where disease adds density; inside `lung_mask`, empty for normals.
    pixel_spacing_mm : float
        Distance of pixel centres in the body's middle plane.
    effusion : bool
        True where a small pleural effusion blunts the costophrenic angle.
    """

    image: NDArray[np.uint16]
    lung_mask: Mask
    lesion_mask: Mask
    finding: Finding
    pattern: Pattern
    effusion: bool
    age_years: float
    seed: int
    pixel_spacing_mm: float
    label: str = field(default=LABEL)
