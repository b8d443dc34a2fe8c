"""The model card: every figure with its interval, every miss in plain words, nothing that Markdown could misread."""

import copy
import io
import json
import re
import shutil
from dataclasses import replace

import numpy as np
import pytest
from PIL import Image

from core.notice import NOTICE
from core.report import About, write_report
from core.report.averages import SIDE, AverageHeatmap
from core.report.model_card import NAME, SourceError, read_sources, to_markdown, write_model_card
from core.report.model_card.document import plain
from core.report.model_card.sections import read_sections
from core.report.model_card.tables import section_table
from core.report.model_card.writing import MEASURED, _shrunk
from tests.core.report.conftest import make_evaluation, names_of
from tests.helpers.tiny_model import make_card

HASH = "ab" * 32
ABOUT = About(
    model_name="tiny",
    model_version="1.0",
    model_hash=HASH,
    operating_point="balanced",
    split_name="part test of kermany-seed42.csv",
    split_hash="cd" * 32,
    date="2026-11-23",
    versions={"DeepPneumo": "0.1.0"},
)


def row(title="Flips", value=0.004, bound=None, **more):
    return {
        "title": title,
        "value": value,
        "interval": [0.001, 0.012],
        "interval_method": "wilson",
        "bound": bound,
        "certain": False,
        "met": None if bound is None else value < bound["value"],
        "n": 786,
        "unit": "share",
        "reason": None,
        "details": {},
    } | more


def below(value):
    return {"relation": "below", "value": value}


EXAMINATION = {
    "schema_version": 1,
    "model": {"sha256": HASH},
    "data": {"name": "part test of x.csv", "sha256": "cd" * 32, "images": 786, "patients": 518, "limited_to": None},
    "sections": {
        "performance": {
            "title": "Calls and scores",
            "notes": [],
            "curves": {},
            "rows": {
                "accuracy": row("Accuracy", 0.97, {"relation": "at least", "value": 0.98}, met=False),
                "set_coverage_viral": row(
                    "Sets that hold the truth, viral", 0.91, {"relation": "covers", "value": 0.9}, met=True,
                    interval=[0.85, 0.95],
                ),
            },
        },
        "robustness": {
            "title": "Calls that flip under changes",
            "notes": ["A call flips when it changes."],
            "curves": {},
            "rows": {
                "jpeg_40": row("JPEG, quality 40", 0.004, below(0.01)),
                "crop_5": row("Crop of 5 % at each border", 0.023, below(0.02)),
            },
        },
        "shortcuts": {
            "title": "What is not lung",
            "notes": [],
            "curves": {},
            "rows": {
                "outside": row(
                    "AUROC, change", -0.011, {"relation": "at least", "value": -0.02}, unit="figure", met=True,
                    interval=[-0.02, -0.001],
                ),
                "lungs": row("AUROC without lungs", None, interval=None, reason="there are no masks."),
                "differ": row(
                    "Calls that differ", 1.0, {"relation": "at most", "value": 1}, unit="count", met=True,
                    interval=None,
                ),
            },
        },
    },
}  # fmt: skip


OTHER_VERSION = json.dumps({"model": {"sha256": HASH}, "sections": {"x": {}}})


@pytest.fixture
def card():
    return make_card(
        content_hash=HASH,
        architecture="resnet18",
        provenance="5232 radiographs; doi:10.17632/rscbjbr9sj; weights of resnet_v1_bn.npz.",
        limits=("Knows <nothing> of *adults* | others.",),
    )


@pytest.fixture(scope="module")
def report(tmp_path_factory):
    """An evaluation's folder, drawn once and coarsely; it is only looked at."""
    folder = tmp_path_factory.mktemp("report") / "evaluation"
    evaluation = make_evaluation()
    averages = [AverageHeatmap("viral", 90, 70, np.full((SIDE, SIDE), 80.0), np.full((7, 7), 0.1))]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("core.report.style.DPI", 30)
        write_report(folder, evaluation, ABOUT, names_of(evaluation), averages=averages)
    return folder


@pytest.fixture
def _coarse(monkeypatch):
    """Figures are looked at elsewhere; here they only take time."""
    monkeypatch.setattr("core.report.style.DPI", 30)


