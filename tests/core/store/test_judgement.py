from datetime import UTC, datetime

import pytest

from core.store.judgement import NO_JUDGEMENT, Judgement


def test_only_a_pneumonia_has_a_kind() -> None:
    assert Judgement("pneumonia", "viral").kind == "viral"
    with pytest.raises(ValueError, match="kind"):
        Judgement("normal", "viral")
    with pytest.raises(ValueError, match="kind"):
        Judgement(None, "bacterial")


@pytest.mark.parametrize("values", [{"call": "perhaps"}, {"call": "pneumonia", "kind": "fungal"}])
def test_unknown_words_are_refused(values: dict[str, str]) -> None:
    with pytest.raises(ValueError, match="unknown"):
        Judgement(**values)  # type: ignore[arg-type]


def test_a_time_says_where_it_was_told() -> None:
    Judgement("unsure", reviewed_at=datetime(2026, 11, 23, tzinfo=UTC))
    with pytest.raises(ValueError, match="time zone"):
        Judgement("unsure", reviewed_at=datetime(2026, 11, 23))


def test_whatever_a_reader_said_is_not_empty() -> None:
    assert NO_JUDGEMENT.is_empty
    for judgement in (
        Judgement("unsure"),
        Judgement(key_image=True),
        Judgement(note="a"),
        Judgement(tags=("b",)),
    ):
        assert not judgement.is_empty
