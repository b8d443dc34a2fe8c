"""The first page: how many images, and how model and reader do on those with a known truth."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING, Final

import numpy as np
from PIL import Image

from core.engine.card import Card
from core.metrics import Evaluation
from core.metrics.calls import CallMeasures
from core.metrics.result import Measure
from core.report.figures import FIGURES, render
from core.report.style import LIGHT
from core.report.words import percent
from core.review.page import BOTTOM, HEIGHT, MARGIN, WIDTH
from core.review.summary import Summary
from core.review.text import line_height, put, put_lines, wrap

if TYPE_CHECKING:
    from matplotlib.figure import Figure

TITLE: Final = "Review of chest radiographs"
_CHARTS: Final = ("roc", "confusion", "reliability", "histogram")
_ROWS: Final = (
    ("sensitivity", "Sensitivity"),
    ("specificity", "Specificity"),
    ("ppv", "Positive predictive value"),
    ("npv", "Negative predictive value"),
    ("accuracy", "Accuracy"),
)
SEEN: Final = "{count:,} of them are of patients that the model was trained on or chosen by"
NO_TRUTH: Final = (
    "Measures need images whose truth is known: both normal ones and pneumonias that the model has scored."
)


def draw_summary(figure: Figure, summary: Summary, card: Card | None, made_on: str) -> None:
    """Draw the first page."""
    put(figure, MARGIN, MARGIN, TITLE, 18, weight="bold", color=LIGHT.ink)
    top = MARGIN + 0.42
    width = WIDTH - 2 * MARGIN
    for text in _facts(summary, card, made_on):
        top = put_lines(figure, MARGIN, top, wrap(text, width, 9.5), 9.5, color=LIGHT.ink)
    top += 0.12
    if summary.model is None and summary.reader is None:
        put_lines(figure, MARGIN, top, wrap(NO_TRUTH, width, 9.5), 9.5, color=LIGHT.muted)
        return
    top = _draw_table(figure, summary, top)
    if summary.evaluation is not None:
        _draw_charts(figure, summary.evaluation, top + 0.1)


def _facts(summary: Summary, card: Card | None, made_on: str) -> list[str]:
    parts = [
        f"{count:,} {word}"
        for count, word in (
            (summary.scored, "scored"),
            (summary.refused, _refused_words(summary)),
            (summary.unreadable, "unreadable"),
            (summary.waiting, "not scored"),
        )
        if count
    ]
    images = "1 image" if summary.images == 1 else f"{summary.images:,} images"
    facts = [f"{images}: {', '.join(parts)}." if parts else f"{images}."]
    if card is not None:
        point = card.operating_point
        cut = f"operating point {point.name}, threshold {point.threshold:.3f}"
        facts.insert(0, f"Model {card.title} of {card.date}, {cut}. Report made on {made_on}.")
    facts.append(
        f"{summary.judged:,} called by the reader, {summary.key_images:,} marked as key images, "
        f"{summary.labelled:,} with a known truth."
    )
    if summary.seen:
        facts.append(
            f"{SEEN.format(count=summary.seen)}: the model's figures below are better than on new patients."
        )
    if summary.both:
        share = percent(summary.agreeing / summary.both)
        facts.append(f"Reader and model agree on {summary.agreeing:,} of {summary.both:,} images ({share}).")
    return facts


def _refused_words(summary: Summary) -> str:
    requested = (
        f" ({summary.requested:,} scored on request, in none of the figures)" if summary.requested else ""
    )
    return f"refused{requested}"


def _draw_table(figure: Figure, summary: Summary, top: float) -> float:
    size, columns = 9.0, (MARGIN, MARGIN + 2.6, MARGIN + 4.9)
    heads = ("", _head("Model", summary.model), _head("Reader", summary.reader))
    for left, head in zip(columns, heads, strict=True):
        put(figure, left, top, head, size, weight="bold", color=LIGHT.ink)
    top += line_height(size) + 0.03
    for key, title in _ROWS:
        put(figure, columns[0], top, title, size, color=LIGHT.ink)
        for left, calls in zip(columns[1:], (summary.model, summary.reader), strict=True):
            put(
                figure,
                left,
                top,
                _figure(None if calls is None else calls.measures[key]),
                size,
                color=LIGHT.ink,
            )
        top += line_height(size)
    if summary.evaluation is not None:
        measure = summary.evaluation.measures["auroc"]
        put(figure, columns[0], top, "Area under the ROC curve", size, color=LIGHT.ink)
        put(figure, columns[1], top, _area(measure), size, color=LIGHT.ink)
        top += line_height(size)
    note = (
        "In brackets 95 % intervals: from resampled patients where there are several, else Wilson's. Predictive values "
        "hold only where pneumonia is as common as among these images."
    )
    return put_lines(figure, MARGIN, top + 0.04, wrap(note, WIDTH - 2 * MARGIN, 7.5), 7.5, color=LIGHT.muted)


def _head(who: str, calls: CallMeasures | None) -> str:
    return who if calls is None else f"{who} ({calls.images:,} images)"


def _figure(measure: Measure | None) -> str:
    if measure is None or measure.value is None:
        return "\N{EN DASH}"
    if measure.low is None or measure.high is None:
        return percent(measure.value)
    return f"{percent(measure.value)}  ({100 * measure.low:.1f}\N{EN DASH}{100 * measure.high:.1f})"


def _area(measure: Measure) -> str:
    if measure.value is None:
        return "\N{EN DASH}"
    if measure.low is None or measure.high is None:
        return f"{measure.value:.3f}"
    return f"{measure.value:.3f}  ({measure.low:.3f}\N{EN DASH}{measure.high:.3f})"


def _draw_charts(figure: Figure, evaluation: Evaluation, top: float) -> None:
    """Draw the figures of an evaluation in two columns."""
    kinds = {kind.key: kind for kind in FIGURES}
    width = (WIDTH - 2 * MARGIN - 0.2) / 2
    room = (HEIGHT - BOTTOM - top - 0.1) / 2
    places = [(column, row) for row in range(2) for column in range(2)]
    for key, (column, row) in zip(_CHARTS, places, strict=True):
        png = render(kinds[key], evaluation, LIGHT)
        if png is None:
            continue
        picture = np.asarray(Image.open(io.BytesIO(png)).convert("RGB"))
        ratio = picture.shape[0] / picture.shape[1]
        height = room - 0.24
        across = min(width, height / ratio)
        left, above = MARGIN + column * (width + 0.2), top + row * room
        put(figure, left, above, kinds[key].title, 9, weight="bold", color=LIGHT.ink)
        box = (
            left / WIDTH,
            1 - (above + 0.2 + across * ratio) / HEIGHT,
            across / WIDTH,
            across * ratio / HEIGHT,
        )
        axes = figure.add_axes(box)
        axes.set_axis_off()
        axes.imshow(picture, aspect="auto", interpolation="none")
