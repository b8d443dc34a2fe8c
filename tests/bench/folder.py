"""A folder end to end against its hardware bound, and memory against the folder's length."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np

from core.cores import core_count
from core.engine.default import default_bundle_path
from core.engine.engine import Engine
from core.pipeline import score_files
from core.preprocess import preprocess
from core.reading import find_radiographs, read_radiograph
from tests.bench.measure import Bar

COUNT = 200
CORES = core_count()


def native_radiographs(folder: Path) -> list[Path]:
    """Fill a folder with `COUNT` native-size files: links to real ones where there are, else synthetic ones."""
    shared = os.environ.get("DEEPPNEUMO_SHARED")
    if shared:
        originals = find_radiographs([Path(shared) / "originals"])
    else:
        from core.learning.phantom import write_dataset

        write_dataset(folder / "made", 20, seed=1, size=1600)
        originals = find_radiographs([folder / "made"])
    links = folder / "links"
    links.mkdir()
    for number in range(COUNT):
        source = originals[number % len(originals)].resolve()
        (links / f"{number:03d}{source.suffix}").symlink_to(source)
    paths = find_radiographs([links])
    assert len(paths) == COUNT
    return paths


def measure() -> list[Bar]:
    """Time decoding alone, inference alone and the whole; then the memory of two lengths."""
    with tempfile.TemporaryDirectory() as name:
        paths = native_radiographs(Path(name))
        count = len(paths)
        together = Engine(default_bundle_path(), threads=CORES)
        single = Engine(default_bundle_path(), threads=1)
        for _ in score_files(paths[:20], single):
            pass
        bounds, wholes = [], []
        for _ in range(3):
            bounds.append(
                _decode_all(paths) + min(_infer_all(together, count, 8), _infer_split(single, count))
            )
            started = time.perf_counter()
            rows = list(score_files(paths, single))
            wholes.append(time.perf_counter() - started)
            assert len(rows) == count
            assert all(row.status == "ok" for row in rows)
        bound, whole = min(bounds), min(wholes)
        short, long = (_peak_memory(Path(name) / "links", n) for n in (25, count))
    return [
        Bar(
            f"folder of {count}, share of the hardware bound",
            bound / whole,
            0.85,
            True,
            f"bound {bound:.2f} s, whole {whole:.2f} s",
        ),
        Bar(
            f"peak memory of {count} files against 25",
            long / short,
            1.1,
            False,
            f"{short / 2**20:.0f} MB, {long / 2**20:.0f} MB",
        ),
    ]


def _decode_all(paths: list[Path]) -> float:
    started = time.perf_counter()
    with ThreadPoolExecutor(CORES) as pool:
        for _ in pool.map(lambda path: read_radiograph(path).shape, paths):
            pass
    return time.perf_counter() - started


def _inputs(count: int) -> np.ndarray:
    grey = np.random.default_rng(0).integers(0, 256, (224, 224), dtype=np.uint8)
    return np.repeat(preprocess(grey)[np.newaxis], count, axis=0)


def _infer_all(engine: Engine, count: int, size: int) -> float:
    """Every core on one batch after another."""
    batch = _inputs(size)
    started = time.perf_counter()
    for _ in range(count // size):
        engine.predict(batch)
    return time.perf_counter() - started


def _infer_split(engine: Engine, count: int) -> float:
    """One core per batch; whichever of the two ways is faster is the bound."""
    batch = _inputs(4)
    started = time.perf_counter()
    with ThreadPoolExecutor(CORES) as pool:
        for _ in pool.map(lambda _: engine.predict(batch), range(count // 4)):
            pass
    return time.perf_counter() - started


_CHILD = """
import sys
from pathlib import Path
from core.engine.default import default_bundle_path
from core.cores import core_count
from core.engine.engine import Engine
from core.pipeline import score_files
from core.reading import find_radiographs
from tests.helpers.memory import peak_memory
paths = find_radiographs([Path(sys.argv[1])])[:int(sys.argv[2])]
assert len(paths) == int(sys.argv[2])
for row in score_files(paths, Engine(default_bundle_path(), threads=1)):
    pass
print(peak_memory())
"""


def _peak_memory(folder: Path, count: int) -> float:
    """Peak resident memory in bytes of a fresh process that scores the first `count` files."""
    command = [sys.executable, "-c", _CHILD, str(folder), str(count)]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    return float(done.stdout)
