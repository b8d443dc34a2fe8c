"""Pieces that the main window is laid out with."""

from __future__ import annotations

from PySide6.QtWidgets import QDockWidget, QStackedWidget, QVBoxLayout, QWidget

from deeppneumo_gui.panels.widgets import named


def create_centre(above: QWidget, stack: QStackedWidget, *below: QWidget) -> QWidget:
    """Return the middle of the window: one page of a stack between bars."""
    centre = QWidget()
    column = QVBoxLayout(centre)
    column.setContentsMargins(0, 0, 0, 0)
    column.setSpacing(0)
    column.addWidget(above)
    column.addWidget(stack, 1)
    for bar in below:
        column.addWidget(bar)
    return centre


def create_dock(title: str, content: QWidget) -> QDockWidget:
    """Return a panel at the side; the View menu shows and hides it, by the letter behind the `&` in its title."""
    name = title.replace("&", "")
    dock = named(QDockWidget(name), name.lower())
    dock.toggleViewAction().setText(title)
    dock.setFeatures(QDockWidget.DockWidgetFeature.DockWidgetClosable)
    # The panels have headings of their own.
    dock.setTitleBarWidget(QWidget())
    dock.setWidget(content)
    return dock
