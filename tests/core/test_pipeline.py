import logging
import threading
import weakref
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from core import pipeline
from core.engine.bundle import Bundle
from core.engine.engine import Engine
from core.engine.prediction import Familiarity, Prediction
from core.pipeline import BATCH_SIZE, score_files
from core.reading.radiograph import Radiograph, Window
from tests.helpers.tiny_model import graph_bytes, make_card


@pytest.fixture(scope="module")
def engine() -> Engine:
    return Engine(Bundle(make_card(), graph_bytes()), threads=1)


def radiograph(seed: int = 0) -> Radiograph:
    rendering = np.random.default_rng(seed).integers(0, 256, (60, 70)).astype(np.uint8)
    return Radiograph(rendering, rendering, Window(128, 256))


def write_png(path: Path, seed: int) -> Path:
    Image.fromarray(radiograph(seed).rendering).save(path)
    return path


@pytest.fixture
def files(tmp_path: Path) -> list[Path]:
    return [write_png(tmp_path / f"{n}.png", n) for n in range(11)]


@pytest.mark.parametrize("workers", [1, 2, 5])
def test_rows_come_in_order_with_the_engines_own_scores(
    files: list[Path], engine: Engine, workers: int
) -> None:
    rows = list(score_files(files, engine, workers=workers))
    assert [row.file for row in rows] == [path.name for path in files]
    for n, row in enumerate(rows):
        assert row.status == "ok"
        assert row.score == pytest.approx(engine.score(radiograph(n)).score, abs=1e-6)


def test_every_file_is_a_row_whatever_it_is(files: list[Path], engine: Engine, tmp_path: Path) -> None:
    (tmp_path / "text.png").write_text("no image at all")
    (tmp_path / "cut.png").write_bytes(files[0].read_bytes()[:300])
    Image.new("L", (100, 100), 40).save(tmp_path / "blank.png")
    names = ["0.png", "text.png", "1.png", "missing.png", "cut.png", "blank.png", "2.png", "."]
    rows = list(score_files([tmp_path / name for name in names], engine, names=names))
    assert [row.file for row in rows] == names
    states = ["ok", "unreadable", "ok", "unreadable", "unreadable", "refused", "ok", "unreadable"]
    assert [row.status for row in rows] == states
    for row in rows:
        assert (row.reason == "") == (row.status == "ok")
        assert (row.score is None) == (row.status != "ok")
        assert str(tmp_path) not in row.reason


class Unsure:
    """An engine that does not know every other image of a batch."""

    def __init__(self, engine: Engine) -> None:
        self.card, self.input_size = engine.card, engine.input_size
        self._engine = engine
        self._count = 0

    def predict(self, batch: np.ndarray) -> list[Prediction]:
        answers = self._engine.predict(batch)
        self._count += len(answers)
        first = self._count - len(answers)
        verdicts = (
            Familiarity(n % 2 == 0, None if n % 2 == 0 else "The image looks rotated.", n, 1.0)
            for n in range(first, self._count)
        )
        return [replace(one, familiarity=verdict) for one, verdict in zip(answers, verdicts, strict=True)]


def test_what_the_model_does_not_know_is_refused(files: list[Path], engine: Engine) -> None:
    rows = list(score_files(files, Unsure(engine), workers=1))  # type: ignore[arg-type]
    for n, row in enumerate(rows):
        assert row.familiar is (n % 2 == 0)
        assert row.status == ("ok" if row.familiar else "refused")
        assert (row.score is None) == (not row.familiar)
        assert row.reason == ("" if row.familiar else "The image looks rotated.")


def test_refused_images_are_scored_on_request(files: list[Path], engine: Engine, tmp_path: Path) -> None:
    Image.new("L", (100, 100), 40).save(tmp_path / "blank.png")
    seen: dict[int, str | None] = {}

    def note(index: int, radiograph: Radiograph, prediction: Prediction) -> None:
        seen[index] = prediction.refusal

    paths = [files[0], tmp_path / "blank.png", files[1]]
    scoring = score_files(paths, Unsure(engine), workers=1, score_refused=True, on_scored=note)  # type: ignore[arg-type]
    good, blank, unknown = scoring
    assert (good.status, good.notes) == ("ok", ())
    # It was refused before the model could tell that it does not know it either.
    assert (blank.status, blank.reason, blank.familiar) == (
        "refused",
        "The image is blank or nearly so.",
        False,
    )
    assert blank.notes == ("Scored on request although refused: The image is blank or nearly so.",)
    assert None not in (good.score, blank.score, unknown.score)
    assert seen == {0: None, 1: "The image is blank or nearly so.", 2: None}


