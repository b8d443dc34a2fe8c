"""Deletion and insertion: whether the map ranks pixels by what they do to the score (Petsiuk 2018, RISE)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageFilter

from core.examination.explanation import centre_map, enlarge
from core.examination.images import Grey, Images
from core.examination.intervals import estimate, mean_of
from core.examination.row import Bound, Row
from core.examination.scoring import Scorer
from core.metrics.threshold import Floats

STEPS: Final = 10
"""Tenths of the pixels that are taken away or put in at a time."""

BLUR_SIGMA: Final = 20.0
BETTER: Final = Bound("above", 0.0)
RIVALS: Final = ("random", "centre")
MAPS: Final = ("model", *RIVALS)


@dataclass(frozen=True, slots=True, eq=False)
class Curves:
    """Scores of M images while pixels go or come, by map.

    Attributes
    ----------
    shares : ndarray, shape (P,)
        Shares of pixels deleted or inserted, from 0 to 1.
    deletion, insertion : ndarray, shape (3, M, P)
        Scores for the maps in `MAPS`.
    """

    shares: Floats
    deletion: Floats
    insertion: Floats

    def areas(self) -> tuple[Floats, Floats]:
        """Areas under the deletion and the insertion curves, shape (3, M) each, by the trapezium rule."""
        return _area(self.deletion, self.shares), _area(self.insertion, self.shares)


def _area(curves: Floats, shares: Floats) -> Floats:
    return np.asarray(np.trapezoid(curves, shares, axis=-1))


def pixel_ranks(
    activation_map: NDArray[np.floating], size: int, generator: np.random.Generator
) -> NDArray[np.intp]:
    """Rank every pixel by the enlarged map, 0 for the highest.

    Where the map says nothing (zeros after the ReLU) a random map of the same coarseness decides, so that the order
    of pixels in memory does not.

    Returns
    -------
    ndarray of int, shape (size, size)
    """
    noise = enlarge(generator.random(activation_map.shape), size)
    order = np.lexsort((-noise.ravel(), -enlarge(activation_map, size).ravel()))
    ranks = np.empty(order.size, dtype=np.intp)
    ranks[order] = np.arange(order.size)
    return ranks.reshape(size, size)


def blurred(grey: Grey) -> Grey:
    """Return the image so blurred that no finding is left."""
    sigma = BLUR_SIGMA * grey.shape[0] / 224
    return np.asarray(Image.fromarray(grey).filter(ImageFilter.GaussianBlur(sigma)))


def trace_curves(
    images: Images,
    maps: NDArray[np.float32],
    grounds: Sequence[Grey],
    scorer: Scorer,
    seed: int,
    steps: int = STEPS,
) -> Curves:
    """Score every image with more and more of its pixels deleted or inserted, in the order of each map.

    Parameters
    ----------
    images : Images
    maps : ndarray, shape (M, h, w)
        The model's.
    grounds : sequence of ndarray of uint8, length M
        What takes the place of each image's deleted pixels, and what they are inserted into.
    scorer : Scorer
    seed : int
        Of the random maps.
    steps : int
    """
    size, count = images.grey.shape[1], len(images)
    ranks = [_ranks(activation_map, size, (seed, place)) for place, activation_map in enumerate(maps)]
    inner = steps - 1

    def make(index: int) -> Grey:
        """Images with nothing, then everything replaced; then by image, map, direction and step."""
        if index < 2 * count:
            return images.grey[index] if index < count else grounds[index - count]
        place, rest = divmod(index - 2 * count, len(MAPS) * 2 * inner)
        which, rest = divmod(rest, 2 * inner)
        inserting, step = divmod(rest, inner)
        first = ranks[place][which] < round((step + 1) / steps * size * size)
        kept = first if inserting else ~first
        return np.where(kept, images.grey[place], grounds[place])

    score = scorer.score(2 * count + count * len(MAPS) * 2 * inner, make).score
    whole, bare = score[:count], score[count : 2 * count]
    between = score[2 * count :].reshape(count, len(MAPS), 2, inner).transpose(2, 1, 0, 3)
    ends = np.broadcast_to(np.stack([whole, bare]), (len(MAPS), 2, count)).transpose(1, 0, 2)[..., np.newaxis]
    return Curves(
        np.linspace(0, 1, steps + 1),
        np.concatenate([ends[0], between[0], ends[1]], axis=-1),
        np.concatenate([ends[1], between[1], ends[0]], axis=-1),
    )


def _ranks(
    activation_map: NDArray[np.float32], size: int, seed: tuple[int, int]
) -> tuple[NDArray[np.intp], ...]:
    """Rank the pixels by each of `MAPS`."""
    generator = np.random.default_rng(seed)
    rivals = (activation_map, generator.random(activation_map.shape), centre_map(activation_map.shape))
    return tuple(pixel_ranks(found, size, generator) for found in rivals)


def measure_curves(curves: Curves, patients: Sequence[str], ground: str) -> tuple[Row, ...]:
    """Hold the model's map against the random and the centre map, paired over resampled patients.

    A row's value is how much better the model's map is: a deletion curve should fall sooner, an insertion curve
    rise sooner. It is met when the whole interval lies above zero.
    """
    rows = []
    for name, areas, sign in zip(("deletion", "insertion"), curves.areas(), (-1.0, 1.0), strict=True):
        for place, rival in enumerate(RIVALS, start=1):
            gain = sign * (areas[0] - areas[place])
            found = estimate({"gain": mean_of(gain)}, patients)["gain"]
            title = f"{name.capitalize()} against the {rival} map, {ground} ground, area gained"
            rows.append(
                Row(
                    f"{name}_{rival}_{ground}",
                    title,
                    found.value,
                    len(patients),
                    found.interval,
                    "patients",
                    bound=BETTER,
                    certain=True,
                    details={
                        "area_model": float(areas[0].mean()),
                        f"area_{rival}": float(areas[place].mean()),
                    },
                )
            )
    return tuple(rows)


def mean_curves(curves: Curves) -> dict[str, object]:
    """Return the mean curves over images, for figures."""
    named = {"deletion": curves.deletion, "insertion": curves.insertion}
    lines = {
        name: {which: line.mean(axis=0).tolist() for which, line in zip(MAPS, values, strict=True)}
        for name, values in named.items()
    }
    return {"shares": curves.shares.tolist(), **lines}
