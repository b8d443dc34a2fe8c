"""A PDF that is either complete or not there."""

from __future__ import annotations

import os
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, BinaryIO, cast

from core.files import atomic_write
from core.report.style import LIGHT, styled


@contextmanager
def open_pdf(path: str | os.PathLike[str], title: str) -> Iterator[Any]:
    """Open a PDF for pages, written atomically; its text can be searched and copied.

    Parameters
    ----------
    path : path
    title : str
        Among its properties.

    Yields
    ------
    matplotlib.backends.backend_pdf.PdfPages
        Takes figures of any size with `savefig`; each is in the file once it was taken.

    Raises
    ------
    OSError
        When it cannot be written; nothing is left then.
    """
    import matplotlib
    from matplotlib.backends.backend_pdf import PdfPages

    # Whole letters and not outlines, so that text is text.
    settings: Any = {"pdf.fonttype": 42, "pdf.compression": 6}
    with (
        atomic_write(path) as stream,
        styled(LIGHT),
        matplotlib.rc_context(settings),
        warnings.catch_warnings(),
    ):
        # A letter that the font does not have is an empty box in the page, and nobody reads warnings.
        warnings.filterwarnings("ignore", message="Glyph .* missing from", category=UserWarning)
        pages = PdfPages(cast(Any, _Kept(stream)), metadata={"Title": title, "Creator": "DeepPneumo"})
        try:
            yield pages
        finally:
            pages.close()  # type: ignore[no-untyped-call]


class _Kept:
    """A stream that a PDF writer may close without closing it."""

    def __init__(self, stream: BinaryIO) -> None:
        self._stream = stream

    def write(self, content: bytes) -> int:
        """Write."""
        return self._stream.write(content)

    def tell(self) -> int:
        """Return the place."""
        return self._stream.tell()

    def seek(self, place: int) -> int:
        """Go to a place."""
        return self._stream.seek(place)

    def flush(self) -> None:
        """Pass on what has been written."""
        self._stream.flush()
