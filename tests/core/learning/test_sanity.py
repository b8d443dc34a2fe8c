import numpy as np
import onnx
import pytest
from onnx import numpy_helper

from core.dataset import Item
from core.engine.bundle import write_bundle
from core.engine.engine import Engine
from core.examination.images import Images
from core.learning.export import export_graph
from core.learning.network import build_network
from core.learning.sanity import (
    Stage,
    cascade,
    check_sanity,
    find_stages,
    shuffle_weights,
    similarity,
    unrelated_similarity,
)
from tests.helpers.tiny_model import SIZE, graph_bytes, make_card


@pytest.fixture(scope="module")
def exported():
    """The graph of an untrained ResNet-18, as the exporter writes it."""
    return export_graph(build_network(3), 64)


@pytest.fixture
def bundle(tmp_path):
    return write_bundle(tmp_path / "tiny.bundle", make_card(), graph_bytes())


def weights_of(model):
    return {item.name: numpy_helper.to_array(item) for item in model.graph.initializer}


def test_stages_of_an_exported_network_run_from_the_last_layer_to_the_first(exported):
    model = onnx.load_from_string(exported)
    stages = find_stages(model)
    assert [stage.name for stage in stages] == [
        "fc", "layer4.1", "layer4.0", "layer3.1", "layer3.0", "layer2.1", "layer2.0", "layer1.1", "layer1.0", "conv1",
    ]  # fmt: skip
    names = [name for stage in stages for group in stage.groups for name in group]
    assert len(names) == len(set(names))
    floats = {
        name for name, values in weights_of(model).items() if values.size > 1 and values.dtype.kind == "f"
    }
    assert set(names) == floats


def test_the_kernel_of_the_maps_is_shuffled_with_the_linear_layer(bundle):
    model = onnx.load_from_string(bundle.graph)
    first, second = find_stages(model)
    assert first.groups == (("cell_head", "head"), ("bias",))
    assert second.groups == (("scale",), ("shift",))
    before = weights_of(model)
    shuffle_weights(model, first, np.random.default_rng(1))
    after = weights_of(model)
    assert (after["head"] != before["head"]).any()
    assert sorted(after["head"].ravel()) == sorted(before["head"].ravel())
    assert after["cell_head"].ravel() * 49 == pytest.approx(after["head"].ravel())
    assert (after["scale"] == before["scale"]).all()


def test_the_maps_of_a_shuffled_network_still_add_up_to_its_logits(bundle):
    radiographs = np.random.default_rng(0).normal(0, 1, (2, 1, SIZE, SIZE)).astype(np.float32)
    for _, shuffled in cascade(bundle, seed=3):
        model = onnx.load_from_string(shuffled.graph)
        for prediction in Engine(shuffled, threads=1).predict(radiographs):
            sums = prediction.activation_maps.sum(axis=(1, 2)) + weights_of(model)["bias"]
            assert prediction.logits == pytest.approx(sums, abs=1e-4)


def test_the_cascade_goes_on_from_what_is_shuffled_and_leaves_the_bundle_alone(bundle):
    before = bundle.graph
    (first_name, first), (second_name, second) = cascade(bundle, seed=3)
    assert (first_name, second_name) == ("head", "scale")
    assert bundle.graph == before
    heads = [
        weights_of(onnx.load_from_string(graph))["head"] for graph in (before, first.graph, second.graph)
    ]
    assert (heads[0] != heads[1]).any()
    assert (heads[1] == heads[2]).all()
    scales = [weights_of(onnx.load_from_string(graph))["scale"] for graph in (first.graph, second.graph)]
    assert (scales[0] != scales[1]).any()
    assert next(cascade(bundle, seed=3))[1].graph == first.graph
    assert next(cascade(bundle, seed=4))[1].graph != first.graph


def test_weights_behind_a_cast_are_found():
    model = onnx.load_from_string(graph_bytes())
    for node in model.graph.node:
        if node.name == "" and node.op_type == "Gemm":
            node.input[1] = "cast_head"
    place = [node.op_type for node in model.graph.node].index("Gemm")
    model.graph.node.insert(place, onnx.helper.make_node("Cast", ["head"], ["cast_head"], to=1))
    assert Stage("head", (("cell_head", "head"), ("bias",))) in find_stages(model)


def test_similarity_is_spearmans():
    first = np.arange(49.0).reshape(7, 7)
    assert similarity(first, first**3) == pytest.approx(1)
    assert similarity(first, -first) == pytest.approx(-1)
    assert similarity(first, np.zeros((7, 7))) == 0


def test_unrelated_maps_are_those_of_other_patients():
    first, second = np.arange(4.0).reshape(2, 2), np.array([[3.0, 2.0], [1.0, 0.0]])
    maps = np.array([first, first, second], np.float32)
    assert unrelated_similarity(maps, ["a", "a", "b"]) == pytest.approx([-1, -1, -1])
    assert unrelated_similarity(maps, ["a", "b", "c"]) == pytest.approx([0, 0, -1])
    assert unrelated_similarity(maps[:1], ["a"]).tolist() == [0]


def images_with_maps(engine):
    generator = np.random.default_rng(0)
    grey = generator.integers(0, 256, (12, SIZE, SIZE), np.uint8)
    for n, picture in enumerate(grey):  # a spot somewhere else in every image
        picture[8 * (n % 6) : 8 * (n % 6) + 16, 8 * (n // 2) : 8 * (n // 2) + 16] = 255
    items = tuple(Item(None, f"{n}", f"p{n}", "viral") for n in range(12))
    values = (grey[:, np.newaxis] / 255 - 0.449).astype(np.float32) / 0.226
    maps = np.array([prediction.activation_map() for prediction in engine.predict(values.astype(np.float32))])
    return Images(items, grey), maps


def test_rows_tell_the_fall_and_what_unrelated_maps_have_in_common(bundle):
    images, maps = images_with_maps(Engine(bundle, threads=1))
    counted = []
    rows = {row.key: row for row in check_sanity(images, maps, bundle, seeds=2, tick=counted.append)}
    assert list(rows) == ["sanity_to_head", "sanity_to_scale", "sanity_unrelated", "sanity_excess"]
    assert sum(counted) == 2 * 2 * 12
    excess = rows["sanity_to_scale"].value - rows["sanity_unrelated"].value
    assert rows["sanity_excess"].value == pytest.approx(excess)
    assert rows["sanity_excess"].met is (excess <= 0)


def test_maps_that_do_not_depend_on_the_weights_are_caught(bundle, monkeypatch):
    images, maps = images_with_maps(Engine(bundle, threads=1))
    monkeypatch.setattr("core.learning.sanity.shuffle_weights", lambda *given: None)
    rows = {row.key: row for row in check_sanity(images, maps, bundle, seeds=1)}
    assert rows["sanity_to_scale"].value == pytest.approx(1, abs=1e-3)
    assert rows["sanity_excess"].met is False
