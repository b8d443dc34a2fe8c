"""A window fits the screen that it opens on."""

from __future__ import annotations

from typing import Any

import pytest
from PySide6.QtCore import QSize
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QWidget

from deeppneumo_gui.first_size import open_at


class Laptop:
    def availableSize(self) -> QSize:  # noqa: N802
        return QSize(1366, 728)


@pytest.mark.parametrize(
    ("platform", "size"), [("windows", (1360, 688)), ("xcb", (1360, 688)), ("offscreen", (1360, 860))]
)
def test_the_foot_of_a_window_is_seen_on_a_laptop(
    qtbot: Any, monkeypatch: pytest.MonkeyPatch, platform: str, size: tuple[int, int]
) -> None:
    widget = QWidget()
    qtbot.addWidget(widget)
    monkeypatch.setattr(QGuiApplication, "platformName", lambda: platform)
    monkeypatch.setattr(widget, "screen", Laptop)
    open_at(widget, 1360, 860)
    assert (widget.width(), widget.height()) == size
