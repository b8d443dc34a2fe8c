import numpy as np
import pytest
from PIL import Image
from scipy import ndimage

from core.learning.phantom import PATTERNS, Finding, Pattern, burn_label, make_phantom
from core.learning.phantom.anatomy import draw_anatomy

ILL = [pattern for finding in (Finding.BACTERIAL, Finding.VIRAL) for pattern in PATTERNS[finding]]


def finding_of(pattern):
    return next(finding for finding, patterns in PATTERNS.items() if pattern in patterns)


@pytest.mark.parametrize("finding", list(Finding))
def test_the_same_seed_gives_the_same_pixels(finding):
    first, second = (make_phantom(5, finding, size=96) for _ in range(2))
    np.testing.assert_array_equal(first.image, second.image)
    np.testing.assert_array_equal(first.lesion_mask, second.lesion_mask)
    np.testing.assert_array_equal(first.lung_mask, second.lung_mask)
    assert first.pattern == second.pattern


def test_another_seed_gives_another_child():
    images = [make_phantom(seed, Finding.NORMAL, size=64) for seed in range(6)]
    assert len({phantom.age_years for phantom in images}) == 6
    assert len({phantom.image.tobytes() for phantom in images}) == 6


def test_another_view_shows_the_same_child_and_disease():
    first, second = (make_phantom(7, Finding.BACTERIAL, size=96, view=view) for view in (0, 1))
    assert (first.age_years, first.pattern) == (second.age_years, second.pattern)
    assert first.image.tobytes() != second.image.tobytes()
    # The same disease: nearly the same area once the pixel's size is taken into account.
    areas = [phantom.lesion_mask.sum() * phantom.pixel_spacing_mm**2 for phantom in (first, second)]
    assert areas[0] == pytest.approx(areas[1], rel=0.15)
    np.testing.assert_array_equal(second.image, make_phantom(7, Finding.BACTERIAL, size=96, view=1).image)


def test_the_global_random_state_plays_no_part():
    np.random.seed(1)  # noqa: NPY002
    first = make_phantom(9, Finding.VIRAL, size=64).image
    np.random.seed(2)  # noqa: NPY002
    np.testing.assert_array_equal(first, make_phantom(9, Finding.VIRAL, size=64).image)


@pytest.mark.parametrize("size", [64, 200])
def test_shape_type_and_range(size):
    phantom = make_phantom(3, Finding.BACTERIAL, size=size)
    height, width = phantom.image.shape
    assert width == size
    assert 0.65 * size <= height <= 0.91 * size
    assert phantom.image.dtype == np.uint16
    assert phantom.lung_mask.shape == phantom.lesion_mask.shape == phantom.image.shape
    assert phantom.lung_mask.dtype == phantom.lesion_mask.dtype == np.bool_
    assert phantom.image.max() > 50000
    assert 1.0 <= phantom.age_years <= 5.0
    assert phantom.label == "synthetic"


def test_the_same_child_at_every_size():
    small = make_phantom(12, Finding.BACTERIAL, size=96)
    large = make_phantom(12, Finding.BACTERIAL, size=384)
    assert small.pattern == large.pattern
    assert small.pixel_spacing_mm == pytest.approx(4 * large.pixel_spacing_mm, rel=1e-3)
    shrunk = Image.fromarray(large.image.astype(np.float32)).resize(
        small.image.shape[::-1], Image.Resampling.BOX
    )
    assert np.corrcoef(np.asarray(shrunk).ravel(), small.image.ravel())[0, 1] > 0.985


@pytest.mark.parametrize("seed", range(6))
def test_normals_have_no_lesion_and_two_lungs(seed):
    phantom = make_phantom(seed, Finding.NORMAL, size=128)
    assert not phantom.lesion_mask.any()
    assert phantom.pattern is Pattern.NONE
    assert not phantom.effusion
    assert 0.12 < phantom.lung_mask.mean() < 0.6
    middle = phantom.lung_mask.shape[1] // 2
    assert phantom.lung_mask[:, :middle].mean() > 0.1
    assert phantom.lung_mask[:, middle:].mean() > 0.1


