"""Radiographs in memory, and the order in which training sees them."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor
from torch.utils.data import Dataset, Sampler
from tqdm import tqdm

from core.cores import core_count
from core.dataset import Item
from core.errors import ReadError
from core.learning.augment import augment
from core.learning.recipe import Augmentation, Training
from core.learning.targets import Targets
from core.preprocess import resize_grey, standardise
from core.reading import read_radiograph


@dataclass(frozen=True, slots=True)
class Images:
    """Readable items with their pixels.

    Attributes
    ----------
    items : list of Item
    grey : ndarray of uint8, shape (N, S, S)
        What `core.preprocess.resize_grey` makes of each rendering.
    unreadable : list of ReadError
        Files that were left out, with the reason.
    """

    items: list[Item]
    grey: NDArray[np.uint8]
    unreadable: list[ReadError]

    def digests(self) -> list[bytes]:
        """Content hash of every image as the network sees it."""
        return [hashlib.sha256(image.tobytes()).digest() for image in self.grey]


def load_images(items: Sequence[Item], size: int, *, quiet: bool = False) -> Images:
    """Read all items at the network's input size, in parallel, with a progress bar unless `quiet`."""

    def load(item: Item) -> NDArray[np.uint8] | ReadError:
        try:
            return resize_grey(read_radiograph(item.path).rendering, size)
        except ReadError as error:
            return error

    with ThreadPoolExecutor(core_count()) as pool:
        loaded = list(
            tqdm(
                pool.map(load, items),
                total=len(items),
                desc="reading",
                unit="image",
                disable=True if quiet else None,
            )
        )
    read = [(item, image) for item, image in zip(items, loaded, strict=True) if isinstance(image, np.ndarray)]
    grey = np.stack([image for _, image in read]) if read else np.empty((0, size, size), np.uint8)
    return Images(
        [item for item, _ in read], grey, [error for error in loaded if isinstance(error, ReadError)]
    )


class TrainingImages(Dataset[tuple[Tensor, Targets]]):
    """Augmented training images; what an index gives depends on seed, epoch and index alone.

    Neither the number of loader processes nor an interruption changes what the network is shown.
    """

    def __init__(
        self,
        grey: NDArray[np.uint8],
        targets: Targets,
        settings: Augmentation,
        training: Training,
    ) -> None:
        self._grey = grey
        self._targets = targets
        self._settings = settings
        self._training = training
        self.epoch = 0

    def __len__(self) -> int:
        return len(self._grey)

    def __getitem__(self, index: int) -> tuple[Tensor, Targets]:
        """Return one standardised image (1, S, S) and its targets, each without the first dimension."""
        generator = np.random.default_rng((self._training.seed, self.epoch, index))
        size = self._training.size_at(self.epoch)
        frame = None
        if self._settings.frame_share > 0 and generator.random() < self._settings.frame_share:
            frame = self._grey[int(generator.integers(len(self._grey)))]
        image = augment(self._grey[index], size, self._settings, generator, frame)
        inputs = torch.from_numpy(standardise(image)[np.newaxis])
        return inputs, Targets(*(part[index] for part in self._targets))


class EpochSampler(Sampler[int]):
    """Random order of an epoch, dealt out to the processes of a distributed run.

    Every process gets equally many indices; the last ones of an epoch that do not fill a whole global batch are
    left out, so that no batch is too small for its batch norms.
    """

    def __init__(self, count: int, seed: int, batch_size: int, rank: int = 0, world: int = 1) -> None:
        self._count, self._seed, self._rank, self._world = count, seed, rank, world
        whole = count - count % (batch_size * world)
        self._length = whole if whole else count - count % world
        self.epoch = 0

    def __len__(self) -> int:
        return self._length // self._world

    def __iter__(self) -> Iterator[int]:
        order = np.random.default_rng((self._seed, self.epoch)).permutation(self._count)
        return iter(order[self._rank : self._length : self._world].tolist())
