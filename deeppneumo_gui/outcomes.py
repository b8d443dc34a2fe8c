"""What a job of the worker makes of a case, free of Qt."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from core.store.judgement import Judgement
from core.truth.truth import Truth
from deeppneumo_gui.cases import Case, CaseState
from deeppneumo_gui.inference.messages import Outcome


def without_features(outcome: Outcome) -> Outcome:
    """Leave out the features, two thirds of a prediction, which nothing on screen needs: rows are many."""
    if outcome.prediction is None:
        return outcome
    empty = np.empty(0, np.float32)
    return replace(outcome, prediction=replace(outcome.prediction, features=empty))


def case_after(case: Case, outcome: Outcome, waits: bool) -> Case:
    """Return the case as a job left it."""
    if case.prediction is not None and outcome.prediction is None:
        # Scored earlier, and the file has gone since: the score stays, the reason joins it.
        return replace(case, state=CaseState.SCORED, reason=outcome.reason)
    state = outcome.state
    if state is CaseState.WAITING and not waits:
        # Put back into a batch that was cancelled in the meantime.
        state = CaseState.NOT_SCORED
    return _with_result(case, state, outcome)


def case_asked(case: Case, asked: bool) -> Case:
    """Return the case with the score of a refused image shown, where there is one, or hidden again."""
    if case.withheld is None:
        return replace(case, asked=asked)
    shown = case.withheld if asked else None
    return replace(case, asked=asked, state=CaseState.REFUSED, prediction=shown, reason=case.refusal)


def case_unscored(case: Case) -> Case:
    """Return the case without anything that a model said of it; what the reader asked for stays."""
    return replace(case, prediction=None, reason=None, withheld=None, refusal=None)


def _with_result(case: Case, state: CaseState, outcome: Outcome) -> Case:
    """Return the case with a result; the score of a refused image only where the reader asked for it."""
    prediction, reason, refusal = outcome.prediction, outcome.reason, None
    withheld = None
    if outcome.state is CaseState.REFUSED and outcome.lasting:
        refusal = reason
        withheld = None if prediction is None else replace(prediction, refusal=reason)
        prediction = withheld if case.asked else None
    return replace(
        case,
        state=state,
        prediction=prediction,
        reason=reason,
        withheld=withheld,
        refusal=refusal,
        notes=outcome.notes,
    )


def case_recalled(case: Case, judgement: Judgement, truth: Truth | None, outcome: Outcome | None) -> Case:
    """Return the case with what is remembered of it, itself where that is nothing new.

    A result that it has got in the meantime stands.
    """
    if judgement != case.judgement:
        case = replace(case, judgement=judgement)
    if truth is not None and truth != case.truth:
        case = replace(case, truth=truth)
    if outcome is None or outcome.frame != case.frame or case.prediction is not None:
        return case
    return _with_result(case, outcome.state, outcome)
