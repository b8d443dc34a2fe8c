"""Regions of the case in hand over its radiograph, and the actions that draw them."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, cast

from PySide6.QtCore import QObject, Slot

from core.teaching.lesson import Region, Shape
from deeppneumo_gui.actions import ActionId
from deeppneumo_gui.teaching.document import LessonDocument
from deeppneumo_gui.teaching.drawing import RegionLayer
from deeppneumo_gui.teaching.lesson_actions import TOOLS
from deeppneumo_gui.teaching.lesson_cursor import LessonCursor

if TYPE_CHECKING:
    from deeppneumo_gui.window import MainWindow


class LessonRegions(QObject):
    """Shows regions while the lesson is seen, and keeps what the hand makes of them."""

    def __init__(self, window: MainWindow, document: LessonDocument, cursor: LessonCursor) -> None:
        super().__init__(window)
        self._document = document
        self._cursor = cursor
        self._actions = window.actions_by_id
        self._seen = False
        self.layer = RegionLayer(window.view)
        self.layer.edited.connect(self._on_edited)
        self.layer.tool_changed.connect(self._on_tool_changed)
        self.layer.chosen_changed.connect(self._on_chosen_changed)
        self._view = window.view
        for shape, name in TOOLS.items():
            self._actions[name].triggered.connect(partial(self._on_tool_wanted, shape))
        self._actions[ActionId.REMOVE_REGION].triggered.connect(self.layer.remove_chosen)
        self._actions[ActionId.REMOVE_REGION].setEnabled(False)
        cursor.moved.connect(self.refresh)

    @property
    def offered(self) -> bool:
        """Whether something can be drawn now."""
        return self._seen and self._cursor.on_screen and self._cursor.item is not None

    @Slot(bool)
    def set_seen(self, seen: bool) -> None:
        """Show regions, or none where the lesson is put away: the radiograph is read without."""
        self._seen = seen
        self.refresh()

    @Slot()
    def refresh(self) -> None:
        """Show the regions of the case in hand."""
        item = self._cursor.item
        self.layer.show_regions(item.regions if item is not None and self.offered else None)

    def _on_tool_wanted(self, shape: str) -> None:
        wanted = self._actions[TOOLS[shape]].isChecked()
        self.layer.take_tool(cast(Shape, shape) if wanted else None)
        if wanted:
            # So that Escape and Enter are the drawing's.
            self._view.setFocus()

    @Slot(object)
    def _on_tool_changed(self, tool: Shape | None) -> None:
        for shape, name in TOOLS.items():
            self._actions[name].setChecked(shape == tool)

    @Slot(bool)
    def _on_chosen_changed(self, chosen: bool) -> None:
        self._actions[ActionId.REMOVE_REGION].setEnabled(chosen)

    @Slot(object, str)
    def _on_edited(self, regions: tuple[Region, ...], words: str) -> None:
        item = self._cursor.item
        if item is not None and self.offered:
            self._document.edit_item(self._cursor.place, replace(item, regions=regions), words)
