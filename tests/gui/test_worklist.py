"""The list: model, order, filter."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QEvent, QObject, QRect
from PySide6.QtGui import QFont, QFontMetrics, QPaintEvent, QRegion
from PySide6.QtTest import QAbstractItemModelTester
from PySide6.QtWidgets import QApplication, QWidget

from deeppneumo_gui.cases import CaseState
from deeppneumo_gui.panels.progress import NO_BREAK
from deeppneumo_gui.tally import Progress
from deeppneumo_gui.window import MainWindow
from deeppneumo_gui.worklist import delegate
from deeppneumo_gui.worklist.delegate import fitted_name, second_line
from deeppneumo_gui.worklist.filters import CaseFilter
from deeppneumo_gui.worklist.model import Role, WorklistModel
from deeppneumo_gui.worklist.proxy import SortKey, WorklistProxy
from deeppneumo_gui.worklist.view import create_view
from tests.gui.conftest import case_named
from tests.gui.fakes import Fakes, make_prediction

Open = Callable[..., Any]


@pytest.fixture
def model() -> WorklistModel:
    model = WorklistModel()
    model.append([Path(f"/x/image {number}.png") for number in (10, 9, 2)])
    return model


def shown(proxy: WorklistProxy) -> list[str]:
    names = [proxy.index(row, 0).data() for row in range(proxy.rowCount())]
    assert [case.name for case in proxy.cases()] == names
    return names


def test_the_model_keeps_the_rules_of_qt(model: WorklistModel) -> None:
    tester = QAbstractItemModelTester(model, QAbstractItemModelTester.FailureReportingMode.Fatal)
    model.append([Path("/x/new.png")])
    model.replace(replace(model.cases()[0], state=CaseState.SCORING))
    model.clear()
    model.append([Path("/x/new.png")])
    assert tester.model() is model


def test_a_path_gets_one_row(model: WorklistModel) -> None:
    added, known = model.append([Path("/x/image 9.png"), Path("/x/other.png"), Path("/x/other.png")])
    assert [case.name for case in added] == ["other.png"]
    assert [case.name for case in known] == ["image 9.png", "other.png"]


def test_identifiers_are_not_used_again(model: WorklistModel) -> None:
    used = {case.case_id for case in model.cases()}
    model.clear()
    added, _ = model.append([Path("/x/image 9.png")])
    assert added[0].case_id not in used
    assert not used & {case.case_id for case in model.cases()}


def test_a_row_describes_itself_in_words(model: WorklistModel) -> None:
    case = replace(model.cases()[0], state=CaseState.SCORED, prediction=make_prediction(0.8))
    model.replace(case)
    index = model.index_of(case.case_id)
    assert index.data(Role.CASE) is case
    assert model.identities.describe(case) == "image 10.png: model score 0.80, model call pneumonia"


def test_orders(model: WorklistModel) -> None:
    proxy = WorklistProxy(model)
    first, second, third = model.cases()
    model.replace(replace(second, state=CaseState.SCORED, prediction=make_prediction(0.3)))
    model.replace(replace(third, state=CaseState.SCORED, prediction=make_prediction(0.9)))
    orders = {}
    for key in SortKey:
        proxy.set_sort_key(key)
        orders[key] = [int(name.split()[1].split(".")[0]) for name in shown(proxy)]
    assert orders == {
        SortKey.OPENED: [10, 9, 2],
        SortKey.NAME: [2, 9, 10],
        SortKey.SCORE: [2, 9, 10],
        SortKey.LOWEST: [9, 2, 10],
        SortKey.CERTAINTY: [9, 2, 10],
        SortKey.STATE: [10, 9, 2],
        SortKey.READER: [10, 9, 2],
        SortKey.DIFFERENCE: [10, 9, 2],
        SortKey.ERROR: [10, 9, 2],
        SortKey.MISTAKE: [10, 9, 2],
    }
    proxy.set_sort_key(SortKey.SCORE)
    model.replace(replace(first, state=CaseState.SCORED, prediction=make_prediction(0.5)))
    assert shown(proxy) == ["image 2.png", "image 10.png", "image 9.png"]


def test_the_filter_looks_for_part_of_the_name(model: WorklistModel) -> None:
    proxy = WorklistProxy(model)
    proxy.set_filter(CaseFilter("image 1"))
    assert shown(proxy) == ["image 10.png"]
    proxy.set_filter(CaseFilter())
    assert len(shown(proxy)) == 3


def test_opening_a_file_that_the_filter_hides_clears_the_filter(open_files: Open) -> None:
    window = open_files("a.png", "b.png")
    window.worklist.filter.setText("a.p")
    assert window.worklist.count.text() == "1 of 2"
    window.worklist.choose(case_named(window, "b.png"))
    assert window.session.current.name == "b.png"
    assert window.worklist.count.text() == "2 images"


def test_ordering_by_score_keeps_the_image_on_screen(open_files: Open, fakes: Fakes) -> None:
    fakes.scores.update({"a.png": 0.1, "b.png": 0.9})
    window = open_files("a.png", "b.png")
    window.worklist.order.setCurrentIndex(window.worklist.order.findData(SortKey.SCORE))
    assert shown(window.worklist.proxy) == ["b.png", "a.png"]
    assert window.session.current.name == "a.png"
    window.worklist.step(-1)
    assert window.session.current.name == "b.png"


def test_rows_keep_no_features(open_files: Open) -> None:
    prediction = open_files("a.png").session.worklist.cases()[0].prediction
    assert prediction.score == pytest.approx(0.8)
    assert prediction.features.size == 0


def test_a_long_remaining_time_does_not_widen_the_list(open_files: Open) -> None:
    panel = open_files("a.png").worklist
    panel.progress.show_progress(Progress(1, 9, 1.0), 0)
    before = panel.minimumSizeHint().width()
    panel.progress.show_progress(Progress(9_254, 10_000, 17_582.6), 0)
    assert f"23{NO_BREAK}min" in panel.progress.words.text()
    assert panel.minimumSizeHint().width() == before


def test_progress_never_appears_with_the_words_of_before(open_files: Open, qapp: QApplication) -> None:
    class Painted(QObject):
        def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802
            if event.type() == QEvent.Type.Paint:
                seen.append(words.text())
            return False

    progress = open_files("a.png").worklist.progress
    seen: list[str] = []
    words = progress.words
    watcher = Painted()
    words.installEventFilter(watcher)
    progress.show_progress(Progress(1, 9, 1.0), 0)
    qapp.processEvents()
    assert set(seen) == {words.text()}


def test_a_long_name_keeps_its_end(qapp: QApplication) -> None:
    metrics = QFontMetrics(QFont())
    name = "NORMAL2-IM-0123-0001.jpeg"
    whole = metrics.horizontalAdvance(name)
    assert fitted_name(name, metrics, whole) == name
    assert fitted_name(name, metrics, whole - 1) == "NORMAL2-IM-0123-0001"
    short = fitted_name(name, metrics, whole // 2)
    assert short.startswith("\u2026")
    assert short.endswith("-0001")
    assert fitted_name("1.2.840.113619.12", metrics, 40).endswith("619.12"[-3:])


def test_the_name_has_a_line_for_itself(open_files: Open, monkeypatch: pytest.MonkeyPatch) -> None:
    view = open_files("a.png").worklist.view
    widths: list[int] = []

    def note(name: str, metrics: QFontMetrics, width: int) -> str:
        widths.append(width)
        return name

    monkeypatch.setattr(delegate, "fitted_name", note)
    view.grab()
    assert widths[-1] >= view.viewport().width() - 2 * delegate._PADDING - delegate._PICTURE - delegate._GAP


def test_the_call_is_called_one(model: WorklistModel) -> None:
    case = model.cases()[0]
    assert second_line(case) == "not scored"
    scored = replace(case, state=CaseState.SCORED, prediction=make_prediction(0.8))
    assert second_line(scored) == "call: pneumonia"
    assert second_line(replace(scored, reason="Gone.")) == "scored: Gone."


def test_open_filters_look_open(open_files: Open) -> None:
    button = open_files("a.png").worklist.filters.button
    closed = button.grab().toImage()
    button.setChecked(True)
    assert button.grab().toImage().pixelColor(8, 8) != closed.pixelColor(8, 8)


def test_the_order_is_remembered(make_window: Callable[[], MainWindow]) -> None:
    first = make_window()
    first.worklist.order.setCurrentIndex(first.worklist.order.findData(SortKey.SCORE))
    first.close()
    second = make_window()
    assert second.worklist.order.currentData() is SortKey.SCORE
    second.worklist.order_by("no such order")
    assert second.worklist.order.currentData() is SortKey.SCORE


def test_only_changed_rows_are_looked_at_again(model: WorklistModel, monkeypatch: pytest.MonkeyPatch) -> None:
    proxy = WorklistProxy(model)
    model.append([Path(f"/x/{number}.png") for number in range(20)])
    looked_at: list[int] = []
    accepts = CaseFilter.accepts

    def noted(self: CaseFilter, case: Any, name: str) -> bool:
        looked_at.append(case.case_id)
        return accepts(self, case, name)

    monkeypatch.setattr(CaseFilter, "accepts", noted)
    changed = [replace(model.cases()[row], state=CaseState.REFUSED) for row in (1, 15)]
    model.replace_all(changed)
    assert looked_at == [case.case_id for case in changed]
    assert len(shown(proxy)) == 23
    proxy.set_filter(CaseFilter(state=CaseState.REFUSED))
    model.replace_all([replace(model.cases()[row], state=CaseState.SCORING) for row in (1, 2)])
    assert shown(proxy) == ["12.png"]


class CountingProxy(WorklistProxy):
    """Counts how often it is asked how long it is, which arranging does twice for each row."""

    asked = 0

    def rowCount(self, *parent: Any) -> int:  # noqa: N802
        self.asked += 1
        return super().rowCount(*parent)


def test_a_changed_case_is_painted_anew_and_the_other_rows_are_not_arranged_again(qtbot: Any) -> None:
    """A folder of ten thousand tells of a change for each of its scores."""
    worklist = WorklistModel()
    worklist.append([Path(f"/x/{number}.png") for number in range(500)])
    proxy = CountingProxy(worklist)
    view = create_view(proxy)
    qtbot.addWidget(view)
    painting = Painting(view.viewport())
    view.show()
    qtbot.waitUntil(lambda: painting.covered(view.visualRect(proxy.index(2))))
    proxy.asked = 0
    painting.forget()
    worklist.replace(replace(worklist.cases()[1], state=CaseState.SCORING))
    qtbot.waitUntil(lambda: painting.covered(view.visualRect(proxy.index(1))))
    worklist.replace_all([replace(case, state=CaseState.SCORING) for case in worklist.cases()])
    qtbot.waitUntil(lambda: painting.covered(view.visualRect(proxy.index(2))))
    assert 0 < proxy.asked < 500


class Painting(QObject):
    """What is painted anew of a widget from now on."""

    def __init__(self, widget: QWidget) -> None:
        super().__init__(widget)
        self._region = QRegion()
        widget.installEventFilter(self)

    def forget(self) -> None:
        self._region = QRegion()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802
        if isinstance(event, QPaintEvent):
            self._region = self._region.united(event.region())
        return False

    def covered(self, rect: QRect) -> bool:
        return self._region.contains(rect.center())
