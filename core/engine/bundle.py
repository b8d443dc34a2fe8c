"""A model in one file: a ZIP of uncompressed members, of which nothing is code.

`card.json` and `model.onnx` are always there; `familiarity.npz`, by which the model tells what it knows, may be.
"""

from __future__ import annotations

import hashlib
import os
import re
import zipfile
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import BinaryIO, Final

from core.engine.card import Card
from core.errors import BundleError
from core.files import atomic_write

CARD_MEMBER: Final = "card.json"
GRAPH_MEMBER: Final = "model.onnx"
FAMILIARITY_MEMBER: Final = "familiarity.npz"

MAX_CARD_BYTES: Final = 2 * 2**20
MAX_GRAPH_BYTES: Final = 512 * 2**20
"""ResNet-18 takes 45 MB, ResNet-152 takes 240 MB."""

MAX_FAMILIARITY_BYTES: Final = 16 * 2**20

_MAX_DIRECTORY_BYTES: Final = 64 * 2**10
_MAX_FILE_BYTES: Final = 2 * (MAX_GRAPH_BYTES + MAX_CARD_BYTES + MAX_FAMILIARITY_BYTES)
_MEMBER_NAME: Final = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_.-]{0,63}")
_ENCRYPTED: Final = 0x1
_LOCAL_HEADER: Final = b"PK\x03\x04"

_NOT_A_BUNDLE: Final = "This file is not a model bundle of this program."
_DAMAGED: Final = "The model bundle is damaged; get the file again."


@dataclass(frozen=True, slots=True)
class Bundle:
    """A model as it lies in its file.

    Attributes
    ----------
    card : Card
    graph : bytes
        The ONNX graph including its weights; its SHA-256 is `card.content_hash`.
    familiarity : bytes or None
        The statistics as `core.familiarity` stores them; their SHA-256 is `card.familiarity.content_hash`.
    """

    card: Card
    graph: bytes = field(repr=False)
    familiarity: bytes | None = field(default=None, repr=False)


def write_bundle(
    path: str | os.PathLike[str], card: Card, graph: bytes, familiarity: bytes | None = None
) -> Bundle:
    """Write a bundle atomically; the same content gives the same bytes.

    Parameters
    ----------
    path : path
    card : Card
        Its content hashes are computed here, whatever it says.
    graph : bytes
        A single-file ONNX graph.
    familiarity : bytes, optional
        Statistics that `card.familiarity` describes.

    Returns
    -------
    Bundle
        What `read_bundle` will return.

    Raises
    ------
    BundleError
        When a part exceeds what a bundle may hold.
    ValueError
        When only one of card and bundle knows of familiarity.
    OSError
        When the file cannot be written.
    """
    card = replace(card, content_hash=hashlib.sha256(graph).hexdigest())
    if (familiarity is None) != (card.familiarity is None):
        raise ValueError("familiarity statistics and what the card says of them come together")
    if familiarity is not None and card.familiarity is not None:
        mark = replace(card.familiarity, content_hash=hashlib.sha256(familiarity).hexdigest())
        card = replace(card, familiarity=mark)
    text = card.to_json().encode()
    if not 0 < len(graph) <= MAX_GRAPH_BYTES or len(text) > MAX_CARD_BYTES:
        raise BundleError("The model is too large for a bundle.")
    members = [(CARD_MEMBER, text), (GRAPH_MEMBER, graph)]
    if familiarity is not None:
        if len(familiarity) > MAX_FAMILIARITY_BYTES:
            raise BundleError("The model is too large for a bundle.")
        members.append((FAMILIARITY_MEMBER, familiarity))
    with atomic_write(path) as stream, zipfile.ZipFile(stream, "w", allowZip64=False) as archive:
        for name, content in members:
            member = zipfile.ZipInfo(name)  # dated 1980, so that equal models are equal files
            member.external_attr = 0o644 << 16
            archive.writestr(member, content, zipfile.ZIP_STORED)
    return Bundle(card, graph, familiarity)


def read_bundle(path: str | os.PathLike[str]) -> Bundle:
    """Read a bundle and hold its parts against the hashes on its card.

    Parameters
    ----------
    path : path

    Raises
    ------
    BundleError
        With one sentence, when the file is missing, unreadable, damaged, no bundle, too large, or made by a
        newer version of the program.
    """
    try:
        with Path(path).open("rb") as stream:
            card_text, graph, familiarity = _read_members(stream)
    except FileNotFoundError:
        raise BundleError("The model bundle was not found.") from None
    except OSError:
        raise BundleError("The model bundle could not be opened.") from None
    card = Card.from_json(card_text)
    if not card.content_hash:
        raise BundleError("The card of the model does not say which weights it belongs to.")
    if hashlib.sha256(graph).hexdigest() != card.content_hash:
        raise BundleError(
            "The model's weights are not the ones its card describes; the file is damaged or altered."
        )
    return Bundle(card, graph, _checked_familiarity(card, familiarity))


