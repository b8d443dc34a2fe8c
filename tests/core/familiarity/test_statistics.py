import io
import random
import zipfile
from dataclasses import fields, replace

import numpy as np
import pytest

from core.errors import BundleError
from core.familiarity.arrays import pack, unpack
from core.familiarity.statistics import KINDS, REASONS, UNLIKE, Statistics
from core.familiarity.synthetic import CHANGES

FEATURES, KEPT = 6, 3
RNG = np.random.default_rng(4)


def by_hand(**changes: np.ndarray) -> Statistics:
    """Roots of 6 features around 2, of which the first three vary twice as much as the others."""
    values = {
        "centre": np.full(FEATURES, 2, np.float32),
        "scale": np.ones(FEATURES, np.float32),
        "axes": np.eye(FEATURES, KEPT, dtype=np.float32),
        "spread": np.full(KEPT, 0.5, np.float32),
        "limit": np.array(2.0, np.float32),
        "kind_centres": np.float32(3) * np.eye(len(KINDS), KEPT, dtype=np.float32)[[0, 1, 2, 2, 0]]
        + np.float32(0.1),
        "kind_borders": np.full(len(KINDS), 0.5, np.float32),
        "kind_limits": np.full(len(KINDS), 1.5, np.float32),
    }
    return Statistics(**(values | changes))


def features(*deviations: float) -> np.ndarray:
    return np.square(np.float32(2) + np.array([deviations], np.float32))


def test_the_distance_is_that_of_mahalanobis() -> None:
    deviations = RNG.normal(size=(5, FEATURES)).astype(np.float32)
    described = np.square(2 + np.maximum(deviations, -1.5))
    expected = np.sqrt((np.square(np.maximum(deviations, -1.5) * [0.5, 0.5, 0.5, 1, 1, 1])).mean(axis=1))
    found = [answer.distance for answer in by_hand().judge(described)]
    np.testing.assert_allclose(found, expected, rtol=1e-5)


def test_what_lies_near_the_training_images_is_familiar() -> None:
    (answer,) = by_hand().judge(features(0, 0, 0, 1, 0, 0))
    assert (answer.familiar, answer.reason, answer.limit) == (True, None, 2.0)


def test_what_lies_far_is_unfamiliar() -> None:
    (answer,) = by_hand().judge(features(0, 0, 0, 9, 9, 9))
    assert (answer.familiar, answer.reason) == (False, UNLIKE)


def test_what_lies_like_a_kind_has_its_reason_even_within_the_limit() -> None:
    (answer,) = by_hand().judge(features(0.2, 6.2, 0.2, 0, 0, 0))
    assert (answer.familiar, answer.reason) == (False, REASONS[1])
    assert answer.distance < answer.limit


def test_what_lies_far_from_a_kind_too_is_only_unfamiliar() -> None:
    (answer,) = by_hand().judge(features(0.2, 20, 0.2, 0, 0, 0))
    assert answer.reason == UNLIKE
    (answer,) = by_hand(limit=np.array(99, np.float32)).judge(features(0.2, 20, 0.2, 0, 0, 0))
    assert answer.reason == REASONS[1]


def test_features_that_are_no_numbers_are_unfamiliar() -> None:
    (answer,) = by_hand().judge(features(0, 0, 0, np.nan, 0, 0))
    assert (answer.familiar, answer.reason) == (False, UNLIKE)


def test_there_is_a_reason_and_a_change_for_every_kind() -> None:
    assert len(KINDS) == len(REASONS) == len(CHANGES)
    assert all(reason.endswith(".") for reason in (*REASONS, UNLIKE))


def test_statistics_survive_their_bytes() -> None:
    statistics = by_hand()
    content = statistics.to_bytes()
    again = Statistics.from_bytes(content)
    for field in fields(Statistics):
        np.testing.assert_array_equal(getattr(again, field.name), getattr(statistics, field.name))
    assert again.to_bytes() == content


