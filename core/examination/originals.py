"""Radiographs in native resolution against their small copies."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import numpy as np

from core.dataset import Item
from core.examination.images import Images, load_images
from core.examination.row import Bound, Row, Section
from core.examination.scoring import Scorer

MOST: Final = 1


def pair_originals(originals: Sequence[Item], copies: Sequence[Item]) -> list[tuple[Item, Item]]:
    """Find the copy of each original by its file name without extension; those without one are left out."""
    by_stem = {item.path.stem: item for item in copies}
    return [(item, by_stem[item.path.stem]) for item in originals if item.path.stem in by_stem]


def examine_originals(pairs: Sequence[tuple[Item, Item]], scorer: Scorer) -> Section:
    """Count the calls that differ between originals and copies."""
    size = scorer.engine.input_size
    native, copied = (load_images([pair[place] for pair in pairs], size) for place in (0, 1))
    readable = {item.path.stem for item in native.items} & {item.path.stem for item in copied.items}
    native, copied = (_keep(images, readable) for images in (native, copied))
    if not readable:
        row = Row("originals", "Calls that differ", None, 0, unit="count", reason="no original has its copy")
        return Section("originals", "Originals against their small copies", (row,))
    first = scorer.score(len(native), lambda place: native.grey[place])
    second = scorer.score(len(copied), lambda place: copied.grey[place])
    differing = np.flatnonzero(first.called != second.called)
    row = Row(
        key="originals",
        title="Calls that differ",
        value=float(len(differing)),
        n=len(native),
        bound=Bound("at most", MOST),
        unit="count",
        details={
            "files": [native.items[place].path.name for place in differing],
            "largest_score_difference": float(np.abs(first.score - second.score).max()),
        },
    )
    return Section("originals", "Originals against their small copies", (row,))


def _keep(images: Images, stems: set[str]) -> Images:
    return images.take([place for place, item in enumerate(images.items) if item.path.stem in stems])
