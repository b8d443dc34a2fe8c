"""Controls of the heatmap. All of them only repaint."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from PySide6.QtCore import QSignalBlocker, Qt, Signal, Slot
from PySide6.QtGui import QAction
from PySide6.QtWidgets import (
    QComboBox,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QSizePolicy,
    QSlider,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from core.overlay import CAPTION, COLORMAPS, WEAK_STRENGTH
from deeppneumo_gui.canvas.heatmap import PNEUMONIA, HeatmapStyle
from deeppneumo_gui.panels.colour_bar import ColourBar
from deeppneumo_gui.panels.widgets import heading, label, roomy
from deeppneumo_gui.theme import numerals

OPACITY_STEP: Final = 0.1
_HIGHEST_THRESHOLD: Final = 95


class HeatmapPanel(QWidget):
    """Class to explain, opacity, threshold, colours; colour bar, strength and caption."""

    style_changed = Signal(object)
    """The new `HeatmapStyle`."""

    def __init__(self, toggle: QAction, style: HeatmapStyle) -> None:
        super().__init__()
        self._style = style
        self._button = QToolButton()
        self._button.setDefaultAction(toggle)
        self._button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonIconOnly)
        self._button.setAccessibleName("Show the heatmap")
        self.target = _combo("What the heatmap explains")
        self.target.setToolTip("Which score the heatmap explains; for classes, show class scores first")
        self.colormap = _combo("Colour map")
        self.colormap.setToolTip("Colours from weak to strong")
        for name in COLORMAPS:
            self.colormap.addItem(name.capitalize(), name)
        self.opacity = _slider("Opacity of the heatmap", 100)
        self.opacity.setToolTip("How strongly the heatmap covers the radiograph ([ and ])")
        self.threshold = _slider("Threshold of the heatmap", _HIGHEST_THRESHOLD)
        self.threshold.setToolTip("Below this share of the scale nothing is drawn")
        self.cells = _combo("How the heatmap is drawn")
        self.cells.addItem("Smooth", True)
        self.cells.addItem("Raw cells, 7 x 7", False)
        self.cells.setToolTip("The model gives 49 values; smooth is easier on the eye, not finer")
        self._opacity_text, self._threshold_text = QLabel(), QLabel()
        self.bar = ColourBar()
        self._value: float | None = None
        self._absence = ""
        self.strength = label("", "detail", wrap=True)
        self.caption = label(f"{CAPTION}.", "caption", wrap=True)
        self.set_targets(())
        self._lay_out()
        self._show_style()
        self.set_strength(None)
        self.target.currentIndexChanged.connect(self._on_edited)
        self.colormap.currentIndexChanged.connect(self._on_edited)
        self.opacity.valueChanged.connect(self._on_edited)
        self.threshold.valueChanged.connect(self._on_edited)
        self.cells.currentIndexChanged.connect(self._on_edited)

    @property
    def heatmap_style(self) -> HeatmapStyle:
        """The style as it is set."""
        return self._style

    @property
    def controls(self) -> tuple[QWidget, ...]:
        """Everything that takes the focus, in the order of Tab."""
        return self._button, self.opacity, self.threshold, self.target, self.colormap, self.cells

    def set_visible(self, visible: bool) -> None:
        """Turn the heatmap on or off."""
        self._set_style(replace(self._style, visible=visible))

    def change_opacity(self, step: float) -> None:
        """Make the heatmap more (positive step) or less opaque, between 0 and 1."""
        self.opacity.setValue(round(100 * (self._style.opacity + step)))

    def set_targets(self, kinds: tuple[str, ...]) -> None:
        """Offer the score and, where the reader asked for class scores, its classes."""
        with QSignalBlocker(self.target):
            self.target.clear()
            self.target.addItem("Model score", PNEUMONIA)
            for name in kinds:
                if name != PNEUMONIA:
                    self.target.addItem(f"Class score: {name}", name)
            index = self.target.findData(self._style.target)
            self.target.setCurrentIndex(max(index, 0))
        if index < 0:
            self._set_style(replace(self._style, target=PNEUMONIA))

    def set_strength(self, strength: float | None) -> None:
        """Show the unnormalised maximum of the map in logits per cell, None where there is no map."""
        self._value = strength
        self.bar.set_strength(strength)
        self._show_strength()

    def set_absence(self, words: str) -> None:
        """Say why there is no map, whenever there is none."""
        self._absence = words
        self._show_strength()

    def _show_strength(self) -> None:
        if self._value is None:
            self.strength.setText(self._absence)
            return
        weak = " Weak: not stretched to full colour." if self._value < WEAK_STRENGTH else ""
        self.strength.setText(f"Strength {self._value:.2f} logits per cell, not normalised.{weak}")

    def _lay_out(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(16, 10, 16, 12)
        column.setSpacing(6)
        title = QHBoxLayout()
        title.addWidget(heading("Heatmap (Grad-CAM)"))
        title.addStretch(1)
        title.addWidget(self._button)
        column.addLayout(title)
        controls = QWidget()
        # Fixed: beside wrapped text a layout may otherwise take a line's height from the controls.
        controls.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        grid = QGridLayout(controls)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(10)
        grid.setVerticalSpacing(6)
        grid.setColumnStretch(1, 1)
        for row, (text, control, number) in enumerate(
            (
                # What is reached for most lies where a small window shows it without scrolling.
                ("Opacity", self.opacity, self._opacity_text),
                ("Threshold", self.threshold, self._threshold_text),
                ("Explain", self.target, None),
                ("Colours", self.colormap, None),
                ("Drawn", self.cells, None),
            )
        ):
            name = label(text, "detail")
            name.setBuddy(control)
            grid.addWidget(name, row, 0)
            grid.addWidget(control, row, 1, 1, 2 if number is None else 1)
            if number is not None:
                number.setFont(numerals(self.font()))
                number.setMinimumWidth(number.fontMetrics().horizontalAdvance("100 %"))
                number.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
                grid.addWidget(number, row, 2)
        column.addWidget(controls)
        for widget in (self.bar, self.strength, self.caption):
            column.addWidget(widget)

    def _show_style(self) -> None:
        for widget, value in ((self.opacity, self._style.opacity), (self.threshold, self._style.threshold)):
            with QSignalBlocker(widget):
                widget.setValue(round(100 * value))
        with QSignalBlocker(self.colormap):
            self.colormap.setCurrentIndex(max(self.colormap.findData(self._style.colormap), 0))
        with QSignalBlocker(self.cells):
            self.cells.setCurrentIndex(self.cells.findData(self._style.smooth))
        self._opacity_text.setText(f"{self.opacity.value()} %")
        self._threshold_text.setText(f"{self.threshold.value()} %")
        self.bar.set_style(self._style)

    def _set_style(self, style: HeatmapStyle) -> None:
        if style != self._style:
            self._style = style
            self._show_style()
            self.style_changed.emit(style)

    @Slot()
    def _on_edited(self) -> None:
        self._set_style(
            replace(
                self._style,
                opacity=self.opacity.value() / 100,
                threshold=self.threshold.value() / 100,
                colormap=self.colormap.currentData(),
                target=self.target.currentData(),
                smooth=self.cells.currentData(),
            )
        )


def _combo(name: str) -> QComboBox:
    combo = roomy(QComboBox())
    combo.setAccessibleName(name)
    combo.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
    combo.setMinimumContentsLength(8)
    return combo


def _slider(name: str, maximum: int) -> QSlider:
    slider = QSlider(Qt.Orientation.Horizontal)
    slider.setRange(0, maximum)
    slider.setPageStep(10)
    slider.setAccessibleName(name)
    return slider
