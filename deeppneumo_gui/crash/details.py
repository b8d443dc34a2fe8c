"""An error as text that may be sent to strangers: no paths, no file names, nothing out of a file.

Nothing has to be found and struck out: only what the program itself is made of gets in.
"""

from __future__ import annotations

import platform
import re
import traceback
from typing import Final

from core.version import VERSION

_DEEPEST: Final = 30
_LONGEST: Final = 300
# Their messages speak of code. Those of all others (ValueError, KeyError, OSError...) quote what was read.
_ABOUT_CODE: Final = (AttributeError, NameError, NotImplementedError, RecursionError, ZeroDivisionError)
_QUOTED: Final = re.compile(r"'([^']*)'|\"([^\"]*)\"")
_PATH: Final = re.compile(r"(?:file:|[A-Za-z]:)?[^\s:'\"()]*[/\\][^\n'\"]*")
_FILE_NAME: Final = re.compile(r"[^\s'\"()]+\.[A-Za-z][A-Za-z0-9]{1,5}\b")
_FAULT_FRAME: Final = re.compile(r'^\s*File "(?P<path>.*)", line (?P<line>\d+|\?+) in (?P<name>.*)$')
_FAULT_HEAD: Final = re.compile(
    r"^(Fatal Python error: .*|Windows fatal exception: .*|(Current thread|Thread) 0x[0-9a-f]+.*)$"
)


def describe(error: BaseException) -> str:
    """Return versions, the kinds of the errors in a chain, and where in the code each arose.

    Parameters
    ----------
    error : BaseException
        With its traceback.

    Returns
    -------
    str
        Several lines. Messages of errors are left out unless they can only speak of code; frames are named by
        module, line and function.
    """
    lines = [heading()]
    link: BaseException | None = error
    while link is not None and len(lines) < 5 * _DEEPEST:
        lines += [*_frames(link), _kind(link)]
        cause = link.__cause__ or (None if link.__suppress_context__ else link.__context__)
        if cause is not None:
            lines.append("because of")
        link = cause
    return "\n".join(lines)


def heading() -> str:
    """Return the versions that a bug may depend on."""
    import PySide6

    return (
        f"DeepPneumo {VERSION}, Python {platform.python_version()}, Qt {PySide6.__version__}, "
        f"{platform.system()} {platform.release()} {platform.machine()}"
    )


def scrub(text: str) -> str:
    """Return one log line with everything that looks like a path, a file name or a quotation taken out."""
    text = _QUOTED.sub(lambda quoted: quoted[0] if quoted[0][1:-1].isidentifier() else "'...'", text)
    text = _PATH.sub("(path)", text)
    return _FILE_NAME.sub("(file)", text)[:_LONGEST]


def read_fault(text: str) -> str:
    """Return what `faulthandler` wrote, reduced to threads, modules, lines and functions."""
    lines = []
    for line in text.splitlines():
        if frame := _FAULT_FRAME.match(line):
            module = re.split(r"[/\\]", frame["path"])[-1].removesuffix(".py")
            lines.append(f"  {module}:{frame['line']} {frame['name']}")
        elif _FAULT_HEAD.match(line):
            lines.append(line)
    return "\n".join(lines[: 5 * _DEEPEST])


def _frames(error: BaseException) -> list[str]:
    lines = []
    for frame, line in traceback.walk_tb(error.__traceback__):
        lines.append(f"  {frame.f_globals.get('__name__', '?')}:{line} {frame.f_code.co_qualname}")
    hidden = len(lines) - _DEEPEST
    return lines if hidden <= 0 else [*lines[:5], f"  ... {hidden} more ...", *lines[5 - _DEEPEST :]]


def _kind(error: BaseException) -> str:
    name = type(error).__name__
    if isinstance(error, OSError) and error.errno is not None:
        return f"{name} {error.errno}"
    if isinstance(error, _ABOUT_CODE) and str(error):
        return f"{name}: {scrub(str(error))}"
    return name
