"""The dialog with the licences of everything inside."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from PySide6.QtWidgets import QPushButton, QWidget

from deeppneumo_gui.about import components as components_module
from deeppneumo_gui.about import licences_dialog
from deeppneumo_gui.about.components import LIST_NAME, Component
from deeppneumo_gui.about.licences_dialog import LicencesDialog, show_licences
from deeppneumo_gui.model.dialogs import show_about


@pytest.fixture
def parent(qtbot: Any) -> QWidget:
    widget = QWidget()
    qtbot.addWidget(widget)
    return widget


def test_the_dialog_shows_the_text_of_the_chosen_library(qtbot: Any, parent: QWidget, tmp_path: Path) -> None:
    one, two = tmp_path / "LICENSE", tmp_path / "01-NOTICE"
    one.write_text("the first text")
    two.write_text("the second text")
    shown = [
        Component("alpha", "1.0", "MIT", (one,)),
        Component("beta", "2.0", "", (one, two, tmp_path / "missing")),
        Component("gamma", "3.0", "BSD", ()),
    ]
    dialog = LicencesDialog(shown, parent)
    assert [dialog.list.item(row).text() for row in range(3)] == ["alpha 1.0", "beta 2.0", "gamma 3.0"]
    assert dialog.text.toPlainText() == "the first text"
    assert dialog.caption.text() == "alpha 1.0, licence: MIT"
    dialog.list.setCurrentRow(1)
    assert "---- LICENSE ----\n\nthe first text" in dialog.text.toPlainText()
    assert "---- NOTICE ----\n\nthe second text" in dialog.text.toPlainText()
    dialog.list.setCurrentRow(2)
    assert dialog.text.toPlainText() == "The text of this licence was not installed with the library."
    assert dialog.text.isReadOnly()


@pytest.mark.parametrize("damage", ["", "[{}]", "{"])
def test_a_damaged_list_is_a_sentence(
    qtbot: Any, parent: QWidget, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, damage: str
) -> None:
    (tmp_path / LIST_NAME).write_text(damage)
    monkeypatch.setattr(components_module, "asset", lambda *parts: tmp_path / parts[-1])
    dialog = show_licences(parent)
    assert dialog.text.toPlainText() == licences_dialog._NO_LIST
    dialog.close()


def test_the_page_about_the_program_leads_to_the_licences(qtbot: Any, parent: QWidget) -> None:
    about = show_about(parent, None)
    (button,) = (button for button in about.findChildren(QPushButton) if button.text() == "&Licences")
    button.click()
    (dialog,) = about.findChildren(LicencesDialog)
    names = [dialog.list.item(row).text().split()[0] for row in range(dialog.list.count())]
    assert names[0] == "DeepPneumo"
    assert names[1:] == sorted(names[1:], key=str.casefold)
    assert dialog.text.toPlainText().startswith("MIT License")
    assert "Licence: MIT." in about.page.toPlainText()
    assert {"numpy", "onnxruntime", "PySide6_Essentials", "Python"} <= set(names)
    about.close()
