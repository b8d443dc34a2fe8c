import csv
import io
from pathlib import Path

import numpy as np
import pytest

from core.certainty import UncertainBand
from core.engine.prediction import Familiarity, Prediction, calibrate
from core.table import COLUMNS, Row, TextTable, write_csv

OK = Row(
    "a.png",
    "ok",
    score=0.9312345678,
    call="pneumonia",
    p_normal=0.0687654322,
    p_bacterial=0.5,
    p_viral=0.4312345678,
    prediction_set=("bacterial", "viral"),
    familiar=True,
    notes=("One.", "Two, too."),
    threshold=0.62,
    model="tiny 1.0",
)


def read(path: Path) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(path.read_bytes().decode("utf-8", "surrogateescape"), newline="")))


def test_the_columns_are_the_ones_that_scripts_know(tmp_path: Path) -> None:
    write_csv(tmp_path / "t.csv", [OK, Row("b.png", "refused", "Too small.")])
    lines = (tmp_path / "t.csv").read_bytes().decode().splitlines()
    assert lines[0] == (
        "file,status,reason,score,call,p_normal,p_bacterial,p_viral,prediction_set,familiar,notes,threshold,model"
    )
    assert lines[1] == (
        "a.png,ok,,0.931235,pneumonia,0.068765,0.500000,0.431235,bacterial|viral,yes,"
        '"One. Two, too.",0.620000,tiny 1.0'
    )
    assert lines[2] == "b.png,refused,Too small.,,,,,,,,,,"


def test_a_prediction_becomes_a_row() -> None:
    logits = np.array([0.0, 2.0], np.float32)
    maps = np.zeros((2, 7, 7), np.float32)
    names = ("normal", "pneumonia")
    prediction = Prediction(names, logits, calibrate(logits, 1.0), maps, np.zeros(4, np.float32), 0.5, "m 2")
    row = Row.scored("x", prediction)
    assert (row.status, row.call, row.threshold, row.model) == ("ok", "pneumonia", 0.5, "m 2")
    assert row.score == prediction.score
    assert row.p_normal == pytest.approx(1 - prediction.score)
    assert (row.p_bacterial, row.p_viral) == (None, None)
    assert (row.prediction_set, row.familiar, row.notes) == (None, None, ())


def predicted(**more: object) -> Prediction:
    logits, maps = np.array([0.0, 0.1], np.float32), np.zeros((2, 7, 7), np.float32)
    known = (
        ("normal", "pneumonia"),
        logits,
        calibrate(logits, 1.0),
        maps,
        np.zeros(4, np.float32),
        0.5,
        "m 2",
    )
    return Prediction(*known, **more)  # type: ignore[arg-type]


def test_what_is_uncertain_is_noted_before_what_the_reader_of_the_file_says() -> None:
    prediction = predicted(
        prediction_set=("normal", "pneumonia"),
        band=UncertainBand(0.4, 0.6, "close to the operating point"),
        familiarity=Familiarity(True, None, 0.5, 2.0),
    )
    row = Row.scored("x", prediction, ("The file is odd.",))
    assert row.prediction_set == ("normal", "pneumonia")
    assert row.familiar is True
    assert row.notes == (
        "Uncertain: normal and pneumonia are both in the prediction set.",
        "Uncertain: the score lies close to the operating point.",
        "The file is odd.",
    )
    line = TextTable(["x"]).line(row)
    assert line.endswith("pneumonia  Uncertain: normal and pneumonia are both in the prediction set.")


def test_an_empty_set_is_told_from_no_set_by_its_note(tmp_path: Path) -> None:
    rows = [Row.scored("a", predicted(prediction_set=())), Row.scored("b", predicted())]
    write_csv(tmp_path / "t.csv", rows)
    empty, none = read(tmp_path / "t.csv")
    assert empty["prediction_set"] == none["prediction_set"] == ""
    assert empty["notes"].startswith("Uncertain: no class fits")
    assert none["notes"] == ""


def test_a_score_on_request_says_that_the_image_was_refused(tmp_path: Path) -> None:
    verdict = Familiarity(False, "The image looks inverted.", 3.0, 2.0)
    row = Row.scored("x", predicted(refusal="The image looks inverted.", familiarity=verdict))
    assert (row.status, row.reason) == ("refused", "The image looks inverted.")
    assert row.score is not None
    assert row.notes == ("Scored on request although refused: The image looks inverted.",)
    write_csv(tmp_path / "t.csv", [row, Row.refused("y", "Blank.", None, ("Odd.",))])
    first, second = read(tmp_path / "t.csv")
    assert (first["familiar"], second["familiar"]) == ("no", "")
    assert (second["score"], second["notes"]) == ("", "Odd.")


