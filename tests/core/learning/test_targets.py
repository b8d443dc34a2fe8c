"""The loss by label and by teacher, and mixtures of images."""

from dataclasses import replace

import numpy as np
import pytest
import torch

from core.learning.targets import Mixture, Targets, batch_loss, class_losses
from training.recipes import load_recipe

PLAIN = replace(load_recipe("course").training, label_smoothing=0.0, mixup_alpha=0.0, teacher_share=0.0)
LOGITS = torch.tensor([[1.0, 2.0, 0.5], [0.0, -1.0, 3.0]])
LOG_SCORES = torch.log_softmax(LOGITS, dim=1)
ALLOWED = torch.tensor([[False, True, False], [True, False, False]])
TAUGHT = torch.tensor([[0.2, 0.7, 0.1], [0.5, 0.25, 0.25]])
TARGETS = Targets(ALLOWED, TAUGHT, torch.ones(2))


def test_loss_is_cross_entropy_with_smoothing():
    expected = torch.nn.functional.cross_entropy(LOGITS, torch.tensor([1, 0]), label_smoothing=0.1)
    torch.testing.assert_close(class_losses(LOG_SCORES, ALLOWED, 0.1).mean(), expected)
    torch.testing.assert_close(batch_loss(LOGITS, TARGETS, replace(PLAIN, label_smoothing=0.1)), expected)


def test_unknown_kind_asks_for_the_sum():
    allowed = torch.tensor([[False, True, True]])
    expected = -torch.log(torch.softmax(LOGITS[:1], 1)[0, 1:].sum())
    torch.testing.assert_close(class_losses(LOG_SCORES[:1], allowed, 0.0)[0], expected)


def test_weights_scale_each_item():
    each = class_losses(LOG_SCORES, ALLOWED, 0.0)
    weighted = batch_loss(LOGITS, TARGETS._replace(weights=torch.tensor([2.0, 0.5])), PLAIN)
    torch.testing.assert_close(weighted, (2.0 * each[0] + 0.5 * each[1]) / 2)


def test_a_teacher_asks_for_its_probabilities():
    by_teacher = torch.nn.functional.cross_entropy(LOGITS, TAUGHT)
    by_label = batch_loss(LOGITS, TARGETS, PLAIN)
    torch.testing.assert_close(batch_loss(LOGITS, TARGETS, replace(PLAIN, teacher_share=1.0)), by_teacher)
    torch.testing.assert_close(
        batch_loss(LOGITS, TARGETS, replace(PLAIN, teacher_share=0.25)), 0.75 * by_label + 0.25 * by_teacher
    )


def test_without_alpha_nothing_is_mixed():
    mixture = Mixture(0.0, (1, 2), 2)
    inputs = torch.rand(2, 1, 4, 4)
    assert mixture.images(inputs) is inputs
    torch.testing.assert_close(mixture.loss(LOGITS, TARGETS, PLAIN), batch_loss(LOGITS, TARGETS, PLAIN))


@pytest.mark.parametrize("share", [0.0, 1.0])
def test_targets_are_mixed_as_the_images_are(share):
    count = 8
    mixture = Mixture(0.7, (3, 0, 5), count)
    inputs = torch.arange(count, dtype=torch.float32).reshape(count, 1, 1, 1)
    # What is mixed of the images' numbers says which partner each has, and how much of it.
    generator = np.random.default_rng((3, 0, 5))
    own = float(generator.beta(0.7, 0.7))
    partner = torch.from_numpy(generator.permutation(count))
    expected = own * inputs + (1 - own) * partner.float().reshape(count, 1, 1, 1)
    torch.testing.assert_close(mixture.images(inputs), expected)

    logits = torch.randn(count, 3, generator=torch.Generator().manual_seed(0))
    classes = torch.arange(count) % 3
    targets = Targets(torch.eye(3, dtype=torch.bool)[classes], torch.eye(3)[classes], torch.ones(count))
    mixed = own * torch.eye(3)[classes] + (1 - own) * torch.eye(3)[classes[partner]]
    loss = mixture.loss(logits, targets, replace(PLAIN, teacher_share=share))
    torch.testing.assert_close(loss, torch.nn.functional.cross_entropy(logits, mixed))


def test_a_mixture_depends_on_its_key_alone():
    inputs = torch.rand(6, 1, 4, 4, generator=torch.Generator().manual_seed(1))
    first, again, other = (Mixture(0.4, key, 6).images(inputs) for key in ((1, 2, 3), (1, 2, 3), (1, 2, 4)))
    torch.testing.assert_close(first, again, atol=0, rtol=0)
    assert not torch.equal(first, other)
