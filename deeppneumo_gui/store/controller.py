"""What the reader hears of the store, and what can be done about what it holds."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QObject, Slot
from PySide6.QtWidgets import QVBoxLayout, QWidget

from deeppneumo_gui.actions import ActionId
from deeppneumo_gui.cases import Case
from deeppneumo_gui.confirmation import confirm_loss
from deeppneumo_gui.focus_order import order_focus
from deeppneumo_gui.store.offer import GoOnOffer
from deeppneumo_gui.tally import Progress

if TYPE_CHECKING:
    from deeppneumo_gui.window import MainWindow

FORGOTTEN: Final = "All that was kept of them has been deleted."
NOT_FORGOTTEN: Final = "Not everything could be deleted; end other programs that use the file and try again."
OF_FOLDER: Final = (
    "Their results, calls, notes, tags and labels will be deleted and cannot be brought back. "
    "The image files stay."
)
OF_ALL: Final = (
    "All results, calls, notes, tags and labels, all runs of learners and all drafts of lessons will be deleted "
    "and cannot be brought back. The image files and saved lessons stay."
)


def ask_to_forget(parent: QWidget, question: str, consequence: str) -> bool:
    """Ask before anything is forgotten for good."""
    return confirm_loss(parent, "Forget", question, consequence)


class StoreController(QObject):
    """Messages of the store, the offer to go on after a crash, and the History menu."""

    def __init__(self, window: MainWindow) -> None:
        super().__init__(window)
        self._window = window
        self._memory = window.session.memory
        self._scoring = False
        self.offer: GoOnOffer | None = None
        self._memory.said.connect(self._on_said)
        self._memory.unfinished.connect(self._on_unfinished)
        self._memory.forgotten.connect(self._on_forgotten)
        session = window.session
        session.progress_changed.connect(self._on_progress_changed)
        session.nothing_found.connect(self._memory.finish)
        session.case_selected.connect(self._on_case_selected)
        for name, slot in (
            (ActionId.FORGET_FOLDER, self._on_forget_folder),
            (ActionId.FORGET_ALL, self._on_forget_all),
        ):
            window.actions_by_id[name].triggered.connect(slot)
        window.actions_by_id[ActionId.FORGET_ALL].setEnabled(self._memory.lasting)
        self._on_case_selected(None)

    # Going on

    @Slot(object)
    def _on_progress_changed(self, progress: Progress) -> None:
        if self._scoring and not progress.running:
            self._memory.finish()
        self._scoring = progress.running

    @Slot(object)
    def _on_unfinished(self, paths: list[Path]) -> None:
        if self._window.session.openings.holds(paths):
            return
        self.offer = GoOnOffer(paths)
        self.offer.accepted.connect(self._window.opening.open_again)
        centre = self._window.centralWidget()
        column = None if centre is None else centre.layout()
        assert isinstance(column, QVBoxLayout)
        column.insertWidget(0, self.offer)
        order_focus(self._window)
        self.offer.show()

    # Forgetting

    @Slot(object)
    def _on_case_selected(self, case: Case | None) -> None:
        forgettable = case is not None and self._memory.lasting
        self._window.actions_by_id[ActionId.FORGET_FOLDER].setEnabled(forgettable)

    @Slot()
    def _on_forget_folder(self) -> None:
        session = self._window.session
        case = session.current
        if case is None:
            return
        root = session.openings.root_of(case.path)
        cases = [other for other in session.worklist.cases() if root in other.path.absolute().parents]
        name = "this folder" if session.identities.hidden else f"the folder {root.name}"
        images = "the image" if len(cases) == 1 else f"the {len(cases):,} images"
        if not ask_to_forget(self._window, f"Forget {images} in {name}?", OF_FOLDER):
            return
        paths = [other.path for other in cases]
        folders = {root, *(path.absolute().parent for path in paths)}
        self._close({other.case_id for other in cases})
        self._window.opening.forget(root)
        self._memory.forget(paths, folders)

    @Slot()
    def _on_forget_all(self) -> None:
        if not ask_to_forget(self._window, "Forget all images that were ever opened?", OF_ALL):
            return
        self._close({case.case_id for case in self._window.session.worklist.cases()})
        self._window.opening.forget(None)
        self._window.lessons.forget()
        self._memory.forget_everything()

    def _close(self, case_ids: set[int]) -> None:
        """Take cases off the list for good: what is shown would otherwise be kept again."""
        session = self._window.session
        session.cancel()
        session.select(None)
        if len(case_ids) == session.worklist.rowCount():
            session.clear()
        else:
            session.remove(list(case_ids))
        self._window.history.stack.clear()

    @Slot(bool)
    def _on_forgotten(self, gone: bool) -> None:
        self._on_said(FORGOTTEN if gone else NOT_FORGOTTEN, gone)

    @Slot(str, bool)
    def _on_said(self, sentence: str, good: bool) -> None:
        self._window.message.say(sentence, passing=good)
