"""The processor cores that this process may use."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Final

_TOPOLOGY: Final = Path("/sys/devices/system/cpu")


def core_count() -> int:
    """Return the number of logical processors that this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def physical_cores(topology: Path = _TOPOLOGY) -> list[int]:
    """Return one logical processor for each physical core that this process may use.

    Parameters
    ----------
    topology : Path
        The folder in which Linux describes its processors.

    Returns
    -------
    list of int
        Numbers as the system counts them, from 0, ascending. Empty where a process cannot ask for them
        (Windows and macOS). A processor whose core the system does not name counts as a core of its own.
    """
    if not hasattr(os, "sched_getaffinity"):
        return []
    cores: dict[str, int] = {}
    for processor in sorted(os.sched_getaffinity(0)):
        try:
            core = (topology / f"cpu{processor}" / "topology" / "thread_siblings_list").read_text().strip()
        except OSError:
            core = f"only {processor}"
        cores.setdefault(core, processor)
    return list(cores.values())
