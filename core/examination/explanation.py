"""Whether the heatmap lies on the lungs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from core.examination.intervals import estimate, median_of
from core.examination.masks import dilate_lungs
from core.examination.row import Bound, Row
from core.metrics.threshold import Flags, Floats

SHARE_BOUND: Final = Bound("at least", 0.60)
ENRICHMENT_BOUND: Final = Bound("at least", 1.5)
CENTRE_SIGMA: Final = 0.25


def enlarge(activation_map: NDArray[np.floating], size: int) -> NDArray[np.float32]:
    """Bring a map to the image's size as the viewer does: bilinearly, cells at their centres."""
    image = Image.fromarray(activation_map.astype(np.float32))
    return np.asarray(image.resize((size, size), Image.Resampling.BILINEAR))


def energy_share(activation_map: NDArray[np.floating], region: Flags) -> float | None:
    """Share of a non-negative map's sum that lies inside a region; None for a map of zeros.

    Parameters
    ----------
    activation_map : ndarray, shape (h, w)
    region : ndarray of bool, shape (S, S)
    """
    large = enlarge(activation_map, region.shape[0]).astype(np.float64)
    total = float(large.sum())
    return float(large[region].sum()) / total if total > 0 else None


@dataclass(frozen=True, slots=True, eq=False)
class Energies:
    """Where the energy of M maps lies.

    Attributes
    ----------
    share, area : ndarray, shape (M,)
        Share of the energy inside the dilated lungs, and their share of the image.
    narrow_gain : ndarray, shape (M,)
        Share of the energy inside the lungs as they are masked, over their area.
    ideal_gain : ndarray, shape (M,)
        The enrichment of a map that is the dilated lungs themselves, at the map's coarseness.
    centre_gain : ndarray, shape (M,)
        That of a Gaussian about the centre.
    patients : tuple of str, length M
    empty : int
        Maps that were left out because they are zero everywhere.
    """

    share: Floats
    area: Floats
    narrow_gain: Floats
    ideal_gain: Floats
    centre_gain: Floats
    patients: tuple[str, ...]
    empty: int


def measure_energies(maps: NDArray[np.float32], masks: Sequence[Flags], patients: Sequence[str]) -> Energies:
    """Measure how much of each map lies inside the lungs.

    Parameters
    ----------
    maps : ndarray, shape (M, h, w)
        Non-negative.
    masks : sequence of ndarray of bool, length M
        Not dilated.
    patients : sequence of str, length M
    """
    figures: list[tuple[float, ...]] = []
    kept = []
    for activation_map, mask, patient in zip(maps, masks, patients, strict=True):
        region = dilate_lungs(mask)
        share = energy_share(activation_map, region)
        narrow = energy_share(activation_map, mask)
        if share is None or narrow is None:
            continue
        area = float(region.mean())
        gains = (
            energy_share(found, region)
            for found in (_coarse(region, maps.shape[1:]), centre_map(maps.shape[1:]))
        )
        ideal, centre = ((gain or 0.0) / area for gain in gains)
        figures.append((share, area, narrow / float(mask.mean()), ideal, centre))
        kept.append(patient)
    shares, areas, narrow_gain, ideal_gain, centre_gain = np.array(figures, np.float64).reshape(-1, 5).T
    empty = len(maps) - len(kept)
    return Energies(shares, areas, narrow_gain, ideal_gain, centre_gain, tuple(kept), empty)


def energy_rows(energies: Energies) -> tuple[Row, ...]:
    """Make rows of the medians."""
    named = (
        ("energy", "Grad-CAM energy inside the dilated lungs, median", energies.share, SHARE_BOUND),
        (
            "enrichment",
            "Enrichment over the dilated lungs' area, median",
            energies.share / energies.area,
            ENRICHMENT_BOUND,
        ),
        ("lung_area", "Area of the dilated lungs, median", energies.area, None),
        ("enrichment_narrow", "Enrichment over the lungs, not dilated, median", energies.narrow_gain, None),
        (
            "enrichment_centre",
            "Enrichment of a Gaussian about the centre, median",
            energies.centre_gain,
            None,
        ),
        (
            "enrichment_ideal",
            "Enrichment of the lungs themselves at the map's coarseness, median",
            energies.ideal_gain,
            None,
        ),
    )
    return tuple(_row(key, title, values, bound, energies) for key, title, values, bound in named)


def _row(key: str, title: str, values: Floats, bound: Bound | None, energies: Energies) -> Row:
    if not len(values):
        return Row(key, title, None, 0, bound=bound, reason="no correctly called pneumonia has a lung mask")
    found = estimate({"median": median_of(values)}, energies.patients)["median"]
    quartiles = np.quantile(values, [0.25, 0.75]).tolist()
    return Row(
        key=key,
        title=title,
        value=found.value,
        n=len(values),
        interval=found.interval,
        method="patients",
        bound=bound,
        details={"quartiles": quartiles, "maps_without_energy": energies.empty},
    )


def _coarse(region: Flags, cells: tuple[int, ...]) -> NDArray[np.float32]:
    height, width = cells
    image = Image.fromarray(region.astype(np.float32))
    return np.asarray(image.resize((width, height), Image.Resampling.BOX))


def centre_map(cells: tuple[int, ...]) -> Floats:
    """Return a Gaussian about the centre, sigma a quarter of the side."""
    height, width = cells
    y = (np.arange(height) - (height - 1) / 2) / height
    x = (np.arange(width) - (width - 1) / 2) / width
    gaussian: Floats = np.exp(-(y[:, np.newaxis] ** 2 + x**2) / (2 * CENTRE_SIGMA**2))
    return gaussian
