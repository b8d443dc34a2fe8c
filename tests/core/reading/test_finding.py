"""Walking folders: what is listed, what is left out, in which order."""

from __future__ import annotations

import errno
import io
import os
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from pydicom.dataset import Dataset

from core.errors import FileAccessError
from core.reading import find_radiographs, read_radiograph
from core.reading.finding import natural_key
from tests.core.reading import dicom_writer as dw


def png() -> bytes:
    buffer = io.BytesIO()
    Image.new("L", (4, 4)).save(buffer, "PNG")
    return buffer.getvalue()


def put(folder: Path, *names: str, content: bytes | None = None) -> None:
    for name in names:
        file = folder / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(png() if content is None else content)


def names(folder: Path, *, recursive: bool = True) -> list[str]:
    return [
        str(path.relative_to(folder)).replace(os.sep, "/")
        for path in find_radiographs([folder], recursive=recursive)
    ]


def test_natural_order(tmp_path: Path) -> None:
    put(tmp_path, "img10.png", "img2.png", "Img1.png", "img02.png", "case 10/a.png", "case 9/a.png")
    assert names(tmp_path) == [
        "case 9/a.png", "case 10/a.png", "Img1.png", "img02.png", "img2.png", "img10.png"
    ]  # fmt: skip


def test_keys_of_odd_names_can_be_compared() -> None:
    odd = ["", "1", "a", "1a", "a1", "a1b2", "٣", "²", "0" * 200, "10", "2", "A", "é", "\udcff"]
    ordered = sorted(odd, key=natural_key)
    assert ordered.index("2") < ordered.index("10")
    assert len({natural_key(name) for name in odd}) == len(odd)


def test_folders_inside_folders_on_request(tmp_path: Path) -> None:
    put(tmp_path, "a.png", "deep/b.png", "deep/er/c.png")
    assert names(tmp_path) == ["a.png", "deep/b.png", "deep/er/c.png"]
    assert names(tmp_path, recursive=False) == ["a.png"]


def test_hidden_and_system_files_are_left_out(tmp_path: Path) -> None:
    put(
        tmp_path,
        "a.png", ".hidden.png", "._a.png", ".DS_Store", "Thumbs.db", "desktop.ini", ".git/b.png",
        "__MACOSX/a.png", "$RECYCLE.BIN/a.png", "System Volume Information/a.png", "@eaDir/a.png",
    )  # fmt: skip
    assert names(tmp_path) == ["a.png"]


def test_other_files_are_left_out(tmp_path: Path) -> None:
    put(tmp_path, "scores.csv", "readme.txt", "notes", content=b"file,score\nBM,1\n")
    put(tmp_path, "empty", content=b"")
    put(tmp_path, "archive.zip", content=b"PK\x03\x04")
    assert names(tmp_path) == []


def test_content_decides_for_other_suffixes(tmp_path: Path) -> None:
    put(tmp_path, "picture", "picture.img", "scan.0001")
    assert names(tmp_path) == ["picture", "picture.img", "scan.0001"]


def test_damaged_images_are_kept_so_that_they_get_a_row(tmp_path: Path) -> None:
    put(tmp_path, "broken.jpg", "BROKEN.DCM", content=b"")
    assert names(tmp_path) == ["BROKEN.DCM", "broken.jpg"]


@pytest.mark.parametrize("syntax", [dw.IMPLICIT, dw.EXPLICIT, dw.BIG_ENDIAN])
@pytest.mark.parametrize("preamble", [True, False])
def test_dicom_without_suffix_is_found(tmp_path: Path, syntax: str, preamble: bool) -> None:
    data = dw.dicom_bytes(np.zeros((4, 4), np.uint16), syntax=syntax, preamble=preamble)
    put(tmp_path, "IM000001", "1.2.840.113", content=data)
    assert names(tmp_path) == ["1.2.840.113", "IM000001"]


def test_dicomdir_is_no_image(tmp_path: Path) -> None:
    header = Dataset()
    header.SOPClassUID, header.SOPInstanceUID = "1.2.840.10008.1.3.10", "1.2"
    put(tmp_path, "DICOMDIR", "dicomdir.bak", "INDEX", content=dw.to_bytes(header))
    assert names(tmp_path) == []


def test_links_in_a_circle_are_survived(tmp_path: Path) -> None:
    put(tmp_path, "one/a.png", "two/b.png")
    (tmp_path / "one" / "up").symlink_to(tmp_path, target_is_directory=True)
    (tmp_path / "two" / "self").symlink_to(tmp_path / "two", target_is_directory=True)
    (tmp_path / "loop.png").symlink_to(tmp_path / "loop.png")
    assert names(tmp_path) == ["loop.png", "one/a.png", "two/b.png"]


