"""A page in Markdown with pictures, in the colours of the window."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Final

from PySide6.QtCore import QEvent, QSize, Qt, QUrl
from PySide6.QtGui import (
    QBrush,
    QFont,
    QFontInfo,
    QImage,
    QPalette,
    QTextBlockFormat,
    QTextCharFormat,
    QTextCursor,
    QTextDocument,
    QTextFormat,
    QTextFrameFormat,
    QTextTable,
)
from PySide6.QtWidgets import QTextBrowser, QWidget

PICTURE_WIDTH: Final = 560
PICTURE_HEIGHT: Final = 430
"""Pixels on the screen at most; a picture is never enlarged."""

_PADDING: Final = 5
_ROOM: Final = 7
_HEADING_ROOM: Final = 18
_HEADINGS: Final = {1: 1.55, 2: 1.25, 3: 1.08}
_PICTURE: Final = re.compile(r"[\w-]+/[\w-]+\.png")
_OBJECT: Final = "\N{OBJECT REPLACEMENT CHARACTER}"
_MIDDLE: Final = 128


class CardBrowser(QTextBrowser):
    """Shows a Markdown file; its pictures come from the folder beside it, dark ones on a dark window.

    Parameters
    ----------
    path : Path
        ``NAME.png`` in the text stands for ``NAME-dark.png`` where the window is dark and that file is there.
    """

    _shown_dark: bool | None = None  # Qt may tell of its palette before the page is there

    def __init__(self, path: Path, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._path = path
        self._text = path.read_text(encoding="utf-8")
        self._show()

    def loadResource(self, kind: int, name: QUrl | str) -> object:  # noqa: N802  (Qt's name)
        """Load a picture of the page; nothing else, wherever the text may point."""
        address = QUrl(name).toString()
        if kind != QTextDocument.ResourceType.ImageResource.value or not _PICTURE.fullmatch(address):
            return None
        light = self._path.parent / address
        dark = light.with_stem(f"{light.stem}-dark")
        image = QImage(str(dark if self._is_dark() and dark.is_file() else light))
        if image.isNull():
            return None
        ratio = self.devicePixelRatioF()
        room = QSize(round(PICTURE_WIDTH * ratio), round(PICTURE_HEIGHT * ratio)).boundedTo(image.size())
        modes = Qt.AspectRatioMode.KeepAspectRatio, Qt.TransformationMode.SmoothTransformation
        image = image.scaled(room, *modes)
        image.setDevicePixelRatio(ratio)
        return image

    def changeEvent(self, event: QEvent) -> None:  # noqa: N802  (Qt's name)
        """Change the colours with the window's."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange and self._shown_dark is (not self._is_dark()):
            place = self.verticalScrollBar().value()
            self._show()
            self.verticalScrollBar().setValue(place)

    def _is_dark(self) -> bool:
        return self.palette().color(QPalette.ColorRole.Base).lightness() < _MIDDLE

    def _show(self) -> None:
        self._shown_dark = self._is_dark()
        document = self.document()
        document.clear()  # pictures of the other colours too
        document.setMarkdown(self._text, QTextDocument.MarkdownFeature.MarkdownDialectGitHub)
        self._dress_text()
        for frame in document.rootFrame().childFrames():
            if isinstance(frame, QTextTable):
                self._dress_table(frame)
        self.moveCursor(QTextCursor.MoveOperation.Start)

    def _dress_text(self) -> None:
        """Give headings and paragraphs room; Qt's own headings are larger than a dialog bears."""
        size = QFontInfo(self.font()).pixelSize()
        block = self.document().begin()
        while block.isValid():
            cursor = QTextCursor(block)
            shape = QTextBlockFormat()
            level = block.blockFormat().headingLevel()
            if level:
                cursor.movePosition(QTextCursor.MoveOperation.EndOfBlock, QTextCursor.MoveMode.KeepAnchor)
                letters = QTextCharFormat()
                letters.setProperty(
                    QTextFormat.Property.FontPixelSize, round(size * _HEADINGS.get(level, 1.0))
                )
                letters.setFontWeight(QFont.Weight.DemiBold)
                cursor.mergeCharFormat(letters)
                shape.setTopMargin(_HEADING_ROOM)
                shape.setBottomMargin(_ROOM)
            elif cursor.currentTable() is None:
                shape.setTopMargin(_HEADING_ROOM if block.text() == _OBJECT else 0)
                shape.setBottomMargin(_ROOM)
            cursor.mergeBlockFormat(shape)
            block = block.next()

    def _dress_table(self, table: QTextTable) -> None:
        line = self.palette().color(QPalette.ColorRole.Mid)
        shape = table.format()
        shape.setBorder(0)
        shape.setBorderCollapse(True)
        shape.setCellPadding(_PADDING)
        shape.setCellSpacing(0)
        shape.setBottomMargin(_HEADING_ROOM / 2)
        table.setFormat(shape)
        for row in range(table.rows()):
            for column in range(table.columns()):
                cell = table.cellAt(row, column)
                look = cell.format().toTableCellFormat()
                look.setBottomBorder(1)
                look.setBottomBorderBrush(QBrush(line))
                look.setBottomBorderStyle(QTextFrameFormat.BorderStyle.BorderStyle_Solid)
                cell.setFormat(look)
