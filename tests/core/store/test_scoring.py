from __future__ import annotations

import os
import sqlite3
import subprocess
import sys
from collections.abc import Sequence
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from core import pipeline
from core.engine.bundle import Bundle
from core.engine.engine import Engine
from core.pipeline import score_files
from core.reading import read_radiograph
from core.reading.radiograph import Radiograph
from core.store.scoring import score_with_store
from core.store.store import Store
from core.table import Row
from tests.helpers.tiny_model import graph_bytes, make_card, write_tiny_bundle


@pytest.fixture(scope="module")
def engine() -> Engine:
    return Engine(Bundle(replace(make_card(), content_hash="a" * 64), graph_bytes()), threads=1)


def write_png(path: Path, seed: int) -> Path:
    grey = np.random.default_rng(seed).integers(0, 256, (60, 70)).astype(np.uint8)
    Image.fromarray(grey).save(path)
    return path


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    folder = tmp_path / "files"
    folder.mkdir()
    for number in range(9):
        write_png(folder / f"{number}.png", number)
    (folder / "broken.png").write_bytes((folder / "1.png").read_bytes()[:300])
    Image.new("L", (100, 100), 40).save(folder / "blank.png")
    return folder


@pytest.fixture
def read(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Names of the files that are decoded."""
    names: list[str] = []

    def note(path: Path, *, frame: int = 0) -> Radiograph:
        names.append(path.name)
        return read_radiograph(path, frame=frame)

    monkeypatch.setattr(pipeline, "read_radiograph", note)
    return names


def run(store: Store, engine: Engine, folder: Path, **options: object) -> list[Row]:
    return list(score_with_store(sorted(folder.iterdir()), engine, store, **options))  # type: ignore[arg-type]


def test_the_second_time_nothing_is_read_and_the_rows_are_the_same(
    store: Store, engine: Engine, folder: Path, read: list[str]
) -> None:
    expected = list(score_files(sorted(folder.iterdir()), engine))
    assert run(store, engine, folder) == expected
    read.clear()
    assert run(store, engine, folder) == expected
    assert read == []


@pytest.mark.parametrize("score_refused", [True, False])
@pytest.mark.parametrize("first", [True, False])
def test_refused_images_are_the_same_rows_as_without_a_store(
    store: Store, engine: Engine, folder: Path, score_refused: bool, first: bool
) -> None:
    expected = list(score_files(sorted(folder.iterdir()), engine, score_refused=score_refused))
    run(store, engine, folder, score_refused=first)
    assert run(store, engine, folder, score_refused=score_refused) == expected


def test_only_what_is_new_or_changed_is_read(
    store: Store, engine: Engine, folder: Path, read: list[str]
) -> None:
    run(store, engine, folder)
    read.clear()
    (folder / "0.png").rename(folder / "renamed.png")
    write_png(folder / "1.png", 77)
    os.utime(folder / "1.png", ns=(0, 1))
    write_png(folder / "new.png", 99)
    expected = list(score_files(sorted(folder.iterdir()), engine))
    read.clear()
    assert run(store, engine, folder) == expected
    assert sorted(read) == ["1.png", "new.png"]


def test_another_frame_or_model_is_scored_anew(
    store: Store, engine: Engine, folder: Path, read: list[str]
) -> None:
    run(store, engine, folder)
    read.clear()
    rows = run(store, engine, folder, frame=1)
    assert {row.status for row in rows} == {"unreadable"}
    other = Engine(Bundle(replace(make_card(), content_hash="b" * 64), graph_bytes()), threads=1)
    read.clear()
    run(store, other, folder)
    assert len(read) == 11


def test_with_pictures_to_make_everything_is_scored(store: Store, engine: Engine, folder: Path) -> None:
    run(store, engine, folder)
    drawn: list[int] = []
    rows = run(store, engine, folder, on_scored=lambda index, *_: drawn.append(index))
    assert len(drawn) == sum(row.status == "ok" for row in rows) == 9


def test_a_row_is_safe_before_it_is_seen(store: Store, engine: Engine, folder: Path) -> None:
    paths = sorted(folder.iterdir())
    with (
        closing(sqlite3.connect(store.path)) as other,
        closing(score_with_store(paths, engine, store)) as rows,
    ):
        for done, _ in enumerate(rows, 1):
            (kept,) = other.execute("SELECT count(*) FROM results").fetchone()
            assert kept >= done


def test_what_is_nobodys_fault_but_the_moments_is_tried_again(
    store: Store, engine: Engine, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(path: Path, *, frame: int = 0) -> Radiograph:
        raise MemoryError

    with monkeypatch.context() as patch:
        patch.setattr(pipeline, "read_radiograph", fail)
        assert {row.status for row in run(store, engine, folder)} == {"unreadable"}
    rows = run(store, engine, folder)
    assert sum(row.status == "ok" for row in rows) == 9


def test_a_file_that_has_gone_is_a_row_and_nothing_is_kept_of_it(
    store: Store, engine: Engine, tmp_path: Path
) -> None:
    (row,) = score_with_store([tmp_path / "gone.png"], engine, store)
    assert row.status == "unreadable"
    assert store.pictures(engine.card) == []


def test_a_thousand_unreadable_among_five_thousand(store: Store, engine: Engine, tmp_path: Path) -> None:
    """All are rows, and the second time none of them is read."""
    folder = tmp_path / "many"
    folder.mkdir()
    good = write_png(tmp_path / "good.png", 5).read_bytes()
    for number in range(5000):
        content = b"no image" if number % 5 == 0 else good
        (folder / f"{number:04d}.png").write_bytes(content + str(number).encode())
    paths = sorted(folder.iterdir())
    rows = list(score_with_store(paths, engine, store))
    assert [row.status for row in rows] == ["unreadable" if n % 5 == 0 else "ok" for n in range(5000)]
    for path in paths[::5]:
        assert path.exists()
    again = list(score_with_store(paths, engine, store))
    assert again == rows
    assert store.check()


_CHILD = """
import sys
from pathlib import Path
from core.engine.engine import Engine
from core.store.scoring import score_with_store
from core.store.store import Store
folder, bundle, file = map(Path, sys.argv[1:])
store = Store(file)
for row in score_with_store(sorted(folder.iterdir()), Engine(bundle, threads=1), store, workers=1):
    print(row, flush=True)
    sys.stdin.readline()  # until it is told to go on, or killed
"""


@pytest.mark.parametrize("after", [1, 4, 10])
def test_killed_at_any_moment_nothing_that_was_seen_is_lost(folder: Path, tmp_path: Path, after: int) -> None:
    bundle, file = tmp_path / "model.bundle", tmp_path / "reviews.sqlite"
    write_tiny_bundle(bundle)
    command: Sequence[str] = [sys.executable, "-c", _CHILD, str(folder), str(bundle), str(file)]
    seen = []
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as child:
        assert child.stdin is not None
        assert child.stdout is not None
        for _ in range(after):
            seen.append(child.stdout.readline().strip())
            child.stdin.write("\n")
            child.stdin.flush()
        child.kill()
    engine = Engine(bundle, threads=1)
    store = Store(file)
    assert store.message is None
    assert store.check()
    kept = len(store.pictures(engine.card))
    rows = list(score_with_store(sorted(folder.iterdir()), engine, store))
    store.close()
    assert kept >= after
    assert [str(row) for row in rows[:after]] == seen
    assert rows == list(score_files(sorted(folder.iterdir()), engine))
