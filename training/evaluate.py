"""``deeppneumo-evaluate``: measure a model bundle on labelled radiographs and write a report."""

from __future__ import annotations

import argparse
import platform
import sys
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from importlib.metadata import version
from pathlib import Path, PurePosixPath
from typing import Final

from tqdm import tqdm

from core.dataset import Item, find_items
from core.engine.bundle import read_bundle
from core.engine.card import Card
from core.engine.engine import Engine
from core.errors import DeepPneumoError
from core.metrics import KINDS, Evaluation, evaluate
from core.notice import NOTICE
from core.pipeline import score_files
from core.report import About, AverageHeatmap, Averaging, Exclusion, write_report
from core.report.words import with_interval
from core.table import Row
from core.version import VERSION
from training.chosen import OFFICIAL, add_images, select_items, split_hash, warn_of_seen_patients
from training.destination import report_folder

EXIT_OK: Final = 0
EXIT_USAGE: Final = 2
EXIT_INTERRUPTED: Final = 130


class EvaluationError(DeepPneumoError):
    """Radiographs of which none could be scored."""


@dataclass(frozen=True, slots=True)
class Scored:
    """Labelled radiographs with the model's rows, and those that it could not score."""

    items: tuple[Item, ...]
    rows: tuple[Row, ...]
    exclusions: tuple[Exclusion, ...]
    averages: tuple[AverageHeatmap, ...]


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command; returns 0, 2 on wrong usage or unusable data, 130 when stopped by Ctrl+C."""
    options = _parser().parse_args(arguments)
    try:
        _run(options)
    except DeepPneumoError as error:
        print(f"deeppneumo-evaluate: {error}", file=sys.stderr)
        return EXIT_USAGE
    except OSError as error:
        print(f"deeppneumo-evaluate: The report could not be written: {error.strerror}.", file=sys.stderr)
        return EXIT_USAGE
    except KeyboardInterrupt:
        print("\ndeeppneumo-evaluate: Stopped; no report was written.", file=sys.stderr)
        return EXIT_INTERRUPTED
    return EXIT_OK


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="deeppneumo-evaluate",
        description="Measure a model on labelled radiographs: report.html, report.json and figures as PNG. "
        f"{NOTICE}.",
        allow_abbrev=False,
    )
    add_images(parser)
    parser.add_argument("--out", type=Path, required=True, metavar="DIR", help="where the report goes")
    parser.add_argument(
        "--split",
        default=OFFICIAL,
        metavar="official|FILE|all",
        help="the parts of the data itself (default), those of a split CSV, or everything",
    )
    return parser


def _run(options: argparse.Namespace) -> None:
    items, split_name = select_items(find_items(options.data), options.split, options.part)
    engine = Engine(read_bundle(options.model), threads=1)
    with report_folder(options.out, options.data, items):
        _report(options.out, items, split_name, engine)


def _report(out: Path, items: Sequence[Item], split_name: str, engine: Engine) -> None:
    scored = score_items(items, engine)
    if not scored.items:
        first = scored.exclusions[0]
        name = PurePosixPath(first.file).name
        raise EvaluationError(
            f"None of the {len(items)} images could be scored, {name} for example: {first.reason}"
        )
    evaluation = measure(scored, engine.card)
    split_name += warn_of_seen_patients(items, engine.card, "deeppneumo-evaluate")
    about = describe(engine.card, split_name, items)
    names = [item.file for item in scored.items]
    page = write_report(out, evaluation, about, names, scored.exclusions, scored.averages)
    _print_summary(evaluation, about, scored, page)


def score_items(items: Sequence[Item], engine: Engine) -> Scored:
    """Score radiographs, with a progress bar on a terminal; what cannot be scored is listed."""
    kept: list[Item] = []
    rows: list[Row] = []
    exclusions: list[Exclusion] = []
    paths = [item.path for item in items]
    averaging = Averaging(items)
    scoring = score_files(paths, engine, on_scored=averaging.add)
    # tqdm's disable=None keeps the bar out of files and pipes.
    bar = tqdm(scoring, total=len(items), desc="Scoring", unit="image", disable=None)
    for item, row in zip(items, bar, strict=True):
        if row.status == "ok":
            kept.append(item)
            rows.append(row)
        else:
            exclusions.append(Exclusion(item.file, item.label, row.status, row.reason))
    return Scored(tuple(kept), tuple(rows), tuple(exclusions), averaging.averages())


def measure(scored: Scored, card: Card) -> Evaluation:
    """Evaluate rows at the card's default operating point."""
    return evaluate(
        [item.label for item in scored.items],
        [_probabilities(row, card.class_names) for row in scored.rows],
        [item.patient for item in scored.items],
        class_names=card.class_names,
        threshold=card.operating_point.threshold,
        conformal=card.conformal,
    )


def _probabilities(row: Row, class_names: Sequence[str]) -> list[float]:
    by_name = {
        "normal": row.p_normal,
        "pneumonia": row.score,
        "bacterial": row.p_bacterial,
        "viral": row.p_viral,
    }
    values = [by_name[name] for name in class_names]
    return [value for value in values if value is not None]


def describe(card: Card, split_name: str, items: Iterable[Item]) -> About:
    """Gather what the report says about its making."""
    libraries = {"NumPy": "numpy", "Pillow": "pillow", "ONNX Runtime": "onnxruntime"}
    versions = {"DeepPneumo": VERSION, "Python": platform.python_version()}
    return About(
        model_name=card.name,
        model_version=card.version,
        model_hash=card.content_hash,
        operating_point=card.default_operating_point,
        split_name=split_name,
        split_hash=split_hash(items),
        date=date.today().isoformat(),
        limits=card.limits,
        versions=versions | {name: version(package) for name, package in libraries.items()},
    )


def _print_summary(evaluation: Evaluation, about: About, scored: Scored, page: Path) -> None:
    cases = evaluation.cases["all"]
    print(
        f"{about.model_name} {about.model_version} on {about.split_name}: {cases.images} images of ", end=""
    )
    print(f"{cases.patients} patients, {evaluation.confidence:.0%} intervals by patient")
    # Sensitivity says the same as recall.
    told = {key: figure for key, figure in evaluation.measures.items() if key != "recall"}
    width = max(len(KINDS[key].title) for key in told)
    for key, figure in told.items():
        reason = f" {figure.reason}" if figure.reason else ""
        print(f"  {KINDS[key].title:<{width}}  {with_interval(key, figure)}{reason}")
    if scored.exclusions:
        print(f"{len(scored.exclusions)} images could not be scored; the report lists them.", file=sys.stderr)
    print(f"{page}\n{NOTICE}.")


if __name__ == "__main__":
    sys.exit(main())
