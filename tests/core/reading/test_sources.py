"""What is no readable file: folders, pipes, devices, missing, forbidden and empty files."""

from __future__ import annotations

import errno
import io
import os
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from core.errors import (
    FileAccessError,
    FileVanishedError,
    ImageTooLargeError,
    ReadError,
    TruncatedFileError,
)
from core.reading import read_radiograph
from tests.core.reading import dicom_writer as dw


def test_missing_file(tmp_path: Path) -> None:
    with pytest.raises(FileVanishedError, match="no longer there") as caught:
        read_radiograph(tmp_path / "gone.png")
    assert caught.value.name == "gone.png"
    assert str(tmp_path) not in str(caught.value)


def test_folder(tmp_path: Path) -> None:
    with pytest.raises(FileAccessError, match="a folder, not a file"):
        read_radiograph(tmp_path)


def test_folder_that_the_system_cannot_look_into(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(folder: Path) -> None:
        raise OSError(errno.EIO, "broken", str(folder))

    monkeypatch.setattr(os, "scandir", fail)
    with pytest.raises(FileAccessError, match="could not look into this folder"):
        read_radiograph(tmp_path)


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="the system has no named pipes")
def test_named_pipe_does_not_block(tmp_path: Path) -> None:
    pipe = tmp_path / "pipe.png"
    os.mkfifo(pipe)
    with pytest.raises(FileAccessError, match="ordinary"):
        read_radiograph(pipe)


@pytest.mark.skipif(not Path("/dev/zero").exists(), reason="the system has no such device")
def test_endless_device() -> None:
    with pytest.raises(FileAccessError, match="ordinary"):
        read_radiograph("/dev/zero")


def test_forbidden_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = tmp_path / "private.png"
    file.write_bytes(b"x")

    def refuse(*_: Any, **__: Any) -> None:
        raise PermissionError(errno.EACCES, "no", str(file))

    monkeypatch.setattr(Path, "open", refuse)  # the tests may run as a user who may read everything
    with pytest.raises(FileAccessError, match="permission"):
        read_radiograph(file)


def test_failing_disk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = tmp_path / "far.png"
    file.write_bytes(b"x")

    class Broken:
        def __enter__(self) -> Broken:
            return self

        def __exit__(self, *_: object) -> None: ...

        def read(self, _: int) -> bytes:
            raise OSError(errno.EIO, "broken", str(file))

    monkeypatch.setattr(Path, "open", lambda *_: Broken())
    with pytest.raises(FileAccessError, match="disk or the network"):
        read_radiograph(file)


def test_empty_file(tmp_path: Path) -> None:
    (tmp_path / "empty.dcm").touch()
    with pytest.raises(TruncatedFileError, match="empty"):
        read_radiograph(tmp_path / "empty.dcm")
    with pytest.raises(TruncatedFileError, match="empty"):
        read_radiograph(b"")


def test_enormous_file(tmp_path: Path) -> None:
    file = tmp_path / "enormous.png"
    with file.open("wb") as out:
        out.truncate(3 * 2**30)  # a hole; takes no room
    with pytest.raises(ImageTooLargeError, match="2 GB"):
        read_radiograph(file)


def test_picture_of_more_than_a_gigabyte(tmp_path: Path) -> None:
    file = tmp_path / "large.png"
    with file.open("wb") as out:
        out.write(b"\x89PNG\r\n\x1a\n")
        out.truncate(2**30 + 1)
    with pytest.raises(ImageTooLargeError, match="1 GB"):
        read_radiograph(file)


def test_name_that_cannot_be() -> None:
    with pytest.raises(FileVanishedError):
        read_radiograph("a\0b.png")


def test_memory_that_runs_out(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: Any) -> None:
        raise MemoryError

    monkeypatch.setattr("core.reading.reader.read_picture", fail)
    with pytest.raises(ImageTooLargeError):
        read_radiograph(b"\x89PNG\r\n\x1a\n")


def test_bytes_have_a_name_of_their_own() -> None:
    with pytest.raises(ReadError) as caught:
        read_radiograph(b"nothing")
    assert caught.value.name == "image"


def test_files_are_closed(tmp_path: Path) -> None:
    Image.fromarray(np.zeros((8, 8), np.uint8)).save(tmp_path / "a.png")
    (tmp_path / "b.dcm").write_bytes(dw.dicom_bytes(np.zeros((8, 8), np.uint8)))
    (tmp_path / "c.tif").write_bytes(b"II*\0" + bytes(20))
    opened: list[Any] = []
    real = Path.open

    def record(path: Path, *arguments: Any, **options: Any) -> Any:
        opened.append(real(path, *arguments, **options))
        return opened[-1]

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Path, "open", record)
        read_radiograph(tmp_path / "a.png")
        read_radiograph(tmp_path / "b.dcm")
        with pytest.raises(ReadError):
            read_radiograph(tmp_path / "c.tif")
    assert len(opened) == 3
    assert all(file.closed for file in opened)


def test_several_threads_read_at_once() -> None:
    frames = [np.full((64, 64), value, np.uint16) for value in range(100, 140)]
    files = [
        dw.dicom_bytes(frame, syntax=syntax) for frame, syntax in zip(frames, dw.LOSSLESS * 4, strict=True)
    ]
    with ThreadPoolExecutor(8) as pool:
        for radiograph, frame in zip(pool.map(read_radiograph, files), frames, strict=True):
            np.testing.assert_array_equal(radiograph.pixels, frame)


def test_a_picture_needs_no_dicom_library() -> None:
    code = (
        "import io, sys\nfrom PIL import Image\nfrom core.reading import read_radiograph\n"
        "buffer = io.BytesIO()\nImage.new('L', (8, 8)).save(buffer, 'JPEG')\nread_radiograph(buffer.getvalue())\n"
        "print([name for name in ('pydicom', 'imagecodecs', 'matplotlib', 'cmap') if name in sys.modules])\n"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_uncompressed_dicom_needs_no_codecs() -> None:
    code = (
        "import sys\nfrom core.reading import read_radiograph\nread_radiograph(sys.stdin.buffer.read())\n"
        "print('imagecodecs' in sys.modules)\n"
    )
    data = dw.dicom_bytes(np.zeros((4, 4), np.uint8))
    done = subprocess.run([sys.executable, "-c", code], input=data, capture_output=True, check=True)
    assert done.stdout.strip() == b"False"


def test_nothing_is_written_to_the_screen(capfd: pytest.CaptureFixture[str]) -> None:
    data = dw.dicom_bytes(np.zeros((40, 40), np.uint16), syntax=dw.JPEG_LOSSLESS, PatientAge="a very odd age")
    read_radiograph(data)
    with pytest.raises(ReadError):
        read_radiograph(b"II*\0\x08\0\0\0\xff\xff" + bytes(range(256)))
    assert capfd.readouterr() == ("", "")


@pytest.mark.parametrize("kind", ["TIFF", "WEBP"])
def test_pillow_loads_no_more_plugins_than_needed(kind: str) -> None:
    code = (
        "import sys\nfrom core.reading import read_radiograph\nread_radiograph(sys.stdin.buffer.read())\n"
        "print('PIL.FliImagePlugin' in sys.modules)\n"
    )
    buffer = io.BytesIO()
    Image.new("L", (4, 4)).save(buffer, kind)
    done = subprocess.run(
        [sys.executable, "-c", code], input=buffer.getvalue(), capture_output=True, check=True
    )
    assert done.stdout.strip() == b"False"
