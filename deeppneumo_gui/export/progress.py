"""How far an export is, once it takes long enough for anyone to wonder."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import Qt, QTimer, Slot
from PySide6.QtWidgets import QHBoxLayout, QProgressBar, QPushButton, QWidget

from deeppneumo_gui.export.background import Background
from deeppneumo_gui.panels.widgets import label

SHOW_AFTER_MS: Final = 600


class ExportProgress(QWidget):
    """A bar above the image with a button to cancel; the window stays free."""

    def __init__(self, background: Background) -> None:
        super().__init__()
        self.setObjectName("messageBar")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._background = background
        self._what = ""
        self.words = label("")
        self.bar = QProgressBar(textVisible=False)
        self.bar.setAccessibleName("Export")
        self.cancel = QPushButton("Cancel export")
        self.cancel.setToolTip("Stop writing; what has been written stays")
        self.cancel.clicked.connect(self._on_cancel)
        row = QHBoxLayout(self)
        row.setContentsMargins(16, 6, 8, 6)
        row.setSpacing(12)
        row.addWidget(self.words)
        row.addWidget(self.bar, 1)
        row.addWidget(self.cancel)
        self.delay = QTimer(self)
        self.delay.setSingleShot(True)
        self.delay.setInterval(SHOW_AFTER_MS)
        self.delay.timeout.connect(self.show)
        background.progressed.connect(self._on_progressed)
        background.ended.connect(self._on_ended)
        self.hide()

    def begin(self, what: str) -> None:
        """Start to wait; the bar appears only if the work takes long."""
        self._what = what
        self.words.setText(what)
        self.bar.setRange(0, 0)
        self.cancel.setEnabled(True)
        self.delay.start()

    @Slot(int, int)
    def _on_progressed(self, done: int, total: int) -> None:
        self.bar.setRange(0, total)
        self.bar.setValue(done)
        self.words.setText(f"{self._what}: {done:,} of {total:,}")

    @Slot()
    def _on_cancel(self) -> None:
        self.cancel.setEnabled(False)
        self._background.cancel()

    @Slot(str)
    def _on_ended(self, sentence: str) -> None:
        self.delay.stop()
        self.hide()
