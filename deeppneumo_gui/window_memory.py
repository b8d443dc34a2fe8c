"""What the window remembers from one day to the next."""

from __future__ import annotations

from typing import TYPE_CHECKING

from deeppneumo_gui.actions import ActionId
from deeppneumo_gui.settings import (
    CLASS_SCORES,
    CORNER_TEXT,
    GEOMETRY,
    LAYOUT,
    OPERATING_POINT,
    ORDER,
    Settings,
)

if TYPE_CHECKING:
    from deeppneumo_gui.window import MainWindow


def restore(window: MainWindow, settings: Settings) -> None:
    """Give the window its size, its panels and the reader's choices back."""
    window.restoreGeometry(settings.read(GEOMETRY))
    # Parts of a window that is there already come to be seen later; panels would be given the place of the image.
    if window.isVisible() and (centre := window.centralWidget()) is not None:
        centre.show()
    window.restoreState(settings.read(LAYOUT))
    window.board.set_corner_text(settings.read(CORNER_TEXT))
    window.actions_by_id[ActionId.CORNER_TEXT].setChecked(settings.read(CORNER_TEXT))
    window.result.classes.button.setChecked(settings.read(CLASS_SCORES))
    window.worklist.order_by(settings.read(ORDER))
    window.result.point.button.setChecked(settings.read(OPERATING_POINT))


def remember(window: MainWindow, settings: Settings) -> None:
    """Write them down."""
    # Full screen is a state of the moment, and its hidden panels are no layout.
    window.actions_by_id[ActionId.FULL_SCREEN].setChecked(False)
    settings.write(GEOMETRY, window.saveGeometry())
    settings.write(LAYOUT, window.saveState())
    settings.write(CORNER_TEXT, window.view.corner_text)
    settings.write(CLASS_SCORES, window.result.classes.shown)
    settings.write(ORDER, window.worklist.order.currentData().name)
    settings.write(OPERATING_POINT, window.result.point.unfolded)
    settings.remember_heatmap(window.heatmap.heatmap_style)
    settings.sync()
