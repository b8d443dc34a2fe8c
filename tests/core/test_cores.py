"""Counting processors and cores."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from core.cores import core_count, physical_cores


@pytest.fixture
def machine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return the description of two cores with two processors each, of which one is not ours."""
    for processor, siblings in enumerate(["0,2", "1,3", "0,2", "1,3"]):
        folder = tmp_path / f"cpu{processor}" / "topology"
        folder.mkdir(parents=True)
        (folder / "thread_siblings_list").write_text(siblings + "\n")
    monkeypatch.setattr(os, "sched_getaffinity", lambda _: {3, 2, 0}, raising=False)
    return tmp_path


def test_siblings_count_as_one_core(machine: Path) -> None:
    assert core_count() == 3
    assert physical_cores(machine) == [0, 3]


def test_without_a_description_each_processor_is_a_core(machine: Path) -> None:
    assert physical_cores(machine / "nowhere") == [0, 2, 3]


def test_a_system_that_does_not_tell(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delattr(os, "sched_getaffinity", raising=False)
    monkeypatch.setattr(os, "cpu_count", lambda: 7)
    assert core_count() == 7
    assert physical_cores() == []
