"""A lesson of one case, written and read again, and as slides and pages."""

from __future__ import annotations

import re
import tempfile
import zipfile
from pathlib import Path
from typing import TYPE_CHECKING, Final

from deeppneumo_gui.selftest.check import CheckFailedError

if TYPE_CHECKING:
    from core.engine.prediction import Prediction
    from core.teaching.lesson import Lesson

_SLIDE: Final = re.compile(r"ppt/slides/slide\d+\.xml")
_MADE_ON: Final = "2026-01-01"
_NOTES: Final = "ppt/notesSlides/notesSlide1.xml"


def check_lesson(sample: Path) -> str:
    """Write a lesson with its radiograph in it, and hold what is read against it.

    Returns
    -------
    str
        What was found.

    Raises
    ------
    CheckFailedError, DeepPneumoError
        With one sentence.
    """
    from core.reading import read_radiograph
    from core.teaching.lesson_file import SUFFIX, read_lesson, write_lesson

    lesson = _lesson(sample)
    content = lesson.items[0].content
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / f"lesson{SUFFIX}"
        write_lesson(path, lesson, {content: sample})
        found = read_lesson(path)
        travelled = read_radiograph(found.read(content))
        size = path.stat().st_size
    if found.lesson != lesson:
        raise CheckFailedError("The lesson was read as another one than was written.")
    if not (travelled.rendering == read_radiograph(sample).rendering).all():
        raise CheckFailedError("The radiograph in the lesson is another one than was put into it.")
    return f"one case and its radiograph, {size / 1e3:.0f} kB"


def check_handouts(sample: Path, prediction: Prediction | None) -> str:
    """Write a lesson as PowerPoint slides with notes and as PDF, and look into the files.

    Returns
    -------
    str
        What was found.

    Raises
    ------
    CheckFailedError, DeepPneumoError
        With one sentence.
    """
    from core.reading import read_radiograph
    from core.teaching.deck import write_deck
    from core.teaching.lesson_pages import write_lesson_pdf
    from core.teaching.pictures import LessonPicture

    lesson = _lesson(sample)
    picture = LessonPicture(read_radiograph(sample).rendering, prediction)
    with tempfile.TemporaryDirectory() as folder:
        deck, pages = Path(folder) / "lesson.pptx", Path(folder) / "lesson.pdf"
        write_deck(deck, lesson, lambda _: picture, None, _MADE_ON, notes=True)
        write_lesson_pdf(pages, lesson, lambda _: picture, None, _MADE_ON)
        with zipfile.ZipFile(deck) as archive:
            names = archive.namelist()
        head, size = pages.read_bytes()[:5], pages.stat().st_size
    slides = sum(_SLIDE.fullmatch(name) is not None for name in names)
    # A cover, the question, its answer.
    if slides < 3 or _NOTES not in names:
        raise CheckFailedError("The slides of the lesson are not all there.")
    if head != b"%PDF-":
        raise CheckFailedError("The pages of the lesson are no PDF.")
    return f"{slides} slides with notes, PDF of {size / 1e3:.0f} kB"


def _lesson(sample: Path) -> Lesson:
    from core.store.content import content_hash
    from core.teaching.lesson import Item, Lesson, Region
    from core.truth.truth import Truth

    item = Item(
        content_hash(sample),
        0,
        Truth.from_word("viral", "folder"),
        (Region("ellipse", ((0.2, 0.3), (0.4, 0.6))),),
        "Where?",
        ("There.",),
        "A note.",
    )
    return Lesson("0" * 32, "A lesson", (item,), licence="MIT")
