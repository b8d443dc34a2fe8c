from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from core.engine.bundle import Bundle
from core.engine.engine import Engine
from core.overlay_files import MAX_SIDE, OverlayWriter, overlay_names
from core.reading.radiograph import Radiograph, Window
from core.score_words import score_line
from tests.helpers.tiny_model import graph_bytes, make_card


def radiograph(height: int, width: int) -> Radiograph:
    rendering = np.random.default_rng(0).integers(0, 256, (height, width)).astype(np.uint8)
    return Radiograph(rendering, rendering, Window(128, 256))


@pytest.mark.parametrize(
    ("files", "names"),
    [
        (["a.jpeg", "b.png"], ["a.png", "b.png"]),
        (["x/a.jpeg", "y/a.jpeg", "b.png"], ["x_a.png", "y_a.png", "b.png"]),
        (["x/a.jpeg", "x/a.png"], ["x_a.png", "x_a-2.png"]),
        (["a.jpeg", "A.png"], ["a.png", "A-2.png"]),
        (["../s/NORMAL/a.jpg", "/data/a.jpg"], ["s_NORMAL_a.png", "data_a.png"]),
        (["x_a.jpg", "x/a.jpg", "y/a.jpg"], ["x_a.png", "x_a-2.png", "y_a.png"]),
        (["1.2.840.10008", "1.2.840.10009"], ["1.2.840.10008.png", "1.2.840.10009.png"]),
        (["same.png", "same.png"], ["same.png", "same-2.png"]),
    ],
)
def test_names_are_unique_and_tell_their_file(files: list[str], names: list[str]) -> None:
    assert overlay_names(files) == names


def test_a_long_name_still_fits() -> None:
    (name,) = overlay_names(["ä" * 125 + ".jpg"])
    assert 200 < len(name.encode()) <= 255


def test_a_picture_with_its_strip_is_written(tmp_path: Path) -> None:
    engine = Engine(Bundle(make_card(), graph_bytes()), threads=1)
    image = radiograph(300, 600)
    OverlayWriter(tmp_path, ["a.png"], engine.card, 0.5).write(0, image, engine.score(image))
    assert [path.name for path in tmp_path.iterdir()] == ["a.png"]
    with Image.open(tmp_path / "a.png") as picture:
        assert (picture.format, picture.mode, picture.width) == ("PNG", "RGB", 600)
        assert picture.height > 300 + 60
        assert picture.info == {}


def test_the_strip_names_model_date_score_and_strength(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen: list[str] = []

    def burn_in(image: Image.Image, lines: tuple[str, ...], *style: object) -> Image.Image:
        seen.extend(lines)
        return image

    monkeypatch.setattr("core.overlay_files.burn_in", burn_in)
    engine = Engine(Bundle(make_card(date="2026-01-02"), graph_bytes()), threads=1)
    image = radiograph(80, 80)
    prediction = engine.score(image)
    OverlayWriter(tmp_path, ["a.png"], engine.card, 0.5).write(0, image, prediction)
    text = " ".join(seen)
    assert "tiny 1.0 of 2026-01-02" in text
    assert score_line(prediction.score, prediction.call, 0.6) in text
    assert f"{prediction.activation_map().max():.2f} (logits per cell)" in text


def test_the_strip_says_what_was_refused_and_what_is_uncertain(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen: list[str] = []
    monkeypatch.setattr("core.overlay_files.burn_in", lambda image, lines, *style: seen.extend(lines))
    engine = Engine(Bundle(make_card(), graph_bytes()), threads=1)
    image = radiograph(80, 80)
    prediction = replace(engine.score(image), refusal="The image is blank.", prediction_set=())
    OverlayWriter(tmp_path, ["a.png"], engine.card, 0.5).picture(image, prediction)
    assert "Scored on request although refused: The image is blank." in seen
    assert any(line.startswith("Uncertain: no class fits") for line in seen)


def test_a_huge_radiograph_is_reduced(tmp_path: Path) -> None:
    engine = Engine(Bundle(make_card(), graph_bytes()), threads=1)
    image = radiograph(100, 2 * MAX_SIDE)
    OverlayWriter(tmp_path, ["a.png"], engine.card, 0.5).write(0, image, engine.score(image))
    with Image.open(tmp_path / "a.png") as picture:
        assert picture.width == MAX_SIDE


def test_colours_and_threshold_are_those_asked_for(tmp_path: Path) -> None:
    engine = Engine(Bundle(make_card(), graph_bytes()), threads=1)
    image = radiograph(80, 80)
    prediction = engine.score(image)
    default = OverlayWriter(tmp_path, ["a.png"], engine.card, 0.5).picture(image, prediction)
    grey = OverlayWriter(tmp_path, ["a.png"], engine.card, 0.5, "grey", 0.2).picture(image, prediction)
    assert grey.convert("HSV").getchannel("S").getextrema() == (0, 0)
    assert default.convert("HSV").getchannel("S").getextrema()[1] > 0
