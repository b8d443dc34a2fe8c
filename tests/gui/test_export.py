"""What leaves the program: the view, the table, the overlays."""

from __future__ import annotations

import csv
import datetime
import errno
import os
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image, ImageDraw
from PySide6.QtGui import QGuiApplication, QImage

import deeppneumo_gui.export.controller as controller_module
from core.notice import NOTICE
from core.table import COLUMNS
from deeppneumo_gui.actions import ActionId
from deeppneumo_gui.canvas.images import rgb_array, rgb_image
from deeppneumo_gui.export.background import Background
from deeppneumo_gui.export.failures import why_not_written
from deeppneumo_gui.export.view_picture import Pane, picture_lines, seen_picture
from deeppneumo_gui.window import MainWindow
from tests.gui.conftest import case_named, finished
from tests.gui.fakes import Fakes, make_radiograph

Open = Callable[..., MainWindow]
Ask = Callable[[Path | None], None]


@pytest.fixture
def out(tmp_path: Path) -> Path:
    folder = tmp_path / "out"
    folder.mkdir()
    return folder


@pytest.fixture
def ask(monkeypatch: pytest.MonkeyPatch) -> Ask:
    """Answers every question where something should go; remembers what was suggested."""

    def answer(path: Path | None) -> None:
        for name in ("ask_picture_file", "ask_table_file", "ask_overlay_folder"):
            monkeypatch.setattr(controller_module, name, lambda *args: asked.append(args[1:]) or path)

    asked: list[tuple[Any, ...]] = []
    answer.asked = asked  # type: ignore[attr-defined]
    return answer


