from dataclasses import replace

import pytest
import torch

from core.learning.network import build_network
from core.learning.optimise import balanced_weights, make_optimiser, set_rate
from core.learning.targets import class_losses
from training.recipes import load_recipe

SETTINGS = load_recipe("best").training


def test_balanced_weights_make_labels_count_equally():
    allowed = torch.tensor([[True, False]] * 6 + [[False, True]] * 2)
    weights = balanced_weights(allowed)
    assert weights[:6].sum() == pytest.approx(weights[6:].sum())
    assert weights.mean() == pytest.approx(1.0)


def test_late_layers_learn_faster_and_norms_do_not_decay():
    network = build_network(3)
    rates = {}
    for group in make_optimiser(network, SETTINGS).param_groups:
        for parameter in group["params"]:
            rates[id(parameter)] = (group["lr"], group["weight_decay"])
    assert rates[id(network.conv1.weight)] == (SETTINGS.learning_rate, SETTINGS.weight_decay)
    assert rates[id(network.fc.weight)] == (SETTINGS.head_learning_rate, SETTINGS.weight_decay)
    assert rates[id(network.layer4[0].bn1.weight)] == (SETTINGS.head_learning_rate, 0.0)
    assert len(rates) == len(list(network.parameters()))


@pytest.mark.parametrize("name", ["adam", "adamw", "sgd"])
def test_each_optimiser_lowers_the_loss(name):
    layer = build_network(3)
    optimiser = make_optimiser(layer, replace(SETTINGS, optimiser=name))
    inputs = torch.rand(4, 1, 32, 32, generator=torch.Generator().manual_seed(0))
    allowed = torch.eye(3, dtype=torch.bool)[[0, 1, 2, 0]]
    losses = []
    for _ in range(8):
        loss = class_losses(torch.log_softmax(layer(inputs), 1), allowed, 0.0).mean()
        optimiser.zero_grad()
        loss.backward()
        optimiser.step()
        losses.append(loss.item())
    assert losses[-1] < losses[0]


def test_one_cycle_rises_and_falls():
    optimiser = make_optimiser(build_network(3), SETTINGS)
    factors = [set_rate(optimiser, SETTINGS, step / 100) for step in range(101)]
    top = factors.index(max(factors))
    assert top == pytest.approx(100 * SETTINGS.warmup_share, abs=1)
    assert factors[top] == pytest.approx(1.0)
    assert factors[: top + 1] == sorted(factors[: top + 1])
    assert factors[top:] == sorted(factors[top:], reverse=True)
    assert factors[0] == pytest.approx(0.04)
    assert factors[-1] == pytest.approx(1e-4)
    assert optimiser.param_groups[0]["lr"] == pytest.approx(
        optimiser.param_groups[0]["initial_lr"] * factors[-1]
    )


def test_constant_rate_stays():
    settings = load_recipe("course").training
    optimiser = make_optimiser(build_network(2), settings)
    assert {set_rate(optimiser, settings, progress) for progress in (0.0, 0.5, 1.0)} == {1.0}
    assert {group["lr"] for group in optimiser.param_groups} == {0.001}
