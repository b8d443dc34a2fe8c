"""The list of cases as a widget."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent
from PySide6.QtWidgets import QAbstractItemView, QListView

from deeppneumo_gui.theme import colours
from deeppneumo_gui.worklist.model import Index
from deeppneumo_gui.worklist.proxy import WorklistProxy

NOTHING_PASSES: Final = "No case passes the filters."


class _View(QListView):
    """A list whose rows all have the same height, and that says why it is empty."""

    def dataChanged(self, top_left: Index, bottom_right: Index, roles: Sequence[int] = ()) -> None:  # noqa: N802
        """Paint anew; Qt's own list would arrange all rows again for each that has changed."""
        QAbstractItemView.dataChanged(self, top_left, bottom_right, roles)

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802
        """Draw the rows, or a sentence instead of none."""
        super().paintEvent(event)
        proxy = self.model()
        assert isinstance(proxy, WorklistProxy)
        if proxy.rowCount() == 0 and not proxy.filter.is_empty:
            painter = QPainter(self.viewport())
            painter.setPen(QColor(colours().muted))
            box = self.viewport().rect().adjusted(16, 24, -16, -24)
            flags = int(Qt.AlignmentFlag.AlignHCenter | Qt.AlignmentFlag.AlignTop) | int(
                Qt.TextFlag.TextWordWrap
            )
            painter.drawText(box, flags, NOTHING_PASSES)


def create_view(proxy: WorklistProxy) -> QListView:
    """Return the list of a proxy's rows."""
    view = _View()
    view.setModel(proxy)
    # Every row has the same height, so thousands of them need not be measured.
    view.setUniformItemSizes(True)
    view.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
    view.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
    view.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
    view.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
    view.setMouseTracking(True)
    view.setAccessibleName("Worklist")
    return view
