"""What the reader's actions do to the panes, and what stands in their corners."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Final

from PySide6.QtCore import QObject, Signal, Slot
from PySide6.QtGui import QActionGroup

from core.engine.prediction import Prediction
from deeppneumo_gui.actions import ActionId, Actions
from deeppneumo_gui.canvas.board import Arrangement, CanvasBoard
from deeppneumo_gui.canvas.presets import PRESETS
from deeppneumo_gui.cases import Case, CaseState
from deeppneumo_gui.heatmap_presenter import HeatmapPresenter
from deeppneumo_gui.panels.heatmap import OPACITY_STEP, HeatmapPanel
from deeppneumo_gui.session import ViewerSession

_ZOOM_STEP: Final = 1.25
_PRESET_ACTIONS: Final = (
    ActionId.PRESET_DEFAULT,
    ActionId.PRESET_LUNG,
    ActionId.PRESET_SOFT_TISSUE,
    ActionId.PRESET_BONE,
    ActionId.PRESET_FULL,
)
_ARRANGEMENTS: Final = {
    ActionId.ONE_PANE: Arrangement.ONE,
    ActionId.BESIDE_HEATMAP: Arrangement.BESIDE_HEATMAP,
    ActionId.TWO_CASES: Arrangement.TWO_CASES,
}


class CanvasController(QObject):
    """Leads the board: actions to the pane they mean, predictions to the pane they explain."""

    subject_changed = Signal(str)
    """Whose result is told beside two cases, empty where there is only one."""

    def __init__(
        self,
        board: CanvasBoard,
        panel: HeatmapPanel,
        session: ViewerSession,
        actions: Actions,
        parent: QObject,
    ) -> None:
        super().__init__(parent)
        self._board = board
        self._panel = panel
        self._session = session
        self._actions = actions
        self._pinned: int | None = None
        self._lead = HeatmapPresenter(board.view, panel, self, leads=True)
        self._second = HeatmapPresenter(board.companion, panel, self, leads=False)
        self._connect_actions()
        board.arranged.connect(self._on_arranged)
        session.case_selected.connect(self._on_case_selected)
        session.case_changed.connect(self._show_headings)
        for told in (board.view.content_changed, session.case_changed, session.engine_failed):
            told.connect(self._tell_absence)
        session.worklist.dataChanged.connect(self._on_rows_changed)
        session.worklist.modelReset.connect(self._on_rows_changed)
        session.worklist.rowsRemoved.connect(self._on_rows_changed)

    @property
    def companion_case(self) -> Case | None:
        """The case in the second pane: the pinned one, or the one on screen."""
        if self._pinned is not None and self._pinned in self._session.worklist:
            return self._session.worklist.case(self._pinned)
        return self._session.current

    def explain(self, prediction: Prediction | None) -> None:
        """Show the map of the selected case's prediction, or none."""
        self._lead.explain(prediction)
        if self._board.arrangement is Arrangement.BESIDE_HEATMAP:
            self._second.explain(prediction)

    def _connect_actions(self) -> None:
        act: dict[ActionId, Callable[[], None]] = {
            ActionId.FIT: lambda: self._board.active.fit(),
            ActionId.ACTUAL_SIZE: lambda: self._board.active.actual_size(),
            ActionId.ZOOM_IN: lambda: self._board.under_cursor.zoom_by(_ZOOM_STEP),
            ActionId.ZOOM_OUT: lambda: self._board.under_cursor.zoom_by(1 / _ZOOM_STEP),
            ActionId.INVERT: lambda: self._board.active.invert(),
            ActionId.RESET: lambda: self._board.active.reset(),
            ActionId.ROTATE_LEFT: lambda: self._board.active.rotate_picture(-1),
            ActionId.ROTATE_RIGHT: lambda: self._board.active.rotate_picture(1),
            ActionId.FLIP_HORIZONTALLY: lambda: self._board.active.flip_picture(),
            ActionId.FLIP_VERTICALLY: lambda: self._board.active.flip_picture(vertically=True),
            ActionId.MORE_OPACITY: partial(self._change_opacity, OPACITY_STEP),
            ActionId.LESS_OPACITY: partial(self._change_opacity, -OPACITY_STEP),
        }
        for name, preset in zip(_PRESET_ACTIONS, PRESETS, strict=True):
            act[name] = partial(lambda chosen: self._board.active.apply_preset(chosen), preset)
        layouts = QActionGroup(self)
        for name, arrangement in _ARRANGEMENTS.items():
            layouts.addAction(self._actions[name])
            act[name] = partial(self._board.arrange, arrangement)
        for name, slot in act.items():
            self._actions[name].triggered.connect(partial(_call, slot))
        self._actions[ActionId.ONE_PANE].setChecked(True)
        self._actions[ActionId.LINK_PANES].setChecked(True)
        for name, toggle in (
            (ActionId.HEATMAP, self._panel.set_visible),
            (ActionId.CORNER_TEXT, self._board.set_corner_text),
            (ActionId.MAGNIFIER, self._board.set_magnifying),
            (ActionId.LINK_PANES, self._board.set_linked),
        ):
            self._actions[name].toggled.connect(toggle)

    def _change_opacity(self, step: float) -> None:
        # A key that seems to do nothing is a riddle; so it also turns a hidden heatmap on.
        self._panel.set_visible(True)
        self._panel.change_opacity(step)

    @Slot()
    def _on_arranged(self) -> None:
        arrangement, case = self._board.arrangement, self._session.current
        for name, meant in _ARRANGEMENTS.items():
            if meant is arrangement:
                self._actions[name].setChecked(True)
        self._pinned = case.case_id if case and arrangement is Arrangement.TWO_CASES else None
        beside = arrangement is Arrangement.BESIDE_HEATMAP
        self._lead.set_allowed(not beside)
        self._second.explain(None if case is None or arrangement is Arrangement.ONE else case.prediction)
        if beside:
            # A pane for the heatmap is asked for to see the heatmap.
            self._panel.set_visible(True)
        self._show_headings()

    @Slot(object)
    def _on_case_selected(self, case: Case | None) -> None:
        if case is None:
            self._board.arrange(Arrangement.ONE)
        self._show_headings()

    @Slot()
    def _on_rows_changed(self) -> None:
        """Follow the pinned case, which may be scored, renamed or gone while another is selected."""
        if self._pinned is not None:
            if self._pinned in self._session.worklist:
                self._second.explain(self._pinned_prediction())
            else:
                self._board.arrange(Arrangement.ONE)
        self._show_headings()

    @Slot()
    def _tell_absence(self) -> None:
        """Say why there would be no heatmap; the panel shows it while there is none."""
        view, case = self._board.view, self._session.current
        if not view.settled:
            words = "No heatmap yet: the file is being read."
        elif view.display is None:
            words = "No heatmap: the file cannot be shown."
        elif case is not None and case.state is CaseState.REFUSED:
            words = "No heatmap: the program refused this image."
        elif self._session.failure is not None:
            words = "No heatmap: there is no model."
        else:
            words = "No heatmap yet: this image is not scored."
        self._panel.set_absence(words)

    @Slot()
    def _show_headings(self) -> None:
        current = self._session.current
        if self._pinned is not None and self._pinned in self._session.worklist:
            pinned = self._session.worklist.case(self._pinned)
            scored = pinned if self._pinned_prediction() is not None else None
            heading = (*self._heading(pinned), *_score_line(scored))
            self._board.companion.set_heading("Pinned for comparison", *heading)
            self._board.view.set_heading(*self._heading(current), *_score_line(current))
        else:
            self._board.companion.set_heading(*self._heading(current))
            self._board.view.set_heading(*self._heading(current))
        alone = self._pinned is None or current is None
        self.subject_changed.emit("" if alone else f"{self._heading(current)[0]}, on the right")

    def _pinned_prediction(self) -> Prediction | None:
        """Return what the model says of the image in the second pane, not of another frame of its file."""
        display = self._board.companion.display
        if self._pinned is None or display is None:
            return None
        case = self._session.worklist.case(self._pinned)
        return case.prediction if case.frame == display.radiograph.frame else None

    def _heading(self, case: Case | None) -> tuple[str, ...]:
        if case is None:
            return ()
        name = self._session.identities.name(case)
        return (name, "Key image") if case.key_image else (name,)


def _score_line(case: Case | None) -> tuple[str, ...]:
    if case is None or case.prediction is None:
        return ()
    score = f"Model score {case.score_text}"
    return (f"{score}, on request although refused" if case.on_request else score,)


def _call(slot: Callable[[], None], checked: bool = False) -> None:
    """Leave out what `triggered` says of the check mark."""
    slot()
