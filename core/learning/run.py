"""A whole training run, from a data folder to a folder of checkpoints and curves."""

from __future__ import annotations

import json
import os
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np
import torch
from tqdm import tqdm

from core.dataset import Item, apply_split, find_items, read_split, write_split
from core.errors import DeepPneumoError
from core.files import atomic_write
from core.learning.checkpoint import load_checkpoint
from core.learning.data import Images, load_images
from core.learning.distributed import Process
from core.learning.history import EpochRecord
from core.learning.initialise import load_folded_file, load_imagenet_download, recalibrate
from core.learning.network import build_network
from core.learning.recipe import Recipe, RecipeError, parse_recipe
from core.learning.splits import split_items
from core.learning.trainer import LAST, Options, Trainer
from core.learning.vision import ResNet
from core.preprocess import standardise

RECALIBRATION_IMAGES: Final = 256


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
    init : str
        ``none``, ``imagenet`` (torchvision's download) or the path of an ``.npz`` file.
    resume : bool
        Go on from the last checkpoint in `out`.
    """

    data: Path
    recipe: Recipe
    out: Path
    init: str = "none"
    resume: bool = False
    quiet: bool = False


def train(run: Run, process: Process) -> list[EpochRecord]:
    """Train as asked and return the history.

    Raises
    ------
    DeepPneumoError
        Any of its kinds, with a sentence that says what to do.
    """
    _check_folder(run)
    torch.manual_seed(run.recipe.training.seed)
    # A CPU run repeats bit for bit; operators that could not are refused rather than used.
    torch.use_deterministic_algorithms(True)
    images = load_images(
        find_items(run.data), run.recipe.data.input_size, quiet=run.quiet or not process.is_first
    )
    if process.is_first:
        for error in images.unreadable:
            tqdm.write(f"left out: {error}")
    images = _split(run, images)
    network = build_network(len(run.recipe.data.classes))
    if not run.resume:
        _initialise(network, run.init, images, run.recipe.training.seed)
        if process.is_first:
            _write_record(run, images.items)
    process.wait()
    workers = min(4, max(1, (os.cpu_count() or 1) // process.world)) if len(images.items) > 512 else 0
    options = Options(run.out, workers, run.quiet)
    return Trainer(network, images, run.recipe, process, options).train(resume=run.resume)


def _check_folder(run: Run) -> None:
    if run.resume:
        recipe = load_checkpoint(run.out, LAST).values["recipe"]
        if parse_recipe(recipe) != run.recipe:
            raise RecipeError(f"{run.out.name}: the run to resume was started with another recipe.")
        return
    if (run.out / f"{LAST}.json").exists():
        raise RecipeError(
            f"{run.out.name}: this folder holds a run already; give --resume to go on with it, or another folder."
        )
    try:
        run.out.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise DeepPneumoError(f"{run.out.name}: the folder could not be made ({error.strerror}).") from error


def _split(run: Run, images: Images) -> Images:
    """Give every image its part; images that the split leaves out are dropped."""
    split_file = run.out / "split.csv"
    if run.resume:
        placed = apply_split(images.items, read_split(split_file), split_file.name)
    else:
        placed = split_items(images.items, images.digests(), run.recipe.data)
    rows = {item.file: row for row, item in enumerate(images.items)}
    grey = images.grey[[rows[item.file] for item in placed]]
    return Images(placed, grey, images.unreadable)


def _initialise(network: ResNet, init: str, images: Images, seed: int) -> None:
    if init == "none":
        return
    if init == "imagenet":
        load_imagenet_download(network)
        return
    norms = load_folded_file(network, Path(init))
    rows = np.array([row for row, item in enumerate(images.items) if item.part == "train"])
    chosen = np.random.default_rng(seed).permutation(rows)[:RECALIBRATION_IMAGES]
    recalibrate(network, norms, torch.from_numpy(standardise(images.grey[chosen])[:, np.newaxis]))


def _write_record(run: Run, items: list[Item]) -> None:
    write_split(run.out / "split.csv", items)
    counts = {part: sum(item.part == part for item in items) for part in ("train", "val", "test")}
    init = run.init if run.init in ("none", "imagenet") else Path(run.init).name
    record = {"recipe": run.recipe.as_dict(), "init": init, "images": counts, "torch": torch.__version__}
    with atomic_write(run.out / "run.json") as stream:
        stream.write(json.dumps(record, indent=1).encode())
