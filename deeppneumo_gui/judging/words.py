"""What the reader said, in words; free of Qt."""

from __future__ import annotations

from datetime import datetime

from deeppneumo_gui.cases import Case
from deeppneumo_gui.judging.agreement import reader_differs


def reading_words(case: Case, *, with_texts: bool = True) -> str:
    """Return when a case was reviewed, whether the model says otherwise, note and tags; never who is right."""
    judgement = case.judgement
    if judgement.call is None:
        words = "Not reviewed yet."
    else:
        at = judgement.reviewed_at
        words = "Reviewed." if at is None else f"Reviewed {_moment(at.astimezone())}."
        if reader_differs(case):
            words = f"Your call differs from the model's. {words}"
    if not with_texts:
        return words
    words += f" Note: {judgement.note}" if judgement.note else ""
    return words + (f" Tags: {', '.join(judgement.tags)}" if judgement.tags else "")


def call_words(case: Case) -> str:
    """Return the reader's call for a tool tip or a screen reader, empty before there is one."""
    judgement = case.judgement
    if judgement.call is None:
        return ""
    kind = f" ({judgement.kind})" if judgement.kind else ""
    differs = ", which differs from the model's" if reader_differs(case) else ""
    return f"your call {judgement.call}{kind}{differs}"


def parse_tags(text: str) -> tuple[str, ...]:
    """Return the different words between the commas of a text."""
    return tuple(dict.fromkeys(tag for part in text.split(",") if (tag := " ".join(part.split()))))


def _moment(at: datetime) -> str:
    today = at.date() == datetime.now().astimezone().date()
    return f"at {at:%H:%M}" if today else f"on {at:%Y-%m-%d} at {at:%H:%M}"
