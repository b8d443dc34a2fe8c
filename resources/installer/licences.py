"""Collects the licences of everything that the packaged program carries."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from collections.abc import Iterable, Sequence
from importlib.metadata import packages_distributions
from pathlib import Path
from typing import Final

from deeppneumo_gui.about.components import (
    LIST_NAME,
    Component,
    installed_components,
    program_component,
)
from deeppneumo_gui.assets import asset
from resources.installer.contents import Entry

_PACKAGES: Final = {"PySide6": "PySide6_Essentials"}
"""Which of the distributions that share a package is carried along."""

_NOT_INSIDE: Final = {"deeppneumo"}
_BUILDER: Final = "pyinstaller"
"""Its loader starts the program, under a licence with an exception for that."""

_CODECS: Final = re.compile(r"LICENSE$|-(jpeg|libjpeg.*|mozjpeg|charls|openjpeg|lcms2|zlib.*|highway)$")
"""Of imagecodecs, which has the licences of sixty codecs beside the four that are carried along."""

_DEBIAN_DOCS: Final = Path("/usr/share/doc")
_DEBIAN_TEXTS: Final = Path("/usr/share/common-licenses")
"""What the files of the packages refer to for the GPL and other long texts, which other systems have not got there."""


def carried_components(modules: Iterable[str], libraries: Sequence[Entry]) -> list[Component]:
    """Return everything inside: program, Python, distributions, and on Debian and Ubuntu libraries of the system.

    Parameters
    ----------
    modules : iterable of str
        Names of all Python modules that are carried along.
    libraries : sequence of Entry
        All binaries.
    """
    return [
        program_component(),
        *map(_with_own_codecs, installed_components(distributions_of(modules))),
        *installed_components([_BUILDER])[1:],
        *system_components(libraries),
    ]


def distributions_of(modules: Iterable[str]) -> list[str]:
    """Return the distributions that modules belong to, in alphabetical order."""
    known = packages_distributions()
    top = {name.split(".")[0] for name in modules}
    found = {_PACKAGES.get(name, known[name][0]) for name in top if name in known}
    return sorted(found - _NOT_INSIDE, key=str.casefold)


def system_components(libraries: Iterable[Entry]) -> list[Component]:
    """Return the system's packages that libraries come from, empty where no dpkg tells."""
    if not sys.platform.startswith("linux"):
        return []
    paths = {
        str(Path(entry[1]).resolve()) for entry in libraries if entry[1].startswith(("/lib", "/usr/lib"))
    }
    found: dict[str, str] = {}
    for path in sorted(paths):
        # Where /lib is a link to /usr/lib, dpkg knows a file by one of the two names.
        for name in (path, path.removeprefix("/usr")):
            if (package := _dpkg("-S", name)) is not None:
                package = package.split(", ")[0].rsplit(": ", 1)[0]
                found[package] = _dpkg_version(package)
                break
    return [
        Component(package.split(":")[0], version, "", _debian_texts(package.split(":")[0]))
        for package, version in found.items()
    ]


def _debian_texts(package: str) -> tuple[Path, ...]:
    """Return what a package says of its licences, and the texts that it refers to."""
    told = _DEBIAN_DOCS / package / "copyright"
    if not told.is_file():
        return (told,)
    names = re.findall(
        rf"{_DEBIAN_TEXTS}/([\w.-]*\w)", told.read_text(encoding="utf-8", errors="backslashreplace")
    )
    # GPL alone is a link to the newest one.
    texts = {(_DEBIAN_TEXTS / name).resolve() for name in names}
    return (told, *sorted(text for text in texts if text.is_file()))


def write_components(carried: Sequence[Component], folder: Path) -> list[Entry]:
    """Write the list and return all entries of the packaged program that it needs.

    The list names each text by its path below ``licences``; the program's own texts are there already.
    """
    entries: list[Entry] = []
    listed = []
    for component in carried:
        texts = []
        for number, text in enumerate(component.texts):
            if text.parent == asset("licences"):
                texts.append(text.name)
                continue
            common = text.parent == _DEBIAN_TEXTS
            target = f"common/{text.name}" if common else f"{component.name}/{number:02}-{text.name}"
            texts.append(target)
            entries.append((f"resources/licences/{target}", str(text), "DATA"))
        listed.append(
            {
                "name": component.name,
                "version": component.version,
                "licence": component.licence,
                "texts": texts,
            }
        )
    path = folder / LIST_NAME
    path.write_text(json.dumps(listed, indent=1, ensure_ascii=False), encoding="utf-8")
    return [*dict.fromkeys(entries), (f"resources/licences/{LIST_NAME}", str(path), "DATA")]


def _with_own_codecs(component: Component) -> Component:
    if component.name != "imagecodecs":
        return component
    texts = tuple(text for text in component.texts if _CODECS.search(text.name))
    return Component(component.name, component.version, component.licence, texts)


def _dpkg(*arguments: str) -> str | None:
    try:
        done = subprocess.run(  # noqa: S603
            ["dpkg-query", *arguments],  # noqa: S607
            capture_output=True,
            text=True,
            check=False,
        )
    except OSError:
        return None
    return done.stdout.splitlines()[0] if done.returncode == 0 and done.stdout else None


def _dpkg_version(package: str) -> str:
    return _dpkg("-W", "-f=${Version}\n", package) or ""
