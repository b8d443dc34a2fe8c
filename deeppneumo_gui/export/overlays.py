"""Overlays of many cases, written one after the other."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from pathlib import Path

from core.engine.card import Card
from core.errors import ReadError
from core.files import atomic_write
from core.overlay_files import OverlayWriter, overlay_names, save_png
from core.reading.radiograph import Radiograph
from deeppneumo_gui.canvas.heatmap import HeatmapStyle
from deeppneumo_gui.cases import Case
from deeppneumo_gui.export.background import CancelledError, Control, Work, interruptible
from deeppneumo_gui.export.failures import why_not_written
from deeppneumo_gui.services import Reader

_log = logging.getLogger(__name__)


def overlay_file_names(cases: Sequence[Case], with_names: bool) -> list[str]:
    """Return a PNG name for each case: its number, or where the reader asked for it its file's name."""
    if with_names:
        return overlay_names([case.name for case in cases])
    digits = max(len(str(max((case.number for case in cases), default=1))), 3)
    return [f"case-{case.number:0{digits}d}.png" for case in cases]


def overlays_work(
    cases: Sequence[Case],
    read: Reader,
    folder: Path,
    names: Sequence[str],
    card: Card,
    style: HeatmapStyle,
) -> Work:
    """Return the work of writing the overlays of scored cases into a folder.

    Parameters
    ----------
    cases : sequence of Case
        All of them with a prediction.
    read : callable
        Reads a file; one that can no longer be read is left out and counted.
    folder : Path
    names : sequence of str
        A file name for each case.
    card : Card
        Of the model that scored them.
    style : HeatmapStyle
        Opacity, colours and threshold.
    """
    writer = OverlayWriter(folder, names, card, style.opacity, style.colormap, style.threshold)

    def work(control: Control) -> str:
        written = unread = 0
        try:
            for index, case in enumerate(cases):
                control.report(index, len(cases))
                control.check()
                radiograph = _read(read, case)
                if radiograph is None:
                    unread += 1
                    continue
                _write(writer, index, radiograph, case, control)
                written += 1
        except CancelledError:
            return f"Cancelled after {_count(written)} of {len(cases):,}."
        except OSError as error:
            if written == 0:
                return f"No overlay could be saved. {why_not_written(error)}"
            return f"{_count(written)} of {len(cases):,} saved, then no more. {why_not_written(error)}"
        control.report(len(cases), len(cases))
        if not unread:
            control.finish()
        left_out = f" {unread:,} of the files can no longer be read." if unread else ""
        return f"{_count(written)} saved.{left_out}"

    return work


def _count(number: int) -> str:
    return f"{number:,} overlay{'' if number == 1 else 's'}"


def _read(read: Reader, case: Case) -> Radiograph | None:
    try:
        return read(case.path, case.frame)
    except ReadError:
        return None
    except Exception as error:
        _log.error("A file could not be read for an overlay.", exc_info=error)
        return None


def _write(writer: OverlayWriter, index: int, radiograph: Radiograph, case: Case, control: Control) -> None:
    assert case.prediction is not None
    picture = writer.picture(radiograph, case.prediction)
    control.check()
    with atomic_write(writer.path(index)) as stream:
        save_png(picture, interruptible(stream, control))
