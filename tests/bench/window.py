"""The real window while it works, drawn off screen: a batch beside the reader's hand, and memory.

Each part runs in a process of its own, so that none inherits another's memory.
"""

from __future__ import annotations

import gc
import itertools
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple
from unittest.mock import patch

import numpy as np
from PIL import Image

from tests.bench.folder import COUNT, native_radiographs
from tests.bench.measure import Bar

if TYPE_CHECKING:
    from core.engine.card import Card
    from core.engine.prediction import Prediction
    from core.reading.radiograph import Radiograph
    from deeppneumo_gui.inference.messages import Job
    from deeppneumo_gui.services import Scorer, Services
    from deeppneumo_gui.window import MainWindow

SWITCHES = 1_000
_PERIOD_MS = 5


def measure() -> list[Bar]:
    """Run every part and hold its numbers against the bars."""
    bars = []
    for part in PARTS:
        command = [sys.executable, "-m", "tests.bench.window", part]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        if done.returncode != 0:
            raise RuntimeError(f"{part}: {done.stderr[-2000:]}")
        bars += [Bar(*values) for values in json.loads(done.stdout.splitlines()[-1])]
    return bars


def batch() -> list[Bar]:
    """A timer of the GUI thread, and clicks on what is not scored, while a folder is being scored."""
    from PySide6.QtCore import Qt, QTimer

    with tempfile.TemporaryDirectory() as folder:
        paths = native_radiographs(Path(folder))
        watch = Watch()
        with opened_window(watch.watched) as window:
            ticks: list[float] = []
            timer = QTimer(interval=_PERIOD_MS, timerType=Qt.TimerType.PreciseTimer)
            timer.timeout.connect(lambda: ticks.append(time.perf_counter()))
            session = window.session
            window.start(paths)
            until(lambda: session.progress.done >= 5)
            timer.start()
            until(lambda: session.progress.done >= COUNT // 4)
            clicks = [watch.click(window, COUNT - 1 - 5 * number) for number in range(8)]
            until(lambda: not session.progress.running)
            timer.stop()
        late = [max(0.0, after - before - _PERIOD_MS / 1e3) for before, after in itertools.pairwise(ticks)]
    inference = 1e3 * statistics.median(run.end - run.begin for run in watch.inferences)
    shown, scored, between = (max(values) for values in zip(*clicks, strict=True))
    return [
        Bar(
            f"timer lateness ms in a batch of {COUNT}, 99th percentile",
            1e3 * percentile(late, 99),
            50.0,
            False,
            f"median {1e3 * statistics.median(late):.2f} ms, worst {1e3 * max(late):.0f} ms, {len(late)} ticks",
        ),
        Bar(
            "click in a batch: ms from decoded to shown", 1e3 * shown, 100.0, False, f"worst of {len(clicks)}"
        ),
        Bar(
            "click in a batch: other inferences begun between it and its own",
            between,
            0.0,
            False,
            f"scored {1e3 * scored:.0f} ms after it was decoded; one inference {inference:.0f} ms",
        ),
    ]


class Inference(NamedTuple):
    """Which file was scored, and when."""

    path: Path
    begin: float
    end: float


class Watch:
    """Notes when files are decoded and scored."""

    def __init__(self) -> None:
        self.decoded: dict[Path, float] = {}
        self.inferences: list[Inference] = []
        self._read: dict[int, Path] = {}

    def watched(self, services: Services) -> Services:
        def read(path: Path, *more: Any) -> Any:
            radiograph = services.read(path, *more)
            self.decoded[path] = time.perf_counter()
            # An address is used again only after a newer file has been noted under it.
            self._read[id(radiograph)] = path
            return radiograph

        def load(*given: Any) -> Any:
            return _NotedEngine(services.load_engine(*given), self._read, self.inferences)

        return replace(services, read=read, load_engine=load)

    def click(self, window: MainWindow, row: int) -> tuple[float, float, int]:
        """Choose an unscored case; seconds from decoded to shown, to scored, and other inferences begun before.

        Those count that begin after the worker has been told. The one that then runs is the one more that a
        click may have to wait for.
        """
        from deeppneumo_gui.inference.queue import JobQueue

        case = window.session.worklist.case_at(row)
        assert case.score is None
        told: list[float] = []
        select = JobQueue.select

        def noted(queue: JobQueue, job: Job) -> None:
            select(queue, job)
            told.append(time.perf_counter())

        clicked = time.perf_counter()
        with patch.object(JobQueue, "select", noted):
            window.worklist.choose(case)
        until(lambda: window.view.display is not None)
        settle()
        shown = time.perf_counter()
        until(lambda: window.session.worklist.case(case.case_id).score is not None)
        scored = time.perf_counter()
        decoded = max(self.decoded[case.path], clicked)
        own = next(run.begin for run in reversed(self.inferences) if run.path == case.path)
        others = sum(told[0] < run.begin < own for run in self.inferences)
        return shown - decoded, scored - decoded, others


class _NotedEngine:
    """Notes when an inference begins and ends."""

    def __init__(self, engine: Scorer, read: dict[int, Path], inferences: list[Inference]) -> None:
        self._engine = engine
        self._read = read
        self._inferences = inferences

    @property
    def card(self) -> Card:
        return self._engine.card

    def score(self, radiograph: Radiograph) -> Prediction:
        begin = time.perf_counter()
        result = self._engine.score(radiograph)
        self._inferences.append(Inference(self._read[id(radiograph)], begin, time.perf_counter()))
        return result

    def rest(self) -> None:
        self._engine.rest()

    def wake(self) -> None:
        self._engine.wake()


def switches() -> list[Bar]:
    """Memory after many changes of the image on screen, against memory after the first hundred."""
    with tempfile.TemporaryDirectory() as name, opened_window() as window:
        window.start(medium_images(Path(name), 10))
        until(lambda: window.session.worklist.rowCount() == 10 and idle(window))
        window.heatmap.set_visible(True)
        early = 0
        for number in range(SWITCHES):
            window.worklist.go_to(number % 10)
            until(lambda: window.view.display is not None)
            if number == SWITCHES // 10:
                early = resident()
        late = resident()
    detail = f"{early / 2**20:.0f} MB, {late / 2**20:.0f} MB"
    return [
        Bar(f"memory after {SWITCHES} switches against {SWITCHES // 10}", late / early, 1.05, False, detail)
    ]


PARTS: dict[str, Callable[[], list[Bar]]] = {
    "batch": batch,
    "switches": switches,
}


@contextmanager
def opened_window(change: Callable[[Services], Services] = lambda services: services) -> Iterator[MainWindow]:
    """Show a window with the real services, changed where a measurement listens to them."""
    os.environ["QT_QPA_PLATFORM"] = "offscreen"
    from PySide6.QtCore import QSettings

    from deeppneumo_gui.app import create_application
    from deeppneumo_gui.services import core_services
    from deeppneumo_gui.settings import Settings
    from deeppneumo_gui.window import MainWindow

    app = create_application()
    with tempfile.TemporaryDirectory() as folder:
        store = QSettings(str(Path(folder) / "settings.ini"), QSettings.Format.IniFormat)
        window = MainWindow(change(core_services()), Settings(store))
        window.show()
        try:
            yield window
        finally:
            window.close()
            app.processEvents()


def until(done: Callable[[], bool]) -> None:
    """Run the event loop until something is so."""
    from PySide6.QtCore import QEvent, QEventLoop
    from PySide6.QtWidgets import QApplication

    while not done():
        QApplication.processEvents(QEventLoop.ProcessEventsFlag.WaitForMoreEvents)
    # A running `exec` does this by itself.
    QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)


