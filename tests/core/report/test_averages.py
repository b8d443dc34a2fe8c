"""Averaged heatmaps: right over patients, and never of few."""

import io
import json
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from core.dataset import Item
from core.engine.prediction import Prediction
from core.reading.radiograph import Radiograph, Window
from core.report import write_report
from core.report.averages import LEAST_PATIENTS, SIDE, AverageHeatmap, Averaging
from core.report.figures import HEATMAPS, render_averages
from core.report.style import DARK, LIGHT
from tests.core.report.conftest import names_of

CLASSES = ("normal", "bacterial", "viral")


def radiograph(grey):
    pixels = np.full((80, 100), grey, np.uint8)
    return Radiograph(pixels=pixels, rendering=pixels, window=Window(128, 256), inverted=False)


def prediction(call, strength=1.0):
    """A prediction whose Grad-CAM of pneumonia is `strength` in its first cell and nothing elsewhere."""
    p = {"normal": [0.9, 0.05, 0.05], "pneumonia": [0.1, 0.8, 0.1]}[call]
    maps = np.zeros((3, 7, 7), np.float32)
    maps[1:, 0, 0] = strength
    return Prediction(CLASSES, np.log(p).astype(np.float32), np.array(p), maps, np.zeros(4), 0.5, "tiny 1.0")


def item(patient, label="bacterial"):
    return Item(Path("x"), "x", patient, label)


def test_every_patient_weighs_the_same_however_many_images_there_are():
    averaging = Averaging([item("a"), item("a"), item("a"), item("b")])
    for index, (grey, strength) in enumerate([(10, 1), (20, 2), (30, 3), (100, 6)]):
        averaging.add(index, radiograph(grey), prediction("pneumonia", strength))
    (mean,) = averaging.averages(least=2)
    assert (mean.label, mean.images, mean.patients) == ("bacterial", 4, 2)
    assert mean.radiograph.shape == (SIDE, SIDE)
    assert mean.radiograph == pytest.approx(np.full((SIDE, SIDE), 60.0))
    assert mean.activation_map[0, 0] == pytest.approx(4.0)
    assert np.count_nonzero(mean.activation_map) == 1


def test_labels_are_kept_apart_and_wrong_calls_left_out():
    averaging = Averaging([item("a", "normal"), item("b", "normal"), item("c", "viral"), item("d", "viral")])
    for index, call in enumerate(["normal", "pneumonia", "pneumonia", "normal"]):
        averaging.add(index, radiograph(50 * index), prediction(call))
    means = averaging.averages(least=1)
    assert [(mean.label, mean.images) for mean in means] == [("normal", 1), ("viral", 1)]
    assert [mean.radiograph[0, 0] for mean in means] == [0, 100]


def test_fewer_patients_than_protect_a_child_are_never_shown():
    averaging = Averaging([item(f"p{n}") for n in range(LEAST_PATIENTS)])
    for index in range(LEAST_PATIENTS - 1):
        averaging.add(index, radiograph(90), prediction("pneumonia"))
    averaging.add(0, radiograph(90), prediction("pneumonia"))
    assert averaging.averages() == ()
    averaging.add(LEAST_PATIENTS - 1, radiograph(90), prediction("pneumonia"))
    assert [mean.patients for mean in averaging.averages()] == [LEAST_PATIENTS]
    assert LEAST_PATIENTS >= 50


def test_several_threads_lose_nothing():
    averaging = Averaging([item(f"p{n % 7}") for n in range(400)])
    with ThreadPoolExecutor(4) as pool:
        list(
            pool.map(lambda n: averaging.add(n, radiograph(n % 200), prediction("pneumonia", n)), range(400))
        )
    (mean,) = averaging.averages(least=7)
    assert mean.images == 400
    per_patient = [np.mean([n for n in range(400) if n % 7 == k]) for k in range(7)]
    assert mean.activation_map[0, 0] == pytest.approx(np.mean(per_patient))


def averages(strength=0.4):
    heat = np.zeros((7, 7))
    heat[1, 1] = strength
    ramp = np.tile(np.linspace(0, 255, SIDE), (SIDE, 1))
    return [
        AverageHeatmap("normal", 80, 60, ramp, heat / 8),
        AverageHeatmap("viral", 90, 70, ramp, heat),
    ]


@pytest.mark.parametrize("palette", [LIGHT, DARK], ids=["light", "dark"])
def test_the_picture_is_drawn_for_light_and_dark_pages(palette):
    with Image.open(io.BytesIO(render_averages(averages(), palette))) as image:
        corner = image.convert("RGB").getpixel((2, 2))
    assert f"#{bytes(corner).hex()}" == palette.paper
    assert render_averages([], palette) is None


def test_all_panels_share_one_scale():
    """A weak mean must stay weak beside a strong one; each on a scale of its own would look alike."""
    from core.report.heatmaps import _blend

    weak, strong = averages()
    first, second = (_blend(mean, 0.4) for mean in (weak, strong))
    assert (first[..., 0] == first[..., 1]).all()  # grey: below the threshold of the common scale
    assert (second[..., 0] != second[..., 1]).any()


def test_the_report_holds_the_means_but_no_mean_radiograph(evaluation, about, tmp_path):
    page = write_report(tmp_path, evaluation, about, names_of(evaluation), averages=averages())
    document = json.loads((tmp_path / "report.json").read_text(encoding="utf-8"))
    assert [(m["label"], m["images"], m["patients"]) for m in document["heatmaps"]] == [
        ("normal", 80, 60),
        ("viral", 90, 70),
    ]
    assert document["heatmaps"][1]["logits_per_cell"][1][1] == 0.4
    assert set(document["heatmaps"][0]) == {"label", "images", "patients", "logits_per_cell"}
    assert HEATMAPS.title in page.read_text(encoding="utf-8")
    assert (tmp_path / "heatmaps.png").exists()
    assert (tmp_path / "heatmaps-dark.png").exists()
    write_report(tmp_path, evaluation, replace(about), names_of(evaluation))
    assert not (tmp_path / "heatmaps.png").exists()
