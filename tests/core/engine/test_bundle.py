import hashlib
import io
import random
import zipfile
from dataclasses import replace
from pathlib import Path

import pytest

from core.engine import bundle as module
from core.engine.bundle import CARD_MEMBER, FAMILIARITY_MEMBER, GRAPH_MEMBER, read_bundle, write_bundle
from core.errors import BundleError
from core.familiarity.mark import FamiliarityMark
from tests.helpers.tiny_model import make_card

GRAPH = b"not a graph, but bundles do not look into it"
STATISTICS = b"nor do they look into the statistics"
MARK = FamiliarityMark(images=100, accepted=0.99)


def card_json(graph: bytes = GRAPH, statistics: bytes | None = None) -> str:
    mark = replace(MARK, content_hash=hashlib.sha256(statistics).hexdigest()) if statistics else None
    return make_card(content_hash=hashlib.sha256(graph).hexdigest(), familiarity=mark).to_json()


def write_zip(path: Path, *members: tuple[str, bytes | str], compression: int = zipfile.ZIP_STORED) -> Path:
    with zipfile.ZipFile(path, "w", compression) as archive:
        for name, content in members:
            archive.writestr(name, content)
    return path


def refusal(path: Path) -> str:
    with pytest.raises(BundleError) as caught:
        read_bundle(path)
    sentence = str(caught.value)
    assert sentence.endswith(".")
    assert str(path.parent) not in sentence
    return sentence


def test_a_bundle_comes_back_as_written(tmp_path: Path) -> None:
    written = write_bundle(tmp_path / "m.bundle", make_card(), GRAPH)
    assert read_bundle(tmp_path / "m.bundle") == written
    assert written.graph == GRAPH
    assert written.card.content_hash == hashlib.sha256(GRAPH).hexdigest()


def test_familiarity_comes_back_as_written(tmp_path: Path) -> None:
    written = write_bundle(tmp_path / "m", make_card(familiarity=MARK), GRAPH, STATISTICS)
    assert read_bundle(tmp_path / "m") == written
    assert written.familiarity == STATISTICS
    assert written.card.familiarity is not None
    assert written.card.familiarity.content_hash == hashlib.sha256(STATISTICS).hexdigest()


@pytest.mark.parametrize(("mark", "statistics"), [(MARK, None), (None, STATISTICS)])
def test_familiarity_and_its_mark_come_together(
    tmp_path: Path, mark: FamiliarityMark | None, statistics: bytes | None
) -> None:
    with pytest.raises(ValueError, match="together"):
        write_bundle(tmp_path / "m", make_card(familiarity=mark), GRAPH, statistics)


def test_missing_or_other_statistics_than_the_cards_are_refused(tmp_path: Path) -> None:
    members = (CARD_MEMBER, card_json(statistics=STATISTICS)), (GRAPH_MEMBER, GRAPH)
    assert "lacks the statistics" in refusal(write_zip(tmp_path / "a", *members))
    path = write_zip(tmp_path / "b", *members, (FAMILIARITY_MEMBER, b"others"))
    assert "not the ones its card describes" in refusal(path)


def test_statistics_that_the_card_does_not_vouch_for_are_left_alone(tmp_path: Path) -> None:
    members = (CARD_MEMBER, card_json()), (GRAPH_MEMBER, GRAPH), (FAMILIARITY_MEMBER, STATISTICS)
    assert read_bundle(write_zip(tmp_path / "m", *members)).familiarity is None


