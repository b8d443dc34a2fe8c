import numpy as np
import pytest

from core.engine.bundle import Bundle
from core.engine.engine import Engine
from core.errors import EngineError
from core.familiarity.fit import fit
from core.familiarity.measure import find_reasons
from core.familiarity.statistics import UNLIKE, Statistics
from core.familiarity.synthetic import invert, make_noise, turn_left, turn_over, turn_right
from tests.helpers.familiar_model import chests, familiar_bundle, layered_graph, vary
from tests.helpers.tiny_model import SIZE, graph_bytes, make_card

RNG = np.random.default_rng(8)


@pytest.fixture(scope="module")
def engine() -> Engine:
    return Engine(familiar_bundle(), threads=1)


@pytest.fixture(scope="module")
def others() -> np.ndarray:
    """Images that neither statistics nor limits were taken from."""
    return chests(60, seed=3)


def test_images_like_those_of_the_training_are_familiar(engine: Engine, others: np.ndarray) -> None:
    assert find_reasons(engine, others) == [None] * len(others)


def test_varied_images_are_familiar(engine: Engine, others: np.ndarray) -> None:
    reasons = find_reasons(engine, [vary(image, RNG) for image in others])
    assert np.mean([reason is None for reason in reasons]) >= 0.98


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (invert, "looks inverted"),
        (turn_left, "rotated by 90 degrees"),
        (turn_right, "rotated by 90 degrees"),
        (turn_over, "rotated by 180 degrees"),
        (make_noise, "noise"),
    ],
)
def test_what_is_wrong_is_named(engine: Engine, others: np.ndarray, change, words: str) -> None:
    reasons = find_reasons(engine, [change(image, RNG) for image in others])
    assert np.mean([reason is not None for reason in reasons]) >= 0.95
    assert np.mean([words in (reason or "") for reason in reasons]) >= 0.8


def test_other_images_are_unlike_the_training(engine: Engine) -> None:
    stripes = np.tile((np.arange(SIZE) % 16 * 16).astype(np.uint8), (SIZE, 1))
    assert find_reasons(engine, [stripes, stripes[:, ::-1]]) == [UNLIKE, UNLIKE]


def test_the_mark_says_how_many_were_seen_and_accepted() -> None:
    bundle = familiar_bundle()
    assert bundle.card.familiarity is not None
    assert bundle.card.familiarity.images == 120
    assert bundle.card.familiarity.accepted >= 0.98


def test_equal_images_and_seeds_give_equal_statistics() -> None:
    bundle = familiar_bundle()
    engine = Engine(Bundle(make_card(), layered_graph()), threads=1)
    again, _ = fit(engine, chests(120, 1), chests(80, 2), vary)
    assert again.to_bytes() == bundle.familiarity
    other, _ = fit(engine, chests(120, 1), chests(80, 2), vary, seed=1)
    assert other.to_bytes() != bundle.familiarity


def test_the_limit_does_not_depend_on_how_the_images_are_called(engine: Engine) -> None:
    assert familiar_bundle().familiarity is not None
    statistics = Statistics.from_bytes(familiar_bundle().familiarity or b"")
    distances = [answer.distance for answer in statistics.judge(describe(engine, chests(80, 2)))]
    assert float(statistics.limit) == pytest.approx(1.2 * np.quantile(distances, 0.995), rel=1e-4)


def describe(engine: Engine, images: np.ndarray) -> np.ndarray:
    from core.preprocess import preprocess

    return engine.describe(np.stack([preprocess(image, SIZE) for image in images]))


def test_too_few_images_are_refused() -> None:
    engine = Engine(Bundle(make_card(), layered_graph()), threads=1)
    with pytest.raises(ValueError, match="two"):
        fit(engine, chests(1, 1), chests(5, 2), vary)


def test_a_model_that_tells_nothing_of_its_layers_cannot_be_made_familiar() -> None:
    engine = Engine(Bundle(make_card(), graph_bytes()), threads=1)
    with pytest.raises(EngineError, match="export it anew"):
        fit(engine, chests(4, 1), chests(4, 2), vary)


def test_a_feature_that_never_varied_counts_when_it_does() -> None:
    engine = Engine(Bundle(make_card(), layered_graph()), threads=1)
    framed = chests(90, 1)
    framed[:, :8] = 0
    statistics, _ = fit(engine, framed[:60], framed[60:], lambda image, generator: image)
    inside = statistics.judge(describe(engine, framed[60:]))
    outside = statistics.judge(describe(engine, chests(90, 1)[60:]))
    assert min(answer.distance for answer in outside) > max(answer.distance for answer in inside)
