"""Whether the model keeps its hands off what it does not know."""

from __future__ import annotations

import io
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray
from PIL import Image as Picture

from core.engine.bundle import Bundle
from core.engine.engine import Engine
from core.examination.images import Grey, Images, Tick
from core.examination.row import Bound, Row, Section
from core.familiarity.measure import Image, RefusalRow, refusal_table
from core.metrics.calls import wilson
from core.preprocess import preprocess
from core.reading import find_radiographs, read_radiograph

IN_DOMAIN: Final = "in_domain"
FOREIGN: Final[Mapping[str, tuple[str, float]]] = {
    "photos": ("Photographs refused", 0.99),
    "knees": ("Knees refused", 0.98),
    "other": ("Hands and CT slices refused", 0.95),
}
ACCEPTED: Final = Bound("at least", 0.98)
FLAGGED: Final = Bound("at least", 0.95)
COST: Final = Bound("at most", 0.05)
_REPEATS: Final = 40


@dataclass(frozen=True, slots=True)
class Spoiled:
    """A group of pictures made from radiographs.

    Attributes
    ----------
    title : str
    words : tuple of str
        One of them must be in the reason for it to be named.
    """

    title: str
    words: tuple[str, ...]


SPOILED: Final[Mapping[str, Spoiled]] = {
    "blank": Spoiled("Blank images flagged", ("blank",)),
    "noise": Spoiled("Noise flagged", ("noise",)),
    "inverted": Spoiled("Inverted radiographs flagged", ("inverted",)),
    "rotated_90": Spoiled("Radiographs rotated by 90\N{DEGREE SIGN} flagged", ("rotated",)),
    "rotated_180": Spoiled("Radiographs rotated by 180\N{DEGREE SIGN} flagged", ("rotated", "upside down")),
    "rotated_270": Spoiled("Radiographs rotated by 270\N{DEGREE SIGN} flagged", ("rotated",)),
    "tinted": Spoiled("Tinted radiographs flagged", ("colour", "tint")),
}


def spoil(grey: Grey, how: str, generator: np.random.Generator) -> Image:
    """Make a picture of one of the groups in `SPOILED` from a radiograph.

    Blank is one grey value, with a deviation of 0 to 2 grey values; noise is uniform or Gaussian; tinted is warm or
    cold, as a photograph of a screen or a lightbox is, and read from a colour PNG like any other file.
    """
    if how == "blank":
        level, sigma = generator.uniform(0, 255), generator.uniform(0, 2)
        return _clip(generator.normal(level, sigma, grey.shape))
    if how == "noise":
        if generator.random() < 0.5:
            return generator.integers(0, 256, grey.shape, dtype=np.uint8)
        return _clip(generator.normal(128, generator.uniform(20, 60), grey.shape))
    if how == "inverted":
        return 255 - grey
    if how == "tinted":
        warm = (1.0, 0.8, 0.6) if generator.random() < 0.5 else (0.65, 0.85, 1.0)
        buffer = io.BytesIO()
        Picture.fromarray(_clip(grey[..., np.newaxis] * np.array(warm))).save(buffer, "PNG")
        return read_radiograph(buffer.getvalue(), name="tinted.png")
    return np.ascontiguousarray(np.rot90(grey, int(how.removeprefix("rotated_")) // 90))


def _clip(values: NDArray[np.floating]) -> Grey:
    grey: Grey = np.clip(np.rint(values), 0, 255).astype(np.uint8)
    return grey


def examine_refusal(
    images: Images,
    bundle: Bundle,
    foreign: Path | None,
    *,
    seed: int,
    spoiled: int,
    tick: Tick = lambda _: None,
) -> Section:
    """Count what is refused of radiographs, of spoiled ones and of what is no chest radiograph.

    Parameters
    ----------
    images : Images
        Radiographs like those the model was trained on.
    bundle : Bundle
    foreign : Path or None
        A folder with the subfolders ``photos``, ``knees`` and ``other``.
    seed : int
        Of the spoiling.
    spoiled : int
        Radiographs that are spoiled in each way.
    tick : callable
        Called with the number of pictures judged.
    """
    engine = Engine(bundle)
    rows = [_accepted_row(_judge(engine, IN_DOMAIN, list(images.grey), tick))]
    for group, (title, least) in FOREIGN.items():
        folder = None if foreign is None else foreign / group
        if folder is not None and folder.is_dir():
            found = _judge(engine, group, find_radiographs([folder]), tick)
            rows.append(_refused_row(found, title, Bound("at least", least)))
    generator = np.random.default_rng(seed)
    chosen = generator.permutation(len(images))[:spoiled]
    for how, kind in SPOILED.items():
        found = _judge(engine, how, [spoil(images.grey[place], how, generator) for place in chosen], tick)
        rows += [_refused_row(found, kind.title, FLAGGED), _named_row(found, kind)]
    rows.append(measure_cost(bundle, images))
    notes = (
        ()
        if bundle.card.familiarity
        else ("The model has no familiarity statistics: the gates alone refuse.",)
    )
    return Section("refusal", "What is refused", tuple(rows), notes)


def _judge(engine: Engine, group: str, pictures: Sequence[Image], tick: Tick) -> RefusalRow:
    found = refusal_table(engine, {group: pictures})[0]
    tick(len(pictures))
    return found


def _details(found: RefusalRow) -> dict[str, object]:
    return {"refused": found.refused, "unreadable": found.unreadable, "reasons": dict(found.reasons)}


def _accepted_row(found: RefusalRow) -> Row:
    return Row(
        key="accepted",
        title="Radiographs accepted",
        value=found.accepted if found.images else None,
        n=found.images,
        interval=(1 - found.high, 1 - found.low),
        method="wilson",
        bound=ACCEPTED,
        unit="share",
        reason=None if found.images else "there are no images",
        details=_details(found),
    )


def _refused_row(found: RefusalRow, title: str, bound: Bound) -> Row:
    return Row(
        key=found.group,
        title=title,
        value=found.share if found.images else None,
        n=found.images,
        interval=(found.low, found.high),
        method="wilson",
        bound=bound,
        unit="share",
        reason=None if found.images else "there are no images",
        details=_details(found),
    )


def _named_row(found: RefusalRow, kind: Spoiled) -> Row:
    named = sum(count for reason, count in found.reasons if any(word in reason for word in kind.words))
    share = named / found.images if found.images else None
    title = f"{kind.title}, the reason named"
    return Row(
        f"{found.group}_named",
        title,
        share,
        found.images,
        wilson(named, found.images),
        "wilson",
        FLAGGED,
        unit="share",
        reason=None if found.images else "there are no images",
    )


def measure_cost(bundle: Bundle, images: Images) -> Row:
    """Time single images with and without familiarity in turn; the median of the ratios, less one."""
    title = "Time that familiarity adds to a pass"
    if bundle.card.familiarity is None or not len(images):
        return Row("cost", title, None, 0, unit="share", reason="the model has no familiarity statistics")
    engines = Engine(bundle), Engine(Bundle(replace(bundle.card, familiarity=None), bundle.graph))
    batch = preprocess(images.grey[0], engines[0].input_size)[np.newaxis]
    ratios = []
    for _ in range(_REPEATS):
        times = []
        for engine in engines:
            start = time.perf_counter()
            engine.predict(batch)
            times.append(time.perf_counter() - start)
        ratios.append(times[0] / times[1])
    return Row("cost", title, float(np.median(ratios)) - 1, _REPEATS, bound=COST, unit="share")
