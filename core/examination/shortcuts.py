"""How much the model tells from what is not lung."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Final

import numpy as np

from core.examination.clues import CLUES, measure_clues
from core.examination.images import Grey, Images
from core.examination.intervals import correlation_of, estimate
from core.examination.masks import bounding_box, dilate_lungs
from core.examination.row import Bound, Row, Section
from core.examination.scoring import Scorer, Scores
from core.metrics.ranking import Ranking
from core.metrics.threshold import Flags, Floats

LOSS_BOUND: Final = Bound("at most", 0.02)
BORDER: Final = 0.1
_DARK, _BRIGHT = np.uint8(64), np.uint8(128)

NOTES: Final = (
    "Blanked pixels take the mean grey of the image, so that neither its brightness nor the network's input range "
    "changes; black is reported beside it. The lungs are the automatic masks, dilated by 16 px of 224.",
    "What is left with the lungs blanked is an upper limit: the shape of the hole is that of the lungs, and the "
    "masks leave the mediastinum, the heart's outline and consolidated lung in sight. The box around the lungs hides "
    "these too; the silhouette says what the shape alone gives away.",
    "The AUROC of a clue is that of its better direction, as if the clue alone were the score.",
)


def fill(grey: Grey, hidden: Flags, value: int | None = None) -> Grey:
    """Replace hidden pixels by a grey value, that of the whole image's mean for None."""
    return np.where(hidden, np.uint8(round(float(grey.mean())) if value is None else value), grey)


def draw_silhouette(lungs: Flags) -> Grey:
    """Draw nothing but the lungs' outline, dark on bright."""
    return np.where(lungs, _DARK, _BRIGHT)


def inner_part(size: int) -> Flags:
    """Return all but a frame of a tenth of the side."""
    width = round(BORDER * size)
    inner = np.zeros((size, size), dtype=np.bool_)
    inner[width:-width, width:-width] = True
    return inner


def examine_shortcuts(
    images: Images, plain: Scores, scorer: Scorer, masks: Sequence[Flags | None] | None
) -> Section:
    """Score images with the lungs alone, without them, and look at clues that are no finding.

    Parameters
    ----------
    images : Images
    plain : Scores
        Of the unchanged images.
    scorer : Scorer
    masks : sequence of masks or None, length N
        Of the lungs, not dilated; None altogether leaves the rows that need them out.
    """
    rows: list[Row] = []
    if masks is not None:
        rows += _masked_rows(images, plain, scorer, masks)
    inner = inner_part(images.grey.shape[1])
    framed = scorer.score(len(images), lambda place: fill(images.grey[place], inner))
    rows.append(_auroc("border_only", "AUROC of the outer tenth alone", images, framed.score))
    clues = measure_clues(images)
    rows += [_clue(key, images, clues[key]) for key in CLUES]
    rows += [
        _correlation(
            f"sharpness_{name}", f"Score and sharpness, Spearman, {name}", images, members, plain, clues
        )
        for name, members in (("normal", ~images.positive), ("pneumonia", images.positive))
    ]
    return Section("shortcuts", "What is told without the lungs", tuple(rows), NOTES)


def _masked_rows(images: Images, plain: Scores, scorer: Scorer, masks: Sequence[Flags | None]) -> list[Row]:
    places = [place for place, mask in enumerate(masks) if mask is not None]
    chosen = images.take(places)
    lungs = [dilate_lungs(mask) for mask in masks if mask is not None]
    before = plain.score[places]
    pictures = {
        "outside_blanked": ("AUROC, all but the lungs blanked", lambda p: fill(chosen.grey[p], ~lungs[p])),
        "outside_black": ("AUROC, all but the lungs black", lambda p: fill(chosen.grey[p], ~lungs[p], 0)),
        "lungs_blanked": ("AUROC, lungs blanked", lambda p: fill(chosen.grey[p], lungs[p])),
        "box_blanked": (
            "AUROC, box around the lungs blanked",
            lambda p: fill(chosen.grey[p], bounding_box(lungs[p])),
        ),
        "silhouette": ("AUROC of the lungs' outline alone", lambda p: draw_silhouette(lungs[p])),
    }
    rows = [_auroc("plain", "AUROC of the same images, unchanged", chosen, before)]
    for key, (title, make) in pictures.items():
        after = scorer.score(len(chosen), make).score if places else before
        rows.append(_auroc(key, title, chosen, after))
        if key == "outside_blanked":
            rows.append(_loss(chosen, before, after))
    return rows


def _auroc(key: str, title: str, images: Images, score: Floats) -> Row:
    found = estimate({"auroc": Ranking(images.positive, score).auroc}, images.patients)["auroc"]
    return Row(key, title, found.value, len(images), found.interval, "patients", reason=_missing(found.value))


def _loss(images: Images, before: Floats, after: Floats) -> Row:
    first, second = Ranking(images.positive, before), Ranking(images.positive, after)
    found = estimate({"loss": lambda w: first.auroc(w) - second.auroc(w)}, images.patients)["loss"]
    title = "AUROC lost when all but the lungs is blanked"
    return Row(
        "outside_loss",
        title,
        found.value,
        len(images),
        found.interval,
        "patients",
        bound=LOSS_BOUND,
        reason=_missing(found.value),
    )


def _clue(key: str, images: Images, values: Floats) -> Row:
    row = _auroc(f"clue_{key}", f"AUROC of a clue: {CLUES[key][0].lower()}{CLUES[key][1:]}", images, values)
    if row.value is None or row.value >= 0.5:
        return replace(row, details={"direction": "more in pneumonia"})
    ends = None if row.interval is None else (1 - row.interval[1], 1 - row.interval[0])
    return replace(row, value=1 - row.value, interval=ends, details={"direction": "less in pneumonia"})


def _correlation(
    key: str, title: str, images: Images, members: Flags, plain: Scores, clues: dict[str, Floats]
) -> Row:
    places = np.flatnonzero(members)
    patients = [images.items[place].patient for place in places]
    statistic = correlation_of(plain.score[places], clues["sharpness"][places])
    found = estimate({"correlation": statistic}, patients)["correlation"]
    reason = None if found.value is not None else "all images have the same score or sharpness"
    return Row(key, title, found.value, len(places), found.interval, "patients", reason=reason)


def _missing(value: float | None) -> str | None:
    return None if value is not None else "needs both normal and pneumonia among the images"
