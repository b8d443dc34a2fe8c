"""The program's icon in the formats of each system, drawn from its one SVG source."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from PIL import Image
from PySide6.QtGui import QImage, QPainter
from PySide6.QtSvg import QSvgRenderer

from deeppneumo_gui.assets import asset

SOURCE: Final = "deeppneumo.svg"
WINDOWS_SIZES: Final = (16, 20, 24, 32, 40, 48, 64, 128, 256)
MACOS_SIZES: Final = (16, 32, 64, 128, 256, 512, 1024)
LINUX_SIZES: Final = (16, 22, 24, 32, 48, 64, 128, 256)


def draw(size: int) -> Image.Image:
    """Return the icon, each size drawn anew rather than made from a larger one."""
    image = QImage(size, size, QImage.Format.Format_RGBA8888)
    image.fill(0)
    painter = QPainter(image)
    QSvgRenderer(str(asset("icons", SOURCE))).render(painter)
    painter.end()
    return Image.frombytes("RGBA", (size, size), bytes(image.constBits()))


def write_ico(path: Path) -> Path:
    """Write the icon of Windows, all sizes in one file."""
    sizes = [draw(size) for size in WINDOWS_SIZES]
    sizes[-1].save(path, "ICO", sizes=[image.size for image in sizes], append_images=sizes[:-1])
    return path


def write_icns(path: Path) -> Path:
    """Write the icon of macOS, all sizes in one file."""
    sizes = [draw(size) for size in MACOS_SIZES]
    sizes[-1].save(path, "ICNS", append_images=sizes[:-1])
    return path


def write_hicolor(folder: Path, name: str) -> list[Path]:
    """Write the icon of Linux as a theme keeps it, below ``hicolor``: a PNG of each size, and the source."""
    written = []
    for size in LINUX_SIZES:
        path = folder / "hicolor" / f"{size}x{size}" / "apps" / f"{name}.png"
        path.parent.mkdir(parents=True, exist_ok=True)
        draw(size).save(path)
        written.append(path)
    path = folder / "hicolor" / "scalable" / "apps" / f"{name}.svg"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(asset("icons", SOURCE).read_bytes())
    return [*written, path]
