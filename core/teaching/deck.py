"""A lesson's slides as a PowerPoint deck, on dark for the projector."""

from __future__ import annotations

import io
import os
import warnings
from datetime import datetime
from typing import TYPE_CHECKING, Any, BinaryIO, Final

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from core.engine.card import Card
from core.files import atomic_write
from core.notice import NOTICE
from core.report.style import DARK
from core.review.document import DEFAULT_STYLE
from core.review.page import Style
from core.teaching.deck_shapes import add_missing, add_number, add_outline, add_words, colour, place_title
from core.teaching.flow import Words
from core.teaching.lesson import Lesson
from core.teaching.pictures import Pictures
from core.teaching.slide import HEIGHT, STRIP, WIDTH, Missing, Picture, Progress, Slide
from core.teaching.slides import lesson_slides

if TYPE_CHECKING:
    from pptx.presentation import Presentation

_QUALITY: Final = 92
_TITLE_ONLY: Final = 5
"""Among the layouts of python-pptx's own template."""


def write_deck(
    path: str | os.PathLike[str],
    lesson: Lesson,
    pictures: Pictures,
    card: Card | None,
    made_on: str,
    *,
    style: Style = DEFAULT_STYLE,
    notes: bool = False,
    progress: Progress = lambda done, total: None,
) -> None:
    """Write a lesson as a PowerPoint deck, atomically.

    The deck is put together in memory, where its radiographs are kept as JPEG; the program's own pictures are there
    one at a time.

    Parameters
    ----------
    path : path
    lesson, pictures, card, made_on, style, progress
        See `core.teaching.slides.lesson_slides`.
    notes : bool
        Whether the teacher's own notes go along as speaker notes of the answers.

    Raises
    ------
    OSError
        When it cannot be written; nothing is left then.
    """
    with atomic_write(path) as stream, warnings.catch_warnings():
        # Text is measured with a font that may lack letters which the reader's own font has.
        warnings.filterwarnings("ignore", message="Glyph .* missing from", category=UserWarning)
        deck = _Deck(lesson, made_on)
        for slide in lesson_slides(lesson, pictures, card, made_on, style, progress):
            deck.add(slide, notes=notes)
        deck.save(stream)
    steps = len(lesson.items) + 1
    progress(steps, steps)


class _Deck:
    """Puts slides into a presentation."""

    def __init__(self, lesson: Lesson, made_on: str) -> None:
        import pptx
        from pptx.util import Inches

        self._deck = pptx.Presentation()
        _stretch(self._deck, Inches(WIDTH) / self._deck.slide_width)
        self._deck.slide_width, self._deck.slide_height = Inches(WIDTH), Inches(HEIGHT)
        _darken(self._deck)
        _describe(self._deck, lesson, made_on)
        self._layout = self._deck.slide_layouts[_TITLE_ONLY]
        self._encoded: tuple[NDArray[np.uint8] | None, bytes] = (None, b"")

    def add(self, slide: Slide, *, notes: bool) -> None:
        """Add a slide with what stands on each, and with the teacher's note where that is wanted."""
        page = self._deck.slides.add_slide(self._layout)
        place_title(page, slide.title)
        for element in slide.elements:
            if isinstance(element, Words):
                add_words(page, element)
            elif isinstance(element, Picture):
                self._add_picture(page, element)
            elif isinstance(element, Missing):
                add_missing(page, element)
            else:
                add_outline(page, element)
        add_words(page, STRIP)
        add_number(page)
        if notes and slide.note:
            frame = page.notes_slide.notes_text_frame
            assert frame is not None
            frame.text = slide.note

    def save(self, stream: BinaryIO) -> None:
        """Write all of it."""
        self._deck.save(stream)

    def _add_picture(self, page: Any, picture: Picture) -> None:
        from pptx.util import Inches

        # The radiograph of a question stands twice on its answer; it is encoded, and kept in the file, once.
        if self._encoded[0] is not picture.pixels:
            self._encoded = (picture.pixels, _encode(picture.pixels))
        box = (Inches(value) for value in (picture.box.left, picture.box.top))
        size = (Inches(value) for value in (picture.box.width, picture.box.height))
        shape = page.shapes.add_picture(io.BytesIO(self._encoded[1]), *box, *size)
        # Otherwise the words for those who cannot see it are the name of a file.
        shape._element.nvPicPr.cNvPr.set("descr", picture.words)


def _encode(pixels: NDArray[np.uint8]) -> bytes:
    stream = io.BytesIO()
    if pixels.ndim == 2:
        Image.fromarray(pixels).save(stream, "JPEG", quality=_QUALITY)
    else:
        Image.fromarray(pixels).save(stream, "PNG")
    return stream.getvalue()


def _stretch(deck: Presentation, factor: float) -> None:
    """Widen the template's layouts, so that slides which a teacher adds are 16:9 like the others."""
    for page in (deck.slide_master, *deck.slide_layouts):
        for shape in page.placeholders:
            if shape.element.xfrm is not None if hasattr(shape.element, "xfrm") else False:
                shape.left, shape.width = round(shape.left * factor), round(shape.width * factor)


def _darken(deck: Presentation) -> None:
    """Turn the template's colours round: light text on a dark ground."""
    master = deck.slide_master
    master.background.fill.solid()
    master.background.fill.fore_color.rgb = colour(DARK.paper)
    colours = master.element.find("{*}clrMap")
    for name, value in (("bg1", "dk1"), ("tx1", "lt1"), ("bg2", "dk2"), ("tx2", "lt2")):
        colours.set(name, value)


def _describe(deck: Presentation, lesson: Lesson, made_on: str) -> None:
    """Set the document's properties, which otherwise are those of the template."""
    about = deck.core_properties
    about.title = lesson.title[:255]
    about.author = about.last_modified_by = lesson.author[:255]
    about.comments = NOTICE
    about.created = about.modified = datetime.fromisoformat(made_on)
    about.revision = 1
    package = deck.part.package
    for name, relation in list(package._rels.items()):
        if relation.reltype.endswith("/thumbnail"):  # of the template
            package.drop_rel(name)
