"""The view as it is seen, as a picture that says what it is."""

from __future__ import annotations

import datetime
import math
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from PIL import Image
from PySide6.QtCore import QPoint, QRect, QRectF, QSize
from PySide6.QtGui import QColor, QImage, QPainter

from core.engine.card import Card
from core.engine.prediction import Prediction
from core.files import atomic_write
from core.overlay import burn_in, strength
from core.overlay_files import save_png
from deeppneumo_gui.canvas.display import Display
from deeppneumo_gui.canvas.foreground import frame_lines
from deeppneumo_gui.canvas.heatmap import PNEUMONIA, HeatmapStyle
from deeppneumo_gui.canvas.images import rgb_array
from deeppneumo_gui.canvas.stage import RadiographStage
from deeppneumo_gui.export.background import Control, Work, interruptible

_GAP: Final = 4


@dataclass(frozen=True, slots=True)
class Pane:
    """One radiograph on screen.

    Attributes
    ----------
    view : RadiographStage
    name : str or None
        What it may be called, None where no names are wanted.
    prediction : Prediction or None
        What the model says about it.
    """

    view: RadiographStage
    name: str | None = None
    prediction: Prediction | None = None


def seen_picture(panes: Sequence[Pane]) -> QImage:
    """Return what is visible of the radiographs, with heatmaps where they are shown, without any text.

    Windowed, inverted, turned and zoomed as on screen, in the pixels of the screen; several side by side.
    """
    parts = [_seen(pane.view) for pane in panes]
    if len(parts) == 1:
        return parts[0]
    width = sum(part.width() + _GAP for part in parts) - _GAP
    image = QImage(width, max(part.height() for part in parts), QImage.Format.Format_RGB32)
    image.fill(QColor("black"))
    painter = QPainter(image)
    left = 0
    for part in parts:
        painter.drawImage(left, (image.height() - part.height()) // 2, part)
        left += part.width() + _GAP
    painter.end()
    return image


def _seen(view: RadiographStage) -> QImage:
    scene = view.scene()
    whole = view.viewportTransform().mapRect(scene.itemsBoundingRect())
    # Whole pixels only: those at the edge are half background.
    top_left = QPoint(math.ceil(whole.left()), math.ceil(whole.top()))
    bottom_right = QPoint(math.floor(whole.right()) - 1, math.floor(whole.bottom()) - 1)
    area = QRect(top_left, bottom_right).intersected(view.viewport().rect())
    ratio = view.devicePixelRatioF()
    image = QImage((area.size() * ratio).expandedTo(QSize(1, 1)), QImage.Format.Format_RGB32)
    image.fill(QColor("black"))
    painter = QPainter(image)
    painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
    painter.scale(ratio, ratio)
    painter.translate(-area.topLeft())
    painter.setTransform(view.viewportTransform(), True)
    source = QRectF(view.mapToScene(area).boundingRect())
    scene.render(painter, source, source)
    painter.end()
    return image


def picture_lines(panes: Sequence[Pane], card: Card | None, style: HeatmapStyle | None) -> list[str]:
    """Return what the strip says beside the notice.

    Parameters
    ----------
    panes : sequence of Pane
        Each with a radiograph on screen, from left to right.
    card : Card or None
        The model's, where one is loaded.
    style : HeatmapStyle or None
        The heatmap's, where it is shown.
    """
    sides = ("Left: ", "Right: ") if len(panes) > 1 else ("",)
    today = datetime.date.today().isoformat()
    model = f"Model {card.title} of {card.date}" if card is not None else "Without a model"
    lines = [f"{side}{pane.name}" for side, pane in zip(sides, panes, strict=True) if pane.name is not None]
    lines.append(f"{model}; picture made on {today}")
    shown = [_display_words(pane.view.display) for pane in panes if pane.view.display is not None]
    if len(set(shown)) > 1:
        lines += [f"{side}{words}" for side, words in zip(sides, shown, strict=True)]
    else:
        lines += shown[:1]
    if style is not None:
        what = "model score" if style.target == PNEUMONIA else f"class score: {style.target}"
        lines.append(f"Heatmap (Grad-CAM) of the {what}, {_strength_words(panes, sides, style)}")
        lines += [
            f"{side}Scored on request although refused: {pane.prediction.refusal}"
            for side, pane in zip(sides, panes, strict=False)
            if pane.prediction is not None and pane.prediction.refusal is not None and pane.view.overlay_shown
        ]
    return lines


def _strength_words(panes: Sequence[Pane], sides: Sequence[str], style: HeatmapStyle) -> str:
    parts = [
        f"{side.lower().replace(':', '')}{strength(pane.prediction.activation_map(style.target)):.2f}"
        for side, pane in zip(sides, panes, strict=True)
        if pane.view.overlay_shown and pane.prediction is not None
    ]
    return f"strength {', '.join(parts)} logits per cell"


def _display_words(display: Display) -> str:
    words = f"Window {display.window.width:.0f}, level {display.window.center:.0f}"
    if display.inverted:
        words += ", inverted"
    return ". ".join(
        part for part in (*frame_lines(display.radiograph), words, display.orientation.words()) if part
    )


def burnt_in(picture: QImage, lines: list[str], style: HeatmapStyle | None) -> Image.Image:
    """Return a picture with its strip."""
    image = Image.fromarray(rgb_array(picture))
    if style is None:
        return burn_in(image, lines, None)
    return burn_in(image, lines, style.colormap, style.threshold)


def picture_work(path: Path, picture: QImage, lines: list[str], style: HeatmapStyle | None) -> Work:
    """Return the work of writing a picture as PNG."""

    def work(control: Control) -> str:
        image = burnt_in(picture, lines, style)
        with atomic_write(path) as stream:
            save_png(image, interruptible(stream, control))
        control.finish()
        return "The picture was saved."

    return work
