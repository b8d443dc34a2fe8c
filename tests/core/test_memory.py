"""What is freed is given back, and no model is kept twice."""

from __future__ import annotations

import ctypes
import platform
import sys
from pathlib import Path

import pytest

from core.engine.engine import Engine
from core.memory import give_back_memory
from tests.helpers.tiny_model import write_tiny_bundle

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


def test_an_engine_does_not_keep_the_file_of_its_model(tmp_path: Path) -> None:
    bundle = write_tiny_bundle(tmp_path / "tiny.bundle")
    before = sys.getrefcount(bundle.graph)
    engine = Engine(bundle, threads=1)
    after = sys.getrefcount(bundle.graph)
    assert after == before
    assert engine.input_size > 0
