"""Giving memory back to the system."""

from __future__ import annotations

import ctypes
import os
import sys
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Final

_PAGE_OUT: Final = 21
"""MADV_PAGEOUT of Linux 5.4: the pages are fetched again from where they came from when they are next used."""


def give_back_memory() -> None:
    """Return what was freed to the system, where the C library would keep it for later.

    The GNU C library does: after a model has been opened it holds on to more than the model itself takes, for
    opening needs several copies of the weights. Elsewhere this does nothing.
    """
    if sys.platform.startswith("linux"):
        with suppress(OSError, AttributeError):  # musl, for one, has no such function
            ctypes.CDLL(None).malloc_trim(0)


def give_back_code(module: str) -> None:
    """Let the system have the memory in which the code of an extension module lies, until the code is next run.

    Of ONNX Runtime that is 16 MB, a tenth of what the window takes at rest; having them again takes some 10 ms. What
    another process uses stays. Elsewhere than on Linux this does nothing.

    Parameters
    ----------
    module : str
        Name of a module; nothing happens where it is not loaded or is no library.
    """
    file = getattr(sys.modules.get(module), "__file__", None)
    if sys.platform.startswith("linux") and file is not None:
        with suppress(OSError, AttributeError):
            advise = ctypes.CDLL(None).madvise
            advise.argtypes = [ctypes.c_void_p, ctypes.c_size_t, ctypes.c_int]
            for start, end in _code_of(Path(file)):
                advise(start, end - start, _PAGE_OUT)  # older kernels refuse, and all stays as it is


def _code_of(library: Path) -> Iterator[tuple[int, int]]:
    """Yield from where to where a library's instructions lie in memory."""
    name = os.fsencode(library.resolve())
    for line in Path("/proc/self/maps").read_bytes().splitlines():
        # Five columns, and a path that may hold spaces.
        place, rights, _, _, _, *path = line.split(maxsplit=5)
        if path == [name] and rights == b"r-xp":
            start, end = place.split(b"-")
            yield int(start, 16), int(end, 16)
