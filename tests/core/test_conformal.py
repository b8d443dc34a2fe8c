from dataclasses import asdict

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.conformal import Conformal, class_indices, fit_conformal
from core.errors import BundleError

THREE = ("normal", "bacterial", "viral")
TWO = ("normal", "pneumonia")


def pairs(normal):
    """Probabilities of two classes."""
    return np.stack([normal, 1 - np.asarray(normal)], axis=1)


def test_a_hand_worked_example():
    """19 images of a class: floor(20 * 0.1) = 2, so its limit is the second lowest probability it was given."""
    normals = np.array([0.99, 0.30, 0.98, 0.55, *np.linspace(0.6, 0.97, 15)])
    pneumonias = np.array([0.9, 0.05, 0.2, *[0.1] * 6])  # P(normal); 9 images: the lowest P(pneumonia) is 0.1
    got = fit_conformal(
        pairs(np.concatenate([normals, pneumonias])), ["normal"] * 19 + ["viral"] * 9, TWO, level=0.9
    )
    assert got.lowest == pytest.approx((0.55, 0.1))
    assert got.images == (19, 9)
    members = got.members(pairs([0.55, 0.5499, 0.95]))
    assert members.tolist() == [[True, True], [False, True], [True, False]]


def test_a_set_may_be_empty_or_full():
    conformal = Conformal(0.9, (0.8, 0.3, 0.3), (9, 9, 9))
    members = conformal.members(np.array([[0.5, 0.25, 0.25], [0.8, 0.1, 0.1], [0.4, 0.3, 0.3]]))
    assert members.sum(axis=1).tolist() == [0, 1, 2]


def draw(generator, n):
    """Images of three classes with the label of each and what a decent but unequal model says."""
    truth = generator.choice(3, n, p=[0.3, 0.5, 0.2])
    logits = generator.normal(size=(n, 3)) + np.array([3.0, 1.5, 0.8])[truth, None] * np.eye(3)[truth]
    table = np.exp(logits)
    return truth, table / table.sum(axis=1, keepdims=True)


def test_every_class_is_covered_as_promised():
    """The mean coverage of many fits is the promise, for the class that the model knows least too."""
    generator = np.random.default_rng(20261123)
    coverage = []
    for _ in range(200):
        truth, table = draw(generator, 300)
        conformal = fit_conformal(table, [THREE[k] for k in truth], THREE)
        truth, table = draw(generator, 600)
        covered = conformal.members(table)[np.arange(600), truth]
        coverage.append([covered[truth == place].mean() for place in range(3)])
    mean = np.mean(coverage, axis=0)
    assert (mean > 0.895).all()
    # Exchangeability bounds it from above too: by 1 / (n + 1), n being 60 for the rarest class.
    assert (mean < 0.9 + 1 / 55).all()


probabilities = st.lists(st.floats(0, 1), min_size=9, max_size=60)


@given(probabilities, st.floats(0.2, 0.9))
def test_at_least_the_promised_share_of_the_fitted_images_is_covered(values, level):
    table = pairs(np.array(values + values))
    labels = ["normal"] * len(values) + ["pneumonia"] * len(values)
    conformal = fit_conformal(table, labels, TWO, level)
    truth = class_indices(labels, TWO)
    covered = conformal.members(table)[np.arange(len(truth)), truth]
    assert covered[truth == 0].mean() >= level - 1e-9
    assert covered[truth == 1].mean() >= level - 1e-9


@given(probabilities, st.floats(0.5, 0.89))
def test_a_higher_promise_never_shrinks_a_set(values, level):
    table = pairs(np.array(values + values))
    labels = ["normal"] * len(values) + ["pneumonia"] * len(values)
    low, high = (fit_conformal(table, labels, TWO, share) for share in (level, 0.9))
    assert not (low.members(table) & ~high.members(table)).any()


@given(st.permutations(range(30)))
def test_the_order_of_the_images_does_not_matter(order):
    truth, table = draw(np.random.default_rng(3), 30)
    labels = np.array([TWO[min(k, 1)] for k in truth])
    pair = pairs(table[:, 0])
    assert fit_conformal(pair, labels, TWO, 0.6) == fit_conformal(pair[order], labels[order], TWO, 0.6)


def test_eight_images_of_a_class_cannot_rule_it_out():
    labels = ["normal"] * 20 + ["pneumonia"] * 8
    table = pairs(np.linspace(0.9, 0.1, 28))
    assert fit_conformal(table, labels, TWO) is None
    assert fit_conformal(table, labels, TWO, level=0.8) is not None


def test_pneumonias_of_unknown_kind_say_nothing_about_kinds():
    labels = ["normal", "pneumonia", "viral", "bacterial"]
    assert class_indices(labels, THREE).tolist() == [0, -1, 2, 1]
    assert class_indices(labels, TWO).tolist() == [0, 1, 1, 1]
    truth, table = draw(np.random.default_rng(1), 200)
    names = [THREE[k] for k in truth]
    more = fit_conformal(np.vstack([table, [[0.0, 0.5, 0.5]] * 50]), names + ["pneumonia"] * 50, THREE)
    assert more == fit_conformal(table, names, THREE)


def test_shapes_must_match():
    with pytest.raises(ValueError, match="do not match"):
        fit_conformal(np.ones((3, 2)), ["normal"], TWO)
    with pytest.raises(ValueError, match="between 0 and 1"):
        fit_conformal(np.ones((1, 2)), ["normal"], TWO, level=1.0)


def test_json_gives_it_back():
    conformal = Conformal(0.9, (0.8, 0.3, 0.0), (20, 9, 11))
    document = {
        key: list(value) if isinstance(value, tuple) else value for key, value in asdict(conformal).items()
    }
    assert Conformal.from_json(document) == conformal
    assert Conformal.from_json(None) is None


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"level": 1.0}, "coverage"),
        ({"level": "0.9"}, "'level'"),
        ({"lowest": [0.5, 1.5]}, "no probabilities"),
        ({"lowest": [0.5]}, "no probabilities"),
        ({"lowest": 0.5}, "'lowest'"),
        ({"images": [9, 0]}, "no images"),
    ],
)
def test_nonsense_is_refused(changes, words):
    good = {"level": 0.9, "lowest": [0.5, 0.5], "images": [9, 9]}
    with pytest.raises(BundleError, match=words):
        Conformal.from_json(good | changes)
