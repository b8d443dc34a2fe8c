import pytest

from core.truth.truth import LABELS, Truth


@pytest.mark.parametrize("word", LABELS)
def test_a_word_says_label_and_kind(word: str) -> None:
    truth = Truth.from_word(word, "folder")
    assert truth.word == word
    assert truth.label == ("normal" if word == "normal" else "pneumonia")


def test_only_a_pneumonia_has_a_kind() -> None:
    with pytest.raises(ValueError, match="kind"):
        Truth("normal", "viral", "table")


def test_unknown_words_are_refused() -> None:
    with pytest.raises(ValueError, match="unknown"):
        Truth.from_word("covid", "table")
    with pytest.raises(ValueError, match="unknown"):
        Truth("sick", None, "table")  # type: ignore[arg-type]
