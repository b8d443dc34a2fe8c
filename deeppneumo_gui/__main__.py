"""Entry of the packaged program, and of ``python -m deeppneumo_gui``."""

from __future__ import annotations

import os
import sys
from typing import TextIO

from deeppneumo_gui.cli import main


def provide_streams() -> None:
    """Give a windowed program on Windows somewhere to print: the console it was started from, else nowhere.

    Such a program begins without standard streams unless they are redirected.
    """
    if sys.stdout is None or sys.stderr is None:
        stream = _console() or open(os.devnull, "w", encoding="utf-8")  # noqa: PTH123, SIM115
        sys.stdout = sys.stdout or stream
        sys.stderr = sys.stderr or stream


def _console() -> TextIO | None:
    if sys.platform == "win32":
        import ctypes

        attach_parent = -1
        if ctypes.windll.kernel32.AttachConsole(attach_parent):
            return open("CONOUT$", "w", encoding="utf-8", errors="backslashreplace")  # noqa: PTH123
    return None


if __name__ == "__main__":
    provide_streams()
    sys.exit(main())
