"""The Model menu and what Help says about the model."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Slot

from core.engine.card import Card
from deeppneumo_gui.actions import ActionId
from deeppneumo_gui.cases import Case
from deeppneumo_gui.model.dialogs import PageDialog, ask_bundle, show_about, show_card

if TYPE_CHECKING:
    from deeppneumo_gui.window import MainWindow


class ModelController(QObject):
    """Changes the model and tells of it: in the result panel, at the foot of the side, above the image."""

    def __init__(self, window: MainWindow) -> None:
        super().__init__(window)
        self._window = window
        self._asked_for = False
        session = window.session
        session.model_requested.connect(self._on_requested)
        session.engine_ready.connect(self._on_ready)
        session.engine_failed.connect(self._on_failed)
        session.model_refused.connect(self._on_refused)
        for name, slot in {
            ActionId.OPEN_MODEL: self._on_open,
            ActionId.BUNDLED_MODEL: self._on_bundled,
            ActionId.MODEL_CARD: self.show_card,
            ActionId.ABOUT: self.show_about,
            ActionId.COPY_RESULT: window.result.copy_text,
        }.items():
            window.actions_by_id[name].triggered.connect(slot)
        window.result.card_requested.connect(self.show_card)
        for name in (ActionId.MODEL_CARD, ActionId.COPY_RESULT):
            window.actions_by_id[name].setEnabled(False)
        session.case_selected.connect(self._on_case_selected)

    @Slot()
    def show_card(self) -> PageDialog | None:
        """Open the card of the model in use, None where there is none."""
        card = self._window.session.card
        return None if card is None else show_card(self._window, card)

    @Slot()
    def show_about(self) -> PageDialog:
        """Open the page about the program."""
        return show_about(self._window, self._window.session.card)

    @Slot()
    def _on_open(self) -> None:
        path = ask_bundle(self._window)
        if path is not None:
            self._asked_for = True
            self._window.session.open_model(path)

    @Slot()
    def _on_bundled(self) -> None:
        session = self._window.session
        if session.bundled_in_use and session.card is not None:
            self._window.message.say(
                f"The model is already {session.card.title}, which comes with the program."
            )
            return
        self._asked_for = True
        session.open_model(None)

    @Slot(object)
    def _on_case_selected(self, case: Case | None) -> None:
        self._window.actions_by_id[ActionId.COPY_RESULT].setEnabled(case is not None)

    @Slot()
    def _on_requested(self) -> None:
        self._window.side.show_loading()

    @Slot(object)
    def _on_ready(self, card: Card) -> None:
        self._window.result.set_card(card)
        self._window.side.show_model(card)
        self._window.actions_by_id[ActionId.MODEL_CARD].setEnabled(True)
        if self._asked_for:
            words = f"The model is now {card.title}. Everything is scored anew."
            self._window.message.say(words, passing=True)

    @Slot(str)
    def _on_failed(self, reason: str) -> None:
        self._window.result.set_failure(reason)
        self._window.side.show_failure()
        self._window.message.say(f"Images can be viewed, but there are no model scores. {reason}")

    @Slot(str)
    def _on_refused(self, reason: str) -> None:
        card = self._window.session.card
        assert card is not None
        self._window.side.show_model(card)
        self._window.message.say(f"The model stays {card.title}. {reason}")
