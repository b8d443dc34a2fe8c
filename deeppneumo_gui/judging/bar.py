"""Where the reader's own call on the image on screen is given and seen: just below the image."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QSize, Qt, Signal, Slot
from PySide6.QtGui import QAction, QKeySequence, QResizeEvent, QShortcut
from PySide6.QtWidgets import (
    QHBoxLayout,
    QLineEdit,
    QPushButton,
    QSizePolicy,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from core.store.judgement import Judgement
from deeppneumo_gui.actions import ActionId, Actions
from deeppneumo_gui.cases import Case
from deeppneumo_gui.icons import icon
from deeppneumo_gui.judging.agreement import can_be_judged
from deeppneumo_gui.judging.words import parse_tags, reading_words
from deeppneumo_gui.panels.widgets import label, named, roomy

CALLS: Final = {
    "normal": ActionId.CALL_NORMAL,
    "pneumonia": ActionId.CALL_PNEUMONIA,
    "unsure": ActionId.CALL_UNSURE,
}
KINDS: Final = {"bacterial": ActionId.CALL_BACTERIAL, "viral": ActionId.CALL_VIRAL}
_ROOM_FOR_WORDS: Final = 110
_MARGIN: Final = 10
_SPACING: Final = 6
_NEED_IMAGE: Final = (
    *CALLS.values(),
    *KINDS.values(),
    ActionId.TAKE_BACK_CALL,
    ActionId.WRITE_NOTE,
    ActionId.KEY_IMAGE,
)


class JudgingBar(QWidget):
    """Call, kind and key image in one row; tags and note in a second one, on request."""

    note_edited = Signal(str)
    tags_edited = Signal(object)
    """`tuple[str, ...]`, different words in the order typed."""
    left = Signal()
    """The reader is done with a text, and the keys belong to the image again."""

    def __init__(self, actions: Actions) -> None:
        super().__init__()
        self.setObjectName("judgingBar")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._actions = actions
        self.calls = {call: _choice(call.capitalize(), actions[name]) for call, name in CALLS.items()}
        self.kinds = {kind: _choice(kind.capitalize(), actions[name]) for kind, name in KINDS.items()}
        self.words = _Elided()
        self.count = label("", "detail")
        self.key_image = _tool(actions[ActionId.KEY_IMAGE])
        self.unfold = QToolButton()
        self.unfold.setCheckable(True)
        self.unfold.setIcon(icon("note"))
        self.unfold.setAccessibleName("Note and tags")
        self.unfold.setToolTip("Note and tags of this image (W)")
        self.next_button = _tool(actions[ActionId.NEXT_UNREVIEWED])
        self.tags = roomy(QLineEdit(placeholderText="Tags, with commas between"))
        self.tags.setAccessibleName("Tags, with commas between")
        self.note = roomy(QLineEdit(placeholderText="Note"))
        self.note.setAccessibleName("Note")
        self._texts = QWidget()
        self._lay_out()
        self.unfold.toggled.connect(self._texts.setVisible)
        self.note.textEdited.connect(self.note_edited)
        self.tags.textEdited.connect(self._on_tags_edited)
        for field in (self.note, self.tags):
            field.returnPressed.connect(self.left)
            escape = QShortcut(QKeySequence(Qt.Key.Key_Escape), field)
            escape.setContext(Qt.ShortcutContext.WidgetShortcut)
            escape.activated.connect(self.left)
        self._texts.hide()
        self.show_case(None)

    @property
    def controls(self) -> tuple[QWidget, ...]:
        """Everything that takes the focus, in the order of Tab."""
        choices = (*self.calls.values(), *self.kinds.values())
        return (*choices, self.key_image, self.unfold, self.next_button, self.note, self.tags)

    def enter_note(self) -> None:
        """Let the reader type a note."""
        self.unfold.setChecked(True)
        # With another reason all of it would be selected, and the next letter would replace it.
        self.note.setFocus(Qt.FocusReason.OtherFocusReason)
        self.note.end(False)

    def show_case(self, case: Case | None) -> None:
        """Show what has been said of a case; of a file without an image there is nothing to say."""
        offered = case is not None and can_be_judged(case)
        for name in _NEED_IMAGE:
            self._actions[name].setEnabled(offered)
        for widget in (*self.calls.values(), *self.kinds.values(), self.tags, self.note):
            widget.setEnabled(offered)
        self.setVisible(case is not None)
        judgement = Judgement() if case is None else case.judgement
        for call, button in self.calls.items():
            button.setChecked(call == judgement.call)
        for kind, button in self.kinds.items():
            button.setChecked(kind == judgement.kind)
            button.setVisible(judgement.call == "pneumonia")
        self._fit()
        self._actions[ActionId.KEY_IMAGE].setChecked(judgement.key_image)
        self.words.say("" if case is None else reading_words(case, with_texts=not self.unfold.isChecked()))
        # Written only where they differ, for the cursor would jump while the reader types.
        if self.note.text() != judgement.note:
            self.note.setText(judgement.note)
        if parse_tags(self.tags.text()) != judgement.tags:
            self.tags.setText(", ".join(judgement.tags))

    def show_count(self, reviewed: int, total: int) -> None:
        """Say how far the reader is with the whole list."""
        self.count.setText(f"{reviewed:,} of {total:,}")
        self.count.setToolTip(f"{reviewed:,} of {total:,} reviewed")

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802
        """Leave the count out where the buttons need its room, and write letters for calls where it is narrow."""
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        choices = [button for button in (*self.calls.values(), *self.kinds.values()) if not button.isHidden()]
        tools = (self.key_image, self.unfold, self.next_button)
        widths = [button.whole_width() for button in choices] + [tool.sizeHint().width() for tool in tools]
        needed = sum(widths) + _SPACING * len(widths) + 2 * _MARGIN
        for button in choices:
            button.shorten(self.width() < needed)
        self.count.setVisible(
            self.width() >= needed + _ROOM_FOR_WORDS + _SPACING + self.count.sizeHint().width()
        )

    def _lay_out(self) -> None:
        first = QHBoxLayout()
        first.setSpacing(_SPACING)
        for button in (*self.calls.values(), *self.kinds.values()):
            first.addWidget(button)
        first.addWidget(self.words, 1)
        for widget in (self.key_image, self.unfold, self.count, self.next_button):
            first.addWidget(widget)
        second = QHBoxLayout(self._texts)
        second.setContentsMargins(0, 0, 0, 0)
        second.setSpacing(_SPACING)
        second.addWidget(self.note, 3)
        second.addWidget(self.tags, 2)
        column = QVBoxLayout(self)
        column.setContentsMargins(_MARGIN, 6, _MARGIN, 6)
        column.setSpacing(_SPACING)
        column.addLayout(first)
        column.addWidget(self._texts)

    @Slot(str)
    def _on_tags_edited(self, text: str) -> None:
        self.tags_edited.emit(parse_tags(text))


class _Elided(QWidget):
    """One line that shows as much as there is room for; all of it as a tool tip."""

    def __init__(self) -> None:
        super().__init__()
        self._whole = ""
        self._shown = label("", "detail")
        policy = QSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        self.setSizePolicy(policy)
        row = QHBoxLayout(self)
        row.setContentsMargins(8, 0, 8, 0)
        row.addWidget(self._shown)
        self._shown.setSizePolicy(policy)

    @property
    def text(self) -> str:
        """All of it."""
        return self._whole

    def say(self, words: str) -> None:
        """Show other words."""
        self._whole = words
        self.setToolTip(words)
        self._shown.setAccessibleName(words)
        self._fit()

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802
        """Show more or less of them."""
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        room = max(self.width() - 16, 0)
        metrics = self._shown.fontMetrics()
        text = metrics.elidedText(self._whole, Qt.TextElideMode.ElideRight, room)
        # Two letters and an ellipsis would only make one wonder.
        self._shown.setText(text if text == self._whole or len(text) > 12 else "")


class _Choice(QPushButton):
    """A call; in a narrow window only the letter of its key, the first one."""

    def __init__(self, text: str) -> None:
        super().__init__(text)
        self._whole = text

    def whole_width(self) -> int:
        """Return how wide it is with its whole text."""
        return self._width_with(self._whole)

    def shorten(self, short: bool) -> None:
        """Show the letter or the whole text."""
        self.setText(self._whole[0] if short else self._whole)

    def minimumSizeHint(self) -> QSize:  # noqa: N802
        """Return the size with the letter, whatever is shown now."""
        return QSize(self._width_with(self._whole[0]), super().minimumSizeHint().height())

    def _width_with(self, text: str) -> int:
        metrics = self.fontMetrics()
        return (
            self.sizeHint().width() + metrics.horizontalAdvance(text) - metrics.horizontalAdvance(self.text())
        )


def _choice(text: str, action: QAction) -> _Choice:
    button = named(_Choice(text), "choice")
    button.setCheckable(True)
    # A click leaves the focus, and with it all keys, on the image.
    button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
    button.setAccessibleName(f"Your call: {text.lower()}")
    button.setToolTip(action.toolTip())
    button.clicked.connect(action.trigger)
    return button


def _tool(action: QAction) -> QToolButton:
    button = QToolButton()
    button.setDefaultAction(action)
    button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonIconOnly)
    button.setAccessibleName(action.text().replace("&", ""))
    button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
    return button
