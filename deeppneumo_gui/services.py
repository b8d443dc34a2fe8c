"""What the window needs from `core`, in one injectable place."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Protocol

from core.cores import core_count
from core.engine.card import Card
from core.engine.prediction import Prediction
from core.reading.radiograph import Grey8, Radiograph

_THUMBNAIL_PIXELS: Final = 96
"""Twice as many as the worklist shows, for screens of high density."""


class Scorer(Protocol):
    """A loaded model, used by one thread only."""

    @property
    def card(self) -> Card:
        """What the model says about itself."""
        ...

    def score(self, radiograph: Radiograph) -> Prediction:
        """Score one radiograph; raises `DeepPneumoError` when the model cannot be run on it."""
        ...

    def rest(self) -> None:
        """Give back what it can take again when it is needed; nothing is to be scored for a while."""
        ...

    def wake(self) -> None:
        """Take again what `rest` gave back, if it did; raises `DeepPneumoError` where that is impossible.

        Runs on a thread of its own, while nothing is scored.
        """
        ...


class Reader(Protocol):
    """Reads files."""

    def __call__(self, path: Path, frame: int = 0) -> Radiograph:
        """Return one frame, counted from 0; raises `ReadError`."""
        ...


@dataclass(frozen=True, slots=True)
class Services:
    """Functions behind the window; all of them may be slow and none of them may run in the GUI thread.

    Attributes
    ----------
    load_engine : callable
        Loads a bundle, or with None the model that ships, or raises `DeepPneumoError` with a sentence for the
        reader.
    read : callable
        Path and frame to radiograph, or `ReadError`.
    refusal : callable
        The sentence why a radiograph should not be scored, None where it may be.
    find : callable
        All radiographs in one file or folder, in natural order.
    thumbnail : callable
        Path to a small grey picture, or `ReadError`.
    """

    load_engine: Callable[[Path | None], Scorer]
    read: Reader
    refusal: Callable[[Radiograph], str | None]
    find: Callable[[Path], list[Path]]
    thumbnail: Callable[[Path], Grey8]


def core_services(bundle: Path | None = None, threads: Callable[[], int] | None = None) -> Services:
    """Return the real thing; `bundle` replaces the model that ships, `threads` is asked whenever one loads."""
    return Services(
        load_engine=lambda path: _load_engine(path or bundle, (threads or window_threads)()),
        read=_read,
        refusal=_refusal,
        find=_find,
        thumbnail=_thumbnail,
    )


def window_threads() -> int:
    """Return the number of threads for the engine: all cores that are ours but one, which is the window's."""
    return max(1, core_count() - 1)


# Imported on first use, in the worker: ONNX Runtime and the decoders must not delay the first paint.
def _load_engine(bundle: Path | None, threads: int) -> Scorer:
    from core.engine.default import default_bundle_path
    from deeppneumo_gui.inference.resting import RestingEngine

    return RestingEngine(bundle or default_bundle_path(), threads)


def _read(path: Path, frame: int = 0) -> Radiograph:
    from core.reading import read_radiograph

    return read_radiograph(path, frame=frame)


def _refusal(radiograph: Radiograph) -> str | None:
    from core.engine.suitability import find_objection

    return find_objection(radiograph)


def _find(path: Path) -> list[Path]:
    from core.reading import find_radiographs

    return find_radiographs([path])


def _thumbnail(path: Path) -> Grey8:
    from core.reading.thumbnail import read_thumbnail

    return read_thumbnail(path, _THUMBNAIL_PIXELS)
