"""Two processes never train into one folder, and a killed one leaves nothing to clean up."""

import errno
import subprocess
import sys

import pytest
import torch
from filelock import FileLock

from core.learning import run as run_module
from core.learning.distributed import Process
from core.learning.lock import LOCK, RunLockedError, locked_folder
from core.learning.run import Run, train

ALONE = Process(0, 1, torch.device("cpu"))
SECOND = Process(1, 2, torch.device("cpu"))

HOLD = """
import sys
from pathlib import Path
from core.learning.lock import locked_folder
with locked_folder(Path(sys.argv[1])):
    print("held", flush=True)
    sys.stdin.read()
"""


@pytest.fixture
def holder(tmp_path):
    """Another process that has the folder `tmp_path / "run"`."""
    folder = tmp_path / "run"
    folder.mkdir()
    with subprocess.Popen(
        [sys.executable, "-c", HOLD, str(folder)], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as process:
        assert process.stdout.readline() == b"held\n"
        yield process
        process.kill()


def try_to_lock(folder):
    with locked_folder(folder):
        return True


def test_the_folder_of_a_running_process_is_refused_in_one_sentence(holder, tmp_path):
    with pytest.raises(RunLockedError) as refused:
        try_to_lock(tmp_path / "run")
    assert str(refused.value).startswith("run: another process is training into this folder; ")
    assert str(tmp_path) not in str(refused.value)


def test_a_killed_process_leaves_nothing_to_clean_up(holder, tmp_path):
    holder.kill()
    holder.wait()
    assert (tmp_path / "run" / LOCK).exists()
    assert try_to_lock(tmp_path / "run")


def test_the_lock_ends_with_the_block_even_on_ctrl_c(tmp_path):
    with pytest.raises(KeyboardInterrupt), locked_folder(tmp_path):
        raise KeyboardInterrupt
    assert try_to_lock(tmp_path)


def test_a_file_system_without_locks_is_told_and_used(tmp_path, monkeypatch, capsys):
    def unsupported(self, *_, **__):
        raise OSError(errno.ENOSYS, "Function not implemented")

    monkeypatch.setattr(FileLock, "acquire", unsupported)
    assert try_to_lock(tmp_path)
    assert "keeps no locks" in capsys.readouterr().out


def test_other_errors_of_the_disk_are_not_hidden(tmp_path, monkeypatch):
    def full(self, *_, **__):
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(FileLock, "acquire", full)
    with pytest.raises(OSError, match="No space left"):
        try_to_lock(tmp_path)


@pytest.mark.parametrize("resume", [False, True])
def test_a_run_into_a_folder_in_use_changes_nothing_there(
    chest_folder, small_recipe, tmp_path, holder, resume
):
    with pytest.raises(RunLockedError):
        train(Run(chest_folder, small_recipe, tmp_path / "run", resume=resume, quiet=True), ALONE)
    assert [path.name for path in (tmp_path / "run").iterdir()] == [LOCK]


def test_only_the_first_of_several_processes_locks(chest_folder, small_recipe, tmp_path, holder, monkeypatch):
    """Under torchrun they share the folder; one lock for each would shut all but one out."""
    reached = RuntimeError("past the lock")

    def stop(*_, **__):
        raise reached

    monkeypatch.setattr(run_module, "build_network", stop)
    with pytest.raises(RuntimeError, match="past the lock"):
        train(Run(chest_folder, small_recipe, tmp_path / "run", quiet=True), SECOND)
    torch.use_deterministic_algorithms(False)
