import numpy as np
import pytest
from sklearn import metrics as reference

from core.conformal import Conformal
from core.metrics import BINARY, KINDS, SUBTYPES, THREE_CLASSES, evaluate

THREE = ("normal", "bacterial", "viral")
TWO = ("normal", "pneumonia")


def cohort(n=300, seed=0):
    """Labels, probabilities and patients with about two images each."""
    random = np.random.default_rng(seed)
    patient = random.integers(0, n // 2, n)
    kind = random.choice(3, n // 2, p=[0.4, 0.35, 0.25])[patient]
    logits = random.normal(size=(n, 3))
    logits[np.arange(n), kind] += 1.5
    table = np.exp(logits) / np.exp(logits).sum(axis=1, keepdims=True)
    return [THREE[k] for k in kind], table, [f"p{k}" for k in patient]


def keys(kinds):
    return {kind.key for kind in kinds}


def test_every_figure_against_scikit_learn():
    labels, table, patients = cohort()
    conformal = Conformal(0.9, (0.2, 0.3, 0.4), (99, 99, 99))
    got = evaluate(
        labels, table, patients, class_names=THREE, threshold=0.6, conformal=conformal, resamples=50
    )
    truth, score = np.array(labels) != "normal", 1 - table[:, 0]
    called = score >= 0.6
    kind, kind_call = np.array([THREE.index(name) for name in labels]), table.argmax(axis=1)
    share = (table[:, 1] / table[:, 1:].sum(axis=1))[truth]
    bacterial = np.array(labels)[truth] == "bacterial"
    expected = {
        "accuracy": reference.accuracy_score(truth, called),
        "balanced_accuracy": reference.balanced_accuracy_score(truth, called),
        "sensitivity": reference.recall_score(truth, called),
        "specificity": reference.recall_score(~truth, ~called),
        "precision": reference.precision_score(truth, called),
        "recall": reference.recall_score(truth, called),
        "f1": reference.f1_score(truth, called),
        "auroc": reference.roc_auc_score(truth, score),
        "average_precision": reference.average_precision_score(truth, score),
        "log_loss": reference.log_loss(truth, score),
        "brier": reference.brier_score_loss(truth, score),
        "sensitivity_bacterial": called[kind == 1].mean(),
        "sensitivity_viral": called[kind == 2].mean(),
        "three_class_accuracy": reference.accuracy_score(kind, kind_call),
        "three_class_mcc": reference.matthews_corrcoef(kind, kind_call),
        "bacterial_viral_accuracy": reference.accuracy_score(bacterial, share >= 0.5),
        "bacterial_viral_auroc": reference.roc_auc_score(bacterial, share),
    }
    elsewhere = {"ece", "error_at_80", "three_class_error_at_80", "set_size", "set_open"}
    elsewhere |= {f"set_coverage_{name}" for name in THREE}
    assert expected.keys() | elsewhere == set(got.measures) == set(KINDS) - {"set_coverage_pneumonia"}
    for key, value in expected.items():
        assert got.measures[key].value == pytest.approx(value), key
    np.testing.assert_array_equal(got.confusion, reference.confusion_matrix(truth, called))
    np.testing.assert_array_equal(got.class_confusion, reference.confusion_matrix(kind, kind_call))


def test_intervals_hold_the_figure_and_follow_the_seed():
    labels, table, patients = cohort()
    options = {"class_names": THREE, "threshold": 0.5, "resamples": 400}
    got = evaluate(labels, table, patients, **options)
    for key, measure in got.measures.items():
        assert measure.low < measure.high, key
        if key != "ece":  # resampling adds scatter within bins, so the ECE of resamples lies higher
            assert measure.low <= measure.value <= measure.high, key
        assert measure.reason is None
    assert evaluate(labels, table, patients, **options).measures == got.measures
    assert evaluate(labels, table, patients, **options, seed=3).measures != got.measures


def test_intervals_widen_when_images_share_patients():
    labels, table, _ = cohort()
    every = [*labels] * 3
    tripled = np.concatenate([table] * 3)
    own = evaluate(every, tripled, [str(n) for n in range(900)], class_names=THREE, threshold=0.5)
    shared = evaluate(every, tripled, [str(n % 300) for n in range(900)], class_names=THREE, threshold=0.5)

    def width(evaluation):
        measure = evaluation.measures["accuracy"]
        return measure.high - measure.low

    assert own.measures["accuracy"].value == shared.measures["accuracy"].value
    assert width(shared) > 1.5 * width(own)


def test_the_order_of_images_does_not_matter():
    labels, table, patients = cohort(120)
    table = table.round(1)
    table /= table.sum(axis=1, keepdims=True)
    order = np.random.default_rng(9).permutation(120)
    first = evaluate(labels, table, patients, class_names=THREE, threshold=0.5, resamples=40)
    shuffled = evaluate(
        [labels[n] for n in order],
        table[order],
        [patients[n] for n in order],
        class_names=THREE,
        threshold=0.5,
        resamples=40,
    )
    for key, measure in first.measures.items():
        other = shuffled.measures[key]
        got = (other.value, other.low, other.high)
        assert got == pytest.approx((measure.value, measure.low, measure.high)), key


def test_two_classes_have_no_three_class_figures():
    labels, table, patients = cohort()
    pair = np.stack([table[:, 0], 1 - table[:, 0]], axis=1)
    got = evaluate(labels, pair, patients, class_names=TWO, threshold=0.5, resamples=20)
    assert set(got.measures) == keys(BINARY) | keys(SUBTYPES) | {"error_at_80"}
    assert got.class_confusion is None


def test_truth_without_kinds_has_no_figures_on_kinds():
    labels, table, patients = cohort()
    plain = [name if name == "normal" else "pneumonia" for name in labels]
    got = evaluate(plain, table, patients, class_names=THREE, threshold=0.5, resamples=20)
    assert set(got.measures) == keys(BINARY) | {"error_at_80"}
    assert not keys(THREE_CLASSES) & set(got.measures)


def test_pneumonias_of_unknown_kind_count_in_binary_figures_only():
    labels = ["normal", "bacterial", "viral", "pneumonia"]
    table = [[0.9, 0.05, 0.05], [0.1, 0.8, 0.1], [0.1, 0.1, 0.8], [0.8, 0.1, 0.1]]
    got = evaluate(labels, table, list("abcd"), class_names=THREE, threshold=0.5, resamples=0)
    assert got.measures["sensitivity"].value == pytest.approx(2 / 3)
    assert got.measures["three_class_accuracy"].value == 1
    assert got.measures["bacterial_viral_auroc"].value == 1
    assert got.class_confusion.sum() == 3
    assert got.cases["pneumonia"].images == 1


def test_a_score_on_the_threshold_is_called():
    got = evaluate(
        ["normal", "pneumonia"],
        [[0.5, 0.5], [0.500001, 0.499999]],
        ["a", "b"],
        class_names=TWO,
        threshold=0.5,
        resamples=0,
    )
    assert got.called.tolist() == [True, False]
    assert got.confusion.tolist() == [[0, 1], [1, 0]]


def test_images_and_patients_are_counted():
    labels = ["normal", "normal", "bacterial", "viral", "viral"]
    table = np.full((5, 3), 1 / 3)
    got = evaluate(labels, table, ["a", "a", "b", "c", "c"], class_names=THREE, threshold=0.5, resamples=0)
    counted = {name: (cases.images, cases.patients) for name, cases in got.cases.items()}
    assert counted == {"all": (5, 3), "normal": (2, 1), "bacterial": (1, 1), "viral": (2, 1)}


def test_no_resamples_no_intervals():
    labels, table, patients = cohort(50)
    got = evaluate(labels, table, patients, class_names=THREE, threshold=0.5, resamples=0)
    assert all(measure.value is not None and measure.low is None for measure in got.measures.values())
    assert got.roc_band is None


@pytest.mark.parametrize("label", ["normal", "pneumonia", "bacterial"])
def test_one_class_says_why_a_figure_is_missing(label):
    table = [[0.3, 0.4, 0.3]] * 4
    got = evaluate([label] * 4, table, list("abcd"), class_names=THREE, threshold=0.5, resamples=20)
    missing = got.measures["auroc"]
    assert missing.value is None
    assert missing.low is None
    assert missing.reason == "needs both normal and pneumonia among the images"
    assert got.measures["accuracy"].value == (0 if label == "normal" else 1)
    assert got.roc is None
    assert got.roc_band is None
    assert all((m.value is None) == (m.reason is not None) for m in got.measures.values())


def test_one_image():
    got = evaluate(["bacterial"], [[0.2, 0.5, 0.3]], ["a"], class_names=THREE, threshold=0.5, resamples=20)
    assert got.measures["accuracy"].value == 1
    assert got.measures["accuracy"].low is None
    assert got.measures["accuracy"].reason == "one patient alone gives no interval"
    assert got.measures["ece"].value == pytest.approx(0.2)
    assert got.measures["three_class_mcc"].value is None


def test_no_images():
    got = evaluate([], np.zeros((0, 2)), [], class_names=TWO, threshold=0.5, resamples=20)
    assert {measure.value for measure in got.measures.values()} == {None}
    assert got.measures["accuracy"].reason == "there are no images"
    assert got.cases["all"].images == 0
    assert got.reliability == ()


def test_resamples_without_a_class_are_counted_and_too_many_cost_the_interval():
    labels = ["normal"] * 30 + ["pneumonia"] * 3
    table = np.random.default_rng(0).random(33)
    table = np.stack([1 - table, table], axis=1)
    patients = [f"n{k}" for k in range(30)] + ["p0", "p1", "p2"]
    few = evaluate(labels, table, patients, class_names=TWO, threshold=0.5).measures["auroc"]
    assert 0.02 < few.undefined_resamples / 2000 < 0.08
    assert few.low is not None
    one = evaluate(labels, table, [*patients[:30], "p", "p", "p"], class_names=TWO, threshold=0.5)
    lost = one.measures["auroc"]
    assert lost.value is not None
    assert lost.low is None
    assert (
        lost.reason == f"undefined in {lost.undefined_resamples} of 2000 resamples, too many for an interval"
    )
    assert one.measures["accuracy"].low is not None


def test_the_band_holds_the_curve():
    labels, table, patients = cohort()
    got = evaluate(labels, table, patients, class_names=THREE, threshold=0.5)
    band = got.roc_band
    curve = np.interp(band.false_positive_rate, got.roc.false_positive_rate, got.roc.true_positive_rate)
    assert ((band.low <= curve) & (curve <= band.high)).mean() > 0.97
    assert (np.diff(band.low) >= -1e-12).all()


@pytest.mark.parametrize(
    ("labels", "table", "patients", "names"),
    [
        (["normal"], [[0.5, 0.5]], ["a", "b"], TWO),
        (["normal", "normal"], [[0.5, 0.5]], ["a", "b"], TWO),
        (["sick"], [[0.5, 0.5]], ["a"], TWO),
        (["normal"], [[0.5, 0.6]], ["a"], TWO),
        (["normal"], [[1.5, -0.5]], ["a"], TWO),
        (["normal"], [[float("nan"), 0.5]], ["a"], TWO),
        (["normal"], [[0.5, 0.5]], ["a"], ("pneumonia", "normal")),
    ],
)
def test_nonsense_is_refused(labels, table, patients, names):
    with pytest.raises(ValueError, match=r"match|unknown|add up"):
        evaluate(labels, table, patients, class_names=names, threshold=0.5)


def test_prediction_sets_are_measured_by_class():
    labels = ["normal", "normal", "bacterial", "bacterial", "viral", "pneumonia"]
    table = [[0.9, 0.1, 0], [0.6, 0.4, 0], [0.1, 0.5, 0.4], [0.9, 0.1, 0], [0.5, 0.3, 0.2], [0.3, 0.3, 0.4]]
    conformal = Conformal(0.9, (0.5, 0.4, 0.4), (99, 99, 99))
    got = evaluate(labels, table, list("abcdef"), class_names=THREE, threshold=0.5, conformal=conformal)
    values = {key: measure.value for key, measure in got.measures.items() if key.startswith("set_")}
    # The sets: normal; normal and bacterial; bacterial and viral; normal; normal; viral.
    assert values == pytest.approx(
        {
            "set_coverage_normal": 1,
            "set_coverage_bacterial": 0.5,
            "set_coverage_viral": 0,
            "set_size": 8 / 6,
            "set_open": 1 / 6,
        }
    )
    assert got.sets.sizes == (0, 4, 2, 0)
    assert [(row.name, row.images, row.covered) for row in got.sets.classes] == [
        ("normal", 2, 2),
        ("bacterial", 2, 1),
        ("viral", 1, 0),
    ]
    assert [row.agrees_with(0.9) for row in got.sets.classes] == [True, True, True]
    assert got.sets.classes[2].high == pytest.approx(0.975)


def test_the_most_certain_images_are_answered_first():
    labels = ["normal"] * 5 + ["pneumonia"] * 5
    scores = np.array([0.01, 0.02, 0.05, 0.1, 0.55, 0.99, 0.98, 0.95, 0.9, 0.4])
    table = np.stack([1 - scores, scores], axis=1)
    got = evaluate(labels, table, list("abcdefghij"), class_names=TWO, threshold=0.5)
    assert got.measures["accuracy"].value == 0.8
    assert got.measures["error_at_80"].value == 0
    assert got.risk_coverage.coverage[-1] == 1
    assert got.risk_coverage.error[-1] == pytest.approx(0.2)
    assert got.risk_coverage.error[:-2].max() == 0
    assert got.class_risk_coverage is None
