from dataclasses import replace

import numpy as np
import pytest

from core.certainty import (
    OPEN_BOTH,
    OPEN_NEITHER,
    UncertainBand,
    call_certainty,
    class_certainty,
    find_doubts,
    set_doubt,
    uncertain_band,
)
from core.engine.card import OperatingPoint
from core.engine.prediction import Prediction
from tests.helpers.tiny_model import make_card


def predicted(score: float, **more: object) -> Prediction:
    probabilities = np.array([1 - score, score / 2, score / 2])
    empty = np.zeros(0, np.float32)
    names = ("normal", "bacterial", "viral")
    return Prediction(names, empty, probabilities, empty, empty, 0.5, "m 1", **more)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("names", "doubt"),
    [
        (("normal",), None),
        (("bacterial",), None),
        (("bacterial", "viral"), None),
        (("pneumonia",), None),
        (("normal", "viral"), OPEN_BOTH),
        (("normal", "pneumonia"), OPEN_BOTH),
        (("normal", "bacterial", "viral"), OPEN_BOTH),
        ((), OPEN_NEITHER),
    ],
)
def test_a_set_is_open_when_it_holds_both_or_nothing(names: tuple[str, ...], doubt: str | None) -> None:
    assert set_doubt(names) == doubt


def test_the_band_lies_between_the_operating_points() -> None:
    band = uncertain_band(make_card())
    assert (band.low, band.high) == (0.3, 0.6)
    assert 0.3 in band
    assert 0.6 not in band
    assert 0.29 not in band


def test_around_a_single_operating_point_the_odds_are_within_a_factor_of_two() -> None:
    band = uncertain_band(make_card(operating_points=(OperatingPoint("balanced", 0.5, 1.0, 1.0),)))
    assert (band.low, band.high) == pytest.approx((1 / 3, 2 / 3))
    assert band.words == "close to the operating point"


def test_doubts_are_told_one_by_one() -> None:
    band = UncertainBand(0.4, 0.6, "in between")
    assert predicted(0.9).doubts == ()
    assert predicted(0.9, prediction_set=("viral",), band=band).doubts == ()
    assert predicted(0.5, band=band).doubts == ("the score lies in between",)
    both = predicted(0.5, prediction_set=("normal", "viral"), band=band)
    assert find_doubts(both) == (OPEN_BOTH, "the score lies in between")
    assert replace(both, band=None, prediction_set=()).doubts == (OPEN_NEITHER,)


def test_a_call_is_the_surer_the_farther_it_lies_from_the_operating_point() -> None:
    table = np.array([[0.5, 0.25, 0.25], [0.2, 0.4, 0.4], [0.8, 0.1, 0.1], [1.0, 0.0, 0.0]])
    certainty = call_certainty(table, 0.8)
    assert certainty[1] == pytest.approx(0)
    assert certainty[0] == pytest.approx(np.log(4))
    assert certainty[2] == pytest.approx(np.log(16))
    assert np.isfinite(certainty).all()
    assert certainty[3] > 100
    np.testing.assert_array_equal(class_certainty(table), [0.5, 0.4, 0.8, 1.0])
    assert predicted(0.5).certainty == pytest.approx(0)
