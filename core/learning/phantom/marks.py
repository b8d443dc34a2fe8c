"""Lettering: the side marker, and the word that says the image is synthetic."""

from __future__ import annotations

from typing import Final

import numpy as np
from PIL import Image, ImageDraw, ImageFont

from core.learning.phantom.finding import Field

SYNTHETIC: Final = "SYNTHETIC"
_STROKE: Final = 2


def _letters(text: str, height: float) -> Field:
    """Return the coverage (0..1) of a text whose capitals are about `height` pixels tall."""
    # Drawn large and averaged down, so that small letters keep their shape.
    font = ImageFont.load_default(size=64)
    left, top, right, bottom = font.getbbox(text, stroke_width=_STROKE)
    canvas = Image.new("L", (int(right - left) + 8, int(bottom - top) + 8), 0)
    ImageDraw.Draw(canvas).text((4 - left, 4 - top), text, fill=255, font=font, stroke_width=_STROKE)
    factor = height / canvas.height
    size = (max(round(canvas.width * factor), 1), max(round(height), 1))
    small = canvas.resize(size, Image.Resampling.BOX if factor < 0.3 else Image.Resampling.LANCZOS)
    return np.asarray(small, dtype=np.float32) / np.float32(255)


def _stamp(grey: Field, letters: Field, top: int, left: int, value: float) -> None:
    """Blend letters into an image, in place, cut off at its edges."""
    height, width = grey.shape
    top, left = min(max(top, 0), height - 1), min(max(left, 0), width - 1)
    part = letters[: height - top, : width - left]
    area = grey[top : top + part.shape[0], left : left + part.shape[1]]
    area += (np.float32(value) - area) * part


def draw_side_marker(grey: Field, rng: np.random.Generator) -> Field:
    """Return the image with an L on the child's left, somewhere near the upper right corner."""
    marked = grey.copy()
    height, width = grey.shape
    letters = _letters("L", width * float(rng.uniform(0.032, 0.045)))
    top = int(height * rng.uniform(0.04, 0.22))
    left = int(width * rng.uniform(0.90, 0.945))
    _stamp(marked, letters, top + max(width // 500, 1), left + max(width // 500, 1), 0.05)
    _stamp(marked, letters, top, left, 0.99)
    return marked


def burn_label(grey: Field, text: str = SYNTHETIC) -> Field:
    """Return a copy of an image (H, W) in 0..1 with `text` burnt in at its lower left edge.

    White letters with a dark rim, about 2.4 % of the width tall (at least 7 pixels).
    """
    marked = grey.astype(np.float32, copy=True)
    height, width = grey.shape
    letters = _letters(text, max(width * 0.024, 7.0))
    margin = max(round(width * 0.012), 2)
    top, left = height - letters.shape[0] - margin, margin
    rim = max(round(width / 700), 1)
    for down, across in ((-rim, 0), (rim, 0), (0, -rim), (0, rim)):
        _stamp(marked, letters, top + down, left + across, 0.0)
    _stamp(marked, letters, top, left, 1.0)
    return marked
