"""A radiograph with what may be seen on it: mark, heatmap, regions; shared by a run and by looking back."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from PySide6.QtCore import QObject

from core.engine.prediction import Prediction
from deeppneumo_gui.canvas.heatmap import Heatmap, HeatmapStyle
from deeppneumo_gui.teaching.shown import Shown
from deeppneumo_gui.teaching.view import LessonView

OPACITY_STEP: Final = 0.1


class CasePresenter(QObject):
    """Keeps a view in step with what may be shown; a heatmap is on it only while there is one to be seen."""

    def __init__(self, view: LessonView, style: HeatmapStyle, parent: QObject) -> None:
        super().__init__(parent)
        self._view = view
        self._style = replace(style, visible=False)
        self._explained: Prediction | None = None
        view.set_heatmap_opacity(style.opacity)

    def show_case(self, shown: Shown | None, explained: Prediction | None) -> None:
        """Lay on the radiograph what belongs there now."""
        view = self._view
        if shown is None or view.display is None:
            self._explained = None
            return
        view.set_heading(shown.title)
        # Beside the teacher's regions the blind one, which a later call of normal takes off the answer.
        answer = shown.answer if shown.revealed is None else shown.before or shown.answer
        view.show_mark(answer.mark)
        view.show_regions(() if shown.revealed is None else shown.revealed.regions)
        if explained is not self._explained:
            self._explain(explained)

    def forget(self) -> None:
        """Take note that another radiograph is shown, with nothing on it."""
        self._explained = None

    def set_heatmap_visible(self, visible: bool) -> None:
        """Show or hide the heatmap, where there is one."""
        self._style = replace(self._style, visible=visible)
        self._view.set_heatmap_visible(visible)

    def change_opacity(self, step: float) -> None:
        """Make the heatmap more or less opaque."""
        self._style = replace(self._style, opacity=min(max(self._style.opacity + step, 0.0), 1.0))
        self._view.set_heatmap_opacity(self._style.opacity)

    def _explain(self, explained: Prediction | None) -> None:
        self._explained = explained
        if explained is None:
            self._view.set_heatmap(None)
            return
        heatmap = Heatmap(explained.activation_map())
        self._view.set_heatmap(heatmap.image(self._style), heatmap.strength, heatmap.peak(self._style))
        self._view.set_heatmap_visible(self._style.visible)
