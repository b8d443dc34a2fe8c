"""Drawing regions on the radiograph by hand."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from PySide6.QtCore import QEvent, QObject, QPointF, Qt, Signal, Slot
from PySide6.QtGui import QKeyEvent, QMouseEvent

from core.teaching.lesson import MAX_CORNERS, Point, Region, Shape
from deeppneumo_gui.canvas.view import RadiographView
from deeppneumo_gui.teaching.outlines import Outlines, outline, reshaped, shifted
from deeppneumo_gui.teaching.region_reach import RegionReach

_STILL: Final = 4.0
"""A drag over fewer screen pixels in both directions is a click."""
_LEFT: Final = Qt.MouseButton.LeftButton
Regions = tuple[Region, ...]
_Act = Callable[[], None]


class RegionLayer(QObject):
    """Shows the regions of one case above its radiograph, and lets the hand draw, move, reshape and remove them.

    With a tool in the hand a left drag (for a polygon: clicks, ended by a double click or Enter) draws; without one
    a click on a line chooses its region. Everything else that the mouse does stays as it is.
    """

    edited = Signal(object, str)
    """The regions as the hand has left them, and what it did."""
    tool_changed = Signal(object)
    """The `Shape` that is drawn next, or None."""
    chosen_changed = Signal(bool)
    """Whether there is a region that `remove_chosen` would remove."""

    def __init__(self, view: RadiographView) -> None:
        super().__init__(view)
        self._view = view
        self._reach = RegionReach(view)
        self._outlines = Outlines(view.scene())
        self._regions: Regions | None = None
        self._tool: Shape | None = None
        self._chosen: int | None = None
        self._corners: list[Point] = []
        """Of the region that is being drawn; the last one follows the hand."""
        self._grip: int | None = None
        self._from: Point | None = None
        """Where a region that is being moved or reshaped was taken hold of."""
        self._preview: Region | None = None
        view.installEventFilter(self)
        view.viewport().installEventFilter(self)
        view.content_changed.connect(self._on_content_changed)

    @property
    def tool(self) -> Shape | None:
        """What is drawn next."""
        return self._tool

    @property
    def chosen(self) -> int | None:
        """The place of the region that `remove_chosen` would remove."""
        return self._chosen

    def show_regions(self, regions: Regions | None) -> None:
        """Show the regions of the case on screen; None where nothing can be drawn."""
        if regions != self._regions:
            self._let_go()
            self._choose(None)
        self._regions = regions
        if regions is None:
            self.take_tool(None)
        self._draw()

    def take_tool(self, tool: Shape | None) -> None:
        """Take a tool into the hand, or with None put it down."""
        self._corners = []
        if tool is not None:
            self._choose(None)
        if tool != self._tool:
            self._tool = tool
            if tool is None:
                self._view.viewport().unsetCursor()
            else:
                self._view.viewport().setCursor(Qt.CursorShape.CrossCursor)
            self.tool_changed.emit(tool)
        self._draw()

    @Slot()
    def remove_chosen(self) -> None:
        """Remove the chosen region."""
        if self._chosen is not None and self._regions is not None:
            rest = tuple(region for place, region in enumerate(self._regions) if place != self._chosen)
            self._choose(None)
            self._leave(rest, "removing a region")

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802
        """Take what is meant for regions before the view windows, pans and zooms with it."""
        if self._regions is None or self._reach.extent is None:
            return False
        if isinstance(event, QMouseEvent) and watched is self._view.viewport():
            return self._on_mouse(event)
        if isinstance(event, QKeyEvent) and watched is self._view:
            return self._on_key(event)
        return False

    # The mouse

    def _on_mouse(self, event: QMouseEvent) -> bool:
        at = self._reach.point(event.position())
        match event.type():
            case QEvent.Type.MouseButtonPress if event.button() == _LEFT:
                return self._press(event.position(), at)
            case QEvent.Type.MouseButtonDblClick if event.button() == _LEFT:
                if self._tool == "polygon" and self._corners:
                    self._close_polygon()
                    return True
                return self._press(event.position(), at)
            case QEvent.Type.MouseMove if self._corners:
                self._corners[-1] = at
                self._draw()
                return True
            case QEvent.Type.MouseMove if self._from is not None:
                self._move(at)
                return True
            case QEvent.Type.MouseButtonRelease if event.button() == _LEFT:
                return self._release(event.position())
        return False

    def _press(self, position: QPointF, at: Point) -> bool:
        if self._tool is not None:
            self._view.setFocus(Qt.FocusReason.MouseFocusReason)
            if self._tool == "polygon" and self._corners:
                self._corners[-1] = at
            else:
                self._corners = [at]
            if len(self._corners) < MAX_CORNERS:
                self._corners.append(at)
            self._draw()
            return True
        return self._take_hold(position, at)

    def _take_hold(self, position: QPointF, at: Point) -> bool:
        """Take hold of a grip or a line under the hand, or of none."""
        assert self._regions is not None
        chosen, regions = self._chosen, self._regions
        grip = None if chosen is None else self._reach.grip_at(position, regions[chosen])
        place = chosen if grip is not None else self._reach.region_at(position, regions)
        self._choose(place)
        self._grip = grip
        self._from = None if place is None else at
        self._draw()
        if place is not None:
            self._view.setFocus(Qt.FocusReason.MouseFocusReason)
        return place is not None

    def _move(self, at: Point) -> None:
        assert self._regions is not None
        assert self._chosen is not None
        assert self._from is not None
        region = self._regions[self._chosen]
        if self._grip is None:
            points = shifted(region, at[0] - self._from[0], at[1] - self._from[1])
        else:
            points = reshaped(region, self._grip, at)
        # Without an area it stays as it was a moment ago.
        self._preview = _region(region.shape, points) or self._preview
        self._draw()

    def _release(self, position: QPointF) -> bool:
        if self._corners:
            if self._tool != "polygon":
                self._finish(position)
            return True
        if self._from is None:
            return False
        moved, reshaping = self._preview, self._grip is not None
        self._let_go()
        if moved is not None and self._regions is not None and self._chosen is not None:
            regions = list(self._regions)
            if moved != regions[self._chosen]:
                regions[self._chosen] = moved
                self._leave(tuple(regions), "reshaping a region" if reshaping else "moving a region")
        return True

    def _finish(self, position: QPointF) -> None:
        """End the drag that drew a box; a mere click drew nothing, and the tool stays in the hand."""
        assert self._tool is not None
        distance = self._reach.distance(position, self._corners[0])
        region = _region(self._tool, tuple(self._corners))
        self._corners = []
        if distance < _STILL or region is None:
            self._draw()
        else:
            self._keep(region)

    def _close_polygon(self) -> None:
        """End a polygon, whose last corner only follows the hand; a double click has set the one before twice."""
        corners = dict.fromkeys(self._corners[:-1])
        region = _region("polygon", tuple(corners))
        if region is not None:
            self._corners = []
            self._keep(region)

    def _keep(self, region: Region) -> None:
        assert self._regions is not None
        self.take_tool(None)
        regions = (*self._regions, region)
        self._leave(regions, "drawing a region")
        # Chosen, so that Delete takes it away again and its grips can be seen.
        if self._regions == regions:
            self._choose(len(regions) - 1)
            self._draw()

    def _leave(self, regions: Regions, words: str) -> None:
        """Tell what has become of the regions; whoever keeps them shows them again."""
        chosen = self._chosen
        self.edited.emit(regions, words)
        if self._regions == regions:
            self._choose(chosen)
        self._draw()

    # Keys

    def _on_key(self, event: QKeyEvent) -> bool:
        """Take a key from the shortcuts of the window where it means a region."""
        act = self._meaning(Qt.Key(event.key()))
        if act is None or event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier:
            return False
        if event.type() == QEvent.Type.ShortcutOverride:
            event.accept()
            return True
        if event.type() == QEvent.Type.KeyPress:
            act()
            return True
        return False

    def _meaning(self, key: Qt.Key) -> _Act | None:
        match key:
            case Qt.Key.Key_Escape if self._corners or self._from is not None:
                return self._cancel
            case Qt.Key.Key_Escape if self._tool is not None:
                return self._put_down
            case Qt.Key.Key_Escape if self._chosen is not None:
                return self._choose_none
            case Qt.Key.Key_Delete if self._chosen is not None:
                return self.remove_chosen
            case Qt.Key.Key_Return | Qt.Key.Key_Enter if self._tool == "polygon" and self._corners:
                return self._close_polygon
        return None

    def _cancel(self) -> None:
        self._corners = []
        self._let_go()
        self._draw()

    def _put_down(self) -> None:
        self.take_tool(None)

    def _choose_none(self) -> None:
        self._choose(None)
        self._draw()

    # Common

    def _let_go(self) -> None:
        self._from = self._grip = self._preview = None

    def _choose(self, place: int | None) -> None:
        if place != self._chosen:
            self._chosen = place
            self.chosen_changed.emit(place is not None)

    def _draw(self) -> None:
        extent = self._reach.extent
        if self._regions is None or extent is None:
            self._outlines.clear()
            return
        regions = list(self._regions)
        if self._preview is not None and self._chosen is not None:
            regions[self._chosen] = self._preview
        self._outlines.draw(regions, extent, chosen=self._chosen)
        if self._corners and self._tool is not None:
            self._outlines.add(outline(self._tool, self._corners, extent), dashed=True)

    @Slot()
    def _on_content_changed(self) -> None:
        self._corners = []
        self._let_go()
        self._draw()


def _region(shape: Shape, points: tuple[Point, ...]) -> Region | None:
    """Return a region, None where it would have no area or too few corners."""
    try:
        return Region(shape, points)
    except ValueError:
        return None
