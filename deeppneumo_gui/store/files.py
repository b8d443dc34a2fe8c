"""What is known of the files that are open: how they looked when they were read, and what is in them."""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Final

from core.reading.radiograph import Radiograph
from core.store.content import FileState
from deeppneumo_gui.inference.errands import ReleasedError, SlowError
from deeppneumo_gui.inference.line import Line
from deeppneumo_gui.services import Reader

if TYPE_CHECKING:
    from core.store.store import Store

LIMIT_SECONDS: Final = 10.0
"""So long the system may take to tell of some files; they count as unknown then."""


class OpenFiles:
    """Tells which content a file had when it was read; a disk that hangs is left alone after a while.

    `recognise` belongs to one thread, `content_as_read` and `content_now` to another, `content_to_label` to a third.
    """

    def __init__(self) -> None:
        self._recalling = Line("recall-files")
        self._keeping = Line("keep-files")
        self._labelling = Line("label-files")
        self._lock = threading.Lock()
        self._read: dict[tuple[Path, int], FileState | None] = {}
        self._known: dict[Path, tuple[FileState, str]] = {}

    def watched(self, read: Reader) -> Reader:
        """Return a reader that notes how each file looked just before."""

        def watch(path: Path, frame: int = 0) -> Radiograph:
            state = FileState.of(path)
            with self._lock:
                self._read[path, frame] = state
            return read(path, frame)

        return watch

    def recognise(self, store: Store, paths: Sequence[Path]) -> list[str | None]:
        """Return the contents of files as far as they are known.

        Those that must be read are read in lots: a folder of large ones that was moved takes longer than a disk
        that answers may need for one.
        """
        from core.store.recognition import look_at, lots, read

        line = self._recalling
        try:
            seen = line.result(line.submit(look_at, store, paths), LIMIT_SECONDS)
        except (SlowError, ReleasedError):
            return [None] * len(paths)
        # What was not read in time stays unknown.
        with contextlib.suppress(SlowError, ReleasedError):
            for lot in lots(seen):
                read_now = line.result(
                    line.submit(read, store, [seen[place] for place in lot]), LIMIT_SECONDS
                )
                for place, file in zip(lot, read_now, strict=True):
                    seen[place] = file
        with self._lock:
            for file in seen:
                if file.state is not None and file.content is not None:
                    self._known[file.path] = file.state, file.content
        return [file.content for file in seen]

    def content_as_read(self, path: Path, frame: int) -> tuple[FileState, str] | None:
        """Return the content of which a frame was read last, None where the file has changed since."""
        with self._lock:
            state = self._read.pop((path, frame), None)
            known = self._known.get(path)
        if state is None:
            return None
        if known is not None and known[0] == state:
            return known
        return self._hashed(path, state, self._keeping)

    def content_now(self, path: Path) -> tuple[FileState, str] | None:
        """Return the content that a file was known by last, or has now; None where it cannot be read."""
        return self._content(path, self._keeping)

    def content_to_label(self, path: Path) -> tuple[FileState, str] | None:
        """Return the same, beside those who must not wait for it."""
        return self._content(path, self._labelling)

    def _content(self, path: Path, line: Line) -> tuple[FileState, str] | None:
        with self._lock:
            known = self._known.get(path)
        if known is not None:
            return known
        try:
            state = line.result(line.submit(FileState.of, path), LIMIT_SECONDS)
        except (SlowError, ReleasedError):
            return None
        return None if state is None else self._hashed(path, state, line)

    def known(self, paths: Iterable[Path]) -> list[Path]:
        """Return those files whose content is known."""
        with self._lock:
            return [path for path in paths if path in self._known]

    def release(self) -> None:
        """Let whoever waits for a file go."""
        for line in (self._recalling, self._keeping, self._labelling):
            line.release()

    def close(self, seconds: float) -> None:
        """End; what hangs in the system longer than `seconds` after the release is left behind."""
        for line in (self._recalling, self._keeping, self._labelling):
            line.close(seconds)

    def _hashed(self, path: Path, state: FileState, line: Line) -> tuple[FileState, str] | None:
        from core.store.recognition import Seen, content_of

        try:
            content = line.result(line.submit(content_of, Seen(path, state)), LIMIT_SECONDS)
        except (SlowError, ReleasedError):
            return None
        if content is None:
            return None
        with self._lock:
            self._known[path] = state, content
        return state, content
