"""What goes into the packaged program and what stays out."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path, PurePath
from typing import Final

Entry = tuple[str, str, str]
"""Of PyInstaller: where it goes, where it comes from, and its kind."""

RESOURCES: Final = ("models", "model_card", "samples", "formats", "icons", "style", "licences")
"""Folders of `resources`."""

PAGES: Final = ("MODEL_CARD.md",)
"""Files that lie in `resources` itself."""

LAZY: Final = (
    "resources",
    "imagecodecs.imagecodecs",
    *(
        f"imagecodecs.{name}"
        for name in ("_shared", "_shared_cython", "_imcd", "_jpeg8", "_jpegls", "_jpeg2k")
    ),
    *(f"cmap.data.{name}" for name in ("bids", "cividis", "matlab")),
    "PIL.TiffImagePlugin",
    "PIL.WebPImagePlugin",
    "matplotlib.backends.backend_svg",
)
"""Not seen by following imports: `resources` is found through importlib.resources, imagecodecs loads a codec when
it is first used, cmap a colour map, Pillow the plugins that core.reading asks for, matplotlib what writes a format."""

COLLECTED: Final = ("core.reading", "core.engine")
"""Packages of ours whose modules are all imported somewhere by name."""

EXCLUDED: Final = (
    "torch", "torchvision", "core.learning", "training", "tests", "resources.installer",
    "scipy", "sklearn", "pandas", "sympy", "onnx", "onnxscript", "onnxruntime.transformers",
    "onnxruntime.quantization", "onnxruntime.tools", "onnxruntime.training", "coloredlogs",
    "jinja2",  # for reports of an evaluation, which only training makes
    "tkinter", "_tkinter", "PIL.ImageTk", "PIL._imagingtk", "PIL.ImageQt",
    "PIL.AvifImagePlugin", "PIL._avif",
    "pylibjpeg", "openjpeg", "rle", "jpeg_ls", "gdcm", "tqdm", "cv2",
    "lxml.html", "lxml.objectify", "lxml.isoschematron", "lxml.builder", "lxml.sax", "lxml.cssselect",
    "lxml.doctestcompare", "lxml.usedoctest", "lxml.ElementInclude", "lxml.pyclasslookup",
    "IPython", "napari", "bokeh", "plotly", "pygfx", "vispy", "viscm", "pydantic", "rich", "pyvista",
    "cmap.__pyinstaller", "PyInstaller", "altgraph", "psutil", "threadpoolctl", "ssl", "_ssl",
    "pytest", "hypothesis", "setuptools", "pip", "pkg_resources", "pydoc", "doctest", "lib2to3",
    "numpy.f2py", "numpy.distutils", "numpy.testing", "numpy._core._multiarray_tests",
    "multiprocessing", "concurrent.futures.process", "asyncio", "xmlrpc", "http.cookiejar",
)  # fmt: skip
"""Imported somewhere below, behind a condition that never holds here; tests hold this against what is imported."""

RUNTIME_HOOKS_LEFT_OUT: Final = ("pyi_rth_mplconfig",)
"""It would make a temporary folder at every start, which stays behind where the program is ended from outside, and
have matplotlib look for all fonts anew; `deeppneumo_gui.__main__` gives it a folder that is kept."""

STRIPPED: Final = (
    "libpython3*",
    "python3*/lib-dynload/*.so",
    "kiwisolver/*.so",
    "fontTools/**/*.so",
)
"""Libraries on Linux that are smaller by half or more without their symbols. Others hardly are, and those whose
libraries were put beside them when their wheels were made can break."""

QT_PLUGINS: Final = {
    "platforms": ("qxcb", "qwayland", "qoffscreen", "qwindows", "qcocoa"),
    "platformthemes": ("qxdgdesktopportal",),
    "platforminputcontexts": ("composeplatforminputcontextplugin", "ibusplatforminputcontextplugin"),
    "imageformats": ("qsvg",),
    "iconengines": ("qsvgicon",),
    "styles": ("qmodernwindowsstyle", "qmacstyle"),
    "xcbglintegrations": ("qxcb-egl-integration", "qxcb-glx-integration"),
    "wayland-shell-integration": ("xdg-shell",),
    "wayland-graphics-integration-client": ("qt-plugin-wayland-egl",),
    "wayland-decoration-client": ("bradient",),
}
"""Names without "lib" and suffix. Qt draws the style's SVG; radiographs never come by its image formats."""

