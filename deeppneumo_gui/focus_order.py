"""Where Tab goes next, and what a click leaves the focus to."""

from __future__ import annotations

import itertools
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QAbstractButton, QAbstractSlider, QComboBox, QWidget

from deeppneumo_gui.panels.message_bar import MessageBar

if TYPE_CHECKING:
    from deeppneumo_gui.window import MainWindow


def order_focus(window: MainWindow) -> None:
    """Let Tab go from left to right and from top to bottom; to be called again when a message bar joins."""
    centre = window.centralWidget()
    column = None if centre is None else centre.layout()
    assert centre is not None
    assert column is not None
    bars = sorted(centre.findChildren(MessageBar), key=column.indexOf)
    beside = (
        *window.worklist.controls,
        *window.worklist.progress.buttons,
        *(button for bar in bars for button in bar.buttons),
        *window.result.controls,
        *window.heatmap.controls,
    )
    for widget in beside:
        if isinstance(widget, QAbstractButton | QAbstractSlider | QComboBox):
            # A click leaves the focus on the image: the next arrow key is to lead to the next image.
            widget.setFocusPolicy(Qt.FocusPolicy.TabFocus)
    widgets = (
        *window.worklist.controls,
        *window.worklist.progress.buttons,
        *(button for bar in bars for button in bar.buttons),
        *window.invitation.buttons,
        *window.board.panes,
        window.frames.slider,
        window.frames.number,
        *window.judging.controls,
        *window.result.controls,
        *window.heatmap.controls,
        *window.lessons.panel.controls,
        *window.measures.controls,
    )
    # A panel that floats is a window with an order of its own.
    for root in {widget.window() for widget in widgets}:
        for before, after in itertools.pairwise(widget for widget in widgets if widget.window() is root):
            QWidget.setTabOrder(before, after)
