import json
from typing import Any

import pytest

from core.conformal import Conformal
from core.engine.card import SCHEMA_VERSION, Card, OperatingPoint
from core.errors import BundleError
from core.familiarity.mark import FamiliarityMark
from tests.helpers.tiny_model import make_card

MARK = {"content_hash": "a" * 64, "images": 3660, "accepted": 0.99}


def document(**changes: Any) -> str:
    return json.dumps(json.loads(make_card().to_json()) | changes)


def test_a_card_survives_json() -> None:
    card = make_card(name="Kinderlunge ä", content_hash="0" * 64)
    assert Card.from_json(card.to_json()) == card
    assert json.loads(card.to_json())["schema_version"] == SCHEMA_VERSION


def test_what_is_said_of_familiarity_survives_json() -> None:
    card = Card.from_json(document(familiarity=MARK))
    assert card.familiarity == FamiliarityMark(3660, 0.99, "a" * 64)
    assert Card.from_json(card.to_json()) == card
    assert Card.from_json(document(familiarity=None)).familiarity is None


def test_keys_of_later_versions_are_kept() -> None:
    card = Card.from_json(document(weather={"0.9": 0.31}))
    assert card.extra == {"weather": {"0.9": 0.31}}
    assert json.loads(card.to_json())["weather"] == {"0.9": 0.31}


def test_prediction_sets_survive_json_and_old_cards_have_none() -> None:
    card = make_card(conformal=Conformal(0.9, (0.8, 0.3, 0.2), (40, 30, 20)))
    assert Card.from_json(card.to_json()) == card
    old = json.loads(make_card().to_json())
    del old["conformal"]
    assert Card.from_json(json.dumps(old)).conformal is None


def test_prediction_sets_of_other_classes_are_refused() -> None:
    with pytest.raises(BundleError, match="prediction sets are not of its classes"):
        make_card(conformal=Conformal(0.9, (0.8, 0.3), (40, 30)))


def test_the_default_operating_point_is_found_by_name() -> None:
    assert make_card(default_operating_point="sensitive").operating_point.threshold == 0.3


def test_two_classes_are_accepted() -> None:
    assert make_card(class_names=("normal", "pneumonia")).class_names == ("normal", "pneumonia")


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"name": ""}, "name"),
        ({"name": "=cmd()"}, "name"),
        ({"name": "two\nlines"}, "name"),
        ({"version": "x" * 81}, "version"),
        ({"date": "23.11.2026"}, "date"),
        ({"date": "2026-13-01"}, "date"),
        ({"class_names": ["normal", "viral"]}, "classes"),
        ({"class_names": ["bacterial", "normal", "viral"]}, "classes"),
        ({"input_size": 0}, "input size"),
        ({"input_size": 100_000}, "input size"),
        ({"std": 0.0}, "normalisation"),
        ({"temperature": 0.0}, "temperature"),
        ({"temperature": -1.0}, "temperature"),
        ({"operating_points": []}, "operating point"),
        ({"default_operating_point": "other"}, "operating point"),
        ({"content_hash": "abc"}, "hash"),
        ({"input_size": 224.0}, "'input_size'"),
        ({"input_size": True}, "'input_size'"),
        ({"temperature": "1"}, "'temperature'"),
        ({"temperature": 10**400}, "'temperature'"),
        ({"temperature": True}, "'temperature'"),
        ({"name": 5}, "'name'"),
        ({"limits": "none"}, "'limits'"),
        ({"limits": [1]}, "'limits'"),
        ({"metrics": []}, "'metrics'"),
        ({"operating_points": {}}, "'operating_points'"),
        ({"operating_points": ["balanced"]}, "'operating_points'"),
        ({"operating_points": [{"name": "balanced"}]}, "'threshold'"),
        ({"familiarity": []}, "'familiarity'"),
        ({"familiarity": {}}, "'content_hash'"),
        ({"familiarity": MARK | {"content_hash": "abc"}}, "hash of its familiarity"),
        ({"familiarity": MARK | {"images": 0}}, "figures on familiarity"),
        ({"familiarity": MARK | {"accepted": 1.1}}, "figures on familiarity"),
        ({"familiarity": MARK | {"accepted": "all"}}, "'accepted'"),
        ({"schema_version": None}, "schema"),
        ({"schema_version": 0}, "schema"),
        ({"schema_version": SCHEMA_VERSION + 1}, "newer version"),
    ],
)
def test_a_senseless_value_is_refused_by_name(changes: dict[str, Any], words: str) -> None:
    with pytest.raises(BundleError, match=words) as caught:
        Card.from_json(document(**changes))
    assert str(caught.value).endswith(".")


OPTIONAL = ("schema_version", "seen_patients", "conformal", "familiarity")


@pytest.mark.parametrize("key", [key for key in json.loads(document()) if key not in OPTIONAL])
def test_a_missing_value_is_named(key: str) -> None:
    values = json.loads(document())
    del values[key]
    with pytest.raises(BundleError, match=repr(key)):
        Card.from_json(json.dumps(values))


@pytest.mark.parametrize(
    "text",
    [
        b"",
        b"\xff\xfe\xfd",
        b"{",
        b"[" * 200_000,
        b'{"a":' * 100_000,
        document().replace("2.0", "NaN").encode(),
        document().replace("2.0", "Infinity").encode(),
        b'{"a": ' + b"9" * 5000 + b"}",
    ],
)
def test_damaged_json_is_refused(text: bytes) -> None:
    with pytest.raises(BundleError, match="damaged"):
        Card.from_json(text)


def test_json_that_is_no_object_is_refused() -> None:
    with pytest.raises(BundleError, match="JSON object"):
        Card.from_json("[]")


def test_operating_points_need_different_names() -> None:
    with pytest.raises(BundleError, match="same name"):
        make_card(operating_points=(OperatingPoint("balanced", 0.5, 0.9, 0.9),) * 2)


@pytest.mark.parametrize("values", [(1.5, 0.9, 0.9), (0.5, -0.1, 0.9), (0.5, 0.9, float("nan"))])
def test_operating_points_lie_between_0_and_1(values: tuple[float, float, float]) -> None:
    with pytest.raises(BundleError, match="outside 0 to 1"):
        OperatingPoint("balanced", *values)
