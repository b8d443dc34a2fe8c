"""A learner's way through a long lesson: from the key to the next radiograph on screen, and memory."""

from __future__ import annotations

import os
import tempfile
import time
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from tests.bench.folder import COUNT, native_radiographs
from tests.bench.measure import Bar
from tests.bench.window import percentile, resident, settle, until

if TYPE_CHECKING:
    from deeppneumo_gui.teaching.learner import LearnerWindow

_EARLY = 20


def measure() -> list[Bar]:
    """Read every case of a lesson in the real window with the real model, each once the next is ready."""
    os.environ["QT_QPA_PLATFORM"] = "offscreen"
    from PySide6.QtCore import QSettings

    from core.store.content import content_hash
    from core.teaching.lesson import Item, Lesson
    from core.truth.truth import Truth
    from deeppneumo_gui.app import create_application
    from deeppneumo_gui.services import core_services
    from deeppneumo_gui.settings import Settings
    from deeppneumo_gui.store.memory import Memory
    from deeppneumo_gui.teaching.learner import LearnerWindow
    from deeppneumo_gui.teaching.learner_actions import Key
    from deeppneumo_gui.teaching.sources import LessonRadiographs

    create_application()
    with tempfile.TemporaryDirectory() as folder:
        files = native_radiographs(Path(folder))
        paths = {content_hash(path): path for path in files}
        contents = list(paths)
        truth = Truth("pneumonia", None, "table")
        # There are fewer radiographs than cases: one that comes again is read again.
        items = tuple(Item(contents[number % len(contents)], 0, truth) for number in range(COUNT))
        services, memory = core_services(), Memory(None)
        store = QSettings(str(Path(folder) / "settings.ini"), QSettings.Format.IniFormat)
        window = LearnerWindow(
            services,
            Settings(store),
            memory,
            Lesson("a" * 32, "Bench", items),
            LessonRadiographs(services.read, paths),
        )
        window.show()
        settle()
        window.start_page.begin_button.click()
        waits, early = [], 0
        for number in range(COUNT):
            ahead = window.session.run.order[number : number + 2]
            until(partial(_scored, window, ahead))
            for key in (Key.PNEUMONIA, Key.SURE_4, Key.COMMIT, Key.GO_ON):
                window.actions_by_id[key].trigger()
            settle()
            before = window.view.display
            started = time.perf_counter()
            window.actions_by_id[Key.GO_ON].trigger()
            window.view.viewport().repaint()
            waits.append(time.perf_counter() - started)
            if number + 1 < COUNT and (window.view.display is None or window.view.display is before):
                raise RuntimeError("the next radiograph was not shown")
            settle()
            if number == _EARLY:
                early = resident()
        late = resident()
        window.close()
        memory.shutdown()
        settle()
    return [
        Bar(
            f"lesson of {COUNT}: ms from the key to the next case painted, worst",
            1e3 * max(waits[:-1]),
            50.0,
            False,
            f"median {1e3 * percentile(waits, 50):.1f}, 95th percentile {1e3 * percentile(waits, 95):.1f} ms",
        ),
        Bar(
            f"lesson of {COUNT}: memory after the last case against case {_EARLY}",
            late / early,
            1.1,
            False,
            f"{early / 2**20:.0f} MB, {late / 2**20:.0f} MB",
        ),
    ]


def _scored(window: LearnerWindow, cases: tuple[int, ...]) -> bool:
    return all(window.session.ahead.at(index).scored for index in cases)
