"""Pictures of the real window in its main states, taken without a screen.

Run `python -m deeppneumo_gui.screenshots --out DIR [PATH...]`; without paths it uses the samples.
"""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Final

from PIL import Image

from core.files import atomic_write
from deeppneumo_gui.assets import samples_folder

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget

    from deeppneumo_gui.cases import Case
    from deeppneumo_gui.tally import Progress
    from deeppneumo_gui.window import MainWindow

_PATIENCE_MS: Final = 300_000
_LAYOUT_ROUNDS: Final = 6
_SMALL: Final = (1000, 640)


@contextmanager
def offscreen_window() -> Iterator[MainWindow]:
    """Show a window with default settings on the offscreen platform and close it in the end."""
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    from deeppneumo_gui.app import create_application, create_window

    app = create_application()
    with tempfile.TemporaryDirectory() as folder:
        window = create_window(Path(folder) / "settings.ini")
        window.show()
        try:
            yield window
        finally:
            window.close()
            app.processEvents()


def show_first_result(window: MainWindow, paths: list[Path]) -> bool:
    """Open paths and wait until the image on screen has its result.

    Returns
    -------
    bool
        False when nothing was found in the paths.
    """
    window.start(paths)
    return wait_for(window, lambda: result_shown(window))


def result_shown(window: MainWindow) -> bool:
    """Whether the case on screen has all that it will get."""
    session, case = window.session, window.session.current
    if case is None:
        return False
    return window.view.settled and (case.state.is_final or session.failure is not None)


def all_shown(window: MainWindow) -> bool:
    """Whether the case on screen has its result and every row in sight its thumbnail."""
    from deeppneumo_gui.worklist.model import Role

    panel = window.worklist
    model, sight = panel.proxy, panel.view.viewport().rect()
    rows = (model.index(row, 0) for row in range(model.rowCount()))
    cases = [index.data(Role.CASE) for index in rows if panel.view.visualRect(index).intersects(sight)]
    # Every one is asked for, also after the first that is not there.
    pictures = [window.session.thumbnails.image(case) for case in cases]
    return result_shown(window) and None not in pictures


def wait_for(window: MainWindow, done: Callable[[], bool]) -> bool:
    """Run the event loop until something is so; False when it can no longer become so."""
    from PySide6.QtCore import QEventLoop, QTimer

    session = window.session
    loop = QEventLoop()
    result = done()

    def check() -> None:
        nonlocal result
        # More answers may arrive before the loop has ended; what was so once is enough.
        result = result or done()
        if result:
            loop.quit()

    signals = (
        session.case_changed,
        session.radiograph_shown,
        session.progress_changed,
        session.engine_failed,
        session.thumbnails.arrived,
    )
    for signal in signals:
        signal.connect(check)
    session.nothing_found.connect(loop.quit)
    if not result:
        QTimer.singleShot(_PATIENCE_MS, loop, loop.quit)
        loop.exec()
    for signal in signals:
        signal.disconnect(check)
    session.nothing_found.disconnect(loop.quit)
    return result


def save(window: QWidget, target: Path) -> bool:
    """Write a picture of a window as PNG; False when it cannot be written."""
    from PySide6.QtCore import QBuffer, QByteArray, QIODevice
    from PySide6.QtWidgets import QApplication

    # Wrapped text settles from the inside out, one layout for each round of events.
    for _ in range(_LAYOUT_ROUNDS):
        QApplication.processEvents()
    # Not into the file at once: on a full disk half a picture would stay behind.
    data = QByteArray()
    buffer = QBuffer(data)
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    window.grab().save(buffer, "PNG")
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        with atomic_write(target) as stream:
            stream.write(data.data())
    except OSError:
        return False
    return True


