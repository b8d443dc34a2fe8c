import json
import random
import re
import zipfile
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from core.engine.engine import Engine
from core.errors import LessonError
from core.outputs import OutputError
from core.reading import read_radiograph
from core.store.content import content_hash
from core.teaching import lesson_file as module
from core.teaching.lesson import Lesson
from core.teaching.lesson_file import ANSWERS_MEMBER, PUBLIC_MEMBER, read_lesson, write_lesson
from core.teaching.lesson_json import answers_text, join, public_text, read_public
from core.teaching.sealing import seal
from tests.core.reading.dicom_writer import dicom_bytes
from tests.core.teaching.lessons import (
    SECRETS,
    content_of,
    grey_picture,
    make_item,
    make_lesson,
    picture_bytes,
    write_radiographs,
)
from tests.helpers.tiny_model import write_tiny_bundle

LESSON = make_lesson()
PUBLIC = public_text(LESSON, [])
ANSWERS = answers_text(LESSON)


def write_zip(path: Path, *members: tuple[str, bytes], compression: int = zipfile.ZIP_STORED) -> Path:
    with zipfile.ZipFile(path, "w", compression) as archive:
        for name, content in members:
            archive.writestr(name, content)
    return path


def write_texts(path: Path, public: bytes = PUBLIC, answers: bytes = ANSWERS) -> Path:
    return write_zip(path, (PUBLIC_MEMBER, public), (ANSWERS_MEMBER, seal(answers, public)))


def refusal(path: Path) -> str:
    with pytest.raises(LessonError) as caught:
        read_lesson(path)
    sentence = str(caught.value)
    assert re.fullmatch(r"[A-Z][^\n]*\.", sentence)
    assert str(path.parent) not in sentence
    return sentence


def lesson_of(found: dict[str, Path]) -> Lesson:
    items = [make_item(number, content=content) for number, content in enumerate(found)]
    return make_lesson(items)


def test_a_lesson_comes_back_as_written(tmp_path: Path) -> None:
    path = tmp_path / "l.deeplesson"
    written = write_lesson(path, LESSON)
    assert written == read_lesson(path)
    assert written.lesson == LESSON
    assert written.included == frozenset()
    assert [entry.name for entry in tmp_path.iterdir()] == [path.name]


def test_equal_lessons_are_equal_files(tmp_path: Path) -> None:
    write_lesson(tmp_path / "a", LESSON)
    write_lesson(tmp_path / "b", LESSON)
    assert (tmp_path / "a").read_bytes() == (tmp_path / "b").read_bytes()


def test_nothing_secret_is_in_the_file_as_plain_text(tmp_path: Path) -> None:
    found = write_radiographs(tmp_path)
    path = tmp_path / "l.deeplesson"
    write_lesson(path, lesson_of(found), found)
    raw = path.read_bytes()
    with zipfile.ZipFile(path) as archive:
        texts = [raw, *map(archive.read, archive.namelist()), *(n.encode() for n in archive.namelist())]
    secrets = [*SECRETS, "Secretname", *(file.stem for file in found.values())]
    for text in texts:
        for secret in secrets:
            assert secret.lower().encode() not in text.lower()


def test_included_radiographs_come_back_with_the_same_pixels(tmp_path: Path) -> None:
    found = write_radiographs(tmp_path)
    file = write_lesson(tmp_path / "l", lesson_of(found), found)
    assert file.included == found.keys()
    for content, path in found.items():
        again = read_radiograph(file.read(content))
        assert np.array_equal(again.rendering, read_radiograph(path).rendering)
    with pytest.raises(LessonError, match="not in the lesson"):
        file.read(content_of(99))


def test_a_dicom_travels_without_its_patient_and_keeps_its_score(tmp_path: Path) -> None:
    pixels = grey_picture().astype(np.uint16) * 16
    path = tmp_path / "a.dcm"
    path.write_bytes(
        dicom_bytes(
            pixels,
            bits_stored=12,
            PatientName="Secretname^Ada",
            PatientID="S3CR3T",
            PhotometricInterpretation="MONOCHROME1",
            WindowCenter=1500,
            WindowWidth=2000,
        )
    )
    assert b"Secretname" in path.read_bytes()
    content = content_hash(path)
    file = write_lesson(tmp_path / "l", make_lesson([make_item(content=content)]), {content: path})
    assert b"Secretname" not in (tmp_path / "l").read_bytes()
    assert b"S3CR3T" not in (tmp_path / "l").read_bytes()
    write_tiny_bundle(tmp_path / "m")
    engine = Engine(tmp_path / "m", threads=1)
    included = read_radiograph(file.read(content))
    assert engine.score(included).score == engine.score(read_radiograph(path)).score


