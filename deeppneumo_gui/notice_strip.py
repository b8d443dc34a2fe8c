"""The notice at the foot of every window.

The first paint waits for this module. Whatever names something of Qt's namespace `Qt` makes PySide6 build all of its
enumerations, a tenth of the time until then; the alignment stands in the style sheet instead.
"""

from __future__ import annotations

from PySide6.QtWidgets import QLabel, QStatusBar

from core.notice import NOTICE


def add_notice(bar: QStatusBar) -> QLabel:
    """Put the notice at the foot of the window, for good."""
    strip = QLabel(NOTICE)
    strip.setObjectName("noticeStrip")
    bar.setSizeGripEnabled(False)
    bar.setContentsMargins(0, 0, 0, 0)
    # Permanent: a status message never covers it.
    bar.addPermanentWidget(strip, 1)
    return strip
