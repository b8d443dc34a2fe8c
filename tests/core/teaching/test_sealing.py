import random
import zlib

import pytest

from core.errors import LessonError
from core.teaching import sealing
from core.teaching.sealing import seal, unseal

PLAIN = b'{"truth": "bacterial", "note": "pneumonia"}' * 5
BESIDE = b"what lies open"


@pytest.mark.parametrize("plain", [b"", b"x", PLAIN, bytes(100_000)])
def test_what_was_sealed_comes_back(plain: bytes) -> None:
    assert unseal(seal(plain, BESIDE), BESIDE, 100_000) == plain


def test_equal_texts_are_sealed_equally_and_others_otherwise() -> None:
    assert seal(PLAIN, BESIDE) == seal(PLAIN, BESIDE)
    one, other = seal(PLAIN, BESIDE), seal(PLAIN, BESIDE + b"!")
    # Not covered in the same way either, or laying one upon the other would uncover both.
    assert sum(a == b for a, b in zip(one, other, strict=True)) < len(one) // 4


def test_no_word_of_it_is_seen_nor_unpacked() -> None:
    sealed = seal(PLAIN, BESIDE)
    assert not any(word in sealed for word in (b"truth", b"bacterial", b"pneumonia", b"note"))
    for start in range(len(sealed)):
        for bits in (15, -15, 31):
            unpacking = zlib.decompressobj(bits)
            try:
                shown = unpacking.decompress(sealed[start:])
            except zlib.error:
                continue
            assert b"bacterial" not in shown


def test_every_changed_bit_breaks_the_seal() -> None:
    sealed = bytearray(seal(PLAIN, BESIDE))
    for place in range(len(sealed)):
        sealed[place] ^= 1 << random.Random(place).randrange(8)
        with pytest.raises(LessonError, match="damaged"):
            unseal(bytes(sealed), BESIDE, 1000)
        sealed = bytearray(seal(PLAIN, BESIDE))


@pytest.mark.parametrize("sealed", [b"", b"x" * 31, b"x" * 32, b"x" * 500, seal(PLAIN, BESIDE)[:-1]])
def test_other_bytes_are_refused(sealed: bytes) -> None:
    with pytest.raises(LessonError, match="damaged"):
        unseal(sealed, BESIDE, 1000)


def test_what_lies_beside_it_must_not_be_changed() -> None:
    with pytest.raises(LessonError, match="damaged"):
        unseal(seal(PLAIN, BESIDE), BESIDE + b" ", 1000)


def test_a_bomb_does_not_go_off() -> None:
    bomb = seal(bytes(50_000_000), BESIDE)
    assert len(bomb) < 100_000
    with pytest.raises(LessonError, match="more text"):
        unseal(bomb, BESIDE, 1000)


@pytest.mark.parametrize(
    "packed", [b"no zlib at all", zlib.compress(PLAIN)[:-5], zlib.compress(PLAIN) + b"more"]
)
def test_a_seal_around_something_else_is_refused(monkeypatch: pytest.MonkeyPatch, packed: bytes) -> None:
    with monkeypatch.context() as patched:
        patched.setattr(sealing.zlib, "compress", lambda *_: packed)
        sealed = seal(PLAIN, BESIDE)
    with pytest.raises(LessonError, match="damaged"):
        unseal(sealed, BESIDE, 1000)
