import io
import subprocess
import sys

import matplotlib as mpl
import numpy as np
import pytest
from PIL import Image

from core.metrics import evaluate
from core.report.curves import draw_precision_recall, draw_roc
from core.report.figures import FIGURES, render
from core.report.matrices import draw_class_confusion, draw_confusion
from core.report.scores import draw_histogram, draw_reliability
from core.report.style import DARK, LIGHT

TWO = ("normal", "pneumonia")


def two_classes(labels, scores, threshold=0.5):
    table = [[1 - score, score] for score in scores]
    patients = [f"p{n}" for n in range(len(labels))]
    return evaluate(labels, table, patients, class_names=TWO, threshold=threshold, resamples=20)


EDGES = {
    "no image": two_classes([], []),
    "one image": two_classes(["normal"], [0.3]),
    "one class": two_classes(["pneumonia"] * 3, [0.3, 0.6, 0.6]),
    "nothing called": two_classes(["normal", "pneumonia"], [0.2, 0.4]),
    "everything equal": two_classes(["normal", "pneumonia"] * 3, [0.5] * 6),
    "perfect": two_classes(["normal", "pneumonia"] * 9, [0.0, 1.0] * 9),
}


@pytest.mark.parametrize("kind", FIGURES, ids=lambda kind: kind.key)
def test_every_figure_is_a_png_and_the_same_twice(evaluation, kind):
    png = render(kind, evaluation, LIGHT)
    with Image.open(io.BytesIO(png)) as image:
        assert image.format == "PNG"
        assert min(image.size) >= 800
        assert image.convert("RGB").getpixel((2, 2)) == (255, 255, 255)
    assert render(kind, evaluation, LIGHT) == png
    with Image.open(io.BytesIO(render(kind, evaluation, DARK))) as image:
        assert image.convert("RGB").getpixel((2, 2)) == (0x16, 0x1C, 0x24)


@pytest.mark.parametrize("case", EDGES)
@pytest.mark.parametrize("kind", FIGURES, ids=lambda kind: kind.key)
def test_edge_cases_draw_or_say_that_there_is_nothing(kind, case):
    evaluation = EDGES[case]
    png = render(kind, evaluation, LIGHT)
    nothing = {
        "roc": case in ("no image", "one image", "one class"),
        "precision_recall": case in ("no image", "one image"),
        "confusion": False,
        "confusion_three_class": True,
        "reliability": case == "no image",
        "histogram": case == "no image",
        "risk_coverage": case == "no image",
    }
    assert (png is None) == nothing[kind.key]


def test_roc_shows_the_curve_and_the_operating_point(evaluation):
    axes = draw_roc(evaluation, LIGHT).axes[0]
    lines = {line.get_label(): line for line in axes.get_lines()}
    np.testing.assert_array_equal(lines["model"].get_ydata(), evaluation.roc.true_positive_rate)
    marker = axes.containers[0].lines[0]
    specificity, sensitivity = (evaluation.measures[key].value for key in ("specificity", "sensitivity"))
    assert [*marker.get_xdata(), *marker.get_ydata()] == pytest.approx([1 - specificity, sensitivity])
    shown = axes.get_legend().get_title().get_text()
    assert f"{evaluation.measures['auroc'].value:.3f}" in shown
    # The bars of the operating point are the intervals, not mirrored by the switch to 1 - specificity.
    bar = axes.containers[0].lines[2][0].get_segments()[0]
    measure = evaluation.measures["specificity"]
    np.testing.assert_allclose(bar[:, 0], [1 - measure.high, 1 - measure.low])


def test_good_models_get_their_corner_enlarged():
    good, poor = EDGES["perfect"], EDGES["everything equal"]
    assert len(draw_roc(good, LIGHT).axes[0].child_axes) == 1
    assert len(draw_precision_recall(good, LIGHT).axes[0].child_axes) == 1
    assert not draw_roc(poor, LIGHT).axes[0].child_axes
    assert not draw_precision_recall(poor, LIGHT).axes[0].child_axes


def test_precision_recall_shows_the_share_of_pneumonias(evaluation):
    axes = draw_precision_recall(evaluation, LIGHT).axes[0]
    chance = next(line for line in axes.get_lines() if str(line.get_label()).startswith("chance"))
    assert chance.get_ydata()[0] == pytest.approx(evaluation.positive.mean())


def test_the_area_under_the_drawn_steps_is_the_average_precision(evaluation):
    axes = draw_precision_recall(evaluation, LIGHT).axes[0]
    recall, precision = axes.get_lines()[0].get_data()
    area = (np.diff(recall) * precision[1:]).sum()
    assert area == pytest.approx(evaluation.measures["average_precision"].value)
    assert recall[0] == 0


def test_confusion_shows_counts_and_shares_of_the_row(evaluation):
    for draw, counts in (
        (draw_confusion, evaluation.confusion),
        (draw_class_confusion, evaluation.class_confusion),
    ):
        texts = [text.get_text() for text in draw(evaluation, LIGHT).axes[0].texts]
        assert [int(text) for text in texts[::2]] == counts.ravel().tolist()
        shares = [float(text.split("\u202f")[0]) for text in texts[1::2]]
        np.testing.assert_allclose(
            np.reshape(shares, counts.shape), 100 * counts / counts.sum(axis=1, keepdims=True), atol=0.06
        )


def test_histogram_counts_every_image_and_hatches_the_errors(evaluation):
    panels = draw_histogram(evaluation, LIGHT).axes
    for axes, members, wrong in (
        (panels[0], evaluation.positive, ~evaluation.called),
        (panels[1], ~evaluation.positive, evaluation.called),
    ):
        heights = dict.fromkeys((None, "////"), 0.0)
        for patch in axes.patches:
            heights[patch.get_hatch()] += patch.get_height()
        assert heights == {None: (members & ~wrong).sum(), "////": (members & wrong).sum()}
        assert f"{(members & wrong).sum()} of {members.sum()}" in axes.get_title(loc="left")


def test_errors_stand_on_top_of_the_right_calls_of_their_bin():
    axes = draw_histogram(two_classes(["normal"] * 3, [0.505, 0.51, 0.515], threshold=0.507), LIGHT).axes[1]
    tops = {
        patch.get_hatch(): (patch.get_y(), patch.get_height()) for patch in axes.patches if patch.get_height()
    }
    assert tops == {None: (0, 1), "////": (1, 2)}


def test_reliability_shows_the_bins_and_counts_the_images(evaluation):
    axes, counts = draw_reliability(evaluation, LIGHT).axes
    line = next(line for line in axes.get_lines() if "bins" in str(line.get_label()))
    assert line.get_ydata().tolist() == [row.observed for row in evaluation.reliability]
    assert line.get_label() == "15 bins of 4 images"
    assert sum(patch.get_height() for patch in counts.patches) == 60


def test_matplotlib_settings_of_others_stay_as_they_are(evaluation):
    before = dict(mpl.rcParams)
    render(FIGURES[0], evaluation, DARK)
    assert dict(mpl.rcParams) == before


def test_reports_import_matplotlib_and_jinja_only_when_they_draw():
    code = (
        "import sys, core.report, core.metrics; print({'matplotlib', 'jinja2', 'sklearn'} & set(sys.modules))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "set()"
