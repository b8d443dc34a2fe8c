"""Pasted images after a crash: the next start removes them, and nothing else."""

from __future__ import annotations

import subprocess
import sys
import tempfile
from pathlib import Path

import pytest
from PySide6.QtCore import QMimeData
from PySide6.QtGui import QImage

from deeppneumo_gui.clipboard import PastedImages

ROOT = Path(__file__).parents[2]
CRASHING = """
import os, sys, tempfile
from PySide6.QtCore import QMimeData
from PySide6.QtGui import QImage
from deeppneumo_gui.clipboard import PastedImages
tempfile.tempdir = sys.argv[1]
data = QMimeData()
image = QImage(4, 3, QImage.Format.Format_Grayscale8)
image.fill(77)
data.setImageData(image)
pasted = PastedImages()
print(pasted.save(data), flush=True)
os._exit(1)
"""


@pytest.fixture
def temporary(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    return tmp_path


def leave_behind(folder: Path) -> Path:
    """Paste an image in a process that breaks off; return its file."""
    command = [sys.executable, "-c", CRASHING, str(folder)]
    ended = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert ended.returncode == 1, ended.stderr
    return Path(ended.stdout.strip())


def image() -> QMimeData:
    data = QMimeData()
    picture = QImage(4, 3, QImage.Format.Format_Grayscale8)
    picture.fill(77)
    data.setImageData(picture)
    return data


def test_the_next_start_removes_what_a_crash_left(temporary: Path) -> None:
    left = leave_behind(temporary)
    assert left.is_file()
    PastedImages()
    assert not left.parent.exists()


def test_another_window_keeps_its_pasted_images(temporary: Path) -> None:
    other = PastedImages()
    kept = other.save(image())
    assert kept is not None
    PastedImages()
    assert kept.is_file()
    other.close()
    assert list(temporary.iterdir()) == []


def test_nothing_but_such_folders_is_removed(
    temporary: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    elsewhere = tmp_path_factory.mktemp("elsewhere")
    linked = leave_behind(elsewhere)
    (temporary / "deeppneumo-pasted-link").symlink_to(linked.parent)
    (temporary / "deeppneumo-pasted-new").mkdir()
    (temporary / "other").mkdir()
    PastedImages()
    assert sorted(path.name for path in linked.parent.iterdir()) == ["Pasted image 1.png", "in-use.lock"]
    assert sorted(path.name for path in temporary.iterdir()) == [
        "deeppneumo-pasted-link",
        "deeppneumo-pasted-new",
        "other",
    ]
