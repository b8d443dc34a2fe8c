import json
import re
from html.parser import HTMLParser

import numpy as np
import pytest
from PIL import Image

from core.metrics import evaluate
from core.notice import NOTICE
from core.report import Exclusion, write_report
from core.report.figures import FIGURES
from core.report.page import MOST_ERRORS, to_html
from tests.core.report.conftest import make_evaluation, names_of

VOID = {"meta", "br", "img", "source", "link"}


class Page(HTMLParser):
    """Reads a page as a browser does, failing on tags that do not close."""

    def __init__(self, text):
        super().__init__()
        self.open, self.words, self.addresses, self.rows = [], [], [], 0
        self.feed(text)
        assert self.open == []

    def handle_starttag(self, tag, attributes):
        assert tag != "script"
        if tag not in VOID:
            self.open.append(tag)
        self.rows += tag == "tr"
        for name, value in attributes:
            if name in ("src", "srcset", "href"):
                self.addresses.append(value)

    def handle_endtag(self, tag):
        assert self.open.pop() == tag

    def handle_data(self, data):
        if not self.open or self.open[-1] != "style":
            self.words.append(data)

    @property
    def text(self):
        """What is read, with all kinds of spaces made plain."""
        return " ".join(" ".join(self.words).split())


def page_of(evaluation, about, files=None, exclusions=()):
    return to_html(evaluation, about, files or names_of(evaluation), exclusions, {})


def test_the_notice_comes_first(evaluation, about):
    text = page_of(evaluation, about)
    assert text.index(NOTICE) < text.index("<h1>")
    assert Page(text).text.startswith(f"Evaluation of tiny 1.0 {NOTICE}")


def test_a_whole_report_needs_nothing_else(evaluation, about, tmp_path):
    page = write_report(tmp_path / "new" / "report", evaluation, about, names_of(evaluation))
    text = page.read_text(encoding="utf-8")
    read = Page(text)
    images = [address for address in read.addresses if address.startswith("data:image/png;base64,")]
    assert len(images) == 2 * len(FIGURES)
    assert [address for address in read.addresses if address not in images and address[0] != "#"] == []
    assert not re.search(r"https?:|url\(|@import", text)
    assert str(tmp_path) not in text
    for kind in FIGURES:
        assert kind.title in read.text
        assert " ".join(kind.meaning.split()) in read.text
        for name in (f"{kind.key}.png", f"{kind.key}-dark.png"):
            with Image.open(page.with_name(name)) as image:
                image.load()
    assert json.loads(page.with_name("report.json").read_text(encoding="utf-8"))["schema_version"] == 1
    assert sorted(path.name for path in page.parent.iterdir()) == sorted(
        [f"{kind.key}{end}.png" for kind in FIGURES for end in ("", "-dark")] + ["report.html", "report.json"]
    )


def test_figures_that_no_longer_apply_are_removed(evaluation, about, tmp_path):
    write_report(tmp_path, evaluation, about, names_of(evaluation))
    assert (tmp_path / "roc.png").exists()
    one_class = make_evaluation(6, labels=("normal",))
    write_report(tmp_path, one_class, about, names_of(one_class))
    assert not (tmp_path / "roc.png").exists()
    assert not (tmp_path / "roc-dark.png").exists()
    assert (tmp_path / "confusion.png").exists()


def test_file_names_and_the_card_cannot_write_html(evaluation, about):
    evil = '<script>alert("x")</script>&amp;.png'
    wrong = int((evaluation.called != evaluation.positive).nonzero()[0][0])
    files = names_of(evaluation)
    files[wrong] = evil
    text = page_of(evaluation, about, files, [Exclusion(evil, "normal", "refused", "<b>no</b>")])
    assert "<script" not in text
    assert "<b>no" not in text
    read = Page(text)
    assert read.text.count(evil) == 2
    assert "Knows <nothing>." in read.text


def test_a_file_name_that_is_no_unicode_can_be_written(evaluation, about, tmp_path):
    files = names_of(evaluation)
    files[:] = [f"bad\udcff{n}.png" for n in range(len(files))]
    page = write_report(tmp_path, evaluation, about, files)
    assert "bad\\udcff" in page.read_text(encoding="utf-8")
    stored = json.loads(page.with_name("report.json").read_text(encoding="utf-8"))
    assert [image["file"] for image in stored["images"]] == files


def test_measures_stand_with_interval_and_meaning(evaluation, about):
    text = Page(page_of(evaluation, about)).text
    auroc = evaluation.measures["auroc"]
    assert f"{auroc.value:.3f}" in text
    assert f"{auroc.low:.3f}\u2013{auroc.high:.3f}" in text
    assert "Three-class MCC" in text
    missed, called = evaluation.confusion[1, 0], evaluation.confusion[1].sum()
    assert f"{missed} of {called} pneumonias were called normal" in text
    assert "95 % interval" in text


def test_every_error_is_a_row_and_exclusions_have_their_table(evaluation, about):
    wrong = (evaluation.called != evaluation.positive).sum()
    without = Page(page_of(evaluation, about))
    assert "could not be scored" not in without.text
    some = [Exclusion("a.png", "viral", "unreadable", "The file ends early.")]
    read = Page(page_of(evaluation, about, exclusions=some))
    assert read.rows == without.rows + 2
    assert "1 further image could not be scored and is in none of these figures" in read.text
    assert "a.png" in read.text
    assert "The file ends early." in read.text
    assert sum(f"image{n}.png" in read.text.split() for n in range(60)) == wrong


def test_a_very_long_list_of_errors_is_cut_and_says_so(about):
    evaluation = make_evaluation(900, threshold=0.99, resamples=0)
    wrong = int((evaluation.called != evaluation.positive).sum())
    assert wrong > MOST_ERRORS
    read = Page(page_of(evaluation, about))
    assert f"The first {MOST_ERRORS} of {wrong}" in read.text


@pytest.mark.parametrize("labels", [("normal",), ("pneumonia",)])
def test_an_undefined_measure_says_why(about, labels):
    text = Page(page_of(make_evaluation(8, labels=labels), about)).text
    assert "not defined" in text
    assert "No value: needs both normal and pneumonia among the images." in text
    assert "nan" not in text.lower().split()


def test_no_images_are_still_a_page(about):
    empty = evaluate([], np.zeros((0, 2)), [], class_names=("normal", "pneumonia"), threshold=0.5)
    text = Page(page_of(empty, about, [])).text
    assert "0 images of 0 patients" in text
    assert "No value: there are no images." in text


def test_a_figure_without_spread_is_marked(about):
    evaluation = make_evaluation(40, threshold=0.0)
    assert evaluation.measures["sensitivity"].low == evaluation.measures["sensitivity"].high == 1
    text = Page(page_of(evaluation, about)).text
    assert "100\u2013100 % *" in text
    assert "Every resample gave the same figure" in text


def test_names_must_match_the_images(evaluation, about, tmp_path):
    with pytest.raises(ValueError, match="59 names for 60 images"):
        write_report(tmp_path, evaluation, about, names_of(evaluation)[:-1])