def _checked_familiarity(card: Card, content: bytes | None) -> bytes | None:
    """Return what lies in the bundle if it is what the card tells of; nobody asks for what it does not tell of."""
    if card.familiarity is None:
        return None
    if content is None:
        raise BundleError("The model bundle lacks the statistics by which the model tells what it knows.")
    if hashlib.sha256(content).hexdigest() != card.familiarity.content_hash:
        raise BundleError(
            "The statistics by which the model tells what it knows are not the ones its card describes; the file is "
            "damaged or altered."
        )
    return content


def _read_members(stream: BinaryIO) -> tuple[bytes, bytes, bytes | None]:
    """Return the bytes of card, graph and, where it is there, familiarity."""
    _check_outside(stream)
    try:
        with zipfile.ZipFile(stream) as archive:
            members = archive.infolist()
            _check_members(members)
            by_name = {member.filename: member for member in members}
            if CARD_MEMBER not in by_name:
                raise BundleError("The model bundle has no card.")
            if GRAPH_MEMBER not in by_name:
                raise BundleError("The model bundle has no model in it.")
            _check_size(by_name[CARD_MEMBER], MAX_CARD_BYTES)
            _check_size(by_name[GRAPH_MEMBER], MAX_GRAPH_BYTES)
            card, graph = archive.read(CARD_MEMBER), _read_stored(stream, by_name[GRAPH_MEMBER])
            familiarity = None
            if extra := by_name.get(FAMILIARITY_MEMBER):
                _check_size(extra, MAX_FAMILIARITY_BYTES)
                familiarity = _read_stored(stream, extra)
            return card, graph, familiarity
    except (zipfile.BadZipFile, NotImplementedError, EOFError, ValueError, IndexError, RuntimeError):
        raise BundleError(_DAMAGED) from None


def _read_stored(stream: BinaryIO, member: zipfile.ZipInfo) -> bytes:
    """Read an uncompressed member in one piece.

    `zipfile` would read it in slices and take its CRC-32, at half the time that opening a bundle costs; the
    SHA-256 on the card says more.
    """
    stream.seek(member.header_offset)
    header = stream.read(30)  # local file header, APPNOTE.TXT 4.3.7
    if header[:4] != _LOCAL_HEADER:
        raise BundleError(_DAMAGED)
    name_length, extra_length = (int.from_bytes(header[at : at + 2], "little") for at in (26, 28))
    stream.seek(name_length + extra_length, os.SEEK_CUR)
    content = stream.read(member.file_size)
    if len(content) != member.file_size:
        raise BundleError(_DAMAGED)
    return content


def _check_outside(stream: BinaryIO) -> None:
    """Refuse what is no ZIP, and a table of contents that would fill the memory, before it is parsed."""
    if stream.read(4) != _LOCAL_HEADER:
        raise BundleError(_NOT_A_BUNDLE)
    size = stream.seek(0, os.SEEK_END)
    if size > _MAX_FILE_BYTES:
        raise BundleError("The model bundle is larger than any model this program can run.")
    stream.seek(-min(size, 22 + 0xFFFF), os.SEEK_END)
    tail = stream.read()
    end = tail.rfind(b"PK\x05\x06")  # end of central directory, APPNOTE.TXT 4.3.16
    if end < 0 or len(tail) < end + 22:
        raise BundleError(_DAMAGED)
    if int.from_bytes(tail[end + 12 : end + 16], "little") > _MAX_DIRECTORY_BYTES:
        raise BundleError(_NOT_A_BUNDLE)
    stream.seek(0)


def _check_members(members: list[zipfile.ZipInfo]) -> None:
    names = [member.filename for member in members]
    if len(set(names)) < len(names):
        raise BundleError("The model bundle holds two files of the same name.")
    for member in members:
        # orig_filename: zipfile cuts a name at a NUL byte and turns backslashes on Windows.
        if member.orig_filename != member.filename or not _MEMBER_NAME.fullmatch(member.filename):
            raise BundleError("The model bundle holds files that do not belong in it.")
        if member.compress_type != zipfile.ZIP_STORED or member.flag_bits & _ENCRYPTED:
            raise BundleError(
                "The model bundle is compressed or encrypted, which this program does not accept."
            )


def _check_size(member: zipfile.ZipInfo, limit: int) -> None:
    if member.file_size > limit:
        raise BundleError("The model bundle is larger than any model this program can run.")
    if member.file_size != member.compress_size:
        raise BundleError(_DAMAGED)
