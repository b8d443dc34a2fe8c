"""The size of a WebP picture, from its first bytes."""

from __future__ import annotations

from core.reading.refusal import refuse_damaged


def webp_size(head: bytes) -> tuple[int, int]:
    """Width and height by the WebP container, VP8 and VP8L specifications (RFC 9649).

    Parameters
    ----------
    head : bytes
        At least the first 30 bytes of the file.

    Raises
    ------
    Refusal
        When the first chunk is none that a picture may start with.
    """
    chunk, body = head[12:16], head[20:]
    if chunk == b"VP8X" and len(body) >= 10:
        return int.from_bytes(body[4:7], "little") + 1, int.from_bytes(body[7:10], "little") + 1
    if chunk == b"VP8L" and len(body) >= 5:
        packed = int.from_bytes(body[1:5], "little")
        return (packed & 0x3FFF) + 1, (packed >> 14 & 0x3FFF) + 1
    if chunk == b"VP8 " and len(body) >= 10:
        # The two highest bits of each word ask for scaling, not for pixels.
        width, height = int.from_bytes(body[6:8], "little"), int.from_bytes(body[8:10], "little")
        return width & 0x3FFF, height & 0x3FFF
    return refuse_damaged()
