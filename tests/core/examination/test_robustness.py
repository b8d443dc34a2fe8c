from functools import partial

import numpy as np
import pytest

from core.examination.changes import CHANGES, Change
from core.examination.images import Images
from core.examination.robustness import compare, examine_robustness
from core.examination.scoring import Scorer, Scores
from tests.core.examination.conftest import flat, framed, looking_at, textured


def scores_of(values, threshold=0.5):
    score = np.array(values)
    table = np.stack([1 - score, score], axis=1)
    return Scores(score, score >= threshold, table, table, np.zeros((len(score), 7, 7), np.float32))


def brightened(grey, by):
    return np.clip(grey.astype(int) + by, 0, 255).astype(np.uint8)


def test_flips_of_both_directions_are_counted(images_of):
    labels = ("normal", "normal", "normal", "bacterial", "viral")
    images = images_of(*((label, flat(100)) for label in labels))
    plain, changed = scores_of([0.1, 0.2, 0.6, 0.7, 0.9]), scores_of([0.1, 0.55, 0.4, 0.3, 0.95])
    row = compare(Change("c", "C", 0.02, lambda grey: grey), images, plain, changed)
    assert row.value == pytest.approx(3 / 5)
    assert (row.details["flips"], row.details["to_pneumonia"], row.details["to_normal"]) == (3, 1, 2)
    assert row.details["largest_score_change"] == pytest.approx(-0.4)
    assert row.details["auroc"] == pytest.approx(4 / 6)  # 0.3 lies below 0.4 and 0.55
    assert row.details["auroc_change"] == pytest.approx(4 / 6 - 1)
    assert row.met is False
    low, high = row.interval
    assert low == pytest.approx(0.231, abs=0.001)
    assert high == pytest.approx(0.882, abs=0.001)
    assert row.details["interval_patients"][0] < 0.6 < row.details["interval_patients"][1]


def test_no_flip_is_below_the_bound_and_one_at_the_bound_is_not(images_of):
    images = images_of(*(("normal", flat(100)),) * 40, *(("viral", flat(100)),) * 10)
    plain = scores_of([0.1] * 40 + [0.9] * 10)
    change = Change("c", "C", 0.02, lambda grey: grey)
    assert compare(change, images, plain, plain).met is True
    once = scores_of([0.6] + [0.1] * 39 + [0.9] * 10)
    assert compare(change, images, plain, once).value == pytest.approx(0.02)
    assert compare(change, images, plain, once).met is False


def test_a_model_of_brightness_flips_when_brightness_changes(images_of, scorer):
    images = images_of(*(("normal", textured(60 + n, n)) for n in range(6)), ("viral", textured(230, 9)))
    plain = scorer.score(len(images), lambda place: images.grey[place])
    assert plain.called.tolist() == [False] * 6 + [True]
    changes = (
        Change("same", "Same", 0.02, lambda grey: grey),
        Change("bright", "Brighter", 0.02, partial(brightened, by=120)),
    )
    same, bright = examine_robustness(images, plain, scorer, changes).rows
    assert (same.value, same.met, same.details["largest_score_change"]) == (0.0, True, 0.0)
    assert bright.value == pytest.approx(6 / 7)
    assert bright.details["to_pneumonia"] == 6


def test_a_model_that_looks_at_the_border_is_caught_by_the_crop(engine_of, images_of):
    border = np.zeros((7, 7))
    border[[0, -1]] = border[:, [0, -1]] = 2
    cheat, honest = Scorer(engine_of(looking_at(border))), Scorer(engine_of(looking_at(2 - border)))
    images: Images = images_of(
        *(("normal", edged(120)) for _ in range(4)), *(("viral", edged(190)) for _ in range(4))
    )
    crop = next(change for change in CHANGES if change.key == "crop_5")
    flips = []
    for scorer in (cheat, honest):
        plain = scorer.score(len(images), lambda place: images.grey[place])
        flips.append(examine_robustness(images, plain, scorer, [crop]).rows[0].value)
    assert flips[0] > flips[1] == 0


def edged(inside):
    """A narrow black rim around a grey middle."""
    grey = framed(inside, inside)
    grey[:3] = grey[-3:] = 0
    grey[:, :3] = grey[:, -3:] = 0
    return grey
