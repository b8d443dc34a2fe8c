"""``make run``: the window on some files, or a picture of it on a machine without a screen."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

from deeppneumo_gui.app import run, run_offscreen
from deeppneumo_gui.display_check import find_obstacle


def main(arguments: Sequence[str] | None = None) -> int:
    """Open the window; without a display, say so and save a screenshot instead."""
    parser = argparse.ArgumentParser(prog="python -m deeppneumo_gui.showcase")
    parser.add_argument("paths", metavar="PATH", nargs="+", type=Path)
    parser.add_argument("--screenshot", metavar="FILE", type=Path, default=Path("out", "deeppneumo.png"))
    options = parser.parse_args(arguments)
    obstacle = find_obstacle()
    if obstacle is None:
        return run(options.paths)
    sys.stderr.write(f"{obstacle}\nThe window is drawn off screen instead.\n")
    options.screenshot.parent.mkdir(parents=True, exist_ok=True)
    status = run_offscreen(options.paths, options.screenshot)
    if status == 0:
        sys.stdout.write(f"Screenshot: {options.screenshot}\n")
    return status


if __name__ == "__main__":
    sys.exit(main())
