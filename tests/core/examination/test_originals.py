import numpy as np
from PIL import Image

from core.dataset import Item
from core.examination.originals import examine_originals, pair_originals
from tests.core.examination.conftest import textured


def item(folder, name, grey, label="normal"):
    path = folder / name
    path.parent.mkdir(exist_ok=True)
    if grey is not None:
        Image.fromarray(grey).save(path)
    else:
        path.write_bytes(b"no picture")
    return Item(path, name, name, label)


def test_calls_that_differ_are_counted_and_named(tmp_path, scorer):
    native, copies = tmp_path / "native", tmp_path / "copies"
    enlarged = [np.kron(textured(value, 1), np.ones((4, 5), np.uint8)) for value in (60, 230, 60)]
    originals = [item(native, f"{n}.png", grey) for n, grey in enumerate(enlarged)]
    small = [item(copies, f"{n}.jpeg", textured(value, 1)) for n, value in enumerate((60, 230, 230))]
    pairs = pair_originals([*originals, item(native, "lonely.png", enlarged[0])], small)
    assert len(pairs) == 3
    row = examine_originals(pairs, scorer).rows[0]
    assert (row.value, row.n, row.met) == (1, 3, True)
    assert row.details["files"] == ["2.png"]
    assert row.details["largest_score_difference"] > 0.3
    two = [*pairs, (originals[0], small[1])]
    assert examine_originals(two, scorer).rows[0].value == 2
    assert examine_originals(two, scorer).rows[0].met is False


def test_unreadable_pairs_are_left_out(tmp_path, scorer):
    good = item(tmp_path / "n", "a.png", textured(60, 1)), item(tmp_path / "c", "a.png", textured(60, 1))
    bad = item(tmp_path / "n", "b.png", None), item(tmp_path / "c", "b.png", textured(60, 1))
    assert examine_originals([good, bad], scorer).rows[0].n == 1
    nothing = examine_originals([bad], scorer).rows[0]
    assert nothing.value is None
    assert nothing.reason
