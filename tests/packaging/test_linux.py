"""The entry in the menu of a Linux desktop, made by the script that ships, read by GLib as desktops read it."""

from __future__ import annotations

import ctypes
import ctypes.util
import os
import subprocess
import sys
import xml.etree.ElementTree as ET
from pathlib import Path

import pytest

from resources.installer import linux
from resources.installer.icons import LINUX_SIZES

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


def test_radiographs_are_offered_but_folders_and_everything_else_are_not(tmp_path: Path) -> None:
    linux.add_desktop_files(tmp_path)
    entry = (tmp_path / "share/applications/deeppneumo.desktop").read_text(encoding="utf-8")
    (line,) = (line for line in entry.splitlines() if line.startswith("MimeType="))
    offered = {"application/dicom", *(f"image/{kind}" for kind in ("jpeg", "png", "tiff", "bmp", "webp"))}
    assert set(line.removeprefix("MimeType=").rstrip(";").split(";")) == offered
    # Nothing may follow the one group, for the script adds to it.
    assert [line for line in entry.splitlines() if line.startswith("[")] == ["[Desktop Entry]"]


def test_the_type_of_dicom_files() -> None:
    root = ET.parse(linux.asset("linux", "mime", "deeppneumo.xml")).getroot()
    space = "{http://www.freedesktop.org/standards/shared-mime-info}"
    (kind,) = root.findall(f"{space}mime-type")
    assert kind.get("type") == "application/dicom"
    assert {glob.get("pattern") for glob in kind.findall(f"{space}glob")} == {"*.dcm", "*.dicom", "*.ima"}
    (match,) = kind.findall(f"{space}magic/{space}match")
    assert (match.get("value"), match.get("offset")) == ("DICM", "128")
