"""What the window remembers: results before they are shown, judgements, and a word when it cannot."""

from __future__ import annotations

import sqlite3
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
import shiboken6
from PySide6.QtCore import QSettings
from PySide6.QtWidgets import QApplication

import core.store.recognition as recognition_module
import deeppneumo_gui.store.controller as controller_module
import deeppneumo_gui.store.judgements as judgements_module
import deeppneumo_gui.store.memory as memory_module
import deeppneumo_gui.store.truths as truths_module
from core.errors import StoreError
from core.store.content import Picture, content_hash
from core.store.judgement import Judgement
from core.store.store import Store
from core.truth.truth import Truth
from deeppneumo_gui.actions import ActionId
from deeppneumo_gui.cases import CaseState
from deeppneumo_gui.settings import Settings
from deeppneumo_gui.store.controller import FORGOTTEN
from deeppneumo_gui.store.memory import KEPT_AGAIN
from deeppneumo_gui.store.messages import Recollection
from deeppneumo_gui.store.offer import OFFER
from deeppneumo_gui.store.truths import StoredTruths
from deeppneumo_gui.window import MainWindow
from tests.gui.conftest import case_named, finished
from tests.gui.fakes import Fakes


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    folder = tmp_path / "val"
    folder.mkdir()
    for name in ("a.png", "b.png", "c.png", "broken.png", "blank.png"):
        (folder / name).write_bytes(f"the content of {name}".encode())
    return folder


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "data" / "reviews.sqlite"


@pytest.fixture
def start(
    qtbot: Any,
    fakes: Fakes,
    settings_file: Path,
    path: Path,
    folder: Path,
    no_qt_warnings: None,
    no_thread_left: None,
) -> Iterator[Callable[..., MainWindow]]:
    """Starts a window with a store on some files, `val` by default; `end` ends it."""
    windows: list[MainWindow] = []
    fakes.folders["val"] = sorted(folder.iterdir())

    def start_(*paths: Path, opener: Any = None, wait: Callable[[MainWindow], bool] = finished) -> MainWindow:
        settings = Settings(QSettings(str(settings_file), QSettings.Format.IniFormat))
        window = MainWindow(fakes.services(), settings, opener or (lambda tell: Store(path, on_trouble=tell)))
        windows.append(window)
        window.show()
        window.start(paths or [folder])
        qtbot.waitUntil(lambda: wait(window))
        return window

    yield start_
    fakes.scoring.open()
    fakes.reading.open()
    for window in windows:
        if shiboken6.isValid(window):
            end(window)
    QApplication.sendPostedEvents(None, 52)  # QEvent.DeferredDelete


def end(window: MainWindow) -> None:
    window.close()
    window.deleteLater()


def table(window: MainWindow) -> list[tuple[object, ...]]:
    return [
        (case.path.name, case.state, case.score, case.reason, case.judgement)
        for case in window.session.worklist.cases()
    ]


def test_a_scored_folder_opens_with_its_results_and_nothing_is_scored(
    start: Callable[..., MainWindow], fakes: Fakes
) -> None:
    fakes.scores = {"a.png": 0.1, "b.png": 0.7}
    first = start()
    before = table(first)
    end(first)
    fakes.scored.clear()
    fakes.read.clear()
    again = start()
    assert table(again) == before
    # The one on screen is read to be seen, and may be scored before it is recalled.
    assert set(fakes.scored) <= {"a.png"}
    assert set(fakes.read) == {"a.png"}
    states = {name: state for name, state, *_ in before}
    assert states["broken.png"] is CaseState.UNREADABLE
    assert states["blank.png"] is CaseState.REFUSED


def test_renamed_and_moved_files_are_recognised_and_changed_ones_scored_anew(
    start: Callable[..., MainWindow], fakes: Fakes, folder: Path, tmp_path: Path
) -> None:
    # The first is on screen, and may be scored anew before it is recalled.
    fakes.scores = {"a.png": 0.1, "z.png": 0.1, "b.png": 0.7, "c.png": 0.9}
    end(start())
    fakes.scored.clear()
    other = tmp_path / "other"
    other.mkdir()
    (folder / "a.png").rename(other / "z.png")
    (folder / "b.png").rename(other / "b.png")
    (folder / "c.png").write_bytes(b"another content than before")
    window = start(other / "z.png", other / "b.png", folder / "c.png")
    assert case_named(window, "z.png").score == pytest.approx(0.1)
    assert case_named(window, "b.png").score == pytest.approx(0.7)
    assert fakes.scored[-1:] == ["c.png"]
    assert "b.png" not in fakes.scored


