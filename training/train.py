"""``deeppneumo-train``: train a network by a recipe."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

from core.errors import DeepPneumoError
from core.notice import NOTICE

FAILED = 1
WRONG_USAGE = 2
INTERRUPTED = 130


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command.

    Returns
    -------
    int
        0; 1 when the disk failed; 2 on wrong usage or unusable data; 130 when stopped by Ctrl+C.
    """
    options = _parser().parse_args(arguments)

    # torch takes seconds to import; --help and typing errors should not wait for it.
    from core.learning.distributed import joined_process
    from core.learning.history import best_epoch
    from core.learning.run import Run, train
    from core.learning.trainer import LAST
    from training.recipes import load_recipe

    try:
        run = Run(
            options.data,
            load_recipe(options.recipe),
            options.out,
            options.init,
            tuple(options.teachers),
            options.resume,
        )
        with joined_process() as process:
            history = train(run, process)
            if process.is_first:
                kept = history[best_epoch(history, run.recipe.training)]
                print(
                    f"{len(history)} epochs; kept epoch {kept.epoch}: validation log loss "
                    f"{kept.val_log_loss:.4f}, AUROC {kept.val_auroc:.4f}, accuracy {kept.val_accuracy:.4f}"
                )
    except DeepPneumoError as error:
        print(f"deeppneumo-train: {error}", file=sys.stderr)
        return WRONG_USAGE
    except OSError as error:
        reason = error.strerror or type(error).__name__
        print(f"deeppneumo-train: {options.out.name} could not be written ({reason}).", file=sys.stderr)
        return FAILED
    except KeyboardInterrupt:
        begun = (options.out / f"{LAST}.json").exists()
        kept_what = "The last whole epoch is kept; the same command with --resume goes on."
        print(f"\nStopped. {kept_what if begun else 'No epoch had begun.'}", file=sys.stderr)
        return INTERRUPTED
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="deeppneumo-train",
        description=f"Train a ResNet-18 on labelled chest radiographs. {NOTICE}.",
        allow_abbrev=False,
    )
    parser.add_argument(
        "--data", type=_path, required=True, metavar="DIR", help="class folders, or a CSV manifest"
    )
    parser.add_argument("--recipe", required=True, metavar="NAME|FILE", help="course, best, or a TOML file")
    parser.add_argument("--out", type=_path, required=True, metavar="DIR", help="where the run is kept")
    parser.add_argument(
        "--init",
        metavar="none|imagenet|FILE|DIR",
        help="initial weights, DIR of a finished run (default: none)",
    )
    parser.add_argument(
        "--teachers",
        type=_path,
        nargs="+",
        default=(),
        metavar="DIR",
        help="finished runs whose mean answer the recipe's teacher_share asks for",
    )
    parser.add_argument("--resume", action="store_true", help="go on from the last checkpoint in --out")
    return parser


def _path(text: str) -> Path:
    """Refuse an empty path, which would mean the current folder."""
    if not text:
        raise argparse.ArgumentTypeError("must not be empty")
    return Path(text)


if __name__ == "__main__":
    sys.exit(main())
