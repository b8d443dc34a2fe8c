"""Runs travel in a file: all of them comes back, and nothing in a file is trusted."""

from __future__ import annotations

import contextlib
import json
import os
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.store.runs import KeptRun
from core.teaching import run_file
from core.teaching.lesson import Lesson
from core.teaching.run import Run, RunError
from core.teaching.run_file import DAMAGED, NEWER, NO_RUNS, OTHER_LESSON, OTHER_STATE, read_runs, write_runs
from core.truth.truth import Truth
from tests.core.teaching.test_debrief import READINGS, lesson, read

BEGUN = datetime(2026, 11, 2, 9, 30, tzinfo=UTC)


def kept(whole: Lesson, count: int = 8, code: str = "K7-Q2") -> KeptRun:
    run = read(whole, READINGS[:count], code)
    return KeptRun(run, BEGUN, BEGUN + timedelta(minutes=5) if run.finished else None)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "class.deeprun"
    whole = lesson()
    write_runs(path, [kept(whole), kept(whole, 3, "B3-C4")])
    return path


def spoil(path: Path, change: Callable[[Any], object]) -> None:
    document = json.loads(path.read_text())
    change(document)
    path.write_text(json.dumps(document))


def test_runs_come_back_as_they_were(file: Path) -> None:
    first, second = read_runs(file, lesson())
    assert (first.run.code, second.run.code) == ("K7-Q2", "B3-C4")
    assert (first.run.finished, len(second.run.steps)) == (True, 3)
    assert (first.begun_at, first.ended_at, second.ended_at) == (BEGUN, BEGUN + timedelta(minutes=5), None)
    again = file.with_name("again.deeprun")
    write_runs(again, [first, second])
    assert again.read_bytes() == file.read_bytes()


def test_a_file_tells_neither_truth_nor_whose_radiographs_they_are(tmp_path: Path) -> None:
    whole = lesson(["bacterial"] * 8)
    whole = replace(whole, title="Secret title", author="Dr. Ada Example")
    run = Run.begin(whole, 0.0)
    write_runs(tmp_path / "x.deeprun", [KeptRun(run, BEGUN.astimezone(timezone(timedelta(hours=5))), None)])
    text = (tmp_path / "x.deeprun").read_text()
    for word in (
        "bacterial",
        "Secret",
        "Ada",
        "+05:00",
        str(tmp_path),
        *(item.content for item in whole.items),
    ):
        assert word not in text


def _drop(document: Any) -> None:
    del document["runs"][0]["run"]["plan" if "plan" in document["runs"][0]["run"] else "order"]


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        (lambda d: d.update(deeppneumo_runs=2), NEWER),
        (lambda d: d.update(deeppneumo_runs="1"), NO_RUNS),
        (lambda d: d.pop("deeppneumo_runs"), NO_RUNS),
        (lambda d: d.update(runs=[]), DAMAGED),
        (lambda d: d.update(runs={"a": 1}), DAMAGED),
        (lambda d: d["runs"].append(d["runs"][0]), DAMAGED),
        (lambda d: d["runs"][0].update(begun_at="2026-11-02T09:30:00"), DAMAGED),
        (lambda d: d["runs"][0].update(begun_at=5), DAMAGED),
        (lambda d: d["runs"][1].update(ended_at="2026-11-02T09:30:00+00:00"), DAMAGED),
        (lambda d: d["runs"][0]["run"].update(code="Mrs Example"), "This run cannot be read"),
        (lambda d: d["runs"][0]["run"].update(seconds=-1), "This run cannot be read"),
        (lambda d: d["runs"][0]["run"]["steps"][0]["machine"].update(score=2), "This run cannot be read"),
        (lambda d: d["runs"][0]["run"].update(schema=9), "newer version"),
        (lambda d: d["runs"][0]["run"]["items"].__setitem__(0, "a" * 5_000_000), "This run cannot be read"),
        (lambda d: d["runs"][0]["run"]["items"].__setitem__(0, "a" * 16), DAMAGED),
        (lambda d: d["runs"][0]["run"]["steps"][0].update(seconds=1e308), "This run cannot be read"),
        (lambda d: d["runs"][1]["run"].update(seconds=1e308), "This run cannot be read"),
        (_drop, "This run cannot be read"),
    ],
)
def test_what_no_program_writes_is_refused(
    file: Path, change: Callable[[Any], object], sentence: str
) -> None:
    spoil(file, change)
    with pytest.raises(RunError, match=sentence.split(";")[0]):
        read_runs(file, lesson())


@pytest.mark.parametrize(
    "content", [b"", b"\xff\xd8\xff", b"[" * 100_000, b'{"deeppneumo_runs": NaN}', b"9" * 10_000, b"null"]
)
def test_other_files_are_refused_in_a_sentence(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "x.deeprun"
    path.write_bytes(content)
    with pytest.raises(RunError, match="no learners' runs"):
        read_runs(path, lesson())


def test_no_more_is_read_than_a_file_may_hold(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(run_file, "MAX_BYTES", file.stat().st_size - 1)
    with pytest.raises(RunError, match="larger than any"):
        read_runs(file, lesson())
    monkeypatch.setattr(run_file, "MAX_RUNS", 1)
    with pytest.raises(RunError, match="too many"):
        write_runs(file, [kept(lesson()), kept(lesson())])


def test_what_is_no_file_is_not_opened(tmp_path: Path) -> None:
    with pytest.raises(RunError, match="not found"):
        read_runs(tmp_path / "gone.deeprun", lesson())
    with pytest.raises(RunError, match="a folder or a device"):
        read_runs(tmp_path, lesson())
    if hasattr(os, "mkfifo"):
        os.mkfifo(tmp_path / "pipe")
        with pytest.raises(RunError, match="a folder or a device"):
            read_runs(tmp_path / "pipe", lesson())


def test_only_runs_of_the_lesson_as_it_is_now_come_in(file: Path) -> None:
    with pytest.raises(RunError, match=OTHER_LESSON):
        read_runs(file, replace(lesson(), lesson_id="f" * 32))
    whole = lesson()
    first = replace(whole.items[0], truth=Truth.from_word("normal", "teacher"))
    with pytest.raises(RunError, match=OTHER_STATE):
        read_runs(file, replace(whole, items=(first, *whole.items[1:])))


@settings(max_examples=60, deadline=None)
@given(st.data())
def test_a_damaged_file_gives_a_sentence_and_nothing_else(
    tmp_path_factory: pytest.TempPathFactory, data: st.DataObject
) -> None:
    path = tmp_path_factory.mktemp("runs") / "x.deeprun"
    write_runs(path, [kept(lesson(), 2)])
    content = bytearray(path.read_bytes())
    for _ in range(data.draw(st.integers(1, 4))):
        content[data.draw(st.integers(0, len(content) - 1))] = data.draw(st.integers(0, 255))
    path.write_bytes(content)
    with contextlib.suppress(RunError):
        assert len(read_runs(path, lesson())) == 1


def test_without_a_run_nothing_is_written(tmp_path: Path) -> None:
    with pytest.raises(RunError, match="no run"):
        write_runs(tmp_path / "x.deeprun", [])
    assert not list(tmp_path.iterdir())
