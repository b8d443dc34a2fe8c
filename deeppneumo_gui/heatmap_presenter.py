"""Keeps the heatmap on the canvas in step with prediction and style, without ever asking the model."""

from __future__ import annotations

from PySide6.QtCore import QObject, Slot

from core.engine.prediction import Prediction
from core.overlay import strength
from deeppneumo_gui.canvas.heatmap import Heatmap, HeatmapStyle
from deeppneumo_gui.canvas.view import RadiographView
from deeppneumo_gui.panels.heatmap import HeatmapPanel


class HeatmapPresenter(QObject):
    """Draws on the canvas what the panel asks for."""

    def __init__(self, view: RadiographView, panel: HeatmapPanel, parent: QObject) -> None:
        super().__init__(parent)
        self._view = view
        self._panel = panel
        self._prediction: Prediction | None = None
        self._heatmap: Heatmap | None = None
        self._drawn = panel.heatmap_style
        panel.style_changed.connect(self._on_style_changed)
        view.set_heatmap_visible(self._drawn.visible)
        view.set_heatmap_opacity(self._drawn.opacity)

    def explain(self, prediction: Prediction | None) -> None:
        """Show the map of another prediction, or none."""
        if prediction is self._prediction and (prediction is None) == (self._heatmap is None):
            return
        self._prediction = prediction
        self._read_map()
        self._draw()

    def _read_map(self) -> None:
        if self._prediction is None:
            self._heatmap = None
            self._panel.set_strength(None)
            return
        activation_map = self._prediction.activation_map(self._panel.heatmap_style.target)
        self._heatmap = Heatmap(activation_map)
        self._panel.set_strength(strength(activation_map))

    def _draw(self) -> None:
        image = None if self._heatmap is None else self._heatmap.image(self._drawn)
        self._view.set_heatmap(image)

    @Slot(object)
    def _on_style_changed(self, style: HeatmapStyle) -> None:
        before, self._drawn = self._drawn, style
        self._view.set_heatmap_visible(style.visible)
        self._view.set_heatmap_opacity(style.opacity)
        if style.target != before.target:
            self._read_map()
        if (style.target, style.colormap, style.threshold) != (
            before.target,
            before.colormap,
            before.threshold,
        ):
            self._draw()
