"""The parts of a slide as shapes of a PowerPoint deck."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from core.report.style import DARK
from core.teaching.drawing import REGION_COLOUR
from core.teaching.flow import SPACE, Box, Paragraph, Words, indent
from core.teaching.slide import NUMBER_BOX, STRIP, Missing, Outline

if TYPE_CHECKING:
    from pptx.slide import Slide as Page
    from pptx.util import Length

_LINE: Final = 2.25
_NAMESPACE: Final = "http://schemas.openxmlformats.org/drawingml/2006/main"
_FIELD: Final = (
    f'<a:fld xmlns:a="{_NAMESPACE}" id="{{B6F15528-21DE-4FAA-801E-634DDDAF4B2B}}" type="slidenum">'
    f'<a:rPr lang="en-GB" sz="{round(STRIP.size * 100)}"><a:solidFill><a:srgbClr val="{DARK.muted[1:].upper()}"/>'
    "</a:solidFill></a:rPr><a:t>#</a:t></a:fld>"
)
_BULLET: Final = f'<a:buChar xmlns:a="{_NAMESPACE}" char="\N{BULLET}"/>'


def place_title(page: Page, words: Words) -> None:
    """Set the title of a slide, by which outlines and screen readers know it."""
    title = page.shapes.title
    assert title is not None
    title.left, title.top, title.width, title.height = _measures(words.box)
    _set(title.text_frame, words)


def add_words(page: Page, words: Words) -> None:
    """Add text in its place."""
    _set(page.shapes.add_textbox(*_measures(words.box)).text_frame, words)


def add_number(page: Page) -> None:
    """Add the number of the slide, which follows when a teacher moves it."""
    from pptx.enum.text import PP_ALIGN
    from pptx.oxml import parse_xml

    frame = page.shapes.add_textbox(*_measures(NUMBER_BOX)).text_frame
    _set(frame, Words(NUMBER_BOX, (Paragraph("", muted=True),), STRIP.size))
    paragraph = frame.paragraphs[0]
    paragraph.alignment = PP_ALIGN.RIGHT
    paragraph._p.append(parse_xml(_FIELD))


def add_missing(page: Page, missing: Missing) -> None:
    """Add a grey place with the reason in it."""
    from pptx.enum.shapes import MSO_SHAPE

    shape = page.shapes.add_shape(MSO_SHAPE.RECTANGLE, *_measures(missing.box))
    shape.fill.solid()
    shape.fill.fore_color.rgb = colour(DARK.grid)
    shape.line.fill.background()
    shape.shadow.inherit = False
    add_words(page, missing.words)


def add_outline(page: Page, outline: Outline) -> None:
    """Add a region as a shape that a teacher can change."""
    from pptx.enum.shapes import MSO_SHAPE
    from pptx.util import Inches, Pt

    box, region = outline.box, outline.region
    corners = [(Inches(box.left + x * box.width), Inches(box.top + y * box.height)) for x, y in region.points]
    shape: Any
    if region.shape == "polygon":
        builder = page.shapes.build_freeform(*corners[0])
        builder.add_line_segments(corners[1:], close=True)
        shape = builder.convert_to_shape()
    else:
        kind = MSO_SHAPE.OVAL if region.shape == "ellipse" else MSO_SHAPE.RECTANGLE
        (left, right), (top, bottom) = (sorted(values) for values in zip(*corners, strict=True))
        shape = page.shapes.add_shape(kind, left, top, right - left, bottom - top)
    shape.fill.background()
    shape.line.color.rgb = colour(REGION_COLOUR)
    shape.line.width = Pt(_LINE)
    shape.shadow.inherit = False


def _set(frame: Any, words: Words) -> None:
    """Set text of a size that was chosen to fit."""
    from pptx.enum.text import MSO_ANCHOR, MSO_AUTO_SIZE, PP_ALIGN
    from pptx.util import Inches, Pt

    frame.word_wrap = True
    frame.auto_size = MSO_AUTO_SIZE.NONE
    frame.vertical_anchor = MSO_ANCHOR.TOP
    frame.margin_left = frame.margin_right = frame.margin_top = frame.margin_bottom = 0
    for place, told in enumerate(words.paragraphs):
        paragraph = frame.paragraphs[0] if place == 0 else frame.add_paragraph()
        paragraph.alignment = PP_ALIGN.LEFT
        paragraph.space_before = Pt(0)
        paragraph.space_after = Pt(words.size * SPACE)
        if told.bullet:
            _add_bullet(paragraph, Inches(indent(told, words.size)))
        run = paragraph.add_run()
        run.text = told.text
        run.font.size, run.font.bold = Pt(words.size), told.bold
        tint = DARK.muted if told.muted else DARK.ink
        run.font.color.rgb = colour(tint)


def _add_bullet(paragraph: Any, distance: int) -> None:
    from pptx.oxml import parse_xml

    look = paragraph._p.get_or_add_pPr()
    look.set("marL", str(distance))
    look.set("indent", str(-distance))
    look.append(parse_xml(_BULLET))


def _measures(box: Box) -> tuple[Length, Length, Length, Length]:
    from pptx.util import Inches

    return Inches(box.left), Inches(box.top), Inches(box.width), Inches(box.height)


def colour(value: str) -> Any:
    """Return a colour given as ``#rrggbb``."""
    from pptx.dml.color import RGBColor

    return RGBColor(*bytes.fromhex(value[1:]))  # type: ignore[no-untyped-call]
