"""The window on the projector: it knows what it is shown, and nothing else."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QEvent, Qt, Signal, Slot
from PySide6.QtGui import QCloseEvent, QFont, QKeyEvent, QResizeEvent, QScreen
from PySide6.QtWidgets import QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from core.notice import NOTICE
from deeppneumo_gui.canvas.heatmap import Heatmap, HeatmapStyle
from deeppneumo_gui.panels.widgets import label
from deeppneumo_gui.teaching.audience_blocks import case_blocks, slide_blocks
from deeppneumo_gui.teaching.audience_content import BLACK, Shown
from deeppneumo_gui.teaching.audience_text import BigText
from deeppneumo_gui.teaching.audience_view import Beam, PointedView
from deeppneumo_gui.theme import CANVAS

TITLE: Final = "DeepPneumo: audience"
"""The same for every lesson and case."""
_TEXT_SHARE: Final = 34
_TYPE_PER_HEIGHT: Final = 1 / 42
_NOTICE_PER_HEIGHT: Final = 1 / 54


class AudienceWindow(QWidget):
    """A widget tree of its own, without lesson, model or score: `show_moment` is the only way in.

    Keys and closing are told to whoever presents.
    """

    closed = Signal()
    full_screen_changed = Signal(bool)

    def __init__(self, style: HeatmapStyle) -> None:
        super().__init__(None, Qt.WindowType.Window)
        self.setWindowTitle(TITLE)
        self.setObjectName("panel")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._style = style
        self._shown = BLACK
        self.view = PointedView()
        self.view.setAccessibleName("Radiograph for the audience")
        self.view.set_heatmap_opacity(style.opacity)
        self.view.set_heatmap_visible(True)
        self.view.full_screen_requested.connect(self.toggle_full_screen)
        self.beside = BigText("Question and what has been revealed")
        self.instead = BigText("No radiograph", centred=True)
        self.slide = BigText("Slide", centred=True)
        self.picture = QStackedWidget()
        self.black = QWidget()
        self.black.setStyleSheet(f"background: {CANVAS};")
        self.pages = QStackedWidget()
        self.notice = label(NOTICE, "noticeStrip")
        self._lay_out()
        self.show_moment(BLACK)

    @property
    def shown(self) -> Shown:
        """What is shown now."""
        return self._shown

    def show_moment(self, shown: Shown) -> None:
        """Show another moment; nothing of the one before stays."""
        self._shown = shown
        self.pages.setCurrentWidget(self._page(shown))
        self._show_radiograph(shown)
        self.beside.show_blocks(case_blocks(shown) if shown.slide == "case" else ())
        self.instead.show_blocks(slide_blocks(shown) if shown.slide == "case" else ())
        self.slide.show_blocks(slide_blocks(shown) if shown.slide in ("opening", "end") else ())

    def set_beam(self, beam: Beam) -> None:
        """Point at the radiograph."""
        self.view.set_beam(beam)
        # Two pointers would be one too many.
        hidden = beam.laser or beam.spotlight
        self.view.viewport().setCursor(Qt.CursorShape.BlankCursor if hidden else Qt.CursorShape.ArrowCursor)

    def set_style(self, style: HeatmapStyle) -> None:
        """Draw heatmaps in another style."""
        self._style = style
        self.view.set_heatmap_opacity(style.opacity)
        self.show_moment(self._shown)

    def open_on(self, screen: QScreen, *, full: bool) -> None:
        """Appear on a screen."""
        self.setGeometry(screen.availableGeometry().adjusted(40, 60, -40, -40))
        if full:
            self.showFullScreen()
        else:
            self.show()

    @Slot()
    def toggle_full_screen(self) -> None:
        """Fill the screen, or give it back."""
        self.setWindowState(self.windowState() ^ Qt.WindowState.WindowFullScreen)

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802
        """Leave full screen with Escape."""
        if event.key() == Qt.Key.Key_Escape and self.isFullScreen():
            self.toggle_full_screen()
            return
        super().keyPressEvent(event)

    def changeEvent(self, event: QEvent) -> None:  # noqa: N802
        """Tell of full screen."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.WindowStateChange:
            self.full_screen_changed.emit(self.isFullScreen())

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802
        """Let the type grow with the window."""
        super().resizeEvent(event)
        self._scale_type()

    def closeEvent(self, event: QCloseEvent) -> None:  # noqa: N802
        """Tell that the audience sees nothing any more."""
        super().closeEvent(event)
        self.closed.emit()

    def _page(self, shown: Shown) -> QWidget:
        match shown.slide:
            case "case":
                return self._case
            case "black":
                return self.black
        return self.slide

    def _show_radiograph(self, shown: Shown) -> None:
        view = self.view
        if shown.display is None:
            view.show_nothing()
        elif shown.display is not view.display:
            view.show_display(shown.display)
        self.picture.setCurrentWidget(self.instead if shown.display is None else view)
        view.set_regions(shown.regions or ())
        if shown.heatmap is None:
            view.set_heatmap(None)
        else:
            heatmap = Heatmap(shown.heatmap)
            view.set_heatmap(heatmap.image(self._style), heatmap.strength, heatmap.peak(self._style))

    def _lay_out(self) -> None:
        self.picture.addWidget(self.view)
        self.picture.addWidget(self.instead)
        self._case = QWidget()
        row = QHBoxLayout(self._case)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(0)
        row.addWidget(self.picture, 100 - _TEXT_SHARE)
        row.addWidget(self.beside, _TEXT_SHARE)
        for page in (self._case, self.slide, self.black):
            self.pages.addWidget(page)
        self.notice.setAlignment(Qt.AlignmentFlag.AlignCenter)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.pages, 1)
        column.addWidget(self.notice)

    def _scale_type(self) -> None:
        height = self.height() * 72.0 / self.logicalDpiY()
        self.view.set_type(max(height * _TYPE_PER_HEIGHT, 7.0))
        font = QFont(self.notice.font())
        font.setPointSizeF(max(height * _NOTICE_PER_HEIGHT, 7.0))
        self.notice.setFont(font)
