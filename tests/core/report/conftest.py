import numpy as np
import pytest

from core.metrics import evaluate
from core.report import About

THREE = ("normal", "bacterial", "viral")


@pytest.fixture
def about():
    return About(
        model_name="tiny",
        model_version="1.0",
        model_hash="ab" * 32,
        operating_point="balanced",
        split_name="the official test part",
        split_hash="cd" * 32,
        date="2026-11-23",
        limits=("Knows <nothing>.",),
        versions={"DeepPneumo": "0.1.0"},
    )


def make_evaluation(n=60, seed=0, labels=THREE, threshold=0.6, resamples=100):
    random = np.random.default_rng(seed)
    kinds = random.integers(0, len(labels), n)
    names = [labels[k] for k in kinds]
    logits = random.normal(size=(n, 3))
    logits[np.arange(n), [THREE.index(name) if name in THREE else 1 for name in names]] += 1.5
    table = np.exp(logits) / np.exp(logits).sum(axis=1, keepdims=True)
    patients = [f"p{k // 2}" for k in range(n)]
    return evaluate(names, table, patients, class_names=THREE, threshold=threshold, resamples=resamples)


@pytest.fixture(scope="session")
def evaluation():
    return make_evaluation()


def names_of(evaluation):
    return [f"image{n}.png" for n in range(len(evaluation.labels))]
