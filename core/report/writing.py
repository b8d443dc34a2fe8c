"""Putting a report into a folder."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path

from core.files import atomic_write
from core.metrics import Evaluation
from core.report.about import About, Exclusion
from core.report.averages import AverageHeatmap
from core.report.document import to_json
from core.report.figures import FIGURES, HEATMAPS, render, render_averages
from core.report.page import to_html
from core.report.style import DARK, LIGHT, Palette


def write_report(
    folder: Path,
    evaluation: Evaluation,
    about: About,
    files: Sequence[str],
    exclusions: Sequence[Exclusion] = (),
    averages: Sequence[AverageHeatmap] = (),
) -> Path:
    """Write `report.json`, `report.html` and the figures as PNG, for light pages and (`NAME-dark.png`) for dark.

    Parameters
    ----------
    folder : Path
        Made if missing; earlier reports in it are replaced, figures that no longer apply removed.
    evaluation : Evaluation
    about : About
    files : sequence of str, length N
        Paths below the data folder, in the order of the evaluation; no other folders, which may name patients.
    exclusions : sequence of Exclusion
        Radiographs that were asked for and have no score.
    averages : sequence of AverageHeatmap
        See `core.report.averages`.

    Returns
    -------
    Path
        Of `report.html`, the last file to be written.

    Raises
    ------
    OSError
        If the folder cannot be written.
    ValueError
        If there are not as many names as images.
    """
    if len(files) != len(evaluation.labels):
        raise ValueError(f"{len(files)} names for {len(evaluation.labels)} images")
    folder.mkdir(parents=True, exist_ok=True)
    pictures = {}
    for key, draw in _drawings(evaluation, averages).items():
        paths = (folder / f"{key}.png", folder / f"{key}-dark.png")
        light, dark = draw(LIGHT), draw(DARK)
        if light is None or dark is None:
            for path in paths:
                path.unlink(missing_ok=True)
            continue
        pictures[key] = (light, dark)
        for path, content in zip(paths, pictures[key], strict=True):
            _write(path, content)
    _write(folder / "report.json", _encode(to_json(evaluation, about, files, exclusions, averages)))
    page = folder / "report.html"
    _write(page, _encode(to_html(evaluation, about, files, exclusions, pictures)))
    return page


def _drawings(
    evaluation: Evaluation, averages: Sequence[AverageHeatmap]
) -> dict[str, Callable[[Palette], bytes | None]]:
    """Return what draws each figure in a palette."""
    drawings: dict[str, Callable[[Palette], bytes | None]] = {
        kind.key: partial(render, kind, evaluation) for kind in FIGURES
    }
    return drawings | {HEATMAPS.key: partial(render_averages, averages)}


def _encode(text: str) -> bytes:
    """Encode as UTF-8; a file name whose bytes are none is escaped, which JSON reads back as it was."""
    return text.encode("utf-8", "backslashreplace")


def _write(path: Path, content: bytes) -> None:
    with atomic_write(path) as stream:
        stream.write(content)
