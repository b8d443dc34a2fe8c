from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest

from core.engine.card import Card
from core.engine.prediction import Familiarity, Prediction, calibrate
from core.store.store import Store
from tests.helpers.tiny_model import make_card


@pytest.fixture
def card() -> Card:
    return make_card()


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    store = Store(tmp_path / "reviews.sqlite")
    yield store
    store.close()


def predict(card: Card, seed: int = 0, familiarity: Familiarity | None = None) -> Prediction:
    random = np.random.default_rng(seed)
    logits = random.normal(size=len(card.class_names)).astype(np.float32)
    return Prediction(
        card.class_names,
        logits,
        calibrate(logits, card.temperature),
        random.normal(size=(len(card.class_names), 7, 7)).astype(np.float32),
        random.normal(size=512).astype(np.float32),
        card.operating_point.threshold,
        card.title,
        familiarity,
    )


def wait_for(put: Callable[[Callable[[bool], None]], object]) -> bool:
    """Give an order to a store and return its answer."""
    told = threading.Event()
    answers: list[bool] = []

    def done(kept: bool) -> None:
        answers.append(kept)
        told.set()

    put(done)
    assert told.wait(60)
    return answers[0]
