"""The libraries that the program consists of, with their versions and the texts of their licences."""

from __future__ import annotations

import json
import platform
import re
import sys
import sysconfig
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from importlib.metadata import Distribution, PackageNotFoundError, distribution
from pathlib import Path
from typing import Any, Final

from core.version import VERSION
from deeppneumo_gui.assets import asset

LIST_NAME: Final = "components.json"
PROGRAM: Final = "deeppneumo"
NAME: Final = "DeepPneumo"
LICENCE: Final = "MIT"
"""The program's own; LICENSE has its text."""

_TEXT: Final = re.compile(r"licen[cs]e|copying|notice|patents", re.IGNORECASE)
_NO_TEXT: Final = (".py", ".pyc", ".pyi", ".so", ".pyd")
_CLASSIFIER: Final = "License :: OSI Approved :: "
_LONGEST_NAME: Final = 80
_QT_TEXTS: Final = (
    "Qt.txt",
    "LGPL-3.0.txt",
    "GPL-3.0.txt",
    "ICU.txt",
    "PCRE2.txt",
    "HarfBuzz.txt",
    "double-conversion.txt",
)
_OF_QT: Final = ("pyside6", "shiboken6")
_QT_LICENCE: Final = "LGPL-3.0-only"
"""Of the licences that the wheels offer, the one under which they are carried along."""


@dataclass(frozen=True, slots=True)
class Component:
    """One library.

    Attributes
    ----------
    licence : str
        Its name, possibly empty.
    texts : tuple of Path
        Files with the text of the licence and of those of its parts.
    """

    name: str
    version: str
    licence: str
    texts: tuple[Path, ...]


def components() -> list[Component]:
    """Return this program and its libraries in alphabetical order, Python itself among them."""
    shipped = asset("licences", LIST_NAME)
    found = (
        read_components(shipped.parent)
        if shipped.is_file()
        else [program_component(), *installed_components()]
    )
    return sorted(found, key=lambda component: (component.name != NAME, component.name.casefold()))


def program_component() -> Component:
    """Return this program itself."""
    installed = _find(PROGRAM)
    texts = () if installed is None else _texts(installed)
    # Those of its libraries are among its files, too.
    own = [text for text in texts if text.name == "LICENSE"]
    return Component(NAME, VERSION, LICENCE, tuple(text.absolute() for text in own[:1]))


def installed_components(names: Iterable[str] | None = None) -> list[Component]:
    """Return Python and distributions as they are installed here.

    Parameters
    ----------
    names : iterable of str, optional
        Of distributions; all that the program requires when absent.
    """
    wanted = _required(PROGRAM) if names is None else names
    return [_python(), *(_component(found) for name in wanted if (found := _find(name)) is not None)]


def read_components(folder: Path) -> list[Component]:
    """Return what the packaged program carries, as its build has listed it.

    Raises
    ------
    OSError, ValueError, KeyError
        When the list is missing or damaged.
    """
    entries: list[dict[str, Any]] = json.loads((folder / LIST_NAME).read_text(encoding="utf-8"))
    return [
        Component(
            str(entry["name"]),
            str(entry["version"]),
            str(entry["licence"]),
            tuple(folder / text for text in entry["texts"]),
        )
        for entry in entries
    ]


def _required(program: str) -> list[str]:
    """Return the distributions that another one needs, and those that they need, without options."""
    found: dict[str, None] = {}
    waiting = [program]
    while waiting:
        installed = _find(waiting.pop())
        for requirement in (installed.requires if installed is not None else None) or ():
            name = re.match(r"[\w.-]+", requirement)
            if name is None or "extra ==" in requirement or _find(name[0]) is None:
                continue
            if (key := _find_name(name[0])) not in found:
                found[key] = None
                waiting.append(key)
    return list(found)


def _find(name: str) -> Distribution | None:
    try:
        return distribution(name)
    except PackageNotFoundError:
        return None


def _find_name(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def _component(installed: Distribution) -> Component:
    name = installed.metadata["Name"]
    texts = tuple(sorted(_texts(installed)))
    if name.lower().startswith(_OF_QT):
        return Component(name, installed.version, _QT_LICENCE, tuple(map(_own_text, _QT_TEXTS)) + texts)
    return Component(name, installed.version, _licence(installed), texts)


def _texts(installed: Distribution) -> Iterator[Path]:
    for file in installed.files or ():
        within = "/".join(file.parts[-3:])
        if _TEXT.search(within) and file.suffix not in _NO_TEXT:
            path = Path(str(file.locate()))
            if path.is_file():
                yield path


def _licence(installed: Distribution) -> str:
    """Return the name of a licence; some put its whole text where the name belongs."""
    about = installed.metadata.json
    for words in (about.get("license_expression"), about.get("license")):
        if isinstance(words, str) and "\n" not in words and 0 < len(words) <= _LONGEST_NAME:
            return words
    classifiers = (text for text in about.get("classifier", ()) if text.startswith(_CLASSIFIER))
    return next((text.removeprefix(_CLASSIFIER) for text in classifiers), "")


def _python() -> Component:
    folders = (sysconfig.get_path("stdlib"), sys.base_prefix)
    texts = [file for folder in folders if (file := Path(folder, "LICENSE.txt")).is_file()]
    return Component("Python", platform.python_version(), "PSF-2.0", tuple(texts[:1]))


def _own_text(name: str) -> Path:
    return asset("licences", name)
