import os
import subprocess
import sys
import threading
import time
from pathlib import Path

import numpy as np
import onnx
import onnxruntime as ort
import pytest
from onnx import TensorProto, external_data_helper

from core.certainty import UncertainBand
from core.conformal import Conformal
from core.engine.bundle import Bundle, write_bundle
from core.engine.default import default_bundle_path
from core.engine.engine import Engine
from core.errors import BundleError, EngineError
from core.preprocess import preprocess
from core.reading.radiograph import Radiograph, Window
from tests.helpers.familiar_model import LAYER_SIZE, chests, familiar_bundle, layered_graph
from tests.helpers.tiny_model import CELLS, SIZE, Weights, graph_bytes, make_card

RNG = np.random.default_rng(11)


def inputs(count: int) -> np.ndarray:
    return RNG.normal(size=(count, 1, SIZE, SIZE)).astype(np.float32)


@pytest.fixture(scope="module")
def engine() -> Engine:
    return Engine(Bundle(make_card(), graph_bytes()), threads=1)


def test_the_answer_is_the_hand_made_one(engine: Engine) -> None:
    weights, batch = Weights(), inputs(2)
    pooled = batch.reshape(2, CELLS, SIZE // CELLS, CELLS, SIZE // CELLS).mean(axis=(2, 4))
    maps = np.maximum(weights.scale[:, None, None] * pooled[:, None] + weights.shift[:, None, None], 0)
    features = maps.mean(axis=(2, 3))
    for n, prediction in enumerate(engine.predict(batch)):
        np.testing.assert_allclose(prediction.features, features[n], atol=1e-6)
        np.testing.assert_allclose(prediction.logits, weights.head @ features[n] + weights.bias, atol=1e-5)
        by_hand = np.tensordot(weights.head, maps[n], axes=1) / CELLS**2
        np.testing.assert_allclose(prediction.activation_maps, by_hand, atol=1e-6)
        sums = prediction.activation_maps.sum(axis=(1, 2))
        np.testing.assert_allclose(sums, prediction.logits - weights.bias, atol=1e-5)


def test_the_card_decides_temperature_threshold_and_title(engine: Engine) -> None:
    prediction = engine.predict(inputs(1))[0]
    powers = np.exp(prediction.logits.astype(np.float64) / 2.0)
    np.testing.assert_allclose(prediction.probabilities, powers / powers.sum(), rtol=1e-9)
    assert prediction.threshold == 0.6
    assert prediction.model == "tiny 1.0"


def test_the_card_decides_prediction_sets_and_the_uncertain_band(engine: Engine) -> None:
    batch = inputs(20)
    without = engine.predict(batch)
    assert all(prediction.prediction_set is None for prediction in without)
    lowest = np.median([prediction.probabilities for prediction in without], axis=0).tolist()
    card = make_card(conformal=Conformal(0.9, tuple(lowest), (40, 30, 20)))
    predictions = Engine(Bundle(card, graph_bytes()), threads=1).predict(batch)
    for prediction in predictions:
        pairs = zip(card.class_names, prediction.probabilities, lowest, strict=True)
        assert prediction.prediction_set == tuple(name for name, value, least in pairs if value >= least)
        assert prediction.band == UncertainBand(0.3, 0.6, "between the model's operating points")
    assert len({prediction.prediction_set for prediction in predictions}) > 1


def test_a_batch_of_one_equals_a_batch_of_many(engine: Engine) -> None:
    batch = inputs(9)
    for one, many in zip(
        [engine.predict(item[None])[0] for item in batch], engine.predict(batch), strict=True
    ):
        np.testing.assert_allclose(one.logits, many.logits, atol=1e-5)
        np.testing.assert_allclose(one.activation_maps, many.activation_maps, atol=1e-5)
        np.testing.assert_allclose(one.features, many.features, atol=1e-5)


def test_a_brief_engine_gives_the_same_answers(engine: Engine) -> None:
    batch = inputs(3)
    brief = Engine(Bundle(make_card(), graph_bytes()), threads=1, brief=True)
    for one, other in zip(brief.predict(batch), engine.predict(batch), strict=True):
        np.testing.assert_allclose(one.logits, other.logits, atol=1e-5)
        np.testing.assert_allclose(one.activation_maps, other.activation_maps, atol=1e-5)


def test_an_empty_batch_gives_nothing(engine: Engine) -> None:
    assert engine.predict(inputs(0)) == []


def test_score_preprocesses_the_default_rendering(engine: Engine) -> None:
    rendering = RNG.integers(0, 256, (90, 120)).astype(np.uint8)
    radiograph = Radiograph(255 - rendering, rendering, Window(128, 256))
    expected = engine.predict(preprocess(rendering, SIZE)[None])[0]
    np.testing.assert_array_equal(engine.score(radiograph).logits, expected.logits)


def test_predictions_do_not_keep_the_batch_alive(engine: Engine) -> None:
    for array in (engine.predict(inputs(3))[1].activation_maps, engine.predict(inputs(3))[1].features):
        assert array.base is None


@pytest.mark.parametrize(
    "batch",
    [
        np.zeros((1, SIZE, SIZE), np.float32),
        np.zeros((1, 3, SIZE, SIZE), np.float32),
        np.zeros((1, 1, SIZE, SIZE + 1), np.float32),
        np.zeros((1, 1, SIZE, SIZE), np.float64),
        np.zeros((1, 1, SIZE, SIZE), np.uint8),
        np.full((1, 1, SIZE, SIZE), np.nan, np.float32),
        np.full((1, 1, SIZE, SIZE), np.inf, np.float32),
    ],
)
def test_other_inputs_are_refused(engine: Engine, batch: np.ndarray) -> None:
    with pytest.raises(ValueError, match=r"expected float32|not finite"):
        engine.predict(batch)


def test_it_may_be_called_from_several_threads(engine: Engine) -> None:
    batches = [inputs(2) for _ in range(8)]
    expected = [engine.predict(batch)[1].logits for batch in batches]
    found: dict[int, np.ndarray] = {}

    def run(n: int) -> None:
        for _ in range(20):
            found[n] = engine.predict(batches[n])[1].logits

    threads = [threading.Thread(target=run, args=(n,)) for n in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    for n, logits in enumerate(expected):
        np.testing.assert_allclose(found[n], logits, atol=1e-6)


def test_no_thread_is_refused() -> None:
    with pytest.raises(ValueError, match="thread"):
        Engine(Bundle(make_card(), graph_bytes()), threads=0)


def affinities(options: ort.SessionOptions) -> str:
    try:
        return options.get_session_config_entry("session.intra_op_thread_affinities")
    except RuntimeError:  # ONNX Runtime's way to say that there is no such entry
        return ""


@pytest.mark.parametrize(
    ("cores", "threads", "expected"),
    [
        ([0, 2, 5], None, (3, "3;6")),
        ([0, 2, 5], 2, (2, "3")),
        ([0, 2, 5], 1, (1, "")),
        ([0, 2, 5], 4, (4, "")),
        ([], None, (0, "")),
    ],
    ids=["one for each", "fewer", "only the caller's", "more than cores", "not told by the system"],
)
def test_threads_are_bound_to_cores_of_ours(
    monkeypatch: pytest.MonkeyPatch, cores: list[int], threads: int | None, expected: tuple[int, str]
) -> None:
    monkeypatch.setattr("core.engine.session.physical_cores", lambda: cores)
    seen: list[ort.SessionOptions] = []
    # Such cores need not exist here.
    session = Engine(Bundle(make_card(), graph_bytes()), threads=1)._session

    def open_session(graph: bytes, options: ort.SessionOptions, **_: object) -> ort.InferenceSession:
        seen.append(options)
        return session

    monkeypatch.setattr("core.engine.session.ort.InferenceSession", open_session)
    Engine(Bundle(make_card(), graph_bytes()), threads=threads)
    (options,) = seen
    assert (options.intra_op_num_threads, affinities(options)) == expected


@pytest.mark.skipif(not hasattr(os, "sched_getaffinity"), reason="threads are bound on Linux only")
def test_a_thread_of_the_engine_stays_on_its_core(monkeypatch: pytest.MonkeyPatch) -> None:
    first = min(os.sched_getaffinity(0))
    # Two threads on one core: it need not have more, and only the started one is bound.
    monkeypatch.setattr("core.engine.session.physical_cores", lambda: [first, first])
    before = set(Path("/proc/self/task").iterdir())
    engine = Engine(Bundle(make_card(), graph_bytes()), threads=2)
    started = set(Path("/proc/self/task").iterdir()) - before
    (thread,) = (int(task.name) for task in started)
    # It binds itself, once it gets to run.
    deadline = time.monotonic() + 30
    while os.sched_getaffinity(thread) != {first} and time.monotonic() < deadline:
        os.sched_yield()
    assert os.sched_getaffinity(thread) == {first}
    assert len(engine.predict(inputs(1))) == 1


def test_a_path_is_opened(tmp_path: Path) -> None:
    write_bundle(tmp_path / "m", make_card(), graph_bytes())
    assert Engine(tmp_path / "m").input_size == SIZE


def test_a_model_says_what_it_is_familiar_with() -> None:
    engine = Engine(familiar_bundle(), threads=1)
    known, inverted = chests(2, seed=9)
    batch = np.stack([preprocess(known, SIZE), preprocess(255 - inverted, SIZE)])
    first, second = (prediction.familiarity for prediction in engine.predict(batch))
    assert first is not None
    assert first.familiar
    assert second is not None
    assert second.reason == "The image looks inverted."
    plain = Engine(Bundle(make_card(), graph_bytes()), threads=1)
    for one, other in zip(engine.predict(batch), plain.predict(batch), strict=True):
        np.testing.assert_allclose(one.logits, other.logits, atol=1e-6)
        assert other.familiarity is None


def test_the_layers_are_described_by_themselves() -> None:
    engine, batch = Engine(familiar_bundle(), threads=1), inputs(2)
    cells = engine.describe(batch).reshape(2, 4, -1)
    features = [prediction.features for prediction in engine.predict(batch)]
    np.testing.assert_allclose(cells.mean(axis=2), features, atol=1e-6)
    with pytest.raises(ValueError, match="float32"):
        engine.describe(batch[:, 0])


def test_statistics_of_another_network_are_refused() -> None:
    bundle = familiar_bundle()
    for graph in (graph_bytes(), layered_graph(4)):
        with pytest.raises(BundleError, match="do not belong to its network"):
            Engine(Bundle(bundle.card, graph, bundle.familiarity))


def test_damaged_statistics_are_refused() -> None:
    with pytest.raises(BundleError, match="damaged"):
        Engine(Bundle(familiar_bundle().card, layered_graph(), b"garbage"))


def test_a_description_of_another_form_is_an_error(monkeypatch: pytest.MonkeyPatch) -> None:
    engine = Engine(familiar_bundle(), threads=1)

    class Lying:
        def run(self, *_: object) -> list[np.ndarray]:
            shapes = ((1, 3), (1, 3, CELLS, CELLS), (1, 4), (1, LAYER_SIZE - 1))
            return [np.zeros(shape, np.float32) for shape in shapes]

    monkeypatch.setattr(engine, "_session", Lying())
    with pytest.raises(EngineError, match="form"):
        engine.predict(inputs(1))


def test_two_classes_work() -> None:
    weights = Weights(head=np.ones((2, 4), np.float32), bias=np.zeros(2, np.float32))
    engine = Engine(Bundle(make_card(class_names=("normal", "pneumonia")), graph_bytes(weights)), threads=1)
    assert engine.predict(inputs(1))[0].score == pytest.approx(0.5)


def rename(graph: bytes, old: str, new: str) -> bytes:
    model = onnx.load_from_string(graph)
    for node in (*model.graph.input, *model.graph.output):
        node.name = new if node.name == old else node.name
    for step in model.graph.node:
        step.input[:] = [new if name == old else name for name in step.input]
        step.output[:] = [new if name == old else name for name in step.output]
    return model.SerializeToString()


TWO = Weights(head=np.ones((2, 4), np.float32), bias=np.zeros(2, np.float32))


@pytest.mark.parametrize(
    ("graph", "changes", "words"),
    [
        (b"garbage", {}, "not a network"),
        (graph_bytes()[:-200], {}, "not a network"),
        (graph_bytes(TWO), {}, "names 3 classes"),
        (graph_bytes(), {"class_names": ("normal", "pneumonia")}, "names 2 classes"),
        (graph_bytes(), {"input_size": 224}, "224 x 224 pixels"),
        (graph_bytes(batch=1), {}, "fixed number"),
        (rename(graph_bytes(), "radiograph", "x"), {}, "other inputs or outputs"),
        (rename(graph_bytes(), "logits", "y"), {}, "other inputs or outputs"),
        (rename(graph_bytes(), "activation_maps", "y"), {}, "other inputs or outputs"),
        (graph_bytes(), {"mean": 0.5}, "scaled in a way"),
        (graph_bytes(), {"std": 0.5}, "scaled in a way"),
    ],
)
def test_a_graph_that_its_card_does_not_describe_is_refused(
    graph: bytes, changes: dict[str, object], words: str
) -> None:
    with pytest.raises(BundleError, match=words) as caught:
        Engine(Bundle(make_card(**changes), graph))
    assert str(caught.value).endswith(".")


def edited(edit: object) -> bytes:
    model = onnx.load_from_string(graph_bytes())
    assert callable(edit)
    edit(model.graph)
    return bytes(model.SerializeToString())


def _half(graph: onnx.GraphProto) -> None:
    graph.input[0].type.tensor_type.elem_type = TensorProto.FLOAT16
    graph.node.insert(0, onnx.helper.make_node("Cast", ["radiograph"], ["single"], to=TensorProto.FLOAT))
    graph.node[1].input[0] = "single"


def _flat(graph: onnx.GraphProto) -> None:
    graph.output[1].CopyFrom(onnx.helper.make_tensor_value_info("maps_flat", TensorProto.FLOAT, ["n", 147]))
    graph.node[-1].output[0] = "maps_4d"
    graph.node.append(onnx.helper.make_node("Flatten", ["maps_4d"], ["activation_maps"]))
    graph.output[1].name = "activation_maps"


@pytest.mark.parametrize(("edit", "words"), [(_half, "single precision"), (_flat, "other inputs or outputs")])
def test_other_types_and_ranks_are_refused(edit: object, words: str) -> None:
    with pytest.raises(BundleError, match=words):
        Engine(Bundle(make_card(), edited(edit)))


def test_weights_outside_the_bundle_are_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "head.bin").write_bytes(Weights().head.tobytes())
    monkeypatch.chdir(tmp_path)
    model = onnx.load_from_string(graph_bytes())
    tensor = next(item for item in model.graph.initializer if item.name == "head")
    external_data_helper.set_external_data(tensor, "head.bin")
    tensor.ClearField("raw_data")
    tensor.data_location = TensorProto.EXTERNAL
    with pytest.raises(BundleError, match="not a network"):
        Engine(Bundle(make_card(), model.SerializeToString()))


def test_an_answer_that_is_not_finite_is_an_error() -> None:
    weights = Weights(bias=np.array([np.nan, 0, 0], np.float32))
    with pytest.raises(EngineError, match="finite"):
        Engine(Bundle(make_card(), graph_bytes(weights))).predict(inputs(1))


@pytest.mark.parametrize(
    ("logits", "maps", "features"),
    [((2, 4), (2, 3), 2), ((2, 3), (2, 4), 2), ((2, 3), (2, 3), 1), ((1, 3), (2, 3), 2), ((2,), (2, 3), 2)],
)
def test_an_answer_of_another_form_is_an_error(
    engine: Engine,
    monkeypatch: pytest.MonkeyPatch,
    logits: tuple[int, ...],
    maps: tuple[int, int],
    features: int,
) -> None:
    """A graph may declare shapes that it does not keep, though ONNX Runtime finds most such graphs out."""

    class Lying:
        def run(self, *_: object) -> list[np.ndarray]:
            shapes = (logits, (*maps, CELLS, CELLS), (features, 4))
            return [np.zeros(shape, np.float32) for shape in shapes]

    monkeypatch.setattr(engine, "_session", Lying())
    with pytest.raises(EngineError, match="form"):
        engine.predict(inputs(2))


def test_a_failure_of_the_runtime_is_an_engine_error(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    class Broken:
        def run(self, *_: object) -> None:
            raise RuntimeError("Failed to allocate memory for /home/someone/x")

    monkeypatch.setattr(engine, "_session", Broken())
    with pytest.raises(EngineError, match="too little memory") as caught:
        engine.predict(inputs(1))
    assert "someone" not in str(caught.value)


def test_the_default_bundle_lies_in_the_resources() -> None:
    path = default_bundle_path()
    assert path.parent.is_dir()
    assert (path.parent.parent.name, path.parent.name) == ("resources", "models")
    assert path.suffix == ".bundle"


def test_opening_a_model_prints_nothing(tmp_path: Path) -> None:
    write_bundle(tmp_path / "m", make_card(), graph_bytes())
    code = "import sys; from core.engine.engine import Engine; Engine(sys.argv[1])"
    run = subprocess.run(
        [sys.executable, "-c", code, tmp_path / "m"],
        capture_output=True,
        text=True,
        env=os.environ,
        check=False,
    )
    assert (run.returncode, run.stdout, run.stderr) == (0, "", "")
