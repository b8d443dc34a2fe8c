"""The exported graph says what the network says, and its maps are those of Grad-CAM by autograd."""

import copy
import json
from dataclasses import replace
from datetime import date

import numpy as np
import pytest
import torch
from PIL import Image

from core.calibration import allowed_classes, fit_shift
from core.dataset import Item, patient_mark
from core.engine.bundle import Bundle, read_bundle
from core.engine.engine import Engine
from core.engine.prediction import calibrate
from core.learning.checkpoint import CheckpointError, save_checkpoint
from core.learning.export import export_bundle, export_graph
from core.learning.exported_card import Origin, make_card
from core.learning.half_precision import store_in_half_precision
from core.learning.network import build_network, feature_maps
from core.learning.predictions import Predictions, read_predictions, write_predictions
from core.preprocess import standardise
from training.export import main
from training.recipes import load_recipe

RECIPE = load_recipe("best")
SIZE = 96
CLASSES = ("normal", "bacterial", "viral")


@pytest.fixture(scope="module")
def network():
    torch.manual_seed(11)
    network = build_network(3)
    network.train()
    with torch.no_grad():
        network(torch.randn(16, 1, SIZE, SIZE))  # running statistics other than the default
    return network.eval()


@pytest.fixture(scope="module")
def run_folder(network, tmp_path_factory):
    folder = tmp_path_factory.mktemp("run")
    recipe = replace(RECIPE, data=replace(RECIPE.data, input_size=SIZE))
    tensors = {f"network.{name}": tensor for name, tensor in network.state_dict().items()}
    (folder / "run.json").write_text('{"init": "imagenet"}')
    lines = ["file,patient,label,part"]
    generator = np.random.default_rng(2)
    for part, count in (("train", 3), ("val", 60), ("test", 40)):
        labels = [CLASSES[k % 3] for k in range(count)]
        # A network that leans to pneumonia, and errs now and then.
        logits = generator.normal(size=(count, 3)) + 2 * np.eye(3)[[k % 3 for k in range(count)]] - [1, 0, 0]
        names = tuple(f"{part}{k}.png" for k in range(count))
        lines += [f"{name},{name},{label},{part}" for name, label in zip(names, labels, strict=True)]
        predictions = Predictions(CLASSES, names, names, tuple(labels), logits)
        if part == "val":
            digest = write_predictions(folder / "validation.csv", predictions)
            values = {"recipe": recipe.as_dict(), "epoch": 9, "validation": digest}
            save_checkpoint(folder, "best", tensors, values)
        elif part == "test":
            write_predictions(folder / "test.csv", predictions)
    (folder / "split.csv").write_text("\n".join(lines))
    return folder


@pytest.fixture(scope="module")
def bundle(run_folder) -> Bundle:
    return export_bundle(run_folder, run_folder / "model.bundle", today=date(2026, 1, 2))


@pytest.fixture(scope="module")
def exact(network, bundle) -> Engine:
    """The engine with the weights as they were trained."""
    return Engine(Bundle(bundle.card, export_graph(network, SIZE)), threads=1)


@pytest.fixture(scope="module")
def inputs():
    grey = np.random.default_rng(0).integers(0, 256, (5, SIZE, SIZE), dtype=np.uint8)
    return standardise(grey)[:, np.newaxis]


def test_logits_and_features_are_those_of_pytorch(network, exact, inputs):
    predictions = exact.predict(inputs)
    with torch.no_grad():
        logits = network(torch.from_numpy(inputs)).numpy()
        features = feature_maps(network, torch.from_numpy(inputs)).mean(dim=(2, 3)).numpy()
    np.testing.assert_allclose([p.logits for p in predictions], logits, atol=1e-4)
    np.testing.assert_allclose([p.features for p in predictions], features, atol=1e-4)


