"""The empty window: an invitation."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from deeppneumo_gui.icons import app_pixmap
from deeppneumo_gui.panels.widgets import label, named


class Invitation(QWidget):
    """What to do with an empty window: drop, open, or try the samples."""

    def __init__(self, open_files: QAction, open_folder: QAction, open_samples: QAction) -> None:
        super().__init__()
        self.setObjectName("invitation")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._frame = named(QFrame(), "invitationFrame")
        column = QVBoxLayout(self._frame)
        column.setContentsMargins(32, 40, 32, 40)
        column.setSpacing(10)
        picture = QLabel(pixmap=app_pixmap(72, self.devicePixelRatioF()))
        title = label("Drop chest radiographs here", "invitationTitle")
        detail = label("Files or folders: JPEG, PNG, TIFF, BMP, WebP, DICOM.", "detail", wrap=True)
        privacy = label("They stay on this computer.", "detail", wrap=True)
        for widget in (picture, title, detail, privacy):
            if isinstance(widget, QLabel):
                widget.setAlignment(Qt.AlignmentFlag.AlignCenter)
            column.addWidget(widget)
        column.addSpacing(14)
        row = QHBoxLayout()
        row.setSpacing(8)
        row.addStretch(1)
        self.primary = _button(open_files, "Open files...", "primary")
        row.addWidget(self.primary)
        row.addWidget(_button(open_folder, "Open folder...", ""))
        row.addWidget(_button(open_samples, "Try the samples", ""))
        row.addStretch(1)
        column.addLayout(row)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(28, 28, 28, 28)
        outer.addStretch(1)
        centre = QHBoxLayout()
        centre.addStretch(1)
        centre.addWidget(self._frame, 6)
        centre.addStretch(1)
        outer.addLayout(centre)
        outer.addStretch(1)

    def set_dragging(self, dragging: bool) -> None:
        """Answer to files held over the window."""
        self._frame.setProperty("dragging", dragging)
        self._frame.style().unpolish(self._frame)
        self._frame.style().polish(self._frame)


def _button(action: QAction, text: str, name: str) -> QPushButton:
    button = named(QPushButton(text), name)
    button.setCursor(Qt.CursorShape.PointingHandCursor)
    button.setEnabled(action.isEnabled())
    button.setToolTip(action.toolTip())
    button.clicked.connect(action.trigger)
    action.enabledChanged.connect(button.setEnabled)
    return button
