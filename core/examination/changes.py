"""The changes that must not flip a call.

Every change works on the radiograph at the network's input size (224 px), after the squashing to a square and before
the standardising, and returns a picture of the same size. None draws on chance. What was chosen where the words
"blurred" or "rotated" leave a choice:

* JPEG: Pillow's encoder, one grey channel, standard tables scaled to the quality.
* Half the size and back: antialiased both ways, once with bilinear and once with bicubic interpolation.
* Blur: Pillow's Gaussian (three box blurs that approximate it), sigma 1 px.
* Gamma: 255 (v / 255)^g, rounded; below 1 is brighter.
* Rotation: about the centre, bilinear, same size, uncovered corners black as collimated borders are.
* Crop: 5 % of the side is cut off at each border, the rest enlarged bilinearly to the full size.
* Marker: a white L on the image's right or R on its left (the patient's left and right in an AP view), 10 % of the
  side high, 4 % away from both borders.
"""

from __future__ import annotations

import io
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache, partial
from typing import Final

import numpy as np
from PIL import Image, ImageDraw, ImageFilter, ImageFont

from core.examination.images import Grey

JPEG_BOUND: Final = 0.01
BOUND: Final = 0.02
_BILINEAR: Final = Image.Resampling.BILINEAR
_MARKER_HEIGHT: Final = 0.10
_MARKER_MARGIN: Final = 0.04


@dataclass(frozen=True, slots=True)
class Change:
    """One way to change a radiograph without changing what it shows.

    Attributes
    ----------
    key, title : str
        Its name in JSON and in words.
    bound : float
        The share of calls that flip must stay below this.
    apply : callable
        From uint8 (S, S) to uint8 (S, S).
    """

    key: str
    title: str
    bound: float
    apply: Callable[[Grey], Grey]


def encode_jpeg(grey: Grey, quality: int) -> Grey:
    """Encode as JPEG and decode again."""
    buffer = io.BytesIO()
    Image.fromarray(grey).save(buffer, "JPEG", quality=quality)
    return np.asarray(Image.open(buffer, formats=["JPEG"]))


def halve(grey: Grey, resampling: Image.Resampling = _BILINEAR) -> Grey:
    """Scale to half the size and back."""
    side = grey.shape[1], grey.shape[0]
    small = Image.fromarray(grey).resize((side[0] // 2, side[1] // 2), resampling)
    return np.asarray(small.resize(side, resampling))


def blur(grey: Grey, sigma: float) -> Grey:
    """Blur with a Gaussian; sigma in pixels."""
    return np.asarray(Image.fromarray(grey).filter(ImageFilter.GaussianBlur(sigma)))


def apply_gamma(grey: Grey, gamma: float) -> Grey:
    """Bend the grey scale."""
    table = np.rint(255.0 * (np.arange(256) / 255.0) ** gamma).astype(np.uint8)
    return table[grey]


def rotate(grey: Grey, degrees: float) -> Grey:
    """Rotate counter-clockwise about the centre; uncovered corners become black."""
    return np.asarray(Image.fromarray(grey).rotate(degrees, _BILINEAR))


def crop(grey: Grey, share: float) -> Grey:
    """Cut a share of the side off at each border and enlarge the rest to the full size."""
    height, width = grey.shape
    box = (share * width, share * height, (1 - share) * width, (1 - share) * height)
    return np.asarray(Image.fromarray(grey).resize((width, height), _BILINEAR, box=box))


def paste_marker(grey: Grey, corner: str) -> Grey:
    """Draw a side marker into a corner: ``top_left``, ``top_right``, ``bottom_left`` or ``bottom_right``."""
    image = Image.fromarray(grey)
    vertical, horizontal = corner.split("_")
    letter = "R" if horizontal == "left" else "L"
    font = _marker_font(round(_MARKER_HEIGHT * image.height))
    margin = round(_MARKER_MARGIN * image.width)
    x = margin if horizontal == "left" else image.width - margin
    y = margin if vertical == "top" else image.height - margin
    anchor = ("l" if horizontal == "left" else "r") + ("t" if vertical == "top" else "b")
    ImageDraw.Draw(image).text((x, y), letter, fill=255, font=font, anchor=anchor)
    return np.asarray(image)


@lru_cache
def _marker_font(height: int) -> ImageFont.FreeTypeFont | ImageFont.ImageFont:
    # Capitals of Pillow's own font are 0.7 of its size high.
    return ImageFont.load_default(height / 0.7)


def _jpeg(quality: int) -> Change:
    return Change(
        f"jpeg_{quality}", f"JPEG, quality {quality}", JPEG_BOUND, partial(encode_jpeg, quality=quality)
    )


def _gamma(gamma: float) -> Change:
    key = f"gamma_{gamma:.2f}".replace(".", "_")
    return Change(key, f"Gamma {gamma:g}", BOUND, partial(apply_gamma, gamma=gamma))


def _marker(corner: str) -> Change:
    letter = "R" if corner.endswith("left") else "L"
    title = f"Marker {letter}, {corner.replace('_', ' ')}"
    return Change(f"marker_{corner}", title, BOUND, partial(paste_marker, corner=corner))


CHANGES: Final = (
    *(_jpeg(quality) for quality in (40, 60, 75, 85, 95)),
    Change("half", "Half the size and back", BOUND, halve),
    Change(
        "half_bicubic",
        "Half the size and back, bicubic",
        BOUND,
        partial(halve, resampling=Image.Resampling.BICUBIC),
    ),
    Change("blur_1", "Blur, sigma 1 px", BOUND, partial(blur, sigma=1.0)),
    *(_gamma(gamma) for gamma in (0.7, 0.85, 1.2, 1.4)),
    Change("rotate_left_7", "Rotation by 7\N{DEGREE SIGN} to the left", BOUND, partial(rotate, degrees=7.0)),
    Change(
        "rotate_right_7", "Rotation by 7\N{DEGREE SIGN} to the right", BOUND, partial(rotate, degrees=-7.0)
    ),
    Change("crop_5", "Crop of 5 % at each border", BOUND, partial(crop, share=0.05)),
    *(_marker(corner) for corner in ("top_left", "top_right", "bottom_left", "bottom_right")),
)
