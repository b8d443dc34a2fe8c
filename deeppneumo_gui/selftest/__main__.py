"""``python -m deeppneumo_gui.selftest``: run the self-test, or record what it compares with."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

from core.errors import DeepPneumoError
from deeppneumo_gui.assets import asset
from deeppneumo_gui.selftest.check import CheckFailedError
from deeppneumo_gui.selftest.examination import EXIT_FAILED, EXIT_PASSED, examine
from deeppneumo_gui.selftest.recorded import RECORD_NAME, write_record
from deeppneumo_gui.selftest.scoring import record_samples


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line and return its exit status."""
    parser = argparse.ArgumentParser(prog="python -m deeppneumo_gui.selftest")
    parser.add_argument("--record", action="store_true", help="store what the samples score now as expected")
    parser.add_argument("--screenshot", metavar="FILE", type=Path, help="leave a picture of the window here")
    options = parser.parse_args(arguments)
    if not options.record:
        return examine(options.screenshot)
    try:
        record = record_samples(asset("samples"))
        write_record(asset("samples", RECORD_NAME), record)
    except (CheckFailedError, DeepPneumoError) as error:
        sys.stderr.write(f"{error}\n")
        return EXIT_FAILED
    sys.stdout.write(f"Recorded {len(record.samples)} samples scored by {record.model}.\n")
    return EXIT_PASSED


if __name__ == "__main__":
    sys.exit(main())
