"""Decks, pages and tables of a lesson: what is done for them beside the window."""

from __future__ import annotations

import datetime
import logging
from collections.abc import Callable, Sequence
from pathlib import Path

from core.engine.card import Card
from core.engine.prediction import Prediction
from core.errors import DeepPneumoError, NotAnImageError, ReadError
from core.reading.radiograph import Radiograph
from core.refusal import find_refusal
from core.review.page import Style
from core.store.runs import KeptRun
from core.teaching.debrief import Debrief
from core.teaching.lesson import Lesson
from core.teaching.pictures import LessonPicture
from deeppneumo_gui.export.background import Control, Work
from deeppneumo_gui.services import Scorer, Services
from deeppneumo_gui.teaching.sources import LessonRadiographs

_log = logging.getLogger(__name__)


def deck_work(
    path: Path,
    lesson: Lesson,
    radiographs: LessonRadiographs,
    services: Services,
    model: Path | None,
    style: Style,
    *,
    notes: bool,
) -> Work:
    """Return the work of writing a lesson as slides; with the teacher's notes where `notes` is true."""

    def work(control: Control) -> str:
        from core.teaching.deck import write_deck

        with _Pictures(lesson, radiographs, services, model, control) as pictures:
            write_deck(
                path,
                lesson,
                pictures.at,
                pictures.card,
                _today(),
                style=style,
                notes=notes,
                progress=_progress(control),
            )
            return pictures.sentence(f"The slides were saved with {_count(len(lesson.items), 'case')}")

    return work


def pages_work(
    path: Path,
    lesson: Lesson,
    radiographs: LessonRadiographs,
    services: Services,
    model: Path | None,
    style: Style,
) -> Work:
    """Return the work of writing a lesson as PDF."""

    def work(control: Control) -> str:
        from core.teaching.lesson_pages import write_lesson_pdf

        with _Pictures(lesson, radiographs, services, model, control) as pictures:
            write_lesson_pdf(
                path,
                lesson,
                pictures.at,
                pictures.card,
                _today(),
                style=style,
                progress=_progress(control),
            )
            return pictures.sentence(f"The pages were saved with {_count(len(lesson.items), 'case')}")

    return work


def result_work(
    path: Path,
    lesson: Lesson,
    debrief: Debrief,
    radiographs: LessonRadiographs,
    services: Services,
    model: Path | None,
    style: Style,
) -> Work:
    """Return the work of writing a learner's result as PDF."""

    def work(control: Control) -> str:
        from core.teaching.result_pages import write_result

        with _Pictures(lesson, radiographs, services, model, control) as pictures:
            write_result(path, debrief, pictures.at, _today(), style=style, progress=_progress(control))
            return pictures.sentence(f"The result was saved with {_count(len(debrief.cases), 'case')}")

    return work


def results_work(path: Path, lesson: Lesson, debriefs: Sequence[Debrief]) -> Work:
    """Return the work of writing the results of runs as a table."""

    def work(control: Control) -> str:
        from core.teaching.result_table import write_results

        write_results(path, lesson, debriefs, progress=_progress(control))
        control.finish()
        rows = sum(len(debrief.cases) for debrief in debriefs)
        return f"The results of {_count(len(debriefs), 'run')} were saved with {_count(rows, 'row')}."

    return work


def runs_work(path: Path, runs: Sequence[KeptRun]) -> Work:
    """Return the work of writing learners' runs for another computer."""

    def work(control: Control) -> str:
        from core.teaching.run_file import write_runs

        write_runs(path, runs)
        control.finish()
        return f"{_count(len(runs), 'run')} saved; add {'it' if len(runs) == 1 else 'them'} on the other computer."

    return work


class _Pictures:
    """Reads and scores the cases of a lesson one after the other, and counts what does not work.

    All are scored anew, with the model's own operating point as learners see it: that takes less than reading them.
    """

    def __init__(
        self,
        lesson: Lesson,
        radiographs: LessonRadiographs,
        services: Services,
        model: Path | None,
        control: Control,
    ) -> None:
        self._lesson = lesson
        self._radiographs = radiographs
        self._services = services
        self._model = model
        self._control = control
        self._engine: Scorer | None = None
        self._failure: str | None = None
        self._unread: set[int] = set()

    def __enter__(self) -> _Pictures:
        self._control.check()
        try:
            self._engine = self._services.load_engine(self._model)
        except DeepPneumoError as error:
            self._failure = str(error)
        return self

    def __exit__(self, *_: object) -> None:
        if self._engine is not None:
            self._engine.rest()

    @property
    def card(self) -> Card | None:
        """Of the model, where there is one."""
        return None if self._engine is None else self._engine.card

    def at(self, index: int) -> LessonPicture:
        """Return a case, unless nobody wants it any more; `ReadError` where its radiograph cannot be shown."""
        self._control.check()
        radiograph = self._read(index)
        self._control.check()
        prediction, refusal = self._score(radiograph)
        return LessonPicture(radiograph.rendering, prediction, refusal)

    def sentence(self, said: str) -> str:
        """Return what to say in the end."""
        troubles = []
        if self._unread:
            troubles.append(f"{_count(len(self._unread), 'radiograph')} could not be read")
        if self._failure is not None:
            troubles.append("no model was at hand to score them")
        if not troubles:
            self._control.finish()
        return f"{'; '.join([said, *troubles])}."

    def _read(self, index: int) -> Radiograph:
        try:
            return self._radiographs.read(self._lesson.items[index])
        except ReadError:
            self._unread.add(index)
            raise
        except Exception as error:  # whatever a decoder does with a hostile file, the others go on
            _log.error("A radiograph of a lesson could not be read.", exc_info=error)
            self._unread.add(index)
            raise NotAnImageError("radiograph", "The file could not be read.") from error

    def _score(self, radiograph: Radiograph) -> tuple[Prediction | None, str | None]:
        """Return what the model says, or why it says nothing."""
        if self._engine is None:
            return None, self._failure
        try:
            objection = self._services.refusal(radiograph)
            if objection is not None:
                return None, objection
            prediction = self._engine.score(radiograph)
        except DeepPneumoError as error:
            return None, str(error)
        except Exception as error:
            _log.error("A radiograph of a lesson could not be scored.", exc_info=error)
            return None, "The model could not score this image."
        refusal = find_refusal(None, prediction)
        return (prediction, None) if refusal is None else (None, refusal)


def _progress(control: Control) -> Callable[[int, int], None]:
    def progress(done: int, total: int) -> None:
        control.check()
        control.report(done, total)

    return progress


def _count(number: int, what: str) -> str:
    return f"{number:,} {what}{'' if number == 1 else 's'}"


def _today() -> str:
    return datetime.datetime.now().astimezone().date().isoformat()