def test_absurdly_large_statistics_are_refused_unread(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path, card = tmp_path / "m", make_card(familiarity=MARK)
    write_bundle(path, card, GRAPH, STATISTICS)
    monkeypatch.setattr(module, "MAX_FAMILIARITY_BYTES", len(STATISTICS) - 1)
    assert "larger than any" in refusal(path)
    with pytest.raises(BundleError, match="too large"):
        write_bundle(path, card, GRAPH, STATISTICS)


def test_equal_models_are_equal_files(tmp_path: Path) -> None:
    write_bundle(tmp_path / "a", make_card(), GRAPH)
    write_bundle(tmp_path / "b", make_card(content_hash="f" * 64), GRAPH)
    assert (tmp_path / "a").read_bytes() == (tmp_path / "b").read_bytes()


def test_other_members_are_left_alone(tmp_path: Path) -> None:
    path = write_zip(tmp_path / "m", (CARD_MEMBER, card_json()), (GRAPH_MEMBER, GRAPH), ("later.onnx", b"x"))
    assert read_bundle(path).graph == GRAPH


def test_a_missing_file_is_refused(tmp_path: Path) -> None:
    assert "not found" in refusal(tmp_path / "none.bundle")


def test_a_folder_is_refused(tmp_path: Path) -> None:
    (tmp_path / "folder").mkdir()
    assert "opened" in refusal(tmp_path / "folder")


@pytest.mark.parametrize(
    "content", [b"", b"P", b"\xff\xd8\xff\xe0 a JPEG", b"\x80\x04 a pickle", b"PK\x05\x06" + bytes(18)]
)
def test_other_files_are_refused(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "m").write_bytes(content)
    assert "not a model bundle" in refusal(tmp_path / "m")


def test_missing_members_are_refused(tmp_path: Path) -> None:
    assert "no card" in refusal(write_zip(tmp_path / "a", (GRAPH_MEMBER, GRAPH)))
    assert "no model" in refusal(write_zip(tmp_path / "b", (CARD_MEMBER, card_json())))


def test_other_weights_than_the_cards_are_refused(tmp_path: Path) -> None:
    path = write_zip(tmp_path / "m", (CARD_MEMBER, card_json(b"others")), (GRAPH_MEMBER, GRAPH))
    assert "not the ones its card describes" in refusal(path)


def test_a_card_without_hash_is_refused(tmp_path: Path) -> None:
    path = write_zip(tmp_path / "m", (CARD_MEMBER, make_card().to_json()), (GRAPH_MEMBER, GRAPH))
    assert "which weights" in refusal(path)


def test_a_newer_schema_is_named_as_such(tmp_path: Path) -> None:
    card = card_json().replace('"schema_version": 1', '"schema_version": 2')
    path = write_zip(tmp_path / "m", (CARD_MEMBER, card), (GRAPH_MEMBER, GRAPH))
    assert "newer version" in refusal(path)


@pytest.mark.parametrize(
    "name", ["../evil", "/etc/x", "a/b", "C:\\x", "..", ".hidden", "a\\b", "x" * 65, "n\u00e4me"]
)
def test_path_tricks_are_refused(tmp_path: Path, name: str) -> None:
    path = write_zip(tmp_path / "m", (CARD_MEMBER, card_json()), (GRAPH_MEMBER, GRAPH), (name, b"x"))
    assert "do not belong" in refusal(path)


def test_a_name_cut_by_a_nul_byte_is_refused(tmp_path: Path) -> None:
    path = write_zip(tmp_path / "m", (CARD_MEMBER, card_json()), (GRAPH_MEMBER, GRAPH), ("evil_onnx", b"x"))
    path.write_bytes(path.read_bytes().replace(b"evil_onnx", b"evil\0onnx"))
    assert "do not belong" in refusal(path)


@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_two_members_of_one_name_are_refused(tmp_path: Path) -> None:
    path = write_zip(tmp_path / "m", (CARD_MEMBER, card_json()), (GRAPH_MEMBER, GRAPH), (GRAPH_MEMBER, b"x"))
    assert "same name" in refusal(path)


def test_compressed_members_are_refused(tmp_path: Path) -> None:
    members = (CARD_MEMBER, card_json()), (GRAPH_MEMBER, GRAPH)
    assert "compressed" in refusal(write_zip(tmp_path / "m", *members, compression=zipfile.ZIP_DEFLATED))


def test_encrypted_members_are_refused(tmp_path: Path) -> None:
    path = write_zip(tmp_path / "m", (CARD_MEMBER, card_json()), (GRAPH_MEMBER, GRAPH))
    content = bytearray(path.read_bytes())
    content[content.index(b"PK\x01\x02") + 8] |= 1
    path.write_bytes(content)
    assert "encrypted" in refusal(path)


def test_absurdly_large_weights_are_refused_unread(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "m"
    write_bundle(path, make_card(), GRAPH)
    monkeypatch.setattr(module, "MAX_GRAPH_BYTES", len(GRAPH) - 1)
    assert "larger than any" in refusal(path)
    with pytest.raises(BundleError, match="too large"):
        write_bundle(path, make_card(), GRAPH)


def test_an_absurdly_large_file_is_refused_unread(tmp_path: Path) -> None:
    path = tmp_path / "m"
    with path.open("wb") as stream:
        stream.write(b"PK\x03\x04")
        stream.truncate(3 * 2**30)  # sparse
    assert "larger than any" in refusal(path)


def test_an_endless_table_of_contents_is_refused_unread(tmp_path: Path) -> None:
    path = write_zip(tmp_path / "m", *((f"m{n}", b"") for n in range(2000)))
    assert "not a model bundle" in refusal(path)


def test_an_empty_graph_is_not_written(tmp_path: Path) -> None:
    with pytest.raises(BundleError):
        write_bundle(tmp_path / "m", make_card(), b"")
    assert not list(tmp_path.iterdir())


def test_every_damage_is_refused_or_harmless(tmp_path: Path) -> None:
    path = tmp_path / "m"
    written = write_bundle(path, make_card(familiarity=MARK), GRAPH, STATISTICS)
    whole = path.read_bytes()
    generator = random.Random(7)
    for _ in range(1500):
        damaged = bytearray(whole)
        for _ in range(generator.choice((1, 1, 4))):
            damaged[generator.randrange(len(whole))] ^= 1 << generator.randrange(8)
        if generator.random() < 0.3:
            del damaged[generator.randrange(len(whole)) :]
        path.write_bytes(damaged)
        try:
            read = read_bundle(path)
        except BundleError:
            continue
        # A flip in the unread parts (dates, comments) may pass; the content may not have changed.
        assert read == written


def test_writing_fails_without_leaving_a_file(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        write_bundle(tmp_path / "no" / "m", make_card(), GRAPH)


def test_the_graph_is_not_printed(tmp_path: Path) -> None:
    out = io.StringIO()
    print(write_bundle(tmp_path / "m", make_card(), GRAPH), file=out)
    assert "not a graph" not in out.getvalue()
