"""A whole training run, from a data folder to a folder of checkpoints and curves."""

from __future__ import annotations

import json
from contextlib import nullcontext
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np
import torch
from torch import Tensor
from tqdm import tqdm

from core.cores import core_count
from core.dataset import DatasetError, Item, apply_split, find_items, read_split, write_split
from core.errors import DeepPneumoError
from core.files import atomic_write
from core.learning.checkpoint import CheckpointError, load_checkpoint
from core.learning.data import Images, load_images
from core.learning.distributed import Process
from core.learning.history import EpochRecord
from core.learning.initialise import load_folded_file, load_imagenet_download, recalibrate
from core.learning.lock import locked_folder
from core.learning.network import build_network
from core.learning.recipe import Recipe, RecipeError, parse_recipe
from core.learning.splits import split_items
from core.learning.teachers import check_teachers, load_best, teacher_marks
from core.learning.trainer import LAST, Options, Trainer
from core.learning.vision import ResNet
from core.preprocess import standardise

RECALIBRATION_IMAGES: Final = 256
RECORD: Final = "run.json"
SPLIT: Final = "split.csv"


@dataclass(frozen=True, slots=True)
class Run:
    """What a run is asked to do.

    Attributes
    ----------
    data : Path
        Folder or manifest, see `core.dataset.find_items`.
    recipe : Recipe
    out : Path
        Folder of the run.
    init : str, optional
        ``none``, ``imagenet`` (torchvision's download), the path of an ``.npz`` file, or the folder of a finished run
        with the same split, whose best weights are trained on; None means ``none``, and on resuming whatever the run
        was started with.
    teachers : tuple of Path
        Folders of finished runs with the same split, whose mean probabilities the recipe's `teacher_share` asks for.
    resume : bool
        Go on from the last checkpoint in `out`.
    """

    data: Path
    recipe: Recipe
    out: Path
    init: str | None = None
    teachers: tuple[Path, ...] = ()
    resume: bool = False
    quiet: bool = False

    @property
    def forerunners(self) -> tuple[Path, ...]:
        """All finished runs that this one takes something from."""
        origin = Path(self.init) if self.init else None
        return (*self.teachers, *([origin] if origin is not None and origin.is_dir() else ()))


def train(run: Run, process: Process) -> list[EpochRecord]:
    """Train as asked and return the history.

    Raises
    ------
    DeepPneumoError
        Any of its kinds, with a sentence that says what to do.
    """
    if not run.resume:
        _make_folder(run.out)
    # Locked before it is looked into, so that of two runs that begin together only one finds it free.
    mine = process.is_first and run.out.is_dir()
    with locked_folder(run.out) if mine else nullcontext():
        _check_folder(run)
        return _train(run, process)


