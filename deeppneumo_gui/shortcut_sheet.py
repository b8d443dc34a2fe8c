"""The sheet of all keys, made from the actions themselves, and of what the mouse does."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence
from PySide6.QtWidgets import QDialog, QDialogButtonBox, QGridLayout, QScrollArea, QVBoxLayout, QWidget

from deeppneumo_gui.actions import SPECS
from deeppneumo_gui.canvas.view import RadiographView, gestures
from deeppneumo_gui.menus import MENUS, flat
from deeppneumo_gui.panels.widgets import heading, label, named

_COLUMNS: Final = 2
Section = tuple[str, list[tuple[str, str]]]


def sections(wheel_steps: bool = False) -> list[Section]:
    """Return title and (what, keys) of every section: the mouse, then the menus in their order."""
    result: list[Section] = [("Mouse on the image", [(what, how) for how, what in gestures(wheel_steps)])]
    for title, names in MENUS.items():
        rows = [
            (SPECS[name].text.replace("&", "").rstrip("."), keys_text(SPECS[name].keys))
            for name in flat(names)
            if SPECS[name].keys
        ]
        if rows:
            result.append((title.replace("&", ""), rows))
    return result


def keys_text(keys: tuple[str, ...]) -> str:
    """Return keys as the system writes them."""
    native = QKeySequence.SequenceFormat.NativeText
    return "  or  ".join(QKeySequence(key).toString(native) for key in keys)


def show_shortcuts(parent: QWidget) -> None:
    """Show the sheet beside the window, which goes on working."""
    sheet = parent.findChild(ShortcutSheet)
    if sheet is None:
        view = parent.findChild(RadiographView)
        sheet = ShortcutSheet(parent, sections(view is not None and view.wheel_steps))
    sheet.show()
    sheet.activateWindow()


class ShortcutSheet(QDialog):
    """All keys on one page."""

    def __init__(self, parent: QWidget, content: list[Section]) -> None:
        super().__init__(parent)
        # Made anew each time, for the settings may have changed what the wheel does.
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle("Keys and mouse")
        page = QWidget()
        grid = QGridLayout(page)
        grid.setContentsMargins(20, 16, 20, 16)
        grid.setHorizontalSpacing(36)
        columns: list[QVBoxLayout] = []
        for number in range(_COLUMNS):
            column = QVBoxLayout()
            column.setSpacing(18)
            grid.addLayout(column, 0, number)
            columns.append(column)
        heights = [0] * _COLUMNS
        for title, rows in content:
            shortest = heights.index(min(heights))
            heights[shortest] += len(rows) + 2
            columns[shortest].addLayout(_section(title, rows))
        for column in columns:
            column.addStretch(1)
        scroll = named(QScrollArea(), "sheet")
        scroll.setFrameShape(QScrollArea.Shape.NoFrame)
        scroll.setWidgetResizable(True)
        scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        scroll.setWidget(page)
        scroll.setMinimumWidth(page.minimumSizeHint().width() + 24)
        scroll.setAccessibleName("Keys and mouse")
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close)
        buttons.rejected.connect(self.reject)
        outer = QVBoxLayout(self)
        outer.addWidget(scroll, 1)
        outer.addWidget(buttons)
        height = page.sizeHint().height() + buttons.sizeHint().height() + 88
        self.resize(scroll.minimumWidth() + 24, min(height, max(parent.height(), 420)))


def _section(title: str, rows: list[tuple[str, str]]) -> QGridLayout:
    grid = QGridLayout()
    grid.setHorizontalSpacing(24)
    grid.setVerticalSpacing(5)
    grid.setColumnStretch(0, 1)
    grid.setColumnMinimumWidth(1, 150)
    grid.addWidget(heading(title), 0, 0, 1, 2)
    for row, (what, keys) in enumerate(rows, 1):
        grid.addWidget(label(what), row, 0)
        grid.addWidget(label(keys, "detail"), row, 1)
    return grid
