"""Where the truth is read, what becomes of contradictions, and that it can be undone."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialogButtonBox

from core.truth import read_table
from deeppneumo_gui.actions import ActionId
from deeppneumo_gui.truth.controller import REMOVED
from deeppneumo_gui.truth.findings_dialog import MOST_ROWS, FindingsDialog
from deeppneumo_gui.truth.table_dialog import TableDialog
from deeppneumo_gui.window import MainWindow
from tests.gui.conftest import finished

CSV = """image;finding;aetiology
a.png;sick;Virus
b.png;healthy;
c.png;sick;unclear
gone.png;sick;
b.png;sick;Virus
"""


@pytest.fixture
def foldered(window: MainWindow, qtbot: Any) -> MainWindow:
    """Two normal, one viral by its name, one contradictory, one of which nothing is said."""
    names = (
        "NORMAL/a.png",
        "NORMAL/b.png",
        "PNEUMONIA/person1_virus_6.jpeg",
        "PNEUMONIA/IM-0115-0001.jpeg",
        "c.png",
    )
    window.start([Path("/set") / name for name in names])
    qtbot.waitUntil(lambda: finished(window))
    return window


def words(window: MainWindow) -> list[str]:
    cases = window.session.worklist.cases()
    return ["-" if case.truth is None else case.truth.word for case in cases]


def run(window: MainWindow, action: ActionId, qtbot: Any) -> None:
    with qtbot.waitSignal(window.truth._answered):
        window.actions_by_id[action].trigger()


def test_from_folder_names(foldered: MainWindow, qtbot: Any) -> None:
    run(foldered, ActionId.TRUTH_FROM_FOLDERS, qtbot)
    assert words(foldered) == ["normal", "normal", "viral", "-", "-"]
    sentence = foldered.message.words.text()
    assert sentence == (
        "The truth of 3 images was found in the folder names: 2 normal, 1 pneumonia "
        "(1 contradictory, 1 of which nothing is said)."
    )
    dialog = foldered.truth.dialog
    assert isinstance(dialog, FindingsDialog)
    cells = [[dialog.table.item(row, column).text() for column in (0, 1)] for row in range(2)]
    assert cells == [
        ["IM-0115-0001.jpeg", "Its folders or its name say both normal and pneumonia."],
        ["c.png", "Nothing is said of it."],
    ]
    dialog.close()


def test_hidden_identities_stay_hidden_in_the_list(foldered: MainWindow, qtbot: Any) -> None:
    foldered.actions_by_id[ActionId.HIDE_IDENTITIES].trigger()
    run(foldered, ActionId.TRUTH_FROM_NAMES, qtbot)
    assert words(foldered) == ["-", "-", "viral", "normal", "-"]
    dialog = foldered.truth.dialog
    assert dialog is not None
    assert [dialog.table.item(row, 0).text() for row in range(3)] == ["Case 1", "Case 2", "Case 5"]
    dialog.close()


def test_labelling_can_be_undone_and_taken_off(foldered: MainWindow, qtbot: Any) -> None:
    run(foldered, ActionId.TRUTH_FROM_FOLDERS, qtbot)
    labelled = words(foldered)
    run(foldered, ActionId.TRUTH_FROM_NAMES, qtbot)
    assert words(foldered)[3] == "normal"
    undo, redo = (foldered.actions_by_id[name] for name in (ActionId.UNDO, ActionId.REDO))
    assert undo.text() == "&Undo truth from file names"
    undo.trigger()
    assert words(foldered) == labelled
    foldered.actions_by_id[ActionId.REMOVE_TRUTH].trigger()
    assert (words(foldered), foldered.message.words.text()) == (["-"] * 5, REMOVED)
    undo.trigger()
    assert words(foldered) == labelled
    redo.trigger()
    assert words(foldered) == ["-"] * 5


def test_nothing_found_says_so_and_changes_nothing(open_files: Callable[..., MainWindow], qtbot: Any) -> None:
    window = open_files("a.png", "b.png")
    run(window, ActionId.TRUTH_FROM_NAMES, qtbot)
    assert window.message.words.text() == "No truth was found in the file names (2 of which nothing is said)."
    assert not window.actions_by_id[ActionId.UNDO].isEnabled()
    assert window.truth.dialog is None


def test_labels_are_kept_by_the_memory(
    foldered: MainWindow, qtbot: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    kept: dict[str, str | None] = {}

    def keep(truths: Any) -> None:
        kept.update({path.name: truth and truth.word for path, truth in truths.items()})

    monkeypatch.setattr(foldered.session.memory, "set_truths", keep)
    run(foldered, ActionId.TRUTH_FROM_FOLDERS, qtbot)
    assert kept == {"a.png": "normal", "b.png": "normal", "person1_virus_6.jpeg": "viral"}
    foldered.actions_by_id[ActionId.UNDO].trigger()
    assert set(kept.values()) == {None}


@pytest.fixture
def table(tmp_path: Path) -> Path:
    path = tmp_path / "labels.csv"
    path.write_text(CSV)
    return path


def test_a_table_is_explained_and_previewed(foldered: MainWindow, table: Path, qtbot: Any) -> None:
    paths = [case.path for case in foldered.session.worklist.cases()]
    dialog = TableDialog(read_table(table), paths, foldered, hidden=False)
    qtbot.addWidget(dialog)
    use = dialog.buttons.button(QDialogButtonBox.StandardButton.Ok)
    # Nothing is guessed of words that are not plain.
    assert (dialog.meanings["sick"].currentData(), use.isEnabled()) == (None, False)
    choose(dialog, "sick", "pneumonia")
    choose(dialog, "healthy", "normal")
    dialog.refresh()
    assert dialog.summary.text() == (
        "The truth of 2 images was found in the table: 0 normal, 2 pneumonia "
        "(1 contradictory, 2 of which nothing is said, 1 only in the table)."
    )
    assert [dialog.preview.item(0, column).text() for column in range(3)] == ["a.png", "sick, Virus", "viral"]
    # Another column asks for other words, and what was said before is not forgotten.
    dialog.label.setCurrentIndex(2)
    assert "sick" not in dialog.meanings
    dialog.label.setCurrentIndex(1)
    assert dialog.meanings["sick"].currentData() == "pneumonia"


def choose(dialog: TableDialog, word: str, meaning: str) -> None:
    field = dialog.meanings[word]
    field.setCurrentIndex(field.findData(meaning))


def test_from_a_table(foldered: MainWindow, table: Path, qtbot: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("deeppneumo_gui.truth.controller.ask_table", lambda _: table)

    def explain(dialog: TableDialog) -> int:
        choose(dialog, "sick", "pneumonia")
        dialog.accept()
        return dialog.result()

    monkeypatch.setattr(TableDialog, "exec", explain)
    run(foldered, ActionId.TRUTH_FROM_TABLE, qtbot)
    # Nothing was said of "healthy", so nothing contradicts the line that calls b sick.
    assert words(foldered) == ["viral", "viral", "-", "-", "pneumonia"]
    dialog = foldered.truth.dialog
    assert dialog is not None
    rows = range(dialog.table.rowCount())
    assert [dialog.table.item(row, 1).text() for row in rows][-1] == "Is in the table, but not in the list."
    dialog.close()


def test_a_table_under_hidden_identities_shows_no_names(
    foldered: MainWindow, table: Path, qtbot: Any
) -> None:
    dialog = TableDialog(read_table(table), [], foldered, hidden=True)
    qtbot.addWidget(dialog)
    rows = range(dialog.preview.rowCount())
    assert [dialog.preview.item(row, 0).text() for row in rows] == [f"Line {row + 2}" for row in rows]


def test_a_file_that_is_no_table_is_refused_in_a_sentence(
    foldered: MainWindow, tmp_path: Path, qtbot: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "picture.csv"
    path.write_bytes(b"\x89PNG\0\0")
    monkeypatch.setattr("deeppneumo_gui.truth.controller.ask_table", lambda _: path)
    run(foldered, ActionId.TRUTH_FROM_TABLE, qtbot)
    assert foldered.message.words.text() == "This file is no table in CSV form."


def test_a_long_list_is_cut_and_counted(window: MainWindow, qtbot: Any) -> None:
    rows = [(f"{number}.png", "Nothing is said of it.") for number in range(MOST_ROWS + 5)]
    dialog = FindingsDialog("Summary.", rows, window)
    qtbot.addWidget(dialog)
    assert dialog.table.rowCount() == MOST_ROWS
    qtbot.keyClick(dialog, Qt.Key.Key_Escape)
    assert not dialog.isVisible()


def test_without_images_there_is_nothing_to_label(window: MainWindow) -> None:
    names = (ActionId.TRUTH_FROM_FOLDERS, ActionId.TRUTH_FROM_TABLE, ActionId.REMOVE_TRUTH)
    assert not any(window.actions_by_id[name].isEnabled() for name in names)


def open_more(window: MainWindow, qtbot: Any, *names: str) -> None:
    """Open files beside those that are listed, and wait for the word about their truth where there is a rule."""
    listed = window.session.worklist.rowCount()
    window.opening.open([Path("/set") / name for name in names])
    qtbot.waitUntil(lambda: window.session.worklist.rowCount() == listed + len(names) and finished(window))


def open_labelled(window: MainWindow, qtbot: Any, *names: str) -> None:
    with qtbot.waitSignal(window.truth._new_read):
        open_more(window, qtbot, *names)


def test_what_is_opened_later_is_labelled_by_the_same_rule(foldered: MainWindow, qtbot: Any) -> None:
    run(foldered, ActionId.TRUTH_FROM_FOLDERS, qtbot)
    assert foldered.truth.dialog is not None
    foldered.truth.dialog.close()
    open_labelled(foldered, qtbot, "NORMAL/d.png", "PNEUMONIA/person2_bacteria_3.jpeg", "e.png")
    assert words(foldered)[5:] == ["normal", "bacterial", "-"]
    # Which label a single image got is told to nobody who reads blind, and nothing pops up unasked.
    assert foldered.message.words.text() == (
        "2 more images were labelled from the folder names (1 of which nothing is said)."
    )
    assert foldered.truth.dialog is None


def test_undo_takes_the_labels_of_what_was_opened_later_off_too(foldered: MainWindow, qtbot: Any) -> None:
    run(foldered, ActionId.TRUTH_FROM_FOLDERS, qtbot)
    open_labelled(foldered, qtbot, "NORMAL/d.png")
    undo, redo = (foldered.actions_by_id[name] for name in (ActionId.UNDO, ActionId.REDO))
    undo.trigger()
    assert words(foldered) == ["-"] * 6
    open_more(foldered, qtbot, "NORMAL/f.png")
    assert words(foldered)[6] == "-"
    redo.trigger()
    assert words(foldered)[5:] == ["normal", "-"]
    open_labelled(foldered, qtbot, "NORMAL/g.png")
    assert words(foldered)[7] == "normal"
    foldered.actions_by_id[ActionId.REMOVE_TRUTH].trigger()
    open_more(foldered, qtbot, "NORMAL/h.png")
    assert words(foldered) == ["-"] * 9


def test_an_emptied_list_begins_without_a_rule(foldered: MainWindow, qtbot: Any) -> None:
    run(foldered, ActionId.TRUTH_FROM_FOLDERS, qtbot)
    foldered.actions_by_id[ActionId.CLEAR].trigger()
    open_more(foldered, qtbot, "NORMAL/d.png")
    open_more(foldered, qtbot, "NORMAL/e.png")
    assert words(foldered) == ["-", "-"]


def test_a_name_that_has_become_ambiguous_is_not_guessed_from_a_table(
    foldered: MainWindow, table: Path, qtbot: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("deeppneumo_gui.truth.controller.ask_table", lambda _: table)

    def explain(dialog: TableDialog) -> int:
        choose(dialog, "sick", "pneumonia")
        dialog.accept()
        return dialog.result()

    monkeypatch.setattr(TableDialog, "exec", explain)
    run(foldered, ActionId.TRUTH_FROM_TABLE, qtbot)
    open_labelled(foldered, qtbot, "elsewhere/a.png", "elsewhere/gone.png")
    assert words(foldered)[5:] == ["-", "pneumonia"]
