"""A switch in a menu that is the same as a setting."""

from __future__ import annotations

from PySide6.QtCore import QObject, Slot
from PySide6.QtGui import QAction

from deeppneumo_gui.settings import Option, Settings


class RememberedAction(QObject):
    """Gives a checkable action its remembered state and writes every change down at once.

    Connect to the action before making one, so that the remembered state takes effect.
    """

    def __init__(self, action: QAction, settings: Settings, option: Option[bool]) -> None:
        super().__init__(action)
        self._settings = settings
        self._option = option
        action.setChecked(settings.read(option))
        action.toggled.connect(self._on_toggled)

    @Slot(bool)
    def _on_toggled(self, checked: bool) -> None:
        self._settings.write(self._option, checked)
