from __future__ import annotations

import sqlite3
import threading
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pytest

from core.certainty import UncertainBand
from core.engine.card import Card, OperatingPoint
from core.engine.prediction import Familiarity
from core.store.content import FileState, Picture
from core.store.errors import StoreError
from core.store.judgement import NO_JUDGEMENT, Judgement
from core.store.model_key import model_key
from core.store.result import Result
from core.store.store import Store
from core.truth.truth import Truth
from tests.core.store.conftest import predict, wait_for

ONE, TWO = "1" * 64, "2" * 64


def test_a_result_comes_back_as_it_was_but_for_the_features(store: Store, card: Card) -> None:
    prediction = predict(card, familiarity=Familiarity(False, "The image looks rotated.", 3.5, 2.0))
    picture = Picture(ONE, 2)
    assert wait_for(lambda done: store.keep(picture, card, Result("refused", "Why.", prediction), done))
    result = store.remembered([picture], card)[picture].result
    assert result is not None
    assert (result.status, result.reason) == ("refused", "Why.")
    back = result.prediction
    assert back is not None
    for name in ("logits", "probabilities", "activation_maps"):
        np.testing.assert_array_equal(getattr(back, name), getattr(prediction, name))
    assert back.features.size == 0
    assert (back.class_names, back.threshold, back.model) == (
        prediction.class_names,
        prediction.threshold,
        prediction.model,
    )
    assert back.familiarity == prediction.familiarity
    assert back.band == UncertainBand(0.3, 0.6, "between the model's operating points")
    assert (back.prediction_set, back.refusal) == (None, None)
    assert back.score == prediction.score


def test_a_reason_needs_no_prediction(store: Store, card: Card) -> None:
    picture = Picture(ONE)
    wait_for(lambda done: store.keep(picture, card, Result("unreadable", "It is damaged."), done))
    result = store.remembered([picture], card)[picture].result
    assert result is not None
    assert (result.status, result.reason, result.prediction) == ("unreadable", "It is damaged.", None)


def test_results_of_different_make_come_back_together(store: Store, card: Card) -> None:
    small = predict(card, seed=1)
    large = replace(
        predict(card, seed=2), activation_maps=np.ones((len(card.class_names), 14, 12), np.float32)
    )
    results = [
        Result("ok", "", small, ("Two of them.",)),
        Result("unreadable", "It is damaged."),
        Result("ok", "", large),
        Result("refused", "Why.", predict(card, seed=3, familiarity=Familiarity(True, None, 1.0, 2.0))),
        Result("refused", "The model did not see it."),
    ]
    pictures = [Picture(f"{number:064x}") for number in range(len(results))]
    for picture, result in zip(pictures[1:], results[1:], strict=True):
        store.keep(picture, card, result)
    wait_for(lambda done: store.keep(pictures[0], card, results[0], done))
    answers = store.remembered(pictures, card)
    for picture, result in zip(pictures, results, strict=True):
        back = answers[picture].result
        assert back is not None
        assert (back.status, back.reason, back.notes) == (result.status, result.reason, result.notes)
        assert (back.prediction is None) == (result.prediction is None)
        if back.prediction is not None and result.prediction is not None:
            np.testing.assert_array_equal(back.prediction.activation_maps, result.prediction.activation_maps)
            np.testing.assert_array_equal(back.prediction.probabilities, result.prediction.probabilities)
            assert back.prediction.familiarity == result.prediction.familiarity


@pytest.mark.parametrize(
    "spoil",
    [
        "status = 'perhaps'",
        "logits = zeroblob(8)",
        "maps = zeroblob(12)",
        "maps = NULL",
        "more = '{'",
        "more = '[]'",
        'more = \'{"map_shape": [7, "7"]}\'',
        'more = \'{"map_shape": [7, 7], "familiarity": {"familiar": true}}\'',
        'more = \'{"map_shape": [7, 7], "notes": 5}\'',
        "more = '{\"map_shape\": [-7, -7]}'",
        "more = '{\"map_shape\": [7.0, 7.0]}'",
        "more = '{\"map_shape\": [49]}'",
    ],
)
def test_a_result_that_makes_no_sense_is_none_and_spoils_no_other(
    store: Store, card: Card, spoil: str
) -> None:
    store.keep(Picture(TWO), card, Result("ok", "", predict(card)))
    wait_for(lambda done: store.keep(Picture(ONE), card, Result("ok", "", predict(card)), done))
    with closing(sqlite3.connect(store.path)) as other, other:
        other.execute(f"UPDATE results SET {spoil} WHERE content = 2")
    answers = store.remembered([Picture(ONE), Picture(TWO)], card)
    assert answers.keys() == {Picture(TWO)}


