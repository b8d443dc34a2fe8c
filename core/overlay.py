"""Grad-CAM laid over its radiograph, for the screen and for pictures that leave the program.

Normalisation
-------------
A map is in logits per cell. It is divided by its own maximum, but never by less than `WEAK_STRENGTH`, and
clipped to [0, 1]: a clear map uses the whole colour bar, while a map in which no cell matters stays faint and
is not stretched to full colour. The maximum itself (`strength`) is to be shown beside the picture.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from typing import Final

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from core.notice import NOTICE

COLORMAPS: Final = ("inferno", "viridis", "magma", "cividis", "grey")
"""Perceptually uniform and readable with every colour vision; the first is the default."""

DEFAULT_COLORMAP: Final = COLORMAPS[0]
DEFAULT_OPACITY: Final = 0.5
DEFAULT_THRESHOLD: Final = 0.35
"""Normalised map value below which the radiograph shows unchanged."""

WEAK_STRENGTH: Final = 0.1
"""Logits per cell; a map whose maximum is lower is not stretched to the whole colour bar. With a trained ResNet-18
the median maximum is 0.12 over pneumonias and 0.05 over normal radiographs."""

CAPTION: Final = "Where the score came from, not where disease is"

_RAMP: Final = 0.3  # normalised map values over which the colour goes from transparent to opaque
_MIN_STRIP_WIDTH: Final = 480
_MARGIN: Final = 6
_TEXT_COLOUR: Final = (235, 235, 235)


def strength(activation_map: NDArray[np.float32]) -> float:
    """Return the unnormalised maximum of a map in logits per cell."""
    return float(activation_map.max())


def map_levels(activation_map: NDArray[np.float32]) -> NDArray[np.uint8]:
    """Normalise a map to 0..255, the indices into `colormap_table`.

    Parameters
    ----------
    activation_map : ndarray of float32, shape (h, w)
        Non-negative, as `Prediction.activation_map` returns it.

    Returns
    -------
    ndarray of uint8, shape (h, w)
    """
    scaled = activation_map / max(strength(activation_map), WEAK_STRENGTH)
    levels: NDArray[np.uint8] = np.rint(np.clip(scaled, 0.0, 1.0) * 255.0).astype(np.uint8)
    return levels


@lru_cache(maxsize=32)
def colormap_table(name: str = DEFAULT_COLORMAP, threshold: float = DEFAULT_THRESHOLD) -> NDArray[np.uint8]:
    """Return the colours and opacities of the 256 map levels.

    Parameters
    ----------
    name : str
        One of `COLORMAPS`.
    threshold : float
        Normalised map value in [0, 1); opacity is 0 up to it and rises to full within the next 0.3.

    Returns
    -------
    ndarray of uint8, shape (256, 4)
        RGBA, not premultiplied; read-only.

    Raises
    ------
    ValueError
        For another name or a threshold out of range.
    """
    if name not in COLORMAPS:
        raise ValueError(f"no colour map {name!r}")
    if not 0.0 <= threshold < 1.0:
        raise ValueError("the threshold must be at least 0 and less than 1")
    from cmap import Colormap  # imported here: scoring alone needs no colours

    table = np.rint(Colormap("gray" if name == "grey" else name).lut(256) * 255.0).astype(np.uint8)
    values = np.linspace(0.0, 1.0, 256)
    opacity = np.clip((values - threshold) / min(_RAMP, 1.0 - threshold), 0.0, 1.0)
    table[:, 3] = np.rint(opacity * 255.0)
    table.flags.writeable = False
    return table


def heatmap_rgba(
    activation_map: NDArray[np.float32],
    size: tuple[int, int],
    colormap: str = DEFAULT_COLORMAP,
    threshold: float = DEFAULT_THRESHOLD,
) -> NDArray[np.uint8]:
    """Return a map as a picture of its radiograph's size.

    Parameters
    ----------
    activation_map : ndarray of float32, shape (h, w)
    size : tuple of int
        Height and width of the radiograph in pixels.
    colormap, threshold
        See `colormap_table`.

    Returns
    -------
    ndarray of uint8, shape (*size, 4)
        RGBA, not premultiplied.
    """
    picture: NDArray[np.uint8] = colormap_table(colormap, threshold)[
        np.asarray(_enlarge(activation_map, size))
    ]
    return picture


def blend(
    rendering: NDArray[np.uint8],
    activation_map: NDArray[np.float32],
    opacity: float = DEFAULT_OPACITY,
    colormap: str = DEFAULT_COLORMAP,
    threshold: float = DEFAULT_THRESHOLD,
) -> Image.Image:
    """Lay a map over a radiograph.

    Parameters
    ----------
    rendering : ndarray of uint8, shape (H, W)
        Bright means dense.
    activation_map : ndarray of float32, shape (h, w)
    opacity : float
        Opacity of the map where it is strongest, in [0, 1].
    colormap, threshold
        See `colormap_table`.

    Returns
    -------
    PIL.Image.Image
        RGB, W x H. Where the map lies below the threshold every pixel is the radiograph's own grey.

    Raises
    ------
    ValueError
        For an opacity out of range.
    """
    if not 0.0 <= opacity <= 1.0:
        raise ValueError("the opacity must lie between 0 and 1")
    table = colormap_table(colormap, threshold)
    levels = _enlarge(activation_map, rendering.shape)
    mask = levels.point([round(int(alpha) * opacity) for alpha in table[:, 3]])
    levels.putpalette(table[:, :3].tobytes())
    return Image.composite(levels.convert("RGB"), Image.fromarray(rendering).convert("RGB"), mask)


def _enlarge(activation_map: NDArray[np.float32], size: tuple[int, ...]) -> Image.Image:
    height, width = size
    # Bilinear, as on the screen; bicubic would put warmth where the map has none.
    return Image.fromarray(map_levels(activation_map)).resize((width, height), Image.Resampling.BILINEAR)


def burn_in(
    image: Image.Image,
    lines: Sequence[str],
    colormap: str | None = DEFAULT_COLORMAP,
    threshold: float = DEFAULT_THRESHOLD,
) -> Image.Image:
    """Add a strip below a picture that says what it is and what it is not for.

    Parameters
    ----------
    image : PIL.Image.Image
        RGB.
    lines : sequence of str
        Shown between the notice and the caption of the colour bar; model, date, score.
    colormap, threshold
        Those of the picture, for the colour bar; no bar and no caption where `colormap` is None.

    Returns
    -------
    PIL.Image.Image
        RGB, higher than `image` and at least 480 pixels wide; `image` itself is centred above, unscaled.
    """
    width = max(image.width, _MIN_STRIP_WIDTH)
    size = max(14, width // 60)
    room = width - 2 * _MARGIN
    parts = [
        *_text_parts(NOTICE, round(1.4 * size), room),
        *(part for line in lines for part in _text_parts(line, size, room)),
    ]
    if colormap is not None:
        caption = f"Heatmap from weak to strong: {CAPTION[0].lower()}{CAPTION[1:]}"
        parts += [_colour_bar(colormap, threshold, room, size), *_text_parts(caption, size, room)]
    height = image.height + sum(part.height + _MARGIN for part in parts) + _MARGIN
    canvas = Image.new("RGB", (width, height))
    canvas.paste(image, ((width - image.width) // 2, 0))
    top = image.height + _MARGIN
    for part in parts:
        canvas.paste(part, (_MARGIN, top))
        top += part.height + _MARGIN
    return canvas


def _text_parts(line: str, size: int, width: int) -> list[Image.Image]:
    """Render a line, broken between words where it would not fit."""
    from PIL import ImageDraw, ImageFont

    font = ImageFont.load_default(size)
    rows = [""]
    for word in line.split():
        longer = f"{rows[-1]} {word}".strip()
        if rows[-1] and font.getbbox(longer)[2] > width:
            rows.append(word)
        else:
            rows[-1] = longer
    parts = [Image.new("RGB", (width, round(1.2 * size))) for _ in rows]
    for part, row in zip(parts, rows, strict=True):
        ImageDraw.Draw(part).text((0, 0), row, font=font, fill=_TEXT_COLOUR)
    return parts


def _colour_bar(colormap: str, threshold: float, width: int, height: int) -> Image.Image:
    """Return the table over mid-grey, so that its transparent end is seen to be transparent."""
    table = colormap_table(colormap, threshold)
    strip = Image.fromarray(table[np.newaxis]).resize((width, height), Image.Resampling.NEAREST)
    ground = Image.new("RGBA", strip.size, (96, 96, 96, 255))
    return Image.alpha_composite(ground, strip).convert("RGB")