@pytest.mark.parametrize("pattern", ILL)
def test_lesions_lie_in_the_lungs(pattern):
    for seed in range(4):
        phantom = make_phantom(seed, finding_of(pattern), size=96, pattern=pattern)
        assert phantom.lesion_mask.any()
        assert not (phantom.lesion_mask & ~phantom.lung_mask).any()


@pytest.mark.parametrize("seed", range(5))
def test_lungs_are_darker_than_the_mediastinum_and_the_abdomen(seed):
    phantom = make_phantom(seed, Finding.NORMAL, size=128)
    clear = ndimage.binary_erosion(phantom.lung_mask, iterations=4)
    columns = np.nonzero(phantom.lung_mask.any(axis=0))[0]
    rows = np.nonzero(phantom.lung_mask.any(axis=1))[0]
    centre = (columns[0] + columns[-1]) // 2
    level = (rows[0] + 2 * rows[-1]) // 3
    spine = phantom.image[level - 4 : level + 4, centre - 3 : centre + 3]
    assert np.median(phantom.image[clear]) < 0.75 * np.median(spine)


@pytest.mark.parametrize("pattern", [pattern for pattern in ILL if pattern is not Pattern.INTERSTITIAL])
def test_consolidation_brightens_the_same_child(pattern):
    for seed in range(4):
        healthy = make_phantom(seed, Finding.NORMAL, size=128).image.astype(float)
        ill = make_phantom(seed, Finding.BACTERIAL, size=128, pattern=pattern)
        change = ill.image - healthy
        assert change[ill.lesion_mask].mean() > 0.03 * 65535
        # Scatter from elsewhere and the processing shift the rest only a little.
        far = ~ndimage.binary_dilation(ill.lesion_mask, iterations=12)
        assert abs(change[far].mean()) < 0.25 * change[ill.lesion_mask].mean()


def test_viral_disease_is_on_both_sides_and_hyperinflated():
    phantom = make_phantom(2, Finding.VIRAL, size=128)
    middle = phantom.lesion_mask.shape[1] // 2
    assert phantom.lesion_mask[:, :middle].any()
    assert phantom.lesion_mask[:, middle:].any()
    usual, full = (draw_anatomy(np.random.default_rng(4), inflation) for inflation in (0.0, 1.0))
    assert full.dome > usual.dome + 0.8
    assert full.slant < usual.slant
    assert full.age_years == usual.age_years


def test_some_lobar_pneumonias_come_with_an_effusion():
    found = [make_phantom(s, Finding.BACTERIAL, size=48, pattern=Pattern.LOBAR).effusion for s in range(16)]
    assert 1 <= sum(found) <= 12


def test_bacterial_phantoms_show_every_pattern():
    seen = {make_phantom(seed, Finding.BACTERIAL, size=32).pattern for seed in range(22)}
    assert seen == set(PATTERNS[Finding.BACTERIAL])


def test_wrong_wishes_are_refused():
    with pytest.raises(ValueError, match="at least 32"):
        make_phantom(1, Finding.NORMAL, size=16)
    with pytest.raises(ValueError, match="no pattern"):
        make_phantom(1, Finding.NORMAL, size=64, pattern=Pattern.ROUND)


def test_the_label_is_burnt_in_at_the_lower_left_edge():
    grey = np.full((300, 400), 0.5, np.float32)
    marked = burn_label(grey)
    changed = np.abs(marked - grey) > 0.1
    rows, columns = np.nonzero(changed)
    assert marked.max() == pytest.approx(1.0)
    assert marked.min() == pytest.approx(0.0, abs=0.05)
    assert rows.min() > 270
    assert columns.max() < 120
    assert columns.max() - columns.min() > 40
    assert (grey == 0.5).all()


def test_the_side_marker_stands_on_the_childs_left():
    for seed in range(2):
        image = make_phantom(seed, Finding.NORMAL, size=400).image
        brightest = image > 0.93 * 65535
        corner = brightest[: int(0.3 * image.shape[0]), int(0.88 * image.shape[1]) :]
        assert corner.sum() > 10
