"""Keeps the heatmap on the canvas in step with prediction and style, without ever asking the model."""

from __future__ import annotations

from PySide6.QtCore import QObject, Slot

from core.engine.prediction import Prediction
from deeppneumo_gui.canvas.heatmap import Heatmap, HeatmapStyle
from deeppneumo_gui.canvas.view import RadiographView
from deeppneumo_gui.panels.heatmap import HeatmapPanel


class HeatmapPresenter(QObject):
    """Draws on one view what the panel asks for; the one that leads also tells the panel the strength."""

    def __init__(self, view: RadiographView, panel: HeatmapPanel, parent: QObject, *, leads: bool) -> None:
        super().__init__(parent)
        self._view = view
        self._panel = panel
        self._leads = leads
        self._allowed = True
        self._prediction: Prediction | None = None
        self._heatmap: Heatmap | None = None
        self._drawn = panel.heatmap_style
        panel.style_changed.connect(self._on_style_changed)
        view.content_changed.connect(self._on_content_changed)
        self._show_or_hide()
        view.set_heatmap_opacity(self._drawn.opacity)

    def explain(self, prediction: Prediction | None) -> None:
        """Show the map of another prediction, or none."""
        if prediction is self._prediction and (prediction is None) == (self._heatmap is None):
            return
        self._prediction = prediction
        self._read_map()
        self._draw()

    def set_allowed(self, allowed: bool) -> None:
        """Let the view show the heatmap at all, whenever the panel does."""
        self._allowed = allowed
        self._show_or_hide()

    def _read_map(self) -> None:
        if self._prediction is None:
            self._heatmap = None
            self._tell_strength(None)
            return
        self._heatmap = Heatmap(self._prediction.activation_map(self._panel.heatmap_style.target))
        self._tell_strength(self._heatmap.strength)

    def _tell_strength(self, value: float | None) -> None:
        if self._leads:
            self._panel.set_strength(value)

    def _draw(self) -> None:
        if self._heatmap is None:
            self._view.set_heatmap(None)
        else:
            heatmap, style = self._heatmap, self._drawn
            self._view.set_heatmap(heatmap.image(style), heatmap.strength, heatmap.peak(style))

    def _show_or_hide(self) -> None:
        self._view.set_heatmap_visible(self._drawn.visible and self._allowed)

    @Slot()
    def _on_content_changed(self) -> None:
        # What explained the radiograph that is gone must not lie on the next.
        if self._view.display is None:
            self.explain(None)
        else:
            self._draw()

    @Slot(object)
    def _on_style_changed(self, style: HeatmapStyle) -> None:
        before, self._drawn = self._drawn, style
        self._show_or_hide()
        self._view.set_heatmap_opacity(style.opacity)
        if style.target != before.target:
            self._read_map()
        if style.colours != before.colours or style.target != before.target:
            self._draw()
