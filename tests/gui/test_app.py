"""Starting: with and without a screen, with the real engine, in pictures."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from PySide6.QtCore import QObject

import deeppneumo_gui.services as services_module
from deeppneumo_gui import app, display_check, screenshots
from deeppneumo_gui.services import core_services
from tests.gui.fakes import Fakes
from tests.helpers.tiny_model import write_tiny_bundle


@pytest.fixture
def radiographs(tmp_path: Path) -> Path:
    """Four pictures with some contrast."""
    folder = tmp_path / "pictures"
    folder.mkdir()
    numbers = np.random.default_rng(0)
    for number in range(4):
        grey = numbers.integers(0, 255, (90, 100), dtype=np.uint8)
        Image.fromarray(grey).save(folder / f"image {number}.png")
    return folder


@pytest.fixture
def tiny_model(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    bundle = tmp_path / "tiny.bundle"
    write_tiny_bundle(bundle)
    monkeypatch.setattr(services_module, "core_services", lambda **given: core_services(bundle, **given))


@pytest.mark.parametrize("variables", [{}, {"DISPLAY": ":987"}, {"WAYLAND_DISPLAY": "nowhere"}])
def test_without_a_display_one_sentence_and_status_2(
    variables: dict[str, str], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    for name in ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM"):
        monkeypatch.delenv(name, raising=False)
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setattr(display_check.sys, "platform", "linux")
    assert app.run([]) == 2
    output = capsys.readouterr()
    assert output.out == ""
    assert output.err == f"{display_check.NO_DISPLAY}\n"


def test_the_offscreen_platform_needs_no_display() -> None:
    assert display_check.find_obstacle({"QT_QPA_PLATFORM": "offscreen"}) is None


@pytest.mark.parametrize("packaged", [False, True])
def test_a_missing_system_library_is_named(packaged: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(display_check, "_reaches_x11", lambda environment: True)

    def load(name: str) -> None:
        error = OSError("libxcb-cursor.so.0: cannot open shared object file: No such file or directory")
        if packaged:
            raise OSError(f"Failed to load dynlib/dll {name!r}.") from error
        raise error

    monkeypatch.setattr(display_check.ctypes, "CDLL", load)
    monkeypatch.setattr(display_check.sys, "platform", "linux")
    obstacle = display_check.find_obstacle({"DISPLAY": ":0"})
    assert obstacle == (
        "DeepPneumo cannot open its window: a system library is missing (libxcb-cursor.so.0)."
    )


def test_the_window_scores_with_the_real_engine(tiny_model: None, radiographs: Path, tmp_path: Path) -> None:
    target = tmp_path / "shots" / "window.png"
    assert app.run_offscreen([str(radiographs)], str(target)) == 0
    with Image.open(target) as image:
        assert image.size == (1360, 860)


def test_a_picture_of_nothing_is_a_failure(tiny_model: None, tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    assert app.run_offscreen([tmp_path / "empty"], tmp_path / "window.png") == 1
    assert not (tmp_path / "window.png").exists()


def test_screenshots_of_every_state(tiny_model: None, radiographs: Path, tmp_path: Path) -> None:
    out = tmp_path / "shots"
    assert screenshots.main(["--out", str(out), str(radiographs)]) == 0
    names = {path.stem for path in out.iterdir()}
    assert names == {
        "empty",
        "scoring",
        "heatmap",
        "light",
        "beside",
        "magnifier",
        "compare",
        "refused",
        "unreadable",
        "small",
    }
    contents = {path.read_bytes() for path in out.iterdir()}
    assert len(contents) == len(names)


def test_screenshots_of_a_lesson_where_the_truth_is_known(
    tiny_model: None, radiographs: Path, tmp_path: Path
) -> None:
    names = sorted(path.name for path in radiographs.iterdir())
    listed = [{"file": name, "finding": ("bacterial", "normal")[n % 2]} for n, name in enumerate(names)]
    (radiographs / "samples.json").write_text(json.dumps({"samples": listed}))
    out = tmp_path / "shots"
    assert screenshots.main(["--out", str(out), str(radiographs)]) == 0
    found = {path.stem for path in out.iterdir()}
    assert found >= {
        "learners",
        "debrief",
        "learner-before",
        "learner-after",
        "teacher",
        "audience-before",
        "audience-after",
    }
    assert len({path.read_bytes() for path in out.iterdir()}) == len(found)


def test_a_missing_bundle_is_a_reason(tmp_path: Path, fakes: Fakes) -> None:
    with pytest.raises(Exception, match="model") as caught:
        core_services(tmp_path / "none.bundle").load_engine(None)
    assert str(tmp_path) not in str(caught.value)


def test_the_window_starts_without_torch_or_the_decoders() -> None:
    code = (
        "import sys, os; os.environ['QT_QPA_PLATFORM'] = 'offscreen'\n"
        "import deeppneumo_gui.assembly\n"
        "heavy = {'torch', 'torchvision', 'onnxruntime', 'pydicom', 'matplotlib', 'scipy', 'cmap'}\n"
        "sys.exit(repr(heavy & set(sys.modules)) if heavy & set(sys.modules) else 0)"
    )
    result = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert result.returncode == 0, result.stderr


def test_qt_returns_none_without_losing_a_reference() -> None:
    # PySide6 6.12.0 does on Python 3.11, until the interpreter deallocates None and aborts.
    thing = QObject()
    before = sys.getrefcount(None)
    for _ in range(1000):
        thing.setObjectName("name")
    assert sys.getrefcount(None) > before - 500
