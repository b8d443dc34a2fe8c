import numpy as np
import pytest

from core.engine.prediction import Prediction, calibrate

THREE = ("normal", "bacterial", "viral")


def make(
    logits: list[float], *, names: tuple[str, ...] = THREE, temperature: float = 1.0, threshold: float = 0.5
) -> Prediction:
    values = np.array(logits, np.float32)
    maps = np.random.default_rng(3).normal(size=(len(names), 7, 7)).astype(np.float32)
    return Prediction(
        names, values, calibrate(values, temperature), maps, np.ones(4, np.float32), threshold, "m 1"
    )


def test_the_score_is_one_minus_normal() -> None:
    prediction = make([1.0, 2.0, 0.5], temperature=1.7)
    normal = prediction.probability("normal")
    assert normal is not None
    assert prediction.score == pytest.approx(1 - normal, abs=1e-12)
    assert prediction.probability("pneumonia") is None


def test_the_temperature_divides_the_logits() -> None:
    expected = np.exp(np.array([0.5, 1.0])) / np.exp(np.array([0.5, 1.0])).sum()
    np.testing.assert_allclose(calibrate(np.array([1, 2], np.float32), 2.0), expected, rtol=1e-12)


def test_extreme_logits_overflow_nowhere() -> None:
    assert make([5000.0, -5000.0, 0.0]).score == 0.0
    assert make([-5000.0, 5000.0, 5000.0]).score == 1.0
    assert 0 < make([40.0, 0.0, 0.0]).score < 1e-16


@pytest.mark.parametrize(("logit", "call"), [(0.0, "pneumonia"), (-0.01, "normal"), (0.01, "pneumonia")])
def test_a_score_at_the_threshold_is_called_pneumonia(logit: float, call: str) -> None:
    assert make([0.0, logit], names=("normal", "pneumonia")).call == call


def test_a_class_map_is_rectified() -> None:
    prediction = make([0.0, 1.0, 2.0])
    expected = np.maximum(prediction.activation_maps[2], 0)
    np.testing.assert_array_equal(prediction.activation_map("viral"), expected)


def test_the_pneumonia_map_is_the_gradient_of_the_log_odds() -> None:
    """Held against finite differences: moving all logits along a cell's map moves the log-odds by its map."""
    prediction = make([0.3, 1.0, -0.5])
    maps = prediction.activation_maps.astype(np.float64)

    def log_odds(logits: np.ndarray) -> float:
        return float(np.log(np.exp(logits[1:]).sum()) - logits[0])

    step = 1e-6
    logits = prediction.logits.astype(np.float64)
    numeric = np.empty((7, 7))
    for row, column in np.ndindex(7, 7):
        direction = maps[:, row, column]
        numeric[row, column] = (log_odds(logits + step * direction) - log_odds(logits - step * direction)) / (
            2 * step
        )
    np.testing.assert_allclose(prediction.activation_map(), np.maximum(numeric, 0), atol=1e-5)


def test_with_two_classes_the_pneumonia_map_is_the_difference() -> None:
    prediction = make([0.0, 1.0], names=("normal", "pneumonia"))
    expected = np.maximum(prediction.activation_maps[1] - prediction.activation_maps[0], 0)
    np.testing.assert_allclose(prediction.activation_map(), expected, atol=1e-6)


def test_an_unknown_target_is_refused() -> None:
    with pytest.raises(ValueError, match="fungal"):
        make([0.0, 0.0, 0.0]).activation_map("fungal")
