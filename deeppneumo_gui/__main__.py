"""Entry of the packaged program, and of ``python -m deeppneumo_gui``."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Final, TextIO

from deeppneumo_gui.cli import main

_FONTS: Final = "MPLCONFIGDIR"


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


@contextmanager
def font_cache(arguments: Sequence[str]) -> Iterator[None]:
    """Tell matplotlib where to keep what it knows of the system's fonts; it makes the folder when it is first used.

    Looking for fonts takes seconds where there are many. A self-test leaves nothing behind, and matplotlib would talk
    at length about a folder that it cannot make.
    """
    from platformdirs import user_cache_path

    kept = user_cache_path("DeepPneumo", appauthor=False) / "fonts"
    # Not `Path.exists`, which raises where a folder on the way may not be entered.
    there = next((folder for folder in (kept, *kept.parents) if os.path.exists(folder)), kept)  # noqa: PTH110
    if "--self-test" in arguments or not os.access(there, os.W_OK):
        from tempfile import TemporaryDirectory

        with TemporaryDirectory(ignore_cleanup_errors=True) as folder:
            os.environ[_FONTS] = folder
            yield
    else:
        os.environ.setdefault(_FONTS, str(kept))
        yield


if __name__ == "__main__":
    provide_streams()
    with font_cache(sys.argv[1:]):
        status = main()
    sys.exit(status)
