"""A word about a run that broke off, above the canvas and in nobody's way."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Slot
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QVBoxLayout

from deeppneumo_gui.focus_order import order_focus
from deeppneumo_gui.panels.message_bar import MessageBar
from deeppneumo_gui.panels.widgets import named

if TYPE_CHECKING:
    from deeppneumo_gui.window import MainWindow


class CrashNotice(MessageBar):
    """Offers the details of the crash until it is closed."""

    def __init__(self, report: str) -> None:
        super().__init__()
        self._report = report
        self.copy = named(QPushButton("Copy details"), "quiet")
        self.copy.setToolTip("Copy what is known about it; names no files and no patients")
        self.copy.clicked.connect(self._on_copy)
        row = self.layout()
        assert isinstance(row, QHBoxLayout)
        row.insertWidget(1, self.copy)

    @Slot()
    def _on_copy(self) -> None:
        QGuiApplication.clipboard().setText(self._report)
        self.copy.setText("Copied")


def tell_of_crash(window: MainWindow, report: str) -> CrashNotice:
    """Put the notice above everything else in the middle of a window."""
    centre = window.centralWidget()
    column = None if centre is None else centre.layout()
    assert isinstance(column, QVBoxLayout)
    notice = CrashNotice(report)
    column.insertWidget(0, notice)
    order_focus(window)
    notice.say("DeepPneumo did not end properly last time. Your files are unchanged.")
    return notice