def test_layers_are_described_by_the_means_of_their_halves(network, bundle, inputs):
    maps = network.maxpool(network.relu(network.bn1(network.conv1(torch.from_numpy(inputs)))))
    means = []
    for layer in (network.layer1, network.layer2, network.layer3):
        maps = layer(maps)
        middle = maps.shape[2] // 2
        halves = torch.stack(
            [maps[:, :, :middle].mean(dim=(2, 3)), maps[:, :, -middle:].mean(dim=(2, 3))], dim=2
        )
        means.append(halves.flatten(1).detach().numpy())
    described = Engine(bundle, threads=1).describe(inputs)
    np.testing.assert_allclose(described, np.concatenate(means[1:], axis=1), rtol=1e-2, atol=1e-2)


def autograd_grad_cam(network, image, score):
    """Grad-CAM at layer4 as published: channels weighted by their mean gradient, ReLU."""
    maps = feature_maps(network, torch.from_numpy(image[np.newaxis])).detach().requires_grad_()
    value = score(network.fc(maps.mean(dim=(2, 3)))[0])
    (gradient,) = torch.autograd.grad(value, maps)
    weights = gradient.mean(dim=(2, 3), keepdim=True)
    return torch.relu((weights * maps).sum(dim=1))[0].detach().numpy()


TARGETS = {
    "normal": lambda logits: logits[0],
    "bacterial": lambda logits: logits[1],
    "viral": lambda logits: logits[2],
    "pneumonia": lambda logits: torch.logsumexp(logits[1:], 0) - logits[0],
}


@pytest.mark.parametrize("target", TARGETS)
def test_maps_are_those_of_autograd(network, exact, inputs, target):
    for image, prediction in zip(inputs, exact.predict(inputs), strict=True):
        expected = autograd_grad_cam(network, image, TARGETS[target])
        np.testing.assert_allclose(prediction.activation_map(target), expected, atol=1e-4)
    assert expected.max() > 1e-3  # a map of zeros would agree with anything


def test_a_bundle_is_half_as_large_and_differs_by_its_shift_alone(network, exact, bundle, run_folder, inputs):
    assert len(bundle.graph) < 0.51 * len(export_graph(network, SIZE))
    stored, trained = (
        np.array([p.logits for p in engine.predict(inputs)]) for engine in (Engine(bundle, threads=1), exact)
    )
    validation = read_predictions(run_folder / "validation.csv")
    shift = fit_shift(validation.logits, allowed_classes(validation.labels, CLASSES, kinds=False))
    assert abs(shift) > 0.05
    difference = stored - trained - [shift, 0, 0]
    assert 0 < np.abs(difference).max() < 1e-2


def test_the_card_counts_what_the_shifted_network_says(bundle, run_folder):
    test = read_predictions(run_folder / "test.csv")
    validation = read_predictions(run_folder / "validation.csv")
    shift = fit_shift(validation.logits, allowed_classes(validation.labels, CLASSES, kinds=False))
    scores = calibrate(test.shifted(shift).logits, bundle.card.temperature)[:, 1:].sum(axis=1)
    called = scores >= bundle.card.operating_point.threshold
    right = called == np.array([label != "normal" for label in test.labels])
    measured = bundle.card.metrics["test"]["measures"]["accuracy"]["value"]
    assert measured == pytest.approx(right.mean())


def test_weights_too_large_for_half_precision_are_refused(network):
    large = copy.deepcopy(network)
    large.fc.weight.data[0, 0] = 1e5
    with pytest.raises(ValueError, match="too large for half precision"):
        store_in_half_precision(export_graph(large, SIZE))


def test_a_batch_says_what_single_images_say(bundle, inputs):
    engine = Engine(bundle, threads=1)
    for together, image in zip(engine.predict(inputs), inputs, strict=True):
        (alone,) = engine.predict(image[np.newaxis])
        np.testing.assert_allclose(together.logits, alone.logits, atol=1e-5)
        np.testing.assert_allclose(together.activation_maps, alone.activation_maps, atol=1e-5)