def test_another_frame_or_model_is_another_result(store: Store, card: Card) -> None:
    picture = Picture(ONE, 0)
    other = replace(card, temperature=1.5)
    wait_for(lambda done: store.keep(picture, card, Result("ok", "", predict(card)), done))
    assert store.remembered([Picture(ONE, 1)], card) == {}
    assert store.remembered([picture], other) == {}
    assert store.remembered([picture], None) == {}
    assert picture in store.remembered([picture], replace(card))


def test_only_what_changes_a_result_makes_another_model(card: Card) -> None:
    same = replace(card, name="Another", date="2026-01-01", metrics={}, limits=(), seen_patients=("a",))
    assert model_key(same) == model_key(card)
    point = OperatingPoint("balanced", 0.7, 0.9, 0.9)
    for other in (
        replace(card, temperature=1.0),
        replace(card, content_hash="f" * 64),
        replace(card, operating_points=(point,)),
        replace(card, extra={"new in a later version": 1}),
    ):
        assert model_key(other) != model_key(card)


def test_a_later_result_replaces_the_earlier(store: Store, card: Card) -> None:
    picture = Picture(ONE)
    store.keep(picture, card, Result("unreadable", "Old."))
    wait_for(lambda done: store.keep(picture, card, Result("unreadable", "New."), done))
    result = store.remembered([picture], card)[picture].result
    assert result is not None
    assert result.reason == "New."


def test_judgements_belong_to_the_picture_whatever_the_model(store: Store, card: Card) -> None:
    picture = Picture(ONE, 1)
    judgement = Judgement(
        "pneumonia", "viral", True, "Ask\nDr. Å.", ("hilum", "left, lower"), datetime.now(UTC)
    )
    assert wait_for(lambda done: store.judge(picture, judgement, done))
    for model in (card, None):
        assert store.remembered([picture], model)[picture].judgement == judgement
    assert store.remembered([Picture(ONE, 0)], card) == {}
    wait_for(lambda done: store.judge(picture, NO_JUDGEMENT, done))
    assert store.remembered([picture], card) == {}


def test_truth_belongs_to_the_content_and_can_be_taken_back(store: Store, card: Card) -> None:
    truth = Truth("pneumonia", "bacterial", "table")
    wait_for(lambda done: store.set_truths({ONE: truth, TWO: Truth("normal", None, "table")}, done))
    answers = store.remembered([Picture(ONE, 0), Picture(ONE, 3)], card)
    assert {answer.truth for answer in answers.values()} == {truth}
    assert len(answers) == 2
    wait_for(lambda done: store.set_truths({ONE: None}, done))
    assert store.remembered([Picture(ONE)], card) == {}


def test_more_pictures_than_a_query_takes(store: Store, card: Card) -> None:
    pictures = [Picture(f"{number:064x}") for number in range(1_203)]
    for number, picture in enumerate(pictures[:-1]):
        store.keep(picture, card, Result("refused", f"Number {number}."))
    wait_for(lambda done: store.keep(pictures[-1], card, Result("refused", "Last."), done))
    answers = store.remembered(pictures, card)
    assert len(answers) == len(pictures)
    assert store.pictures(card) == pictures
    result = answers[pictures[700]].result
    assert result is not None
    assert result.reason == "Number 700."


def test_everything_is_there_after_closing(tmp_path: Path, card: Card) -> None:
    path = tmp_path / "reviews.sqlite"
    store = Store(path)
    store.keep(Picture(ONE), card, Result("ok", "", predict(card)))
    store.judge(Picture(TWO), Judgement("unsure"))
    assert store.close()
    assert [file.name for file in tmp_path.iterdir()] == [path.name]  # one file, without companions
    again = Store(path)
    assert len(again.remembered([Picture(ONE), Picture(TWO)], card)) == 2
    (known,) = again.models()
    assert model_key(known) == model_key(card)
    again.close()


