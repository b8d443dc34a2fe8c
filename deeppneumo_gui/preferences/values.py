"""The settings of the dialog as one value, free of widgets."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from core.cores import core_count
from core.overlay import COLORMAPS, DEFAULT_COLORMAP, DEFAULT_OPACITY
from deeppneumo_gui.settings import (
    HEATMAP_COLORMAP,
    HEATMAP_OPACITY,
    HIDE_IDENTITIES,
    THEME,
    THREADS,
    WHEEL_STEPS,
    Settings,
)
from deeppneumo_gui.theme import THEMES

MOST_THREADS: Final = core_count()


@dataclass(frozen=True, slots=True)
class Preferences:
    """Everything that the dialog sets; as constructed, the defaults.

    Attributes
    ----------
    theme : str
        A key of `THEMES`.
    opacity : float
        Of the heatmap, in [0, 1].
    wheel_steps : bool
        Whether the mouse wheel goes through the images (and zooms with Shift) instead of the reverse.
    threads : int
        Of the model; 0 leaves one core to the window.
    """

    theme: str = THEME.default
    colormap: str = DEFAULT_COLORMAP
    opacity: float = DEFAULT_OPACITY
    wheel_steps: bool = WHEEL_STEPS.default
    hide_identities: bool = HIDE_IDENTITIES.default
    threads: int = THREADS.default


def read_preferences(settings: Settings) -> Preferences:
    """Return what is remembered; whatever is damaged or out of range is the default."""
    style = settings.heatmap_style()
    theme, threads = settings.read(THEME), settings.read(THREADS)
    return Preferences(
        theme=theme if theme in THEMES else THEME.default,
        colormap=style.colormap if style.colormap in COLORMAPS else DEFAULT_COLORMAP,
        opacity=style.opacity,
        wheel_steps=settings.read(WHEEL_STEPS),
        hide_identities=settings.read(HIDE_IDENTITIES),
        threads=threads if 0 <= threads <= MOST_THREADS else THREADS.default,
    )


def write_preferences(settings: Settings, preferences: Preferences) -> None:
    """Remember them."""
    settings.write(THEME, preferences.theme)
    settings.write(HEATMAP_COLORMAP, preferences.colormap)
    settings.write(HEATMAP_OPACITY, preferences.opacity)
    settings.write(WHEEL_STEPS, preferences.wheel_steps)
    settings.write(HIDE_IDENTITIES, preferences.hide_identities)
    settings.write(THREADS, preferences.threads)
