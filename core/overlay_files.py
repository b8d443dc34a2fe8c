"""Overlays as PNG files: what they are called and what is burnt into them."""

from __future__ import annotations

import datetime
from collections import Counter
from collections.abc import Sequence
from pathlib import Path, PurePath
from typing import BinaryIO, Final

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from core.engine.card import Card
from core.engine.prediction import Prediction
from core.files import atomic_write
from core.overlay import DEFAULT_COLORMAP, DEFAULT_THRESHOLD, blend, burn_in, strength
from core.reading.radiograph import Radiograph
from core.score_words import score_line

MAX_SIDE: Final = 5000
"""Pixels; larger radiographs are reduced in the picture."""

# Radiographs hardly compress; level 6 takes three times as long for a few percent.
_COMPRESSION: Final = 2
_MAX_NAME_BYTES: Final = 230  # file systems take 255, with number and extension


def overlay_names(files: Sequence[str]) -> list[str]:
    """Give every file a PNG name of its own, in one flat folder.

    A name is the file's stem; where several files share it, the folders come before it, joined by ``_``;
    where even that is not unique, a number follows. Names that differ only by case count as equal.

    Parameters
    ----------
    files : sequence of str
        As in `Row.file`.

    Returns
    -------
    list of str
        In the same order, ending in ``.png``.
    """
    stems = [_stem(PurePath(file)) for file in files]
    count = Counter(stem.casefold() for stem in stems)
    names: list[str] = []
    taken: set[str] = set()
    for file, stem in zip(files, stems, strict=True):
        if count[stem.casefold()] > 1:
            folders = [part for part in PurePath(file).parent.parts if part.strip("./\\")]
            stem = "_".join([*(part.strip("/\\:") for part in folders), stem])
        while len(stem.encode("utf-8", "surrogatepass")) > _MAX_NAME_BYTES:
            stem = stem[1:]
        name, number = stem, 1
        while name.casefold() in taken:
            number += 1
            name = f"{stem}-{number}"
        taken.add(name.casefold())
        names.append(f"{name}.png")
    return names


def _stem(path: PurePath) -> str:
    """Drop an extension, but not the last number of a DICOM UID."""
    return path.name if path.suffix[1:].isdecimal() else path.stem


class OverlayWriter:
    """Writes one PNG for each scored radiograph; may be called from several threads.

    Parameters
    ----------
    folder : Path
        An existing folder. Files of the same name in it are replaced.
    names : sequence of str
        File name for each index.
    card : Card
        The model's.
    opacity : float
        In [0, 1].
    colormap, threshold
        See `core.overlay.colormap_table`.
    """

    def __init__(
        self,
        folder: Path,
        names: Sequence[str],
        card: Card,
        opacity: float,
        colormap: str = DEFAULT_COLORMAP,
        threshold: float = DEFAULT_THRESHOLD,
    ) -> None:
        self._folder = folder
        self._names = names
        self._card = card
        self._opacity = opacity
        self._colormap = colormap
        self._threshold = threshold

    def write(self, index: int, radiograph: Radiograph, prediction: Prediction) -> None:
        """Write the overlay of file `index`, atomically.

        Raises
        ------
        OSError
            When the file cannot be written.
        """
        picture = self.picture(radiograph, prediction)
        with atomic_write(self.path(index)) as stream:
            save_png(picture, stream)

    def path(self, index: int) -> Path:
        """Return where the overlay of file `index` goes."""
        return self._folder / self._names[index]

    def picture(self, radiograph: Radiograph, prediction: Prediction) -> Image.Image:
        """Return an overlay with its strip, RGB, at most `MAX_SIDE` pixels wide or high above the strip."""
        activation_map = prediction.activation_map()
        refusal = prediction.refusal
        lines = (
            f"Model {self._card.title} of {self._card.date}; picture made on {datetime.date.today()}",
            score_line(prediction.score, prediction.call, prediction.threshold),
            f"Strength of the heatmap {strength(activation_map):.2f} (logits per cell)",
            *((f"Scored on request although refused: {refusal}",) if refusal is not None else ()),
            *(f"Uncertain: {doubt}" for doubt in prediction.doubts),
        )
        style = (self._colormap, self._threshold)
        rendering = _reduce(radiograph.rendering)
        return burn_in(blend(rendering, activation_map, self._opacity, *style), lines, *style)


def save_png(picture: Image.Image, stream: BinaryIO) -> None:
    """Write a picture as PNG, quickly rather than small."""
    picture.save(stream, "PNG", compress_level=_COMPRESSION)


def _reduce(rendering: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """Shrink by a whole number what is larger than any screen; a hundred megapixels would fill the memory."""
    factor = -(-max(rendering.shape) // MAX_SIDE)
    return rendering if factor == 1 else np.asarray(Image.fromarray(rendering).reduce(factor))
