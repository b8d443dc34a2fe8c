"""How the inner parts of the reader say no: they know the reason, not the file's name."""

from __future__ import annotations

from typing import Final, NoReturn

from core.errors import ImageTooLargeError, ReadError, TruncatedFileError

INCOMPLETE: Final = "The file ends before its image does; it is incomplete."


class Refusal(Exception):  # noqa: N818 - it becomes an error of core.errors, and is none by itself
    """A reason not to read a file, to become the given error once the file's name is known."""

    def __init__(self, error: type[ReadError], reason: str) -> None:
        super().__init__(reason)
        self.error = error
        self.reason = reason


def refuse_damaged(reason: str = "The file is damaged or incomplete.") -> NoReturn:
    """Say that the content contradicts itself or ends too early."""
    raise Refusal(TruncatedFileError, reason)


def refuse_too_large(width: int, height: int) -> NoReturn:
    """Say that the header announces more pixels than the program opens."""
    raise Refusal(
        ImageTooLargeError,
        f"The image is too large to open safely ({width} x {height} pixels; the limit is 100 megapixels).",
    )
