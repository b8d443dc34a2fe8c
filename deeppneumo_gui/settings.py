"""Typed settings over QSettings."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final, Generic, TypeVar, cast

from PySide6.QtCore import QByteArray, QSettings

from core.overlay import COLORMAPS, DEFAULT_COLORMAP, DEFAULT_OPACITY, DEFAULT_THRESHOLD
from deeppneumo_gui.canvas.heatmap import HeatmapStyle

T = TypeVar("T", bool, int, float, str, QByteArray)


@dataclass(frozen=True, slots=True)
class Option(Generic[T]):
    """A key, its default and thereby its type."""

    key: str
    default: T


GEOMETRY: Final = Option("window/geometry", QByteArray())
LAYOUT: Final = Option("window/layout", QByteArray())
CLASS_SCORES: Final = Option("result/class_scores", False)
OPERATING_POINT: Final = Option("result/operating_point", False)
CORNER_TEXT: Final = Option("canvas/corner_text", True)
THEME: Final = Option("look/theme", "dark")
WHEEL_STEPS: Final = Option("canvas/wheel_steps", False)
THREADS: Final = Option("model/threads", 0)
HIDE_IDENTITIES: Final = Option("privacy/hide_identities", False)
SHOW_TRUTH: Final = Option("review/show_truth", False)
GO_ON: Final = Option("review/go_on", False)
ORDER: Final = Option("worklist/order", "")
LAST_FOLDER: Final = Option("recent/folder", "")
RECENT: Final = Option("recent/openings", "[]")
HEATMAP_OPACITY: Final = Option("heatmap/opacity", DEFAULT_OPACITY)
HEATMAP_THRESHOLD: Final = Option("heatmap/threshold", DEFAULT_THRESHOLD)
HEATMAP_SMOOTH: Final = Option("heatmap/smooth", True)
HEATMAP_COLORMAP: Final = Option("heatmap/colormap", DEFAULT_COLORMAP)


class Settings:
    """What the program remembers. A damaged or foreign value reads as the default."""

    def __init__(self, store: QSettings) -> None:
        self._store = store

    def read(self, option: Option[T]) -> T:
        """Return a remembered value."""
        value: Any = self._store.value(option.key, option.default)
        kind: Any = type(option.default)
        try:
            # An INI file knows text only; QSettings gives it back as it was written there.
            if kind is bool and isinstance(value, str):
                value = {"true": True, "false": False}.get(value, option.default)
            value = value if isinstance(value, kind) else kind(value)
            # Not a number is neither above nor below any limit.
            return option.default if value != value else cast(T, value)
        except (TypeError, ValueError):
            return option.default

    def write(self, option: Option[T], value: T) -> None:
        """Remember a value."""
        self._store.setValue(option.key, value)

    def sync(self) -> None:
        """Put everything on the disk now; the program may end without further ado."""
        self._store.sync()

    def heatmap_style(self) -> HeatmapStyle:
        """Return the remembered look of the heatmap; it always starts hidden."""
        colormap = self.read(HEATMAP_COLORMAP)
        return HeatmapStyle(
            opacity=min(max(self.read(HEATMAP_OPACITY), 0.0), 1.0),
            threshold=min(max(self.read(HEATMAP_THRESHOLD), 0.0), 0.95),
            colormap=colormap if colormap in COLORMAPS else DEFAULT_COLORMAP,
            smooth=self.read(HEATMAP_SMOOTH),
        )

    def remember_heatmap(self, style: HeatmapStyle) -> None:
        """Remember how the heatmap looks."""
        self.write(HEATMAP_OPACITY, style.opacity)
        self.write(HEATMAP_THRESHOLD, style.threshold)
        self.write(HEATMAP_COLORMAP, style.colormap)
        self.write(HEATMAP_SMOOTH, style.smooth)
