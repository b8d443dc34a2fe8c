"""Putting the model card into a folder."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Final, TypeAlias

from PIL import Image

from core.examination.figures import render
from core.files import atomic_write
from core.report.figures import FIGURES, HEATMAPS, Caption
from core.report.model_card.document import FOLDER, to_markdown
from core.report.model_card.sources import SourceError, Sources
from core.report.style import DARK, LIGHT

Drawn: TypeAlias = dict[str, tuple[Caption, tuple[bytes, bytes]]]
"""By key: the caption, and the PNG for light and for dark pages."""

NAME: Final = "MODEL_CARD.md"
MEASURED: Final = ("roc", "reliability", "confusion", "confusion_three_class", "risk_coverage", HEATMAPS.key)
"""Figures of the evaluation that the card shows."""

_CAPTIONS: Final = {kind.key: Caption(kind.key, kind.title, kind.meaning) for kind in (*FIGURES, HEATMAPS)}
_MEANINGS: Final = {
    "robustness": "Share of calls that flip under each change, with its interval, against the bound.",
    "explanation": "The faster the score falls as pixels are deleted, and rises as they are inserted, the more the map "
    "knew of what the score rests on.",
    "sanity": "A map that stays as it is while the weights below it are shuffled shows the image, not what was learnt.",
}
_DARK: Final = "-dark"
_COLOURS: Final = 128
_WIDTH: Final = 1200
"""Pixels at most; shown at half the size they are sharp on any screen."""

_SHADED_WIDTH: Final = 840
"""Few colours would draw steps into a heatmap, and many take room."""


def write_model_card(folder: Path, sources: Sources) -> Path:
    """Write `MODEL_CARD.md` and its pictures, light and dark, into ``model_card`` beside it.

    Parameters
    ----------
    folder : Path
        Made if missing; an earlier card in it is replaced, pictures of it that no longer apply removed.
    sources : Sources

    Returns
    -------
    Path
        Of the text, the last file to be written.

    Raises
    ------
    SourceError
        If a figure of the evaluation cannot be read.
    OSError
        If the folder cannot be written.
    """
    pictures = folder / FOLDER
    pictures.mkdir(parents=True, exist_ok=True)
    drawn = _measured(sources) | _examined(sources)
    for path in pictures.glob("*.png"):
        if path.stem.removesuffix(_DARK) not in drawn:
            path.unlink()
    for key, (_, pair) in drawn.items():
        for end, png in zip(("", _DARK), pair, strict=True):
            _write(pictures / f"{key}{end}.png", png)
    captions = {key: caption for key, (caption, _) in drawn.items()}
    _write(folder / NAME, to_markdown(sources, captions).encode())
    return folder / NAME


def _measured(sources: Sources) -> Drawn:
    """Take over what the evaluation drew."""
    drawn = {}
    for key in MEASURED:
        paths = [sources.pictures / f"{key}{end}.png" for end in ("", _DARK)]
        if all(path.exists() for path in paths):
            shades = key == HEATMAPS.key
            light, dark = (_shrunk(path.read_bytes(), path.name, shades=shades) for path in paths)
            drawn[key] = (_CAPTIONS[key], (light, dark))
    return drawn


def _examined(sources: Sources) -> Drawn:
    """Draw the figures of the examination."""
    drawn = {}
    for section in sources.sections:
        light, dark = render(section, LIGHT), render(section, DARK)
        if light is not None and dark is not None:
            caption = Caption(section.key, section.title, _MEANINGS.get(section.key, ""))
            pair = (_shrunk(light, section.key), _shrunk(dark, section.key))
            drawn[section.key] = (caption, pair)
    return drawn


def _shrunk(png: bytes, name: str, *, shades: bool = False) -> bytes:
    """Return a figure as a smaller PNG; one of lines and areas by a palette, one with shades by its size."""
    try:
        with Image.open(io.BytesIO(png), formats=["PNG"]) as image:
            picture = image.convert("RGB")
    except (OSError, Image.DecompressionBombError) as error:
        raise SourceError(f"{name}: the figure could not be read.") from error
    width = _SHADED_WIDTH if shades else _WIDTH
    picture.thumbnail((width, width), Image.Resampling.LANCZOS)
    if not shades:
        picture = picture.quantize(_COLOURS, dither=Image.Dither.NONE)
    stream = io.BytesIO()
    picture.save(stream, "PNG", optimize=True)
    return stream.getvalue()


def _write(path: Path, content: bytes) -> None:
    with atomic_write(path) as stream:
        stream.write(content)