def take_all(paths: list[Path], out: Path) -> bool:
    """Write the main states of the window into a folder; False when one of them was not reached."""
    with tempfile.TemporaryDirectory() as folder, offscreen_window() as window:
        refused, damaged = _bad_files(Path(folder))
        worklist, session = window.worklist, window.session
        good = save(window, out / "empty.png")
        window.start([*paths, refused, damaged])
        good &= wait_for(window, lambda: _underway(session.progress) or session.failure is not None)
        good &= wait_for(window, lambda: result_shown(window)) and save(window, out / "scoring.png")
        good &= wait_for(window, lambda: not session.progress.running)
        scored = [case for case in session.worklist.cases() if case.score is not None]
        if scored:
            worklist.choose(max(scored, key=lambda case: case.score or 0.0))
        window.heatmap.set_visible(True)
        good &= wait_for(window, lambda: all_shown(window)) and save(window, out / "heatmap.png")
        good &= _take_light(window, out)
        good &= _take_panes(window, out, scored)
        for name, path in (("refused", refused), ("unreadable", damaged)):
            worklist.choose(next(case for case in session.worklist.cases() if case.path == path))
            good &= wait_for(window, lambda: all_shown(window)) and save(window, out / f"{name}.png")
        good &= _take_review(window, out)
        good &= _take_teaching(window, out)
        worklist.go_to(0)
        window.resize(*_SMALL)
        good &= wait_for(window, lambda: all_shown(window)) and save(window, out / "small.png")
    return good


def _take_light(window: MainWindow, out: Path) -> bool:
    """Write the light theme and return to the one before."""
    before = window.preferences.current
    window.preferences.apply(replace(before, theme="light"))
    good = save(window, out / "light.png")
    window.preferences.apply(before)
    return good


def _take_panes(window: MainWindow, out: Path, scored: list[Case]) -> bool:
    """Write the radiograph beside its heatmap, turned and under the magnifier, and beside another case."""
    from PySide6.QtCore import QPointF

    from deeppneumo_gui.actions import ActionId

    def trigger(*names: ActionId) -> None:
        for name in names:
            window.actions_by_id[name].trigger()

    trigger(ActionId.BESIDE_HEATMAP)
    good = save(window, out / "beside.png")
    trigger(ActionId.ONE_PANE, ActionId.ROTATE_RIGHT, ActionId.MAGNIFIER)
    window.view.follow(QPointF(window.board.width() * 0.62, window.board.height() * 0.4))
    good &= save(window, out / "magnifier.png")
    trigger(ActionId.MAGNIFIER, ActionId.RESET, ActionId.TWO_CASES)
    if scored:
        window.worklist.choose(min(scored, key=lambda case: case.score or 0.0))
    good &= wait_for(window, lambda: all_shown(window)) and save(window, out / "compare.png")
    trigger(ActionId.ONE_PANE)
    return good


def _take_review(window: MainWindow, out: Path) -> bool:
    """Write what a reader calls and notes, and the measures of both; without samples there is no truth to show."""
    from PySide6.QtCore import QEventLoop

    from deeppneumo_gui.actions import ActionId
    from deeppneumo_gui.review_pictures import review

    if not review(window):
        return True
    window.actions_by_id[ActionId.WRITE_NOTE].trigger()
    good = wait_for(window, lambda: all_shown(window)) and save(window, out / "judging.png")
    loop = QEventLoop()
    window.measures.computing.measured.connect(lambda measured: loop.quit() if measured.complete else None)
    window.actions_by_id[ActionId.MEASURES].trigger()
    loop.exec()
    good &= save(window, out / "measures.png")
    window.actions_by_id[ActionId.MEASURES].trigger()
    return good


def _take_teaching(window: MainWindow, out: Path) -> bool:
    """Write the windows of a lesson on the samples."""
    from deeppneumo_gui.teaching_pictures import take_teaching

    return take_teaching(window, lambda shown, name: save(shown, out / f"{name}.png"))


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line; exit status 0, or 1 when a state was not reached."""
    parser = argparse.ArgumentParser(
        prog="python -m deeppneumo_gui.screenshots", description="Take pictures of the window's main states."
    )
    parser.add_argument("--out", metavar="DIR", type=Path, required=True, help="where the PNG files go")
    parser.add_argument("paths", metavar="PATH", nargs="*", type=Path, help="images; the samples when absent")
    options = parser.parse_args(arguments)
    samples = samples_folder()
    paths = options.paths or ([] if samples is None else [samples])
    if not paths:
        parser.error("there are no samples here; name a file or a folder")
    return 0 if take_all(paths, options.out) else 1


def _underway(progress: Progress) -> bool:
    return progress.running and 3 * progress.done > progress.total


def _bad_files(folder: Path) -> tuple[Path, Path]:
    """Write an image that no model should score, and one that cannot be read."""
    blank, damaged = folder / "blank.png", folder / "damaged.jpg"
    Image.new("L", (512, 512), 90).save(blank)
    Image.linear_gradient("L").resize((512, 512)).save(damaged)
    damaged.write_bytes(damaged.read_bytes()[:900])
    return blank, damaged


if __name__ == "__main__":
    sys.exit(main())