def test_two_programs_may_write_by_turns(tmp_path: Path, card: Card) -> None:
    first, second = Store(tmp_path / "s"), Store(tmp_path / "s")
    assert wait_for(lambda done: first.keep(Picture(ONE), card, Result("ok", "", predict(card)), done))
    assert wait_for(lambda done: second.judge(Picture(ONE), Judgement("normal"), done))
    answer = first.remembered([Picture(ONE)], card)[Picture(ONE)]
    assert answer.result is not None
    assert answer.judgement.call == "normal"
    first.close()
    second.close()


def test_asking_a_closed_store_is_a_sentence(store: Store, card: Card) -> None:
    store.close()
    with pytest.raises(StoreError, match="not being kept"):
        store.remembered([Picture(ONE)], card)


def test_a_batch_is_unfinished_until_it_ends(store: Store, tmp_path: Path) -> None:
    opening = [tmp_path / "a", tmp_path / "b"]
    store.begin(opening)
    wait_for(lambda done: store.judge(Picture(ONE), Judgement("normal"), done))
    assert store.is_unfinished(opening)
    assert not store.is_unfinished(opening[:1])
    store.finish()
    wait_for(lambda done: store.judge(Picture(ONE), Judgement("normal"), done))
    assert not store.is_unfinished(opening)


def test_neither_paths_nor_names_are_in_the_file(tmp_path: Path, card: Card) -> None:
    folder = tmp_path / "Smith, Jane 1950-01-02"
    folder.mkdir()
    (folder / "jane-smith.png").write_bytes(b"content")
    store = Store(tmp_path / "s")
    state = FileState.of(folder / "jane-smith.png")
    assert state is not None
    store.mark(state, ONE)
    store.begin([folder])
    store.keep(Picture(ONE), replace(card, seen_patients=("0123456789ab",)), Result("ok", "", predict(card)))
    store.close()
    content = (tmp_path / "s").read_bytes().lower()
    for word in (b"smith", b"jane", str(tmp_path).lower().encode(), b"0123456789ab"):
        assert word not in content


@pytest.mark.parametrize("everything", [True, False])
def test_what_is_forgotten_is_nowhere_in_the_files(tmp_path: Path, card: Card, everything: bool) -> None:
    path, folder = tmp_path / "reviews.sqlite", tmp_path / "folder"
    folder.mkdir()
    (folder / "a.png").write_bytes(b"some bytes")
    (folder / "deeper").mkdir()
    (tmp_path / "reviews.sqlite.version-1").write_bytes(b"a note of long ago")
    store = Store(path)
    state = FileState.of(folder / "a.png")
    assert state is not None
    store.mark(state, ONE)
    store.judge(Picture(ONE), Judgement(note="a note never to be seen again " * 300))
    store.judge(Picture(TWO), Judgement(note="a note that may stay"))
    wait_for(lambda done: store.keep(Picture(ONE), card, Result("refused", "A reason to forget."), done))
    assert b"never to be seen" in written(tmp_path)
    forget = store.forget_everything if everything else lambda done: store.forget([], [folder], done)
    assert wait_for(forget)
    left = written(tmp_path)
    assert b"never to be seen" not in left
    assert b"reason to forget" not in left
    assert b"long ago" not in left
    assert bytes.fromhex(ONE) not in left
    assert (b"may stay" in left) is not everything
    assert store.known_contents([state]) == [None]
    assert store.check()
    store.close()
    assert b"never to be seen" not in written(tmp_path)


def written(folder: Path) -> bytes:
    return b"".join(file.read_bytes() for file in folder.iterdir() if file.is_file())


def test_many_threads_ask_and_keep_at_once(store: Store, card: Card) -> None:
    def work(number: int) -> None:
        for count in range(20):
            picture = Picture(f"{number:032x}{count:032x}")
            assert wait_for(lambda done, p=picture: store.keep(p, card, Result("refused", "Why."), done))
            assert picture in store.remembered([picture], card)

    threads = [threading.Thread(target=work, args=(number,)) for number in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(store.pictures(card)) == 120
