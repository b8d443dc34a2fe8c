import pytest
from scipy import stats

from core.metrics.binomial import clopper_pearson


@pytest.mark.parametrize(
    ("found", "total"), [(0, 10), (10, 10), (1, 3), (180, 200), (356, 381), (2700, 3000)]
)
@pytest.mark.parametrize("confidence", [0.9, 0.95])
def test_the_interval_is_that_of_scipy(found, total, confidence):
    exact = stats.binomtest(found, total).proportion_ci(confidence, method="exact")
    assert clopper_pearson(found, total, confidence) == pytest.approx((exact.low, exact.high), abs=1e-9)


@pytest.mark.parametrize(("found", "total"), [(-1, 3), (4, 3), (0, 0)])
def test_no_share_is_refused(found, total):
    with pytest.raises(ValueError, match="is no share"):
        clopper_pearson(found, total, 0.95)
