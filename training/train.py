"""``deeppneumo-train``: train a network by a recipe."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

from core.errors import DeepPneumoError
from core.notice import NOTICE

INTERRUPTED = 130


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command; returns 0, 2 on wrong usage or unusable data, 130 when stopped by Ctrl+C."""
    parser = argparse.ArgumentParser(
        prog="deeppneumo-train", description=f"Train a ResNet-18 on labelled chest radiographs. {NOTICE}."
    )
    parser.add_argument(
        "--data", type=Path, required=True, metavar="DIR", help="class folders, or a CSV manifest"
    )
    parser.add_argument("--recipe", required=True, metavar="NAME|FILE", help="course, best, or a TOML file")
    parser.add_argument("--out", type=Path, required=True, metavar="DIR", help="where the run is kept")
    parser.add_argument("--init", default="none", metavar="none|imagenet|FILE", help="initial weights")
    parser.add_argument("--resume", action="store_true", help="go on from the last checkpoint in --out")
    options = parser.parse_args(arguments)

    # torch takes seconds to import; --help and typing errors should not wait for it.
    from core.learning.distributed import joined_process
    from core.learning.run import Run, train
    from training.recipes import load_recipe

    try:
        run = Run(options.data, load_recipe(options.recipe), options.out, options.init, options.resume)
        with joined_process() as process:
            history = train(run, process)
            if process.is_first:
                best = min(record.val_log_loss for record in history)
                print(f"{len(history)} epochs, best validation log loss {best:.4f}, kept in {options.out}")
    except DeepPneumoError as error:
        print(f"deeppneumo-train: {error}", file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        print(
            "\nStopped. The last whole epoch is kept; the same command with --resume goes on.",
            file=sys.stderr,
        )
        return INTERRUPTED
    return 0


if __name__ == "__main__":
    sys.exit(main())
