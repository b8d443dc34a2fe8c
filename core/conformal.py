"""Sets of classes that hold the true one with a promised chance.

Class-conditional (Mondrian) split-conformal prediction: V. Vovk, "Conditional validity of inductive conformal
predictors", ACML 2012; A. N. Angelopoulos and S. Bates, "A gentle introduction to conformal prediction and
distribution-free uncertainty quantification", arXiv:2107.07511 (2021), section 4.2. Each class has a least
probability of its own from which on it is in the set; of all sets with that coverage these are the smallest on average
(Sadinle, Lei, Wasserman 2019, J. Am. Stat. Assoc. 114:223).
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import ArrayLike, NDArray

from core.engine.values import as_integer, as_list, as_number, as_object, get, require

LEVEL: Final = 0.9
_ROUNDING: Final = 1e-9


@dataclass(frozen=True, slots=True)
class Conformal:
    """From which probability on each class belongs to the set.

    Attributes
    ----------
    level : float
        The promised coverage of every class, strictly between 0 and 1.
    lowest : tuple of float, length K
        A class is in the set when its calibrated probability is at least this; in the order of the model's classes,
        each in [0, 1].
    images : tuple of int, length K
        Images of each class that this was fitted on.

    Raises
    ------
    BundleError
        From the constructor, with one sentence, when a value makes no sense.
    """

    level: float
    lowest: tuple[float, ...]
    images: tuple[int, ...]

    def __post_init__(self) -> None:
        require(0.0 < self.level < 1.0, "the coverage of its prediction sets is not between 0 and 1")
        fitting = len(self.lowest) == len(self.images) and all(0.0 <= value <= 1.0 for value in self.lowest)
        require(fitting, "the limits of its prediction sets are no probabilities")
        require(all(count >= 1 for count in self.images), "its prediction sets were fitted on no images")

    @classmethod
    def from_json(cls, value: object) -> Conformal | None:
        """Read what `dataclasses.asdict` gave to a card; null stands for none.

        Raises
        ------
        BundleError
            When a value is missing or makes no sense.
        TypeError
            When it is no JSON object.
        """
        if value is None:
            return None
        values = as_object(value)
        return cls(
            level=get(values, "level", as_number),
            lowest=tuple(as_number(item) for item in get(values, "lowest", as_list)),
            images=tuple(as_integer(item) for item in get(values, "images", as_list)),
        )

    def members(self, probabilities: NDArray[np.float64]) -> NDArray[np.bool_]:
        """Say which classes are in the set.

        Parameters
        ----------
        probabilities : ndarray of float, shape (..., K)
            Calibrated as those that this was fitted on.

        Returns
        -------
        ndarray of bool, shape (..., K)
            A row may be all False: the image is unlike nine tenths of every class.
        """
        return np.asarray(probabilities >= np.asarray(self.lowest))


def fit_conformal(
    probabilities: ArrayLike, labels: Sequence[str], class_names: Sequence[str], level: float = LEVEL
) -> Conformal | None:
    """Fit the least probability of each class on images that the network was not trained on.

    With n images of a class, the limit is the floor((n + 1)(1 - level))-th lowest probability that the model gives
    the class on them. That + 1 is the finite-sample correction: the next image of the class, exchangeable
    with these, lies below the limit with a chance of at most 1 - level.

    Parameters
    ----------
    probabilities : array_like, shape (N, K)
        Calibrated probabilities of validation images.
    labels : sequence of str, length N
        ``normal``, ``bacterial``, ``viral`` or ``pneumonia``. A pneumonia whose kind is not known says
        nothing about a model that tells kinds apart, and is left out.
    class_names : sequence of str, length K
    level : float
        Of coverage, strictly between 0 and 1.

    Returns
    -------
    Conformal or None
        None where a class has too few images to rule it out of any set: fewer than 9 at a level of 0.9.

    Notes
    -----
    Exchangeable means here: drawn like the validation images, picture by picture. Several pictures of one child
    resemble each other, so the promise holds on average over the children that such a set consists of, and a
    particular set of n images scatters around it more than n independent images would. Giving every child the
    same weight instead (Lee, Barber, Willett 2023, arXiv:2306.06342) promises coverage for a random picture of
    the next child, but then covers some 94 % of the bacterial pictures. By patient-grouped
    cross-fitting on the validation part of the public set, counting pictures covers 90.1, 90.1 and 90.4 % of
    normal, bacterial and viral pictures, and 89.9, 86.2 and 92.0 % per child; so pictures are what counts here.
    """
    table = np.asarray(probabilities, dtype=np.float64)
    truth = class_indices(labels, class_names)
    if table.shape != (len(truth), len(class_names)):
        raise ValueError(f"{len(truth)} labels, {len(class_names)} classes and {table.shape} do not match")
    if not 0.0 < level < 1.0:
        raise ValueError("the coverage must lie between 0 and 1")
    lowest: list[float] = []
    images: list[int] = []
    for place in range(len(class_names)):
        own = np.sort(table[truth == place, place])
        rank = math.floor((len(own) + 1) * (1.0 - level) + _ROUNDING)
        if rank < 1:
            return None
        lowest.append(float(own[rank - 1]))
        images.append(len(own))
    return Conformal(level, tuple(lowest), tuple(images))


def class_indices(labels: Sequence[str], class_names: Sequence[str]) -> NDArray[np.intp]:
    """Return the place of each true class among the model's, -1 where the truth does not say.

    Parameters
    ----------
    labels : sequence of str, length N
    class_names : sequence of str, length K
        Where ``pneumonia`` is one of them, every kind of pneumonia belongs to it.
    """
    places = {name: place for place, name in enumerate(class_names)}
    kinds = places.get("pneumonia", -1)
    return np.array(
        [places.get(label, -1 if label == "normal" else kinds) for label in labels], dtype=np.intp
    )
