"""Labelled scores, prepared once and then measured under many weights."""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray

from core.certainty import call_certainty, class_certainty
from core.conformal import Conformal
from core.metrics import classes, probability, threshold
from core.metrics.probability import EqualMassBins
from core.metrics.ranking import Ranking
from core.metrics.selective import RiskCoverageCurve, Selection
from core.metrics.sets import Sets
from core.metrics.threshold import Flags, Floats

THREE: Final = ("normal", "bacterial", "viral")


class Sample:
    """The arrays behind an evaluation.

    Parameters
    ----------
    labels : tuple of str, length N
        ``normal``, ``bacterial``, ``viral`` or ``pneumonia``.
    table : ndarray, shape (N, K)
        Probabilities, normal first.
    class_names : tuple of str, length K
    cut : float
        Scores of at least this are called pneumonia.
    conformal : Conformal or None
        What decides the prediction sets.
    """

    def __init__(
        self,
        labels: tuple[str, ...],
        table: Floats,
        class_names: tuple[str, ...],
        cut: float,
        conformal: Conformal | None = None,
    ) -> None:
        names = np.asarray(labels, dtype=np.str_)
        self.positive: Flags = names != "normal"
        self.bacterial: Flags = names == "bacterial"
        self.viral: Flags = names == "viral"
        # 1 - P(normal), summed rather than subtracted so that a score of 1e-20 does not become 0.
        self.score: Floats = np.minimum(table[:, 1:].sum(axis=1), 1.0)
        self.called: Flags = self.score >= cut
        self.ranking = Ranking(self.positive, self.score)
        self.bins = EqualMassBins(self.positive, self.score)
        self.selection = Selection(self.called != self.positive, call_certainty(table, cut))
        self.sets = None if conformal is None else Sets(conformal.members(table), labels, class_names)
        self.subtypes = bool((self.bacterial | self.viral).any())
        self.three_classes = self.subtypes and class_names == THREE
        if self.three_classes:
            self._known: NDArray[np.intp] = np.flatnonzero(~self.positive | self.bacterial | self.viral)
            self._truth = (self.bacterial + 2 * self.viral)[self._known].astype(np.intp)
            self._class_call = table[self._known].argmax(axis=1)
            wrong_class: Flags = self._class_call != self._truth
            self._class_selection = Selection(wrong_class, class_certainty(table[self._known]))
            self._kinds: NDArray[np.intp] = np.flatnonzero(self.bacterial | self.viral)
            pair = table[self._kinds, 1:]
            total = pair.sum(axis=1)
            share = np.divide(pair[:, 0], total, out=np.full(len(pair), 0.5), where=total > 0)
            self._is_bacterial = self.bacterial[self._kinds]
            self._bacterial_call = pair[:, 0] >= pair[:, 1]
            self._kind_ranking = Ranking(self._is_bacterial, share)

    def measure(self, weights: Floats) -> dict[str, Floats]:
        """Compute every measure that makes sense here, for weights of shape (..., N)."""
        table = threshold.count(self.positive, self.called, weights)
        sensitivity = threshold.sensitivity(table)
        figures = {
            "accuracy": threshold.accuracy(table),
            "balanced_accuracy": threshold.balanced_accuracy(table),
            "sensitivity": sensitivity,
            "specificity": threshold.specificity(table),
            "precision": threshold.precision(table),
            "recall": sensitivity,
            "f1": threshold.f1(table),
            "auroc": self.ranking.auroc(weights),
            "average_precision": self.ranking.average_precision(weights),
            "log_loss": probability.log_loss(self.positive, self.score, weights),
            "brier": probability.brier(self.positive, self.score, weights),
            "ece": self.bins.ece(weights),
            "error_at_80": self.selection.error_at(weights),
        }
        if self.sets is not None:
            figures |= self.sets.measure(weights)
        if self.subtypes:
            for name, members in (("bacterial", self.bacterial), ("viral", self.viral)):
                found, total = weights @ (members & self.called), weights @ members.astype(np.float64)
                figures[f"sensitivity_{name}"] = threshold.ratio(found, total)
        if self.three_classes:
            matrix = self.class_confusion(weights)
            kinds = weights[..., self._kinds]
            right = threshold.count(self._is_bacterial, self._bacterial_call, kinds)
            figures["three_class_accuracy"] = classes.accuracy(matrix)
            figures["three_class_mcc"] = classes.mcc(matrix)
            figures["bacterial_viral_accuracy"] = threshold.accuracy(right)
            figures["bacterial_viral_auroc"] = self._kind_ranking.auroc(kinds)
            figures["three_class_error_at_80"] = self._class_selection.error_at(weights[..., self._known])
        return figures

    def class_risk_coverage(self) -> RiskCoverageCurve | None:
        """Return the risk-coverage curve of the three classes, None where the model or the truth lacks them."""
        return self._class_selection.curve(np.ones(len(self._known))) if self.three_classes else None

    def class_confusion(self, weights: Floats) -> Floats:
        """Count truth against most probable class, pneumonias of unknown kind left out."""
        return classes.confusion(self._truth, self._class_call, len(THREE), weights[..., self._known])

    def confusion(self, weights: Floats) -> Floats:
        """Count truth against call, normal first."""
        truth, called = self.positive.astype(np.intp), self.called.astype(np.intp)
        return classes.confusion(truth, called, 2, weights)
