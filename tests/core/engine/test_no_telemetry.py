"""A program for radiographs tells nobody that it runs."""

import os
import subprocess
import sys
from pathlib import Path

from tests.helpers.tiny_model import SIZE, write_tiny_bundle


def test_running_the_model_leaves_nothing_behind(tmp_path: Path) -> None:
    bundle, home = tmp_path / "tiny.bundle", tmp_path / "home"
    write_tiny_bundle(bundle)
    home.mkdir()
    code = (
        "import sys, numpy; from core.engine.engine import Engine\n"
        f"Engine(sys.argv[1]).predict(numpy.zeros((1, 1, {SIZE}, {SIZE}), numpy.float32))"
    )
    # Without the variables by which ONNX Runtime notices that it is only being tested.
    kept = {name: os.environ[name] for name in ("PATH", "SYSTEMROOT") if name in os.environ}
    folders = dict.fromkeys(("HOME", "USERPROFILE", "LOCALAPPDATA", "APPDATA", "XDG_CACHE_HOME"), str(home))
    subprocess.run([sys.executable, "-c", code, str(bundle)], env=kept | folders, check=True)
    assert list(home.rglob("*")) == []
