"""Counting hands: clicked one by one, or typed."""

from __future__ import annotations

from functools import partial
from typing import Final, cast

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QGridLayout, QLabel, QPushButton, QSpinBox, QWidget

from core.teaching.hands import CHOICES, MAX_HANDS, CaseHands, Choice, Hands
from deeppneumo_gui.panels.widgets import label, named, roomy

MOMENTS: Final = ("before", "after")
_MAIN: Final = 2


class HandsEntry(QWidget):
    """A button and two numbers for each choice: before the model's score has been shown, and after."""

    added = Signal(str)
    """One more hand for a choice, at the moment that is being counted."""
    typed = Signal(str, str, int)
    """Moment, choice and number."""
    left = Signal()
    """A number has been typed, and the keys belong to the presentation again."""

    def __init__(self, kinds: bool) -> None:
        super().__init__()
        self.choices = CHOICES if kinds else CHOICES[:_MAIN]
        self.buttons: dict[Choice, QPushButton] = {}
        self.fields: dict[tuple[str, Choice], QSpinBox] = {}
        self._headings: dict[str, QLabel] = {}
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(8)
        grid.setVerticalSpacing(6)
        grid.setColumnStretch(0, 1)
        for column, moment in enumerate(MOMENTS, 1):
            self._headings[moment] = label(moment.capitalize(), "detail")
            grid.addWidget(self._headings[moment], 0, column, Qt.AlignmentFlag.AlignCenter)
        for row, choice in enumerate(self.choices, 1):
            grid.addWidget(self._button(choice), row, 0)
            for column, moment in enumerate(MOMENTS, 1):
                grid.addWidget(self._field(moment, choice), row, column)

    def show_hands(self, hands: CaseHands, counting: str | None) -> None:
        """Show what has been counted; `counting` is the moment that a click counts for, None for none."""
        for (moment, choice), field in self.fields.items():
            count = cast(Hands, getattr(hands, moment)).of(choice)
            blocked = field.blockSignals(True)
            # Written only where it differs, for the cursor would jump while the teacher types.
            if field.value() != count:
                field.setValue(count)
            field.blockSignals(blocked)
            field.setEnabled(counting is not None)
        for button in self.buttons.values():
            button.setEnabled(counting is not None)
        for moment, words in self._headings.items():
            font = words.font()
            font.setBold(moment == counting)
            words.setFont(font)

    def _button(self, choice: Choice) -> QPushButton:
        button = named(QPushButton(f"{choice.capitalize()} +1"), "choice")
        # Space belongs to the next step.
        button.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        button.setAccessibleName(f"One more hand for {choice}")
        button.clicked.connect(partial(self.added.emit, choice))
        self.buttons[choice] = button
        return button

    def _field(self, moment: str, choice: Choice) -> QSpinBox:
        field = roomy(QSpinBox(maximum=MAX_HANDS))
        field.setAccessibleName(f"Hands for {choice} {moment} the model score")
        field.setFixedWidth(76)
        field.setAlignment(Qt.AlignmentFlag.AlignRight)
        field.setFocusPolicy(Qt.FocusPolicy.ClickFocus)
        field.valueChanged.connect(partial(self.typed.emit, moment, choice))
        field.editingFinished.connect(self.left)
        self.fields[moment, choice] = field
        return field
