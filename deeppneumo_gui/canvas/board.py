"""One pane or two: the radiograph alone, beside its heatmap, or beside another case."""

from __future__ import annotations

from enum import Enum, auto
from functools import partial

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QHBoxLayout, QWidget

from deeppneumo_gui.canvas.view import RadiographView


class Arrangement(Enum):
    """How the panes are arranged."""

    ONE = auto()
    BESIDE_HEATMAP = auto()
    TWO_CASES = auto()


class CanvasBoard(QWidget):
    """The view of the selected case and, left or right of it, its companion.

    Beside the heatmap, the companion (right) shows the same display, so every change shows in both. With two
    cases, the companion (left) keeps the pinned one; zoom and pan go together while `linked`.
    """

    arranged = Signal()
    """Another arrangement, or another case pinned."""

    def __init__(self) -> None:
        super().__init__()
        self.view = RadiographView()
        self.companion = RadiographView()
        self.companion.setAccessibleName("Second radiograph")
        self.arrangement = Arrangement.ONE
        self.linked = True
        self._active = self.view
        self._row = QHBoxLayout(self)
        self._row.setContentsMargins(0, 0, 0, 0)
        self._row.setSpacing(2)
        self._row.addWidget(self.view, 1)
        self._row.addWidget(self.companion, 1)
        self.companion.hide()
        for one, other in ((self.view, self.companion), (self.companion, self.view)):
            one.framing_changed.connect(partial(self._follow_framing, one, other))
            one.display_changed.connect(partial(self._follow_display, other))
            one.touched.connect(partial(self._activate, one))
        self.view.content_changed.connect(self._on_content_changed)

    @property
    def panes(self) -> tuple[RadiographView, RadiographView]:
        """Both views, shown or not."""
        return self.view, self.companion

    @property
    def active(self) -> RadiographView:
        """The view that the keys work on."""
        return self._active

    @property
    def under_cursor(self) -> RadiographView:
        """The view that the cursor is over; else the one that the keys work on."""
        return next((pane for pane in self.panes if pane.hovered), self._active)

    def arrange(self, arrangement: Arrangement) -> None:
        """Choose an arrangement; two cases start with the one on screen, pinned."""
        if arrangement is Arrangement.TWO_CASES and self.view.display is None:
            arrangement = Arrangement.ONE
        self.arrangement = arrangement
        place = 0 if arrangement is Arrangement.TWO_CASES else 1
        self._row.insertWidget(place, self.companion, 1)
        self.companion.setVisible(arrangement is not Arrangement.ONE)
        # The panes have their sizes before one shows what the other does.
        self._row.activate()
        self._fill_companion()
        self._activate(self.view)
        self.arranged.emit()

    def set_linked(self, linked: bool) -> None:
        """Let two cases be zoomed and panned together, or each on its own."""
        self.linked = linked
        if linked:
            self._follow_framing(self.view, self.companion)

    def set_corner_text(self, shown: bool) -> None:
        """Show or hide the text in the corners of both panes."""
        for pane in self.panes:
            pane.set_corner_text(shown)

    def set_magnifying(self, magnifying: bool) -> None:
        """Take up or put down the magnifier in both panes."""
        for pane in self.panes:
            pane.set_magnifying(magnifying)

    def _fill_companion(self) -> None:
        display = self.view.display
        if display is None or self.arrangement is Arrangement.ONE:
            self.companion.show_nothing()
            return
        shared = self.arrangement is Arrangement.BESIDE_HEATMAP
        self.companion.show_display(display if shared else display.copy())
        self._follow_framing(self.view, self.companion)

    @Slot()
    def _on_content_changed(self) -> None:
        if self.arrangement is Arrangement.BESIDE_HEATMAP:
            self._fill_companion()
        elif self.arrangement is Arrangement.TWO_CASES and self.view.display is not None and self.linked:
            self._follow_framing(self.companion, self.view)

    def _follow_framing(self, one: RadiographView, other: RadiographView) -> None:
        framing = one.framing
        if framing is None or self.arrangement is Arrangement.ONE:
            return
        if self.linked or self.arrangement is Arrangement.BESIDE_HEATMAP:
            other.adopt(framing)

    def _follow_display(self, other: RadiographView, quick: bool) -> None:
        if self.arrangement is Arrangement.BESIDE_HEATMAP:
            other.refresh(quick)

    def _activate(self, view: RadiographView) -> None:
        # Two panes of one display act alike; only two cases need to know whom the keys mean.
        two = self.arrangement is Arrangement.TWO_CASES
        self._active = view if two else self.view
        for pane in self.panes:
            pane.set_marked(two and pane is self._active)