@pytest.fixture
def words(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Every word that is drawn into pictures from here on."""
    drawn: list[str] = []
    original = ImageDraw.ImageDraw.text

    def text(self: Any, xy: Any, line: str, *args: Any, **more: Any) -> None:
        drawn.append(line)
        original(self, xy, line, *args, **more)

    monkeypatch.setattr(ImageDraw.ImageDraw, "text", text)
    return drawn


def export(window: MainWindow, qtbot: Any, action: ActionId) -> str:
    """Trigger an export and return the sentence that it ends with."""
    with qtbot.waitSignal(window.exports.background.ended) as ended:
        window.actions_by_id[action].trigger()
    (sentence,) = ended.args
    assert window.message.words.text() == sentence
    assert not window.message.isHidden()
    return str(sentence)


def seen(window: MainWindow) -> QImage:
    return seen_picture([Pane(window.view)])


def grey_part(path: Path) -> np.ndarray:
    with Image.open(path) as picture:
        return np.asarray(picture.convert("RGB")).copy()


def test_colours_survive_both_ways() -> None:
    colours = np.random.default_rng(1).integers(0, 256, (7, 5, 3)).astype(np.uint8)
    np.testing.assert_array_equal(rgb_array(rgb_image(colours)), colours)


def test_the_view_is_saved_as_it_is_seen(
    open_files: Open, qtbot: Any, ask: Ask, out: Path, words: list[str]
) -> None:
    window = open_files("a.png")
    target = out / "view.png"
    ask(target)
    assert export(window, qtbot, ActionId.SAVE_PICTURE) == "The picture was saved."
    assert list(out.iterdir()) == [target]
    picture = grey_part(target)
    grey = rgb_array(seen(window))
    np.testing.assert_array_equal(picture[: grey.shape[0], : grey.shape[1]], grey)
    # The fitted ramp of 80 x 60 pixels, from black to white, and neither text nor margin in it.
    assert abs(grey.shape[1] / grey.shape[0] - 80 / 60) < 0.02
    assert grey[:, 5].max() < 10
    assert grey[:, -5].min() > 245
    text = " ".join(words)
    assert text.startswith(NOTICE)
    assert "Model tiny 1.0 of 2026-11-23" in text
    assert f"picture made on {datetime.date.today()}" in text
    assert "a.png" not in text
    assert "Heatmap" not in text


def test_window_inversion_and_zoom_are_in_the_picture(open_files: Open) -> None:
    window = open_files("a.png")
    plain = rgb_array(seen(window))
    window.view.invert()
    inverted = rgb_array(seen(window))
    assert inverted[:, 5].min() > 245
    window.view.invert()
    window.view.zoom_at(window.view.viewport().rect().center().toPointF(), 4.0)
    zoomed = rgb_array(seen(window))
    assert zoomed.shape[:2] == (window.view.viewport().height(), window.view.viewport().width())
    assert zoomed[:, 5].min() > plain[:, 5].max()


def test_a_heatmap_that_is_shown_is_in_the_picture_with_its_bar(
    open_files: Open, qtbot: Any, ask: Ask, out: Path, words: list[str]
) -> None:
    window = open_files("a.png")
    window.heatmap.set_visible(True)
    ask(out / "view.png")
    export(window, qtbot, ActionId.SAVE_PICTURE)
    picture = grey_part(out / "view.png").astype(int)
    height = seen(window).height()
    coloured = np.ptp(picture, axis=2) > 40
    assert coloured[: height // 7].any()
    assert coloured[height:].any()
    text = " ".join(words)
    assert "Heatmap (Grad-CAM) of the model score, strength 0.40 logits per cell" in text
    assert "not where disease is" in text


def test_the_file_name_is_in_the_picture_only_when_asked_for(
    open_files: Open, qtbot: Any, ask: Any, out: Path, words: list[str]
) -> None:
    window = open_files("smith-anna.png")
    names = window.actions_by_id[ActionId.NAMES_IN_EXPORTS]
    assert not names.isChecked()
    ask(out / "view.png")
    export(window, qtbot, ActionId.SAVE_PICTURE)
    assert ask.asked == [("case-001.png",)]
    assert "smith-anna" not in " ".join(words)
    names.trigger()
    export(window, qtbot, ActionId.SAVE_PICTURE)
    assert ask.asked[1:] == [("smith-anna.png",)]
    assert "smith-anna.png" in words
    words.clear()
    window.actions_by_id[ActionId.HIDE_IDENTITIES].trigger()
    export(window, qtbot, ActionId.SAVE_PICTURE)
    assert ask.asked[2:] == [("case-001.png",)]
    assert "smith-anna" not in " ".join(words)
    assert "Case 1" in words


def test_the_view_is_copied_with_its_strip(open_files: Open, words: list[str]) -> None:
    window = open_files("a.png")
    window.actions_by_id[ActionId.COPY_PICTURE].trigger()
    copied = QGuiApplication.clipboard().image()
    picture = seen(window)
    assert copied.height() > picture.height() + 20
    np.testing.assert_array_equal(
        rgb_array(copied)[: picture.height(), : picture.width()], rgb_array(picture)
    )
    assert NOTICE in " ".join(words)
    assert "copied" in window.message.words.text()


def test_two_cases_are_copied_side_by_side_and_told_apart(
    open_files: Open, qtbot: Any, words: list[str]
) -> None:
    window = open_files("a.png", "b.png")
    window.actions_by_id[ActionId.TWO_CASES].trigger()
    window.worklist.choose(case_named(window, "b.png"))
    qtbot.waitUntil(
        lambda: window.view.display is not None and 0 < window.view.x() <= window.board.width() // 2 + 2
    )
    window.board.companion.invert()
    window.actions_by_id[ActionId.NAMES_IN_EXPORTS].trigger()
    window.actions_by_id[ActionId.COPY_PICTURE].trigger()
    copied = rgb_array(QGuiApplication.clipboard().image())
    # The pinned one, inverted, lies left.
    row = copied[seen(window).height() // 2, :, 0].astype(int)
    assert row[5] > 245
    assert row[len(row) // 2 + 8] < 10
    assert [line for line in words if line.startswith(("Left", "Right"))] == [
        "Left: a.png",
        "Right: b.png",
        "Left: Window 256, level 128, inverted",
        "Right: Window 256, level 128",
    ]


def test_a_turned_picture_says_so(open_files: Open, words: list[str]) -> None:
    window = open_files("a.png")
    window.actions_by_id[ActionId.FLIP_HORIZONTALLY].trigger()
    window.actions_by_id[ActionId.COPY_PICTURE].trigger()
    copied = rgb_array(QGuiApplication.clipboard().image())
    assert copied[10, 5, 0] > 245
    assert window.view.display is not None
    assert window.view.display.orientation.words() in " ".join(words)


def test_the_frame_is_named_and_so_is_a_missing_model(window: MainWindow) -> None:
    window.view.show_radiograph(replace(make_radiograph(), frame=1, frame_count=3))
    lines = picture_lines([Pane(window.view)], None, None)
    assert lines == [
        f"Without a model; picture made on {datetime.date.today()}",
        "Frame 2 of 3. Window 256, level 128",
    ]


def test_a_picture_of_a_refused_image_has_no_heatmap_to_explain(open_files: Open, words: list[str]) -> None:
    window = open_files("blank.png")
    window.heatmap.set_visible(True)
    window.actions_by_id[ActionId.COPY_PICTURE].trigger()
    assert "Heatmap" not in " ".join(words)


def test_nothing_can_be_exported_while_there_is_nothing(window: MainWindow, open_files: Open) -> None:
    names = (
        ActionId.SAVE_PICTURE,
        ActionId.COPY_PICTURE,
        ActionId.SAVE_TABLE,
        ActionId.SAVE_OVERLAY,
        ActionId.SAVE_ALL_OVERLAYS,
    )
    assert not any(window.actions_by_id[name].isEnabled() for name in names)
    open_files("a.png")
    assert all(window.actions_by_id[name].isEnabled() for name in names)
    window.session.clear()
    assert not any(window.actions_by_id[name].isEnabled() for name in names)


def test_an_unreadable_file_leaves_no_picture_to_save(open_files: Open) -> None:
    window = open_files("broken.png")
    assert not window.actions_by_id[ActionId.SAVE_PICTURE].isEnabled()
    assert window.actions_by_id[ActionId.SAVE_TABLE].isEnabled()


def read_table(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


def test_the_table_has_a_row_for_every_file(
    open_files: Open, fakes: Fakes, qtbot: Any, ask: Ask, out: Path
) -> None:
    fakes.scoring.hold(1)
    window = open_files(
        "good.png", "blank.png", "broken.png", "late.png", wait=lambda: fakes.scoring.arrived == 2
    )
    qtbot.waitUntil(lambda: sum(case.state.is_final for case in window.session.worklist.cases()) == 3)
    window.session.cancel()
    ask(out / "results.csv")
    sentence = export(window, qtbot, ActionId.SAVE_TABLE)
    assert sentence == "The table was saved with 4 rows; 3 of them without a score."
    rows = read_table(out / "results.csv")
    assert tuple(rows[0]) == COLUMNS
    assert [(row["file"], row["status"], row["reason"]) for row in rows] == [
        ("good.png", "ok", ""),
        ("blank.png", "refused", "The image is blank or nearly so."),
        ("broken.png", "unreadable", "The file ends before its image does."),
        ("late.png", "not scored", "The image had not been scored yet."),
    ]
    assert rows[0]["score"] == "0.800000"
    assert rows[0]["model"] == "tiny 1.0"
    assert "/private" not in (out / "results.csv").read_text(encoding="utf-8")


def test_equal_names_are_told_apart_and_hidden_ones_hidden(
    open_files: Open, qtbot: Any, ask: Ask, out: Path
) -> None:
    window = open_files("x/same.png", "y/same.png", "other.png")
    ask(out / "results.csv")
    export(window, qtbot, ActionId.SAVE_TABLE)
    rows = read_table(out / "results.csv")
    assert [row["file"] for row in rows] == ["same.png (case 1)", "same.png (case 2)", "other.png"]
    window.actions_by_id[ActionId.HIDE_IDENTITIES].trigger()
    export(window, qtbot, ActionId.SAVE_TABLE)
    assert [row["file"] for row in read_table(out / "results.csv")] == ["Case 1", "Case 2", "Case 3"]


def test_overlays_of_all_scored_images_are_written(open_files: Open, qtbot: Any, ask: Ask, out: Path) -> None:
    window = open_files("a.png", "blank.png", "b.png")
    window.heatmap.colormap.setCurrentIndex(window.heatmap.colormap.findData("grey"))
    ask(out)
    assert export(window, qtbot, ActionId.SAVE_ALL_OVERLAYS) == "2 overlays saved."
    assert sorted(path.name for path in out.iterdir()) == ["case-001.png", "case-003.png"]
    # In the reader's colours.
    assert np.ptp(grey_part(out / "case-001.png"), axis=2).max() == 0


def test_only_the_selected_overlay_is_written_and_named_when_asked(
    open_files: Open, qtbot: Any, ask: Ask, out: Path
) -> None:
    window = open_files("a.png", "b.png")
    window.worklist.choose(case_named(window, "b.png"))
    window.actions_by_id[ActionId.NAMES_IN_EXPORTS].trigger()
    ask(out)
    assert export(window, qtbot, ActionId.SAVE_OVERLAY) == "1 overlay saved."
    assert [path.name for path in out.iterdir()] == ["b.png"]


def test_files_that_have_gone_are_left_out_and_counted(
    open_files: Open, fakes: Fakes, qtbot: Any, ask: Ask, out: Path
) -> None:
    window = open_files("a.png", "b.png")
    fakes.vanished.add("a.png")
    ask(out)
    sentence = export(window, qtbot, ActionId.SAVE_ALL_OVERLAYS)
    assert sentence == "1 overlay saved. 1 of the files can no longer be read."


def test_without_scores_there_is_nothing_to_overlay(open_files: Open, ask: Any) -> None:
    window = open_files("blank.png")
    window.actions_by_id[ActionId.SAVE_ALL_OVERLAYS].trigger()
    assert window.message.words.text() == "There is no score yet to make an overlay of."
    assert ask.asked == []


@pytest.mark.parametrize("action", [ActionId.SAVE_PICTURE, ActionId.SAVE_TABLE])
def test_a_radiograph_is_never_overwritten(
    window: MainWindow, qtbot: Any, ask: Ask, out: Path, action: ActionId
) -> None:
    original, link = out / "a.png", out / "link.png"
    original.write_bytes(b"a radiograph")
    link.symlink_to(original)
    window.start([original])
    qtbot.waitUntil(lambda: finished(window))
    for target in (original, link):
        ask(target)
        assert "one of the opened radiographs" in export(window, qtbot, action)
    assert original.read_bytes() == b"a radiograph"


def test_overlays_do_not_go_among_the_radiographs(
    window: MainWindow, qtbot: Any, ask: Ask, out: Path
) -> None:
    window.start([out / "a.png"])
    qtbot.waitUntil(lambda: finished(window))
    ask(out)
    assert "among the radiographs" in export(window, qtbot, ActionId.SAVE_ALL_OVERLAYS)
    assert list(out.iterdir()) == []


@pytest.mark.parametrize("action", [ActionId.SAVE_PICTURE, ActionId.SAVE_TABLE, ActionId.SAVE_ALL_OVERLAYS])
def test_thinking_better_of_it_writes_nothing(open_files: Open, ask: Any, action: ActionId) -> None:
    window = open_files("a.png")
    ask(None)
    window.actions_by_id[action].trigger()
    assert ask.asked
    assert not window.exports.background.running
    assert window.message.isHidden()


@pytest.mark.parametrize("action", [ActionId.SAVE_PICTURE, ActionId.SAVE_TABLE, ActionId.SAVE_ALL_OVERLAYS])
@pytest.mark.parametrize(
    ("code", "words"), [(errno.ENOSPC, "The disk is full."), (errno.EROFS, "can only be read")]
)
def test_what_cannot_be_written_is_said_in_words(
    open_files: Open,
    qtbot: Any,
    ask: Ask,
    out: Path,
    monkeypatch: pytest.MonkeyPatch,
    action: ActionId,
    code: int,
    words: str,
) -> None:
    def fail(descriptor: int) -> None:
        raise OSError(code, os.strerror(code), str(out / "secret"))

    monkeypatch.setattr("core.files.os.fsync", fail)
    window = open_files("a.png")
    ask(out if action is ActionId.SAVE_ALL_OVERLAYS else out / "out.file")
    sentence = export(window, qtbot, action)
    assert words in sentence
    assert "secret" not in sentence
    assert list(out.iterdir()) == []


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="there is no device that is always full")
@pytest.mark.parametrize("action", [ActionId.SAVE_PICTURE, ActionId.SAVE_TABLE])
def test_a_full_disk_is_told_as_the_system_reports_it(
    open_files: Open, qtbot: Any, ask: Ask, action: ActionId
) -> None:
    window = open_files("a.png")
    ask(Path("/dev/full"))
    assert export(window, qtbot, action) == "The file could not be written. The disk is full."


def test_a_folder_that_has_gone_is_told(open_files: Open, qtbot: Any, ask: Ask, out: Path) -> None:
    window = open_files("a.png")
    ask(out / "gone")
    sentence = export(window, qtbot, ActionId.SAVE_ALL_OVERLAYS)
    assert sentence == "No overlay could be saved. The folder is no longer there."


def test_a_disk_that_fills_up_is_told_with_what_was_saved(
    open_files: Open, qtbot: Any, ask: Ask, out: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    window = open_files("a.png", "b.png", "c.png")
    genuine, calls = os.fsync, []

    def fill(descriptor: int) -> None:
        calls.append(descriptor)
        if len(calls) == 3:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        genuine(descriptor)

    monkeypatch.setattr("core.files.os.fsync", fill)
    ask(out)
    sentence = export(window, qtbot, ActionId.SAVE_ALL_OVERLAYS)
    assert sentence == "2 overlays of 3 saved, then no more. The disk is full."
    assert sorted(path.name for path in out.iterdir()) == ["case-001.png", "case-002.png"]


def test_an_unknown_reason_is_told_without_the_path() -> None:
    assert why_not_written(OSError(errno.EMFILE, "Too many open files", "/private/x")) == (
        "The system refused it (Too many open files)."
    )


def test_the_window_stays_free_and_progress_comes_late(
    open_files: Open, fakes: Fakes, qtbot: Any, ask: Ask, out: Path
) -> None:
    window = open_files("a.png", "b.png", "c.png")
    progress, background = window.exports.progress, window.exports.background
    fakes.reading.hold(1)
    ask(out)
    window.actions_by_id[ActionId.SAVE_ALL_OVERLAYS].trigger()
    assert background.running
    qtbot.waitUntil(lambda: progress.bar.value() == 1)
    assert progress.words.text() == "Saving overlays: 1 of 3"
    assert progress.isHidden()
    assert progress.delay.interval() == 600
    progress.delay.setInterval(0)
    progress.delay.start()
    qtbot.waitUntil(progress.isVisible)
    # A second one has to wait, and says so.
    window.actions_by_id[ActionId.SAVE_TABLE].trigger()
    assert "still under way" in window.message.words.text()
    progress.cancel.click()
    with qtbot.waitSignal(background.ended) as ended:
        fakes.reading.open()
    assert ended.args == ["Cancelled after 1 overlay of 3."]
    assert progress.isHidden()
    assert len(list(out.iterdir())) == 1


def test_a_quick_export_shows_no_progress(open_files: Open, qtbot: Any, ask: Ask, out: Path) -> None:
    window = open_files("a.png")
    ask(out)
    export(window, qtbot, ActionId.SAVE_ALL_OVERLAYS)
    assert not window.exports.progress.delay.isActive()
    assert window.exports.progress.isHidden()


def test_cancelling_ends_the_writing_of_a_large_file(
    open_files: Open, qtbot: Any, ask: Ask, out: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    window = open_files("a.png")

    def save(picture: Any, stream: Any) -> None:
        stream.write(b"some")
        window.exports.background.cancel()
        stream.write(b"more")
        raise AssertionError("the second part was written")

    monkeypatch.setattr("deeppneumo_gui.export.view_picture.save_png", save)
    ask(out / "view.png")
    assert "cancelled" in export(window, qtbot, ActionId.SAVE_PICTURE)
    assert list(out.iterdir()) == []


def test_closing_during_an_export_ends_it(
    open_files: Open, fakes: Fakes, qtbot: Any, ask: Ask, out: Path
) -> None:
    window = open_files("a.png", "b.png", "c.png")
    fakes.reading.hold(1)
    ask(out)
    window.actions_by_id[ActionId.SAVE_ALL_OVERLAYS].trigger()
    qtbot.waitUntil(lambda: window.exports.progress.bar.value() == 1)
    background = window.exports.background
    shutdown = background.shutdown

    def release_and_shut_down(seconds: float) -> None:
        assert 0 < seconds < 1
        background.cancel()
        fakes.reading.open()
        shutdown(seconds)

    background.shutdown = release_and_shut_down  # type: ignore[method-assign]
    window.close()
    assert background._thread is not None
    assert not background._thread.is_alive()
    # Whole files only, and none after the one in hand.
    assert [path.name for path in out.iterdir()] == ["case-001.png"]


def test_an_export_runs_until_the_window_has_heard_of_its_end(qtbot: Any) -> None:
    background = Background()
    heard: list[tuple[str, bool]] = []
    background.ended.connect(lambda sentence: heard.append((sentence, background.running)))
    background.start(lambda control: "Done.")
    assert background._thread is not None
    background._thread.join(10)
    assert background.running
    assert heard == []
    qtbot.waitUntil(lambda: bool(heard))
    assert heard == [("Done.", False)]
