from copy import deepcopy

import numpy as np
import pytest
import torch

from core.learning import initialise
from core.learning.initialise import (
    InitialisationError,
    grey_conv1,
    load_folded_file,
    load_imagenet_download,
    recalibrate,
)
from core.learning.network import build_network
from core.learning.vision import ResNet18_Weights, resnet18
from core.preprocess import MEAN, STD


def random_statistics(network):
    generator = torch.Generator().manual_seed(3)
    for module in network.modules():
        if isinstance(module, torch.nn.BatchNorm2d):
            for tensor, low, high in (
                (module.weight, 0.5, 1.5),
                (module.bias, -0.5, 0.5),
                (module.running_mean, -0.5, 0.5),
                (module.running_var, 0.5, 1.5),
            ):
                tensor.data.uniform_(low, high, generator=generator)
    return network.eval()


def folded(network, *, leave_out=()):
    """Fold every batch norm into its convolution, as the file format asks."""
    modules, arrays = dict(network.named_modules()), {}
    for name, module in modules.items():
        if isinstance(module, torch.nn.Conv2d):
            behind = name[:-1] + "1" if "downsample" in name else name.replace("conv", "bn")
            norm = modules[behind]
            factor = norm.weight / (norm.running_var + norm.eps).sqrt()
            arrays[f"{name}.bias"] = (norm.bias - norm.running_mean * factor).detach().numpy()
            if name not in leave_out:
                arrays[f"{name}.weight"] = (module.weight * factor[:, None, None, None]).detach().numpy()
    return arrays


@pytest.fixture
def radiographs():
    return torch.rand(12, 1, 64, 64, generator=torch.Generator().manual_seed(1)) * 2 - 1


def test_grey_conv1_equals_three_standardised_colours():
    weight = torch.randn(64, 3, 7, 7, generator=torch.Generator().manual_seed(0))
    z = torch.rand(1, 1, 20, 20)
    mean = torch.tensor([0.485, 0.456, 0.406])[:, None, None]
    std = torch.tensor([0.229, 0.224, 0.225])[:, None, None]
    expected = torch.nn.functional.conv2d((z * STD + MEAN - mean) / std, weight)
    grey, constant = grey_conv1(weight)
    found = torch.nn.functional.conv2d(z, grey) + constant[:, None, None]
    torch.testing.assert_close(found, expected, rtol=1e-4, atol=1e-4)


def test_folded_file_gives_the_same_features(tmp_path, radiographs):
    source = random_statistics(build_network(3))
    np.savez(tmp_path / "weights.npz", **folded(source))
    network = build_network(3).eval()
    network.fc.load_state_dict(source.fc.state_dict())
    norms = load_folded_file(network, tmp_path / "weights.npz")
    assert len(norms) == 20
    with torch.no_grad():
        torch.testing.assert_close(network(radiographs), source(radiographs), rtol=1e-4, atol=1e-4)


def test_recalibration_keeps_the_output_and_mends_training_mode(tmp_path, radiographs):
    np.savez(tmp_path / "weights.npz", **folded(random_statistics(build_network(3))))
    network = build_network(3).eval()
    norms = load_folded_file(network, tmp_path / "weights.npz")
    with torch.no_grad():
        before = network(radiographs)
        in_training_before = deepcopy(network).train()(radiographs)
        recalibrate(network, norms, radiographs)
        torch.testing.assert_close(network(radiographs), before, rtol=1e-4, atol=1e-5)
        in_training = network.train()(radiographs)
    # The same statistics now come from the batch, so training mode says what evaluation mode says.
    torch.testing.assert_close(in_training, before, rtol=1e-2, atol=1e-3)
    assert (in_training_before - before).abs().max() > 10 * (in_training - before).abs().max()


def test_missing_convolutions_start_silent(tmp_path, radiographs):
    missing = [f"layer4.{block}.conv{n}" for block in (0, 1) for n in (1, 2)]
    np.savez(tmp_path / "weights.npz", **folded(random_statistics(build_network(3)), leave_out=missing))
    network = build_network(3).eval()
    norms = load_folded_file(network, tmp_path / "weights.npz")
    assert not {"layer4.0.bn1", "layer4.1.bn2"} & set(norms)
    for block in network.layer4:
        assert not block.bn2.weight.any()
    with torch.no_grad():
        maps = network.layer3(
            network.layer2(
                network.layer1(network.maxpool(torch.relu(network.bn1(network.conv1(radiographs)))))
            )
        )
        shortcut = torch.relu(network.layer4[0].downsample(maps))
        torch.testing.assert_close(network.layer4(maps), shortcut)


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        (lambda a: a.update({"conv9.weight": np.zeros(3)}), "'conv9.weight' belongs to no layer"),
        (lambda a: a.update({"layer1.0.conv1.weight": np.zeros((2, 2, 3, 3))}), "has the shape"),
        (dict.clear, "no layer of a ResNet-18"),
    ],
)
def test_files_that_do_not_fit(tmp_path, change, sentence):
    arrays = folded(random_statistics(build_network(3)))
    change(arrays)
    np.savez(tmp_path / "weights.npz", **arrays)
    with pytest.raises(InitialisationError, match=sentence):
        load_folded_file(build_network(3), tmp_path / "weights.npz")


def test_pickled_objects_are_refused(tmp_path):
    np.savez(tmp_path / "weights.npz", **{"conv1.weight": np.array([print], dtype=object)})
    with pytest.raises(InitialisationError, match=r"weights\.npz"):
        load_folded_file(build_network(3), tmp_path / "weights.npz")


@pytest.mark.parametrize("kind", ["cut", "npy", "text"])
def test_files_that_are_no_archive(tmp_path, kind):
    path = tmp_path / "weights.npz"
    np.savez(path, a=np.zeros(1000))
    if kind == "cut":
        path.write_bytes(path.read_bytes()[:-40])
    elif kind == "npy":
        with path.open("wb") as stream:
            np.save(stream, np.zeros(3))
    else:
        path.write_text("weights")
    with pytest.raises(InitialisationError, match=r"weights\.npz"):
        load_folded_file(build_network(3), path)


def test_torchvision_download_becomes_grey(monkeypatch):
    source = random_statistics(resnet18())
    monkeypatch.setattr(
        type(ResNet18_Weights.IMAGENET1K_V1), "get_state_dict", lambda *_args, **_kwargs: source.state_dict()
    )
    network = build_network(3).eval()
    load_imagenet_download(network)
    grey = torch.rand(2, 1, 64, 64)
    mean = torch.tensor([0.485, 0.456, 0.406])[:, None, None]
    std = torch.tensor([0.229, 0.224, 0.225])[:, None, None]
    with torch.no_grad():
        expected = source.bn1(source.conv1((grey - mean) / std))
        found = network.bn1(network.conv1((grey - MEAN) / STD))
    inner = (slice(None), slice(None), slice(2, -2), slice(2, -2))
    torch.testing.assert_close(found[inner], expected[inner], rtol=1e-3, atol=1e-3)
    torch.testing.assert_close(network.layer4[1].conv2.weight, source.layer4[1].conv2.weight)


def test_no_network_is_one_sentence(monkeypatch):
    def fail(*_args, **_kwargs):
        raise OSError("no route to host")

    monkeypatch.setattr(type(ResNet18_Weights.IMAGENET1K_V1), "get_state_dict", fail)
    with pytest.raises(InitialisationError, match="could not be downloaded"):
        initialise.load_imagenet_download(build_network(3))
