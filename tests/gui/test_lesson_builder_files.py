"""Lessons come out of files and go into them; nothing of them is lost, and no answer is shown unasked."""

from __future__ import annotations

import shutil
import zipfile
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QMimeData, QPoint, QPointF, QSettings, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import QApplication, QDialog, QDialogButtonBox, QLabel, QMessageBox, QWidget

from core.teaching.lesson_file import read_lesson, write_lesson
from deeppneumo_gui.actions import ActionId
from deeppneumo_gui.settings import Settings
from deeppneumo_gui.teaching import lesson_finding, lesson_opening, lesson_saving
from deeppneumo_gui.teaching.lesson_dialogs import LessonDoor, SavingDialog
from deeppneumo_gui.window import MainWindow
from tests.core.teaching.lessons import SECRETS, make_item, make_lesson, write_radiographs
from tests.gui.fakes import Fakes
from tests.gui.lesson_helpers import build, label_all, names, never_ask, open_real, save_at, trigger

__all__ = ["never_ask", "open_real"]
Open = Callable[..., MainWindow]


@pytest.fixture
def lesson_path(tmp_path: Path) -> Path:
    """A lesson of three radiographs that it brings along, in a folder where those do not lie."""
    folder = tmp_path / "elsewhere"
    folder.mkdir()
    found = write_radiographs(folder, 3)
    lesson = make_lesson([make_item(n, content=content) for n, content in enumerate(found)])
    target = tmp_path / "received"
    target.mkdir()
    write_lesson(target / "chests.deeplesson", lesson, found)
    shutil.rmtree(folder)
    return target / "chests.deeplesson"


def door_of(window: MainWindow, qtbot: Any) -> LessonDoor:
    qtbot.waitUntil(lambda: window.lessons.opening.door is not None)
    door = window.lessons.opening.door
    assert door is not None
    return door


def edit(window: MainWindow, qtbot: Any) -> None:
    door_of(window, qtbot).edit.click()
    qtbot.waitUntil(lambda: window.lessons.document.lesson is not None)


def texts(root: QWidget) -> str:
    return " ".join(f"{widget.text()} {widget.toolTip()}" for widget in root.findChildren(QLabel))


# Saving


