"""Ten thousand files in the worklist: until it can be used, in memory, and until it is in another order."""

from __future__ import annotations

import os
import tempfile
import time
import tracemalloc
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from tests.bench.measure import Bar

if TYPE_CHECKING:
    from deeppneumo_gui.window import MainWindow

ROWS = 10_000


def measure() -> list[Bar]:
    """Open a folder of so many files in the real window, with an engine that never scores one."""
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    from deeppneumo_gui.worklist.proxy import SortKey

    with tempfile.TemporaryDirectory() as folder, _window(Path(folder)) as window:
        opening = _open(window, Path(folder))
        window.session.cancel()
        _score(window)
        proxy = window.worklist.proxy
        orders = {key.value: _seconds(partial(proxy.set_sort_key, key)) for key in SortKey}
        typing = _seconds(partial(window.worklist.filter.setText, "im-00"))
    slowest = max(orders, key=lambda name: orders[name])
    return [
        Bar(f"{ROWS:,} files, seconds until the list can be used", opening, 2.0, False, "walked and drawn"),
        Bar("bytes a row, listed and scored", _bytes_a_row(), 3072, False, "without thumbnails"),
        Bar("seconds into another order", orders[slowest], 0.25, False, f"slowest: {slowest}"),
        Bar("seconds for a key in the filter", typing, 0.25, False, "im-00"),
    ]


@contextmanager
def _window(folder: Path) -> Iterator[MainWindow]:
    from PySide6.QtCore import QSettings
    from PySide6.QtWidgets import QApplication

    from deeppneumo_gui.app import create_application
    from deeppneumo_gui.services import core_services
    from deeppneumo_gui.settings import Settings
    from deeppneumo_gui.window import MainWindow
    from tests.gui.fakes import Fakes

    create_application()
    fakes = Fakes()
    fakes.scoring.hold()
    store = QSettings(str(folder / "settings.ini"), QSettings.Format.IniFormat)
    window = MainWindow(replace(fakes.services(), find=core_services().find), Settings(store))
    window.show()
    window.session.start()
    yield window
    fakes.scoring.open()
    window.close()
    QApplication.processEvents()


def _open(window: MainWindow, folder: Path) -> float:
    from PySide6.QtCore import QEventLoop

    for number in range(ROWS):
        (folder / f"IM-{number * 7919 % ROWS:05d}-0001.jpeg").touch()
    loop = QEventLoop()
    window.session.cases_opened.connect(loop.quit)
    started = time.perf_counter()
    window.session.open_paths([folder])
    loop.exec()
    window.worklist.view.grab()
    return time.perf_counter() - started


def _score(window: MainWindow) -> None:
    from PySide6.QtWidgets import QApplication

    from deeppneumo_gui.cases import CaseState
    from tests.gui.fakes import make_prediction

    predictions = [make_prediction((number + 1) / 999) for number in range(997)]
    worklist = window.session.worklist
    worklist.replace_all(
        [
            replace(case, state=CaseState.SCORED, prediction=predictions[case.case_id * 7919 % 997])
            for case in worklist.cases()
        ]
    )
    QApplication.processEvents()


def _seconds(call: Callable[[], object]) -> float:
    from PySide6.QtWidgets import QApplication

    begun = time.perf_counter()
    call()
    QApplication.processEvents()
    return time.perf_counter() - begun


def _bytes_a_row() -> float:
    from deeppneumo_gui.cases import CaseState
    from deeppneumo_gui.inference.messages import Outcome
    from deeppneumo_gui.outcomes import without_features
    from deeppneumo_gui.worklist.model import WorklistModel
    from deeppneumo_gui.worklist.proxy import SortKey, WorklistProxy
    from tests.gui.fakes import make_prediction

    model = WorklistModel()
    proxy = WorklistProxy(model)
    proxy.set_sort_key(SortKey.NAME)
    tracemalloc.start()
    before = tracemalloc.get_traced_memory()[0]
    model.append(Path(f"/data/chest_xray/train/NORMAL/IM-{number:05d}-0001.jpeg") for number in range(ROWS))
    for case in model.cases():
        outcome = without_features(Outcome(case.case_id, CaseState.SCORED, make_prediction(0.3)))
        model.replace(replace(case, state=outcome.state, prediction=outcome.prediction))
    grown = tracemalloc.get_traced_memory()[0] - before
    tracemalloc.stop()
    return grown / ROWS
