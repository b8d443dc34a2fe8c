"""The entry in the menu of a Linux desktop, made by the script that ships, read by GLib as desktops read it."""

from __future__ import annotations

import ctypes
import ctypes.util
import os
import shutil
import subprocess
import sys
import xml.etree.ElementTree as ET
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from core.store.content import content_hash
from core.teaching.lesson import Item, Lesson
from core.teaching.lesson_file import SUFFIX, write_lesson
from core.truth.truth import Truth
from resources.installer import linux
from resources.installer.icons import LINUX_SIZES
from resources.installer.identity import LESSON_TYPE

pytestmark = pytest.mark.skipif(not sys.platform.startswith("linux"), reason="for Linux only")

NAMES = [
    "DeepPneumo",
    "of 2026, 胸片",
    '100 %u $HOME `id` "quoted" it\'s',
    "back\\slash \\n",
]


@pytest.fixture(params=NAMES)
def program(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    folder = tmp_path / request.param
    folder.mkdir()
    linux.add_desktop_files(folder)
    program = folder / "DeepPneumo"
    program.write_text("#!/bin/sh\n")
    program.chmod(0o755)
    return program


def _run(program: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    home = program.parents[1] / "home of 王"
    home.mkdir(exist_ok=True)
    environment = {"HOME": str(home), "PATH": os.environ["PATH"]}
    script = str(program.with_name("add-to-menu.sh"))
    # Started from elsewhere, as a file manager does.
    return subprocess.run(
        [script, *arguments], env=environment, cwd="/", capture_output=True, text=True, check=False
    )


def _entry(program: Path) -> Path:
    return program.parents[1] / "home of 王" / ".local/share/applications/deeppneumo.desktop"


def _value(path: Path, key: str) -> bytes:
    name = ctypes.util.find_library("glib-2.0")
    if name is None:
        pytest.skip("GLib is not installed")
    glib = ctypes.CDLL(name)
    for function in (glib.g_key_file_new, glib.g_key_file_get_string):
        function.restype = ctypes.c_void_p
    file = ctypes.c_void_p(glib.g_key_file_new())
    assert glib.g_key_file_load_from_file(file, os.fsencode(path), 0, None)
    found = glib.g_key_file_get_string(file, b"Desktop Entry", key.encode(), None)
    value = ctypes.cast(found, ctypes.c_char_p).value
    assert value is not None
    return value


def _arguments(command: bytes) -> list[bytes]:
    glib = ctypes.CDLL(ctypes.util.find_library("glib-2.0") or "")
    count, found = ctypes.c_int(), ctypes.POINTER(ctypes.c_char_p)()
    assert glib.g_shell_parse_argv(command, ctypes.byref(count), ctypes.byref(found), None)
    return [found[number] or b"" for number in range(count.value)]


def test_the_entry_starts_the_program_wherever_it_lies(program: Path) -> None:
    done = _run(program)
    assert (done.returncode, done.stderr) == (0, "")
    first, *others = _arguments(_value(_entry(program), "Exec"))
    assert os.fsdecode(first.replace(b"%%", b"%")) == str(program)
    assert others == [b"%F"]
    assert os.fsdecode(_value(_entry(program), "TryExec")) == str(program)
    assert _value(_entry(program), "Icon") == b"deeppneumo"


def test_icons_and_types_come_along_and_go_again(program: Path) -> None:
    assert _run(program).returncode == 0
    share = _entry(program).parents[1]
    icons = share / "icons/hicolor"
    assert len(list(icons.rglob("deeppneumo.png"))) == len(LINUX_SIZES)
    assert (icons / "scalable/apps/deeppneumo.svg").is_file()
    assert (share / "mime/packages/deeppneumo.xml").is_file()
    other = share / "applications/other.desktop"
    other.write_text("")
    assert _run(program).returncode == 0  # again, after the folder was moved
    done = _run(program, "--remove")
    assert (done.returncode, done.stderr) == (0, "")
    left = {path.name for path in share.rglob("*") if path.is_file() and "deeppneumo" in path.name}
    assert left == set()
    assert other.exists()


def test_without_the_program_nothing_is_written(tmp_path: Path) -> None:
    program = tmp_path / "folder" / "DeepPneumo"
    program.parent.mkdir()
    linux.add_desktop_files(program.parent)
    done = _run(program)
    assert (done.returncode, done.stderr) == (1, "The program DeepPneumo is not beside this file.\n")
    assert not _entry(program).exists()
    assert _run(program, "--nonsense").returncode == 2


def test_radiographs_and_lessons_are_offered_but_folders_and_everything_else_are_not(tmp_path: Path) -> None:
    linux.add_desktop_files(tmp_path)
    entry = (tmp_path / "share/applications/deeppneumo.desktop").read_text(encoding="utf-8")
    (line,) = (line for line in entry.splitlines() if line.startswith("MimeType="))
    offered = {"application/dicom", *(f"image/{kind}" for kind in ("jpeg", "png", "tiff", "bmp", "webp"))}
    assert set(line.removeprefix("MimeType=").rstrip(";").split(";")) == offered | {LESSON_TYPE}
    # Nothing may follow the one group, for the script adds to it.
    assert [line for line in entry.splitlines() if line.startswith("[")] == ["[Desktop Entry]"]


def test_the_tools_of_desktops_find_no_fault(program: Path) -> None:
    if shutil.which("desktop-file-validate") is None:
        pytest.skip("desktop-file-utils is not installed")
    assert _run(program).returncode == 0
    done = subprocess.run(
        ["desktop-file-validate", str(_entry(program))], capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")


SPACE = "{http://www.freedesktop.org/standards/shared-mime-info}"


def _kind(name: str) -> ET.Element:
    root = ET.parse(linux.asset("linux", "mime", "deeppneumo.xml")).getroot()
    (kind,) = (kind for kind in root.findall(f"{SPACE}mime-type") if kind.get("type") == name)
    return kind


def test_the_type_of_dicom_files() -> None:
    kind = _kind("application/dicom")
    assert {glob.get("pattern") for glob in kind.findall(f"{SPACE}glob")} == {"*.dcm", "*.dicom", "*.ima"}
    (match,) = kind.findall(f"{SPACE}magic/{SPACE}match")
    assert (match.get("value"), match.get("offset")) == ("DICM", "128")


@pytest.fixture(params=["bare", "with its radiographs"])
def lesson(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    radiograph = tmp_path / "radiograph.png"
    Image.fromarray(np.arange(4096, dtype=np.uint16).astype(np.uint8).reshape(64, 64)).save(radiograph)
    content = content_hash(radiograph)
    licence = "" if request.param == "bare" else "CC BY 4.0"
    item = Item(content, 0, Truth.from_word("normal", "folder"))
    written = Lesson("0" * 32, "A lesson", (item,), licence=licence)
    path = tmp_path / f"lesson{SUFFIX}"
    write_lesson(path, written, {content: radiograph} if licence else None)
    return path


def test_the_type_of_lessons(lesson: Path) -> None:
    kind = _kind(LESSON_TYPE)
    assert [glob.get("pattern") for glob in kind.findall(f"{SPACE}glob")] == [f"*{SUFFIX}"]
    (archive,) = kind.findall(f"{SPACE}magic/{SPACE}match")
    assert (archive.get("value"), archive.get("offset")) == (r"PK\003\004", "0")
    head = lesson.read_bytes()[:64]
    assert head.startswith(b"PK\x03\x04")
    found = [(match.get("value") or "").encode() for match in archive if match.get("offset") == "30"]
    assert sum(head[30:].startswith(value) for value in found) == 1


def test_a_desktop_knows_lessons_by_name_and_by_content(lesson: Path) -> None:
    if shutil.which("update-mime-database") is None or shutil.which("gio") is None:
        pytest.skip("the tools of a desktop are not installed")
    data = lesson.parent / "data"
    linux.add_desktop_files(lesson.parent)
    shutil.copytree(lesson.parent / "share/mime", data / "mime/packages")
    subprocess.run(["update-mime-database", str(data / "mime")], capture_output=True, check=True)
    named = shutil.copy(lesson, lesson.parent / "nameless")
    for file in (lesson, named):
        told = subprocess.run(
            ["gio", "info", "-a", "standard::content-type", str(file)],
            env={"PATH": os.environ["PATH"], "XDG_DATA_HOME": str(data), "HOME": str(lesson.parent)},
            capture_output=True,
            text=True,
            check=True,
        )
        assert f"standard::content-type: {LESSON_TYPE}" in told.stdout