@pytest.fixture
def folders(report, tmp_path):
    """An evaluation and an examination as they lie on the disk."""
    shutil.copytree(report, tmp_path / "evaluation")
    (tmp_path / "examination").mkdir()
    (tmp_path / "examination" / "examination.json").write_text(json.dumps(EXAMINATION), encoding="utf-8")
    return tmp_path / "evaluation", tmp_path / "examination"


@pytest.fixture
def sources(card, folders):
    return read_sources(card, 44_000_000, *folders)


@pytest.fixture
def text(sources):
    return to_markdown(sources, {})


def line_of(text, start):
    (found,) = [line for line in text.splitlines() if line.startswith(f"| {start}")]
    return found.replace("\N{NARROW NO-BREAK SPACE}", " ")


def test_every_figure_has_its_interval_what_was_asked_and_the_verdict(text):
    assert line_of(text, "JPEG, quality 40") == (
        "| JPEG, quality 40 | 0.4 % | 0.1 to 1.2 % | 786 | below 1 %: met |"
    )
    assert line_of(text, "Crop") == (
        "| Crop of 5 % at each border | 2.3 % | 0.1 to 1.2 % | 786 | below 2 %: **missed** |"
    )
    assert line_of(text, "AUROC, change") == (
        "| AUROC, change | \N{MINUS SIGN}0.011 | \N{MINUS SIGN}0.020 to \N{MINUS SIGN}0.001 | 786 "
        "| at least \N{MINUS SIGN}0.02: met |"
    )
    assert line_of(text, "Calls that differ") == "| Calls that differ | 1 |  | 786 | at most 1: met |"
    assert line_of(text, "Sets that hold the truth, viral").endswith("| interval holds 90 %: met |")


def test_other_training_seeds_stand_beside_the_model_where_there_are_any(sources, text):
    assert "Other training seeds" not in text

    def measured(digit, auroc):
        measures = {"auroc": {"value": auroc, "interval": [0.9, 0.99]}}
        return make_card(content_hash=digit * 64, metrics={"test": {"measures": measures}})

    card = replace(sources.card, metrics=measured("a", 0.95).metrics)
    found = to_markdown(replace(sources, card=card, seeds={"seed 43": measured("b", 0.93)}), {})
    assert "\n| Measure | This model | Seed 43 | Mean | Range |\n|---|---|---|---|---|\n| AUROC |" in found
    assert line_of(found, "AUROC | 0.950").endswith("| 0.930 (0.900 to 0.990) | 0.940 | 0.930 to 0.950 |")
    assert "number 1 of 2 on the test part" in found


def test_what_could_not_be_measured_says_why(text):
    assert "| AUROC without lungs (there are no masks) | \N{EN DASH} |  |" in text


def test_misses_are_listed_in_plain_words_at_the_top(text):
    short = text[: text.index("## What it is for")].replace("\N{NARROW NO-BREAK SPACE}", " ")
    assert "6 figures had a bound to reach" in short
    assert "4 reach it" in short
    assert "- Accuracy: 97.0 % (0.1 to 1.2 %), asked at least 98 %" in short
    assert "- Crop of 5 % at each border: 2.3 % (0.1 to 1.2 %), asked below 2 %" in short


def test_what_was_not_examined_is_said(text):
    missing = (
        "where heatmaps lie; heatmaps under shuffled weights; what is refused; files in native resolution"
    )
    assert f"**Not examined yet:** {missing}.\n" in text


def test_without_a_miss_none_is_listed(card, folders):
    examination = copy.deepcopy(EXAMINATION)
    for section, key, value in (("performance", "accuracy", 0.99), ("robustness", "crop_5", 0.01)):
        examination["sections"][section]["rows"][key] |= {"value": value, "met": True}
    (folders[1] / "examination.json").write_text(json.dumps(examination), encoding="utf-8")
    text = to_markdown(read_sources(card, 1, *folders), {})
    assert "6 figures had a bound to reach that was set before training; 6 reach it." in text
    assert "issed" not in text


def test_a_measure_stands_in_one_table_only(text, evaluation):
    assert len(re.findall(r"^\| Accuracy \|", text, re.MULTILINE)) == 1
    precision = evaluation.measures["precision"].value
    assert f"{100 * precision:.1f}" in line_of(text, "Precision")


