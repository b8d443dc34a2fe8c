"""What keeps an image from being scored, before the model has seen it or after."""

from __future__ import annotations

from typing import Final

from core.engine.prediction import Prediction

UNFAMILIAR: Final = "The image is unlike those that the model was trained on."


def find_refusal(objection: str | None, prediction: Prediction) -> str | None:
    """Say why an image should not have a score.

    Parameters
    ----------
    objection : str or None
        What could be said without the model (`core.engine.suitability`).
    prediction : Prediction

    Returns
    -------
    str or None
        One plain sentence, or None where nothing speaks against the score.
    """
    if objection is not None:
        return objection
    verdict = prediction.familiarity
    return None if verdict is None or verdict.familiar else verdict.reason or UNFAMILIAR
