"""Pictures of a review: the reader's calls in the list, and the measures below, on cases whose truth is known."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Final

from core.store.judgement import Judgement
from core.truth.truth import Truth
from deeppneumo_gui.actions import ActionId

if TYPE_CHECKING:
    from deeppneumo_gui.cases import Case
    from deeppneumo_gui.window import MainWindow

_NOTE: Final = "Retrocardiac density; compare with the lateral view"


def review(window: MainWindow) -> bool:
    """Label the samples, call some of them as a reader might, and show one of the calls; False without samples."""
    labelled = label_samples(window)
    session = window.session
    for number, case in enumerate(labelled):
        truth = case.truth
        assert truth is not None
        # One of five is called wrongly, and the last ones not yet.
        call = truth.label if number % 5 != 2 else {"normal": "pneumonia", "pneumonia": "normal"}[truth.label]
        if number < len(labelled) - 3:
            session.judge(case.case_id, 0, Judgement(call, key_image=number % 4 == 1, note=_NOTE))  # type: ignore[arg-type]
    window.actions_by_id[ActionId.SHOW_TRUTH].setChecked(True)
    if labelled:
        window.worklist.choose(labelled[min(2, len(labelled) - 1)])
    return bool(labelled)


def label_samples(window: MainWindow) -> list[Case]:
    """Give the synthetic samples among the listed cases the truth that is known of them."""
    worklist = window.session.worklist
    ids = {}
    for case in worklist.cases():
        word = sample_truths(case.path.parent).get(case.name)
        if word is not None:
            ids[case.case_id] = Truth.from_word(word, "table")
    window.truth.label(ids)
    return [worklist.case(case_id) for case_id in ids]


def sample_truths(folder: Path) -> dict[str, str]:
    """Return what a folder of synthetic samples says of its files, nothing of another folder."""
    try:
        listed = json.loads((folder / "samples.json").read_text(encoding="utf-8"))["samples"]
    except (OSError, ValueError, KeyError):
        return {}
    return {sample["file"]: sample["finding"] for sample in listed}