_QT_PLUGIN: Final = re.compile(r"PySide6/(?:Qt/)?plugins/([^/]+)/(?:lib)?([^/.]+)\.\w+$")
_OPENGL: Final = re.compile(r"^PySide6/(opengl32sw|d3dcompiler_\d+)\.dll$")
"""On Windows, for programs that draw through OpenGL or Direct3D; widgets do not, and it is 25 MB."""

_MOST_LINKS: Final = 8
"""Followed one after the other; frameworks of macOS need three."""

_OF_QT: Final = re.compile(r"^PySide6/(.*/)?(lib)?(Qt6?|icu)[A-Z\w]*[^/]*$")


def is_wanted(entry: Entry) -> bool:
    """Tell whether an entry of the analysis is used; all Qt plugins and translations come along otherwise."""
    target = entry[0].replace(os.sep, "/")
    if (
        "/translations/" in target
        or "/qml/" in target
        or (target.startswith("cmap/") and target.endswith(".py"))
    ):
        return False
    if _OPENGL.search(target):
        return False
    if "PySide6/" in target and "/plugins/" in target:
        found = _QT_PLUGIN.search(target)
        return found is not None and found[2] in QT_PLUGINS.get(found[1], ())
    return True


def may_go(entry: Entry) -> bool:
    """Tell whether a library belongs to Qt or to the system, not to another package, which knows its own needs."""
    target = entry[0].replace(os.sep, "/")
    of_qt = _OF_QT.search(target) is not None and "/plugins/" not in target
    of_system = "/" not in target and not re.match(r"(lib)?python", target, re.IGNORECASE)
    return entry[2] == "BINARY" and (of_qt or of_system)


def without_unused(
    binaries: Iterable[Entry], imports_of: Callable[[str], Iterable[tuple[str, str | None]]]
) -> list[Entry]:
    """Leave out the libraries that nothing needs any more since plugins were left out.

    Parameters
    ----------
    binaries : iterable of Entry
    imports_of : callable
        Path of a library to names and, where found, paths of those that it loads.
    """
    binaries = list(binaries)
    optional = {_key(entry[1]): entry for entry in binaries if may_go(entry)}
    waiting = [entry[1] for entry in binaries if entry[2] in ("BINARY", "EXTENSION") and not may_go(entry)]
    needed: set[str] = set()
    while waiting:
        for name, resolved in imports_of(waiting.pop()):
            file = _key(resolved or name)
            if file in optional and file not in needed:
                needed.add(file)
                waiting.append(optional[file][1])
    return [entry for entry in binaries if not may_go(entry) or _key(entry[1]) in needed]


def _key(library: str) -> str:
    """Return the name by which a library is needed: on Windows whoever needs it writes it in any case."""
    return Path(library).name.casefold()


def without_dangling(entries: Iterable[Entry], targets: Iterable[Entry]) -> list[Entry]:
    """Leave out the links to what is not carried along, and what macOS keeps beside a library that is not.

    Parameters
    ----------
    entries : iterable of Entry
    targets : iterable of Entry
        All that is carried along; a link may lead to a file, a folder, or another link.
    """
    targets = list(targets)
    frameworks = {_framework(entry) for entry in targets if entry[2] == "BINARY"} | {None}
    present = [entry for entry in targets if _framework(entry) in frameworks]
    links = {PurePath(name): PurePath(name).parent / to for name, to, kind in present if kind == "SYMLINK"}
    paths = {PurePath(name) for name, _, kind in present if kind != "SYMLINK"}
    paths |= {folder for path in paths for folder in path.parents}
    return [
        entry
        for entry in entries
        if _framework(entry) in frameworks
        and (entry[2] != "SYMLINK" or _resolve(PurePath(entry[0]), links) in paths)
    ]


def _framework(entry: Entry) -> PurePath | None:
    """Return the folder in which macOS keeps a library with what describes it, None for all other files."""
    return next((folder for folder in PurePath(entry[0]).parents if folder.suffix == ".framework"), None)


def _resolve(path: PurePath, links: Mapping[PurePath, PurePath]) -> PurePath:
    """Follow the links that a path is and leads through."""
    for _ in range(_MOST_LINKS):
        link = next((part for part in (path, *path.parents) if part in links), None)
        if link is None:
            break
        path = PurePath(os.path.normpath(links[link] / path.relative_to(link)))
    return path
