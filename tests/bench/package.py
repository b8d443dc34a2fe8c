"""The packaged program as users start it, against a bare PySide6 window that is packaged the same way.

``python -m tests.bench.package dist`` on Linux with Xvfb and xdotool; `make bench-package` builds both first. Times
are taken by looking at the screen's pixels from outside, so nothing in the programs knows of it.
"""

from __future__ import annotations

import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from resources.installer.archive import archive_name
from resources.installer.identity import NAME
from tests.bench.display import Display, virtual_display
from tests.bench.measure import Bar, say

BARE = "BareWindow"
SAMPLE = "synthetic-01.jpg"
ROUNDS = 7
WARM_UP = 2
REST = 30.0
"""Seconds after which a program that has nothing to do is at rest."""

_MB = 1e6


def main() -> int:
    """Return 0 when every bar is met, else 1."""
    dist = Path(sys.argv[1])
    bars = sizes(dist)
    with virtual_display() as display:
        bars += start_and_memory(dist, display)
    for bar in bars:
        say(str(bar))
    return 0 if all(bar.is_met for bar in bars) else 1


def sizes(dist: Path) -> list[Bar]:
    """Weigh the folder and the archive, and name the largest parts."""
    files = {
        path.relative_to(dist / NAME): path.stat().st_size
        for path in (dist / NAME).rglob("*")
        if path.is_file() and not path.is_symlink()
    }
    for path, size in sorted(files.items(), key=lambda item: -item[1])[:10]:
        say(f"{size / _MB:8.1f} MB  {path}")
    archive = dist / archive_name()
    return [
        Bar("folder, MB", sum(files.values()) / _MB, 300, False, f"{len(files)} files"),
        Bar("archive, MB", archive.stat().st_size / _MB, 120, False, archive.name),
    ]


@dataclass(frozen=True)
class Start:
    """Seconds from the start of the process, and bytes of memory at rest where they were waited for."""

    painted: float
    explained: float = 0.0
    memory: int = 0


def start_and_memory(dist: Path, display: Display) -> list[Bar]:
    """Start both programs in turns."""
    ours: list[Start] = []
    bare: list[Start] = []
    for turn in range(WARM_UP + ROUNDS):
        last = turn == WARM_UP + ROUNDS - 1
        bare.append(start_bare(dist / BARE / BARE, display, rest=last))
        ours.append(start_program(dist / NAME, display, rest=last))
    ours, bare = ours[WARM_UP:], bare[WARM_UP:]
    mine, its = (statistics.median(start.painted for start in side) for side in (ours, bare))
    explained = statistics.median(start.explained - start.painted for start in ours)
    slowest = max(start.explained - start.painted for start in ours)
    memory = ours[-1].memory, bare[-1].memory
    return [
        Bar(
            "process start to first painted frame, times a bare window's",
            mine / its,
            1.5,
            False,
            f"ours {1e3 * mine:.0f} ms, bare {1e3 * its:.0f} ms",
        ),
        Bar(
            "from there to the first sample's score and heatmap, s",
            explained,
            1.2,
            False,
            f"median of {len(ours)}, slowest {slowest:.2f} s",
        ),
        Bar(
            "memory at rest with one image open, times a bare window's",
            memory[0] / memory[1],
            2.5,
            False,
            f"ours {memory[0] / _MB:.0f} MB, bare {memory[1] / _MB:.0f} MB",
        ),
    ]


def start_bare(executable: Path, display: Display, *, rest: bool) -> Start:
    """Start the bare window and watch it."""
    with _running([str(executable)], display) as (process, began):
        painted = display.wait(_anything, process)
        return Start(painted - began, memory=_memory_at_rest(process) if rest else 0)


def start_program(folder: Path, display: Display, *, rest: bool) -> Start:
    """Start the program on a sample, ask for its heatmap once the image is there, and watch it."""
    sample = folder / "_internal" / "resources" / "samples" / SAMPLE
    with _running([str(folder / NAME), str(sample)], display) as (process, began):
        painted = display.wait(_anything, process)
        display.wait(_has_image, process)
        display.press("h", NAME)
        explained = display.wait(_has_colour, process)
        memory = _memory_at_rest(process) if rest else 0
        return Start(painted - began, explained - began, memory)


@contextmanager
def _running(command: list[str], display: Display) -> Iterator[tuple[subprocess.Popen[bytes], float]]:
    """Start a program for a user who has never started it."""
    with tempfile.TemporaryDirectory() as home:
        environment = {"HOME": home, "XDG_RUNTIME_DIR": home, "DISPLAY": display.name, "LC_ALL": "C.UTF-8"}
        began = time.perf_counter()
        process = subprocess.Popen(command, env=environment, stderr=subprocess.DEVNULL)
        try:
            yield process, began
        finally:
            process.terminate()
            process.wait()
        while _anything(display.pixels()):
            time.sleep(0.01)


def _anything(pixels: NDArray[np.uint8]) -> bool:
    return bool((pixels[::8, ::8] != 255).any())


def _canvas(pixels: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """Return the middle of the canvas, between the panels of a window of 1360 x 860 in the corner."""
    return pixels[160:740:2, 400:960:2]


def _has_image(pixels: NDArray[np.uint8]) -> bool:
    canvas = _canvas(pixels)
    bright = (
        (canvas[..., 0] > 60) & (canvas[..., 0] < 255)
    ).mean()  # neither the empty window nor the ground
    return bool(np.ptp(canvas, axis=2).max() <= 24 and bright > 0.3)


def _has_colour(pixels: NDArray[np.uint8]) -> bool:
    return bool((np.ptp(_canvas(pixels), axis=2) > 24).mean() > 0.002)


def _memory_at_rest(process: subprocess.Popen[bytes]) -> int:
    """Return the resident memory in bytes once the program has been left alone for a while."""
    time.sleep(REST)
    rollup = Path(f"/proc/{process.pid}/smaps_rollup").read_text(encoding="ascii")
    (line,) = (line for line in rollup.splitlines() if line.startswith("Rss:"))
    return int(line.split()[1]) * 1024


if __name__ == "__main__":
    sys.exit(main())
