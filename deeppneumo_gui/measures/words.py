"""What the figures rest on, in words; free of Qt."""

from __future__ import annotations

from typing import Final

from deeppneumo_gui.measures.review import Review

NO_LABELS: Final = (
    "No labelled images in the list. The menu Truth labels them from folders, file names or a table."
)
NO_CASES: Final = "No images are listed."
NOTHING_CALLED: Final = "None of the labelled images has a score or a call of yours yet."


def empty_words(review: Review) -> str:
    """Return why there are no figures, empty where there are some."""
    labelled = review.labelled
    if not len(labelled.positive):
        return NO_LABELS if labelled.unlabelled else NO_CASES
    return NOTHING_CALLED if review.model is None and review.reader is None else ""


def basis_words(review: Review) -> str:
    """Return which images the figures are of and where the intervals come from."""
    labelled = review.labelled
    total, sick = len(labelled.positive), int(labelled.positive.sum())
    words = [f"{total:,} labelled images ({sick:,} pneumonia, {total - sick:,} normal)"]
    left_out = [
        (labelled.unlabelled, "without truth"),
        (total - int(labelled.scored.sum()) - labelled.requested, "without a score"),
        (labelled.requested, "refused and scored on request"),
        (review.unsure, "unsure"),
    ]
    if any(count for count, _ in left_out):
        words.append(", ".join(f"{count:,} {why}" for count, why in left_out if count) + " left out")
    seen = ""
    if labelled.seen and review.model is not None:
        seen = f" {labelled.seen:,} are of patients the model was trained on or chosen by: it does worse on new ones."
    return f"{'; '.join(words)}.{seen} {_interval_words(review)}"


def _interval_words(review: Review) -> str:
    calls = review.model or review.reader
    if calls is not None and calls.patients is not None:
        drawn = f"{calls.resamples:,} resamples of {calls.patients:,} patients, known by the file names"
        return f"95 % intervals: {drawn}; Wilson where all agree."
    if review.labelled.patients is not None and not review.complete:
        return "95 % intervals: Wilson, until the patients are resampled."
    return "95 % intervals: Wilson, each image taken as a patient of its own."
