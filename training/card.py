"""``python -m training.card``: make the model card from a bundle, its evaluation and its examination."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from core.engine.bundle import read_bundle
from core.errors import DeepPneumoError
from core.notice import NOTICE
from core.report.model_card import read_sources, write_model_card

_FAILED: Final = 2


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command; returns 0, or 2 when bundle and reports cannot be used or the card not be written."""
    parser = argparse.ArgumentParser(
        prog="python -m training.card",
        description=f"Make the model card, MODEL_CARD.md with its pictures. {NOTICE}.",
        allow_abbrev=False,
    )
    add = parser.add_argument
    add("--bundle", type=Path, required=True, metavar="BUNDLE", help="the model")
    add("--evaluation", type=Path, required=True, metavar="DIR", help="what deeppneumo-evaluate wrote")
    add("--examination", type=Path, required=True, metavar="DIR", help="what deeppneumo-examine wrote")
    add(
        "--seeds", type=Path, nargs="*", default=(), metavar="FILE",
        help="card.json of models by the same recipe with other training seeds",
    )  # fmt: skip
    add("--out", type=Path, required=True, metavar="DIR", help="where the card goes")
    options = parser.parse_args(arguments)
    try:
        bundle = read_bundle(options.bundle)
        size = options.bundle.stat().st_size
        sources = read_sources(bundle.card, size, options.evaluation, options.examination, options.seeds)
        page = write_model_card(options.out, sources)
    except DeepPneumoError as error:
        print(f"card: {error}", file=sys.stderr)
        return _FAILED
    except OSError as error:
        print(f"card: The card could not be written: {error.strerror}.", file=sys.stderr)
        return _FAILED
    print(page)
    return 0


if __name__ == "__main__":
    sys.exit(main())