def _train(run: Run, process: Process) -> list[EpochRecord]:
    torch.manual_seed(run.recipe.training.seed)
    # A CPU run repeats bit for bit; operators that could not are refused rather than used. CUDA has no such promise.
    torch.use_deterministic_algorithms(process.device.type == "cpu")
    network = build_network(len(run.recipe.data.classes))
    # Wrong weights are told before thousands of files are read.
    loaded = [] if run.resume else _initialise(network, run.init or "none")
    quiet = run.quiet or not process.is_first
    images = load_images(find_items(run.data), run.recipe.data.input_size, quiet=quiet)
    if not images.items:
        raise DatasetError(f"{run.data.name}: none of its files could be read; {images.unreadable[0]}")
    found = len(images.items)
    images = _split(run, images)
    check_teachers(run.forerunners, images.items)
    if process.is_first:
        for error in images.unreadable:
            tqdm.write(f"left out: {error}")
        if found > len(images.items):
            tqdm.write(f"left out: {found - len(images.items)} images that the split has no place for.")
    if loaded:
        recalibrate(network, loaded, _recalibration_inputs(images, run.recipe.training.seed))
    if process.is_first and not run.resume:
        _write_record(run, images.items)
    process.wait()
    workers = min(4, max(1, core_count() // process.world)) if len(images.items) > 512 else 0
    options = Options(run.out, workers, run.teachers, run.quiet)
    return Trainer(network, images, run.recipe, process, options).train(resume=run.resume)


def _check_folder(run: Run) -> None:
    if bool(run.teachers) != (run.recipe.training.teacher_share > 0):
        raise RecipeError("A recipe with a teacher_share needs --teachers, and teachers need such a recipe.")
    # Unusable teachers are told before thousands of files are read.
    marks = teacher_marks(run.teachers)
    if run.resume:
        recipe = load_checkpoint(run.out, LAST).values["recipe"]
        if parse_recipe(recipe) != run.recipe:
            raise RecipeError(f"{run.out.name}: the run to resume was started with another recipe.")
        if run.init is not None and _init_name(run.init) != read_record(run.out)["init"]:
            raise RecipeError(f"{run.out.name}: the run to resume was started from other weights.")
        if marks != read_record(run.out).get("teachers", []):
            raise RecipeError(f"{run.out.name}: the run to resume was started with other teachers.")
        return
    if (run.out / f"{LAST}.json").exists():
        raise RecipeError(
            f"{run.out.name}: this folder holds a run already; give --resume to go on with it, or another folder."
        )


def _make_folder(folder: Path) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise DeepPneumoError(f"{folder.name}: the folder could not be made ({error.strerror}).") from error


def _split(run: Run, images: Images) -> Images:
    """Give every image its part; images that the split leaves out are dropped."""
    split_file = run.out / SPLIT
    if run.resume:
        placed = apply_split(images.items, read_split(split_file), split_file.name)
    else:
        placed = split_items(images.items, images.digests(), run.recipe.data)
    rows = {item.file: row for row, item in enumerate(images.items)}
    grey = images.grey[[rows[item.file] for item in placed]]
    return Images(placed, grey, images.unreadable)


def _initialise(network: ResNet, init: str) -> list[str]:
    """Load initial weights; returns the batch norms that have no statistics yet."""
    if init == "none":
        return []
    if init == "imagenet":
        load_imagenet_download(network)
        return []
    if Path(init).is_dir():
        load_best(network, Path(init))
        return []
    return load_folded_file(network, Path(init))


def _recalibration_inputs(images: Images, seed: int) -> Tensor:
    rows = np.array([row for row, item in enumerate(images.items) if item.part == "train"])
    chosen = np.random.default_rng(seed).permutation(rows)[:RECALIBRATION_IMAGES]
    return torch.from_numpy(standardise(images.grey[chosen])[:, np.newaxis])


def _init_name(init: str) -> str:
    """Name initial weights without a path: a run by its recipe and where it began itself."""
    if init not in ("none", "imagenet") and Path(init).is_dir():
        first = read_record(Path(init))
        return f"a run of the recipe '{first['recipe']['name']}' that began from {first['init']}"
    return init if init in ("none", "imagenet") else Path(init).name


def read_record(folder: Path) -> dict[str, Any]:
    """Read what a run noted about itself when it began; raises `CheckpointError` when that is missing."""
    try:
        record: dict[str, Any] = json.loads((folder / RECORD).read_text(encoding="utf-8"))
        if not isinstance(record["init"], str):
            raise TypeError
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise CheckpointError(f"{folder.name}: the run's {RECORD} is missing or damaged.") from error
    return record


def _write_record(run: Run, items: list[Item]) -> None:
    write_split(run.out / SPLIT, items)
    counts = {part: sum(item.part == part for item in items) for part in ("train", "val", "test")}
    record = {
        "recipe": run.recipe.as_dict(),
        "init": _init_name(run.init or "none"),
        "teachers": teacher_marks(run.teachers),
        "images": counts,
        "torch": torch.__version__,
    }
    with atomic_write(run.out / RECORD) as stream:
        stream.write(json.dumps(record, indent=1).encode())
