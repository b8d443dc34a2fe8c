"""Whether the heatmap shows what the score came from."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import numpy as np

from core.examination.explanation import energy_rows, measure_energies
from core.examination.images import Grey, Images
from core.examination.perturbation import blurred, mean_curves, measure_curves, trace_curves
from core.examination.row import Row, Section
from core.examination.scoring import Scorer, Scores
from core.metrics.threshold import Flags

TRACED: Final = 300
"""Images whose deletion and insertion curves are traced: with 100 the narrowest gains could not be told from none."""

NOTES: Final = (
    "On correctly called pneumonias. The map is the viewer's, enlarged bilinearly to the image's size. The lungs are "
    "the automatic masks, dilated by 16 px of 224, and cover about half of the image: a map that is the lungs "
    "themselves, at seven by seven cells, is hardly richer there than what is asked for.",
    "Deletion and insertion go by tenths of the pixels in the order of the map, between the image and a ground; the "
    "area is that under the score. A positive figure means that the model's map does better than the other. The "
    "normal ground is another patient's normal radiograph that is called so. The blurred ground is the image itself "
    "(sigma 20 px of 224), as is usual; where the model calls even that pneumonia, its curves say little.",
)


def right_pneumonias(images: Images, plain: Scores) -> list[int]:
    """Return the places of the pneumonias that are called so."""
    return [int(place) for place in np.flatnonzero(images.positive & plain.called)]


def sample_places(places: Sequence[int], most: int, seed: int) -> list[int]:
    """Return at most so many places, drawn with a seed and in order."""
    if len(places) <= most:
        return list(places)
    return sorted(np.random.default_rng(seed).permutation(places)[:most].tolist())


def examine_heatmaps(
    images: Images,
    plain: Scores,
    scorer: Scorer,
    masks: Sequence[Flags | None] | None,
    *,
    seed: int,
    traced: int = TRACED,
) -> Section:
    """Measure energy in the lungs, deletion and insertion.

    Parameters
    ----------
    images : Images
    plain : Scores
        Of the unchanged images.
    scorer : Scorer
    masks : sequence of masks or None, length N
        Of the lungs, not dilated; None altogether leaves the rows that need them out.
    seed : int
        Of the random maps, and of the draw of the images that are traced.
    traced : int
        Images that are traced at most.
    """
    right = right_pneumonias(images, plain)
    rows: list[Row] = []
    if masks is not None:
        masked = [(place, mask) for place in right if (mask := masks[place]) is not None]
        places = [place for place, _ in masked]
        patients = [images.items[place].patient for place in places]
        rows += energy_rows(measure_energies(plain.maps[places], [mask for _, mask in masked], patients))
    drawn = sample_places(right, traced, seed)
    if not drawn:
        return Section("explanation", "Heatmaps", tuple(rows), NOTES)
    chosen, maps = images.take(drawn), plain.maps[drawn]
    curves: dict[str, object] = {}
    for ground, pictures in _grounds(images, plain, chosen, seed).items():
        found = trace_curves(chosen, maps, pictures, scorer, seed)
        rows += measure_curves(found, chosen.patients, ground)
        curves[ground] = mean_curves(found)
    return Section("explanation", "Heatmaps", tuple(rows), NOTES, curves=curves)


def _grounds(images: Images, plain: Scores, chosen: Images, seed: int) -> dict[str, list[Grey]]:
    """Make what the chosen images' pixels are exchanged for; a normal ground only where there is one."""
    grounds = {"blurred": [blurred(grey) for grey in chosen.grey]}
    normals = np.flatnonzero(~images.positive & ~plain.called)
    if not len(normals):
        return grounds
    donors = np.random.default_rng(seed).choice(normals, len(chosen))
    return {"normal": [images.grey[place] for place in donors], **grounds}
