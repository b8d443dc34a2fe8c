"""What thread and store say of cases on its way into the worklist."""

from __future__ import annotations

from PySide6.QtCore import QObject, Slot

from deeppneumo_gui.backlog import Backlog
from deeppneumo_gui.case_states import CaseStates
from deeppneumo_gui.cases import CaseState
from deeppneumo_gui.inference.messages import Outcome
from deeppneumo_gui.inference.thread import InferenceThread
from deeppneumo_gui.inference.thumbnails import Thumbnails
from deeppneumo_gui.outcomes import case_after, case_recalled, without_features
from deeppneumo_gui.store.memory import Memory
from deeppneumo_gui.store.messages import Recollection


class Arrivals(QObject):
    """Has results kept before they are shown, and takes no notice of those that nobody waits for any more."""

    def __init__(
        self,
        thread: InferenceThread,
        memory: Memory,
        backlog: Backlog,
        states: CaseStates,
        thumbnails: Thumbnails,
        parent: QObject,
    ) -> None:
        super().__init__(parent)
        self._memory = memory
        self._backlog = backlog
        self._states = states
        self._worklist = states.worklist
        self._thumbnails = thumbnails
        thread.job_started.connect(self._on_job_started)
        thread.job_finished.connect(self._on_job_finished)
        memory.kept.connect(self.show)
        memory.recalled.connect(self._on_recalled)

    @Slot(object)
    def show(self, outcome: Outcome) -> None:
        """Put a result that is safe into its case."""
        if outcome.generation != self._backlog.generation and outcome.state is not CaseState.UNREADABLE:
            return
        if outcome.case_id in self._worklist and outcome.frame != self._worklist.case(outcome.case_id).frame:
            return
        waits = outcome.state is CaseState.WAITING and outcome.case_id in self._backlog
        if outcome.case_id == self._states.shown:
            self._thumbnails.hold(False)  # a file that cannot be read sends no radiograph
        if outcome.case_id in self._worklist:
            self._states.replace(case_after(self._worklist.case(outcome.case_id), outcome, waits))
        if not waits:
            self._backlog.finish(outcome.case_id)

    @Slot(int)
    def _on_job_started(self, case_id: int) -> None:
        self._states.set_state(case_id, CaseState.SCORING)

    @Slot(object)
    def _on_job_finished(self, outcome: Outcome) -> None:
        """Have a result kept before it is shown."""
        listed = outcome.case_id in self._worklist
        self._memory.keep(
            without_features(outcome),
            self._worklist.case(outcome.case_id).path if listed else None,
            self._backlog.card_of(outcome.generation),
        )

    @Slot(object)
    def _on_recalled(self, recollection: Recollection) -> None:
        """Put into the cases what is remembered of them, and score the rest."""
        changed = []
        for job in recollection.jobs:
            if job.case_id not in self._worklist:
                continue
            case = self._worklist.case(job.case_id)
            current = job.generation == self._backlog.generation
            recalled = case_recalled(
                case,
                self._memory.judgements.get(case.path, case.frame),
                recollection.truths.get(job.case_id),
                recollection.outcomes.get(job.case_id) if current else None,
            )
            if recalled is not case:
                changed.append(recalled)
        self._states.replace_all(changed)
        self._backlog.go_on(recollection)
