"""Labelled radiographs: the Kaggle layout, class folders, CSV manifests, and split files.

A split file is a CSV with the columns ``file,patient,label,part``; ``file`` is relative to the data folder
and uses forward slashes, so that a split made on one system holds on another.
"""

from __future__ import annotations

import csv
import hashlib
import io
import os
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path, PurePosixPath
from typing import Final

from core.errors import DeepPneumoError
from core.files import atomic_write
from core.reading import find_radiographs

PARTS: Final = ("train", "val", "test")
SUBTYPES: Final = ("bacterial", "viral")
LABELS: Final = ("normal", "pneumonia", *SUBTYPES)

_CLASS_FOLDERS: Final = {
    "normal": "normal",
    "pneumonia": "pneumonia",
    "bacterial": "bacterial",
    "bacteria": "bacterial",
    "bacterial_pneumonia": "bacterial",
    "viral": "viral",
    "virus": "viral",
    "viral_pneumonia": "viral",
}
_PART_FOLDERS: Final = {"train": "train", "val": "val", "valid": "val", "validation": "val", "test": "test"}
_PERSON: Final = re.compile(r"person(\d+)_(bacteria|virus)", re.IGNORECASE)
_NORMAL: Final = re.compile(r"(?:NORMAL2-)?IM-(\d+)", re.IGNORECASE)


class DatasetError(DeepPneumoError):
    """A data folder, manifest or split file that cannot be used as it is."""


@dataclass(frozen=True, slots=True)
class Item:
    """One labelled radiograph.

    Attributes
    ----------
    path : Path
        Where the file lies.
    file : str
        The same, relative to the data folder, with forward slashes.
    patient : str
        Whatever identifies the patient; items of one patient never fall into two parts.
    label : str
        One of ``normal``, ``pneumonia`` (subtype unknown), ``bacterial``, ``viral``.
    part : str or None
        ``train``, ``val`` or ``test`` where the folder or manifest says so.
    """

    path: Path
    file: str
    patient: str
    label: str
    part: str | None = None

    @property
    def is_pneumonia(self) -> bool:
        """Whether the label is pneumonia of any kind."""
        return self.label != "normal"

    @property
    def subtype(self) -> str | None:
        """The subtype ``bacterial`` or ``viral`` where known."""
        return self.label if self.label in SUBTYPES else None


def find_items(source: Path) -> list[Item]:
    """List the labelled radiographs of a folder or a CSV manifest.

    Parameters
    ----------
    source : Path
        A folder whose subfolders name classes (``NORMAL``, ``PNEUMONIA``, ``bacterial``, ...), on their own or
        inside ``train``/``val``/``test``; or a CSV with the columns ``file`` and ``label`` and, optionally,
        ``patient`` and ``part``, whose paths are relative to the CSV.

    Returns
    -------
    list of Item
        In natural order of the file names.

    Raises
    ------
    DatasetError
        If nothing is there, or a label or part is unknown.
    """
    if source.is_dir():
        items = _items_of_folder(source)
    elif source.is_file():
        items = _items_of_manifest(source)
    else:
        raise DatasetError(f"{source.name}: there is no such folder or CSV file.")
    if not items:
        raise DatasetError(
            f"{source.name}: no labelled radiographs were found; the folder needs subfolders named "
            "NORMAL and PNEUMONIA, or bacterial and viral."
        )
    return items


def patient_of(file: str) -> str:
    """Identify the patient behind a file of the public set by its name.

    Any other file stands for a patient of its own, with its folders: ``a/0001.png`` and ``b/0001.png`` are two.
    """
    stem = Path(file).stem
    if person := _PERSON.match(stem):
        return f"person{person[1]}_{person[2].lower()}"
    if normal := _NORMAL.match(stem):
        return f"normal{int(normal[1])}"
    return PurePosixPath(file).with_suffix("").as_posix()


def patient_mark(patient: str) -> str:
    """Short mark of a patient's identifier, equal for equal patients."""
    return hashlib.sha256(patient.encode(errors="surrogateescape")).hexdigest()[:12]


def is_public_name(file: str) -> bool:
    """Whether a file is named as those of the public set are."""
    stem = Path(file).stem
    return bool(_PERSON.match(stem) or _NORMAL.match(stem))


def label_of(class_name: str, file_name: str) -> str | None:
    """Label of a file in a class folder; the public set tells the subtype in the file name."""
    label = _CLASS_FOLDERS.get(class_name.strip().lower().replace(" ", "_").replace("-", "_"))
    if label == "pneumonia" and (person := _PERSON.match(Path(file_name).stem)):
        return "bacterial" if person[2].lower() == "bacteria" else "viral"
    return label


