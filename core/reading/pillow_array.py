"""A Pillow image's memory as a numpy array, without copying it where Pillow lends it out."""

from __future__ import annotations

import ctypes
from typing import Any, ClassVar

import numpy as np
from numpy.typing import NDArray
from PIL import Image


class _ArrowArray(ctypes.Structure):
    """The structure of the Arrow C data interface, which Pillow exports through a PyCapsule."""

    _fields_: ClassVar = [
        ("length", ctypes.c_int64),
        ("null_count", ctypes.c_int64),
        ("offset", ctypes.c_int64),
        ("n_buffers", ctypes.c_int64),
        ("n_children", ctypes.c_int64),
        ("buffers", ctypes.POINTER(ctypes.c_void_p)),
        ("children", ctypes.c_void_p),
        ("dictionary", ctypes.c_void_p),
        ("release", ctypes.c_void_p),
        ("private_data", ctypes.c_void_p),
    ]


_pointer_of = ctypes.pythonapi.PyCapsule_GetPointer
_pointer_of.restype = ctypes.c_void_p
_pointer_of.argtypes = [ctypes.py_object, ctypes.c_char_p]


def grey_array(image: Image.Image) -> NDArray[np.uint8]:
    """Pixels of an image of mode L, read-only.

    `numpy.asarray` copies twice, which takes half as long as decoding a radiograph does. Pillow lends
    its memory through the Arrow interface when it lies in one piece; larger images are copied.

    Returns
    -------
    ndarray of uint8, shape (H, W)
    """
    try:
        _, capsule = image.__arrow_c_array__()
    except (ValueError, MemoryError):
        return np.asarray(image)
    lent = _ArrowArray.from_address(_pointer_of(capsule, b"arrow_array"))
    width, height = image.size
    if lent.length != width * height or lent.n_buffers != 2 or lent.offset or not lent.buffers[1]:
        return np.asarray(image)
    memory: Any = (ctypes.c_uint8 * (width * height)).from_address(lent.buffers[1])
    memory.owner = capsule  # the capsule keeps Pillow's memory alive as long as the array lives
    array = np.frombuffer(memory, dtype=np.uint8).reshape(height, width)
    array.flags.writeable = False
    return array
