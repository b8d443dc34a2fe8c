"""From an image file to a `Radiograph`, and from a `Radiograph` to grey levels on a screen."""

from core.reading.finding import find_radiographs, natural_key
from core.reading.radiograph import (
    Grey,
    Grey8,
    PixelSpacing,
    Radiograph,
    SpacingKind,
    VoiFunction,
    Window,
)
from core.reading.reader import read_radiograph
from core.reading.tones import default_lookup, render

__all__ = [
    "Grey",
    "Grey8",
    "PixelSpacing",
    "Radiograph",
    "SpacingKind",
    "VoiFunction",
    "Window",
    "default_lookup",
    "find_radiographs",
    "natural_key",
    "read_radiograph",
    "render",
]
