"""Small pictures for the worklist: made on a thread of their own, only when asked for, never all kept."""

from __future__ import annotations

import logging
import threading
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from PySide6.QtCore import QObject, QThread, Signal, Slot
from PySide6.QtGui import QImage

from core.errors import DeepPneumoError
from core.reading.radiograph import Grey8
from deeppneumo_gui.canvas.images import grey_image
from deeppneumo_gui.cases import Case, CaseState
from deeppneumo_gui.inference.errands import ReleasedError, SlowError
from deeppneumo_gui.inference.line import Line

CAPACITY: Final = 512
"""Pictures kept; of 96 pixels each, they take 5 MB."""
_WAITING: Final = 128
"""Requests kept, more than rows fit on a screen; older ones were scrolled past."""

LIMIT_SECONDS: Final = 10.0
"""So long a picture may take; the others wait meanwhile."""

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, eq=False)
class Thumbnail:
    """A picture, or a null image for a file that has none."""

    case_id: int
    image: QImage


class ThumbnailThread(QThread):
    """Makes the picture that was asked for last first: those asked for earlier may be out of sight."""

    made = Signal(object)
    """`Thumbnail`."""

    def __init__(self, read: Callable[[Path], Grey8], parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._read = read
        self._line = Line("thumbnail")
        self._condition = threading.Condition()
        self._wanted: OrderedDict[int, Path] = OrderedDict()
        self._under_way: set[int] = set()
        self._held = False
        self._stopped = False

    def ask(self, case_id: int, path: Path) -> None:
        """Put a picture at the head of the queue; the oldest requests beyond a screenful are forgotten."""
        with self._condition:
            if case_id in self._under_way:
                return
            self._wanted[case_id] = path
            self._wanted.move_to_end(case_id)
            while len(self._wanted) > _WAITING:
                self._wanted.popitem(last=False)
            self._condition.notify()

    def received(self, case_id: int) -> None:
        """Take note that a picture has arrived, so that it may be asked for again one day."""
        with self._condition:
            self._under_way.discard(case_id)

    def hold(self, held: bool) -> None:
        """Begin no other picture while something more urgent is being read."""
        with self._condition:
            self._held = held
            self._condition.notify()

    def stop(self) -> None:
        """End, without the picture in hand where that takes long; follow with `wait()`."""
        self._line.release()
        with self._condition:
            self._stopped = True
            self._condition.notify()

    def run(self) -> None:
        """Make pictures until stopped."""
        try:
            while (request := self._take()) is not None:
                case_id, path = request
                self.made.emit(Thumbnail(case_id, self._picture(path)))
        except ReleasedError:
            _log.info("A thumbnail was still being made in the end.")
        finally:
            self._line.close()

    def _take(self) -> tuple[int, Path] | None:
        with self._condition:
            self._condition.wait_for(lambda: self._stopped or (self._wanted and not self._held))
            if self._stopped:
                return None
            case_id, path = self._wanted.popitem()
            self._under_way.add(case_id)
            return case_id, path

    def _picture(self, path: Path) -> QImage:
        try:
            return grey_image(self._line.result(self._line.submit(self._read, path), LIMIT_SECONDS))
        except DeepPneumoError:
            return QImage()  # its row gets the reason from the thread that reads for the model
        except ReleasedError:
            raise
        except SlowError:
            _log.warning("The file of a thumbnail did not answer.")
            return QImage()
        except Exception as error:
            _log.error("A thumbnail could not be made.", exc_info=error)
            return QImage()


class Thumbnails(QObject):
    """Bounded cache in front of the thread; a picture is asked for by being looked at."""

    arrived = Signal(int)
    """The case whose picture can be shown now."""

    def __init__(self, read: Callable[[Path], Grey8], parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._cache: OrderedDict[int, QImage] = OrderedDict()
        self._thread = ThumbnailThread(read, self)
        self._thread.made.connect(self._on_made)

    def __len__(self) -> int:
        return len(self._cache)

    def image(self, case: Case) -> QImage | None:
        """Return a case's picture, null where there is none; None while it is being made."""
        image = self._cache.get(case.case_id)
        if image is not None:
            self._cache.move_to_end(case.case_id)
            return image
        if case.state is CaseState.UNREADABLE:
            return QImage()
        self._thread.ask(case.case_id, case.path)
        if not self._thread.isRunning():
            self._thread.start(QThread.Priority.LowestPriority)
        return None

    def retry(self, case_id: int) -> None:
        """Ask again for a picture that could not be made, because the file can be read now."""
        image = self._cache.get(case_id)
        if image is not None and image.isNull():
            del self._cache[case_id]
            self.arrived.emit(case_id)

    def hold(self, held: bool) -> None:
        """Leave the disk and the processor to the selected image, or go on."""
        self._thread.hold(held)

    def stop(self) -> None:
        """Ask for the end; `shutdown` waits for it."""
        self._thread.stop()

    def shutdown(self) -> None:
        """Stop; a file that hangs in the system is left behind."""
        self._thread.stop()
        self._thread.wait()

    @Slot(object)
    def _on_made(self, thumbnail: Thumbnail) -> None:
        self._thread.received(thumbnail.case_id)
        self._cache[thumbnail.case_id] = thumbnail.image
        while len(self._cache) > CAPACITY:
            self._cache.popitem(last=False)
        self.arrived.emit(thumbnail.case_id)
