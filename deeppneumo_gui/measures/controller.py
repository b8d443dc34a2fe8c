"""The dock of measures: made when it is first shown, and true to the list while it is."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QEvent, QObject, Qt, QTimer, Slot
from PySide6.QtWidgets import QDockWidget, QWidget

from deeppneumo_gui.actions import ActionId
from deeppneumo_gui.focus_order import order_focus
from deeppneumo_gui.judging.filters import Cell
from deeppneumo_gui.measures.computing import Computing
from deeppneumo_gui.measures.operating_point import MovablePoint
from deeppneumo_gui.measures.review import Review, model_calls
from deeppneumo_gui.panels.widgets import named

if TYPE_CHECKING:
    from deeppneumo_gui.measures.view import MeasuresView
    from deeppneumo_gui.window import MainWindow

_PAUSE_MS: Final = 150
"""So long the list is left alone before it is measured; results of a running batch come one by one."""
_HEIGHT: Final = 320


class MeasuresController(QObject):
    """Measures the labelled part of what the filters let pass."""

    def __init__(self, window: MainWindow) -> None:
        super().__init__(window)
        self._window = window
        self._toggle = window.actions_by_id[ActionId.MEASURES]
        self.view: MeasuresView | None = None
        self.review: Review | None = None
        self.point = MovablePoint(window.session, window.result, window.history)
        self.computing = Computing(self)
        self.dock = named(QDockWidget("Measures", window), "measures")
        self.dock.hide()
        window.addDockWidget(Qt.DockWidgetArea.BottomDockWidgetArea, self.dock)
        window.setCorner(Qt.Corner.BottomLeftCorner, Qt.DockWidgetArea.BottomDockWidgetArea)
        window.setCorner(Qt.Corner.BottomRightCorner, Qt.DockWidgetArea.BottomDockWidgetArea)
        self._pause = QTimer(self)
        self._pause.setSingleShot(True)
        self._pause.setInterval(_PAUSE_MS)
        self._pause.timeout.connect(self._measure)
        self._toggle.triggered.connect(self._on_toggled)
        self.dock.visibilityChanged.connect(self._on_visibility_changed)
        self.computing.measured.connect(self._on_measured)
        self.point.moved.connect(self._on_point_moved)
        proxy = window.worklist.proxy
        for signal in (proxy.rowsInserted, proxy.rowsRemoved, proxy.modelReset, proxy.dataChanged):
            signal.connect(self._on_list_changed)
        window.worklist.filters.changed.connect(self._on_list_changed)

    @property
    def controls(self) -> tuple[QWidget, ...]:
        """Everything that takes the focus, in the order of Tab."""
        return () if self.view is None else self.view.controls

    def shutdown(self) -> None:
        """Stop computing."""
        self._pause.stop()
        self.computing.shutdown()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802
        """Draw the charts anew in another theme."""
        if event.type() == QEvent.Type.StyleChange and self.view is not None:
            # Not while Qt is still going through all widgets to dress them.
            QTimer.singleShot(0, self.view, self.view.redraw)
        return super().eventFilter(watched, event)

    def _make_view(self) -> MeasuresView:
        # Here, for it imports matplotlib.
        from deeppneumo_gui.measures.view import MeasuresView

        view = MeasuresView()
        view.cell_chosen.connect(self._on_cell_chosen)
        view.point_moved.connect(self._on_point_wanted)
        view.point_dragged.connect(self.point.preview)
        view.point_reset.connect(self.point.reset)
        view.said.connect(self._on_said)
        view.installEventFilter(self)
        self.dock.setWidget(view)
        return view

    @Slot(bool)
    def _on_toggled(self, shown: bool) -> None:
        self.dock.setVisible(shown)

    @Slot()
    def _on_visibility_changed(self) -> None:
        self._toggle.setChecked(not self.dock.isHidden())
        if self.dock.isVisible():
            if self.view is None:
                self.view = self._make_view()
                self._show_point()
                order_focus(self._window)
                # Not before the window has made room for what the dock holds now.
                QTimer.singleShot(0, self, self._grow)
            self._measure()

    @Slot()
    def _grow(self) -> None:
        self._window.resizeDocks([self.dock], [_HEIGHT], Qt.Orientation.Vertical)

    @Slot()
    def _on_list_changed(self) -> None:
        # What a point on its way makes of the list is shown already; where it stays, all is measured.
        if self.dock.isVisible() and not self._pause.isActive() and not self.point.is_passing:
            self._pause.start()

    @Slot()
    def _measure(self) -> None:
        """Measure what passes the filters, whichever cell of the tables is listed of it."""
        wanted = self._window.worklist.proxy.filter
        whole = replace(wanted, review=replace(wanted.review, cell=None))
        card = self._window.session.card
        seen = frozenset() if card is None else frozenset(card.seen_patients)
        self.computing.request(self._window.worklist.proxy.passing(whole), self.point.threshold, seen)

    @Slot(object)
    def _on_measured(self, review: Review) -> None:
        self.review = review
        if self.view is not None and not self.point.is_passing:
            self.view.show_review(review)
            # The bar above is there anyway; below the figures this would often be out of sight.
            self.dock.setWindowTitle(f"Measures: {self.view.basis}" if self.view.basis else "Measures")
            self.view.show_chosen(self._window.worklist.filters.wanted.review.cell)

    @Slot(object)
    def _on_cell_chosen(self, cell: Cell | None) -> None:
        # Whoever asks for images by their truth wants to see it.
        if cell is not None:
            self._window.actions_by_id[ActionId.SHOW_TRUTH].setChecked(True)
        self._window.worklist.filters.review.set_cell(cell)
        if self.view is not None:
            self.view.show_chosen(cell)

    @Slot(float)
    def _on_point_wanted(self, threshold: float) -> None:
        if self.review is not None:
            self.point.move(threshold, model_calls(self.review.labelled, threshold))

    @Slot()
    def _on_point_moved(self) -> None:
        self._show_point()
        if self.dock.isVisible():
            self._measure()

    def _show_point(self) -> None:
        if self.view is not None:
            self.view.show_point(self.point.threshold, self.point.is_moved)

    @Slot(str, bool)
    def _on_said(self, sentence: str, good: bool) -> None:
        self._window.message.say(sentence, passing=good)
