"""The files that the self-test reads."""

from __future__ import annotations

import io
from pathlib import Path

import numpy as np
import pydicom
import pytest
from PIL import Image

from core.reading import transfer_syntaxes
from core.reading.sniff import Kind, detect
from deeppneumo_gui.assets import asset
from deeppneumo_gui.selftest.check import CheckFailedError
from deeppneumo_gui.selftest.formats import FORMATS, check_format, reference_picture
from tests.packaging.make_formats import format_files

FILES = sorted(asset("formats").iterdir())


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_every_file_is_read_as_its_picture(path: Path) -> None:
    assert "64 x 48" in check_format(path)


def test_every_transfer_syntax_has_a_file() -> None:
    found = {
        str(pydicom.dcmread(path).file_meta.TransferSyntaxUID) for path in FILES if path.suffix == ".dcm"
    }
    assert found == transfer_syntaxes._NATIVE | transfer_syntaxes._ENCAPSULATED


def test_every_kind_of_picture_has_a_file() -> None:
    assert {detect(path.read_bytes()[:200]) for path in FILES} == set(Kind)


def test_the_files_are_those_that_are_made() -> None:
    assert {path.name for path in FILES} == set(format_files()) == set(FORMATS)


def test_the_picture_differs_from_itself_turned_or_inverted(tmp_path: Path) -> None:
    grey = reference_picture()
    for number, wrong in enumerate((grey[::-1], grey[:, ::-1], 255 - grey)):
        path = tmp_path / f"wrong-{number}.png"
        Image.fromarray(np.ascontiguousarray(wrong)).save(path)
        with pytest.raises(
            CheckFailedError, match=rf"^{path.name} differs from its picture by \d+\.\d grey values"
        ):
            check_format(path)


def test_another_size_is_told(tmp_path: Path) -> None:
    stream = io.BytesIO()
    Image.fromarray(reference_picture()[:40]).save(stream, "PNG")
    (tmp_path / "cut.png").write_bytes(stream.getvalue())
    with pytest.raises(CheckFailedError, match="64 x 40 pixels instead of 64 x 48"):
        check_format(tmp_path / "cut.png")
