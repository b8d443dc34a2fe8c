"""What is freed is given back, and no model is kept twice."""

from __future__ import annotations

import ctypes
import mmap
import os
import platform
import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import TypeVar

import pytest

from core import memory
from core.engine.engine import Engine
from core.memory import give_back_memory
from tests.helpers.tiny_model import write_tiny_bundle

T = TypeVar("T")
_BLOCKS = 1_500
_BLOCK_BYTES = 60_000


def _resident() -> int:
    pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1])
    return pages * 4096


@pytest.mark.skipif(platform.libc_ver()[0] != "glibc", reason="other C libraries keep less")
def test_what_was_freed_goes_back_to_the_system() -> None:
    libc = ctypes.CDLL(None)
    libc.malloc.restype = ctypes.c_void_p
    libc.malloc.argtypes = [ctypes.c_size_t]
    libc.free.argtypes = [ctypes.c_void_p]
    blocks = [libc.malloc(_BLOCK_BYTES) for _ in range(_BLOCKS)]
    for block in blocks:
        ctypes.memset(block, 1, _BLOCK_BYTES)
    # The last one stays, at the end of the heap, which can therefore not shrink by itself.
    for block in blocks[:-1]:
        libc.free(block)
    before = _resident()
    give_back_memory()
    assert before - _resident() > 0.8 * _BLOCKS * _BLOCK_BYTES
    libc.free(blocks[-1])


def test_without_such_a_function_nothing_happens(monkeypatch: pytest.MonkeyPatch) -> None:
    class Musl:
        pass

    monkeypatch.setattr(ctypes, "CDLL", lambda name: Musl())
    give_back_memory()


def _code_in_memory(library: Path) -> int:
    """Return how many bytes of a library's instructions are in memory."""
    resident, inside = 0, False
    for line in Path("/proc/self/smaps").read_text(encoding="utf-8").splitlines():
        if re.match(r"[0-9a-f]+-[0-9a-f]+ ", line):
            inside = line.endswith(str(library)) and " r-xp " in line
        elif inside and line.startswith("Rss:"):
            resident += 1024 * int(line.split()[1])
    return resident


@pytest.fixture
def library(tmp_path: Path) -> Iterator[tuple[Path, mmap.mmap]]:
    """A file that lies in memory as code does."""
    path = tmp_path / "a library of 王.so"
    with path.open("wb") as file:
        file.write(b"code" * 2**20)
        file.flush()
        os.fsync(file.fileno())  # what is not on the disk yet cannot be given back
    with path.open("rb") as file:
        try:
            code = mmap.mmap(file.fileno(), 0, flags=mmap.MAP_PRIVATE, prot=mmap.PROT_READ | mmap.PROT_EXEC)
        except PermissionError:
            pytest.skip("nothing may be run from the temporary folder")
    with code:
        yield path, code


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="for Linux only")
def test_code_that_rests_takes_no_memory_and_comes_again(
    library: tuple[Path, mmap.mmap], monkeypatch: pytest.MonkeyPatch
) -> None:
    path, code = library
    content = bytes(code)
    before = _code_in_memory(path)
    assert before == len(content)
    asked: list[tuple[int, int]] = []
    monkeypatch.setitem(sys.modules, "a_library", SimpleNamespace(__file__=str(path)))
    monkeypatch.setattr(memory, "_code_of", _recorded(memory._code_of, asked))
    memory.give_back_code("a_library")
    assert sum(end - start for start, end in asked) == len(content)
    if _is_on_disk(path):
        assert _code_in_memory(path) < before / 10
    assert bytes(code) == content


def _recorded(function: Callable[[Path], Iterator[T]], asked: list[T]) -> Callable[[Path], list[T]]:
    def record(path: Path) -> list[T]:
        asked.extend(function(path))
        return asked

    return record


def _is_on_disk(path: Path) -> bool:
    """Tell whether the kernel can read a file again: not where its folder is itself in memory, nor before 5.4."""
    told = subprocess.run(["stat", "-f", "-c", "%T", path], capture_output=True, text=True, check=False)
    version = tuple(int(number) for number in platform.release().split(".")[:2])
    return told.stdout.strip() in ("ext2/ext3", "xfs", "btrfs") and version >= (5, 4)


def test_the_code_of_what_is_not_loaded_is_left_alone() -> None:
    memory.give_back_code("no.such.module")
    memory.give_back_code("sys")


def test_an_engine_does_not_keep_the_file_of_its_model(tmp_path: Path) -> None:
    bundle = write_tiny_bundle(tmp_path / "tiny.bundle")
    before = sys.getrefcount(bundle.graph)
    engine = Engine(bundle, threads=1)
    after = sys.getrefcount(bundle.graph)
    assert after == before
    assert engine.input_size > 0
