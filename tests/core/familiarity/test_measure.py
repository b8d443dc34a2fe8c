from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from core.engine.bundle import Bundle
from core.engine.engine import Engine
from core.familiarity.measure import find_reasons, refusal_table
from core.reading import read_radiograph
from tests.helpers.familiar_model import chests, familiar_bundle
from tests.helpers.tiny_model import graph_bytes, make_card

COLOUR = "The image is a colour picture, not a radiograph."


@pytest.fixture(scope="module")
def engine() -> Engine:
    return Engine(familiar_bundle(), threads=1)


def coloured(path: Path) -> Path:
    image = np.zeros((60, 60, 3), np.uint8)
    image[..., 0] = np.arange(60) * 4
    Image.fromarray(image).save(path)
    return path


def test_a_group_is_counted_with_its_reasons(engine: Engine, tmp_path: Path) -> None:
    images = chests(21, seed=5)
    Image.fromarray(images[0]).save(tmp_path / "chest.png")
    (tmp_path / "text.png").write_text("no image")
    group = [
        *images,
        *(255 - images[:2]),
        tmp_path / "chest.png",
        coloured(tmp_path / "colour.png"),
        tmp_path / "text.png",
        read_radiograph(tmp_path / "chest.png"),
    ]
    row, empty = refusal_table(engine, {"mixed": group, "nothing": []})
    assert (row.group, row.images, row.refused, row.unreadable) == ("mixed", 26, 3, 1)
    assert row.reasons == (("The image looks inverted.", 2), (COLOUR, 1))
    assert row.share == pytest.approx(3 / 26)
    assert row.accepted == pytest.approx(23 / 26)
    assert row.low < row.share < row.high
    assert (empty.images, empty.low, empty.high) == (0, 0.0, 1.0)
    assert np.isnan(empty.share)


def test_reasons_come_in_the_order_of_the_images(engine: Engine) -> None:
    images = chests(20, seed=6)
    images[4] = 255 - images[4]
    images[11] = 90
    reasons = find_reasons(engine, images)
    assert [n for n, reason in enumerate(reasons) if reason] == [4, 11]
    assert "inverted" in (reasons[4] or "")
    assert "blank" in (reasons[11] or "")


def test_without_familiarity_the_gates_alone_refuse() -> None:
    engine = Engine(Bundle(make_card(), graph_bytes()), threads=1)
    images = chests(2, seed=7)
    images[1] = 90
    assert find_reasons(engine, [*images, 255 - images[0]]) == [
        None,
        "The image is blank or nearly so.",
        None,
    ]
