import io

from core.progress import ProgressLine


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def test_it_says_rate_and_time_left() -> None:
    now = [100.0]
    stream = Terminal()
    line = ProgressLine(200, stream, lambda: now[0])
    line.show(0)
    now[0] = 110.0
    line.show(40)
    assert stream.getvalue() == "\r0 of 200\r40 of 200, 4.0 files/s, 0:40 left"


def test_hours_are_shown() -> None:
    now = [0.0]
    stream = Terminal()
    line = ProgressLine(7303, stream, lambda: now[0])
    now[0] = 2.0
    line.show(1)
    assert stream.getvalue().endswith("4:03:24 left")


def test_a_shorter_line_hides_the_longer_one() -> None:
    now = [0.0]
    stream = Terminal()
    line = ProgressLine(10, stream, lambda: now[0])
    now[0] = 1.0
    line.show(1)
    first = len(stream.getvalue())
    now[0] = 0.0
    line.show(2)
    assert len(stream.getvalue()) == 2 * first


def test_clearing_leaves_an_empty_line() -> None:
    stream = Terminal()
    line = ProgressLine(10, stream, lambda: 0.0)
    line.show(3)
    line.clear()
    assert stream.getvalue().endswith("\r" + " " * len("3 of 10") + "\r")
    line.clear()
    assert stream.getvalue().count("\r") == 3


def test_it_is_silent_when_nobody_watches() -> None:
    stream = io.StringIO()
    line = ProgressLine(10, stream)
    line.show(1)
    line.clear()
    assert stream.getvalue() == ""
