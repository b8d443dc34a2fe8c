"""All checks in order: model, formats, samples, lesson, window."""

from __future__ import annotations

import io
import platform
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Final, TextIO

from core.engine.prediction import Prediction
from core.errors import DeepPneumoError
from core.refusal import find_refusal
from core.version import VERSION
from deeppneumo_gui.assets import asset
from deeppneumo_gui.selftest.check import Check, CheckFailedError, Outcome, print_table
from deeppneumo_gui.selftest.formats import FORMATS, check_format
from deeppneumo_gui.selftest.picture import check_window
from deeppneumo_gui.selftest.recorded import RECORD_NAME, Record, read_record
from deeppneumo_gui.selftest.scoring import Scorer, load_scorer, sample_files
from deeppneumo_gui.selftest.teaching import check_handouts, check_lesson

EXIT_PASSED: Final = 0
EXIT_FAILED: Final = 1

_NO_MODEL: Final = "There is no model to do it with."


@dataclass(slots=True)
class Examination:
    """The checks of one run.

    Parameters
    ----------
    resources : Path
        Folder with `formats` and `samples`; the model is the one that ships.
    screenshot : Path, optional
        Where to leave the picture of the window.
    """

    resources: Path
    screenshot: Path | None = None
    _scorer: Scorer | None = field(default=None, init=False)
    _record: Record | None = field(default=None, init=False)
    _strongest: tuple[float, Path, Prediction] | None = field(default=None, init=False)

    def checks(self) -> Iterator[Check]:
        """Run the checks one by one; none of them raises."""
        yield _run("model", self._open_model)
        formats = self.resources / "formats"
        if not formats.is_dir():
            yield Check("read formats", Outcome.FAILED, "The files of every format are missing.")
        else:
            for name in FORMATS:
                yield _run(f"read {name}", partial(check_format, formats / name))
        yield from self._sample_checks()
        yield from self._lesson_checks()
        yield from self._window_check()

    def _open_model(self) -> str:
        self._scorer = load_scorer()
        return self._scorer.description

    def _sample_checks(self) -> Iterator[Check]:
        if self._scorer is None:
            yield Check("score samples", Outcome.NOT_RUN, _NO_MODEL)
            return
        yield _run("recorded scores", self._open_record)
        files = sample_files(self.resources / "samples", self._record)
        if not files:
            yield Check("score samples", Outcome.FAILED, "The samples are missing.")
        for path in files:
            yield _run(f"score {path.name}", partial(self._check_sample, path))

    def _open_record(self) -> str:
        assert self._scorer is not None
        record = read_record(self.resources / "samples" / RECORD_NAME)
        record.check_model(self._scorer.content_hash)
        self._record = record
        return f"of {record.model}, {len(record.samples)} samples"

    def _check_sample(self, path: Path) -> str:
        assert self._scorer is not None
        prediction = self._scorer.score(path)
        strength = float(prediction.activation_map().max())
        # The window shows no score of an image that the model is not familiar with.
        shown = find_refusal(None, prediction) is None
        if shown and (self._strongest is None or strength > self._strongest[0]):
            self._strongest = (strength, path, prediction)
        if self._record is None:
            return f"score {prediction.score:.3f}, nothing to compare it with"
        return self._record.check_sample(path.name, prediction)

    def _lesson_checks(self) -> Iterator[Check]:
        steps = "lesson", "lesson as slides and pages"
        if self._strongest is None:
            yield from (
                Check(step, Outcome.NOT_RUN, "There is no scored sample to teach with.") for step in steps
            )
            return
        _, sample, prediction = self._strongest
        yield _run(steps[0], partial(check_lesson, sample))
        yield _run(steps[1], partial(check_handouts, sample, prediction))

    def _window_check(self) -> Iterator[Check]:
        step = "window with heatmap"
        if self._strongest is None:
            yield Check(step, Outcome.NOT_RUN, "There is no scored sample to show.")
            return
        yield _run(step, partial(check_window, self._strongest[1], self.screenshot))


def _run(step: str, check: Callable[[], str]) -> Check:
    try:
        return Check(step, Outcome.PASSED, check())
    except (CheckFailedError, DeepPneumoError) as error:
        missing = _missing_part(error)
        if missing is not None:
            return Check(step, Outcome.FAILED, f'The step "{step}" needs a part that is missing ({missing}).')
        return Check(step, Outcome.FAILED, str(error))
    except Exception as error:
        # Whatever else goes wrong in a packaged program (a library left out, say) is for this table to tell.
        return Check(step, Outcome.FAILED, f'The step "{step}" stopped with {type(error).__name__}: {error}.')


def _missing_part(error: BaseException | None) -> ImportError | None:
    """Find the library that could not be loaded behind a file that, for the reader, could not be read."""
    while error is not None and not isinstance(error, ImportError):
        error = error.__cause__
    return error


def examine(
    screenshot: Path | None = None, *, resources: Path | None = None, out: TextIO | None = None
) -> int:
    """Run all checks, print their table, and say in one sentence each what failed.

    Parameters
    ----------
    screenshot : Path, optional
        Where to leave a picture of the window, as PNG.
    resources : Path, optional
        Folder with `formats` and `samples`; those that ship when absent.
    out : text file, optional
        Standard output when absent.

    Returns
    -------
    int
        Exit status: 0 when every check passed, else 1.
    """
    out = out or sys.stdout
    if isinstance(out, io.TextIOWrapper):
        # On Windows a pipe takes no Chinese, which a path in a complaint may have in it.
        out.reconfigure(errors="backslashreplace")
    started = time.perf_counter()
    kind = "packaged" if getattr(sys, "frozen", False) else "from source"
    out.write(f"DeepPneumo {VERSION}, {kind}, Python {platform.python_version()}, {platform.platform()}\n\n")
    done = print_table(Examination(resources or asset(), screenshot).checks(), out)
    failed = [check for check in done if check.outcome is Outcome.FAILED]
    seconds = time.perf_counter() - started
    if not failed:
        out.write(f"\nSelf-test passed: {len(done)} checks in {seconds:.1f} s.\n")
        return EXIT_PASSED
    out.write(f"\nSelf-test failed ({len(failed)} of {len(done)} checks):\n")
    for check in failed:
        out.write(f"  {check.detail}\n")
    return EXIT_FAILED
