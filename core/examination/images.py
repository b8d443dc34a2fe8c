"""Labelled radiographs in memory, as the network gets them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from core.cores import core_count
from core.dataset import Item
from core.errors import ReadError
from core.metrics.threshold import Flags
from core.preprocess import resize_grey
from core.reading import read_radiograph

Grey = NDArray[np.uint8]
Tick = Callable[[int], None]


@dataclass(frozen=True, slots=True, eq=False)
class Images:
    """Readable radiographs with their labels.

    Attributes
    ----------
    items : tuple of Item, length N
    grey : ndarray of uint8, shape (N, S, S)
        What `core.preprocess.resize_grey` makes of each rendering.
    unreadable : tuple of ReadError
        Those that were left out.
    """

    items: tuple[Item, ...]
    grey: Grey
    unreadable: tuple[ReadError, ...] = ()

    def __len__(self) -> int:
        return len(self.items)

    @property
    def patients(self) -> list[str]:
        """Who each image is of."""
        return [item.patient for item in self.items]

    @property
    def positive(self) -> Flags:
        """Whether each image is labelled pneumonia, shape (N,)."""
        return np.array([item.is_pneumonia for item in self.items], dtype=np.bool_)

    def take(self, places: Sequence[int] | NDArray[np.intp]) -> Images:
        """Return some of the images, by their places."""
        chosen = [int(place) for place in places]
        return Images(tuple(self.items[place] for place in chosen), self.grey[chosen])


def load_images(items: Sequence[Item], size: int, tick: Tick = lambda _: None) -> Images:
    """Read radiographs on all cores.

    Parameters
    ----------
    items : sequence of Item
    size : int
        Side of the network's input in pixels.
    tick : callable
        Called with 1 after every file.
    """

    def load(item: Item) -> Grey | ReadError:
        try:
            return resize_grey(read_radiograph(item.path).rendering, size)
        except ReadError as error:
            return error

    loaded: list[Grey | ReadError] = []
    with ThreadPoolExecutor(core_count(), thread_name_prefix="read") as pool:
        try:
            for answer in pool.map(load, items):
                loaded.append(answer)
                tick(1)
        except BaseException:
            pool.shutdown(cancel_futures=True)
            raise
    kept = [(item, grey) for item, grey in zip(items, loaded, strict=True) if isinstance(grey, np.ndarray)]
    stack = np.stack([grey for _, grey in kept]) if kept else np.empty((0, size, size), np.uint8)
    errors = tuple(answer for answer in loaded if isinstance(answer, ReadError))
    return Images(tuple(item for item, _ in kept), stack, errors)
