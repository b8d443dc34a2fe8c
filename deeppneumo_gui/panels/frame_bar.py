"""Which frame of a file with several is shown and scored."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import Qt, Slot
from PySide6.QtWidgets import QHBoxLayout, QSlider, QSpinBox, QWidget

from core.reading.radiograph import Radiograph
from deeppneumo_gui.cases import Case
from deeppneumo_gui.panels.widgets import label, roomy
from deeppneumo_gui.session import ViewerSession

_NUMBER_WIDTH: Final = 64


class FrameBar(QWidget):
    """Below the canvas, only for files with several frames or pages."""

    def __init__(self, session: ViewerSession) -> None:
        super().__init__()
        self.setObjectName("frameBar")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._session = session
        self._case_id: int | None = None
        self.slider = QSlider(Qt.Orientation.Horizontal)
        self.slider.setAccessibleName("Frame")
        # Each frame is read from the file and scored: one for the whole drag is enough.
        self.slider.setTracking(False)
        self.number = roomy(QSpinBox())
        self.number.setAccessibleName("Number of the frame")
        self.number.setKeyboardTracking(False)
        self.number.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.number.setMinimumWidth(_NUMBER_WIDTH)
        self.note = label("", "detail")
        row = QHBoxLayout(self)
        row.setContentsMargins(14, 6, 14, 6)
        row.setSpacing(10)
        row.addWidget(label("Frame", "detail"))
        row.addWidget(self.slider, 1)
        row.addWidget(self.number)
        row.addWidget(self.note)
        self.slider.sliderMoved.connect(self._on_slider_moved)
        self.slider.valueChanged.connect(self._on_chosen)
        self.number.valueChanged.connect(self._on_chosen)
        session.case_selected.connect(self._on_case_selected)
        session.radiograph_shown.connect(self._on_radiograph_shown)
        self.hide()

    @Slot(object)
    def _on_case_selected(self, case: Case | None) -> None:
        # Another frame of the same case leaves the bar where it is.
        if case is None or case.case_id != self._case_id:
            self._case_id = None
            self.hide()

    @Slot(object)
    def _on_radiograph_shown(self, radiograph: Radiograph) -> None:
        case = self._session.current
        if case is None or radiograph.frame_count < 2:
            return
        self._case_id = case.case_id
        for control in (self.slider, self.number):
            control.blockSignals(True)
            control.setRange(1, radiograph.frame_count)
            control.setValue(radiograph.frame + 1)
            control.blockSignals(False)
        self.note.setText(f"of {radiograph.frame_count:,}. Shown and scored by itself.")
        self.show()

    @Slot(int)
    def _on_slider_moved(self, number: int) -> None:
        self.number.blockSignals(True)
        self.number.setValue(number)
        self.number.blockSignals(False)

    @Slot(int)
    def _on_chosen(self, number: int) -> None:
        self._session.choose_frame(number - 1)
