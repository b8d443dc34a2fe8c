"""Random changes of a training radiograph, chosen against the shortcuts of the public set.

Compression, sharpness, aspect and borders tell normal from pneumonia in that set without a look at the lungs.
Each is varied here, independently of the class, so that it tells nothing.
"""

from __future__ import annotations

import io
import math

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFilter

from core.learning.focus import centre_mask
from core.learning.recipe import Augmentation

_RESAMPLINGS = (
    Image.Resampling.BOX,
    Image.Resampling.BILINEAR,
    Image.Resampling.BICUBIC,
    Image.Resampling.LANCZOS,
)


def augment(
    grey: NDArray[np.uint8],
    size: int,
    settings: Augmentation,
    generator: np.random.Generator,
    frame: NDArray[np.uint8] | None = None,
) -> NDArray[np.uint8]:
    """Change a radiograph at random and bring it to the wanted size.

    Geometry comes first, then tone, then what a scanner or a file format does, as in a real chain.

    Parameters
    ----------
    grey : ndarray of uint8, shape (S, S)
        Unchanged.
    size : int
        Side of the result in pixels.
    settings : Augmentation
        Strengths and shares.
    generator : Generator
        The only source of chance; the same state gives the same result.
    frame : ndarray of uint8, shape (S, S), optional
        Another radiograph, changed at random too, whose outer parts replace this one's: shoulders, neck, arms and
        belly then say nothing of what the lungs show.

    Returns
    -------
    ndarray of uint8, shape (size, size)
    """
    image = Image.fromarray(grey)
    image = _warp(image, settings, generator)
    image = _tone(image, settings, generator)
    if frame is not None:
        around = _tone(_warp(Image.fromarray(frame), settings, generator), settings, generator)
        image = Image.composite(image, around, centre_mask(image.size, generator))
    image = _paint(image, settings, generator)
    if image.size != (size, size):
        image = image.resize((size, size), Image.Resampling.BILINEAR)
    image = _degrade(image, settings, generator)
    return np.asarray(image)


def _warp(image: Image.Image, settings: Augmentation, generator: np.random.Generator) -> Image.Image:
    if generator.random() < settings.flip_share:
        image = image.transpose(Image.Transpose.FLIP_LEFT_RIGHT)
    angle = math.radians(generator.uniform(-1, 1) * settings.rotation_degrees)
    scale = math.exp(generator.uniform(-1, 1) * settings.scale_range)
    aspect = math.exp(generator.uniform(-1, 1) * settings.aspect_range / 2)
    shift = generator.uniform(-1, 1, size=2) * settings.shift_share
    if angle == 0 and scale == aspect == 1 and not shift.any():
        return image
    width, height = image.size
    centre_x, centre_y = width / 2, height / 2
    a, b = math.cos(angle) / (scale * aspect), math.sin(angle) / (scale * aspect)
    d, e = -math.sin(angle) * aspect / scale, math.cos(angle) * aspect / scale
    x = centre_x - a * centre_x - b * centre_y + shift[0] * width
    y = centre_y - d * centre_x - e * centre_y + shift[1] * height
    # Uncovered corners repeat nothing: black, as collimated borders are.
    return image.transform(image.size, Image.Transform.AFFINE, (a, b, x, d, e, y), Image.Resampling.BICUBIC)


def _tone(image: Image.Image, settings: Augmentation, generator: np.random.Generator) -> Image.Image:
    gamma = math.exp(generator.uniform(-1, 1) * settings.gamma_range)
    contrast = math.exp(generator.uniform(-1, 1) * settings.contrast_range)
    brightness = generator.uniform(-1, 1) * settings.brightness_range
    if gamma == contrast == 1 and brightness == 0:
        return image
    table = (np.arange(256) / 255.0) ** gamma
    table = (table - 0.5) * contrast + 0.5 + brightness
    return image.point([int(value) for value in np.clip(np.rint(table * 255), 0, 255)])


def _paint(image: Image.Image, settings: Augmentation, generator: np.random.Generator) -> Image.Image:
    width, height = image.size
    draw = ImageDraw.Draw(image)
    if generator.random() < settings.border_share:
        grey = int(generator.choice([0, 0, 0, 255, int(generator.integers(256))]))
        left, top, right, bottom = generator.uniform(0, settings.border_width, size=4) * (
            generator.random(4) < 0.6
        )
        inner = (left * width, top * height, (1 - right) * width, (1 - bottom) * height)
        frame = Image.new("L", image.size, 255)
        ImageDraw.Draw(frame).rectangle(inner, fill=0)
        image.paste(grey, mask=frame)
    if generator.random() < settings.marker_share:
        side = generator.uniform(0.03, 0.09) * width
        x = generator.uniform(0, 0.15) * width
        y = generator.uniform(0, 0.25) * height
        x = width - x - side if generator.random() < 0.5 else x
        draw.text(
            (x, y),
            str(generator.choice(["L", "R"])),
            fill=int(generator.integers(150, 256)),
            font_size=side * 1.5,
        )
    if generator.random() < settings.erase_share:
        area = generator.uniform(0.02, settings.erase_area)
        aspect = math.exp(generator.uniform(-0.7, 0.7))
        w, h = math.sqrt(area * aspect) * width, math.sqrt(area / aspect) * height
        x, y = generator.uniform(0, width - w), generator.uniform(0, height - h)
        draw.rectangle((x, y, x + w, y + h), fill=int(generator.integers(256)))
    return image


def _degrade(image: Image.Image, settings: Augmentation, generator: np.random.Generator) -> Image.Image:
    if generator.random() < settings.rescale_share:
        factor = generator.uniform(settings.rescale_least, 1.0)
        down, up = (_RESAMPLINGS[int(pick)] for pick in generator.integers(len(_RESAMPLINGS), size=2))
        small = (max(8, round(image.width * factor)), max(8, round(image.height * factor)))
        image = image.resize(small, down).resize(image.size, up)
    if generator.random() < settings.blur_share:
        image = image.filter(ImageFilter.GaussianBlur(generator.uniform(0.2, settings.blur_sigma)))
    if generator.random() < settings.sharpen_share:
        radius, percent = generator.uniform(0.8, 2.0), int(generator.uniform(30, 150))
        image = image.filter(ImageFilter.UnsharpMask(radius, percent, 0))
    if generator.random() < settings.noise_share:
        sigma = generator.uniform(0, settings.noise_sigma)
        noisy = np.asarray(image, dtype=np.float32)
        noisy = noisy + sigma * generator.standard_normal(noisy.shape, dtype=np.float32)
        image = Image.fromarray(np.clip(np.rint(noisy), 0, 255).astype(np.uint8))
    if generator.random() < settings.jpeg_share:
        buffer = io.BytesIO()
        quality = int(generator.integers(settings.jpeg_least, settings.jpeg_most + 1))
        image.save(buffer, "JPEG", quality=quality)
        image = Image.open(buffer, formats=["JPEG"])
        image.load()
    return image
