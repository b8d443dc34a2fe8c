"""What the packaged program carries and leaves out, held against what the program imports.

PyInstaller is not run here; the consequences of its lists are acted out.
"""

from __future__ import annotations

import importlib
import subprocess
import sys
import zipfile
from pathlib import Path
from typing import Any

import grimp
import pytest

from resources.installer import contents

ROOT = Path(__file__).resolve().parents[2]

# Refuses imports as a packaged program does that does not carry the module.
REFUSE = """
import importlib.abc, sys

class Refusal(importlib.abc.MetaPathFinder):
    def find_spec(self, name, path=None, target=None):
        if any(name == refused or name.startswith(refused + ".") for refused in REFUSED) or LAZY(name):
            raise ModuleNotFoundError(f"No module named {name!r}", name=name)

sys.meta_path.insert(0, Refusal())
"""

IMPORT_ALL = """
import importlib, pkgutil
for package in PACKAGES:
    package = importlib.import_module(package)
    for module in pkgutil.walk_packages(package.__path__, package.__name__ + "."):
        if not any(module.name == left_out or module.name.startswith(left_out + ".") for left_out in REFUSED):
            if not module.name.endswith("__main__"):
                importlib.import_module(module.name)
"""


def _run(code: str, **names: Any) -> None:
    head = "\n".join(f"{name} = {value!r}" for name, value in names.items())
    result = subprocess.run(
        [sys.executable, "-c", f"{head}\n{code}"], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert result.returncode == 0, result.stderr


@pytest.fixture(scope="module")
def imported() -> set[str]:
    """Every module that any part of the window imports, at once or when first used."""
    graph = grimp.build_graph("core", "deeppneumo_gui", include_external_packages=True)
    waiting = {name for name in graph.modules if name.split(".")[0] == "deeppneumo_gui"}
    found: set[str] = set()
    while waiting:
        module = waiting.pop()
        found.add(module)
        waiting |= set(graph.find_modules_directly_imported_by(module)) - found
    return found


def test_nothing_that_the_window_imports_is_left_out(imported: set[str]) -> None:
    left_out = list(contents.EXCLUDED)
    assert {
        name for name in imported for out in left_out if name == out or name.startswith(f"{out}.")
    } == set()


def test_the_window_imports_nothing_of_training(imported: set[str]) -> None:
    never = {"torch", "torchvision", "scipy", "sklearn", "onnx", "jinja2", "training", "tests", "tkinter"}
    assert imported & never == set()
    assert never | {"core.learning"} <= set(contents.EXCLUDED)
    assert "core.predict" in imported


def test_core_needs_neither_qt_nor_torch() -> None:
    refused = [
        "torch",
        "torchvision",
        "scipy",
        "sklearn",
        "onnx",
        "PySide6",
        "deeppneumo_gui",
        "training",
        "core.learning",
    ]
    _run(f"LAZY = lambda name: False\n{REFUSE}{IMPORT_ALL}", REFUSED=refused, PACKAGES=["core"])


def test_the_command_line_needs_no_qt() -> None:
    code = "from deeppneumo_gui.cli import main\nsys.exit(main(['predict', '--help']))"
    _run(f"LAZY = lambda name: False\n{REFUSE}{code}", REFUSED=["PySide6", "shiboken6", "torch"])


def test_the_window_needs_nothing_that_is_left_out() -> None:
    _run(
        f"LAZY = lambda name: False\n{REFUSE}{IMPORT_ALL}",
        REFUSED=list(contents.EXCLUDED),
        PACKAGES=["deeppneumo_gui"],
    )


def test_what_is_imported_by_name_is_named_in_the_spec() -> None:
    """Codecs, colour maps and Pillow's plugins cannot be seen by following imports."""
    lazy = """
def LAZY(name):
    by_name = name.startswith("imagecodecs._") and name != "imagecodecs._imagecodecs"
    by_name |= name.startswith("cmap.data.")
    by_name |= name.startswith("PIL.") and name.endswith("ImagePlugin") and name not in AT_ONCE
    return by_name and not any(name == hidden or name.startswith(hidden + ".") for hidden in HIDDEN)
"""
    use = """
from core.overlay import COLORMAPS, colormap_table
from deeppneumo_gui.assets import asset
from deeppneumo_gui.selftest.formats import check_format
for name in COLORMAPS:
    colormap_table(name)
for path in asset("formats").iterdir():
    check_format(path)
"""
    # Pillow imports these itself in Image.preinit.
    at_once = [f"PIL.{name}ImagePlugin" for name in ("Bmp", "Gif", "Jpeg", "Ppm", "Png")]
    hidden = [*contents.LAZY, *contents.COLLECTED]
    _run(lazy + REFUSE + use, REFUSED=list(contents.EXCLUDED), HIDDEN=hidden, AT_ONCE=at_once)


def test_slides_with_notes_need_nothing_that_is_left_out(tmp_path: Path) -> None:
    """Nor does anything else that python-pptx and lxml import only when they write."""
    use = """
import numpy as np
from core.teaching.deck import write_deck
from core.teaching.lesson import Item, Lesson, Region
from core.teaching.pictures import LessonPicture
from core.truth.truth import Truth
region = Region("polygon", ((0.1, 0.1), (0.3, 0.1), (0.2, 0.4)))
item = Item("0" * 64, 0, Truth.from_word("viral", "folder"), (region,), "Where?", ("There.",), "A note.")
ramp = np.tile(np.arange(64, dtype=np.uint8), (48, 1))
write_deck(PATH, Lesson.new("A lesson", [item]), lambda _: LessonPicture(ramp, None), None, "2026-11-23", notes=True)
"""
    lazy = "LAZY = lambda name: False\n"
    path = tmp_path / "deck.pptx"
    _run(f"{lazy}{REFUSE}{use}", REFUSED=list(contents.EXCLUDED), PATH=str(path))
    with zipfile.ZipFile(path) as archive:
        assert "ppt/notesSlides/notesSlide1.xml" in archive.namelist()


def test_the_folder_is_there_from_which_templates_of_slides_are_found() -> None:
    """The modules of python-pptx are in an archive, but it looks for ``oxml/../templates`` on the disk."""
    import pptx.oxml

    source = Path(pptx.oxml.__file__).read_text(encoding="utf-8")
    assert '"..", "templates"' in source
    assert '"pptx/oxml"' in (ROOT / "build.spec").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("target", "wanted"),
    [
        ("PySide6/Qt/plugins/platforms/libqxcb.so", True),
        ("PySide6/plugins/platforms/qwindows.dll", True),
        ("PySide6/Qt/plugins/platforms/libqvnc.so", False),
        ("PySide6/Qt/plugins/imageformats/libqjpeg.so", False),
        ("PySide6/Qt/plugins/tls/libqopensslbackend.so", False),
        ("PySide6/Qt/translations/qtbase_de.qm", False),
        ("PySide6/Qt/lib/libQt6Core.so.6", True),
        ("PySide6/opengl32sw.dll", False),
        ("PySide6/d3dcompiler_47.dll", False),
        ("PySide6/Qt6OpenGL.dll", True),
        ("cmap/data/bids/record.json", True),
        ("cmap/data/bids/__init__.py", False),
    ],
)
def test_only_plugins_that_are_used_come_along(target: str, wanted: bool) -> None:
    assert contents.is_wanted((target, f"/somewhere/{target}", "BINARY")) is wanted


