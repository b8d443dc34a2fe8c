"""The empty window: an invitation."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import Qt
from PySide6.QtGui import QAction, QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QFrame, QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from deeppneumo_gui.icons import app_pixmap
from deeppneumo_gui.panels.widgets import label, named, roomy

_NARROW: Final = 560


class Invitation(QWidget):
    """What to do with an empty window: drop, open, or try the samples."""

    def __init__(self, open_files: QAction, open_folder: QAction, open_samples: QAction) -> None:
        super().__init__()
        self.setObjectName("invitation")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._frame = named(QFrame(), "invitationFrame")
        self._column = column = QVBoxLayout(self._frame)
        column.setSpacing(10)
        picture = QLabel(pixmap=app_pixmap(72, self.devicePixelRatioF()))
        picture.setMinimumHeight(72)
        title = label("Drop chest radiographs here", "invitationTitle", wrap=True)
        detail = label("Files or folders: JPEG, PNG, TIFF, BMP, WebP, DICOM.", "detail", wrap=True)
        privacy = label("They stay on this computer.", "detail", wrap=True)
        for widget in (picture, title, detail, privacy):
            if isinstance(widget, QLabel):
                widget.setAlignment(Qt.AlignmentFlag.AlignCenter)
            column.addWidget(widget)
        column.addSpacing(14)
        self._row = row = QBoxLayout(QBoxLayout.Direction.LeftToRight)
        row.setSpacing(8)
        row.addStretch(1)
        self.primary = _button(open_files, "Open files...", "primary")
        self.buttons = (
            self.primary,
            _button(open_folder, "Open folder...", ""),
            _button(open_samples, "Try the samples", ""),
        )
        for button in self.buttons:
            row.addWidget(button)
        row.addStretch(1)
        column.addLayout(row)
        self._outer = outer = QVBoxLayout(self)
        outer.addStretch(1)
        self._centre = centre = QHBoxLayout()
        centre.addStretch(1)
        centre.addWidget(self._frame, 6)
        centre.addStretch(1)
        outer.addLayout(centre)
        outer.addStretch(1)

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802
        """Put the buttons below each other where they would not fit beside each other."""
        super().resizeEvent(event)
        direction = QBoxLayout.Direction
        narrow = self.width() < _NARROW
        self._row.setDirection(direction.TopToBottom if narrow else direction.LeftToRight)
        self._column.setContentsMargins(*((16, 16, 16, 16) if narrow else (32, 40, 32, 40)))
        self._outer.setContentsMargins(*((12, 12, 12, 12) if narrow else (28, 28, 28, 28)))
        for margin in (0, 2):
            self._centre.setStretch(margin, 0 if narrow else 1)

    def set_dragging(self, dragging: bool) -> None:
        """Answer to files held over the window."""
        self._frame.setProperty("dragging", dragging)
        self._frame.style().unpolish(self._frame)
        self._frame.style().polish(self._frame)


def _button(action: QAction, text: str, name: str) -> QPushButton:
    button = roomy(named(QPushButton(text), name))
    button.setCursor(Qt.CursorShape.PointingHandCursor)
    button.setEnabled(action.isEnabled())
    button.setToolTip(action.toolTip())
    button.clicked.connect(action.trigger)
    action.enabledChanged.connect(button.setEnabled)
    return button