def test_another_model_scores_anew_and_the_first_is_remembered(
    start: Callable[..., MainWindow], fakes: Fakes, qtbot: Any
) -> None:
    window = start()
    window.session.open_model(Path("other"))
    qtbot.waitUntil(lambda: window.session.card is not None and window.session.card.name == "other")
    qtbot.waitUntil(lambda: finished(window))
    assert case_named(window, "a.png").score == pytest.approx(0.3)
    assert sorted(fakes.rescored) == ["a.png", "b.png", "c.png"]
    fakes.scored.clear()
    window.session.open_model(None)
    qtbot.waitUntil(lambda: window.session.card is not None and window.session.card.name == "tiny")
    qtbot.waitUntil(lambda: finished(window))
    assert case_named(window, "b.png").score == pytest.approx(0.8)
    assert fakes.scored == []


def test_a_result_that_comes_before_the_store_is_open_waits_for_it(
    start: Callable[..., MainWindow],
    qtbot: Any,
    path: Path,
    folder: Path,
    fakes: Fakes,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    opened, keep, brought = threading.Event(), memory_module.Memory.keep, []

    def open_late(tell: Callable[[str | None], None]) -> Store:
        assert opened.wait(60)
        return Store(path, on_trouble=tell)

    def note(*values: Any) -> None:
        keep(*values)
        brought.append(values)

    monkeypatch.setattr(memory_module.Memory, "keep", note)
    # Only what is on screen is scored unasked, and only where the model is there first: all else waits for the store.
    fakes.finding.hold()
    try:
        window = start(opener=open_late, wait=lambda window: window.session.card is not None)
        fakes.finding.open()
        qtbot.waitUntil(lambda: bool(brought))
        QApplication.processEvents()
        assert case_named(window, "a.png").prediction is None
    finally:
        opened.set()
    qtbot.waitUntil(lambda: case_named(window, "a.png").prediction is not None)
    qtbot.waitUntil(lambda: finished(window))
    end(window)
    with closing(Store(path)) as store:
        picture = Picture(content_hash(folder / "a.png"))
        assert store.remembered([picture], fakes.card)[picture].result is not None


def test_a_result_is_shown_only_once_it_is_safe(
    start: Callable[..., MainWindow], qtbot: Any, path: Path, fakes: Fakes
) -> None:
    held, go = threading.Event(), threading.Event()

    class Slow(Store):
        def keep(self, picture: Any, card: Any, result: Any, done: Any = None) -> None:
            def hold(kept: bool) -> None:
                held.set()
                assert go.wait(60)
                done(kept)

            super().keep(picture, card, result, hold)

    window = start(opener=lambda tell: Slow(path, on_trouble=tell), wait=lambda window: held.is_set())
    qtbot.waitUntil(lambda: len(fakes.scored) == 3)
    QApplication.processEvents()
    shown = [case for case in window.session.worklist.cases() if case.prediction is not None]
    assert shown == []
    go.set()
    qtbot.waitUntil(lambda: finished(window))
    with closing(sqlite3.connect(path)) as connection:
        assert connection.execute("SELECT count(*) FROM results").fetchone() == (5,)


def test_judgements_come_back_without_a_model_too(
    start: Callable[..., MainWindow], fakes: Fakes, qtbot: Any
) -> None:
    window = start()
    case = case_named(window, "b.png")
    said = Judgement("pneumonia", "viral", True, "A note.", ("hilum",))
    window.session.judge(case.case_id, 0, said)
    assert case_named(window, "b.png").judgement == said
    end(window)
    fakes.load_error = StoreError("no model")
    again = start(
        wait=lambda window: window.session.failure is not None and window.session.worklist.rowCount() > 0
    )
    qtbot.waitUntil(lambda: case_named(again, "b.png").judgement == said)


def test_a_judgement_is_safe_when_it_is_shown(start: Callable[..., MainWindow], path: Path) -> None:
    window = start()
    case = case_named(window, "broken.png")  # any file can be judged
    window.session.judge(case.case_id, 0, Judgement("unsure", note="Said of a broken file."))
    with closing(sqlite3.connect(path)) as connection:
        assert connection.execute("SELECT call, note FROM judgements").fetchall() == [
            ("unsure", "Said of a broken file.")
        ]


def test_what_is_said_while_the_store_opens_is_kept_after_what_was_said_before(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(judgements_module, "PATIENCE_SECONDS", 0.0)
    file, brought, others = Path("a.png"), [], []

    class Desk:
        def submit(self, keep: Any, path: Path, frame: int, judgement: Judgement, safe: Any) -> None:
            if not others:
                # The reader thinks again at this moment; where that must wait, it comes later.
                others.append(threading.Thread(target=said.put, args=[file, 0, Judgement("normal")]))
                others[0].start()
                others[0].join(0.2)
            brought.append(judgement.call)

    said = judgements_module.StoredJudgements(Any, Desk(), print)
    said.put(file, 0, Judgement("unsure"))
    said.open(object())
    others[0].join()
    assert brought == ["unsure", "normal"]


def test_a_store_that_cannot_be_opened_is_a_sentence_and_the_window_works(
    start: Callable[..., MainWindow], qtbot: Any
) -> None:
    def fail(tell: object) -> Store:
        raise StoreError("Results and judgements are not being kept: the disk is full.")

    window = start(opener=fail)
    assert case_named(window, "a.png").score is not None
    qtbot.waitUntil(lambda: window.message.isVisible())
    assert "the disk is full" in window.message.words.text()
    window.session.judge(case_named(window, "a.png").case_id, 0, Judgement("normal"))
    assert case_named(window, "a.png").judgement.call == "normal"


def test_a_store_that_does_not_answer_is_left_alone(
    start: Callable[..., MainWindow], monkeypatch: pytest.MonkeyPatch, qtbot: Any
) -> None:
    monkeypatch.setattr(memory_module, "LIMIT_SECONDS", 0.01)
    go = threading.Event()

    def hang(tell: object) -> Store:
        go.wait(60)
        raise StoreError("late")

    window = start(opener=hang)
    qtbot.waitUntil(lambda: "does not answer" in window.message.words.text())
    assert case_named(window, "a.png").score is not None
    go.set()


def test_trouble_and_its_end_are_told(
    start: Callable[..., MainWindow], qtbot: Any, path: Path, fakes: Fakes
) -> None:
    tellers: list[Callable[[str | None], None]] = []

    def opener(tell: Callable[[str | None], None]) -> Store:
        tellers.append(tell)
        return Store(path, on_trouble=tell)

    window = start(opener=opener)
    tellers[0]("Results and judgements are not being kept: the disk is full.")
    qtbot.waitUntil(lambda: "disk is full" in window.message.words.text())
    assert not window.message.passing.isActive()
    tellers[0](None)
    qtbot.waitUntil(lambda: window.message.words.text() == KEPT_AGAIN)
    assert window.message.passing.isActive()


def test_a_damaged_store_is_told_of(start: Callable[..., MainWindow], path: Path, qtbot: Any) -> None:
    path.parent.mkdir()
    path.write_bytes(b"these are the wrong bytes " * 50)
    window = start()
    qtbot.waitUntil(lambda: "set aside" in window.message.words.text())
    assert case_named(window, "a.png").score is not None


def test_a_batch_that_was_broken_off_can_be_gone_on_with(
    start: Callable[..., MainWindow], fakes: Fakes, qtbot: Any, folder: Path, path: Path
) -> None:
    fakes.scoring.hold(1)

    def one(window: MainWindow) -> bool:
        return sum(case.state is CaseState.SCORED for case in window.session.worklist.cases()) == 1

    first = start(wait=one)
    qtbot.waitUntil(lambda: _count(path, "unfinished") == 1)
    fakes.reading.open()
    # As after a crash: the window closes without the batch having come to its end.
    threading.Timer(0, fakes.scoring.open).start()
    end(first)
    fakes.scored.clear()
    window = start(folder / "a.png", wait=lambda window: window.store.offer is not None)
    offer = window.store.offer
    assert offer is not None
    assert offer.isVisible()
    assert offer.words.text() == OFFER
    offer.go_on.click()
    qtbot.waitUntil(lambda: window.session.worklist.rowCount() == 5 and finished(window))
    assert not offer.isVisible()
    qtbot.waitUntil(lambda: _count(path, "unfinished") == 0)


def _count(path: Path, table: str) -> int:
    with closing(sqlite3.connect(path)) as connection:
        found: tuple[int] = connection.execute(f"SELECT count(*) FROM {table}").fetchone()
        return found[0]


def test_nothing_is_offered_after_a_batch_that_ended_or_was_cancelled(
    start: Callable[..., MainWindow], fakes: Fakes, qtbot: Any, path: Path, folder: Path
) -> None:
    end(start())
    window = start()
    assert window.store.offer is None
    end(window)
    (folder / "a.png").write_bytes(b"changed and to be scored anew")
    (folder / "b.png").write_bytes(b"changed and to be scored too")
    fakes.scoring.hold()
    window = start(wait=lambda window: window.session.progress.running and fakes.scoring.arrived > 0)
    window.session.cancel()
    qtbot.waitUntil(lambda: _count(path, "unfinished") == 0)


@pytest.mark.parametrize("everything", [True, False])
def test_forgetting_deletes_what_was_kept_and_closes_the_images(
    start: Callable[..., MainWindow],
    qtbot: Any,
    path: Path,
    folder: Path,
    tmp_path: Path,
    everything: bool,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    other = tmp_path / "other.png"
    other.write_bytes(b"a file of another folder")
    window = start(folder, other)
    for case in window.session.worklist.cases():
        window.session.judge(case.case_id, 0, Judgement("unsure", note=f"Said of {case.name}."))
    asked: list[str] = []

    def agree(parent: object, question: str, consequence: str) -> bool:
        asked.append(question)
        # Runs of learners belong to no folder, and only go with everything.
        assert ("runs of learners" in consequence) is everything
        return True

    monkeypatch.setattr(controller_module, "ask_to_forget", agree)
    window.worklist.choose(case_named(window, "a.png"))
    name = ActionId.FORGET_ALL if everything else ActionId.FORGET_FOLDER
    window.actions_by_id[name].trigger()
    qtbot.waitUntil(lambda: window.message.words.text() == FORGOTTEN)
    assert asked == [
        "Forget all images that were ever opened?" if everything else "Forget the 5 images in the folder val?"
    ]
    assert [case.name for case in window.session.worklist.cases()] == ([] if everything else ["other.png"])
    kept = b"".join(file.read_bytes() for file in path.parent.iterdir())
    assert b"Said of a.png" not in kept
    assert (b"Said of other.png" in kept) is not everything
    assert _count(path, "results") == (0 if everything else 1)
    assert window.opening.openings == []
    assert not window.history.stack.canUndo()


def test_thinking_better_of_it_forgets_nothing(
    start: Callable[..., MainWindow], path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    window = start()
    monkeypatch.setattr(controller_module, "ask_to_forget", lambda *_: False)
    window.actions_by_id[ActionId.FORGET_FOLDER].trigger()
    window.actions_by_id[ActionId.FORGET_ALL].trigger()
    assert window.session.worklist.rowCount() == 5
    assert _count(path, "results") == 5


def test_hidden_identities_hide_the_folder_in_the_question(
    start: Callable[..., MainWindow], monkeypatch: pytest.MonkeyPatch
) -> None:
    window = start()
    window.session.identities.set_hidden(True)
    asked: list[str] = []
    monkeypatch.setattr(controller_module, "ask_to_forget", lambda _, question, __: asked.append(question))
    window.actions_by_id[ActionId.FORGET_FOLDER].trigger()
    assert asked == ["Forget the 5 images in this folder?"]


def test_without_a_store_there_is_nothing_to_forget(window: MainWindow) -> None:
    assert not window.actions_by_id[ActionId.FORGET_FOLDER].isEnabled()
    assert not window.actions_by_id[ActionId.FORGET_ALL].isEnabled()


def test_cancelling_while_files_are_looked_up_leaves_them_unscored(
    start: Callable[..., MainWindow], qtbot: Any, path: Path, fakes: Fakes, folder: Path
) -> None:
    asked, go = threading.Event(), threading.Event()

    class Slow(Store):
        def known_contents(self, states: Any) -> Any:
            asked.set()
            assert go.wait(60)
            return super().known_contents(states)

    def looked_up(window: MainWindow) -> bool:
        return asked.is_set() and window.session.card is not None and window.session.progress.running

    window = start(opener=lambda tell: Slow(path, on_trouble=tell), wait=looked_up)
    window.session.cancel()
    recalled: list[Recollection] = []
    window.session.memory.recalled.connect(recalled.append)
    go.set()
    # Before there was a model they may have been looked up too.
    qtbot.waitUntil(lambda: any(answer.jobs[0].generation > 0 for answer in recalled))
    states = {case.name: case.state for case in window.session.worklist.cases()}
    current = window.session.current
    assert current is not None
    del states[current.name]  # was clicked on, so to say
    assert set(states.values()) == {CaseState.NOT_SCORED}


def test_a_score_on_request_is_remembered_and_not_shown_until_asked_for_again(
    start: Callable[..., MainWindow], fakes: Fakes, qtbot: Any, folder: Path
) -> None:
    first = start(folder / "blank.png")
    first.session.ask(True)
    qtbot.waitUntil(lambda: case_named(first, "blank.png").score is not None)
    notes = case_named(first, "blank.png").notes
    assert notes == ("Note on blank.",)
    end(first)
    # Recalled before anything is read: nothing is on screen that would be scored.
    again = start(folder / "a.png", folder / "blank.png")
    case = case_named(again, "blank.png")
    assert (case.state, case.score, case.notes) == (CaseState.REFUSED, None, notes)
    fakes.scored.clear()
    again.worklist.choose(case)
    again.session.ask(True)
    assert case_named(again, "blank.png").score == pytest.approx(0.8)
    assert fakes.scored == []


def test_a_refusal_without_a_score_is_no_answer_to_who_asked_for_one(
    start: Callable[..., MainWindow], fakes: Fakes, qtbot: Any, folder: Path
) -> None:
    window = start(folder / "blank.png")
    window.session.open_model(Path("other"))
    qtbot.waitUntil(lambda: window.session.card is not None and window.session.card.name == "other")
    qtbot.waitUntil(lambda: finished(window))
    window.session.ask(True)
    qtbot.waitUntil(lambda: case_named(window, "blank.png").score is not None)
    # Of the first model the store knows the refusal only.
    window.session.open_model(None)
    qtbot.waitUntil(lambda: window.session.card is not None and window.session.card.name == "tiny")
    qtbot.waitUntil(lambda: finished(window))
    assert case_named(window, "blank.png").score == pytest.approx(0.8)


def test_a_disk_that_hangs_when_files_are_looked_up_only_costs_what_is_remembered(
    start: Callable[..., MainWindow], monkeypatch: pytest.MonkeyPatch, path: Path
) -> None:
    import deeppneumo_gui.store.files as files_module

    go = threading.Event()

    def hang(*_: object) -> list[object]:
        go.wait(60)
        return []

    monkeypatch.setattr(files_module, "LIMIT_SECONDS", 0.01)
    monkeypatch.setattr(recognition_module, "look_at", hang)
    window = start()
    assert case_named(window, "b.png").score is not None
    go.set()


def test_a_file_that_hangs_when_it_is_recognised_does_not_hide_what_is_known_of_others(
    start: Callable[..., MainWindow], monkeypatch: pytest.MonkeyPatch, folder: Path, fakes: Fakes, qtbot: Any
) -> None:
    import deeppneumo_gui.store.files as files_module

    end(start())
    (folder / "b.png").rename(folder / "moved.png")
    fakes.folders["val"] = sorted(folder.iterdir())
    go, content_of = threading.Event(), recognition_module.content_of

    def hang(seen: recognition_module.Seen) -> str | None:
        # The thread that keeps results asks, too; only that which recognises files hangs.
        if threading.current_thread().name.endswith("recall-files"):
            go.wait(60)
        return content_of(seen)

    monkeypatch.setattr(files_module, "LIMIT_SECONDS", 0.05)
    monkeypatch.setattr(recognition_module, "content_of", hang)
    fakes.scored.clear()
    window = start()
    assert case_named(window, "moved.png").score is not None
    # The one on screen may be scored before it is recalled.
    assert {"moved.png"} <= set(fakes.scored) <= {"moved.png", "a.png"}
    go.set()


def test_a_judgement_of_a_file_that_has_gone_is_told_of(
    start: Callable[..., MainWindow], folder: Path, fakes: Fakes, qtbot: Any, path: Path
) -> None:
    fakes.loading.hold()
    window = start(wait=lambda window: window.session.worklist.rowCount() == 5)
    fakes.loading.open()
    (folder / "c.png").unlink()
    qtbot.waitUntil(lambda: window.session.memory._store is not None)
    window.session.judge(case_named(window, "c.png").case_id, 0, Judgement("normal"))
    qtbot.waitUntil(lambda: "for this session only" in window.message.words.text())
    assert case_named(window, "c.png").judgement.call == "normal"


def test_a_judgement_does_not_wait_for_a_large_labelling(
    start: Callable[..., MainWindow], folder: Path, path: Path, qtbot: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    window = start()
    reading, go = threading.Event(), threading.Event()
    files = window.session.memory._files
    content = files.content_to_label

    def slow(file: Path) -> Any:
        reading.set()
        assert go.wait(60)
        return content(file)

    monkeypatch.setattr(files, "content_to_label", slow)
    case = case_named(window, "b.png")
    window.session.memory.set_truths({case.path: Truth("normal", None, "folder")})
    qtbot.waitUntil(reading.is_set)
    window.session.judge(case.case_id, 0, Judgement("unsure"))
    qtbot.waitUntil(lambda: _count(path, "judgements") == 1)
    assert _count(path, "truths") == 0
    go.set()
    qtbot.waitUntil(lambda: _count(path, "truths") == 1)


def test_labels_come_in_lots_one_after_the_other(
    start: Callable[..., MainWindow], path: Path, qtbot: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(truths_module, "AT_ONCE", 2)
    lots: list[int] = []
    unsafe: list[int] = []

    class Noted(Store):
        def set_truths(self, truths: Any, done: Any = None) -> None:
            lots.append(len(truths))
            unsafe.append(1)

            def told(kept: bool) -> None:
                assert len(unsafe) == 1
                unsafe.pop()
                done(kept)

            super().set_truths(truths, told)

    window = start(opener=lambda tell: Noted(path, on_trouble=tell))
    cases = window.session.worklist.cases()
    window.session.memory.set_truths({case.path: Truth("normal", None, "folder") for case in cases})
    qtbot.waitUntil(lambda: _count(path, "truths") == 5)
    assert lots == [2, 2, 1]


def test_what_is_forgotten_while_it_waits_to_be_labelled_stays_forgotten(
    start: Callable[..., MainWindow], path: Path, qtbot: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    window = start()
    reading, go = threading.Event(), threading.Event()
    memory = window.session.memory
    content = memory._files.content_to_label

    def slow(file: Path) -> Any:
        reading.set()
        assert go.wait(60)
        return content(file)

    monkeypatch.setattr(memory._files, "content_to_label", slow)
    paths = [case.path for case in window.session.worklist.cases()]
    memory.set_truths({file: Truth("normal", None, "folder") for file in paths})
    qtbot.waitUntil(reading.is_set)
    with qtbot.waitSignal(memory.forgotten):
        memory.forget_everything()
    put = threading.Event()
    memory._truths._errands.submit(put.set)
    go.set()
    qtbot.waitUntil(put.is_set)
    assert _count(path, "truths") == 0


def test_labels_and_judgements_of_the_last_moment_are_kept(
    start: Callable[..., MainWindow], path: Path, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for limit in ("FLUSH_SECONDS", "THREADS_SECONDS", "END_SECONDS"):
        monkeypatch.setattr(memory_module, limit, 30.0)
    monkeypatch.setattr(judgements_module, "PATIENCE_SECONDS", 0.0)
    more = [folder / f"later-{number}.png" for number in range(3 * truths_module.AT_ONCE)]
    for file in more:
        file.write_bytes(file.name.encode())
    window = start()
    memory, shut = window.session.memory, threading.Event()
    cases = [case.path for case in window.session.worklist.cases()]
    # The window is closed while the thread that keeps things is busy.
    memory._keeping.submit(shut.wait, 60)
    for case in window.session.worklist.cases():
        window.session.judge(case.case_id, 0, Judgement("unsure"))
    memory.set_truths(dict.fromkeys([*more, *cases], Truth("normal", None, "folder")))
    monkeypatch.setattr(memory._truths, "hurry", lambda: (shut.set(), StoredTruths.hurry(memory._truths)))
    end(window)
    assert _count(path, "judgements") == len(cases)
    assert _count(path, "truths") == len(cases) + len(more)


def test_what_is_said_before_the_store_is_open_is_kept_at_a_quick_close(
    start: Callable[..., MainWindow], path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for limit in ("FLUSH_SECONDS", "THREADS_SECONDS", "END_SECONDS"):
        monkeypatch.setattr(memory_module, limit, 30.0)
    opened = threading.Event()

    def open_late(tell: Callable[[str | None], None]) -> Store:
        assert opened.wait(60)
        return Store(path, on_trouble=tell)

    window = start(opener=open_late, wait=lambda window: window.session.worklist.rowCount() == 5)
    memory = window.session.memory
    for case in window.session.worklist.cases():
        window.session.judge(case.case_id, 0, Judgement("unsure"))
    # The store is open only after the window has begun to end.
    monkeypatch.setattr(memory._truths, "hurry", opened.set)
    end(window)
    assert _count(path, "judgements") == 5


def test_closing_does_not_wait_long_for_a_store_that_hangs(
    start: Callable[..., MainWindow], path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert memory_module.FLUSH_SECONDS < memory_module.THREADS_SECONDS < memory_module.END_SECONDS < 1.0
    monkeypatch.setattr(memory_module, "END_SECONDS", 0.0)
    stores, go = [], threading.Event()

    def opener(tell: Callable[[str | None], None]) -> Store:
        stores.append(Store(path, on_trouble=tell))
        return stores[0]

    window = start(opener=opener)
    stores[0]._writer.put(lambda connection: go.wait(60))
    began = time.monotonic()
    end(window)
    assert time.monotonic() - began < 1.0
    go.set()
    assert stores[0].close()


def test_closing_does_not_wait_long_for_labels_of_files_that_hang(
    start: Callable[..., MainWindow], path: Path, folder: Path, monkeypatch: pytest.MonkeyPatch, qtbot: Any
) -> None:
    # A loaded machine has the rest of the second for itself.
    monkeypatch.setattr(memory_module, "FLUSH_SECONDS", 0.1)
    monkeypatch.setattr(memory_module, "THREADS_SECONDS", 0.2)
    window = start()
    reading, go = threading.Event(), threading.Event()

    def hang(seen: Any) -> None:
        reading.set()
        go.wait(60)

    monkeypatch.setattr(recognition_module, "content_of", hang)
    known = [case.path for case in window.session.worklist.cases()]
    (folder / "new.png").write_bytes(b"new")
    window.session.memory.set_truths({folder / "new.png": Truth("normal", None, "folder")})
    qtbot.waitUntil(reading.is_set)
    (folder / "newer.png").write_bytes(b"newer")
    window.session.memory.set_truths(
        dict.fromkeys([folder / "newer.png", *known], Truth("normal", None, "folder"))
    )
    began = time.monotonic()
    end(window)
    assert time.monotonic() - began < 1.0
    go.set()
