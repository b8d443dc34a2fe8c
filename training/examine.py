"""``deeppneumo-examine``: robustness, shortcuts, explanation and refusal of a model, each against what is asked."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray
from tqdm import tqdm

from core.conformal import Conformal
from core.dataset import Item, find_items
from core.engine.bundle import Bundle, read_bundle
from core.engine.engine import Engine
from core.errors import DeepPneumoError
from core.examination.answering import fit_call_sets
from core.examination.document import Examination, asked, to_json, to_markdown, with_interval
from core.examination.figures import render
from core.examination.heatmaps import examine_heatmaps, right_pneumonias, sample_places
from core.examination.images import Images, Tick, load_images
from core.examination.masks import read_masks
from core.examination.originals import examine_originals, pair_originals
from core.examination.performance import examine_performance
from core.examination.refusal import examine_refusal
from core.examination.robustness import examine_robustness
from core.examination.row import Section
from core.examination.scoring import Scorer
from core.examination.shortcuts import examine_shortcuts
from core.files import atomic_write
from core.notice import NOTICE
from core.report.style import LIGHT
from training.chosen import ALL, ChoiceError, add_images, select_items, warn_of_seen_patients
from training.destination import report_folder
from training.evaluate import EXIT_INTERRUPTED, EXIT_OK, EXIT_USAGE, describe

SEED: Final = 20180222
SECTIONS: Final = (
    "performance",
    "robustness",
    "shortcuts",
    "explanation",
    "sanity",
    "refusal",
    "originals",
)
SPOILED: Final = 200
CHECKED: Final = 40


class ExaminationError(DeepPneumoError):
    """A request that cannot be met, in one sentence."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command; returns 0, 2 on wrong usage or unusable data, 130 when stopped by Ctrl+C."""
    options = _parser().parse_args(arguments)
    try:
        everything = _checked(options)
        with report_folder(options.out, options.data, everything):
            examination = examine(options, everything)
            write(options.out, examination)
    except DeepPneumoError as error:
        print(f"deeppneumo-examine: {error}", file=sys.stderr)
        return EXIT_USAGE
    except OSError as error:
        print(f"deeppneumo-examine: The results could not be written: {error.strerror}.", file=sys.stderr)
        return EXIT_USAGE
    except KeyboardInterrupt:
        print("\ndeeppneumo-examine: Stopped; nothing was written.", file=sys.stderr)
        return EXIT_INTERRUPTED
    print(to_markdown(examination))
    _print_verdict(examination)
    return EXIT_OK


def _print_verdict(examination: Examination) -> None:
    bounded = examination.bounded
    print(f"{sum(row.met is True for row in bounded)} of {len(bounded)} bounds met.")
    for row in bounded:
        if not row.met:
            print(
                f"{'Not measured' if row.met is None else 'Missed'}: {row.title}, {with_interval(row)}, {asked(row)}."
            )


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="deeppneumo-examine",
        description="Examine a model on labelled radiographs: examination.json, examination.md and figures. "
        f"{NOTICE}.",
        allow_abbrev=False,
    )
    add_images(parser)
    parser.add_argument("--split", required=True, metavar="official|FILE|all", help="see deeppneumo-evaluate")
    parser.add_argument("--out", type=Path, required=True, metavar="DIR", help="where the results go")
    parser.add_argument("--masks", type=Path, metavar="DIR", help="lung masks, named as the radiographs")
    parser.add_argument(
        "--not-chest", type=Path, metavar="DIR", help="what is to be refused, in photos, knees and other"
    )
    parser.add_argument("--originals", type=Path, metavar="DIR", help="radiographs in native resolution")
    parser.add_argument("--only", nargs="+", choices=SECTIONS, default=SECTIONS, help="parts to run")
    parser.add_argument("--limit", type=int, metavar="N", help="a draw of N images, for a quick look")
    return parser


def _checked(options: argparse.Namespace) -> list[Item]:
    """See that the request can be met, and list what the data folder holds."""
    for folder in (options.masks, options.not_chest, options.originals):
        if folder is not None and not folder.is_dir():
            raise ExaminationError(f"There is no folder named {folder.name}.")
    if options.limit is not None and options.limit < 1:
        raise ExaminationError("--limit takes at least one image.")
    return find_items(options.data)


