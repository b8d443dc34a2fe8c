"""Everything that watches over one run of the program, started and ended together."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from deeppneumo_gui.crash.guard import CrashGuard
from deeppneumo_gui.crash.log import Log
from deeppneumo_gui.crash.run_marker import RunMarker


@contextmanager
def watch_over(folder: Path) -> Iterator[str | None]:
    """Log into a folder and catch errors until the block ends.

    Parameters
    ----------
    folder : Path
        Of the log and the run's marker; made when it is missing.

    Yields
    ------
    str or None
        The report of a run before this one that broke off, None where none did.
    """
    log = Log(folder)
    marker = RunMarker(folder)
    guard = CrashGuard()
    well = False
    try:
        yield marker.report
        well = True
    finally:
        guard.remove()
        log.close()
        # An error that ends the program is told at the next start.
        marker.close(well=well)
