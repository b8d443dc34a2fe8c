"""A small rotating log in the user's log folder."""

from __future__ import annotations

import logging
from logging.handlers import RotatingFileHandler
from pathlib import Path
from typing import Final

from deeppneumo_gui.crash.details import describe, scrub

_LARGEST: Final = 256 * 1024
_KEPT: Final = 3
# Other libraries' loggers quote what they read, so they are not listened to.
_OURS: Final = ("core", "deeppneumo_gui")


def user_log_folder() -> Path:
    """Return the folder where the log lies, by the custom of the system."""
    from platformdirs import user_log_path

    return user_log_path("DeepPneumo", appauthor=False)


class Log:
    """Writes the program's own log records to ``deeppneumo.log`` until closed."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._handler: RotatingFileHandler | None = None
        try:
            folder.mkdir(parents=True, exist_ok=True)
            handler = RotatingFileHandler(
                folder / "deeppneumo.log", maxBytes=_LARGEST, backupCount=_KEPT, encoding="utf-8", delay=True
            )
        except OSError:
            return  # A full or locked disk costs the log, not the program.
        handler.setFormatter(_Formatter("%(asctime)s %(levelname)s %(name)s %(message)s"))
        self._handler = handler
        for name in _OURS:
            logging.getLogger(name).addHandler(handler)

    def close(self) -> None:
        """Stop writing."""
        if self._handler is None:
            return
        for name in _OURS:
            logging.getLogger(name).removeHandler(self._handler)
        self._handler.close()
        self._handler = None


class _Formatter(logging.Formatter):
    """Takes names out of messages and messages out of tracebacks."""

    def formatMessage(self, record: logging.LogRecord) -> str:  # noqa: N802
        """Scrub the message, but not the details that were made without names."""
        if not getattr(record, "details", False):
            record.message = scrub(record.message)
        return super().formatMessage(record)

    def formatException(self, ei: object) -> str:  # noqa: N802
        """Describe an error as it would be copied."""
        error = ei[1] if isinstance(ei, tuple) else None
        return describe(error) if isinstance(error, BaseException) else ""
