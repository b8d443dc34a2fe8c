"""Whether changes that leave the finding as it is leave the call as it is."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import numpy as np

from core.examination.changes import CHANGES, Change
from core.examination.images import Images
from core.examination.intervals import estimate, mean_of
from core.examination.row import Bound, Row, Section
from core.examination.scoring import Scorer, Scores
from core.metrics.calls import wilson
from core.metrics.ranking import Ranking

NOTE: Final = (
    "A call flips when the changed image falls on the other side of the default operating point's threshold; both "
    "directions count. The interval is Wilson's over images; that by resampled patients stands in the JSON."
)

COLUMNS: Final = {"largest_score_change": "largest change of the score", "auroc": "AUROC after"}


def examine_robustness(
    images: Images, plain: Scores, scorer: Scorer, changes: Sequence[Change] = CHANGES
) -> Section:
    """Score every image under every change.

    Parameters
    ----------
    images : Images
    plain : Scores
        Of the unchanged images.
    scorer : Scorer
    changes : sequence of Change
    """
    rows = tuple(_row(change, images, plain, scorer) for change in changes)
    return Section("robustness", "Calls that flip under changes", rows, (NOTE,), COLUMNS)


def _row(change: Change, images: Images, plain: Scores, scorer: Scorer) -> Row:
    changed = scorer.score(len(images), lambda place: change.apply(images.grey[place]))
    return compare(change, images, plain, changed)


def compare(change: Change, images: Images, plain: Scores, changed: Scores) -> Row:
    """Hold the scores of changed images against those of the unchanged ones."""
    flipped = changed.called != plain.called
    before, after = Ranking(images.positive, plain.score), Ranking(images.positive, changed.score)
    figures = estimate(
        {
            "flips": mean_of(flipped),
            "auroc": after.auroc,
            "auroc_change": lambda weights: after.auroc(weights) - before.auroc(weights),
        },
        images.patients,
    )
    moved = changed.score - plain.score
    largest = int(np.abs(moved).argmax())
    return Row(
        key=change.key,
        title=change.title,
        value=figures["flips"].value,
        n=len(images),
        interval=wilson(int(flipped.sum()), len(images)),
        method="wilson",
        bound=Bound("below", change.bound),
        unit="share",
        details={
            "flips": int(flipped.sum()),
            "to_pneumonia": int((flipped & changed.called).sum()),
            "to_normal": int((flipped & plain.called).sum()),
            "interval_patients": figures["flips"].interval,
            "largest_score_change": float(moved[largest]),
            "mean_absolute_score_change": float(np.abs(moved).mean()),
            "auroc": figures["auroc"].value,
            "auroc_interval": figures["auroc"].interval,
            "auroc_change": figures["auroc_change"].value,
            "auroc_change_interval": figures["auroc_change"].interval,
        },
    )
