"""The model's waking as soon as a hand comes near the window: before the click, not with it."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QEvent, QObject, QTimer, Slot
from PySide6.QtGui import QWindow
from PySide6.QtWidgets import QWidget

from deeppneumo_gui.session import ViewerSession

PAUSE_MS: Final = 1000
"""So long a hand is not looked for again where there was nothing to score: asking for that takes time."""
_SIGNS: Final = frozenset(
    {
        QEvent.Type.MouseMove,
        QEvent.Type.MouseButtonPress,
        QEvent.Type.Wheel,
        QEvent.Type.KeyPress,
        QEvent.Type.Enter,
        QEvent.Type.FocusIn,
        QEvent.Type.DragEnter,
        QEvent.Type.TouchBegin,
    }
)


class Stirring(QObject):
    """Looks for signs of a hand while the model rests, and only then: every event would have to pass here."""

    def __init__(self, window: QWidget, session: ViewerSession) -> None:
        super().__init__(window)
        self._window = window
        self._session = session
        self._watched: QWindow | None = None
        self._pause = QTimer(self, singleShot=True, interval=PAUSE_MS)
        self._pause.timeout.connect(self._on_rested)
        session.model_rested.connect(self._on_rested)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802
        """Take note of a hand, and leave the event to whom it belongs."""
        if event.type() in _SIGNS:
            self._ignore()
            if self._session.awaits_scoring:
                self._session.stir()
            else:
                self._pause.start()
        return False

    @Slot()
    def _on_rested(self) -> None:
        self._ignore()
        self._watched = self._window.windowHandle()
        if self._watched is not None:
            self._watched.installEventFilter(self)

    def _ignore(self) -> None:
        if self._watched is not None:
            self._watched.removeEventFilter(self)
        self._watched = None
