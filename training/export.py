"""``deeppneumo-export``: make a bundle of a training run's best weights."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

from core.errors import DeepPneumoError
from core.notice import NOTICE


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command; returns 0, or 2 when the run or the bundle cannot be used."""
    parser = argparse.ArgumentParser(
        prog="deeppneumo-export",
        description=f"Make a model bundle of a training run. {NOTICE}.",
        allow_abbrev=False,
    )
    parser.add_argument("--checkpoint", type=Path, required=True, metavar="DIR", help="folder of the run")
    parser.add_argument("--out", type=Path, required=True, metavar="BUNDLE", help="file to write")
    parser.add_argument(
        "--data", type=Path, metavar="DIR", help="the run's data: the model then knows what is familiar to it"
    )
    options = parser.parse_args(arguments)

    # torch takes seconds to import; --help and typing errors should not wait for it.
    from core.learning.export import export_bundle

    try:
        bundle = export_bundle(options.checkpoint, options.out, data=options.data)
    except DeepPneumoError as error:
        print(f"deeppneumo-export: {error}", file=sys.stderr)
        return 2
    except OSError as error:
        print(f"deeppneumo-export: {options.out.name}: {error.strerror}.", file=sys.stderr)
        return 2
    card = bundle.card
    print(
        f"{options.out}: {card.name} {card.version}, temperature {card.temperature:.3f}, "
        f"threshold {card.operating_point.threshold:.3f} ({card.operating_point.name})"
    )
    known = card.familiarity
    print(
        "Without --data the model will not say whether an image is familiar to it."
        if known is None
        else f"Familiar to it are {known.accepted:.1%} of the validation images, by {known.images} training images."
    )
    return 0


if __name__ == "__main__":
    sys.exit(main())
