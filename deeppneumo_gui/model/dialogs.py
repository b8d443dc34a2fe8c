"""The pages behind Help, and the question which bundle to open."""

from __future__ import annotations

import platform
from collections.abc import Callable
from pathlib import Path
from typing import Final

import PySide6
from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QDialog,
    QDialogButtonBox,
    QFileDialog,
    QPushButton,
    QTextBrowser,
    QVBoxLayout,
    QWidget,
)

from core.engine.card import Card
from core.notice import NOTICE
from core.version import VERSION
from deeppneumo_gui.first_size import open_at
from deeppneumo_gui.model.card_browser import CardBrowser
from deeppneumo_gui.model.card_page import card_page
from deeppneumo_gui.model.shipped_card import shipped_card

_BUNDLES: Final = "Model bundles (*.bundle);;All files (*)"
_LIBRARIES: Final = ("onnxruntime", "numpy", "Pillow", "pydicom")


class PageDialog(QDialog):
    """A page to read, select and copy; the window behind it stays usable.

    Parameters
    ----------
    title : str
    content : str or QTextBrowser
        HTML, or a browser that shows its page already.
    """

    def __init__(self, title: str, content: str | QTextBrowser, parent: QWidget) -> None:
        super().__init__(parent)
        self.setWindowTitle(title)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.page = content if isinstance(content, QTextBrowser) else QTextBrowser()
        self.page.setAccessibleName(title)
        # Nothing on a page leads anywhere, and a card could name any address.
        self.page.setOpenLinks(False)
        flag = Qt.TextInteractionFlag
        self.page.setTextInteractionFlags(flag.TextSelectableByMouse | flag.TextSelectableByKeyboard)
        self.page.setCursorWidth(0)
        self.page.document().setDocumentMargin(12)
        if isinstance(content, str):
            self.page.setHtml(content)
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close)
        buttons.rejected.connect(self.reject)
        column = QVBoxLayout(self)
        column.addWidget(self.page, 1)
        column.addWidget(buttons)
        self._buttons = buttons

    def offer(self, text: str, action: Callable[[QWidget], object]) -> QPushButton:
        """Add a button that does something for this page."""
        button = self._buttons.addButton(text, QDialogButtonBox.ButtonRole.ActionRole)
        button.setAutoDefault(False)
        button.clicked.connect(lambda: action(self))
        return button


def show_card(parent: QWidget, card: Card) -> PageDialog:
    """Open the card of a model: the full one where it comes with the program, else what the bundle says."""
    path = shipped_card(card)
    dialog = PageDialog("Model card", card_page(card) if path is None else CardBrowser(path), parent)
    open_at(dialog, 820, 680)
    dialog.show()
    return dialog


def show_about(parent: QWidget, card: Card | None) -> PageDialog:
    """Open the page about the program."""
    dialog = PageDialog("About DeepPneumo", about_page(card), parent)
    from deeppneumo_gui.about.licences_dialog import show_licences

    dialog.offer("&Licences", show_licences)
    open_at(dialog, 520, 420)
    dialog.show()
    return dialog


def about_page(card: Card | None) -> str:
    """Return what the program is, and which versions of what it runs."""
    from html import escape

    model = "none is loaded" if card is None else escape(f"{card.title}, {card.date}")
    rows = [("DeepPneumo", VERSION), ("Python", platform.python_version()), ("PySide6", PySide6.__version__)]
    from deeppneumo_gui.about.components import LICENCE
    from deeppneumo_gui.about.licences_dialog import shipped_components

    known = {component.name.lower(): component.version for component in shipped_components()}
    rows += [(name, known[name.lower()]) for name in _LIBRARIES if name.lower() in known]
    table = "".join(f"<tr><td>{name}</td><td>{number}</td></tr>" for name, number in rows)
    return (
        f"<h2>DeepPneumo {VERSION}</h2>"
        "<p>Views chest radiographs with the scores and heatmaps of a neural network, for teaching and "
        "research.</p>"
        f"<p><b>{escape(NOTICE)}.</b> It is not a medical device.</p>"
        f"<p>Model: {model}</p>"
        f"<p>Licence: {LICENCE}. Its libraries have licences of their own.</p>"
        f'<table cellpadding="4" cellspacing="0">{table}</table>'
    )


def ask_bundle(parent: QWidget) -> Path | None:
    """Ask for a model bundle; None when the reader thinks better of it."""
    name, _ = QFileDialog.getOpenFileName(parent, "Open a model bundle", "", _BUNDLES)
    return Path(name) if name else None
