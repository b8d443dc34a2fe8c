"""The figures of a report, with the sentence that explains each."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from core.metrics import Evaluation
from core.report.abstention import draw_risk_coverage
from core.report.averages import AverageHeatmap
from core.report.curves import draw_precision_recall, draw_roc
from core.report.heatmaps import draw_averages
from core.report.matrices import draw_class_confusion, draw_confusion
from core.report.scores import draw_histogram, draw_reliability
from core.report.style import Palette, styled, to_png

if TYPE_CHECKING:
    from matplotlib.figure import Figure


@dataclass(frozen=True, slots=True)
class Caption:
    """What stands beside a figure.

    Attributes
    ----------
    key : str
        File name without its ending.
    title, meaning : str
        A heading and one sentence on how to read it.
    """

    key: str
    title: str
    meaning: str


@dataclass(frozen=True, slots=True)
class FigureKind(Caption):
    """A figure that an evaluation alone is enough for.

    Attributes
    ----------
    draw : callable
        From an evaluation and a palette to a figure, or None where there is nothing to draw.
    """

    draw: Callable[[Evaluation, Palette], Figure | None]


FIGURES: Final = (
    FigureKind(
        "roc",
        "ROC curve",
        "Every threshold trades missed pneumonias against false alarms; the closer the curve comes to the upper "
        "left corner the better, and the circle is where the model works by default.",
        draw_roc,
    ),
    FigureKind(
        "precision_recall",
        "Precision and recall",
        "How many of the pneumonia calls are right (precision) as more of the pneumonias are found (recall); "
        "unlike the ROC curve it depends on how common pneumonia is among these images.",
        draw_precision_recall,
    ),
    FigureKind(
        "confusion",
        "Calls against the truth",
        "Each row is a true class and adds up to 100\N{NO-BREAK SPACE}%; the diagonal is right.",
        draw_confusion,
    ),
    FigureKind(
        "confusion_three_class",
        "Three classes against the truth",
        "The same with the kind of pneumonia, each image going to its most probable class, whatever the threshold.",
        draw_class_confusion,
    ),
    FigureKind(
        "reliability",
        "Reliability of the score",
        "Of images that score about 80\N{NO-BREAK SPACE}%, about 80\N{NO-BREAK SPACE}% should be pneumonia: points on "
        "the dotted line keep that promise (bars are 95\N{NO-BREAK SPACE}% intervals of the share in a bin), and below "
        "are the images by score.",
        draw_reliability,
    ),
    FigureKind(
        "histogram",
        "Scores by truth",
        "How the scores of each true class spread, with the errors hatched on the wrong side of the threshold; "
        "the axis of counts is logarithmic so that single errors show.",
        draw_histogram,
    ),
    FigureKind(
        "risk_coverage",
        "Errors when the least certain images are left out",
        "From right to left more and more images are not answered, the least certain first; a line that falls to "
        "the left says that the model knows where it may be wrong.",
        draw_risk_coverage,
    ),
)


HEATMAPS: Final = Caption(
    "heatmaps",
    "Where the scores came from, on average",
    "Grad-CAM of pneumonia averaged over all patients of a label whose images were called rightly, over their mean "
    "radiograph; an average of many children, so that nobody's radiograph is shown.",
)


def render(kind: FigureKind, evaluation: Evaluation, palette: Palette) -> bytes | None:
    """Return a figure as PNG, or None where there is nothing to draw."""
    with styled(palette):
        figure = kind.draw(evaluation, palette)
        return None if figure is None else to_png(figure)


def render_averages(averages: Sequence[AverageHeatmap], palette: Palette) -> bytes | None:
    """Return the averaged heatmaps as PNG, or None where there are none."""
    with styled(palette):
        figure = draw_averages(averages, palette)
        return None if figure is None else to_png(figure)
