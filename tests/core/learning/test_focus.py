"""Frames of other radiographs, and evidence that lies away from the lungs."""

from dataclasses import replace

import numpy as np
import pytest
import torch

from core.learning.augment import augment
from core.learning.data import TrainingImages
from core.learning.focus import centre_mask, lung_cover, stray_evidence
from core.learning.targets import Targets
from training.recipes import load_recipe

COURSE = load_recipe("course")
STILL = replace(
    COURSE.augmentation,
    **{
        name: 0
        for name in COURSE.augmentation.__dataclass_fields__
        if name not in ("jpeg_least", "jpeg_most")
    },
)
SIZE = 64


def test_lungs_lie_on_both_sides_of_the_middle():
    cover = lung_cover(7)
    assert cover.shape == (7, 7)
    np.testing.assert_allclose(cover, cover[:, ::-1], atol=0.02)
    assert cover[[0, 5, 6]].max() < 0.1
    assert cover[:, [0, 6]].max() < 0.1
    assert cover[2:4, [1, 2, 4, 5]].min() > 0.9
    assert cover[:, 3].max() < 0.2
    np.testing.assert_allclose(lung_cover(14).mean(), cover.mean(), atol=0.01)


def test_a_frame_replaces_the_outer_parts_and_leaves_the_chest():
    chest, around = np.full((SIZE, SIZE), 200, np.uint8), np.full((SIZE, SIZE), 50, np.uint8)
    for seed in range(20):
        mixed = augment(chest, SIZE, STILL, np.random.default_rng(seed), around)
        assert (mixed[[0, 0, -1, -1], [0, -1, 0, -1]] == 50).all()
        inside = lung_cover(SIZE) > 0.99
        assert (mixed[inside] > 150).mean() > 0.97
        edge = set(np.unique(mixed)) - {50, 200}
        assert edge, "the edge is soft"


def test_a_mask_differs_each_time_but_repeats_by_its_seed():
    one, again, other = (np.asarray(centre_mask((40, 60), np.random.default_rng(seed))) for seed in (1, 1, 2))
    assert one.shape == (60, 40)
    np.testing.assert_array_equal(one, again)
    assert (one != other).any()


@pytest.mark.parametrize(("share", "framed"), [(0.0, 0), (0.5, 32), (1.0, 64)])
def test_so_many_images_get_a_frame(share, framed):
    grey = np.stack([np.full((SIZE, SIZE), 2 * k, np.uint8) for k in range(64)])
    targets = Targets(torch.ones(64, 3, dtype=torch.bool), torch.zeros(64, 3), torch.ones(64))
    training = replace(COURSE.training, sizes=((0, SIZE),))
    images = TrainingImages(grey, targets, replace(STILL, frame_share=share), training)
    corners = [images[k][0][0, 0, 0] != images[k][0][0, SIZE // 2, SIZE // 2] for k in range(64)]
    # One in 64 is framed by itself.
    assert abs(sum(corners) - framed) <= (12 if 0 < share < 1 else 3 * (share > 0))


def maps_with(cell, value=2.0):
    """Maps of one image whose pneumonia evidence lies in one cell."""
    maps = torch.zeros(1, 3, 7, 7)
    maps[0, 1:, *cell] = value
    return maps


@pytest.mark.parametrize(("cell", "expected"), [((6, 3), 1.0), ((2, 2), 0.0)])
def test_evidence_in_a_cell_is_stray_or_not(cell, expected):
    share = stray_evidence(torch.zeros(1, 3), maps_with(cell), torch.tensor([True]))
    assert share == pytest.approx(expected, abs=0.06)


def test_only_diseased_images_count():
    maps = torch.cat([maps_with((6, 3)), maps_with((2, 2))])
    both = torch.tensor([False, True])
    assert stray_evidence(torch.zeros(2, 3), maps, both) < 0.1
    assert stray_evidence(torch.zeros(2, 3), maps, torch.tensor([False, False])) == 0


def test_evidence_against_pneumonia_does_not_count():
    maps = maps_with((2, 2))
    maps[0, 0, 6, 6] = 50.0
    assert stray_evidence(torch.zeros(1, 3), maps, torch.tensor([True])) < 0.1


def test_training_moves_stray_evidence_inwards():
    maps = (maps_with((6, 3)) + maps_with((2, 2))).requires_grad_()
    stray_evidence(torch.zeros(1, 3), maps, torch.tensor([True])).backward()
    assert maps.grad[0, 1, 6, 3] > 0 > maps.grad[0, 1, 2, 2]
