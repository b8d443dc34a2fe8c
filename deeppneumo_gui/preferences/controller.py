"""Applies preferences to the window and remembers them."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Slot

from deeppneumo_gui.actions import ActionId
from deeppneumo_gui.canvas.view import RadiographView
from deeppneumo_gui.preferences.dialog import PreferencesDialog
from deeppneumo_gui.preferences.look import wear
from deeppneumo_gui.preferences.values import Preferences, read_preferences, write_preferences
from deeppneumo_gui.settings import Settings

if TYPE_CHECKING:
    from deeppneumo_gui.window import MainWindow


class PreferencesController(QObject):
    """Opens the dialog; what is changed in it is seen at once, and Cancel brings back what was."""

    def __init__(self, window: MainWindow, settings: Settings) -> None:
        super().__init__(window)
        self._window = window
        self._settings = settings
        self._remembered = read_preferences(settings)
        self._before = self._remembered
        self.dialog: PreferencesDialog | None = None
        wear(self._remembered.theme)
        self._turn_wheel(self._remembered.wheel_steps)
        window.actions_by_id[ActionId.SETTINGS].triggered.connect(self.open)

    @property
    def current(self) -> Preferences:
        """The preferences as they are in effect; some can be changed without the dialog."""
        style = self._window.heatmap.heatmap_style
        return replace(
            self._remembered,
            colormap=style.colormap,
            opacity=style.opacity,
            hide_identities=self._window.actions_by_id[ActionId.HIDE_IDENTITIES].isChecked(),
        )

    @Slot()
    def open(self) -> None:
        """Show the dialog."""
        if self.dialog is not None:
            return
        self._before = self.current
        self.dialog = PreferencesDialog(self._before, self._window)
        self.dialog.edited.connect(self._on_edited)
        self.dialog.rejected.connect(self._on_cancelled)
        self.dialog.destroyed.connect(self._on_destroyed)
        self.dialog.open()

    def apply(self, preferences: Preferences) -> None:
        """Put preferences into effect and remember them."""
        self._remembered = preferences
        write_preferences(self._settings, preferences)
        wear(preferences.theme)
        self._turn_wheel(preferences.wheel_steps)
        heatmap = self._window.heatmap
        heatmap.colormap.setCurrentIndex(heatmap.colormap.findData(preferences.colormap))
        heatmap.opacity.setValue(round(100 * preferences.opacity))
        self._window.actions_by_id[ActionId.HIDE_IDENTITIES].setChecked(preferences.hide_identities)

    def _turn_wheel(self, steps: bool) -> None:
        for view in self._window.findChildren(RadiographView):
            view.wheel_steps = steps

    @Slot(object)
    def _on_edited(self, preferences: Preferences) -> None:
        self.apply(preferences)

    @Slot()
    def _on_cancelled(self) -> None:
        self.apply(self._before)

    @Slot()
    def _on_destroyed(self) -> None:
        self.dialog = None
