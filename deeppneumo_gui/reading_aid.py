"""A model score in words: where it lies, how sure that is, what the operating point was worth."""

from __future__ import annotations

from dataclasses import dataclass

from core.certainty import UncertainBand, set_doubt, uncertain_band
from core.engine.card import Card, OperatingPoint
from core.engine.prediction import Prediction
from core.report.words import percent
from core.score_words import digits_apart
from deeppneumo_gui.model.figures import Measured, best_part


@dataclass(frozen=True, slots=True)
class ScoreReading:
    """What the result panel says about a score.

    Attributes
    ----------
    band : UncertainBand
        The uncertain scores.
    set_doubt : str or None
        Why the prediction set leaves open whether it is pneumonia, None where it does not.
    measured : Measured or None
        Where sensitivity and specificity at the operating point were measured, and what they were.
    """

    score: float
    point: OperatingPoint
    band: UncertainBand
    set_doubt: str | None = None
    measured: Measured | None = None

    @property
    def uncertain(self) -> bool:
        """Whether the score lies in the band, or the prediction set leaves the call open."""
        return self.score in self.band or self.set_doubt is not None

    @property
    def band_words(self) -> str:
        """What the band on the scale is, one sentence."""
        return f"Hatched: {self.band.words}, where the call is uncertain."

    @property
    def doubt(self) -> str:
        """The sentence for a score in the band where no scale is seen, empty for the others."""
        within = self.score in self.band
        return f"The score lies {self.band.words}, where the call is uncertain." if within else ""

    @property
    def call_words(self) -> str:
        """The call and where it comes from; never a diagnosis."""
        if self.score >= self.point.threshold:
            return "Model call: pneumonia (at or above the operating point)"
        return "Model call: normal (below the operating point)"

    @property
    def point_text(self) -> str:
        """The operating point's threshold, with as many digits as the score needs."""
        return f"{self.point.threshold:.{digits_apart(self.score, self.point.threshold)}f}"

    @property
    def point_title(self) -> str:
        """The operating point's threshold and name."""
        return f"Operating point {self.point_text} ({self.point.name})"

    @property
    def point_summary(self) -> str:
        """What the operating point was worth, in short."""
        where = "data it was chosen on" if self.measured is None else self.measured.words
        return f"{self.point_title}: {self._worth()} on the {where}."

    @property
    def point_words(self) -> str:
        """What the operating point was worth, on new images where the card knows it, and how well that is known."""
        point = self.point_title
        if self.measured is None:
            return self.point_summary
        worth = self._worth(intervals=True)
        size = f", {self.measured.size}" if self.measured.size else ""
        # On the other sets nobody chose the threshold; on this one the figures flatter.
        chosen = " It was chosen on these images." if self.measured.part == "validation" else ""
        return f"{point}. On the {self.measured.words}{size}: {worth}.{chosen}"

    def _worth(self, *, intervals: bool = False) -> str:
        if self.measured is None:
            return f"sensitivity {percent(self.point.sensitivity)}, specificity {percent(self.point.specificity)}"
        figures = [self.measured.figure(key) for key in ("sensitivity", "specificity")]
        return ", ".join(
            f"{figure.title.lower()} {figure.value}"
            + (f" ({figure.interval})" if intervals and figure.interval else "")
            for figure in figures
            if figure is not None
        )


def read_score(prediction: Prediction, card: Card) -> ScoreReading:
    """Put a prediction beside its model's operating points."""
    names = prediction.prediction_set
    return ScoreReading(
        prediction.score,
        card.operating_point,
        uncertain_band(card),
        None if names is None else set_doubt(names),
        best_part(card),
    )