@pytest.mark.parametrize(
    "sentence",
    [
        NOTICE,
        "not a medical device",
        "one hospital",
        "one to five years",
        "CC BY 4.0",
        "0.54",
        "to diagnose, to triage",
        "make evaluate DATA=chest_xray",
        "It was not tested on other hospitals",
        HASH,
        "Temperature | 2.000",
        "| balanced (default) | 0.600 |",
    ],
)
def test_it_says_what_a_card_must_say(text, sentence):
    assert sentence in text


def test_a_model_of_other_data_is_not_said_to_be_of_the_public_set(card, folders):
    text = to_markdown(read_sources(replace(card, provenance="Our own."), 1, *folders), {})
    assert "Our own." in text
    assert "Guangzhou" not in text
    assert "0.54" not in text


@pytest.mark.parametrize(
    ("section", "sentence"),
    [("refusal", "were in sight"), ("explanation", "Two figures were added")],
)
def test_what_the_first_look_at_the_test_part_taught_is_said(card, folders, text, section, sentence):
    assert sentence not in text  # that was not examined
    document = copy.deepcopy(EXAMINATION)
    document["sections"][section] = {
        "title": "More",
        "notes": [],
        "curves": {},
        "rows": {"more": row("More", 1.0)},
    }
    (folders[1] / "examination.json").write_text(json.dumps(document), encoding="utf-8")
    assert sentence in to_markdown(read_sources(card, 1, *folders), {})
    ours = replace(card, provenance="Our own.")
    assert sentence not in to_markdown(read_sources(ours, 1, *folders), {})


def test_text_from_outside_cannot_write_markdown(text):
    assert r"- Knows \<nothing\> of \*adults\* \| others." in text
    assert plain("a\n\n# b `c` [d](e) \\") == r"a # b \`c\` \[d\](e) \\"


def test_every_table_has_as_many_cells_in_every_line(text):
    tables = re.findall(r"(?:^\|.*\n)+", text, re.MULTILINE)
    assert len(tables) >= 7
    for table in tables:
        counts = {len(re.findall(r"(?<!\\)\|", line)) for line in table.splitlines()}
        assert len(counts) == 1, table
        assert set(table.splitlines()[1]) == {"|", "-"}
    assert not re.search(r"\n{3,}| +$", text, re.MULTILINE)


@pytest.mark.usefixtures("_coarse")
def test_the_whole_card_lies_in_one_folder(sources, tmp_path):
    page = write_model_card(tmp_path / "out", sources)
    text = page.read_text(encoding="utf-8")
    named = re.findall(r"!\[[^\]]+\]\(([^)]+)\)", text)
    assert page.name == NAME
    assert named == [f"model_card/{key}.png" for key in (*MEASURED[:-1], "robustness", MEASURED[-1])]
    for name in named:
        for path in (page.parent / name, page.parent / name.replace(".png", "-dark.png")):
            with Image.open(io.BytesIO(path.read_bytes())) as image:
                image.load()
                assert image.width <= 1200
    written = [path for path in page.parent.rglob("*") if path.is_file()]
    assert len(written) == 1 + 2 * len(named)
    assert sum(path.stat().st_size for path in written) < 1_000_000
    assert str(tmp_path) not in text


@pytest.mark.usefixtures("_coarse")
def test_pictures_that_no_longer_apply_are_removed(sources, tmp_path):
    write_model_card(tmp_path / "out", sources)
    (sources.pictures / "heatmaps.png").unlink()
    page = write_model_card(tmp_path / "out", sources)
    assert "heatmaps.png" not in page.read_text(encoding="utf-8")
    assert not list((tmp_path / "out").rglob("heatmaps*"))


@pytest.mark.usefixtures("_coarse")
def test_the_same_reports_make_the_same_card(sources, tmp_path):
    first, second = (write_model_card(tmp_path / name, sources) for name in ("a", "b"))
    for path in first.parent.rglob("*"):
        if path.is_file():
            assert path.read_bytes() == (second.parent / path.relative_to(first.parent)).read_bytes()


@pytest.mark.parametrize("which", [0, 1])
@pytest.mark.parametrize("content", [None, "{", "[]", '{"model": {"sha256": "cd"}}', OTHER_VERSION])
def test_reports_that_do_not_belong_are_refused_in_one_sentence(card, folders, which, content):
    path = folders[which] / ("report.json", "examination.json")[which]
    path.unlink() if content is None else path.write_text(content, encoding="utf-8")
    with pytest.raises(SourceError) as refused:
        read_sources(card, 1, *folders)
    assert str(folders[0].parent) not in str(refused.value)
    assert str(refused.value).startswith(f"{folders[which].name}: ")


