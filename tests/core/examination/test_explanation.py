import numpy as np
import pytest

from core.examination.explanation import centre_map, energy_rows, energy_share, enlarge, measure_energies
from core.examination.masks import dilate_lungs

SIZE = 56


def cell(row, column, value=1.0):
    found = np.zeros((7, 7), np.float32)
    found[row, column] = value
    return found


def test_a_map_is_enlarged_with_its_cells_at_their_centres():
    large = enlarge(cell(3, 3), SIZE)
    assert large.shape == (SIZE, SIZE)
    assert np.unravel_index(large.argmax(), large.shape) in {(27, 27), (27, 28), (28, 27), (28, 28)}
    assert large[:20].max() == 0
    assert large.sum() == pytest.approx(64)  # eight by eight pixels a cell


def test_energy_share_of_halves():
    left = np.zeros((SIZE, SIZE), bool)
    left[:, :28] = True
    assert energy_share(np.ones((7, 7)), left) == pytest.approx(0.5)
    assert energy_share(cell(3, 0), left) == 1
    assert energy_share(cell(3, 6), left) == 0
    assert energy_share(cell(3, 3), left) == pytest.approx(0.5)
    assert energy_share(cell(3, 1, 3) + cell(3, 5), left) == pytest.approx(0.75)
    assert energy_share(np.zeros((7, 7)), left) is None


def test_the_scale_of_a_map_plays_no_part():
    region = np.zeros((SIZE, SIZE), bool)
    region[10:30, 10:30] = True
    found = np.random.default_rng(0).random((7, 7)).astype(np.float32)
    assert energy_share(found, region) == pytest.approx(energy_share(found * 1e-3, region), rel=1e-4)


@pytest.fixture
def masks():
    """Lungs of eight by eight pixels."""
    mask = np.zeros((SIZE, SIZE), bool)
    mask[24:32, 24:32] = True
    return [mask] * 4


def rows_of(maps, masks):
    energies = measure_energies(np.array(maps), masks, [f"p{n}" for n in range(len(maps))])
    return {row.key: row for row in energy_rows(energies)}


def test_share_and_enrichment_are_medians_over_images(masks):
    on, off, even = cell(3, 3), cell(0, 0), np.ones((7, 7), np.float32)
    rows = rows_of([on, on, even, off], masks)
    area = rows["lung_area"].value
    assert area == pytest.approx((8 * 8 + 4 * 8 * 4 + 32) / SIZE**2)  # square, its sides, quarter discs
    inside = energy_share(on, dilate_lungs(masks[0]))
    assert inside > 0.9
    assert rows["energy"].value == pytest.approx((inside + area) / 2)
    assert rows["enrichment"].value == pytest.approx((inside / area + 1) / 2)
    assert rows["enrichment"].n == 4
    low, high = rows["energy"].interval
    assert low <= rows["energy"].value <= high


def test_a_map_on_the_lungs_meets_the_bounds_and_an_even_one_does_not(masks):
    good, even = rows_of([cell(3, 3)] * 4, masks), rows_of([np.ones((7, 7), np.float32)] * 4, masks)
    assert good["energy"].met is good["enrichment"].met is True
    assert even["energy"].met is even["enrichment"].met is False
    assert even["enrichment"].value == pytest.approx(1)
    assert even["enrichment_narrow"].value == pytest.approx(1)
    assert even["enrichment_ideal"].value > 5
    assert good["enrichment_centre"].value == pytest.approx(even["enrichment_centre"].value)


def test_empty_maps_are_left_out_and_counted(masks):
    rows = rows_of([cell(3, 3), np.zeros((7, 7), np.float32)], masks[:2])
    assert rows["energy"].n == 1
    assert rows["energy"].details["maps_without_energy"] == 1
    nothing = rows_of(np.zeros((0, 7, 7), np.float32), [])
    assert nothing["energy"].value is None
    assert nothing["energy"].reason
    assert nothing["energy"].met is None


def test_the_centre_map_is_a_gaussian_about_the_centre():
    found = centre_map((7, 7))
    assert found.argmax() == 24
    assert (found == found[::-1]).all()
    assert found[3, 3] == 1
    assert found[3, 6] == pytest.approx(np.exp(-((3 / 7) ** 2) / (2 * 0.25**2)))
