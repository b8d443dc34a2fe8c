"""What the systems are told of the program: the version resource of Windows and the property list of macOS."""

from __future__ import annotations

import re
from typing import Any, Final

from core.notice import NOTICE
from core.teaching.lesson_file import SUFFIX as LESSON_SUFFIX
from core.version import VERSION

NAME: Final = "DeepPneumo"
DESCRIPTION: Final = "Chest radiograph viewer for teaching and research"
COPYRIGHT: Final = f"MIT licence. {NOTICE}."
MACOS_IDENTIFIER: Final = "org.deeppneumo.DeepPneumo"
MACOS_OLDEST: Final = "14.0"
"""What the wheels of NumPy and ONNX Runtime that are built for Apple's processors ask for."""

_ENGLISH_UNICODE: Final = "040904B0"
LESSON_TYPE: Final = "application/x-deeplesson"
"""What Linux and macOS call a lesson's file."""

_LESSON: Final = f"{MACOS_IDENTIFIER}.lesson"
_DICOM: Final = "org.nema.dicom"
_DICOM_SUFFIXES: Final = ("dcm", "dicom", "ima")
_IMAGES: Final = (
    "public.jpeg",
    "public.png",
    "public.tiff",
    "com.microsoft.bmp",
    "org.webmproject.webp",
)


def version_numbers(version: str = VERSION) -> tuple[int, int, int, int]:
    """Return the four numbers that Windows knows a version by; what follows a release's numbers is dropped."""
    numbers = [int(number) for number in re.findall(r"\d+", version.split("+")[0])[:3]]
    major, minor, patch = (*numbers, 0, 0, 0)[:3]
    return major, minor, patch, 0


def windows_version_resource(version: str = VERSION) -> str:
    """Return the version resource as PyInstaller reads it from a file."""
    numbers = version_numbers(version)
    strings = {
        "CompanyName": NAME,
        "FileDescription": f"{NAME} - {DESCRIPTION}",
        "FileVersion": version,
        "InternalName": NAME,
        "LegalCopyright": COPYRIGHT,
        "OriginalFilename": f"{NAME}.exe",
        "ProductName": NAME,
        "ProductVersion": version,
    }
    lines = ",\n        ".join(f"StringStruct({key!r}, {value!r})" for key, value in strings.items())
    return (
        "VSVersionInfo(\n"
        f"  ffi=FixedFileInfo(filevers={numbers}, prodvers={numbers}, mask=0x3f, flags=0x0, OS=0x40004,\n"
        "    fileType=0x1, subtype=0x0, date=(0, 0)),\n"
        "  kids=[\n"
        f"    StringFileInfo([StringTable({_ENGLISH_UNICODE!r}, [\n        {lines}])]),\n"
        "    VarFileInfo([VarStruct('Translation', [0x0409, 0x04B0])]),\n"
        "  ],\n)\n"
    )


def macos_property_list(version: str = VERSION) -> dict[str, Any]:
    """Return what the Info.plist of the application says beyond PyInstaller's own entries."""
    return {
        "CFBundleName": NAME,
        "CFBundleDisplayName": NAME,
        "CFBundleShortVersionString": version,
        "CFBundleVersion": ".".join(map(str, version_numbers(version)[:3])),
        "NSHumanReadableCopyright": COPYRIGHT,
        "LSApplicationCategoryType": "public.app-category.education",
        "LSMinimumSystemVersion": MACOS_OLDEST,
        "NSHighResolutionCapable": True,
        "NSRequiresAquaSystemAppearance": False,
        "CFBundleDocumentTypes": [
            _documents("Lesson", (_LESSON,), role="Editor", rank="Owner"),
            _documents("DICOM radiograph", (_DICOM,)),
            _documents("Image", _IMAGES),
            _documents("Folder of radiographs", ("public.folder",)),
        ],
        # A lesson is of our own making. It is no kind of archive here, or the system would offer to unpack it.
        "UTExportedTypeDeclarations": [
            {
                "UTTypeIdentifier": _LESSON,
                "UTTypeDescription": f"{NAME} lesson",
                "UTTypeConformsTo": ["public.data", "public.content"],
                "UTTypeTagSpecification": {
                    "public.filename-extension": [LESSON_SUFFIX.removeprefix(".")],
                    "public.mime-type": [LESSON_TYPE],
                },
            }
        ],
        # Systems without another DICOM viewer do not know the type.
        "UTImportedTypeDeclarations": [
            {
                "UTTypeIdentifier": _DICOM,
                "UTTypeDescription": "DICOM file",
                "UTTypeConformsTo": ["public.data", "public.image"],
                "UTTypeTagSpecification": {
                    "public.filename-extension": list(_DICOM_SUFFIXES),
                    "public.mime-type": ["application/dicom"],
                },
            }
        ],
    }


def _documents(
    name: str, types: tuple[str, ...], role: str = "Viewer", rank: str = "Alternate"
) -> dict[str, Any]:
    # Alternate: to be offered, never to become what opens every picture.
    return {
        "CFBundleTypeName": name,
        "CFBundleTypeRole": role,
        "LSHandlerRank": rank,
        "LSItemContentTypes": list(types),
    }
