"""What the model that ships accepts and refuses. Opt-in: real data."""

import io
import os
import sys
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from PIL import Image, ImageFilter

from core.dataset import apply_split, find_items, read_split
from core.engine.default import default_bundle_path
from core.engine.engine import Engine
from core.familiarity.measure import RefusalRow, refusal_table
from core.familiarity.synthetic import invert, make_noise, turn_left, turn_over, turn_right
from core.preprocess import resize_grey
from core.reading import find_radiographs, read_radiograph

pytestmark = pytest.mark.shared

SPLIT = Path(__file__).parents[3] / "training" / "splits" / "kermany-seed42.csv"
CHANGED = 100
Grey = np.ndarray


@pytest.fixture(scope="module")
def shared() -> Path:
    return Path(os.environ["DEEPPNEUMO_SHARED"])


@pytest.fixture(scope="module")
def engine() -> Engine:
    engine = Engine(default_bundle_path())
    if engine.card.familiarity is None:
        pytest.skip("the model that ships does not say what it is familiar with")
    return engine


@pytest.fixture(scope="module")
def test_part(shared: Path) -> list[Grey]:
    items = apply_split(find_items(shared / "chest_xray"), read_split(SPLIT), SPLIT.name)
    return [resize_grey(read_radiograph(item.path).rendering) for item in items if item.part == "test"]


def judge(engine: Engine, group: str, images: object, capsys: pytest.CaptureFixture[str]) -> RefusalRow:
    (row,) = refusal_table(engine, {group: images})  # type: ignore[dict-item]
    with capsys.disabled():
        sys.stdout.write(
            f"\n{group}: {row.refused} of {row.images} refused ({row.low:.3f} to {row.high:.3f}) {row.reasons}\n"
        )
    return row


def test_radiographs_of_the_test_part_are_accepted(engine, test_part, capsys) -> None:
    assert judge(engine, "test part", test_part, capsys).accepted >= 0.98


def test_native_radiographs_are_accepted(engine, shared, capsys) -> None:
    assert judge(engine, "originals", find_radiographs([shared / "originals"]), capsys).refused == 0


@pytest.mark.parametrize(("group", "least"), [("photos", 0.99), ("knees", 0.98), ("other", 0.95)])
def test_what_is_no_chest_radiograph_is_refused(engine, shared, capsys, group: str, least: float) -> None:
    """In grey, too: not by their colour alone."""
    paths = find_radiographs([shared / "not_chest" / group])
    assert judge(engine, group, paths, capsys).share >= least
    grey = [read_radiograph(path).rendering for path in paths]
    assert judge(engine, f"{group}, in grey", grey, capsys).share >= least


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (invert, "looks inverted"),
        (turn_left, "looks rotated by 90 degrees"),
        (turn_right, "looks rotated by 90 degrees"),
        (turn_over, "looks rotated by 180 degrees"),
        (make_noise, "looks like noise"),
    ],
)
def test_spoiled_radiographs_are_flagged_for_that(engine, test_part, capsys, change, words: str) -> None:
    generator = np.random.default_rng(12)
    row = judge(engine, change.__name__, [change(image, generator) for image in test_part[:CHANGED]], capsys)
    assert row.share >= 0.95
    assert sum(count for reason, count in row.reasons if words in reason) >= 0.95 * row.images


def reencode(image: Grey) -> Grey:
    buffer = io.BytesIO()
    Image.fromarray(image).save(buffer, "JPEG", quality=40)
    return np.asarray(Image.open(buffer))


def crop(image: Grey) -> Grey:
    edge = round(0.05 * len(image))
    inner = Image.fromarray(image[edge:-edge, edge:-edge])
    return np.asarray(inner.resize(image.shape[::-1], Image.Resampling.BILINEAR))


def gamma(image: Grey, power: float) -> Grey:
    return np.rint((image / 255.0) ** power * 255).astype(np.uint8)


MILD: dict[str, Callable[[Grey], Grey]] = {
    "JPEG 40": reencode,
    "blur": lambda image: np.asarray(Image.fromarray(image).filter(ImageFilter.GaussianBlur(1))),
    "gamma 0.7": lambda image: gamma(image, 0.7),
    "gamma 1.4": lambda image: gamma(image, 1.4),
    "rotation by 7": lambda image: np.asarray(Image.fromarray(image).rotate(7, Image.Resampling.BILINEAR)),
    "crop": crop,
}


@pytest.mark.parametrize("name", MILD)
def test_mild_changes_are_put_up_with(engine, test_part, capsys, name: str) -> None:
    changed = [MILD[name](image) for image in test_part[:CHANGED]]
    assert judge(engine, name, changed, capsys).accepted >= 0.98
