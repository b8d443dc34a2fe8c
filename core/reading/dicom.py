"""A DICOM image as a `Radiograph`: stored value, modality, VOI, inversion, in this order."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any, BinaryIO, Final

import numpy as np
from numpy.typing import NDArray

from core.reading.colour import COLOUR_NOTE, is_coloured, luminance, rgb_from_ybr, thinned
from core.reading.dicom_attributes import Attributes
from core.reading.dicom_facts import read_facts
from core.reading.dicom_frame import read_frame
from core.reading.dicom_header import PixelElement, PixelLayout, read_header
from core.reading.dicom_values import modality_values, stored_values
from core.reading.dicom_voi import read_tones
from core.reading.radiograph import Grey8, Radiograph, VoiFunction, Window
from core.reading.refusal import refuse_damaged
from core.reading.tones import finish_table, look_up
from core.reading.transfer_syntaxes import RLE

if TYPE_CHECKING:
    from pydicom.dataset import Dataset

_IDENTITY: Final = Window(127.5, 255.0, VoiFunction.LINEAR_EXACT)


def read_dicom(file: BinaryIO, frame: int) -> Radiograph:
    """Read one frame of a DICOM file.

    Raises
    ------
    Refusal
        With the reason; damaged files may raise anything else.
    """
    dataset, element, layout = read_header(file)
    raw, ybr = read_frame(dataset, element, layout, frame)
    attributes = Attributes(dataset, frame)
    facts = read_facts(attributes)
    if layout.samples == 3 or layout.photometric == "PALETTE COLOR":
        image = _read_colour(dataset, raw, layout, ybr)
    else:
        image = _read_grey(attributes, raw, _aligned(element, layout), element.little_endian)
    return replace(
        image,
        spacing=facts.spacing,
        projection=facts.projection,
        body_part=facts.body_part,
        age_years=facts.age_years,
        frame=frame,
        frame_count=layout.frames,
        notes=(*image.notes, *facts.notes),
    )


def _aligned(element: PixelElement, layout: PixelLayout) -> PixelLayout:
    """Codestreams hold the samples alone, without unused bits below them."""
    if element.encapsulated and element.transfer_syntax != RLE:
        return replace(layout, high_bit=layout.bits_stored - 1)
    return layout


def _read_grey(
    attributes: Attributes, raw: NDArray[Any], layout: PixelLayout, little_endian: bool
) -> Radiograph:
    values, notes = modality_values(stored_values(raw, layout, attributes), attributes, little_endian)
    tones = read_tones(values, attributes, little_endian)
    notes.extend(tones.notes)
    inverted = layout.photometric == "MONOCHROME1"
    if attributes.code("PresentationLUTShape") == "INVERSE" and not inverted:
        inverted = True
        notes.append("The file asks for inverted grey levels (presentation LUT shape).")
    table = finish_table(tones.table, inverted, values.padding)
    return Radiograph(
        pixels=values.pixels,
        rendering=look_up(values.pixels, table),
        window=tones.window,
        inverted=inverted,
        padding=values.padding,
        notes=tuple(notes),
    )


def _read_colour(dataset: Dataset, raw: NDArray[Any], layout: PixelLayout, ybr: bool) -> Radiograph:
    if layout.samples == 1:
        return _read_palette(dataset, raw, layout)
    if layout.kind == "float":
        refuse_damaged("The file describes an image that cannot be.")
    samples = raw >> (layout.bits_stored - 8) if layout.bits_stored > 8 else raw
    colours: NDArray[np.uint8] = samples.astype(np.uint8, copy=False)
    if ybr:
        # Luma is the grey picture; the way over RGB would only round it.
        return _plain(np.ascontiguousarray(colours[..., 0]), is_coloured(rgb_from_ybr(thinned(colours))))
    return _plain(luminance(colours), is_coloured(colours))


def _read_palette(dataset: Dataset, raw: NDArray[Any], layout: PixelLayout) -> Radiograph:
    from pydicom.pixels.processing import apply_color_lut

    size = 1 << min(layout.bits_stored, 16)
    index = raw & raw.dtype.type(size - 1)
    palette = apply_color_lut(np.arange(size, dtype=np.uint16), dataset)[:, :3]
    # Some palettes claim 16 bits and use 8.
    palette8 = (palette >> 8 if palette.max() > 255 else palette).astype(np.uint8)
    grey = luminance(palette8[None])[0]
    return _plain(grey[index], is_coloured(palette8[thinned(index)]))


def _plain(grey: Grey8, coloured: bool) -> Radiograph:
    notes = (COLOUR_NOTE,) if coloured else ()
    return Radiograph(pixels=grey, rendering=grey, window=_IDENTITY, colour=coloured, notes=notes)
