"""The list of a lesson's cases: a thumbnail, the truth, what is asked; dragged into another order."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QModelIndex, QObject, QPersistentModelIndex, QPoint, QRect, QSize, Qt, Signal
from PySide6.QtGui import QColor, QFontMetrics, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import (
    QAbstractItemView,
    QApplication,
    QListView,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
)

from deeppneumo_gui.teaching.lesson_rows import ROW, LessonRows, Row
from deeppneumo_gui.theme import CANVAS, colours, numerals
from deeppneumo_gui.worklist.delegate import fitted_name

_PADDING: Final = 10
_PICTURE: Final = 40
_GAP: Final = 10
_NUMBER: Final = 22
_EDGE: Final = 24
"""So near to its upper or lower edge a drag scrolls the list."""
_Align = Qt.AlignmentFlag


class LessonList(QListView):
    """Rows that the mouse moves up and down."""

    moved = Signal(int, int)
    """From which place to which one, as after the move."""
    removal_wanted = Signal()

    def __init__(self, rows: LessonRows) -> None:
        super().__init__()
        self.setModel(rows)
        self.setItemDelegate(_RowDelegate(self))
        self.setUniformItemSizes(True)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.setMouseTracking(True)
        self.setAccessibleName("Cases of the lesson")
        self._held: int | None = None
        self._pressed = QPoint()
        self._gap: int | None = None

    @property
    def places(self) -> list[int]:
        """The selected places, in order."""
        return sorted(index.row() for index in self.selectedIndexes())

    def mousePressEvent(self, event: QMouseEvent) -> None:  # noqa: N802
        """Take hold of a row."""
        super().mousePressEvent(event)
        index = self.indexAt(event.position().toPoint())
        plain = event.modifiers() == Qt.KeyboardModifier.NoModifier
        if event.button() == Qt.MouseButton.LeftButton and plain and index.isValid():
            self._held, self._pressed = index.row(), event.position().toPoint()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:  # noqa: N802
        """Show where the row that is held would come to lie."""
        if self._held is None or not event.buttons() & Qt.MouseButton.LeftButton:
            super().mouseMoveEvent(event)
            return
        at = event.position().toPoint()
        if self._gap is None and (at - self._pressed).manhattanLength() < QApplication.startDragDistance():
            return
        bar = self.verticalScrollBar()
        if at.y() < _EDGE or at.y() > self.viewport().height() - _EDGE:
            bar.setValue(bar.value() + (bar.singleStep() if at.y() > _EDGE else -bar.singleStep()))
        self._gap = self._gap_at(at)
        self.viewport().update()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:  # noqa: N802
        """Let the row go where it is shown to come to lie."""
        super().mouseReleaseEvent(event)
        held, gap = self._held, self._gap
        self._let_go()
        if held is not None and gap is not None:
            to = gap if gap <= held else gap - 1
            if to != held:
                self.moved.emit(held, to)

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802
        """Remove with Delete, break a drag off with Escape."""
        if event.key() == Qt.Key.Key_Escape and self._gap is not None:
            self._let_go()
        elif event.key() == Qt.Key.Key_Delete:
            self.removal_wanted.emit()
        else:
            super().keyPressEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802
        """Draw the rows, and the line where a held one would come to lie."""
        super().paintEvent(event)
        if self._gap is None:
            return
        painter = QPainter(self.viewport())
        painter.setPen(QPen(QColor(colours().accent), 3))
        painter.drawLine(4, self._line_of(self._gap), self.viewport().width() - 4, self._line_of(self._gap))

    def sizeHint(self) -> QSize:  # noqa: N802
        """Return a height of a few rows."""
        return QSize(280, 220)

    def _gap_at(self, at: QPoint) -> int:
        """Return before which row a place lies, by the middle of the rows."""
        count = self.model().rowCount()
        for row in range(count):
            if at.y() < self.visualRect(self.model().index(row, 0)).center().y():
                return row
        return count

    def _line_of(self, gap: int) -> int:
        count = self.model().rowCount()
        if gap < count:
            return max(self.visualRect(self.model().index(gap, 0)).top(), 1)
        return self.visualRect(self.model().index(count - 1, 0)).bottom()

    def _let_go(self) -> None:
        self._held = self._gap = None
        self.viewport().update()


class _RowDelegate(QStyledItemDelegate):
    """Number and thumbnail; then name and truth, and below what is asked and how much is told."""

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)

    def sizeHint(  # noqa: N802
        self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> QSize:
        """Return the size of a row, the same for all."""
        lines = 2 * QFontMetrics(option.font).height() + 4
        return QSize(200, max(_PICTURE, lines) + 12)

    def paint(
        self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        """Draw an item."""
        row = index.data(ROW)
        if not isinstance(row, Row):
            return
        painter.save()
        painter.setRenderHints(QPainter.RenderHint.Antialiasing | QPainter.RenderHint.SmoothPixmapTransform)
        theme = colours()
        if option.state & QStyle.StateFlag.State_Selected:
            painter.fillRect(option.rect, QColor(theme.selection))
        elif option.state & QStyle.StateFlag.State_MouseOver:
            painter.fillRect(option.rect, QColor(theme.hover))
        inner = option.rect.adjusted(_PADDING, 6, -_PADDING, -6)
        painter.setFont(numerals(option.font))
        painter.setPen(QColor(theme.muted))
        number = QRect(inner.left(), inner.top(), _NUMBER, inner.height())
        painter.drawText(number, int(_Align.AlignRight | _Align.AlignVCenter), str(row.number))
        picture = QRect(number.right() + _GAP, inner.center().y() - _PICTURE // 2, _PICTURE, _PICTURE)
        _draw_picture(painter, picture, row)
        _draw_words(painter, inner.adjusted(picture.right() + _GAP - inner.left(), 0, 0, 0), option, row)
        painter.restore()


def _draw_picture(painter: QPainter, box: QRect, row: Row) -> None:
    painter.fillRect(box, QColor(CANVAS))
    if row.picture is not None and not row.picture.isNull():
        size = row.picture.size().scaled(box.size(), Qt.AspectRatioMode.KeepAspectRatio)
        target = QRect(QPoint(0, 0), size)
        target.moveCenter(box.center())
        painter.drawImage(target, row.picture)


def _draw_words(painter: QPainter, box: QRect, option: QStyleOptionViewItem, row: Row) -> None:
    theme, small = colours(), numerals(option.font, scale=0.9)
    line = QFontMetrics(option.font).height()
    top = box.center().y() - line - 1
    first, second = (
        QRect(box.left(), top, box.width(), line),
        QRect(box.left(), top + line + 4, box.width(), line),
    )
    painter.setFont(small)
    painter.setPen(QColor(theme.text))
    truth = row.item.truth.word
    painter.drawText(first, int(_Align.AlignRight | _Align.AlignVCenter), truth)
    first.setWidth(first.width() - QFontMetrics(small).horizontalAdvance(truth) - _GAP)
    painter.setPen(QColor(theme.muted))
    painter.drawText(second, int(_Align.AlignRight | _Align.AlignVCenter), row.extras)
    taken = QFontMetrics(small).horizontalAdvance(row.extras) + (_GAP if row.extras else 0)
    second.setWidth(second.width() - taken)
    painter.setPen(QColor(theme.muted if row.here else theme.notice))
    left = int(_Align.AlignLeft | _Align.AlignVCenter)
    words = QFontMetrics(small).elidedText(row.second_line, Qt.TextElideMode.ElideRight, second.width())
    painter.drawText(second, left, words)
    painter.setFont(option.font)
    painter.setPen(QColor(theme.text))
    painter.drawText(first, left, fitted_name(row.name, QFontMetrics(option.font), first.width()))