def settle() -> None:
    """Let everything be painted that waits for it."""
    from PySide6.QtWidgets import QApplication

    QApplication.processEvents()


def idle(window: MainWindow) -> bool:
    return window.view.settled and all(case.state.is_final for case in window.session.worklist.cases())


def timed(action: Callable[[], object]) -> float:
    started = time.perf_counter()
    action()
    return time.perf_counter() - started


def percentile(values: list[float], percent: float) -> float:
    return float(np.percentile(values, percent))


def resident() -> int:
    """Bytes of memory in use by this process."""
    gc.collect()
    pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE")


def medium_images(folder: Path, count: int) -> list[Path]:
    paths = [folder / f"{number}.jpg" for number in range(count)]
    for number, path in enumerate(paths):
        Image.fromarray(np.roll(scene(600, 700), 40 * number, axis=1).astype(np.uint8)).save(path)
    return paths


def scene(height: int, width: int) -> np.ndarray:
    """A smooth picture with some noise, as floats in [0, 255]."""
    y, x = np.mgrid[0 : 1 : height * 1j, 0 : 1 : width * 1j]
    noise = np.random.default_rng(0).normal(0, 6, (height, width))
    return np.clip(127 + 90 * np.sin(7 * x) * np.cos(5 * y) + noise, 0, 255)


if __name__ == "__main__":
    results = PARTS[sys.argv[1]]()
    fields = ("name", "value", "limit", "at_least", "detail")
    sys.stdout.write(json.dumps([[getattr(bar, field) for field in fields] for bar in results]) + "\n")
