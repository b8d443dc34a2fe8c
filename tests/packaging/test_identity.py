"""What the systems are told of the program, and its icon."""

from __future__ import annotations

import plistlib
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from core.version import VERSION
from resources.installer import icons, identity


class Node:
    """Stands in for every class of a version resource, which PyInstaller has only on Windows."""

    def __init__(self, kind: str, values: tuple[Any, ...], named: dict[str, Any]) -> None:
        self.kind, self.values, self.named = kind, values, named

    def find(self, kind: str) -> list[Node]:
        inside = [*self.values, *self.named.values()]
        nodes = [node for item in inside for node in (item if isinstance(item, list) else [item])]
        found = [node for node in nodes if isinstance(node, Node)]
        return [node for node in found if node.kind == kind] + [n for node in found for n in node.find(kind)]


class Kinds(dict[str, Any]):
    def __missing__(self, kind: str) -> Any:
        return lambda *values, **named: Node(kind, values, named)


def test_the_version_resource_of_windows() -> None:
    root = eval(identity.windows_version_resource("1.2.3"), Kinds())
    assert root.kind == "VSVersionInfo"
    (fixed,) = root.find("FixedFileInfo")
    assert fixed.named["filevers"] == fixed.named["prodvers"] == (1, 2, 3, 0)
    strings = dict(node.values for node in root.find("StringStruct"))
    assert strings["FileVersion"] == strings["ProductVersion"] == "1.2.3"
    assert strings["OriginalFilename"] == "DeepPneumo.exe"
    assert "not for diagnosis" in strings["LegalCopyright"]
    (table,) = root.find("StringTable")
    (translation,) = root.find("VarStruct")
    language, page = translation.values[1]
    assert table.values[0] == f"{language:04X}{page:04X}"


@pytest.mark.parametrize(
    ("version", "numbers"),
    [
        ("0.1.0", (0, 1, 0, 0)),
        ("2.0", (2, 0, 0, 0)),
        ("1.2.3rc4", (1, 2, 3, 0)),
        ("1.2+local.7", (1, 2, 0, 0)),
    ],
)
def test_versions_as_windows_counts_them(version: str, numbers: tuple[int, ...]) -> None:
    assert identity.version_numbers(version) == numbers


def test_the_property_list_of_macos() -> None:
    found = plistlib.loads(plistlib.dumps(identity.macos_property_list()))
    assert found["CFBundleShortVersionString"] == VERSION
    opened = {kind for document in found["CFBundleDocumentTypes"] for kind in document["LSItemContentTypes"]}
    assert {"org.nema.dicom", "public.jpeg", "public.png", "public.tiff", "public.folder"} <= opened
    own = found["UTExportedTypeDeclarations"][0]["UTTypeIdentifier"]
    for document in found["CFBundleDocumentTypes"]:
        rank = "Owner" if document["LSItemContentTypes"] == [own] else "Alternate"
        assert document["LSHandlerRank"] == rank
    (declared,) = found["UTImportedTypeDeclarations"]
    assert declared["UTTypeIdentifier"] in opened
    assert declared["UTTypeTagSpecification"]["public.filename-extension"][0] == "dcm"


def test_macos_opens_lessons_with_the_program() -> None:
    found = identity.macos_property_list()
    (declared,) = found["UTExportedTypeDeclarations"]
    (document,) = (
        document
        for document in found["CFBundleDocumentTypes"]
        if document["LSItemContentTypes"] == [declared["UTTypeIdentifier"]]
    )
    assert document["CFBundleTypeRole"] == "Editor"
    assert declared["UTTypeIdentifier"].startswith(identity.MACOS_IDENTIFIER)
    tags = declared["UTTypeTagSpecification"]
    assert tags["public.filename-extension"] == ["deeplesson"]
    assert tags["public.mime-type"] == [identity.LESSON_TYPE]


def test_the_icon_of_windows_has_every_size(tmp_path: Path) -> None:
    path = icons.write_ico(tmp_path / "icon.ico")
    with Image.open(path) as image:
        assert image.ico.sizes() == {(size, size) for size in icons.WINDOWS_SIZES}
        for size in icons.WINDOWS_SIZES:
            # Drawn in this size: one that was made smaller would differ along every edge.
            assert image.ico.getimage((size, size)).tobytes() == icons.draw(size).tobytes()


def test_the_icon_of_macos_has_every_size(tmp_path: Path) -> None:
    with Image.open(icons.write_icns(tmp_path / "icon.icns")) as image:
        pixels = {width * scale for width, _, scale in image.info["sizes"]}
        assert set(icons.MACOS_SIZES) <= pixels | {16}
        assert image.size == (1024, 1024)


def test_the_icon_is_drawn_with_transparent_corners() -> None:
    image = icons.draw(64)
    assert image.getpixel((0, 0))[3] == 0
    assert image.getpixel((32, 8))[3] == 255
    assert len(image.convert("RGB").getcolors(4096) or ()) > 50
