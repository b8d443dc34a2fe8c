"""What was found to be known of the images, in words; free of Qt."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from pathlib import Path

from core.truth import Findings


def summary(findings: Findings, source: str) -> str:
    """Return one sentence: of how many images the truth is known now, and of how many not.

    Parameters
    ----------
    findings : Findings
    source : str
        Where it was read, such as ``"folder names"``.
    """
    found = len(findings.truths)
    if not found:
        return f"No truth was found in the {source}{_rest(findings)}."
    count = Counter(truth.label for truth in findings.truths.values())
    labels = f"{count['normal']:,} normal, {count['pneumonia']:,} pneumonia"
    return f"The truth of {_images(found)} was found in the {source}: {labels}{_rest(findings)}."


def late_summary(findings: Findings, source: str) -> str:
    """Return one sentence on images that were opened later; their labels stay untold to who reads blind.

    Parameters
    ----------
    findings : Findings
    source : str
        Where the truth is read, such as ``"folder names"``.
    """
    found = len(findings.truths)
    if not found:
        return f"The {source} tell no truth of what was opened{_rest(findings)}."
    what = "more image was" if found == 1 else "more images were"
    return f"{found:,} {what} labelled from the {source}{_rest(findings)}."


def details(findings: Findings, name_of: Callable[[Path], str], *, hidden: bool) -> list[tuple[str, str]]:
    """Return what went unlabelled, as name and reason.

    Parameters
    ----------
    findings : Findings
    name_of : callable
        From a file to what it is called on screen.
    hidden : bool
        Whether identities are; names that only a table has are then left out.
    """
    rows = [
        ("" if conflict.path is None else name_of(conflict.path), conflict.reason)
        for conflict in findings.conflicts
        if not (hidden and conflict.path is None)
    ]
    rows += [(name_of(path), "Nothing is said of it.") for path in findings.missing]
    if not hidden:
        rows += [(name, "Is in the table, but not in the list.") for name in findings.unmatched]
    return rows


def _rest(findings: Findings) -> str:
    counts = (
        (len(findings.conflicts), "contradictory"),
        (len(findings.missing), "of which nothing is said"),
        (len(findings.unmatched), "only in the table"),
    )
    words = [f"{count:,} {what}" for count, what in counts if count]
    return f" ({', '.join(words)})" if words else ""


def _images(count: int) -> str:
    return f"{count:,} image" + ("s" if count != 1 else "")
