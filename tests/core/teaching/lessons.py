"""Lessons and radiographs made on the spot."""

from __future__ import annotations

import hashlib
import io
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from PIL import Image

from core.store.content import content_hash
from core.teaching.lesson import Item, Lesson, Region
from core.truth.truth import Truth

SECRETS = (
    "normal",
    "pneumonia",
    "bacterial",
    "viral",
    "Look behind the heart",
    "silhouette sign",
    "Mrs Example's child",
)
"""What nobody may find in a lesson's file: truth, learning points, a note."""

WORDS = ("normal", "bacterial", "viral", "pneumonia")


def content_of(number: int) -> str:
    return hashlib.sha256(str(number).encode()).hexdigest()


def make_item(number: int = 0, *, content: str | None = None, frame: int = 0) -> Item:
    word = WORDS[number % 4]
    return Item(
        content or content_of(number),
        frame,
        Truth.from_word(word, "folder"),
        regions=(
            Region("ellipse", ((0.25, 0.5), (0.5, 0.75))),
            Region("polygon", ((0.1, 0.1), (0.3, 0.1), (0.2, 1 / 3))),
        ),
        question=f"Question {number}?",
        points=(SECRETS[4], f"A {SECRETS[5]}: {word}"),
        note=SECRETS[6],
    )


def make_lesson(items: Sequence[Item] | None = None, licence: str = "CC BY 4.0") -> Lesson:
    return Lesson(
        "0123456789abcdef" * 2,
        "Reading the chest of a child",
        tuple(make_item(number) for number in range(8)) if items is None else tuple(items),
        licence=licence,
        author="Dr. Ada Example",
        introduction="Look at all of it first.\nThen commit.",
        shuffled=True,
        seconds=90,
        ask_kind=True,
    )


def grey_picture(seed: int = 0, shape: tuple[int, int] = (60, 50)) -> np.ndarray:
    """A smooth picture that is no blank one."""
    rows, columns = np.mgrid[: shape[0], : shape[1]]
    wave = np.sin(rows / (7 + seed)) + np.cos(columns / 5) + rows / shape[0]
    return np.clip(wave * 55 + 90, 0, 255).astype(np.uint8)


def picture_bytes(kind: str, seed: int = 0, **options: object) -> bytes:
    stream = io.BytesIO()
    Image.fromarray(grey_picture(seed)).save(stream, kind, **options)
    return stream.getvalue()


def write_radiographs(folder: Path, count: int = 3) -> dict[str, Path]:
    """Write JPEGs named after what they show; return them by content."""
    found = {}
    for number in range(count):
        path = folder / f"person{number}_{WORDS[number % 4]}_Secretname.jpeg"
        path.write_bytes(picture_bytes("JPEG", number, comment=b"Secretname " + WORDS[number % 4].encode()))
        found[content_hash(path)] = path
    return found
