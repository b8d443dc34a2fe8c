"""Run every measurement, or those of `NAMES` that are named: ``python -m tests.bench repaint``."""

from __future__ import annotations

import importlib
import sys

from tests.bench.measure import say

NAMES = ("explain", "folder", "start", "repaint", "worklist", "window", "store", "lesson")


def main() -> int:
    """Return 0 when every bar is met, else 1."""
    bars = []
    for name in sys.argv[1:] or NAMES:
        for bar in importlib.import_module(f"tests.bench.{name}").measure():
            say(str(bar))
            bars.append(bar)
    return 0 if all(bar.is_met for bar in bars) else 1


if __name__ == "__main__":
    sys.exit(main())
