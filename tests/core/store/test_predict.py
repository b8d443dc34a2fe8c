"""`deeppneumo predict --store`."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from core.commands import EXIT_INTERRUPTED, EXIT_OK, EXIT_SOME_NOT_SCORED, EXIT_USAGE
from core.predict import main
from core.store.opening import FOREIGN, SET_ASIDE
from core.store.store import Store
from tests.helpers.tiny_model import write_tiny_bundle


@pytest.fixture
def bundle(tmp_path: Path) -> Path:
    write_tiny_bundle(tmp_path / "model.bundle")
    return tmp_path / "model.bundle"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    folder = tmp_path / "files"
    folder.mkdir()
    for number in range(6):
        grey = np.random.default_rng(number).integers(0, 256, (60, 70)).astype(np.uint8)
        Image.fromarray(grey).save(folder / f"{number}.png")
    return folder


def run(bundle: Path, folder: Path, *more: str | Path) -> int:
    return main([str(folder), "--model", str(bundle), *map(str, more)])


def test_with_and_without_a_store_the_table_is_the_same(
    bundle: Path, folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (folder / "broken.png").write_bytes(b"no image")
    outputs, tables = [], []
    for name, more in (
        ("plain", ()),
        ("first", ("--store", tmp_path / "s")),
        ("again", ("--store", tmp_path / "s")),
    ):
        csv = tmp_path / f"{name}.csv"
        assert run(bundle, folder, "--csv", csv, *more) == EXIT_SOME_NOT_SCORED
        outputs.append(capsys.readouterr())
        tables.append(csv.read_bytes())
    assert outputs[0] == outputs[1] == outputs[2]
    assert tables[0] == tables[1] == tables[2]
    assert sorted(file.name for file in tmp_path.glob("s*")) == ["s"]


def test_an_interrupted_run_goes_on(
    bundle: Path,
    folder: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    from core import predict

    shown = 0

    def interrupt(self: object, done: int) -> None:
        nonlocal shown
        shown = done
        if done == 3:
            raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(predict.ProgressLine, "show", interrupt)
        assert run(bundle, folder, "--store", tmp_path / "s") == EXIT_INTERRUPTED
    assert shown == 3
    capsys.readouterr()
    assert run(bundle, folder) == EXIT_OK
    undisturbed = capsys.readouterr()
    assert run(bundle, folder, "--store", tmp_path / "s") == EXIT_OK
    assert capsys.readouterr() == undisturbed


def test_the_file_of_somebody_else_is_a_sentence(
    bundle: Path, folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    before = (folder / "0.png").read_bytes()
    assert run(bundle, folder, "--store", folder / "0.png") == EXIT_USAGE
    assert capsys.readouterr().err == f"deeppneumo predict: {FOREIGN}\n"
    assert (folder / "0.png").read_bytes() == before


def test_a_damaged_store_is_set_aside_with_a_sentence(
    bundle: Path, folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    run(bundle, folder, "--store", tmp_path / "s")
    content = (tmp_path / "s").read_bytes()
    (tmp_path / "s").write_bytes(content[: len(content) // 2])
    capsys.readouterr()
    assert run(bundle, folder, "--store", tmp_path / "s") == EXIT_OK
    assert capsys.readouterr().err == f"deeppneumo predict: {SET_ASIDE}\n"


def test_trouble_on_the_way_is_a_sentence_and_no_end(
    bundle: Path,
    folder: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    for number in range(60):
        (folder / f"more{number}.png").write_bytes((folder / "0.png").read_bytes() + bytes([number]))
    assert run(bundle, folder) == EXIT_OK
    table = capsys.readouterr().out
    opened = Store.__init__

    def small(self: Store, *args: object, **more: object) -> None:
        opened(self, *args, **more)  # type: ignore[arg-type]
        self._writer.put_alone(lambda connection: connection.execute("PRAGMA max_page_count = 1") and None)

    monkeypatch.setattr(Store, "__init__", small)
    assert run(bundle, folder, "--store", tmp_path / "s") == EXIT_OK
    captured = capsys.readouterr()
    assert captured.out == table
    assert captured.err == (
        "deeppneumo predict: Results and judgements are not being kept: the disk is full.\n"
    )
