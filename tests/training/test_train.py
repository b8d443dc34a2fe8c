"""The training command: what it prints, and one sentence for everything that can be wrong."""

import pytest

from core.learning import run
from training.train import INTERRUPTED, main


def arguments(data, out, **changes):
    options = {"--data": data, "--recipe": "course", "--out": out} | changes
    return [str(word) for pair in options.items() for word in pair]


@pytest.fixture
def never_trained(monkeypatch):
    """The command stops before any training; reaching it fails the test."""
    monkeypatch.setattr(run, "Trainer", None)


@pytest.mark.usefixtures("never_trained")
@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"--recipe": "nonesuch"}, "There is no recipe 'nonesuch'"),
        ({"--recipe": "lost.toml"}, "lost.toml: there is no such recipe"),
        ({"--data": "nowhere"}, "nowhere: there is no such folder"),
        ({"--init": "lost.npz"}, "lost.npz: this is no readable"),
    ],
)
def test_one_sentence_and_exit_2(tmp_path, capsys, changes, sentence):
    (tmp_path / "data").mkdir()
    assert main(arguments(tmp_path / "data", tmp_path / "out", **changes)) == 2
    error = capsys.readouterr().err
    assert sentence in error
    assert error.count("\n") == 1


@pytest.mark.usefixtures("never_trained")
def test_empty_data_folder(tmp_path, capsys):
    (tmp_path / "data").mkdir()
    assert main(arguments(tmp_path / "data", tmp_path / "out")) == 2
    assert "NORMAL and PNEUMONIA" in capsys.readouterr().err


@pytest.mark.usefixtures("never_trained")
def test_output_folder_that_cannot_be_made(tmp_path, capsys):
    (tmp_path / "file").touch()
    assert main(arguments(tmp_path, tmp_path / "file" / "out")) == 2
    assert "could not be made" in capsys.readouterr().err


def test_wrong_usage(capsys):
    with pytest.raises(SystemExit) as stop:
        main(["--data", "x"])
    assert stop.value.code == 2
    assert "--recipe" in capsys.readouterr().err


def test_help_does_not_wait_for_torch(monkeypatch, capsys):
    monkeypatch.setitem(__import__("sys").modules, "torch", None)  # importing it would fail
    with pytest.raises(SystemExit) as stop:
        main(["--help"])
    assert stop.value.code == 0
    assert "not for diagnosis" in capsys.readouterr().out


@pytest.mark.parametrize("begun", [False, True])
def test_ctrl_c_tells_how_to_go_on(tmp_path, capsys, monkeypatch, begun):
    def interrupted(*_):
        raise KeyboardInterrupt

    monkeypatch.setattr(run, "train", interrupted)
    if begun:
        (tmp_path / "last.json").touch()
    assert main(arguments(tmp_path, tmp_path)) == INTERRUPTED
    assert ("--resume" in capsys.readouterr().err) is begun


def test_a_full_disk_is_one_sentence(tmp_path, capsys, monkeypatch):
    def full(*_):
        raise OSError(28, "No space left on device", str(tmp_path / "secret"))

    monkeypatch.setattr(run, "train", full)
    assert main(arguments(tmp_path, tmp_path / "out")) == 1
    error = capsys.readouterr().err
    assert "No space left" in error
    assert "secret" not in error


@pytest.mark.parametrize("option", ["--data", "--out"])
def test_an_empty_path_does_not_mean_here(tmp_path, capsys, option):
    with pytest.raises(SystemExit) as stop:
        main(arguments(tmp_path, tmp_path, **{option: ""}))
    assert stop.value.code == 2
    assert "must not be empty" in capsys.readouterr().err
