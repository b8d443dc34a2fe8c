"""The model's rest, and its waking beside other work."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from core.errors import EngineError
from deeppneumo_gui.inference.errands import OvertakenError, ReleasedError, SlowError
from deeppneumo_gui.inference.line import Line, Pending
from deeppneumo_gui.services import Scorer

LIMIT_SECONDS: Final = 30.0
"""So long a model may take to open again; it took less the first time."""
NO_ANSWER: Final = "The file of the model does not answer."


class Rest:
    """Lets a model rest while there is nothing to score, and wakes it on a thread of its own.

    Waking takes as long as scoring several images. So it begins at the first sign that there will be something
    to score, and is waited for only then. Everything belongs to the thread that scores but
    what says otherwise.
    """

    def __init__(self) -> None:
        self._line = Line("open")
        self._resting: Scorer | None = None
        self._waking: Pending[None] | None = None

    def begin(self, engine: Scorer) -> None:
        """Let a model rest."""
        self._waking = None
        engine.rest()
        self._resting = engine

    def forget(self) -> None:
        """Leave the model as it is: another has taken its place, and is awake."""
        self._resting = self._waking = None

    def end(self) -> None:
        """Begin to wake the model, where it rests and does not wake yet; returns at once."""
        if self._resting is not None and self._waking is None:
            self._waking = self._line.submit(self._resting.wake)

    def wait(self, overtaken: Callable[[], bool]) -> None:
        """Return when the model is awake.

        Raises
        ------
        DeepPneumoError
            When it could not be woken; the next `end` tries again.
        OvertakenError
            When `overtaken` while it takes long; it can be waited for again.
        ReleasedError
            When `release` comes first.
        """
        self.end()
        if self._waking is None:
            return
        try:
            self._line.result(self._waking, LIMIT_SECONDS, overtaken)
        except (OvertakenError, ReleasedError):
            raise
        except SlowError:
            self._waking = None
            raise EngineError(NO_ANSWER) from None
        except Exception:
            self._waking = None
            raise
        self.forget()

    def look(self) -> None:
        """Let whoever waits look whether it has been overtaken; from any thread."""
        self._line.wake()

    def release(self) -> None:
        """Let whoever waits go; from any thread."""
        self._line.release()

    def close(self) -> None:
        """Release, and give the call in hand a moment to end."""
        self._line.close()
