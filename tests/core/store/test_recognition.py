from __future__ import annotations

import hashlib
import os
from pathlib import Path

import pytest

from core.store import recognition
from core.store.content import FileState, content_hash
from core.store.recognition import Seen, content_of, look_at, lots, recognise
from core.store.store import Store
from tests.core.store.conftest import wait_for


@pytest.fixture
def hashed(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Names of the files that are read."""
    names: list[str] = []

    def note(path: Path) -> str:
        names.append(Path(path).name)
        return content_hash(path)

    monkeypatch.setattr(recognition, "content_hash", note)
    return names


def known(store: Store, path: Path, content: bytes) -> Path:
    path.write_bytes(content)
    state = FileState.of(path)
    assert state is not None
    assert wait_for(lambda done: store.mark(state, content_hash(path), done))
    return path


def test_a_hash_is_of_the_bytes(tmp_path: Path) -> None:
    content = os.urandom(3 * 2**20 + 5)
    (tmp_path / "a").write_bytes(content)
    assert content_hash(tmp_path / "a") == hashlib.sha256(content).hexdigest()


def test_a_file_that_is_as_it_was_is_not_read(store: Store, tmp_path: Path, hashed: list[str]) -> None:
    path = known(store, tmp_path / "a.png", b"abc")
    (seen,) = recognise(store, [path])
    assert seen.content == hashlib.sha256(b"abc").hexdigest()
    assert hashed == []


def test_a_file_that_was_renamed_or_moved_is_known_by_its_content(
    store: Store, tmp_path: Path, hashed: list[str]
) -> None:
    path = known(store, tmp_path / "a.png", b"abc")
    (tmp_path / "other").mkdir()
    moved = path.rename(tmp_path / "other" / "b.png")
    (seen,) = recognise(store, [moved])
    assert seen.content == hashlib.sha256(b"abc").hexdigest()
    assert hashed == ["b.png"]
    wait_for(lambda done: store.set_truths({}, done))
    recognise(store, [moved])
    assert hashed == ["b.png"]  # known by its mark from then on


def test_a_changed_file_is_unknown(store: Store, tmp_path: Path) -> None:
    path = known(store, tmp_path / "a.png", b"abc")
    path.write_bytes(b"abd")
    os.utime(path, ns=(0, 1))
    (seen,) = recognise(store, [path])
    assert seen.content == hashlib.sha256(b"abd").hexdigest()  # of a known size, so it was read


def test_a_file_of_a_size_that_was_never_seen_is_not_read(
    store: Store, tmp_path: Path, hashed: list[str]
) -> None:
    known(store, tmp_path / "a.png", b"abc")
    (tmp_path / "new.png").write_bytes(b"longer")
    (seen,) = recognise(store, [tmp_path / "new.png"])
    assert seen.content is None
    assert hashed == []
    assert content_of(seen) == hashlib.sha256(b"longer").hexdigest()


def test_a_file_that_changes_meanwhile_has_no_content(tmp_path: Path) -> None:
    path = tmp_path / "a.png"
    path.write_bytes(b"abc")
    seen = Seen(path, FileState.of(path))
    path.write_bytes(b"longer than before")
    assert content_of(seen) is None


def test_what_is_not_there_has_no_content(store: Store, tmp_path: Path) -> None:
    (seen,) = recognise(store, [tmp_path / "missing"])
    assert seen == Seen(tmp_path / "missing", None)
    assert content_of(seen) is None
    (tmp_path / "folder").mkdir()
    assert content_of(Seen(tmp_path / "folder", FileState.of(tmp_path / "folder"))) is None


def test_a_folder_opened_by_another_name_is_the_same(
    store: Store, tmp_path: Path, hashed: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    known(store, tmp_path / "a.png", b"abc")
    monkeypatch.chdir(tmp_path)
    (seen,) = recognise(store, [Path("a.png")])
    assert seen.content is not None
    assert hashed == []


def test_files_of_a_moved_folder_are_read_in_lots_and_marked_together(
    store: Store, tmp_path: Path, hashed: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(recognition, "LOT_BYTES", 6)
    monkeypatch.setattr(recognition, "LOT_FILES", 3)
    contents = [b"aaaaaaaaaa", b"bbb", b"ccc", b"d", b"e", b"f", b"g"]
    paths = [known(store, tmp_path / str(n), content) for n, content in enumerate(contents)]
    moved = [path.rename(tmp_path / f"moved-{path.name}") for path in paths]
    hashed.clear()
    looked = look_at(store, [*moved, tmp_path / "missing"])
    assert hashed == []
    # What is larger than a lot is read alone.
    assert list(lots(looked)) == [[0], [1, 2], [3, 4, 5], [6]]
    seen = recognise(store, moved)
    assert [file.content for file in seen] == [hashlib.sha256(content).hexdigest() for content in contents]
    wait_for(lambda done: store.set_truths({}, done))
    assert list(lots(look_at(store, moved))) == []
