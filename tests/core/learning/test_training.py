"""A whole run on small images: repeats, resumes, stops early, survives Ctrl+C, and learns."""

import csv
import json
import os
import subprocess
import sys
from dataclasses import replace

import numpy as np
import pytest
import torch

from core.dataset import DatasetError, find_items, read_split
from core.learning import run as run_module
from core.learning.checkpoint import CheckpointError, load_checkpoint
from core.learning.data import load_images
from core.learning.distributed import Process
from core.learning.history import EpochRecord, best_epoch
from core.learning.network import build_network, network_logits
from core.learning.predictions import read_predictions
from core.learning.recipe import RecipeError
from core.learning.run import Run, train
from core.learning.trainer import Trainer, TrainingError

ALONE = Process(0, 1, torch.device("cpu"))


def run_once(chest_folder, recipe, out, **changes):
    return train(Run(chest_folder, recipe, out, quiet=True, **changes), ALONE)


def weights_of(out, name="last"):
    return load_checkpoint(out, name).tensors


def assert_same_weights(one, other):
    first, second = weights_of(one), weights_of(other)
    assert first.keys() == second.keys()
    for name, tensor in first.items():
        assert torch.equal(tensor, second[name]), name


def test_a_run_leaves_everything_it_should(finished):
    assert (finished / "curves.png").read_bytes().startswith(b"\x89PNG")
    with (finished / "history.csv").open() as stream:
        rows = list(csv.DictReader(stream))
    assert [row["epoch"] for row in rows] == ["1", "2", "3"]
    assert [row["size"] for row in rows] == ["32", "64", "64"]
    parts = read_split(finished / "split.csv")
    validation, test = (read_predictions(finished / f"{name}.csv") for name in ("validation", "test"))
    assert sorted(validation.files) == sorted(file for file, part in parts.items() if part == "val")
    assert sorted(test.files) == sorted(file for file, part in parts.items() if part == "test")
    record = json.loads((finished / "run.json").read_text())
    assert record["recipe"]["name"] == "best"
    assert sum(record["images"].values()) == 96


def test_the_same_seed_repeats_bit_for_bit(chest_folder, small_recipe, finished, tmp_path):
    run_once(chest_folder, small_recipe, tmp_path / "again")
    assert_same_weights(finished, tmp_path / "again")


def test_loader_processes_change_nothing(chest_folder, small_recipe, finished, tmp_path, monkeypatch):
    real = run_module.Options
    monkeypatch.setattr(run_module, "Options", lambda out, _workers, *rest: real(out, 1, *rest))
    run_once(chest_folder, small_recipe, tmp_path / "parallel")
    assert_same_weights(finished, tmp_path / "parallel")


def test_another_seed_gives_other_weights(chest_folder, small_recipe, finished, tmp_path):
    other = replace(small_recipe, training=replace(small_recipe.training, seed=1))
    run_once(chest_folder, other, tmp_path / "other")
    first, second = weights_of(finished), weights_of(tmp_path / "other")
    assert not torch.equal(first["network.fc.weight"], second["network.fc.weight"])


@pytest.mark.parametrize("steps", [2, 7])
def test_ctrl_c_and_resume_equal_an_undisturbed_run(
    chest_folder, small_recipe, finished, tmp_path, monkeypatch, steps
):
    """Stopped in the first epoch, where only the start is kept, and in a later one."""
    real, done = Trainer._step, 0

    def interrupted(self, *batch):
        nonlocal done
        done += 1
        if done > steps:
            raise KeyboardInterrupt
        return real(self, *batch)

    out = tmp_path / "stopped"
    with monkeypatch.context() as patch:
        patch.setattr(Trainer, "_step", interrupted)
        with pytest.raises(KeyboardInterrupt):
            run_once(chest_folder, small_recipe, out)
    assert len(load_checkpoint(out, "last").values["history"]) == (0 if steps == 2 else 1)
    assert len(run_once(chest_folder, small_recipe, out, resume=True)) == 3
    assert_same_weights(finished, out)


def test_resuming_a_finished_run_changes_nothing(chest_folder, small_recipe, finished):
    before = (finished / "last.json").read_bytes()
    assert len(run_once(chest_folder, small_recipe, finished, resume=True)) == 3
    assert (finished / "last.json").read_bytes() == before


def test_resuming_asks_for_the_same_recipe(chest_folder, small_recipe, finished):
    other = replace(small_recipe, training=replace(small_recipe.training, epochs=9))
    with pytest.raises(RecipeError, match="another recipe"):
        run_once(chest_folder, other, finished, resume=True)


def test_a_run_is_not_overwritten(chest_folder, small_recipe, finished):
    with pytest.raises(RecipeError, match="--resume"):
        run_once(chest_folder, small_recipe, finished)


def test_resuming_asks_for_the_same_initial_weights(chest_folder, small_recipe, finished):
    with pytest.raises(RecipeError, match="from other weights"):
        run_once(chest_folder, small_recipe, finished, resume=True, init="imagenet")


