import math
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.store.content import Picture
from core.teaching.lesson import MAX_CORNERS, MAX_FRAME, Item, Lesson, Region
from core.teaching.text import one_line, plain_text
from core.truth.truth import Truth
from tests.core.teaching.lessons import content_of, make_item, make_lesson

SHARES = st.floats(0.0, 1.0)


def test_a_box_is_given_by_any_two_opposite_corners() -> None:
    one, other = Region("rectangle", ((0.2, 0.6), (0.4, 0.3))), Region("rectangle", ((0.4, 0.3), (0.2, 0.6)))
    assert one.box == other.box == (0.2, 0.3, 0.4, 0.6)
    assert one.contains((0.2, 0.3))
    assert one.contains((0.3, 0.5))
    assert not one.contains((0.3, 0.61))
    assert not one.contains((0.19, 0.5))


def test_an_ellipse_leaves_out_the_corners_of_its_box() -> None:
    region = Region("ellipse", ((0.0, 0.25), (1.0, 0.75)))
    assert region.contains((0.5, 0.5))
    assert region.contains((1.0, 0.5))
    assert region.contains((0.5, 0.25))
    assert not region.contains((0.05, 0.3))
    # By hand: at x = 0.8, (0.6)^2 + (dy / 0.25)^2 = 1 where dy = 0.2.
    assert region.contains((0.8, 0.5 + 0.1999))
    assert not region.contains((0.8, 0.5 + 0.2001))


def test_a_polygon_may_be_hollow() -> None:
    corner = Region("polygon", ((0.0, 0.0), (1.0, 0.0), (1.0, 0.5), (0.5, 0.5), (0.5, 1.0), (0.0, 1.0)))
    assert corner.contains((0.25, 0.75))
    assert corner.contains((0.75, 0.25))
    assert not corner.contains((0.75, 0.75))
    for edge in ((0.5, 0.75), (0.75, 0.5), (0.5, 0.5), (0.0, 0.3), (1.0, 0.2), (0.2, 1.0)):
        assert corner.contains(edge)


def test_what_a_crossing_polygon_covers_twice_is_outside() -> None:
    bow_tie = Region("polygon", ((0.0, 0.0), (1.0, 1.0), (1.0, 0.0), (0.0, 1.0)))
    assert bow_tie.contains((0.9, 0.5))
    assert not bow_tie.contains((0.5, 0.9))


@given(st.tuples(SHARES, SHARES), st.tuples(SHARES, SHARES), st.tuples(SHARES, SHARES))
def test_a_rectangle_is_the_polygon_of_its_corners(
    one: tuple[float, float], other: tuple[float, float], point: tuple[float, float]
) -> None:
    if one[0] == other[0] or one[1] == other[1]:
        return
    corners = (one, (other[0], one[1]), other, (one[0], other[1]))
    assert Region("polygon", corners).contains(point) == Region("rectangle", (one, other)).contains(point)


@given(st.floats(0.01, 0.49), st.floats(0.0, 2 * math.pi), st.floats(0.0, 0.5))
def test_a_polygon_of_many_corners_is_nearly_an_ellipse(radius: float, angle: float, distance: float) -> None:
    steps = [2 * math.pi * step / 360 for step in range(360)]
    polygon = tuple((0.5 + radius * math.cos(step), 0.5 + radius * math.sin(step)) for step in steps)
    point = 0.5 + distance * math.cos(angle), 0.5 + distance * math.sin(angle)
    if abs(distance - radius) < 1e-3:
        return
    ellipse = Region("ellipse", ((0.5 - radius, 0.5 - radius), (0.5 + radius, 0.5 + radius)))
    assert Region("polygon", polygon).contains(point) == ellipse.contains(point) == (distance < radius)


