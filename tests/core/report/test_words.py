import pytest

from core.metrics import Measure
from core.report import words


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        *[(0.974, "97.4"), (0.5, "50.0"), (0.0013, "0.1"), (0.9994, "99.9"), (-0.012, "-1.2")],
        *[(1.0, "100"), (0.9999, "99.99"), (0.9996, "99.96"), (1 - 1e-6, ">99.99")],
        *[(0.0, "0"), (0.0001, "0.01"), (0.0002, "0.02"), (-0.0002, "-0.02"), (1e-6, "<0.01")],
    ],
)
def test_percent_is_everything_or_nothing_only_when_exact_and_never_rounds_twofold(value, shown):
    assert words.percent(value) == f"{shown}\u202f%"


@pytest.mark.parametrize(
    ("value", "shown"),
    [(0.5, "0.500"), (1e-9, "<\u202f0.001"), (1 - 1e-9, ">\u202f0.999"), (0.0, "0.000"), (1.0, "1.000")],
)
def test_probability(value, shown):
    assert words.probability(value) == shown


def test_a_measure_in_its_own_unit():
    assert words.with_interval("accuracy", Measure(0.9, 0.85, 0.95)) == "90.0\u202f% (85.0\u201395.0\u202f%)"
    assert words.with_interval("auroc", Measure(0.9, 0.85, 0.95)) == "0.900 (0.850\u20130.950)"
    assert words.with_interval("auroc", Measure(0.9, reason="one patient")) == "0.900"
    assert words.with_interval("auroc", Measure(None, reason="one class")) == "\u2013"