def test_a_lesson_is_saved_without_radiographs_and_then_in_place(
    open_real: Open, qtbot: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    window = open_real(3)
    build(window, qtbot, "Ten: chests?")
    suggested: list[str] = []

    def ask(parent: QWidget, title: str, stem: str, suffix: str) -> Path:
        suggested.append(f"{stem}.{suffix}")
        return tmp_path / "saved.deeplesson"

    monkeypatch.setattr(lesson_saving, "ask_document_file", ask)
    monkeypatch.setattr(SavingDialog, "exec", lambda self: QDialog.DialogCode.Accepted)
    with qtbot.waitSignal(window.exports.background.ended):
        trigger(window, ActionId.SAVE_LESSON)
    assert suggested == ["Ten chests.deeplesson"]
    file = read_lesson(tmp_path / "saved.deeplesson")
    assert (file.lesson, file.included) == (window.lessons.document.lesson, frozenset())
    assert window.message.words.text() == "The lesson was saved: saved.deeplesson."
    assert not window.actions_by_id[ActionId.SAVE_LESSON].isEnabled()
    trigger(window, ActionId.TAKE_OUT)
    with qtbot.waitSignal(window.exports.background.ended):
        trigger(window, ActionId.SAVE_LESSON)
    assert len(read_lesson(tmp_path / "saved.deeplesson").lesson.items) == 2
    assert suggested == ["Ten chests.deeplesson"]
    assert (tmp_path / "saved.deeplesson",) in window.opening.openings


def test_radiographs_go_along_only_under_a_licence(
    open_real: Open, qtbot: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    window = open_real(3)
    build(window, qtbot)
    target = tmp_path / "whole.deeplesson"
    monkeypatch.setattr(lesson_saving, "ask_document_file", lambda *asked: target)

    def fill_in(dialog: SavingDialog) -> QDialog.DialogCode:
        button = dialog.buttons.button(QDialogButtonBox.StandardButton.Ok)
        assert button.isEnabled()
        dialog.include.setChecked(True)
        assert not button.isEnabled()
        assert "licence" in dialog.words.text()
        dialog.licence.setText("CC BY 4.0")
        assert button.isEnabled()
        return QDialog.DialogCode.Accepted

    monkeypatch.setattr(SavingDialog, "exec", fill_in)
    with qtbot.waitSignal(window.exports.background.ended):
        trigger(window, ActionId.SAVE_LESSON_AS)
    file = read_lesson(target)
    assert file.lesson.licence == "CC BY 4.0"
    assert len(file.included) == 3
    assert b"Secretname" not in target.read_bytes()
    trigger(window, ActionId.TAKE_OUT)
    with qtbot.waitSignal(window.exports.background.ended):
        trigger(window, ActionId.SAVE_LESSON)
    assert len(read_lesson(target).included) == 2


def test_a_lesson_that_cannot_be_written_stays_unsaved(open_real: Open, qtbot: Any, tmp_path: Path) -> None:
    window = open_real(2)
    build(window, qtbot)
    save_at(window, qtbot, tmp_path / "nowhere" / "x.deeplesson")
    assert window.lessons.document.unsaved
    assert "nowhere" not in window.message.words.text()
    inputs = window.session.worklist.cases()[0].path
    save_at(window, qtbot, inputs)
    assert "radiographs" in window.message.words.text()


def test_closing_asks_for_what_is_not_saved(
    open_real: Open, qtbot: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    window = open_real(2)
    build(window, qtbot)
    buttons = QMessageBox.StandardButton
    with monkeypatch.context() as patch:
        patch.setattr(lesson_saving, "ask_unsaved", lambda *asked: buttons.Cancel)
        assert not window.close()
        assert window.isVisible()
        assert window.lessons.document.unsaved
    with monkeypatch.context() as patch:
        patch.setattr(lesson_saving, "ask_unsaved", lambda *asked: buttons.Save)
        patch.setattr(lesson_saving, "ask_document_file", lambda *asked: tmp_path / "last.deeplesson")
        patch.setattr(SavingDialog, "exec", lambda self: QDialog.DialogCode.Accepted)
        assert not window.close()
        qtbot.waitUntil(lambda: window.closing)
    assert len(read_lesson(tmp_path / "last.deeplesson").lesson.items) == 2
    assert not window.isVisible()


def test_a_saved_lesson_is_closed_without_a_question(
    open_real: Open, qtbot: Any, tmp_path: Path, never_ask: list[str]
) -> None:
    window = open_real(2)
    build(window, qtbot)
    save_at(window, qtbot, tmp_path / "x.deeplesson")
    trigger(window, ActionId.CLOSE_LESSON)
    assert never_ask == []
    assert window.lessons.document.lesson is None
    assert not window.lesson_dock.isVisible()


# Opening


@pytest.mark.parametrize("way", ["command line", "drop", "file menu", "recent", "second start"])
def test_a_lesson_opens_in_every_way_and_shows_no_answer_unasked(
    window: MainWindow, qtbot: Any, lesson_path: Path, way: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    if way == "command line":
        window.start([lesson_path])
    elif way == "drop":
        window.start()
        data = QMimeData()
        data.setUrls([QUrl.fromLocalFile(str(lesson_path))])
        args = (Qt.DropAction.CopyAction, data, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier)
        QApplication.sendEvent(window, QDragEnterEvent(QPoint(5, 5), *args))
        QApplication.sendEvent(window, QDropEvent(QPointF(5, 5), *args))
    elif way == "file menu":
        window.start()
        monkeypatch.setattr(lesson_opening, "ask_lesson_file", lambda *asked: lesson_path)
        trigger(window, ActionId.OPEN_LESSON)
    elif way == "recent":
        window.start()
        window.opening.open_again([lesson_path])
    else:
        window.start()
        QApplication.instance().files_requested.emit([lesson_path])  # type: ignore[union-attr]
    door = door_of(window, qtbot)
    assert "Reading the chest of a child" in texts(door)
    assert "3 cases, by Dr. Ada Example" in texts(door)
    assert not any(word in texts(door) for word in SECRETS)
    assert not any(word in texts(window) for word in SECRETS[4:])
    assert window.lessons.document.lesson is None
    assert window.session.worklist.cases() == ()
    assert (lesson_path,) in window.opening.openings
    door.reject()
    assert window.lessons.document.lesson is None


def test_a_lesson_is_edited_where_its_radiographs_do_not_lie(
    window: MainWindow, qtbot: Any, lesson_path: Path, never_ask: list[str]
) -> None:
    window.start([lesson_path])
    edit(window, qtbot)
    qtbot.waitUntil(lambda: len(window.session.worklist.cases()) == 3)
    assert names(window) == ["Lesson case 1.jpg", "Lesson case 2.jpg", "Lesson case 3.jpg"]
    folders = {case.path.parent for case in window.session.worklist.cases()}
    assert not window.lessons.document.unsaved
    assert window.lessons.opening.missing == frozenset()
    qtbot.waitUntil(lambda: window.lessons.cursor.on_screen)
    window.lessons.cursor.go(2)
    assert window.lessons.cursor.on_screen
    trigger(window, ActionId.ITEM_UP)
    with qtbot.waitSignal(window.exports.background.ended):
        trigger(window, ActionId.SAVE_LESSON)
    assert len(read_lesson(lesson_path).included) == 3
    window.close()
    assert not any(folder.exists() for folder in folders)


def test_missing_radiographs_are_counted_and_looked_for(
    window: MainWindow, qtbot: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "originals" / "deep"
    folder.mkdir(parents=True)
    found = write_radiographs(folder, 3)
    path = tmp_path / "mail" / "x.deeplesson"
    path.parent.mkdir()
    write_lesson(path, make_lesson([make_item(n, content=content) for n, content in enumerate(found)]))
    window.start([path])
    door = door_of(window, qtbot)
    assert "None of its radiographs is on this computer." in texts(door)
    assert not door.read.isEnabled()
    edit(window, qtbot)
    view = window.lessons.panel.view
    assert view is not None
    assert view.missing.text() == "3 radiographs are not on this computer."
    assert window.actions_by_id[ActionId.READ_LESSON].statusTip() == (
        "None of its radiographs is on this computer."
    )
    monkeypatch.setattr(lesson_opening, "ask_search_folder", lambda *asked: tmp_path / "mail")
    view.look.click()
    qtbot.waitUntil(lambda: "None of the missing" in window.message.words.text())
    monkeypatch.setattr(lesson_opening, "ask_search_folder", lambda *asked: tmp_path / "originals")
    view.look.click()
    qtbot.waitUntil(lambda: len(window.session.worklist.cases()) == 3)
    assert window.message.words.text() == "All missing radiographs were found."
    assert not view.missing.isVisible()
    assert window.actions_by_id[ActionId.READ_LESSON].isEnabled()


def test_radiographs_beside_the_lesson_and_in_the_worklist_are_found(
    open_real: Open, qtbot: Any, tmp_path: Path
) -> None:
    window = open_real(2)
    listed = {case.path for case in window.session.worklist.cases()}
    build(window, qtbot)
    save_at(window, qtbot, tmp_path / "x.deeplesson")
    trigger(window, ActionId.CLOSE_LESSON)
    window.lessons.places.__init__()  # type: ignore[misc]
    window.opening.open([tmp_path / "x.deeplesson"])
    edit(window, qtbot)
    assert window.lessons.opening.missing == frozenset()
    assert {case.path for case in window.session.worklist.cases()} == listed


def hostile(path: Path, kind: str) -> None:
    match kind:
        case "missing":
            pass
        case "no zip":
            path.write_bytes(b"not a lesson" * 50)
        case "outside":
            with zipfile.ZipFile(path, "w") as archive:
                archive.writestr("lesson.json", b"{}")
                archive.writestr("../../evil", b"x")
        case "bomb":
            with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
                archive.writestr("lesson.json", b"0" * 10_000_000)
                archive.writestr("answers", b"x")


@pytest.mark.parametrize(
    ("kind", "words"),
    [
        ("missing", "The lesson was not found."),
        ("no zip", "This file is not a lesson of this program."),
        ("outside", "The lesson holds files that do not belong in it."),
        ("bomb", "The lesson is compressed or encrypted, which this program does not accept."),
    ],
)
def test_a_damaged_or_hostile_lesson_is_refused_in_a_sentence(
    window: MainWindow, qtbot: Any, tmp_path: Path, kind: str, words: str
) -> None:
    hostile(tmp_path / "x.deeplesson", kind)
    window.start([tmp_path / "x.deeplesson"])
    qtbot.waitUntil(lambda: window.message.words.text() == words)
    assert window.lessons.opening.door is None
    assert not (tmp_path.parent / "evil").exists()


def test_texts_of_a_lesson_are_not_read_as_markup(window: MainWindow, qtbot: Any, tmp_path: Path) -> None:
    lesson = replace(make_lesson([make_item()]), title="<b>Bold</b>", introduction="<img src='x'>")
    write_lesson(tmp_path / "x.deeplesson", lesson)
    window.start([tmp_path / "x.deeplesson"])
    door = door_of(window, qtbot)
    labels = [label for label in door.findChildren(QLabel) if "<" in label.text()]
    assert len(labels) == 2
    assert {label.textFormat() for label in labels} == {Qt.TextFormat.PlainText}


# Drafts


@pytest.fixture
def with_drafts(qtbot: Any, fakes: Fakes, settings_file: Path, tmp_path: Path, no_thread_left: None) -> Any:
    """Makes windows that keep drafts; `crash` ends the last one without a question or a chance to tidy up."""
    windows: list[MainWindow] = []

    def make() -> MainWindow:
        store = QSettings(str(settings_file), QSettings.Format.IniFormat)
        window = MainWindow()
        window.fill(fakes.services(), Settings(store), None, tmp_path / "drafts")
        windows.append(window)
        window.show()
        return window

    yield make
    for window in windows:
        window._end()
        window.deleteLater()
    QApplication.sendPostedEvents(None, 52)  # QEvent.DeferredDelete


def drafted(window: MainWindow, qtbot: Any, tmp_path: Path) -> Path:
    """Build a lesson, and wait until its draft is kept."""
    folder = tmp_path / "radiographs"
    folder.mkdir(exist_ok=True)
    window.start(list(write_radiographs(folder, 2).values()))
    qtbot.waitUntil(lambda: len(window.session.worklist.cases()) == 2)
    label_all(window)
    build(window, qtbot, "Kept from the crash")
    window.lessons.saving.keep_draft()
    lesson = window.lessons.document.lesson
    assert lesson is not None
    path = tmp_path / "drafts" / f"{lesson.lesson_id}.deeplesson"
    qtbot.waitUntil(path.exists)
    return path


def test_an_unsaved_lesson_outlives_a_crash(with_drafts: Any, qtbot: Any, tmp_path: Path) -> None:
    first = with_drafts()
    path = drafted(first, qtbot, tmp_path)
    second = with_drafts()
    second.start()
    qtbot.waitUntil(lambda: second.lessons.desk._errands.busy)
    assert second.lessons.opening.offer is None, "the first window is still at it"
    first._end()
    third = with_drafts()
    third.start()
    qtbot.waitUntil(lambda: third.lessons.opening.offer is not None)
    offer = third.lessons.opening.offer
    assert offer is not None
    assert "Kept from the crash" in offer.words.text()
    offer.take_up.click()
    qtbot.waitUntil(lambda: third.lessons.document.lesson is not None)
    assert third.lessons.document.lesson == first.lessons.document.lesson
    assert third.lessons.document.unsaved
    qtbot.waitUntil(lambda: len(third.session.worklist.cases()) == 2)
    save_at(third, qtbot, tmp_path / "safe.deeplesson")
    qtbot.waitUntil(lambda: not path.exists())


def test_a_draft_that_is_declined_is_deleted(with_drafts: Any, qtbot: Any, tmp_path: Path) -> None:
    first = with_drafts()
    path = drafted(first, qtbot, tmp_path)
    first._end()
    second = with_drafts()
    second.start()
    qtbot.waitUntil(lambda: second.lessons.opening.offer is not None)
    second.lessons.opening.offer.discard.click()
    qtbot.waitUntil(lambda: not path.exists())
    assert second.lessons.document.lesson is None


def test_forgetting_everything_deletes_drafts(with_drafts: Any, qtbot: Any, tmp_path: Path) -> None:
    first = with_drafts()
    path = drafted(first, qtbot, tmp_path)
    first._end()
    second = with_drafts()
    second.start()
    qtbot.waitUntil(lambda: second.lessons.opening.offer is not None)
    second.lessons.forget()
    qtbot.waitUntil(lambda: not path.exists())


def test_what_was_opened_from_a_file_is_recovered_with_it(
    open_real: Open, qtbot: Any, tmp_path: Path, lesson_path: Path
) -> None:
    file = read_lesson(lesson_path)
    write_lesson(tmp_path / "draft.deeplesson", file.lesson.without(0))
    draft = read_lesson(tmp_path / "draft.deeplesson")
    opened = lesson_finding.recover(draft, (), (tmp_path / "other.deeplesson", lesson_path), lambda: False)
    assert opened.file is not None
    assert (opened.file.path, opened.missing, opened.draft) == (lesson_path, 0, True)