def test_libraries_that_nothing_needs_any_more_go() -> None:
    def entry(target: str) -> contents.Entry:
        kind = "EXTENSION" if target == "PySide6/QtGui.so" else "BINARY"
        return (target, f"/from/{Path(target).name}", kind)

    loads = {
        "/from/QtGui.so": [("libQt6Gui.so.6", "/from/libQt6Gui.so.6")],
        "/from/libQt6Gui.so.6": [("libX11.so.6", None)],
        "/from/libQt6Qml.so.6": [("libglib.so.0", None)],
    }
    kept = ["PySide6/QtGui.so", "PySide6/Qt/lib/libQt6Gui.so.6", "libX11.so.6", "numpy.libs/libblas.so"]
    gone = ["PySide6/Qt/lib/libQt6Qml.so.6", "libglib.so.0", "libsmime.so.3"]
    found = contents.without_unused(map(entry, [*kept, *gone]), lambda path: loads.get(path, []))
    assert [name for name, _, _ in found] == kept


def test_windows_writes_the_names_of_libraries_in_any_case() -> None:
    program = ("python311.dll", "C:/Python/python311.dll", "BINARY")
    runtime = ("VCRUNTIME140.dll", "C:/Python/VCRUNTIME140.dll", "BINARY")
    loads = {program[1]: [("vcruntime140.dll", "C:/Python/vcruntime140.dll")]}
    found = contents.without_unused([program, runtime], lambda path: loads.get(path, []))
    assert found == [program, runtime]


def test_links_to_what_is_left_out_go_too() -> None:
    library = ("PySide6/Qt/lib/libQt6Core.so.6", "/from/a", "BINARY")
    sound = ("libQt6Core.so.6", "PySide6/Qt/lib/libQt6Core.so.6", "SYMLINK")
    dangling = ("libQt6Qml.so.6", "PySide6/Qt/lib/libQt6Qml.so.6", "SYMLINK")
    entries = [library, sound, dangling]
    assert contents.without_dangling(entries, entries) == [library, sound]


def _of_framework(name: str) -> list[contents.Entry]:
    """Return what PyInstaller makes of a library of Qt on macOS (`collect_files_from_framework_bundles`)."""
    folder = f"PySide6/Qt/lib/{name}.framework"
    version = f"{folder}/Versions/A"
    return [
        (f"{version}/{name}", f"/from/{name}", "BINARY"),
        (f"{version}/Resources/Info.plist", "/from/Info.plist", "DATA"),
        (name, f"{version}/{name}", "SYMLINK"),
        (f"{folder}/{name}", f"Versions/Current/{name}", "SYMLINK"),
        (f"{folder}/Resources", "Versions/Current/Resources", "SYMLINK"),
        (f"{folder}/Versions/Current", "A", "SYMLINK"),
    ]


def test_frameworks_of_macos_stay_whole_or_go_whole() -> None:
    """An application cannot be signed around half of one, and macOS calls it damaged then."""
    kept, gone = _of_framework("QtCore"), _of_framework("QtQml")
    assert contents.without_dangling([*kept, *gone], [*kept, *gone]) == [*kept, *gone]
    left = [*kept, *gone[1:]]
    assert contents.without_dangling(left, left) == kept


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="nothing is stripped elsewhere")
@pytest.mark.parametrize("pattern", [pattern for pattern in contents.STRIPPED if "python3" not in pattern])
def test_what_is_stripped_is_there_and_needs_no_library_beside_it(pattern: str) -> None:
    """A wheel that carries libraries was changed after linking, and what `strip` then makes of it may not load."""
    package = importlib.import_module(pattern.split("/")[0])
    folder = Path(package.__file__ or "").parents[1]
    assert list(folder.glob(pattern))
    assert not list(folder.glob(f"{package.__name__.lower()}.libs"))
