"""Keeping answers out of sight: no editor, search or unpacker shows what is sealed.

This is no secret. The key lies in this file, which everybody may read: whoever can write a few lines of a program
can open a sealed text. It keeps an honest learner from stumbling over the truth, as a folded page does.
"""

from __future__ import annotations

import hashlib
import hmac
import zlib
from typing import Final

from core.errors import LessonError

_KEY: Final = hashlib.blake2b(b"DeepPneumo: the answers of a lesson, 1").digest()
_MARK_BYTES: Final = 32
_DAMAGED: Final = "The answers of the lesson are damaged; get the file again."


def seal(plain: bytes, beside: bytes) -> bytes:
    """Seal a text.

    Parameters
    ----------
    plain : bytes
    beside : bytes
        What lies open beside it and must not be changed, or the seal breaks.

    Returns
    -------
    bytes
        The same for the same text.
    """
    packed = zlib.compress(plain, 9)
    mark = _mark(packed, beside)
    return mark + _veiled(packed, mark)


def unseal(sealed: bytes, beside: bytes, limit: int) -> bytes:
    """Return what was sealed.

    Parameters
    ----------
    sealed : bytes
        From `seal`.
    beside : bytes
        The same as when it was sealed.
    limit : int
        Bytes that it may unfold to.

    Raises
    ------
    LessonError
        When either was changed, or when there is more in it than `limit`.
    """
    mark, veiled = sealed[:_MARK_BYTES], sealed[_MARK_BYTES:]
    packed = _veiled(veiled, mark)
    if not hmac.compare_digest(mark, _mark(packed, beside)):
        raise LessonError(_DAMAGED)
    unpacking = zlib.decompressobj()
    try:
        plain = unpacking.decompress(packed, limit + 1)
    except zlib.error:
        raise LessonError(_DAMAGED) from None
    if len(plain) > limit:
        raise LessonError("The lesson holds more text than any lesson of this program.")
    if not unpacking.eof or unpacking.unused_data:
        raise LessonError(_DAMAGED)
    return plain


def _mark(packed: bytes, beside: bytes) -> bytes:
    digest = hashlib.blake2b(key=_KEY, digest_size=_MARK_BYTES)
    digest.update(len(beside).to_bytes(8, "big"))
    digest.update(beside)
    digest.update(packed)
    return digest.digest()


def _veiled(content: bytes, mark: bytes) -> bytes:
    """Cover or uncover; the mark sees to it that two texts are never covered in the same way."""
    veil = hashlib.shake_256(_KEY + mark).digest(len(content))
    return (int.from_bytes(content, "big") ^ int.from_bytes(veil, "big")).to_bytes(len(content), "big")
