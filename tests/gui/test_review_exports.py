"""Workbook, report and contact sheet from the window."""

from __future__ import annotations

import csv
import re
import zipfile
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

import deeppneumo_gui.export.review as review_module
import deeppneumo_gui.export.review_controller as controller_module
from core.review.cases import ReviewCase
from core.review.table import READER_COLUMNS
from core.store.judgement import Judgement
from core.table import COLUMNS
from core.truth.truth import Truth
from deeppneumo_gui.actions import ActionId
from deeppneumo_gui.export.report_dialog import ReportChoice, ReportDialog, selections
from deeppneumo_gui.window import MainWindow
from tests.gui.conftest import case_named
from tests.gui.fakes import Fakes

Open = Callable[..., MainWindow]


@pytest.fixture
def out(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where every document goes."""
    folder = tmp_path / "out"
    folder.mkdir()
    monkeypatch.setattr(
        controller_module,
        "ask_document_file",
        lambda parent, title, stem, suffix: folder / f"{stem}.{suffix}",
    )
    return folder


@pytest.fixture
def told(monkeypatch: pytest.MonkeyPatch) -> list[ReviewCase]:
    """What goes into reports and contact sheets, in place of the real ones, which take long to draw."""
    shown: list[ReviewCase] = []

    def write(path: Path, cases: list[ReviewCase], *more: Any, **options: Any) -> None:
        shown.extend(more[0] if isinstance(more[0], list) else cases)
        for case in shown:
            more[-1](case.path, case.frame)
        options["progress"](1, 1)
        path.write_bytes(b"a document")

    import core.review.document

    monkeypatch.setattr(core.review.document, "write_report", write)
    monkeypatch.setattr(core.review.document, "write_contact_sheet", write)
    return shown


def ended(window: MainWindow, qtbot: Any, action: ActionId) -> str:
    with qtbot.waitSignal(window.exports.background.ended, timeout=60_000) as signal:
        window.actions_by_id[action].trigger()
    return str(signal.args[0])


def test_a_workbook_holds_what_model_and_reader_say(open_files: Open, qtbot: Any, out: Path) -> None:
    window = open_files("a.png", "b.png", "broken.png")
    window.session.judge(case_named(window, "b.png").case_id, 0, Judgement("normal", note="A note of mine."))
    assert ended(window, qtbot, ActionId.SAVE_WORKBOOK) == "The workbook was saved with 3 rows."
    with zipfile.ZipFile(out / "deeppneumo-results.xlsx") as archive:
        texts = archive.read("xl/sharedStrings.xml").decode()
    for text in ("a.png", "broken.png", "A note of mine.", "unreadable", "pneumonia"):
        assert text in texts
    assert "smith" not in texts


def test_the_reader_s_columns_stand_behind_those_of_predict(open_files: Open, qtbot: Any, out: Path) -> None:
    window = open_files("a.png", "b.png", "broken.png")
    offered = window.actions_by_id[ActionId.SAVE_REVIEW_TABLE]
    assert not offered.isEnabled()
    at = datetime(2026, 11, 23, 12, 0, 5, 7, UTC)
    said = Judgement("pneumonia", "viral", True, "=1+1, and\nanother line", ("hilum", "odd"), at)
    window.session.judge(case_named(window, "b.png").case_id, 0, said)
    window.truth.label({case_named(window, "a.png").case_id: Truth("pneumonia", "bacterial", "folder")})
    assert offered.isEnabled()
    assert ended(window, qtbot, ActionId.SAVE_REVIEW_TABLE) == "The review was saved with 3 rows."
    with (out / "deeppneumo-review.csv").open(newline="", encoding="utf-8") as stream:
        head, *rows = csv.reader(stream)
    assert tuple(head[: len(COLUMNS)]) == COLUMNS
    assert head[len(COLUMNS) :] == [*READER_COLUMNS, "reviewed_at"]
    more = {row[0]: row[len(COLUMNS) :] for row in rows}
    assert more["a.png"] == ["pneumonia", "bacterial", "folder", "", "", "no", *[""] * 6]
    assert more["b.png"] == [
        *["", "", "", "pneumonia", "viral", "", "", "no", "yes", "'=1+1, and\nanother line", "hilum, odd"],
        "2026-11-23T12:00:05+00:00",
    ]
    assert more["broken.png"] == [""] * 12
    window.actions_by_id[ActionId.CLEAR].trigger()
    assert not offered.isEnabled()


def test_a_report_shows_the_chosen_by_number(
    open_files: Open, qtbot: Any, out: Path, told: list[ReviewCase], monkeypatch: pytest.MonkeyPatch
) -> None:
    window = open_files("a.png", "b.png", "c.png")
    chosen = (case_named(window, "c.png"), case_named(window, "a.png"))
    monkeypatch.setattr(controller_module, "ask_report", lambda *_: ReportChoice(chosen, 1))
    assert ended(window, qtbot, ActionId.SAVE_REPORT) == "The report on 3 images was saved."
    assert (out / "deeppneumo-report.pdf").exists()
    assert [case.name for case in told] == ["Case 3", "Case 1"]


def test_names_are_told_only_when_asked_for_and_shown(
    open_files: Open, qtbot: Any, out: Path, told: list[ReviewCase]
) -> None:
    window = open_files("a.png")
    window.actions_by_id[ActionId.NAMES_IN_EXPORTS].setChecked(True)
    ended(window, qtbot, ActionId.SAVE_CONTACT_SHEET)
    window.session.identities.set_hidden(True)
    ended(window, qtbot, ActionId.SAVE_CONTACT_SHEET)
    assert told[0].name == "a.png"
    assert told[-1].name == "Case 1"


def test_a_contact_sheet_shows_the_selected_or_all(
    open_files: Open, qtbot: Any, out: Path, told: list[ReviewCase]
) -> None:
    window = open_files("a.png", "b.png", "c.png")
    assert ended(window, qtbot, ActionId.SAVE_CONTACT_SHEET) == "The contact sheet of 3 images was saved."
    told.clear()
    window.worklist.view.selectAll()
    window.worklist.filter.setText("b.png")
    ended(window, qtbot, ActionId.SAVE_CONTACT_SHEET)
    assert [case.name for case in told] == ["Case 2"]


def test_files_that_have_gone_are_counted(
    open_files: Open, qtbot: Any, out: Path, fakes: Fakes, monkeypatch: pytest.MonkeyPatch
) -> None:
    window = open_files("a.png", "b.png")
    fakes.vanished = {"a.png"}
    sentence = ended(window, qtbot, ActionId.SAVE_CONTACT_SHEET)
    assert sentence == "The contact sheet of 2 images was saved; 1 file in it can no longer be read."
    content = (out / "deeppneumo-contact-sheet.pdf").read_bytes()
    assert len(re.findall(rb"/Type /Page\b", content)) == 1
    assert not window.exports.background.complete


def test_a_cancelled_document_is_not_there(
    open_files: Open, qtbot: Any, out: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    window = open_files("a.png")
    progress = review_module._progress

    def cancelled(control: Any) -> Any:
        control.cancel()
        return progress(control)

    monkeypatch.setattr(review_module, "_progress", cancelled)
    sentence = ended(window, qtbot, ActionId.SAVE_CONTACT_SHEET)
    assert sentence == "Nothing was written: the export was cancelled."
    assert list(out.iterdir()) == []


def test_nothing_is_asked_while_another_export_runs(
    open_files: Open, qtbot: Any, out: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    window = open_files("a.png")
    monkeypatch.setattr(type(window.exports.background), "running", True)
    monkeypatch.setattr(controller_module, "ask_report", lambda *_: pytest.fail("asked"))
    for action in controller_module.ACTIONS:
        window.actions_by_id[action].trigger()
    assert list(out.iterdir()) == []
    assert "still under way" in window.message.words.text()


def test_what_is_offered_depends_on_what_there_is(open_files: Open) -> None:
    window = open_files("a.png", "b.png", "c.png")
    session = window.session
    listed = list(session.worklist.cases())
    assert [offer.title for offer in selections(listed, listed[:1])] == [
        "All that are listed",
        "The selected",
        "None, only the first page",
    ]
    session.judge(listed[1].case_id, 0, Judgement("normal", key_image=True))
    from dataclasses import replace

    session.worklist.replace(
        replace(session.worklist.case(listed[2].case_id), truth=Truth("normal", None, "folder"))
    )
    listed = list(session.worklist.cases())
    offers = selections(listed, listed[:2])
    assert [(offer.title, len(offer.cases)) for offer in offers] == [
        ("The selected", 2),
        ("Key images", 1),
        ("All with a call, note or tag of yours", 1),
        ("Errors of the model", 1),
        ("All that are listed", 3),
        ("None, only the first page", 0),
    ]
    dialog = ReportDialog(offers, 3, window)
    dialog.which.setCurrentIndex(1)
    dialog.size_.setCurrentIndex(1)
    assert dialog.choice.cases == (listed[1],)
    assert dialog.choice.per_page == 1
    dialog.deleteLater()


def test_there_is_nothing_to_export_of_an_empty_list(window: MainWindow) -> None:
    assert not any(window.actions_by_id[action].isEnabled() for action in controller_module.ACTIONS)
