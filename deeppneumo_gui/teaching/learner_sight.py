"""What may be seen of a learner's run now; it follows from the run and from what is known of its radiographs."""

from __future__ import annotations

from PySide6.QtCore import QObject, Signal

from core.engine.prediction import Prediction
from core.teaching.answer import MachineView
from core.teaching.lesson import Lesson
from core.teaching.run import Run
from deeppneumo_gui.canvas.display import Display
from deeppneumo_gui.reading_aid import read_score
from deeppneumo_gui.teaching.ahead import Ahead, Ready
from deeppneumo_gui.teaching.learner_words import NO_MODEL
from deeppneumo_gui.teaching.shown import Opinion, Revealed, Shown


class LearnerSight(QObject):
    """The half of a learner's session that is looked at; `LearnerSession` is what changes it.

    Attributes
    ----------
    lesson : Lesson
    run : Run
    ahead : Ahead
        Reads and scores.
    """

    lesson: Lesson
    run: Run
    ahead: Ahead

    case_changed = Signal()
    """Another radiograph is to be seen, or none."""
    changed = Signal()
    """The same case has been answered, committed or revealed."""
    said = Signal(str)
    """A sentence for the learner, empty to take the last one back."""
    finished = Signal()

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._begun = False
        self._resting = False

    @property
    def begun(self) -> bool:
        """Whether the learner has started."""
        return self._begun

    @property
    def paused(self) -> bool:
        """Whether the learner has paused."""
        return self._resting

    @property
    def ready(self) -> Ready:
        """What is known of the present case."""
        item = self.run.item
        return Ready() if item is None else self.ahead.at(item)

    @property
    def display(self) -> Display | None:
        """The radiograph that is to be seen now."""
        return self.ready.display if self._begun and not self._resting else None

    @property
    def obstacle(self) -> str | None:
        """Why the present radiograph cannot be shown, None where it can or may yet."""
        return self.ready.reason if self._begun and not self._resting else None

    @property
    def explained(self) -> Prediction | None:
        """What the heatmap is made of; None until the learner has committed."""
        prediction, opinion = self.ready.prediction, self._kept_opinion()
        if not self.run.shows_machine or prediction is None or opinion is None:
            return None
        # The run may have been begun with another model.
        return prediction if prediction.model == opinion.model else None

    def shown(self) -> Shown | None:
        """Return all that may be on the screen now; None where no case is."""
        run, item = self.run, self.run.item
        if not self._begun or item is None or self._resting:
            return None
        step = run.steps[-1] if run.shows_machine else None
        case = self.lesson.items[item]
        return Shown(
            run.position + 1,
            len(run.order),
            case.question,
            self.lesson.ask_kind,
            run.answer,
            None if step is None else step.before,
            step is not None and step.timed_out,
            self._opinion() if run.shows_machine else None,
            Revealed(case.truth, case.regions, case.points) if run.shows_truth else None,
            self.display is not None,
        )

    @property
    def seconds_left(self) -> float | None:
        """Until the time for the case is up; None without a limit, without a radiograph and from the commit on."""
        reading = self.run.stage == "reading" and (self.display is not None or self._resting)
        return self.run.seconds_left if self._begun and reading else None

    def _kept_opinion(self) -> MachineView | None:
        return self.run.steps[-1].machine if self.run.shows_machine else None

    def _opinion(self) -> Opinion:
        view, prediction, card = self._kept_opinion(), self.explained, self.ahead.card
        reading = None if prediction is None or card is None else read_score(prediction, card)
        silence = ""
        if view is None:
            why = self.ready.refusal
            silence = f"{NO_MODEL} {why}" if why else NO_MODEL
        return Opinion(view, reading, silence)
