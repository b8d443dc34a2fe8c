from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pytest

from core.engine.card import Card
from core.engine.prediction import Prediction, calibrate
from core.reading.radiograph import Radiograph, Window
from core.review.cases import ReviewCase
from core.store.judgement import Judgement
from core.truth.truth import Truth
from tests.helpers.tiny_model import make_card


@pytest.fixture
def card() -> Card:
    return make_card()


def predict(card: Card, score: float, seed: int = 0) -> Prediction:
    rest = np.log(score / (1 - score)) - np.log(2)
    logits = (card.temperature * np.array([0.0, rest, rest])).astype(np.float32)
    maps = np.random.default_rng(seed).normal(scale=0.2, size=(3, 7, 7)).astype(np.float32)
    point = card.operating_point
    return Prediction(
        card.class_names,
        logits,
        calibrate(logits, card.temperature),
        maps,
        np.zeros(0, np.float32),
        point.threshold,
        card.title,
    )


@pytest.fixture
def make_cases(card: Card) -> Callable[[int], list[ReviewCase]]:
    """Makes cases of which every fourth is normal, some are wrong, some judged, some refused."""

    def make(count: int) -> list[ReviewCase]:
        cases = []
        for number in range(count):
            word = ("normal", "bacterial", "viral", "pneumonia")[number % 4]
            sick = word != "normal"
            score = 0.9 - 0.001 * number if sick == (number % 7 != 0) else 0.1 + 0.001 * number
            judgement = Judgement(
                "pneumonia" if sick else "normal",
                "viral" if sick and number % 2 else None,
                number % 5 == 0,
                f"Note {number}: costs $5 & {{braces}}." if number % 3 == 0 else "",
                ("hilum",) if number % 4 == 0 else (),
                datetime(2026, 11, 23, 9, number % 60, tzinfo=UTC),
            )
            scored = number % 10 != 9
            cases.append(
                ReviewCase(
                    f"Case {number + 1}",
                    Path(f"/private/smith/{number}.png"),
                    0,
                    "ok" if scored else "refused",
                    "" if scored else "The image is blank or nearly so.",
                    predict(card, score, number) if scored else None,
                    (),
                    judgement,
                    Truth.from_word(word, "folder"),
                    f"patient {number // 2}",
                )
            )
        return cases

    return make


def read(path: Path, frame: int = 0) -> Radiograph:
    pixels = np.tile(np.linspace(20, 235, 300).astype(np.uint8), (240, 1))
    return Radiograph(pixels, pixels, Window(128, 256))