def test_a_run_that_diverges_ends_with_a_sentence(chest_folder, small_recipe, tmp_path):
    training = replace(
        small_recipe.training,
        learning_rate=100.0,
        head_learning_rate=100.0,
        optimiser="sgd",
        gradient_norm=0.0,
    )
    wild = replace(small_recipe, training=replace(training, schedule="constant", epochs=6))
    with pytest.raises(TrainingError, match="diverged"):
        run_once(chest_folder, wild, tmp_path / "wild")


def test_data_that_nobody_can_read(small_recipe, tmp_path):
    for folder in ("NORMAL", "PNEUMONIA"):
        (tmp_path / folder).mkdir()
        (tmp_path / folder / "a.png").write_bytes(b"\x89PNG\r\n\x1a\n")
    with pytest.raises(DatasetError, match="none of its files could be read"):
        run_once(tmp_path, small_recipe, tmp_path / "out")


def test_nothing_to_resume(chest_folder, small_recipe, tmp_path):
    with pytest.raises(CheckpointError, match="no checkpoint"):
        run_once(chest_folder, small_recipe, tmp_path, resume=True)


def test_it_learns(chest_folder, small_recipe, tmp_path):
    """A binary network on easy images, with everything that ours does not use switched on instead."""
    recipe = replace(
        small_recipe,
        data=replace(small_recipe.data, classes=("normal", "pneumonia")),
        training=replace(
            small_recipe.training,
            epochs=6,
            sizes=((0, 64),),
            ema_decay=0.0,
            schedule="constant",
            class_weights="balanced",
            precision="float32",
            gradient_norm=0.0,
        ),
        augmentation=replace(
            small_recipe.augmentation, erase_share=0.0, border_share=0.0, gamma_range=0.0, contrast_range=0.0
        ),
    )
    history = run_once(chest_folder, recipe, tmp_path / "binary")
    assert max(record.val_auroc for record in history) > 0.9
    assert history[-1].train_loss < history[0].train_loss
    assert history[0].val_class_accuracy is None


def test_the_newest_epoch_is_kept_where_validation_does_not_see_all_that_is_wanted(small_recipe):
    history = [
        EpochRecord(n, 64, 1e-3, 1.0, loss, 0.9, 0.9, None, 1.0) for n, loss in ((1, 0.2), (2, 0.4), (3, 0.3))
    ]
    kept = {
        monitor: best_epoch(history, replace(small_recipe.training, monitor=monitor))
        for monitor in ("log_loss", "last")
    }
    assert kept == {"log_loss": 0, "last": 2}


def test_patience_ends_a_run_that_does_not_get_better(chest_folder, small_recipe, tmp_path):
    frozen = replace(
        small_recipe.training,
        epochs=9,
        patience=2,
        learning_rate=0.0,
        head_learning_rate=0.0,
        ema_decay=0.0,
        sizes=((0, 32),),
        monitor="accuracy",
    )
    history = run_once(chest_folder, replace(small_recipe, training=frozen), tmp_path / "frozen")
    accuracies = [record.val_accuracy for record in history]
    best = accuracies.index(max(accuracies))
    assert len(history) == best + 3 < 9


def test_two_processes_agree(chest_folder, small_recipe, tmp_path):
    """Two gloo processes under torchrun, through the command line."""
    recipe = tmp_path / "small.toml"
    recipe.write_text(as_toml(small_recipe.as_dict()))
    out = tmp_path / "pair"
    command = [sys.executable, "-m", "torch.distributed.run", "--standalone", "--nproc-per-node=2", "-m"]
    command += ["training.train", "--data", str(chest_folder), "--recipe", str(recipe), "--out", str(out)]
    environment = os.environ | {"OMP_NUM_THREADS": "1", "CUDA_VISIBLE_DEVICES": ""}
    done = subprocess.run(command, capture_output=True, text=True, env=environment, check=False)
    assert done.returncode == 0, done.stderr
    # Each process predicted every other row; the kept weights alone must give them all, so the processes agree.
    best = load_checkpoint(out, "best")
    network = build_network(3)
    network.load_state_dict(best.part("network"))
    images = load_images(find_items(chest_folder), 64, quiet=True)
    grey = {item.file: image for item, image in zip(images.items, images.grey, strict=True)}
    for name in ("validation.csv", "test.csv"):
        told = read_predictions(out / name)
        logits = network_logits(network, np.stack([grey[file] for file in told.files]), ALONE.device)
        np.testing.assert_allclose(told.logits, logits, atol=2e-5)
    with pytest.raises(TrainingError, match="goes on only with as many"):
        run_once(chest_folder, small_recipe, out, resume=True)


def as_toml(values, prefix=""):
    """Write nested plain values as TOML."""
    lines, tables = [], []
    for key, value in values.items():
        if isinstance(value, dict):
            tables.append(f"[{prefix}{key}]\n" + as_toml(value, f"{prefix}{key}."))
        else:
            lines.append(f"{key} = {json.dumps(value)}")
    return "\n".join(lines + tables) + "\n"
