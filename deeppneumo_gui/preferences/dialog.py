"""The settings dialog."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from PySide6.QtCore import QSignalBlocker, Qt, Signal, Slot
from PySide6.QtWidgets import (
    QAbstractButton,
    QCheckBox,
    QComboBox,
    QDialog,
    QDialogButtonBox,
    QFormLayout,
    QHBoxLayout,
    QLabel,
    QSizePolicy,
    QSlider,
    QVBoxLayout,
    QWidget,
)

from core.overlay import COLORMAPS
from deeppneumo_gui.panels.widgets import heading, label, roomy, rule
from deeppneumo_gui.preferences.values import MOST_THREADS, Preferences
from deeppneumo_gui.theme import THEMES, numerals

_WHEEL: Final = {
    "Zooms; with Shift goes through the images": False,
    "Goes through the images; with Shift zooms": True,
}


class PreferencesDialog(QDialog):
    """Shows preferences and tells of every change; whoever opened it applies and takes back."""

    edited = Signal(object)
    """The `Preferences` as they stand now."""

    def __init__(self, preferences: Preferences, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle("Settings")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.theme = _combo("Theme", {name.capitalize(): name for name in THEMES})
        self.colormap = _combo("Colour map of the heatmap", {name.capitalize(): name for name in COLORMAPS})
        self.opacity = QSlider(Qt.Orientation.Horizontal)
        self.opacity.setRange(0, 100)
        self.opacity.setPageStep(10)
        self.opacity.setAccessibleName("Opacity of the heatmap")
        self._percent = QLabel()
        self._percent.setFont(numerals(self.font()))
        self._percent.setMinimumWidth(self._percent.fontMetrics().horizontalAdvance("100 %"))
        self._percent.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        self.wheel = _combo("What the mouse wheel does", _WHEEL)
        self.hide_identities = QCheckBox("&Hide identities")
        self.hide_identities.setToolTip("Show case numbers instead of file names")
        counts = {str(count): count for count in range(1, MOST_THREADS + 1)}
        self.threads = _combo("Threads of the model", {"Automatic": 0, **counts})
        self._show(preferences)
        self._lay_out()
        for signal in (
            self.theme.currentIndexChanged,
            self.colormap.currentIndexChanged,
            self.opacity.valueChanged,
            self.wheel.currentIndexChanged,
            self.hide_identities.toggled,
            self.threads.currentIndexChanged,
        ):
            signal.connect(self._on_edited)

    @property
    def preferences(self) -> Preferences:
        """What the fields say."""
        return Preferences(
            theme=self.theme.currentData(),
            colormap=self.colormap.currentData(),
            opacity=self.opacity.value() / 100,
            wheel_steps=self.wheel.currentData(),
            hide_identities=self.hide_identities.isChecked(),
            threads=self.threads.currentData(),
        )

    def _show(self, preferences: Preferences) -> None:
        for combo, value in (
            (self.theme, preferences.theme),
            (self.colormap, preferences.colormap),
            (self.wheel, preferences.wheel_steps),
            (self.threads, preferences.threads),
        ):
            with QSignalBlocker(combo):
                combo.setCurrentIndex(max(combo.findData(value), 0))
        with QSignalBlocker(self.opacity):
            self.opacity.setValue(round(100 * preferences.opacity))
        with QSignalBlocker(self.hide_identities):
            self.hide_identities.setChecked(preferences.hide_identities)
        self._percent.setText(f"{self.opacity.value()} %")

    def _lay_out(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(24, 20, 24, 16)
        column.setSpacing(10)
        opacity = QHBoxLayout()
        opacity.addWidget(self.opacity, 1)
        opacity.addWidget(self._percent)
        self._add_section(column, "Look and hands", (("&Theme", self.theme), ("Mouse &wheel", self.wheel)))
        self._add_section(column, "Heatmap", (("&Colours", self.colormap), ("&Opacity", opacity)))
        self._add_section(column, "Privacy", (("", self.hide_identities),))
        column.addWidget(
            label("Case numbers instead of file names, on screen and in exports.", "caption", wrap=True)
        )
        self._add_section(column, "Model", (("Th&reads", self.threads),))
        column.addWidget(
            label(
                "Takes effect with the next model or start. Automatic leaves one core to the window.",
                "caption",
                wrap=True,
            )
        )
        column.addStretch(1)
        column.addWidget(rule())
        buttons = QDialogButtonBox(
            QDialogButtonBox.StandardButton.Ok
            | QDialogButtonBox.StandardButton.Cancel
            | QDialogButtonBox.StandardButton.RestoreDefaults
        )
        self.reset = buttons.button(QDialogButtonBox.StandardButton.RestoreDefaults)
        self.reset.setText("Reset to &defaults")
        self.reset.setAutoDefault(False)
        buttons.accepted.connect(self.accept)
        buttons.rejected.connect(self.reject)
        buttons.clicked.connect(self._on_clicked)
        column.addWidget(buttons)
        self.theme.setFocus()

    def _add_section(
        self, column: QVBoxLayout, title: str, rows: tuple[tuple[str, QWidget | QHBoxLayout], ...]
    ) -> None:
        if column.count():
            column.addSpacing(8)
        column.addWidget(heading(title))
        form = QFormLayout()
        form.setHorizontalSpacing(16)
        form.setVerticalSpacing(8)
        form.setFieldGrowthPolicy(QFormLayout.FieldGrowthPolicy.ExpandingFieldsGrow)
        for text, field in rows:
            if not text and isinstance(field, QWidget):
                form.addRow(field)
                continue
            name = QLabel(text)
            name.setMinimumWidth(110)
            name.setBuddy(field if isinstance(field, QWidget) else self.opacity)
            form.addRow(name, field)
        column.addLayout(form)

    @Slot()
    def _on_edited(self) -> None:
        self._percent.setText(f"{self.opacity.value()} %")
        self.edited.emit(self.preferences)

    @Slot(QAbstractButton)
    def _on_clicked(self, button: QAbstractButton) -> None:
        if button is self.reset:
            self._show(Preferences())
            self._on_edited()


def _combo(name: str, choices: Mapping[str, object]) -> QComboBox:
    combo = roomy(QComboBox())
    combo.setAccessibleName(name)
    combo.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
    for text, value in choices.items():
        combo.addItem(text, value)
    return combo
