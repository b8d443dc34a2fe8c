import random
from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.store.content import Picture
from core.teaching.choosing import Candidate, Choice, all_labelled, key_images, model_errors, per_class
from core.teaching.lesson import Item
from core.truth.truth import Truth, TruthLabel
from tests.core.teaching.lessons import content_of


def candidate(
    number: int,
    word: str | None,
    call: TruthLabel | None = None,
    *,
    key: bool = False,
    patient: str = "",
    frame: int = 0,
) -> Candidate:
    truth = None if word is None else Truth.from_word(word, "folder")
    return Candidate(Picture(content_of(number), frame), truth, call, key, patient)


def worklist(**counts: int) -> list[Candidate]:
    words = [word for word, count in counts.items() for _ in range(count)]
    return [candidate(number, word) for number, word in enumerate(words)]


def words_of(choice: Choice) -> Counter[str]:
    return Counter(item.truth.word for item in choice.items)


def test_all_with_a_truth_are_chosen_in_their_order() -> None:
    given_ = [candidate(2, "viral"), candidate(0, None), candidate(1, "normal"), candidate(2, "viral")]
    choice = all_labelled(given_)
    assert [item.content for item in choice.items] == [content_of(2), content_of(1)]
    assert choice.items[0] == Item(content_of(2), 0, Truth("pneumonia", "viral", "folder"))
    assert choice.unlabelled == 1


def test_frames_of_one_file_are_cases_of_their_own() -> None:
    choice = all_labelled([candidate(0, "normal"), candidate(0, "normal", frame=1)])
    assert [item.frame for item in choice.items] == [0, 1]


def test_key_images() -> None:
    choice = key_images(
        [candidate(0, "normal", key=True), candidate(1, "viral"), candidate(2, None, key=True)]
    )
    assert [item.content for item in choice.items] == [content_of(0)]
    assert choice.unlabelled == 1


def test_errors_of_the_model_are_where_its_call_is_not_the_truth() -> None:
    choice = model_errors(
        [
            candidate(0, "normal", "pneumonia"),
            candidate(1, "normal", "normal"),
            candidate(2, "viral", "normal"),
            candidate(3, "bacterial", "pneumonia"),
            candidate(4, "viral", None),
            candidate(5, None, "pneumonia"),
            candidate(6, "pneumonia", "pneumonia"),
        ]
    )
    assert [item.content for item in choice.items] == [content_of(0), content_of(2)]
    assert choice.unlabelled == 0


def test_so_many_of_each_class() -> None:
    candidates = worklist(normal=20, bacterial=10, viral=30, pneumonia=5)
    assert words_of(per_class(candidates, 7, 1))["normal"] == 7
    assert len(per_class(candidates, 7, 1).items) == 14
    by_kind = per_class(candidates, 7, 1, by_kind=True)
    assert words_of(by_kind) == {"normal": 7, "bacterial": 7, "viral": 7}
    assert by_kind.unlabelled == 5
    assert not by_kind.lacking


def test_classes_with_too_few_are_named() -> None:
    choice = per_class(worklist(normal=3, viral=10), 5, 1, by_kind=True)
    assert words_of(choice) == {"normal": 3, "viral": 5}
    assert choice.lacking == {"normal": 2, "bacterial": 5}


def test_those_of_unknown_truth_are_counted_and_left_out() -> None:
    candidates = [*worklist(normal=2, viral=2), candidate(8, None), candidate(9, None), candidate(9, None)]
    choice = per_class(candidates, 2, 1)
    assert len(choice.items) == 4
    assert choice.unlabelled == 2


def test_a_seed_always_chooses_the_same() -> None:
    # Written down once: another machine, another version of Python and another order give the same lesson.
    choice = per_class(worklist(normal=50, viral=50), 2, 7)
    numbers = {content_of(number): number for number in range(100)}
    assert [numbers[item.content] for item in choice.items] == [6, 78, 24, 67]


@given(st.integers(), st.randoms())
def test_the_choice_does_not_depend_on_the_order_given(seed: int, chance: random.Random) -> None:
    candidates = worklist(normal=10, viral=10)
    shuffled = chance.sample(candidates, len(candidates))
    assert per_class(candidates, 3, seed) == per_class(shuffled, 3, seed)


def test_seeds_choose_differently_and_each_as_often() -> None:
    candidates = worklist(normal=10, viral=10)
    seen = Counter(item.content for seed in range(400) for item in per_class(candidates, 2, seed).items)
    assert len(seen) == 20
    # 400 times 2 of 10: 80 each, with a standard deviation of 8.
    assert all(abs(count - 80) < 40 for count in seen.values())


@pytest.mark.parametrize("counts", [{"normal": 20, "viral": 20}, {"normal": 400, "viral": 5}])
def test_the_order_tells_nothing_of_the_classes(counts: dict[str, int]) -> None:
    candidates = worklist(**counts)
    first = Counter(per_class(candidates, 5, seed).items[0].truth.label for seed in range(200))
    assert abs(first["normal"] - 100) < 40


def test_patients_come_once_while_there_are_others() -> None:
    candidates = [candidate(number, "normal", patient=f"p{number % 4}") for number in range(40)]
    patients = {one.picture.content: one.patient for one in candidates}
    for seed in range(20):
        chosen = [patients[item.content] for item in per_class(candidates, 4, seed).items]
        assert sorted(chosen) == ["p0", "p1", "p2", "p3"]
    assert len(per_class(candidates, 6, 0).items) == 6


def test_without_patients_every_radiograph_counts() -> None:
    assert len(per_class(worklist(normal=6), 6, 0).items) == 6


def test_the_patient_is_not_printed() -> None:
    assert "Example" not in repr(candidate(0, "normal", patient="Ada Example"))
