"""Giving memory back to the system."""

from __future__ import annotations

import ctypes
import sys
from contextlib import suppress


def give_back_memory() -> None:
    """Return what was freed to the system, where the C library would keep it for later.

    The GNU C library does: after a model has been opened it holds on to more than the model itself takes, for
    opening needs several copies of the weights. Elsewhere this does nothing.
    """
    if sys.platform.startswith("linux"):
        with suppress(OSError, AttributeError):  # musl, for one, has no such function
            ctypes.CDLL(None).malloc_trim(0)
