"""The entry of the packaged program, and its options."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import platformdirs
import pytest
from platformdirs import user_cache_path

from deeppneumo_gui import __main__ as entry
from deeppneumo_gui.cli import main
from deeppneumo_gui.selftest import examination
from resources.installer import contents


def test_a_program_without_streams_can_still_print(monkeypatch: pytest.MonkeyPatch) -> None:
    # As a windowed program on Windows starts, and one without a console anywhere.
    monkeypatch.setattr(sys, "stdout", None)
    monkeypatch.setattr(sys, "stderr", None)
    entry.provide_streams()
    sys.stdout.write("nobody reads this")
    sys.stderr.write("nor this")
    assert sys.stdout is not None
    sys.stdout.close()


def test_streams_that_are_there_stay(monkeypatch: pytest.MonkeyPatch) -> None:
    before = sys.stdout, sys.stderr
    entry.provide_streams()
    assert (sys.stdout, sys.stderr) == before


def test_what_is_known_of_fonts_is_kept_where_the_system_keeps_such(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("MPLCONFIGDIR", raising=False)
    with entry.font_cache(["a.png"]):
        folder = Path(os.environ["MPLCONFIGDIR"])
    assert folder.is_relative_to(user_cache_path("DeepPneumo", appauthor=False))
    monkeypatch.setenv("MPLCONFIGDIR", "mine")
    with entry.font_cache([]):
        assert os.environ["MPLCONFIGDIR"] == "mine"


def test_a_self_test_leaves_nothing_of_fonts_behind(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MPLCONFIGDIR", "mine")
    with entry.font_cache(["--self-test"]):
        folder = Path(os.environ["MPLCONFIGDIR"])
        assert folder.is_dir()
    assert not folder.exists()


def test_where_nothing_can_be_kept_fonts_are_known_until_the_end(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(platformdirs, "user_cache_path", lambda *_, **__: tmp_path / "cache")
    monkeypatch.setattr(os, "access", lambda path, mode: False)
    monkeypatch.setenv("MPLCONFIGDIR", "mine")
    with entry.font_cache([]):
        assert Path(os.environ["MPLCONFIGDIR"]).is_dir()
    assert list(tmp_path.iterdir()) == []


def test_no_start_of_the_package_makes_a_temporary_folder() -> None:
    spec = (Path(__file__).resolve().parents[2] / "build.spec").read_text(encoding="utf-8")
    assert "pyi_rth_mplconfig" in contents.RUNTIME_HOOKS_LEFT_OUT
    assert "not in contents.RUNTIME_HOOKS_LEFT_OUT" in spec


def test_the_self_test_is_an_option(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    asked: list[Path | None] = []
    monkeypatch.setattr(examination, "examine", lambda screenshot: (asked.append(screenshot), 7)[1])
    assert main(["--self-test"]) == 7
    assert main(["--self-test", "--screenshot", str(tmp_path / "a.png")]) == 7
    assert asked == [None, tmp_path / "a.png"]


@pytest.mark.parametrize(
    ("arguments", "complaint"),
    [
        (["--self-test", "a.png"], "takes no paths"),
        (["--screenshot", "a.png"], "goes with --self-test"),
    ],
)
def test_wrong_usage(arguments: list[str], complaint: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as caught:
        main(arguments)
    assert caught.value.code == 2
    assert complaint in capsys.readouterr().err
