"""The entry of the packaged program, and its options."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from deeppneumo_gui import __main__ as entry
from deeppneumo_gui.cli import main
from deeppneumo_gui.selftest import examination


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