def test_the_bytes_are_what_numpy_reads() -> None:
    with np.load(io.BytesIO(by_hand().to_bytes())) as arrays:
        assert arrays["axes"].shape == (FEATURES, KEPT)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("centre", np.zeros(FEATURES - 1)),
        ("axes", np.zeros((FEATURES, FEATURES + 1))),
        ("axes", np.zeros((FEATURES, 0))),
        ("axes", np.zeros(FEATURES)),
        ("axes", np.zeros((5000, KEPT))),
        ("limit", np.zeros(1)),
        ("kind_centres", np.zeros((2, KEPT))),
        ("kind_borders", np.ones(2)),
        ("kind_limits", np.ones(2)),
    ],
)
def test_arrays_that_do_not_fit_together_are_refused(name: str, value: np.ndarray) -> None:
    with pytest.raises(BundleError, match="do not fit"):
        replace(by_hand(), **{name: value.astype(np.float32)})


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("centre", np.full(FEATURES, np.nan)),
        ("axes", np.full((FEATURES, KEPT), np.inf)),
        ("scale", np.zeros(FEATURES)),
        ("spread", np.full(KEPT, -1.0)),
        ("limit", np.array(0.0)),
        ("limit", np.array(np.nan)),
        ("kind_borders", np.zeros(len(KINDS))),
        ("kind_limits", np.zeros(len(KINDS))),
        ("kind_centres", np.zeros((len(KINDS), KEPT))),
    ],
)
def test_senseless_values_are_refused(name: str, value: np.ndarray) -> None:
    with pytest.raises(BundleError, match="make no sense"):
        replace(by_hand(), **{name: value.astype(np.float32)})


def members(**arrays: object) -> bytes:
    """Write an ``.npz`` as numpy does it, with whatever arrays."""
    stream = io.BytesIO()
    np.savez(stream, **arrays)  # type: ignore[arg-type]
    return stream.getvalue()


def lying(text: bytes) -> bytes:
    """Write a member whose header claims what its content does not hold."""
    header = b"\x93NUMPY\x01\x00" + (len(text) + 1).to_bytes(2, "little") + text + b"\n"
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        archive.writestr("a.npy", header + bytes(16))
    return stream.getvalue()


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"no ZIP",
        members(),
        members(b=np.zeros(3, np.float32)),
        members(a=np.zeros(3, np.float32), b=np.zeros(3, np.float32)),
        members(a=np.zeros(3)),
        members(a=np.zeros(3, ">f4")),
        members(a=np.zeros(3, np.int32)),
        members(a=np.array([{}], dtype=object)),
        members(a=np.asfortranarray(np.zeros((2, 3), np.float32))),
        members(a=np.zeros((1, 1, 1, 1), np.float32)),
        lying(b"{'descr': '<f4', 'fortran_order': False, 'shape': (999999, 999999), }"),
        lying(b"{'descr': '<f4', 'fortran_order': False, 'shape': (5,), }"),
        lying(b"{'descr': '<f4', 'fortran_order': False, 'shape': (-4,), }"),
        lying(b"{'descr': '<f4', 'fortran_order': False, 'shape': __import__('os').abort(), }"),
        lying(b"(" * 900),
    ],
)
def test_other_content_is_refused(content: bytes) -> None:
    with pytest.raises(BundleError, match="damaged"):
        unpack(content, ["a"])


def test_compressed_arrays_are_refused() -> None:
    stream = io.BytesIO()
    np.savez_compressed(stream, a=np.zeros(3, np.float32))
    with pytest.raises(BundleError, match="damaged"):
        unpack(stream.getvalue(), ["a"])


def test_every_damage_is_refused_or_harmless() -> None:
    arrays = {"a": np.arange(6, dtype=np.float32).reshape(2, 3), "b": np.ones(4, np.float32)}
    whole, generator = pack(arrays), random.Random(3)
    for _ in range(1500):
        damaged = bytearray(whole)
        for _ in range(generator.choice((1, 1, 4))):
            damaged[generator.randrange(len(whole))] ^= 1 << generator.randrange(8)
        if generator.random() < 0.3:
            del damaged[generator.randrange(len(whole)) :]
        try:
            read = unpack(bytes(damaged), ["a", "b"])
        except BundleError:
            continue
        for name, values in arrays.items():  # zipfile holds the content against its CRC-32
            np.testing.assert_array_equal(read[name], values)