@pytest.mark.parametrize(
    ("name", "cell"),
    [
        ("=cmd()|'/C calc'!A0.png", "./=cmd()|'/C calc'!A0.png"),
        ("+1.png", "./+1.png"),
        ("-1.png", "./-1.png"),
        ("@SUM(A1).png", "./@SUM(A1).png"),
        ("\tx.png", "./\tx.png"),
        ("folder/=x.png", "folder/=x.png"),
        ('quo"te, comma.png', 'quo"te, comma.png'),
        ("two\nlines.png", "two\nlines.png"),
        ("Müller 肺 🫁.png", "Müller 肺 🫁.png"),
        ("bad\udce4bytes.png", "bad\udce4bytes.png"),
    ],
)
def test_any_file_name_survives_and_none_is_a_formula(tmp_path: Path, name: str, cell: str) -> None:
    write_csv(tmp_path / "t.csv", [Row(name, "unreadable", "Damaged.")])
    assert [row["file"] for row in read(tmp_path / "t.csv")] == [cell]


def test_bytes_that_are_no_utf8_stay_as_they_are(tmp_path: Path) -> None:
    write_csv(tmp_path / "t.csv", [Row("M\udcfcller.png", "ok")])
    assert b"M\xfcller.png" in (tmp_path / "t.csv").read_bytes()


def test_half_a_surrogate_pair_does_not_stop_the_table(tmp_path: Path) -> None:
    write_csv(tmp_path / "t.csv", [Row("a\ud83d.png", "ok")])
    assert b"a\\ud83d.png" in (tmp_path / "t.csv").read_bytes()


def test_other_text_is_no_formula_either(tmp_path: Path) -> None:
    write_csv(tmp_path / "t.csv", [Row("a", "ok", "=1+1", model="@evil")])
    (row,) = read(tmp_path / "t.csv")
    assert (row["reason"], row["model"]) == ("'=1+1", "'@evil")


def test_a_failure_half_way_leaves_no_file(tmp_path: Path) -> None:
    def rows() -> object:
        yield OK
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        write_csv(tmp_path / "t.csv", rows())  # type: ignore[arg-type]
    assert not list(tmp_path.iterdir())


def test_no_rows_are_a_header(tmp_path: Path) -> None:
    write_csv(tmp_path / "t.csv", [])
    assert (tmp_path / "t.csv").read_text() == ",".join(COLUMNS) + "\n"


def test_the_text_table_is_aligned() -> None:
    rows = [OK, Row("肺/long name.png", "unreadable", "Damaged."), Row("e\u0301.png", "refused", "Blank.")]
    table = TextTable(row.file for row in rows)
    # On a terminal "肺" takes two columns and the combining accent none.
    assert [table.header(), *(table.line(row) for row in rows)] == [
        "file              status      score  call",
        "a.png             ok          0.931  pneumonia",
        "肺/long name.png  unreadable                    Damaged.",
        "e\u0301.png             refused                       Blank.",
    ]


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("x" * 60, "x" * 60),
        ("a" * 100 + "b" * 151, "a" * 28 + "..." + "b" * 29),
        ("肺" * 30, "肺" * 30),
        ("肺" * 31, "肺" * 14 + "..." + "肺" * 14 + " "),
        ("a" * 40 + "e\u0301" * 40, "a" * 28 + "..." + "e\u0301" * 29),
    ],
)
def test_a_long_name_does_not_widen_every_row(name: str, shown: str, tmp_path: Path) -> None:
    table = TextTable(["a.png", "x" * 60, name])
    assert table.line(Row(name, "ok")) == f"{shown}  ok"
    assert table.line(OK) == f"{'a.png':<60}  ok          0.931  pneumonia"
    write_csv(tmp_path / "t.csv", [Row(name, "ok")])
    assert [row["file"] for row in read(tmp_path / "t.csv")] == [name]


def test_control_characters_do_not_reach_the_terminal() -> None:
    row = Row("a\x1b[2J\nb\udcff.png", "ok")
    assert TextTable([row.file]).line(row).startswith(r"a\x1b[2J\nb\udcff.png  ok")