def test_each_frame_of_a_file_is_included(tmp_path: Path) -> None:
    path = tmp_path / "a.tif"
    from PIL import Image

    first, second = (Image.fromarray(grey_picture(seed)) for seed in (0, 5))
    first.save(path, save_all=True, append_images=[second])
    content = content_hash(path)
    items = [make_item(content=content), make_item(content=content, frame=1)]
    file = write_lesson(tmp_path / "l", make_lesson(items), {content: path})
    for frame in (0, 1):
        again = read_radiograph(file.read(content, frame))
        assert np.array_equal(again.rendering, read_radiograph(path, frame=frame).rendering)


def test_radiographs_need_a_licence(tmp_path: Path) -> None:
    found = write_radiographs(tmp_path)
    lesson = replace(lesson_of(found), licence=" ")
    with pytest.raises(LessonError, match="licence"):
        write_lesson(tmp_path / "l", lesson, found)
    assert not (tmp_path / "l").exists()
    assert write_lesson(tmp_path / "l", lesson).lesson == lesson


def test_a_changed_or_missing_radiograph_is_not_included(tmp_path: Path) -> None:
    found = write_radiographs(tmp_path)
    lesson = lesson_of(found)
    second = list(found.values())[1]
    second.write_bytes(picture_bytes("JPEG", 9))
    with pytest.raises(LessonError, match="Case 2 cannot be included: its file has changed"):
        write_lesson(tmp_path / "l", lesson, found)
    second.unlink()
    with pytest.raises(LessonError, match=r"Case 2 cannot be included\. The file is no longer there\."):
        write_lesson(tmp_path / "l", lesson, found)
    assert not (tmp_path / "l").exists()


@pytest.mark.parametrize("kind", ["burnt", "colour", "text"])
def test_what_may_not_or_cannot_travel_is_named(tmp_path: Path, kind: str) -> None:
    path = tmp_path / "a"
    if kind == "burnt":
        path.write_bytes(dicom_bytes(grey_picture(), BurnedInAnnotation="YES"))
    elif kind == "colour":
        from PIL import Image

        wild = np.random.default_rng(0).integers(0, 255, (64, 64, 3), dtype=np.uint8)
        Image.fromarray(wild).save(path, "PNG")
    else:
        path.write_text("no radiograph")
    content = content_hash(path)
    with pytest.raises(LessonError, match=r"Case 1 cannot be included\. [A-Z].*\."):
        write_lesson(tmp_path / "l", make_lesson([make_item(content=content)]), {content: path})


def test_what_an_earlier_file_includes_stays_included(tmp_path: Path) -> None:
    found = write_radiographs(tmp_path)
    first = write_lesson(tmp_path / "l", lesson_of(found), found)
    for path in found.values():
        path.unlink()
    again = write_lesson(tmp_path / "l", first.lesson.moved(0, 2), earlier=first)
    assert again.included == first.included
    with pytest.raises(LessonError, match="damaged"):  # the file is another one by now
        first.read(first.lesson.items[0].content)


def test_progress_is_told_and_cancelling_leaves_what_was_there(tmp_path: Path) -> None:
    found = write_radiographs(tmp_path)
    told: list[tuple[int, int]] = []
    write_lesson(tmp_path / "l", lesson_of(found), found, report=lambda *at: told.append(at))
    assert told == [(0, 3), (1, 3), (2, 3), (3, 3)]
    before = (tmp_path / "l").read_bytes()
    calls = iter((None, None))

    def check() -> None:
        if next(calls, 1) is not None:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        write_lesson(tmp_path / "l", lesson_of(found), found, check=check)
    assert (tmp_path / "l").read_bytes() == before
    assert not list(tmp_path.glob(".*"))


def test_a_radiograph_is_never_overwritten(tmp_path: Path) -> None:
    found = write_radiographs(tmp_path)
    with pytest.raises(OutputError):
        write_lesson(next(iter(found.values())), lesson_of(found), found)


def test_a_lesson_without_cases_is_not_written(tmp_path: Path) -> None:
    with pytest.raises(LessonError, match="no cases"):
        write_lesson(tmp_path / "l", make_lesson([]))
    with pytest.raises(LessonError, match="title"):
        write_lesson(tmp_path / "l", replace(LESSON, title="x" * 301))


def test_other_files_are_refused(tmp_path: Path) -> None:
    assert "not found" in refusal(tmp_path / "none")
    assert "folder" in refusal(tmp_path)
    for content in (b"", b"P", b"\xff\xd8\xff\xe0", b"PK\x05\x06" + bytes(18)):
        (tmp_path / "x").write_bytes(content)
        assert "not a lesson" in refusal(tmp_path / "x")


@pytest.mark.parametrize(
    "name", ["../evil", "/etc/x", "radiographs/../x", "C:\\x", "other.json", "radiographs/a-0"]
)
def test_foreign_members_are_refused(tmp_path: Path, name: str) -> None:
    sealed = seal(ANSWERS, PUBLIC)
    path = write_zip(tmp_path / "l", (PUBLIC_MEMBER, PUBLIC), (ANSWERS_MEMBER, sealed), (name, b"x"))
    assert "do not belong" in refusal(path)


