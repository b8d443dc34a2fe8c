import numpy as np
import pytest
from PIL import Image

from core.engine.bundle import write_bundle
from core.examination import refusal
from core.examination.refusal import SPOILED, examine_refusal, spoil
from core.familiarity.measure import RefusalRow
from core.reading.radiograph import Radiograph
from tests.core.examination.conftest import textured
from tests.helpers.tiny_model import graph_bytes, make_card

GREY = textured(120, 1, 30)


def generator():
    return np.random.default_rng(0)


def test_spoiling_is_what_it_says():
    assert (spoil(GREY, "inverted", generator()) == 255 - GREY).all()
    assert (spoil(GREY, "rotated_90", generator()) == np.rot90(GREY)).all()
    assert (spoil(GREY, "rotated_180", generator()) == GREY[::-1, ::-1]).all()
    assert (spoil(GREY, "rotated_270", generator()) == np.rot90(GREY, 3)).all()
    assert spoil(GREY, "blank", generator()).std() < 3
    assert abs(np.corrcoef(spoil(GREY, "noise", generator()).ravel(), GREY.ravel())[0, 1]) < 0.1
    tinted = spoil(GREY, "tinted", generator())
    assert isinstance(tinted, Radiograph)
    assert tinted.colour


@pytest.mark.parametrize("how", SPOILED)
def test_spoiling_leaves_the_radiograph_alone(how):
    before = GREY.copy()
    spoil(GREY, how, generator())
    assert (before == GREY).all()


@pytest.fixture
def bundle(tmp_path):
    return write_bundle(tmp_path / "tiny.bundle", make_card(), graph_bytes())


@pytest.fixture
def images(images_of):
    return images_of(*(("normal", textured(100 + n, n, 30)) for n in range(5)))


def rows_of(*given, **more):
    section = examine_refusal(*given, seed=1, spoiled=4, **more)
    return {row.key: row for row in section.rows}


def test_the_gates_alone_accept_radiographs_and_name_blank_and_tinted(images, bundle):
    counted = []
    section = examine_refusal(images, bundle, None, seed=1, spoiled=4, tick=counted.append)
    rows = {row.key: row for row in section.rows}
    assert (rows["accepted"].value, rows["accepted"].n, rows["accepted"].met) == (1, 5, True)
    assert rows["accepted"].interval == pytest.approx((0.5655, 1), abs=1e-3)
    for how in ("blank", "tinted"):
        assert (rows[how].value, rows[how].n, rows[how].met) == (1, 4, True)
        assert rows[f"{how}_named"].value == 1
    assert rows["inverted"].met is False
    assert rows["noise_named"].met is False
    assert "photos" not in rows
    assert rows["cost"].value is None
    assert "gates alone" in section.notes[0]
    assert sum(counted) == 5 + 4 * len(SPOILED)


def test_foreign_pictures_are_taken_from_their_folders(images, bundle, tmp_path):
    for name in ("one.png", "two.png"):
        (tmp_path / "foreign" / "photos").mkdir(parents=True, exist_ok=True)
        Image.fromarray(np.random.default_rng(0).integers(0, 256, (40, 40, 3), np.uint8)).save(
            tmp_path / "foreign" / "photos" / name
        )
    rows = rows_of(images, bundle, tmp_path / "foreign")
    assert (rows["photos"].value, rows["photos"].n, rows["photos"].met) == (1, 2, True)
    assert "knees" not in rows


def test_a_reason_counts_as_named_only_when_it_says_so(images, bundle, monkeypatch):
    def table(engine, groups):
        (name, pictures) = next(iter(groups.items()))
        reasons = (("The image looks inverted.", 3), ("The image is far from what the model knows.", 1))
        return [RefusalRow(name, len(pictures), 4, 0.5, 1.0, reasons, 0)]

    monkeypatch.setattr(refusal, "refusal_table", table)
    rows = rows_of(images, bundle, None)
    assert rows["inverted"].value == 1
    assert rows["inverted_named"].value == 0.75
    assert rows["inverted_named"].met is False
    assert rows["rotated_90_named"].value == 0
    assert rows["inverted"].details["reasons"]["The image looks inverted."] == 3