def test_the_readers_notes_on_a_file_go_into_its_row(
    files: list[Path], engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    def read(path: Path, *, frame: int) -> Radiograph:
        return replace(radiograph(), colour=path.name == "1.png", notes=("Raw detector image.",))

    monkeypatch.setattr(pipeline, "read_radiograph", read)
    rows = list(score_files(files[:2], engine))
    assert [(row.status, row.notes) for row in rows] == [
        ("ok", ("Raw detector image.",)),
        ("refused", ("Raw detector image.",)),
    ]


def test_without_names_folders_stay_private(files: list[Path], engine: Engine) -> None:
    assert next(score_files(files, engine)).file == "0.png"


def test_a_frame_that_is_not_there_is_a_row(files: list[Path], engine: Engine) -> None:
    (row,) = score_files(files[:1], engine, frame=3)
    assert row.status == "unreadable"
    assert row.reason


@pytest.mark.parametrize("error", [MemoryError(), RecursionError(), ZeroDivisionError("/home/Jane Doe/x")])
def test_the_unexpected_is_a_row_and_a_discreet_line_in_the_log(
    files: list[Path],
    engine: Engine,
    error: Exception,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    def read(path: Path, *, frame: int) -> Radiograph:
        if path.name == "3.png":
            raise error
        return radiograph()

    monkeypatch.setattr(pipeline, "read_radiograph", read)
    with caplog.at_level(logging.WARNING):
        rows = list(score_files(files, engine))
    kind = type(error).__name__
    assert [row.file for row in rows if row.status != "ok"] == ["3.png"]
    assert rows[3].reason == f"The file could not be read ({kind})."
    assert kind in caplog.text
    assert "3.png" in caplog.text
    assert "Jane Doe" not in caplog.text
    assert str(files[0].parent) not in caplog.text


def test_a_batch_that_fails_is_scored_one_by_one(
    files: list[Path], engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    predict = engine.predict

    def fragile(batch: np.ndarray) -> list[Prediction]:
        if len(batch) > 1:
            raise MemoryError
        return predict(batch)

    monkeypatch.setattr(engine, "predict", fragile)
    assert [row.status for row in score_files(files, engine)] == ["ok"] * len(files)


def test_a_model_that_fails_is_a_reason(files: list[Path], monkeypatch: pytest.MonkeyPatch) -> None:
    engine = Engine(Bundle(make_card(), graph_bytes()), threads=1)

    class Broken:
        def run(self, *_: object) -> None:
            raise RuntimeError

    monkeypatch.setattr(engine, "_session", Broken())
    rows = list(score_files(files, engine))
    assert {row.status for row in rows} == {"unreadable"}
    assert "could not be run" in rows[0].reason


def test_no_files_are_no_rows(engine: Engine) -> None:
    assert list(score_files([], engine)) == []


def test_cancelling_ends_it_and_keeps_what_is_done(
    files: list[Path], engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    read: list[Path] = []

    def reading(path: Path, *, frame: int) -> Radiograph:
        read.append(path)
        return radiograph()

    monkeypatch.setattr(pipeline, "read_radiograph", reading)
    cancel = threading.Event()
    rows = score_files(files * 50, engine, workers=2, cancel=cancel)
    first = next(rows)
    cancel.set()
    rest = list(rows)
    assert first.status == "ok"
    assert len(rest) < BATCH_SIZE
    assert len(read) < 100
    assert threads_of_the_pool() == []


def test_closing_the_iterator_ends_its_threads(files: list[Path], engine: Engine) -> None:
    rows = score_files(files * 20, engine, workers=3)
    next(rows)
    rows.close()
    assert threads_of_the_pool() == []


def threads_of_the_pool() -> list[str]:
    return [thread.name for thread in threading.enumerate() if thread.name.startswith("score")]


def test_only_a_few_files_are_under_way(
    files: list[Path], engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nothing is read far ahead of a consumer that stands still."""
    read: list[Path] = []

    def reading(path: Path, *, frame: int) -> Radiograph:
        read.append(path)
        return radiograph()

    monkeypatch.setattr(pipeline, "read_radiograph", reading)
    rows = score_files(files * 50, engine, workers=2)
    for taken in range(1, 41):
        next(rows)
        assert len(read) <= taken + (2 * 2 + 1) * BATCH_SIZE
    rows.close()


def test_pixels_do_not_outlive_their_turn(
    files: list[Path], engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    renderings: list[weakref.ref[np.ndarray]] = []

    def reading(path: Path, *, frame: int) -> Radiograph:
        image = radiograph()
        renderings.append(weakref.ref(image.rendering))
        return image

    monkeypatch.setattr(pipeline, "read_radiograph", reading)
    for _ in score_files(files * 20, engine, workers=2):
        assert sum(reference() is not None for reference in renderings) <= 2
    assert len(renderings) == 220


def test_scored_radiographs_are_handed_out_with_their_index(
    files: list[Path], engine: Engine, tmp_path: Path
) -> None:
    (tmp_path / "text.png").write_text("no image at all")
    seen: dict[int, tuple[tuple[int, int], float]] = {}

    def on_scored(index: int, image: Radiograph, prediction: Prediction) -> None:
        seen[index] = (image.shape, prediction.score)

    paths = [files[0], tmp_path / "text.png", *files[1:]]
    rows = list(score_files(paths, engine, on_scored=on_scored))
    assert sorted(seen) == [0, *range(2, 12)]
    for index, (shape, score) in seen.items():
        assert shape == (60, 70)
        assert score == rows[index].score


def test_what_goes_wrong_with_a_result_comes_out(files: list[Path], engine: Engine) -> None:
    def on_scored(index: int, image: Radiograph, prediction: Prediction) -> None:
        if index == 2:
            raise OSError("disk full")

    rows = score_files(files, engine, on_scored=on_scored)
    with pytest.raises(OSError, match="disk full"):
        list(rows)
    assert threads_of_the_pool() == []