@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_tricks_with_members_are_refused(tmp_path: Path) -> None:
    pair = (PUBLIC_MEMBER, PUBLIC), (ANSWERS_MEMBER, seal(ANSWERS, PUBLIC))
    assert "same name" in refusal(write_zip(tmp_path / "a", *pair, pair[0]))
    assert "compressed" in refusal(write_zip(tmp_path / "b", *pair, compression=zipfile.ZIP_DEFLATED))
    extra = f"radiographs/{content_of(0)}-0", b"x"
    assert "damaged" in refusal(write_zip(tmp_path / "c", *pair, extra))
    assert "damaged" in refusal(write_zip(tmp_path / "d", pair[0]))


def test_an_absurd_file_is_refused_unread(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "l"
    with path.open("wb") as stream:
        stream.write(b"PK\x03\x04")
        stream.truncate(3 * 2**30)
    assert "larger" in refusal(path)
    write_texts(path)
    monkeypatch.setattr(module, "MAX_ANSWERS_BYTES", 100)
    assert "larger" in refusal(path)


def test_a_radiograph_that_is_another_one_is_refused(tmp_path: Path) -> None:
    found = write_radiographs(tmp_path, 1)
    file = write_lesson(tmp_path / "l", lesson_of(found), found)
    raw = bytearray((tmp_path / "l").read_bytes())
    raw[raw.index(b"\xff\xd8\xff") + 40] ^= 1
    (tmp_path / "l").write_bytes(raw)
    with pytest.raises(LessonError, match="damaged"):
        file.read(next(iter(found)))


def test_a_newer_lesson_is_named_as_such(tmp_path: Path) -> None:
    newer = PUBLIC.replace(b'"schema_version":1', b'"schema_version":2')
    assert "newer version" in refusal(write_texts(tmp_path / "l", newer))


@pytest.mark.parametrize(
    "public",
    [b"", b"[]", b"{}", b"[" * 100_000, b'{"schema_version":1}', PUBLIC.replace(b"90", b"NaN"), b"\xff"],
)
def test_texts_that_are_no_lesson_are_refused(tmp_path: Path, public: bytes) -> None:
    assert "damaged" in refusal(write_texts(tmp_path / "l", public))


VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=5,
)


@settings(max_examples=300, deadline=None)
@given(st.data())
def test_any_value_in_any_place_is_refused_or_makes_a_lesson(data: st.DataObject) -> None:
    texts = [json.loads(PUBLIC), json.loads(ANSWERS)]
    node, key = texts, data.draw(st.integers(0, 1))
    while isinstance(node[key], (dict, list)) and node[key] and data.draw(st.integers(0, 5)):
        node = node[key]
        key = data.draw(
            st.sampled_from(sorted(node)) if isinstance(node, dict) else st.integers(0, len(node) - 1)
        )
    node[key] = data.draw(VALUES)
    public, answers = (json.dumps(text).encode() for text in texts)
    try:
        lesson, _ = join(read_public(public), answers)
    except LessonError:
        return
    assert lesson.items
    assert join(read_public(public_text(lesson, [])), answers_text(lesson))[0] == lesson


@settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(seed=st.integers(0, 2**32))
def test_every_damage_is_refused_or_harmless(tmp_path: Path, seed: int) -> None:
    path = tmp_path / "l"
    write_texts(path)
    chance, damaged = random.Random(seed), bytearray(path.read_bytes())
    for _ in range(chance.choice((1, 1, 4))):
        damaged[chance.randrange(len(damaged))] ^= 1 << chance.randrange(8)
    if chance.random() < 0.3:
        del damaged[chance.randrange(len(damaged)) :]
    path.write_bytes(damaged)
    try:
        read = read_lesson(path)
    except LessonError:
        return
    assert read.lesson == LESSON


def test_a_jpeg_keeps_its_data_and_loses_the_rest(tmp_path: Path) -> None:
    from core.teaching.stripping import stripped

    path = tmp_path / "a"
    path.write_bytes(picture_bytes("JPEG", comment=b"Secretname") + b"Secretname behind the end")
    kept = stripped(path)
    assert kept.startswith(b"\xff\xd8")
    assert b"Secretname" not in kept
    from PIL import Image

    exif = Image.Exif()
    exif[0x0112] = 6  # to be turned
    exif[0x010E] = "Secretname"
    path.write_bytes(picture_bytes("JPEG", exif=exif))
    turned = stripped(path)
    assert turned.startswith(b"\x89PNG")
    assert b"Secretname" not in turned
    assert np.array_equal(read_radiograph(turned).rendering, read_radiograph(path).rendering)