def examine(options: argparse.Namespace, everything: Sequence[Item]) -> Examination:
    """Run the parts of the examination that were asked for.

    Parameters
    ----------
    options : Namespace
    everything : sequence of Item
        What the data folder holds.

    Raises
    ------
    DeepPneumoError
        If the request cannot be met.
    """
    items, name = select_items(everything, options.split, options.part)
    drawn = items
    if options.limit is not None:
        drawn = [items[place] for place in sample_places(range(len(items)), options.limit, SEED)]
    bundle = read_bundle(options.model)
    engine = Engine(bundle, threads=1)
    with _progress("reading", len(drawn)) as tick:
        images = load_images(drawn, engine.input_size, tick)
    if not len(images):
        raise ExaminationError(f"None of the {len(drawn)} images could be read.")
    sections = _run(options, images, everything, bundle, engine)
    limited = len(drawn) if len(drawn) < len(items) else None
    name += warn_of_seen_patients(images.items, bundle.card, "deeppneumo-examine")
    about = describe(bundle.card, name, images.items)
    return Examination(about, bundle.card.operating_point.threshold, images, tuple(sections), limited)


def _run(
    options: argparse.Namespace, images: Images, everything: Sequence[Item], bundle: Bundle, engine: Engine
) -> Iterator[Section]:
    wanted = set(options.only)
    masks = read_masks(options.masks, images.items, engine.input_size) if options.masks else None
    with _progress("scoring", len(images)) as tick:
        plain = Scorer(engine, tick).score(len(images), lambda place: images.grey[place])
    if "performance" in wanted:
        yield examine_performance(images, plain, bundle.card, _fit_call_sets(options, everything, engine))
    if "robustness" in wanted:
        with _progress("robustness") as tick:
            yield examine_robustness(images, plain, Scorer(engine, tick))
    if "shortcuts" in wanted:
        with _progress("shortcuts") as tick:
            yield examine_shortcuts(images, plain, Scorer(engine, tick), masks)
    if "explanation" in wanted:
        with _progress("explanation") as tick:
            yield examine_heatmaps(images, plain, Scorer(engine, tick), masks, seed=SEED)
    if "sanity" in wanted:
        places = sample_places(right_pneumonias(images, plain), CHECKED, SEED)
        yield _check_sanity(images.take(places), plain.maps[places], bundle)
    if "refusal" in wanted:
        with _progress("refusal") as tick:
            yield examine_refusal(images, bundle, options.not_chest, seed=SEED, spoiled=SPOILED, tick=tick)
    if "originals" in wanted and options.originals:
        pairs = pair_originals(find_items(options.originals), everything)
        with _progress("originals", 2 * len(pairs)) as tick:
            yield examine_originals(pairs, Scorer(engine, tick))


def _fit_call_sets(
    options: argparse.Namespace, everything: Sequence[Item], engine: Engine
) -> Conformal | None:
    """Fit sets over normal and pneumonia on the split's validation part; None where there is none beside the part."""
    if options.split == ALL or options.part == "val":
        return None
    try:
        items, _ = select_items(everything, options.split, "val")
    except ChoiceError:
        return None
    if options.limit is not None:
        items = [items[place] for place in sample_places(range(len(items)), options.limit, SEED)]
    with _progress("sets", 2 * len(items)) as tick:
        images = load_images(items, engine.input_size, tick)
        if not len(images):
            return None
        return fit_call_sets(
            images, Scorer(engine, tick).score(len(images), lambda place: images.grey[place])
        )


def _check_sanity(images: Images, maps: NDArray[np.float32], bundle: Bundle) -> Section:
    # onnx is for training only and takes a while to import.
    from core.learning.sanity import NOTES, check_sanity

    with _progress("sanity") as tick:
        rows = check_sanity(images, maps, bundle, tick=tick) if len(images) else ()
    return Section("sanity", "Heatmaps of a network with shuffled weights", rows, NOTES)


@contextmanager
def _progress(name: str, total: int | None = None) -> Iterator[Tick]:
    """Count images on a terminal; tqdm's disable=None keeps the bar out of files and pipes."""
    with tqdm(total=total, desc=name, unit="image", disable=None) as bar:

        def tick(count: int) -> None:
            bar.update(count)

        yield tick


def write(folder: Path, examination: Examination) -> None:
    """Write `examination.json`, `examination.md` and the figures, each whole or not at all.

    Raises
    ------
    OSError
        If the folder cannot be written.
    """
    folder.mkdir(parents=True, exist_ok=True)
    for section in examination.sections:
        picture = render(section, LIGHT)
        if picture is not None:
            _write(folder / f"{section.key}.png", picture)
    _write(folder / "examination.md", to_markdown(examination).encode("utf-8", "backslashreplace"))
    _write(folder / "examination.json", to_json(examination).encode("utf-8", "backslashreplace"))


def _write(path: Path, content: bytes) -> None:
    with atomic_write(path) as stream:
        stream.write(content)


if __name__ == "__main__":
    sys.exit(main())
