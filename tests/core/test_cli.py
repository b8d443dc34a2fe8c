import sys
import types
from pathlib import Path

import pytest

from core.version import VERSION
from deeppneumo_gui.cli import main


def test_paths_go_to_the_window(monkeypatch: pytest.MonkeyPatch) -> None:
    opened: list[tuple[list[Path], bool]] = []

    def open_window(paths: list[Path], *, new_window: bool) -> int:
        opened.append((paths, new_window))
        return 7

    window = types.ModuleType("deeppneumo_gui.app")
    monkeypatch.setattr(window, "run", open_window, raising=False)
    monkeypatch.setitem(sys.modules, "deeppneumo_gui.app", window)
    assert main(["a.png", "folder"]) == 7
    assert main([]) == 7
    assert main(["--new-window", "a.png"]) == 7
    assert opened == [([Path("a.png"), Path("folder")], False), ([], False), ([Path("a.png")], True)]


def test_predict_goes_to_the_command(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("core.predict.main", lambda arguments: (42, list(arguments))[0])
    monkeypatch.setattr(sys, "argv", ["deeppneumo", "predict", "x"])
    assert main() == 42


def test_the_version_is_told(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as caught:
        main(["--version"])
    assert caught.value.code == 0
    assert VERSION in capsys.readouterr().out


@pytest.mark.parametrize("command", [["--help"], ["predict", "--help"]])
def test_help_needs_no_window(command: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as caught:
        main(command)
    assert caught.value.code == 0
    assert "not for diagnosis" in capsys.readouterr().out