@pytest.mark.parametrize(
    ("shape", "points"),
    [
        ("circle", ((0, 0), (1, 1))),
        ("ellipse", ((0, 0),)),
        ("rectangle", ((0, 0), (0.5, 0.5), (1, 1))),
        ("polygon", ((0, 0), (1, 1))),
        ("polygon", ((0, 0), (1, 1), (0, 1)) * MAX_CORNERS),
        ("rectangle", ((0, 0), (1, 1.01))),
        ("rectangle", ((-0.01, 0), (1, 1))),
        ("ellipse", ((0.5, 0.1), (0.5, 0.9))),
        ("polygon", ((0.1, 0.5), (0.3, 0.5), (0.9, 0.5))),
        ("ellipse", ((math.nan, 0.1), (0.5, 0.9))),
    ],
)
def test_impossible_regions_are_refused(shape: str, points: tuple[tuple[float, float], ...]) -> None:
    with pytest.raises(ValueError, match=r"region|shape|corners"):
        Region(shape, points)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("content", "frame"), [("", 0), ("F" * 64, 0), ("0" * 63, 0), ("0" * 64 + "\n", 0), ("0" * 64, -1)]
)
def test_an_item_belongs_to_a_content_and_a_frame(content: str, frame: int) -> None:
    with pytest.raises(ValueError, match=r"content|frame"):
        Item(content, frame, Truth("normal", None, "folder"))
    with pytest.raises(ValueError, match="frame"):
        Item("0" * 64, MAX_FRAME + 1, Truth("normal", None, "folder"))


def test_an_item_tells_its_picture() -> None:
    assert make_item(3, frame=2).picture == Picture(content_of(3), 2)


def test_lessons_are_told_apart() -> None:
    one, other = Lesson.new("One", [make_item()]), Lesson.new("One", [make_item()])
    assert one.lesson_id != other.lesson_id
    assert one.items == (make_item(),)


@pytest.mark.parametrize("changes", [{"lesson_id": "x"}, {"seconds": 0}, {"seconds": 3601}])
def test_impossible_lessons_are_refused(changes: dict[str, object]) -> None:
    with pytest.raises(ValueError, match=r"lesson|limit"):
        replace(make_lesson(), **changes)  # type: ignore[arg-type]


def test_editing_returns_another_lesson() -> None:
    lesson = make_lesson([make_item(number) for number in range(4)])
    zero, one, two, three = lesson.items
    assert lesson.moved(0, 2).items == (one, two, zero, three)
    assert lesson.moved(3, 0).items == (three, zero, one, two)
    assert lesson.without(0, 2).items == (one, three)
    changed = replace(two, question="And now?")
    assert lesson.with_item(2, changed).items == (zero, one, changed, three)
    assert lesson.items == (zero, one, two, three)
    assert lesson.moved(0, 2).lesson_id == lesson.lesson_id


def test_a_picture_is_added_once() -> None:
    lesson = make_lesson([make_item(0)])
    again, frame = replace(make_item(0), question="Twice?"), make_item(0, frame=1)
    assert lesson.added(again, make_item(1), make_item(1), frame).items == (make_item(0), make_item(1), frame)


def test_texts_lose_what_no_slide_can_hold() -> None:
    assert plain_text("a\r\nb\rc\vd\u2028e\tf") == "a\nb\nc\nd\ne\tf"
    assert plain_text("a\0\x1b\x9f\ud800\ufffeb") == "ab"
    assert plain_text("left\u202eright") == "leftright"
    assert plain_text("Grüße, Ελλάδα, 肺炎, 🫁") == "Grüße, Ελλάδα, 肺炎, 🫁"
    assert one_line("Two\r\nlines\tand more") == "Two lines and more"
    item = replace(make_item(), question="a\r\nb\0", points=("c\vd",), note="e\x07")
    assert (item.question, item.points, item.note) == ("a\nb", ("c\nd",), "e")
    lesson = replace(make_lesson(), title="a\nb", author="c\rd", introduction="e\r\nf", licence="g\0")
    assert (lesson.title, lesson.author, lesson.introduction, lesson.licence) == ("a b", "c d", "e\nf", "g")


@given(st.text())
def test_plain_text_can_be_written_and_stays_as_it_is(text: str) -> None:
    plain = plain_text(text)
    plain.encode("utf-8")
    assert plain_text(plain) == plain
