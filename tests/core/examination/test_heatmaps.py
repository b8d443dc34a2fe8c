import numpy as np
import pytest

from core.examination.heatmaps import examine_heatmaps, right_pneumonias, sample_places
from tests.core.examination.conftest import flat, framed

LUNGS = np.zeros((56, 56), bool)
LUNGS[20:36, 20:36] = True


def test_only_correctly_called_pneumonias_are_looked_at(images_of, scorer):
    images = images_of(
        ("normal", flat(60)),
        ("bacterial", framed(250, 120)),
        ("viral", flat(50)),
        ("normal", flat(250)),
        ("viral", framed(255, 90)),
    )
    plain = scorer.score(5, lambda place: images.grey[place])
    assert plain.called.tolist() == [False, True, False, True, True]
    assert right_pneumonias(images, plain) == [1, 4]
    section = examine_heatmaps(images, plain, scorer, [LUNGS] * 5, seed=0)
    rows = {row.key: row for row in section.rows}
    assert rows["energy"].n == 2
    assert rows["deletion_random_normal"].n == rows["deletion_random_blurred"].n == 2
    one = examine_heatmaps(images, plain, scorer, [LUNGS, None, LUNGS, LUNGS, LUNGS], seed=0, traced=1)
    rows = {row.key: row for row in one.rows}
    assert rows["energy"].n == rows["insertion_centre_normal"].n == 1
    assert set(one.curves) == {"normal", "blurred"}
    assert set(one.curves["normal"]) == {"shares", "deletion", "insertion"}
    # With everything exchanged, what is left is the normal radiograph that is called so.
    assert one.curves["normal"]["deletion"]["model"][-1] == pytest.approx(plain.score[0], abs=1e-5)
    assert not any(row.key == "energy" for row in examine_heatmaps(images, plain, scorer, None, seed=0).rows)


def test_without_a_pneumonia_that_is_called_there_is_nothing_to_trace(images_of, scorer):
    images = images_of(("normal", flat(60)), ("viral", flat(50)))
    plain = scorer.score(2, lambda place: images.grey[place])
    section = examine_heatmaps(images, plain, scorer, [LUNGS, LUNGS], seed=0)
    assert all(row.value is None for row in section.rows)
    assert not section.curves


def test_a_draw_is_repeatable_and_in_order():
    drawn = sample_places(range(100), 10, 3)
    assert drawn == sample_places(range(100), 10, 3) == sorted(drawn)
    assert len(set(drawn)) == 10
    assert drawn != sample_places(range(100), 10, 4)
    assert sample_places([4, 2], 10, 3) == [4, 2]


def test_without_a_normal_radiograph_the_ground_is_blurred(images_of, scorer):
    images = images_of(("viral", framed(250, 120)))
    plain = scorer.score(1, lambda place: images.grey[place])
    assert set(examine_heatmaps(images, plain, scorer, None, seed=0).curves) == {"blurred"}
