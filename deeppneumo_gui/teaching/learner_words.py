"""What the learner's window says, free of Qt."""

from __future__ import annotations

from typing import Final

from core.teaching.answer import Answer
from core.truth.truth import Truth
from deeppneumo_gui.teaching.shown import Opinion, Shown

NO_CALL: Final = "Your call is missing: N for normal, P for pneumonia."
NO_CONFIDENCE: Final = "How sure you are is missing: 1 for a guess to 5 for certain."
NEITHER: Final = "Call (N or P) and how sure you are (1 to 5) are missing."
NO_MODEL: Final = "There is no model score of this radiograph."
TIME_UP: Final = "The time is up; what you had said by then counts."
HOW_SURE: Final = ("a guess", "unsure", "fairly sure", "sure", "certain")
_KINDS: Final = {"bacterial": "bacterial pneumonia", "viral": "viral pneumonia"}


def missing_words(answer: Answer) -> str:
    """Return what keeps an answer from being committed, empty where nothing does."""
    if answer.call is None and answer.confidence is None:
        return NEITHER
    if answer.call is None:
        return NO_CALL
    return NO_CONFIDENCE if answer.confidence is None else ""


def call_words(call: str | None, kind: str | None = None) -> str:
    """Return a call with its kind."""
    return "no call" if call is None else _KINDS.get(kind or "", call)


def answer_words(answer: Answer) -> str:
    """Return a call with its kind and how sure the learner is of it."""
    said = call_words(answer.call, answer.kind)
    sure = (
        "" if answer.confidence is None else f", {HOW_SURE[answer.confidence - 1]} ({answer.confidence} of 5)"
    )
    return f"{said}{sure}"


def commit_words(shown: Shown) -> str:
    """Return what was committed, and what has been changed since."""
    before = shown.before
    if before is None:
        return ""
    words = f"You committed: {answer_words(before)}."
    if shown.timed_out:
        words = f"{TIME_UP} {words}"
    if shown.answer != before:
        words += f" Now: {answer_words(shown.answer)}."
    return words


def opinion_words(opinion: Opinion) -> str:
    """Return the model's call and where it comes from, or why there is none."""
    if opinion.view is None:
        return opinion.silence or NO_MODEL
    at = "at or above" if opinion.view.call == "pneumonia" else "below"
    return f"Model call: {opinion.view.call} ({at} the operating point)"


def truth_words(truth: Truth) -> str:
    """Return what is known of a case."""
    return call_words(truth.label, truth.kind).capitalize()


def verdict_words(shown: Shown) -> str:
    """Return how the learner's calls and the model's stand to the truth; words, never a colour."""
    if shown.revealed is None:
        return ""
    label, before = shown.revealed.truth.label, shown.before or shown.answer
    words = [f"Your call {_said(before.call, label)}."]
    if shown.answer.call != before.call:
        words = [f"Your first call {_said(before.call, label)}, your last {_said(shown.answer.call, label)}."]
    if shown.opinion is not None and shown.opinion.view is not None:
        words.append(f"The model's call {_said(shown.opinion.view.call, label)}.")
    return " ".join(words)


def time_words(seconds: float) -> str:
    """Return a time as minutes and seconds."""
    whole = max(0, int(-(-seconds // 1)))
    return f"{whole // 60}:{whole % 60:02d}"


def _said(call: str | None, label: str) -> str:
    if call is None:
        return "was missing"
    return f"was right ({call})" if call == label else f"was not right ({call})"
