"""The licences of everything inside, collected for the package."""

from __future__ import annotations

from pathlib import Path

import pytest

from deeppneumo_gui.about.components import (
    Component,
    components,
    installed_components,
    read_components,
)
from deeppneumo_gui.assets import asset
from resources.installer import licences
from resources.installer.licences import (
    carried_components,
    distributions_of,
    system_components,
    write_components,
)


def _by_name(found: list[Component]) -> dict[str, Component]:
    return {component.name.lower(): component for component in found}


def test_everything_that_the_program_requires_has_a_licence() -> None:
    found = _by_name(components())
    required = {"python", "numpy", "pillow", "onnxruntime", "pydicom", "imagecodecs", "cmap", "platformdirs"}
    assert required | {"pyside6_essentials", "shiboken6"} <= set(found)
    assert all(found[name].licence and found[name].texts and found[name].version for name in required)
    assert "torch" not in found


def test_qt_comes_with_the_texts_of_the_lgpl() -> None:
    found = _by_name(components())
    for name in ("pyside6_essentials", "shiboken6"):
        assert found[name].licence == "LGPL-3.0-only"
        texts = "\n".join(path.read_text(encoding="utf-8") for path in found[name].texts)
        assert "GNU LESSER GENERAL PUBLIC LICENSE\n                       Version 3" in texts
        assert "GNU GENERAL PUBLIC LICENSE\n                       Version 3" in texts
        assert "Unicode, Inc." in texts


def test_distributions_are_found_by_what_is_carried_along() -> None:
    found = distributions_of(
        ["numpy._core.multiarray", "PIL.Image", "PySide6", "core.table", "json", "__main__"]
    )
    assert found == ["numpy", "pillow", "PySide6_Essentials"]


def test_the_list_of_the_package_reads_as_it_was_written(tmp_path: Path) -> None:
    carried = [
        *installed_components(["numpy", "PySide6-Essentials"]),
        Component("libX11-6", "2:1.8.4", "", (Path(__file__),)),
    ]
    (tmp_path / "licences").mkdir()
    for own in asset("licences").glob("*.txt"):
        (tmp_path / "licences" / own.name).write_bytes(own.read_bytes())
    entries = write_components(carried, tmp_path)
    for target, source, kind in entries:
        assert kind == "DATA"
        path = tmp_path / target.removeprefix("resources/")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(Path(source).read_bytes())
    found = read_components(tmp_path / "licences")
    assert [(c.name, c.version, c.licence) for c in found] == [
        (c.name, c.version, c.licence) for c in carried
    ]
    for mine, its in zip(carried, found, strict=True):
        assert [text.read_bytes() for text in its.texts] == [text.read_bytes() for text in mine.texts]
        assert all(text.is_relative_to(tmp_path) for text in its.texts)


def test_only_codecs_that_are_carried_along_are_named() -> None:
    found = _by_name(carried_components(["imagecodecs._jpeg8", "numpy"], []))
    names = {text.name for text in found["imagecodecs"].texts}
    assert {"LICENSE", "LICENSE-charls", "LICENSE-openjpeg", "LICENSE-libjpeg-turbo"} <= names
    assert not {"LICENSE-aom", "LICENSE-hdf5"} & names
    assert {"deeppneumo", "pyinstaller", "python", "numpy", "imagecodecs"} == set(found)
    assert [text.name for text in found["deeppneumo"].texts] == ["LICENSE"]


def test_libraries_of_the_system_are_named_by_their_package(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    answers = {
        ("-S", "/usr/lib/libX11.so.6.4"): "libx11-6:amd64: /usr/lib/libX11.so.6.4",
        ("-W", "-f=${Version}\n", "libx11-6:amd64"): "2:1.8.4",
    }
    monkeypatch.setattr(licences, "_dpkg", lambda *arguments: answers.get(arguments))
    monkeypatch.setattr(licences.sys, "platform", "linux")
    entries = [
        ("libX11.so.6", "/usr/lib/libX11.so.6.4", "BINARY"),
        ("numpy/a.so", str(tmp_path / "a.so"), "EXTENSION"),
    ]
    (found,) = system_components(entries)
    assert (found.name, found.version) == ("libx11-6", "2:1.8.4")
    assert found.texts == (Path("/usr/share/doc/libx11-6/copyright"),)


def test_texts_that_debian_only_refers_to_come_along_once(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    common, docs = tmp_path / "common-licenses", tmp_path / "doc"
    common.mkdir()
    (common / "LGPL-2.1").write_text("the whole text")
    (common / "GPL-3").write_text("another")
    (common / "GPL").symlink_to("GPL-3")
    for package in ("libglib2.0-0", "libcap2"):
        (docs / package).mkdir(parents=True)
        (docs / package / "copyright").write_text(f"see {common}/LGPL-2.1. and {common}/GPL, not {common}/X")
    monkeypatch.setattr(licences, "_DEBIAN_TEXTS", common)
    monkeypatch.setattr(licences, "_DEBIAN_DOCS", docs)
    monkeypatch.setattr(licences.sys, "platform", "linux")
    monkeypatch.setattr(
        licences,
        "_dpkg",
        lambda *asked: {"libg.so": "libglib2.0-0: x", "libc.so": "libcap2: x"}.get(Path(asked[1]).name, "1"),
    )
    libraries = [(name, f"/usr/lib/{name}", "BINARY") for name in ("libg.so", "libc.so")]
    carried = system_components(libraries)
    told = docs / "libglib2.0-0" / "copyright"
    assert {c.name: c.texts for c in carried}["libglib2.0-0"] == (told, common / "GPL-3", common / "LGPL-2.1")
    targets = [target for target, _, _ in write_components(carried, tmp_path)]
    assert targets.count("resources/licences/common/LGPL-2.1") == 1
    assert "resources/licences/libcap2/00-copyright" in targets


def test_the_texts_that_ship_are_all_named() -> None:
    named = {text.name for component in components() for text in component.texts}
    assert {path.name for path in asset("licences").iterdir()} <= named
