"""The statistics of the training images, and the judgement of an image by them.

An image is described by the pooled activations of the network's layers, which the pass that scores it leaves behind.
After a square root, which makes them nearly normal, their Mahalanobis distance from the training images says how
unusual the image is (Lee et al., "A simple unified framework for detecting out-of-distribution samples and adversarial
attacks", NeurIPS 2018). Softmax confidence does not say that. What is wrong with an image is told by linear
discriminants (Fisher 1936) towards training images that were inverted, turned or replaced by noise.
"""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import Final

import numpy as np
from numpy.typing import NDArray

from core.engine.prediction import Familiarity
from core.errors import BundleError
from core.familiarity.arrays import pack, unpack

KINDS: Final = ("inverted", "turned left", "turned right", "upside down", "noise")
"""What can be told of an image that is not as it should be."""

REASONS: Final = (
    "The image looks inverted.",
    "The image looks rotated by 90 degrees.",
    "The image looks rotated by 90 degrees.",
    "The image looks rotated by 180 degrees.",
    "The image looks like noise.",
)
UNLIKE: Final = "The image does not look like the chest radiographs that the model was trained on."

MAX_FEATURES: Final = 4096


@dataclass(frozen=True, slots=True, eq=False)
class Statistics:
    """What decides whether an image is familiar; D features, of which E principal axes are looked at one by one.

    Attributes
    ----------
    centre, scale : ndarray of float32, shape (D,)
        Mean of the roots of the features, and what brings their deviations from it to the variance that lies across
        the axes on average; > 0.
    axes : ndarray of float32, shape (D, E)
        Orthonormal principal axes of the deviations, E <= D.
    spread : ndarray of float32, shape (E,)
        Brings the deviations along the axes to variance 1; > 0.
    limit : ndarray of float32, shape ()
        Largest distance that is familiar.
    kind_centres : ndarray of float32, shape (K, E)
        Where the images of each of `KINDS` lie.
    kind_borders : ndarray of float32, shape (K,)
        Where images of the kind begin, on the way from the training images (0) to those of the kind (1).
    kind_limits : ndarray of float32, shape (K,)
        Largest distance from their centre that images of the kind have.
    """

    centre: NDArray[np.float32]
    scale: NDArray[np.float32]
    axes: NDArray[np.float32]
    spread: NDArray[np.float32]
    limit: NDArray[np.float32]
    kind_centres: NDArray[np.float32]
    kind_borders: NDArray[np.float32]
    kind_limits: NDArray[np.float32]

    def __post_init__(self) -> None:
        size, kept = self.axes.shape if self.axes.ndim == 2 else (0, 0)
        shapes = (
            (size,),
            (size,),
            (size, kept),
            (kept,),
            (),
            (len(KINDS), kept),
            (len(KINDS),),
            (len(KINDS),),
        )
        arrays = [getattr(self, field.name) for field in fields(self)]
        if not 0 < kept <= size <= MAX_FEATURES or [array.shape for array in arrays] != list(shapes):
            raise BundleError("The statistics by which the model tells what it knows do not fit together.")
        lengths = np.square(self.kind_centres).sum(axis=1)
        positive = (self.scale, self.spread, self.limit, self.kind_borders, self.kind_limits, lengths)
        finite = all(np.isfinite(array).all() for array in (*arrays, lengths))
        if not finite or any((array <= 0).any() for array in positive):
            raise BundleError("The statistics by which the model tells what it knows make no sense.")

    @property
    def size(self) -> int:
        """Number D of features that an image is described by."""
        return len(self.centre)

    def judge(self, features: NDArray[np.float32]) -> list[Familiarity]:
        """Judge images by their features, shape (N, D)."""
        places, distances = self.locate(features)
        beyond = self.approach(places) > self.kind_borders
        limit = float(self.limit)
        answers = []
        for n, distance in enumerate(distances.tolist()):
            reason = None if distance <= limit else UNLIKE  # what is not a number is not familiar
            if beyond[n].any():
                away = root_mean_square(places[n] - self.kind_centres)
                kind = int(np.argmin(np.where(beyond[n], away, np.inf)))
                if reason is None or away[kind] <= self.kind_limits[kind]:
                    reason = REASONS[kind]
            answers.append(Familiarity(reason is None, reason, distance, limit))
        return answers

    def locate(self, features: NDArray[np.float32]) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
        """Return the whitened deviations (N, E) along the axes, and the distances (N,) from the training images.

        The distance is the root mean square of all D whitened deviations, so about 1 for a training image. Across
        the axes all directions are taken to vary alike (Tipping and Bishop 1999).
        """
        deviations = (roots(features) - self.centre) * self.scale
        along = deviations @ self.axes
        places = (along * self.spread).astype(np.float32, copy=False)
        squares = (
            np.square(deviations).sum(axis=1) - np.square(along).sum(axis=1) + np.square(places).sum(axis=1)
        )
        return places, np.sqrt(np.maximum(squares, 0) / self.size)

    def approach(self, places: NDArray[np.float32]) -> NDArray[np.float32]:
        """Return how far places (N, E) lie on the way from the training images (0) to each kind (1), shape (N, K)."""
        lengths = np.square(self.kind_centres).sum(axis=1)
        result: NDArray[np.float32] = np.divide(places @ self.kind_centres.T, lengths, dtype=np.float32)
        return result

    def to_bytes(self) -> bytes:
        """Return the arrays as an ``.npz`` file; equal statistics give equal bytes."""
        return pack({field.name: getattr(self, field.name) for field in fields(self)})

    @classmethod
    def from_bytes(cls, content: bytes) -> Statistics:
        """Read what `to_bytes` gave.

        Raises
        ------
        BundleError
            With one sentence, when the content is anything else.
        """
        return cls(**unpack(content, [field.name for field in fields(cls)]))


def roots(features: NDArray[np.float32]) -> NDArray[np.float32]:
    """Return square roots, which make pooled rectified activations nearly normal and equally variable."""
    result: NDArray[np.float32] = np.sqrt(np.maximum(features, np.float32(0)))
    return result


def root_mean_square(values: NDArray[np.float32]) -> NDArray[np.float32]:
    """Return the root mean square along the last axis."""
    result: NDArray[np.float32] = np.sqrt(np.square(values).mean(axis=-1))
    return result
