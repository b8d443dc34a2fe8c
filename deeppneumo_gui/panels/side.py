"""The right-hand side: result above, heatmap below, the model's name at the foot."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QEvent, QObject, QSize, Qt
from PySide6.QtWidgets import QFrame, QScrollArea, QVBoxLayout, QWidget

from core.engine.card import Card
from deeppneumo_gui.panels.heatmap import HeatmapPanel
from deeppneumo_gui.panels.result import ResultPanel
from deeppneumo_gui.panels.widgets import label, rule

_NARROWEST: Final = 280
_LOADING: Final = "Loading the model..."


class _Area(QScrollArea):
    """Scrolls downwards only, so that it is never narrower than what lies in it."""

    def __init__(self, content: QWidget) -> None:
        super().__init__()
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._content = content
        self.setWidget(content)

    def minimumSizeHint(self) -> QSize:  # noqa: N802
        """Return the width that the content needs, which hangs on the system's font, beside the scroll bar."""
        needed = self._content.minimumSizeHint().width() + self.verticalScrollBar().sizeHint().width()
        return QSize(max(_NARROWEST, needed), super().minimumSizeHint().height())

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802
        """Pass on that the content needs another width."""
        if event.type() == QEvent.Type.LayoutRequest and watched is self._content:
            self.updateGeometry()
        return super().eventFilter(watched, event)


class SidePanel(QWidget):
    """Scrolls in a small window; the model's name stays in sight."""

    def __init__(self, result: ResultPanel, heatmap: HeatmapPanel) -> None:
        super().__init__()
        self.setObjectName("panel")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        content = QWidget()
        inner = QVBoxLayout(content)
        inner.setContentsMargins(0, 0, 0, 0)
        inner.setSpacing(0)
        inner.addWidget(result)
        self._below = (rule(), heatmap)
        for widget in self._below:
            inner.addWidget(widget)
        inner.addStretch(1)
        area = _Area(content)
        self.model = label(_LOADING, "caption", wrap=True)
        self.model.setContentsMargins(16, 10, 16, 10)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(area, 1)
        column.addWidget(rule())
        column.addWidget(self.model)

    def show_heatmap_controls(self, shown: bool) -> None:
        """Leave the heatmap's controls out while there is nothing to explain."""
        for widget in self._below:
            widget.setVisible(shown)

    def show_loading(self) -> None:
        """Say that a model is under way."""
        self.model.setText(_LOADING)

    def show_model(self, card: Card) -> None:
        """Name the model."""
        self.model.setText(f"Model: {card.title}, {card.date}")

    def show_failure(self) -> None:
        """Say that there is no model."""
        self.model.setText("No model is loaded.")

    def sizeHint(self) -> QSize:  # noqa: N802
        """Return a width at which no line of the panel is crowded."""
        return QSize(320, 600)
