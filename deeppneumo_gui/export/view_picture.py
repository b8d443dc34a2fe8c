"""The view as it is seen, as a picture that says what it is."""

from __future__ import annotations

import datetime
from pathlib import Path

from PIL import Image
from PySide6.QtCore import QRectF
from PySide6.QtGui import QColor, QImage, QPainter

from core.engine.card import Card
from core.files import atomic_write
from core.overlay import burn_in
from core.overlay_files import save_png
from deeppneumo_gui.canvas.heatmap import PNEUMONIA, HeatmapStyle
from deeppneumo_gui.canvas.images import rgb_array
from deeppneumo_gui.canvas.stage import RadiographStage
from deeppneumo_gui.export.background import Control, Work, interruptible


def seen_picture(view: RadiographStage) -> QImage:
    """Return what is visible of the radiograph, with its heatmap if that is shown, without any text.

    Windowed, inverted, turned and zoomed as on screen, in the pixels of the screen.
    """
    scene = view.scene()
    whole = view.mapFromScene(scene.itemsBoundingRect()).boundingRect()
    area = whole.intersected(view.viewport().rect())
    ratio = view.devicePixelRatioF()
    image = QImage((area.size() * ratio).expandedTo(area.size()), QImage.Format.Format_RGB32)
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


def picture_lines(
    view: RadiographStage, card: Card | None, style: HeatmapStyle | None, name: str | None
) -> list[str]:
    """Return what the strip says beside the notice.

    Parameters
    ----------
    view : RadiographStage
        With a radiograph on screen.
    card : Card or None
        The model's, where one is loaded.
    style : HeatmapStyle or None
        The heatmap's, where it is shown.
    name : str or None
        What the case may be called, where the reader asked for a name.
    """
    display = view.display
    assert display is not None
    today = datetime.date.today().isoformat()
    model = f"Model {card.title} of {card.date}" if card is not None else "Without a model"
    window = f"Window {display.window.width:.0f}, level {display.window.center:.0f}"
    turned = display.orientation.words()
    lines = [
        f"{model}; picture made on {today}",
        ". ".join(part for part in (window + (", inverted" if display.inverted else ""), turned) if part),
    ]
    if style is not None:
        what = "model score" if style.target == PNEUMONIA else f"class score: {style.target}"
        lines.append(f"Heatmap (Grad-CAM) of the {what}")
    return lines if name is None else [name, *lines]


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
        return "The picture was saved."

    return work