def test_the_file_is_the_bundle(run_folder, bundle):
    again = read_bundle(run_folder / "model.bundle")
    assert (again.card, again.graph) == (bundle.card, bundle.graph)


def test_the_card_says_what_was_chosen_and_measured(bundle):
    card = bundle.card
    assert (card.class_names, card.input_size, card.date) == (CLASSES, SIZE, "2026-01-02")
    assert 0.1 < card.temperature < 10
    assert "3 for training, 60 for validation and 40 for the test" in card.provenance
    assert "not the public set" in card.provenance
    assert "weights of epoch 9" in card.provenance
    assert "from torchvision's ImageNet weights" in card.provenance
    assert not any("Guangzhou" in limit for limit in card.limits)
    assert "not stated" in card.licence
    assert card.seen_patients == ()
    assert [point.name for point in card.operating_points] == ["balanced", "screening", "rule-in"]
    assert card.default_operating_point == "balanced"
    assert card.operating_points[1].sensitivity >= 0.98
    assert card.operating_points[2].specificity >= 0.98
    assert "not for diagnosis" in card.intended_use
    figures = json.loads(json.dumps(card.metrics))
    assert figures["test"]["images"] == 40
    assert card.conformal is not None
    assert (card.conformal.level, card.conformal.images) == (0.9, (20, 20, 20))
    assert figures["test"]["prediction_sets"]["classes"]["viral"]["images"] == 13
    assert figures["validation"]["measures"]["set_coverage_normal"]["value"] >= 0.9
    auroc = figures["test"]["measures"]["auroc"]
    low, high = auroc["interval"]
    assert low <= auroc["value"] <= high


def test_the_test_part_decides_nothing(run_folder, bundle, tmp_path):
    for path in run_folder.iterdir():
        if path.name != "test.csv":
            (tmp_path / path.name).write_bytes(path.read_bytes())
    card = export_bundle(tmp_path, tmp_path / "model.bundle").card
    assert card.temperature == bundle.card.temperature
    assert card.operating_points == bundle.card.operating_points
    assert card.conformal == bundle.card.conformal
    assert set(card.metrics) == {"validation"}


def public_origin() -> Origin:
    items = tuple(
        Item(None, f"PNEUMONIA/person{n}_virus_{n}.jpeg", f"person{n}_virus", "viral", part)
        for n, part in enumerate(("train", "val", "test"))
    )
    return Origin(RECIPE, items, "none", 1, "0123456789abcdef")


def test_the_public_set_is_recognised():
    assert "Kermany" in public_origin().describe()
    assert "random weights" in public_origin().describe()


def test_a_card_of_the_public_set(run_folder):
    card = make_card(public_origin(), read_predictions(run_folder / "validation.csv"), None)
    assert any("0.54" in limit for limit in card.limits)
    assert "CC BY 4.0" in card.licence
    assert (card.name, card.version) == ("DeepPneumo ResNet-18", "01234567")
    assert set(card.seen_patients) == {patient_mark("person0_virus"), patient_mark("person1_virus")}


def test_screening_is_never_less_sensitive_than_balanced():
    """Almost perfect scores, one normal among the pneumonias: the wanted 98 % would be a step back."""
    positive = np.arange(200) >= 100
    logits = np.where(positive[:, None], [-3.0, 1.0, 1.0], [3.0, -1.0, -1.0])
    logits += np.random.default_rng(0).normal(scale=0.5, size=logits.shape)
    logits[0] = [-9.0, 2.0, 2.0]
    labels = tuple("viral" if flag else "normal" for flag in positive)
    names = tuple(map(str, range(200)))
    card = make_card(public_origin(), Predictions(CLASSES, names, names, labels, logits), None)
    balanced, screening, rule_in = card.operating_points
    assert screening.sensitivity >= balanced.sensitivity > 0.98
    assert screening.threshold <= balanced.threshold <= rule_in.threshold
    assert rule_in.specificity >= max(0.98, balanced.specificity)