def _items_of_folder(folder: Path) -> list[Item]:
    items = []
    for path in find_radiographs([folder]):
        if (
            path.is_dir()
        ):  # listed because nobody may look into it; a part of the data would be missing unnoticed
            raise DatasetError(f"{path.name}: this folder of the data could not be opened.")
        relative = path.relative_to(folder)
        folders = relative.parts[:-1]
        label = next((hit for name in reversed(folders) if (hit := label_of(name, path.name))), None)
        if label is None:
            continue
        part = next((_PART_FOLDERS[name.lower()] for name in folders if name.lower() in _PART_FOLDERS), None)
        file = relative.as_posix()
        items.append(Item(path, file, patient_of(file), label, part))
    return _without_nested_copy(items, folder)


def _without_nested_copy(items: list[Item], folder: Path) -> list[Item]:
    """Drop a copy of the whole tree inside itself, as the public archive `chest_xray/chest_xray` has one."""
    files = {item.file for item in items}
    nested = f"{folder.name}/"
    return [
        item
        for item in items
        if not (item.file.startswith(nested) and item.file.removeprefix(nested) in files)
    ]


def _items_of_manifest(manifest: Path) -> list[Item]:
    items, seen = [], set[str]()
    for number, row in _rows(manifest, ("file", "label")):
        file = row["file"].strip().replace("\\", "/")
        path = Path(os.path.normpath(manifest.parent / file))
        if Path(file).is_absolute() or ".." in PurePosixPath(file).parts:
            # Folders may name patients, and the item's name goes into files that are passed on.
            inside = path.is_relative_to(manifest.parent)
            file = path.relative_to(manifest.parent).as_posix() if inside else path.name
        if file in seen:
            raise DatasetError(f"{manifest.name}, line {number}: '{path.name}' is listed twice.")
        seen.add(file)
        label = label_of(row["label"], file)
        part = row.get("part", "").strip().lower() or None
        if label is None or (part and part not in _PART_FOLDERS):
            bad = row["label"] if label is None else row["part"]
            raise DatasetError(f"{manifest.name}, line {number}: '{bad}' is not a known label or part.")
        patient = row.get("patient", "").strip() or patient_of(file)
        part = _PART_FOLDERS[part] if part else None
        items.append(Item(path, file, patient, label, part))
    return items


def _rows(path: Path, needed: Sequence[str]) -> list[tuple[int, dict[str, str]]]:
    try:
        with path.open(newline="", encoding="utf-8-sig", errors="surrogateescape") as stream:
            reader = csv.DictReader(stream, restval="")
            missing = [name for name in needed if name not in (reader.fieldnames or ())]
            if missing:
                raise DatasetError(f"{path.name}: the column '{missing[0]}' is missing.")
            return [(reader.line_num, row) for row in reader]
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise DatasetError(f"{path.name}: could not be read as a CSV file.") from error


def write_split(path: Path, items: Iterable[Item]) -> None:
    """Write a split file; every item must have its part."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(("file", "patient", "label", "part"))
    for item in items:
        if item.part not in PARTS:
            raise ValueError(f"{item.file} has no part")
        writer.writerow((item.file, item.patient, item.label, item.part))
    with atomic_write(path) as stream:
        stream.write(text.getvalue().encode(errors="surrogateescape"))


def read_split(path: Path) -> dict[str, str]:
    """Read a split file as a mapping from file to part.

    Raises
    ------
    DatasetError
        If the file is unreadable or names an unknown part.
    """
    parts: dict[str, str] = {}
    for number, row in _rows(path, ("file", "part")):
        if row["part"] not in PARTS:
            raise DatasetError(f"{path.name}, line {number}: '{row['part']}' is not train, val or test.")
        file = row["file"].strip().replace("\\", "/")
        if parts.setdefault(file, row["part"]) != row["part"]:
            raise DatasetError(f"{path.name}, line {number}: '{Path(file).name}' is in two parts.")
    return parts


def apply_split(items: Sequence[Item], parts: Mapping[str, str], name: str) -> list[Item]:
    """Give items the parts of a split; items that the split leaves out are dropped.

    Raises
    ------
    DatasetError
        If the split names files that are not among the items.
    """
    known = {item.file for item in items}
    missing = [file for file in parts if file not in known]
    if missing:
        raise DatasetError(
            f"{name}: {len(missing)} of {len(parts)} files are not in the data folder, the first is "
            f"{Path(missing[0]).name}."
        )
    return [replace(item, part=parts[item.file]) for item in items if item.file in parts]
