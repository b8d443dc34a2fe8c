"""``deeppneumo predict`` on one file, as a process, against a process that only opens the model."""

from __future__ import annotations

import subprocess
import sys
import tempfile
from pathlib import Path

from core.engine.default import default_bundle_path
from tests.bench.folder import native_radiographs
from tests.bench.measure import Bar, alternate

_BARE = """
import sys
import numpy, PIL.Image, onnxruntime
onnxruntime.InferenceSession(sys.argv[1], providers=["CPUExecutionProvider"])
"""


def measure() -> list[Bar]:
    """Compare whole processes, started in turns."""
    from core.engine.bundle import read_bundle

    with tempfile.TemporaryDirectory() as name:
        path = native_radiographs(Path(name))[0]
        graph = Path(name) / "model.onnx"
        graph.write_bytes(read_bundle(default_bundle_path()).graph)
        ours = [str(Path(sys.executable).with_name("deeppneumo")), "predict", str(path)]
        bare = [sys.executable, "-c", _BARE, str(graph)]

        def run(command: list[str]) -> None:
            subprocess.run(command, check=True, capture_output=True)

        seconds = alternate({"bare": lambda: run(bare), "ours": lambda: run(ours)}, 11, warm_up=2)
    return [
        Bar(
            "predict on one file, process time against imports and session alone",
            seconds["ours"] / seconds["bare"],
            1.5,
            False,
            f"ours {1e3 * seconds['ours']:.0f} ms, bare {1e3 * seconds['bare']:.0f} ms",
        )
    ]
