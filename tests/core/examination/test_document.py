import json

import numpy as np
import pytest
from PIL import Image

from core.errors import ReadError
from core.examination.document import Examination, asked, to_json, to_markdown, with_interval
from core.examination.figures import render
from core.examination.images import Images
from core.examination.row import Bound, Row, Section
from core.notice import NOTICE
from core.report.about import About
from core.report.style import LIGHT
from tests.core.examination.conftest import flat

ABOUT = About(
    model_name="tiny",
    model_version="1.0",
    model_hash="ab" * 32,
    operating_point="balanced",
    split_name="part val of split.csv",
    split_hash="cd" * 32,
    date="2026-11-23",
    versions={"NumPy": "2"},
)
FLIPS = Section(
    "robustness",
    "Calls that flip",
    (
        Row(
            "jpeg",
            "JPEG",
            0.004,
            250,
            (0.001, 0.02),
            "wilson",
            Bound("below", 0.01),
            unit="share",
            details={"auroc": 0.9981},
        ),
        Row("crop", "Crop of 5 %", 0.031, 250, (0.02, 0.05), "wilson", Bound("below", 0.02), unit="share"),
    ),
    ("A note.",),
    {"auroc": "AUROC after"},
)
REST = Section(
    "rest",
    "The rest",
    (
        Row("energy", "Energy", 0.5, 7, (0.4, 0.6), "patients", Bound("at least", 0.6)),
        Row("count", "Differing", 0.0, 40, bound=Bound("at most", 1), unit="count"),
        Row("clue", "Clue", None, 0, reason="there are no images"),
    ),
)


@pytest.fixture
def examination(images_of):
    images = images_of(("normal", flat(100)), ("viral", flat(120)))
    broken = ReadError("a.png", "The file is damaged.")
    return Examination(ABOUT, 0.25, Images(images.items, images.grey, (broken,)), (FLIPS, REST), limited_to=2)


def test_json_says_all_of_a_row(examination):
    document = json.loads(to_json(examination))
    assert document["schema_version"] == 1
    assert document["notice"] == NOTICE
    assert document["model"]["operating_point"] == {"name": "balanced", "threshold": 0.25}
    assert document["data"]["images"] == document["data"]["patients"] == document["data"]["limited_to"] == 2
    assert document["data"]["unreadable"] == [{"file": "a.png", "reason": "The file is damaged."}]
    assert list(document["sections"]) == ["robustness", "rest"]
    assert document["sections"]["robustness"]["rows"]["jpeg"] == {
        "title": "JPEG",
        "value": 0.004,
        "interval": [0.001, 0.02],
        "interval_method": "wilson",
        "bound": {"relation": "below", "value": 0.01},
        "certain": False,
        "met": True,
        "n": 250,
        "unit": "share",
        "reason": None,
        "details": {"auroc": 0.9981},
    }
    rows = document["sections"]["rest"]["rows"]
    assert rows["energy"]["met"] is False
    assert rows["clue"]["value"] is rows["clue"]["met"] is rows["clue"]["bound"] is None
    assert rows["clue"]["reason"] == "there are no images"


def test_markdown_is_a_table_with_value_bound_and_verdict(examination):
    text = to_markdown(examination)
    assert "| JPEG | 0.4 (0.1\N{EN DASH}2.0) % | below 1.0 % | yes | 250 | 0.998 |" in text
    assert "| Crop of 5 % | 3.1 (2.0\N{EN DASH}5.0) % | below 2.0 % | **no** | 250 | \N{EN DASH} |" in text
    assert "| Energy | 0.500 (0.400\N{EN DASH}0.600) | at least 0.600 | **no** | 7 |" in text
    assert "| Differing | 0 | at most 1 | yes | 40 |" in text
    assert "| Clue | \N{EN DASH} (there are no images) | \N{EN DASH} | \N{EN DASH} | 0 |" in text
    assert "a draw of 2" in text
    assert "A note." in text
    widths = {line.count("|") for line in text.splitlines() if line.startswith("|") and "AUROC after" in text}
    assert widths == {6, 7}


def test_rows_with_a_bound_are_counted(examination):
    assert [row.key for row in examination.bounded] == ["jpeg", "crop", "energy", "count"]
    assert asked(REST.rows[2]) == "\N{EN DASH}"
    assert with_interval(REST.rows[1]) == "0"


CURVES = Section(
    "explanation",
    "Heatmaps",
    (),
    curves={
        "normal": {
            "shares": [0, 0.5, 1],
            "deletion": {"model": [1, 0.2, 0], "random": [1, 0.6, 0], "centre": [1, 0.4, 0]},
            "insertion": {"model": [0, 0.9, 1], "random": [0, 0.4, 1], "centre": [0, 0.5, 1]},
        }
    },
)
CASCADE = Section(
    "sanity",
    "Shuffled",
    (
        Row("sanity_to_fc", "fc", 0.1, 9, (0.0, 0.2)),
        Row("sanity_to_conv1", "conv1", 0.0, 9, (-0.1, 0.1)),
        Row("sanity_unrelated", "unrelated", 0.3, 9, (0.2, 0.4)),
    ),
)


@pytest.mark.parametrize("section", [FLIPS, CURVES, CASCADE], ids=lambda section: section.key)
def test_sections_have_figures(section, monkeypatch):
    monkeypatch.setattr("core.report.style.DPI", 40)
    import io

    picture = np.asarray(Image.open(io.BytesIO(render(section, LIGHT))).convert("RGB"))
    colours = np.unique(picture.reshape(-1, 3), axis=0)
    assert len(colours) > 20
    assert (picture[0, 0] == 255).all()


def test_a_section_without_figures_has_none():
    assert render(REST, LIGHT) is None
    assert render(Section("explanation", "Heatmaps", ()), LIGHT) is None
    assert render(Section("sanity", "Shuffled", ()), LIGHT) is None
    assert render(Section("robustness", "Flips", ()), LIGHT) is None