def test_a_figure_that_is_no_picture_is_refused(sources, tmp_path):
    (sources.pictures / "roc.png").write_bytes(b"nothing")
    with pytest.raises(SourceError, match=r"roc\.png"):
        write_model_card(tmp_path / "out", sources)


def test_a_section_without_bounds_has_no_column_for_them():
    tables = [
        section_table(section)
        for section in read_sections(
            {
                "sections": {
                    "x": {"title": "X", "notes": [], "curves": {}, "rows": {"a": row()}},
                    "y": {"title": "Y", "notes": [], "curves": {}, "rows": {"a": row(bound=below(1))}},
                }
            }
        )
    ]
    assert [table.has_bounds for table in tables] == [False, True]


def test_the_examination_reads_back_as_it_was_written():
    given = {
        "sections": {
            "x": {"title": "X", "notes": ["n"], "curves": {"a": [1.0]}, "rows": {"r": row(met=None)}}
        }
    }
    (section,) = read_sections(given)
    assert (section.key, section.title, section.notes, section.curves) == ("x", "X", ("n",), {"a": [1.0]})
    (found,) = section.rows
    assert (found.key, found.value, found.interval, found.method, found.n) == (
        "r",
        0.004,
        (0.001, 0.012),
        "wilson",
        786,
    )


def test_a_bound_that_the_whole_interval_must_reach_stays_one():
    strict = row(bound={"relation": "above", "value": 0.002}, certain=True, met=False)
    (section,) = read_sections(
        {"sections": {"x": {"title": "X", "notes": [], "curves": {}, "rows": {"r": strict}}}}
    )
    (line,) = section_table(section).lines
    assert section.rows[0].met is False
    assert line.verdict.startswith("whole interval above")
    assert line.verdict.endswith("**missed**")


def test_intervals_of_another_kind_are_named(text):
    robustness = text[text.index("## Calls that flip") :]
    assert robustness.index("These intervals are Wilson's") < robustness.index("## What is not lung")


def test_a_heatmap_keeps_its_shades_and_a_diagram_needs_few():
    ramp = np.linspace(0, 255, 1600, dtype=np.float64)
    picture = np.stack(
        [np.tile(ramp, (200, 1)), np.tile(ramp[::-1], (200, 1)), np.full((200, 1600), 90.0)], axis=-1
    )
    stream = io.BytesIO()
    Image.fromarray(picture.astype(np.uint8)).save(stream, "PNG")
    found = {}
    for shades in (False, True):
        with Image.open(io.BytesIO(_shrunk(stream.getvalue(), "x", shades=shades))) as image:
            found[shades] = len(image.convert("RGB").getcolors(1_000_000))
            assert image.width <= 1200
    assert found[False] <= 128 < 200 < found[True]


def test_an_interval_that_begins_at_0_says_so():
    """Wilson's formula gives 1e-18 for no flip at all, which is not 0.1 %."""
    given = {"title": "X", "notes": ["By Wilson."], "curves": {}, "rows": {"a": row(interval=[1e-18, 0.01])}}
    (section,) = read_sections({"sections": {"x": given}})
    table = section_table(section)
    assert table.lines[0].interval.startswith("0 to 1.0")
    assert table.notes == ("By Wilson.",)


def test_an_examination_of_a_draw_says_so(card, folders):
    drawn = EXAMINATION | {"data": EXAMINATION["data"] | {"limited_to": 40, "sha256": "ef" * 32}}
    (folders[1] / "examination.json").write_text(json.dumps(drawn), encoding="utf-8")
    text = to_markdown(read_sources(card, 1, *folders), {})
    assert "examination of part test of x.csv, a draw of 40: 786 images" in text
    # Nor may the count at the top be taken for one on the images that the headline is of.
    assert "4 reach it on part test of x.csv, a draw of 40: 786 images of 518 patients." in text


@pytest.mark.usefixtures("_coarse")
def test_the_examination_is_drawn_too(sources, tmp_path):
    page = write_model_card(tmp_path / "out", sources)
    assert "(model_card/robustness.png)" in page.read_text(encoding="utf-8")
    assert (page.parent / "model_card" / "robustness-dark.png").exists()
