import pytest

from core.examination.row import Bound, Row


@pytest.mark.parametrize(
    ("relation", "value", "met"),
    [
        ("below", 0.02, False),
        ("below", 0.0199, True),
        ("at most", 0.02, True),
        ("at most", 0.021, False),
        ("at least", 0.02, True),
        ("at least", 0.019, False),
        ("above", 0.02, False),
        ("above", 0.021, True),
    ],
)
def test_a_bound_is_met_or_not(relation, value, met):
    assert Row("r", "R", value, 10, bound=Bound(relation, 0.02)).met is met


def test_a_bound_can_ask_for_the_whole_interval():
    above = Bound("above", 0.0)
    assert Row("r", "R", 0.1, 10, (0.01, 0.2), bound=above, certain=True).met is True
    assert Row("r", "R", 0.1, 10, (-0.01, 0.2), bound=above, certain=True).met is False
    assert Row("r", "R", 0.1, 10, None, bound=above, certain=True).met is False
    assert Row("r", "R", 0.1, 10, (-0.01, 0.2), bound=above).met is True


def test_a_promise_must_lie_in_the_interval():
    promise = Bound("covers", 0.9)
    assert Row("r", "R", 0.85, 10, (0.8, 0.91), bound=promise).met is True
    assert Row("r", "R", 0.95, 10, (0.91, 0.97), bound=promise).met is False
    assert Row("r", "R", 0.9, 10, None, bound=promise).met is False


def test_without_bound_or_value_nothing_is_met_or_missed():
    assert Row("r", "R", 0.1, 10).met is None
    assert Row("r", "R", None, 0, bound=Bound("below", 1)).met is None
