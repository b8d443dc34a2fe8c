"""A model that takes memory only while there is something to score."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from core.errors import BundleError, EngineError
from core.reading import read_radiograph
from deeppneumo_gui.assets import asset
from deeppneumo_gui.inference import resting
from deeppneumo_gui.inference import thread as thread_module
from deeppneumo_gui.inference.messages import Generation, Job
from deeppneumo_gui.inference.queue import JobQueue, Lull
from deeppneumo_gui.inference.resting import RestingEngine
from deeppneumo_gui.window import MainWindow
from tests.gui.conftest import finished
from tests.gui.fakes import Fakes
from tests.helpers.tiny_model import write_tiny_bundle


@pytest.fixture
def bundle(tmp_path: Path) -> Path:
    path = tmp_path / "tiny.bundle"
    write_tiny_bundle(path)
    return path


@pytest.fixture
def opened(monkeypatch: pytest.MonkeyPatch) -> list[Any]:
    """Every engine that was opened, by its path."""
    found: list[Any] = []
    genuine = resting.Engine

    def engine(path: Path, *, threads: int) -> Any:
        found.append(path)
        return genuine(path, threads=threads)

    monkeypatch.setattr(resting, "Engine", engine)
    return found


def test_a_rested_model_scores_as_before(bundle: Path, opened: list[Any]) -> None:
    radiograph = read_radiograph(asset("formats", "png-8.png"))
    engine = RestingEngine(bundle, 1)
    before = engine.score(radiograph)
    engine.rest()
    assert engine._engine is None
    assert engine.score(radiograph).logits.tolist() == before.logits.tolist()
    assert engine.score(radiograph).logits.tolist() == before.logits.tolist()
    assert opened == [bundle, bundle]


def test_another_model_in_the_same_place_is_not_taken_for_it(bundle: Path) -> None:
    radiograph = read_radiograph(asset("formats", "png-8.png"))
    engine = RestingEngine(bundle, 1)
    engine.rest()
    write_tiny_bundle(bundle, version="2.0")
    with pytest.raises(EngineError, match="has been replaced"):
        engine.score(radiograph)


def test_a_model_that_has_gone_is_a_sentence(bundle: Path) -> None:
    engine = RestingEngine(bundle, 1)
    engine.rest()
    bundle.unlink()
    with pytest.raises(BundleError, match=r"^The model bundle was not found\.$"):
        engine.score(read_radiograph(asset("formats", "png-8.png")))


def test_the_model_rests_once_nothing_is_to_be_done(
    open_files: Callable[..., MainWindow], fakes: Fakes, qtbot: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    window = open_files("a.png")
    assert fakes.rests == 0
    monkeypatch.setattr(thread_module, "REST_AFTER", 0.001)
    for count, name in enumerate(("b.png", "c.png"), 2):
        fakes.rests = 0
        window.opening.open([Path("/private/smith") / name])
        qtbot.waitUntil(lambda: fakes.rests > 0 and finished(window))
        assert len(fakes.scored) == count


def test_a_lull_is_told_only_to_who_asks_for_it() -> None:
    queue = JobQueue()
    assert queue.take(0.001) == Lull()
    job = Job(1, Path("a"), Generation(1))
    queue.extend([job])
    assert queue.take(0.001) == job
    queue.stop()
    assert queue.take(0.001) is None
