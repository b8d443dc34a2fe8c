"""What errors remain when the model may leave the images out that it is least certain of."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import ArrayLike

from core.metrics.ranking import Ranking
from core.metrics.threshold import Flags, Floats, ratio

COVERAGE: Final = 0.8
"""Share of the images answered, at which the error is reported."""


@dataclass(frozen=True, slots=True)
class RiskCoverageCurve:
    """Error among the most certain images, by how many of them are answered.

    Attributes
    ----------
    coverage : ndarray, shape (P,)
        Share of the images answered, rising to 1.
    error : ndarray, shape (P,)
        Share of the answers that are wrong.
    """

    coverage: Floats
    error: Floats


class Selection(Ranking):
    """Images from the most certain to the least, equally certain ones in one group.

    Parameters
    ----------
    wrong : ndarray of bool, shape (N,)
    certainty : ndarray of float, shape (N,)
    """

    def __init__(self, wrong: Flags, certainty: Floats) -> None:
        super().__init__(wrong, certainty)

    def error_at(self, weights: Floats, coverage: float = COVERAGE) -> Floats:
        """Error among the most certain share of the images; equally certain ones count in proportion.

        Parameters
        ----------
        weights : ndarray, shape (..., N)
        coverage : float
            In (0, 1].

        Returns
        -------
        ndarray, shape (...)
            NaN without images.
        """
        wrong, right = self._grouped(weights)
        mass = wrong + right
        wanted = coverage * mass.sum(axis=-1, keepdims=True)
        before = np.cumsum(mass, axis=-1) - mass
        share = np.clip(ratio(wanted - before, mass), 0.0, 1.0)
        return ratio(np.nansum(wrong * share, axis=-1), wanted[..., 0])

    def curve(self, weights: Floats) -> RiskCoverageCurve | None:
        """Return the curve for one vector of weights, None without images."""
        wrong, right = self._grouped(weights)
        answered = np.cumsum(wrong + right)
        if len(answered) == 0 or answered[-1] == 0:
            return None
        seen = answered > 0
        return RiskCoverageCurve(answered[seen] / answered[-1], np.cumsum(wrong)[seen] / answered[seen])


def risk_coverage(wrong: ArrayLike, certainty: ArrayLike) -> RiskCoverageCurve:
    """Return the error as a function of the share of images that is answered (El-Yaniv and Wiener 2010).

    Parameters
    ----------
    wrong : array_like of bool, shape (N,)
        Whether the answer is wrong; N at least 1.
    certainty : array_like of float, shape (N,)
        From `core.certainty`, say.

    Raises
    ------
    ValueError
        Without images, or for arrays of different lengths.
    """
    flags, values = np.asarray(wrong, dtype=np.bool_), np.asarray(certainty, dtype=np.float64)
    if flags.ndim != 1 or len(flags) == 0 or flags.shape != values.shape:
        raise ValueError(f"answers {flags.shape} and certainties {values.shape} must match and not be empty")
    curve = Selection(flags, values).curve(np.ones(len(flags)))
    assert curve is not None
    return curve