def test_linked_folders_are_followed(tmp_path: Path) -> None:
    put(tmp_path, "elsewhere/a.png")
    (tmp_path / "here").mkdir()
    (tmp_path / "here" / "link").symlink_to(tmp_path / "elsewhere", target_is_directory=True)
    assert names(tmp_path / "here") == ["link/a.png"]


def test_deep_folders(tmp_path: Path) -> None:
    deep = tmp_path
    for _ in range(200):
        deep = deep / "d"
    put(deep, "a.png")
    assert len(find_radiographs([tmp_path])) == 1


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="the system has no named pipes")
def test_pipes_are_not_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.png")
    os.mkfifo(tmp_path / "pipe")
    assert names(tmp_path) == ["pipe.png"]


def test_links_to_nothing_are_kept_where_they_are_called_images(tmp_path: Path) -> None:
    for name in ("x.png", "x"):
        (tmp_path / name).symlink_to(tmp_path / "gone")
    assert names(tmp_path) == ["x.png"]


def test_named_files_are_kept_whatever_they_are(tmp_path: Path) -> None:
    put(tmp_path, "notes.txt", content=b"text")
    put(tmp_path, ".hidden.png")
    paths = [tmp_path / "notes.txt", tmp_path / "missing.png", tmp_path / ".hidden.png"]
    assert find_radiographs(paths) == paths


def test_every_argument_stands_for_itself(tmp_path: Path) -> None:
    put(tmp_path, "a.png", "b.png")
    again = tmp_path / "sub" / ".." / "a.png"
    given = [tmp_path / "b.png", tmp_path / "b.png", tmp_path, again, tmp_path]
    found = find_radiographs(given)
    assert [path.name for path in found] == ["b.png", "b.png", "a.png", "b.png", "a.png", "a.png", "b.png"]
    assert found[4] == again


def test_links_to_one_file_are_as_many_files(tmp_path: Path) -> None:
    put(tmp_path, "0.png")
    (tmp_path / "1.png").symlink_to(tmp_path / "0.png")
    (tmp_path / "2.png").symlink_to(tmp_path / "0.png")
    assert names(tmp_path) == ["0.png", "1.png", "2.png"]


def test_folder_that_cannot_be_opened_is_kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(_: object) -> None:
        raise PermissionError

    monkeypatch.setattr(os, "scandir", refuse)
    assert find_radiographs([tmp_path]) == [tmp_path]


@pytest.fixture
def closed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder that may not be looked into, not even by a user who may read everything."""
    put(tmp_path, "xrays/a/0.png", "xrays/b/1.png", "xrays/c/2.png")
    forbidden, real = tmp_path / "xrays" / "b", os.scandir

    def scandir(folder: str | os.PathLike[str]) -> object:
        if Path(folder) == forbidden:
            raise PermissionError(errno.EACCES, "no", str(folder))
        return real(folder)

    monkeypatch.setattr(os, "scandir", scandir)
    return forbidden


def test_folder_inside_that_cannot_be_opened_is_kept(closed: Path) -> None:
    assert names(closed.parent) == ["a/0.png", "b", "c/2.png"]
    assert names(closed.parent, recursive=False) == []
    with pytest.raises(FileAccessError, match="permission to look into this folder") as caught:
        read_radiograph(closed)
    assert caught.value.name == "b"


@pytest.mark.skipif(
    not hasattr(os, "geteuid") or os.geteuid() == 0, reason="this user may look into every folder"
)
def test_folder_inside_without_permission_is_kept(tmp_path: Path) -> None:
    put(tmp_path, "xrays/a.png", "xrays/b/1.png")
    forbidden = tmp_path / "xrays" / "b"
    forbidden.chmod(0)
    try:
        assert names(tmp_path / "xrays") == ["a.png", "b"]
    finally:
        forbidden.chmod(0o700)


def test_file_without_permission_is_kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    put(tmp_path, "scan", "notes.txt")

    def refuse(path: Path, *_: object) -> None:
        raise PermissionError(errno.EACCES, "no", str(path))

    monkeypatch.setattr(Path, "open", refuse)
    assert names(tmp_path) == ["notes.txt", "scan"]


def test_files_that_vanish_while_walking_are_passed_over(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    put(tmp_path, "a", "b")
    real = Path.open

    def vanish(path: Path, *arguments: object, **options: object) -> object:
        if path.name == "a":
            raise FileNotFoundError
        return real(path, *arguments, **options)  # type: ignore[arg-type]

    monkeypatch.setattr(Path, "open", vanish)
    assert names(tmp_path) == ["b"]
