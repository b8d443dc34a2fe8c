"""A long folder with a store: throughput, opening it again, memory.

`DEEPPNEUMO_BENCH_COUNT` sets the number of radiographs, 10,000 without it.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

from core.engine.default import default_bundle_path
from core.engine.engine import Engine
from core.pipeline import score_files
from core.reading import find_radiographs
from core.store.scoring import score_with_store
from core.store.store import Store
from tests.bench.folder import CORES, _decode_all, _infer_all, _infer_split
from tests.bench.measure import Bar
from tests.bench.window import until

COUNT = int(os.environ.get("DEEPPNEUMO_BENCH_COUNT", "10000"))
SAMPLE = 1000
"""Files by which the bound is measured; it is proportional to their number."""
SHORT = 500


def make_radiographs(folder: Path, count: int) -> list[Path]:
    """Fill a folder with radiographs of different content: of the public set where there are, else synthetic ones."""
    shared = os.environ.get("DEEPPNEUMO_SHARED")
    if shared:
        originals = find_radiographs([Path(shared) / "chest_xray"])
    else:
        from core.learning.phantom import write_dataset

        write_dataset(folder / "made", 100, seed=1, size=448)
        originals = find_radiographs([folder / "made"])
    target = folder / "many"
    target.mkdir()
    contents = [path.read_bytes() for path in originals[:count]]
    for number in range(count):
        source = originals[number % len(originals)]
        # What follows the end of an image is no part of it, and makes it another file.
        content = contents[number % len(contents)] + number.to_bytes(8, "big")
        (target / f"{number:05d}{source.suffix}").write_bytes(content)
    return find_radiographs([target])


def measure() -> list[Bar]:
    """Time a first run against the bound, then opening again in several ways; then the memory of two lengths."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        paths = make_radiographs(folder, COUNT)
        single = Engine(default_bundle_path(), threads=1)
        for _ in score_files(paths[:20], single):
            pass
        bound = _bound(paths[: min(SAMPLE, COUNT)], single) * COUNT / min(SAMPLE, COUNT)
        with closing(Store(folder / "reviews.sqlite")) as store:
            first, rows = _time(paths, single, store)
            again, same = _time(paths, single, store)
            assert rows == same
            moved = folder / "moved"
            (folder / "many").rename(moved)
            after_move, elsewhere = _time(find_radiographs([moved]), single, store)
            assert [row.score for row in elsewhere] == [row.score for row in rows]
            assert store.check()
        window = _open_in_window(moved, folder / "reviews.sqlite")
        short, long = (_peak_memory(moved, folder / f"memory-{n}", n) for n in (min(SHORT, COUNT), COUNT))
    return [
        Bar(
            f"{COUNT} radiographs with a store, share of the hardware bound",
            bound / first,
            0.85,
            True,
            f"bound {bound:.1f} s, whole {first:.1f} s",
        ),
        Bar("opening them again, times as fast", first / again, 100, True, f"{again:.2f} s"),
        Bar(
            "after the folder was moved, times as fast", first / after_move, 100, True, f"{after_move:.2f} s"
        ),
        Bar("opening them again in the window, times as fast", first / window, 100, True, f"{window:.2f} s"),
        Bar(
            f"peak memory of {COUNT} files against {min(SHORT, COUNT)}",
            long / short,
            1.2,
            False,
            f"{short / 2**20:.0f} MB, {long / 2**20:.0f} MB",
        ),
    ]


def _bound(paths: list[Path], single: Engine) -> float:
    together = Engine(default_bundle_path(), threads=CORES)
    count = len(paths)
    rounds = (
        _decode_all(paths) + min(_infer_all(together, count, 8), _infer_split(single, count))
        for _ in range(3)
    )
    return min(rounds)


def _time(paths: list[Path], engine: Engine, store: Store) -> tuple[float, list[Any]]:
    started = time.perf_counter()
    rows = list(score_with_store(paths, engine, store))
    return time.perf_counter() - started, rows


def _open_in_window(folder: Path, file: Path) -> float:
    """Seconds from opening a folder to its last result in the list; the model is there already."""
    with _window(file) as window:
        session = window.session
        until(lambda: session.card is not None)
        started = time.perf_counter()
        window.opening.open([folder])
        until(lambda: session.worklist.rowCount() == COUNT and not session.progress.running)
        seconds = time.perf_counter() - started
        assert all(case.state.is_final for case in session.worklist.cases())
        return seconds


@contextmanager
def _window(file: Path) -> Iterator[Any]:
    os.environ["QT_QPA_PLATFORM"] = "offscreen"
    from deeppneumo_gui.app import create_application, create_window

    app = create_application()
    window = create_window(file.with_suffix(".ini"), file)
    window.show()
    window.start()
    yield window
    window.close()
    app.processEvents()


_CHILD = """
import sys
from pathlib import Path
from core.engine.default import default_bundle_path
from core.engine.engine import Engine
from core.reading import find_radiographs
from core.store.scoring import score_with_store
from core.store.store import Store
from tests.helpers.memory import peak_memory
paths = find_radiographs([Path(sys.argv[1])])[:int(sys.argv[3])]
store = Store(Path(sys.argv[2]))
for row in score_with_store(paths, Engine(default_bundle_path(), threads=1), store):
    pass
store.close()
print(peak_memory())
"""


def _peak_memory(folder: Path, file: Path, count: int) -> float:
    """Peak resident memory in bytes of a fresh process that scores the first `count` files."""
    command = [sys.executable, "-c", _CHILD, str(folder), str(file), str(count)]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    return float(done.stdout)
