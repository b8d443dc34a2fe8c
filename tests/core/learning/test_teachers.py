"""Runs that learn from finished ones."""

import json
from dataclasses import replace

import numpy as np
import pytest
import torch

from core.dataset import Item, find_items, read_split
from core.learning.checkpoint import CheckpointError, load_checkpoint
from core.learning.data import load_images
from core.learning.distributed import Process
from core.learning.network import build_network, network_logits
from core.learning.predictions import read_predictions
from core.learning.recipe import RecipeError
from core.learning.run import Run, train
from core.learning.teachers import check_teachers, taught_probabilities, teacher_marks

ALONE = Process(0, 1, torch.device("cpu"))
CLASSES = ("normal", "bacterial", "viral")


@pytest.fixture
def pupil(small_recipe):
    return replace(
        small_recipe, training=replace(small_recipe.training, epochs=1, sizes=((0, 32),), teacher_share=0.5)
    )


def teach(chest_folder, recipe, out, teachers, **changes):
    return train(Run(chest_folder, recipe, out, teachers=teachers, quiet=True, **changes), ALONE)


def test_what_teachers_say_is_averaged(chest_folder, finished):
    images = load_images(find_items(chest_folder)[:5], 64, quiet=True)
    network = build_network(3)
    network.load_state_dict(load_checkpoint(finished, "best").part("network"))
    network.fc.bias.data += torch.tensor([3.0, 0.0, 0.0])
    logits = network_logits(network, images.grey, torch.device("cpu"))
    logits[:, 0] -= 3.0
    expected = torch.softmax(torch.from_numpy(logits), 1).float()
    for teachers in ([finished], [finished, finished]):
        taught = taught_probabilities(teachers, images.grey, CLASSES, torch.device("cpu"))
        torch.testing.assert_close(taught, expected, atol=1e-5, rtol=0)


def test_a_teacher_changes_what_is_learned_and_is_noted(chest_folder, pupil, finished, tmp_path):
    alone = replace(pupil, training=replace(pupil.training, teacher_share=0.0))
    teach(chest_folder, alone, tmp_path / "alone", ())
    teach(chest_folder, pupil, tmp_path / "taught", (finished,))
    logits = [read_predictions(tmp_path / name / "validation.csv").logits for name in ("alone", "taught")]
    assert np.abs(logits[0] - logits[1]).max() > 1e-3
    record = json.loads((tmp_path / "taught" / "run.json").read_text())
    assert record["teachers"] == teacher_marks([finished])
    assert len(record["teachers"][0]) == 64


def test_resuming_asks_for_the_same_teachers(chest_folder, pupil, finished, tmp_path):
    teach(chest_folder, pupil, tmp_path, (finished,))
    with pytest.raises(RecipeError, match="other teachers"):
        teach(chest_folder, pupil, tmp_path, (finished, finished), resume=True)


@pytest.mark.parametrize("share", [0.0, 0.5])
def test_teachers_and_their_share_belong_together(chest_folder, pupil, finished, tmp_path, share):
    recipe = replace(pupil, training=replace(pupil.training, teacher_share=share))
    with pytest.raises(RecipeError, match="teacher"):
        teach(chest_folder, recipe, tmp_path / "out", (finished,) if share == 0 else ())


def test_a_teacher_that_saw_what_is_kept_apart_is_refused(chest_folder, pupil, finished, tmp_path):
    other = replace(pupil, data=replace(pupil.data, split_seed=1))
    with pytest.raises(CheckpointError, match="finished: this run was trained on images"):
        teach(chest_folder, other, tmp_path, (finished,))
    assert read_split(finished / "split.csv")


def test_a_teacher_that_saw_other_images_of_a_patient_kept_apart_is_refused(chest_folder, finished, tmp_path):
    patient = next(item.patient for item in find_items(finished / "split.csv") if item.part == "train")
    other = Item(tmp_path / "new.png", "new.png", patient, "normal", "test")
    with pytest.raises(CheckpointError, match="images or patients that are kept"):
        check_teachers([finished], [other])
    check_teachers([finished], [replace(other, part="train")])
    check_teachers([finished], [replace(other, patient="a new one")])


def test_a_teacher_of_other_classes_is_refused(chest_folder, finished):
    images = load_images(find_items(chest_folder)[:1], 64, quiet=True)
    with pytest.raises(CheckpointError, match="other classes"):
        taught_probabilities([finished], images.grey, ("normal", "pneumonia"), torch.device("cpu"))


def test_a_run_goes_on_from_the_weights_of_another(chest_folder, pupil, finished, tmp_path):
    still = replace(
        pupil,
        training=replace(
            pupil.training, teacher_share=0.0, learning_rate=0.0, head_learning_rate=0.0, ema_decay=0
        ),
    )
    train(Run(chest_folder, still, tmp_path / "on", str(finished), quiet=True), ALONE)
    before, after = (
        load_checkpoint(folder, "best").part("network") for folder in (finished, tmp_path / "on")
    )
    for name in ("conv1.weight", "layer4.1.conv2.weight", "fc.weight"):
        torch.testing.assert_close(after[name], before[name], atol=0, rtol=0)
    assert json.loads((tmp_path / "on" / "run.json").read_text())["init"] == (
        "a run of the recipe 'best' that began from none"
    )
    other = replace(still, data=replace(still.data, split_seed=1))
    with pytest.raises(CheckpointError, match="finished: this run was trained on images"):
        train(Run(chest_folder, other, tmp_path / "other", str(finished), quiet=True), ALONE)


def test_a_folder_without_weights_is_no_teacher(chest_folder, pupil, tmp_path):
    with pytest.raises(CheckpointError, match="no checkpoint 'best'"):
        teach(chest_folder, pupil, tmp_path / "out", (tmp_path,))
