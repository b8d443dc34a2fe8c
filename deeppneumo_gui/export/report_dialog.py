"""What a report is to show."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtWidgets import QComboBox, QDialog, QDialogButtonBox, QFormLayout, QVBoxLayout, QWidget

from deeppneumo_gui.cases import Case
from deeppneumo_gui.judging.agreement import model_errs
from deeppneumo_gui.panels.widgets import label


@dataclass(frozen=True, slots=True, eq=False)
class Selection:
    """Some cases, and what they have in common.

    Attributes
    ----------
    title : str
    cases : tuple of Case
    """

    title: str
    cases: tuple[Case, ...]


@dataclass(frozen=True, slots=True, eq=False)
class ReportChoice:
    """What the reader chose."""

    cases: tuple[Case, ...]
    per_page: int


def selections(listed: Sequence[Case], selected: Sequence[Case]) -> list[Selection]:
    """Return what can be shown, the most likely first; what no case belongs to is left out."""
    errors = [case for case in listed if model_errs(case)]
    offers = [
        Selection("The selected", tuple(selected)),
        Selection("Key images", tuple(case for case in listed if case.key_image)),
        Selection(
            "All with a call, note or tag of yours", tuple(c for c in listed if not c.judgement.is_empty)
        ),
        Selection("Errors of the model", tuple(errors)),
        Selection("All that are listed", tuple(listed)),
    ]
    several = [offer for offer in offers if offer.cases]
    # One selected case is the one on screen; whoever wants a report rather wants those that are marked.
    if len(selected) == 1 and len(several) > 1:
        several.append(several.pop(0))
    return [*several, Selection("None, only the first page", ())]


class ReportDialog(QDialog):
    """Asks which images are shown, and how many on a page."""

    def __init__(self, offers: Sequence[Selection], count: int, parent: QWidget) -> None:
        super().__init__(parent)
        self.setWindowTitle("Save a report")
        self._offers = offers
        self.which = QComboBox()
        for offer in offers:
            self.which.addItem(f"{offer.title} ({len(offer.cases):,})" if offer.cases else offer.title)
        self.size_ = QComboBox()
        self.size_.addItem("Four on a page", 4)
        self.size_.addItem("One on a page", 1)
        form = QFormLayout()
        form.addRow("&Images with pictures", self.which)
        form.addRow("&Size", self.size_)
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Cancel)
        buttons.addButton("Save as...", QDialogButtonBox.ButtonRole.AcceptRole)
        buttons.accepted.connect(self.accept)
        buttons.rejected.connect(self.reject)
        images = "1 image" if count == 1 else f"{count:,} images"
        words = label(
            f"The first page sums up the {images} listed, with charts where their truth is known.", wrap=True
        )
        column = QVBoxLayout(self)
        column.setSpacing(12)
        column.addWidget(words)
        column.addLayout(form)
        column.addWidget(buttons)
        self.setMinimumWidth(420)

    @property
    def choice(self) -> ReportChoice:
        """What is chosen now."""
        return ReportChoice(self._offers[self.which.currentIndex()].cases, self.size_.currentData())


def ask_report(parent: QWidget, listed: Sequence[Case], selected: Sequence[Case]) -> ReportChoice | None:
    """Ask what a report is to show; None when the reader thinks better of it."""
    dialog = ReportDialog(selections(listed, selected), len(listed), parent)
    accepted = dialog.exec() == QDialog.DialogCode.Accepted
    choice = dialog.choice
    dialog.deleteLater()
    return choice if accepted else None