def test_too_few_images_to_calibrate_are_told():
    labels = ("normal", "bacterial") * 2
    names = tuple("abcd")
    logits = np.array([[9.0, -9.0, -9.0], [-9.0, 9.0, -9.0]] * 2)
    card = make_card(public_origin(), Predictions(CLASSES, names, names, labels, logits), None)
    assert card.temperature == 1.0
    assert any("not calibrated" in limit for limit in card.limits)
    assert card.conformal is None
    assert any("no prediction sets" in limit for limit in card.limits)


def test_predictions_of_other_weights_are_refused(run_folder, tmp_path):
    for path in run_folder.iterdir():
        (tmp_path / path.name).write_bytes(path.read_bytes())
    with (tmp_path / "validation.csv").open("a") as stream:
        stream.write("more.png,p,viral,0,0,0\n")
    with pytest.raises(CheckpointError, match="belong to other weights"):
        export_bundle(tmp_path, tmp_path / "model.bundle")


def test_no_trace_of_the_machine(network):
    graph = export_graph(network, SIZE)
    for trace in (b"network.py", b"site-packages", b"core.learning", b"core/learning", b"stack_trace"):
        assert trace not in graph


def test_command_line(run_folder, tmp_path, capsys):
    out = tmp_path / "mine.bundle"
    assert main(["--checkpoint", str(run_folder), "--out", str(out)]) == 0
    told = capsys.readouterr().out
    assert "temperature" in told
    assert "will not say whether an image is familiar" in told
    assert read_bundle(out).card.class_names == CLASSES
    assert read_bundle(out).familiarity is None


def test_a_run_and_its_data_say_what_is_familiar(run_folder, tmp_path, capsys):
    """The images of the test part are not even there."""
    lines, generator = ["file,label"], np.random.default_rng(6)
    for line in (run_folder / "split.csv").read_text().splitlines()[1:]:
        name, _, label, part = line.split(",")
        lines.append(f"{name},{label}")
        if part != "test":
            grey = np.linspace(20, 200, SIZE)[:, np.newaxis] + generator.normal(0, 9, (SIZE, SIZE))
            Image.fromarray(np.clip(grey, 0, 255).astype(np.uint8)).save(tmp_path / name)
    (tmp_path / "data.csv").write_text("\n".join(lines))
    out = tmp_path / "mine.bundle"
    arguments = ["--checkpoint", str(run_folder), "--out", str(out), "--data"]
    assert main([*arguments, str(tmp_path / "data.csv")]) == 0
    assert "by 3 training images" in capsys.readouterr().out
    bundle = read_bundle(out)
    assert bundle.card.familiarity.images == 3
    known = np.asarray(Image.open(tmp_path / "val5.png"))
    inputs = standardise(np.stack([known, np.flipud(known)]))[:, np.newaxis]
    first, second = Engine(bundle, threads=1).predict(inputs)
    assert first.familiarity.familiar
    assert "rotated by 180 degrees" in second.familiarity.reason
    (tmp_path / "data.csv").write_text("\n".join(lines[:-1]))
    assert main([*arguments, str(tmp_path / "data.csv")]) == 2
    assert "not in the data folder" in capsys.readouterr().err


def test_command_line_failures(run_folder, tmp_path, capsys):
    assert main(["--checkpoint", str(tmp_path), "--out", str(tmp_path / "x.bundle")]) == 2
    assert "no checkpoint 'best'" in capsys.readouterr().err
    assert main(["--checkpoint", str(run_folder), "--out", str(tmp_path / "no" / "x.bundle")]) == 2
    assert "x.bundle" in capsys.readouterr().err
    with pytest.raises(SystemExit) as stop:
        main(["--checkpoint", str(run_folder)])
    assert stop.value.code == 2
