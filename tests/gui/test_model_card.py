"""The full model card in Help: of its own model only, with its pictures, in the window's colours, and nothing else."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QUrl
from PySide6.QtGui import QColor, QImage, QTextDocument, QTextTable
from PySide6.QtWidgets import QApplication

import deeppneumo_gui.model.shipped_card as shipped_module
from core.notice import NOTICE
from deeppneumo_gui.actions import ActionId
from deeppneumo_gui.model.card_browser import PICTURE_HEIGHT, PICTURE_WIDTH, CardBrowser
from deeppneumo_gui.model.dialogs import PageDialog
from deeppneumo_gui.model.shipped_card import shipped_card
from deeppneumo_gui.theme import DARK, LIGHT, apply_theme
from deeppneumo_gui.window import MainWindow
from tests.helpers.tiny_model import make_card

HASH = "ab" * 32
IMAGE = QTextDocument.ResourceType.ImageResource.value
TEXT = f"""# Model card: tiny 1.0

**{NOTICE}.**

## Figures

| Measure | Value |
|---|---|
| AUROC | 0.987 |

![ROC curve](model_card/roc.png)

*ROC curve.* The closer to the corner the better.

- one limit
- another limit

`{HASH}`
"""


@pytest.fixture
def page(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A card as it ships: the text, and a picture for light and for dark windows."""
    path = tmp_path / "MODEL_CARD.md"
    path.write_text(TEXT, encoding="utf-8")
    (tmp_path / "model_card").mkdir()
    for name, colour in (("roc", "#ffffff"), ("roc-dark", "#102030")):
        image = QImage(1000, 880, QImage.Format.Format_RGB32)
        image.fill(QColor(colour))
        assert image.save(str(tmp_path / "model_card" / f"{name}.png"))
    (tmp_path / "secret.png").write_bytes((tmp_path / "model_card" / "roc.png").read_bytes())
    monkeypatch.setattr(shipped_module, "asset", lambda name: tmp_path / name)
    return path


@pytest.fixture
def browser(page: Path, qtbot: Any, app_theme: None) -> CardBrowser:
    browser = CardBrowser(page)
    qtbot.addWidget(browser)
    return browser


@pytest.fixture
def app_theme(qapp: QApplication) -> Any:
    """Start dark, and leave the application as it was."""
    palette, sheet = qapp.palette(), qapp.styleSheet()
    apply_theme(qapp, DARK)
    yield
    qapp.setPalette(palette)
    qapp.setStyleSheet(sheet)


def picture(browser: CardBrowser, name: str = "model_card/roc.png") -> QImage | None:
    found = browser.loadResource(IMAGE, QUrl(name))
    assert found is None or isinstance(found, QImage)
    return found


def test_the_full_card_is_shown_of_its_own_model_only(page: Path) -> None:
    assert shipped_card(make_card(content_hash=HASH)) == page
    assert shipped_card(make_card(content_hash="cd" * 32)) is None
    assert shipped_card(make_card(content_hash="")) is None
    page.write_bytes(b"\xff\xfe broken")
    assert shipped_card(make_card(content_hash=HASH)) is None
    page.unlink()
    assert shipped_card(make_card(content_hash=HASH)) is None


def test_help_opens_it(page: Path, open_files: Any, fakes: Any) -> None:
    fakes.card = make_card(content_hash=HASH)
    window: MainWindow = open_files("a")
    window.actions_by_id[ActionId.MODEL_CARD].trigger()
    (dialog,) = window.findChildren(PageDialog)
    assert isinstance(dialog.page, CardBrowser)
    assert NOTICE in dialog.page.toPlainText()
    assert not dialog.page.openLinks()


def test_another_model_has_the_card_of_its_bundle(page: Path, open_files: Any, fakes: Any) -> None:
    fakes.card = make_card(content_hash="cd" * 32)
    window: MainWindow = open_files("a")
    window.actions_by_id[ActionId.MODEL_CARD].trigger()
    (dialog,) = window.findChildren(PageDialog)
    assert not isinstance(dialog.page, CardBrowser)
    assert "Knows nothing." in dialog.page.toPlainText()


def test_tables_and_headings_are_laid_out(browser: CardBrowser) -> None:
    document = browser.document()
    (table,) = [frame for frame in document.rootFrame().childFrames() if isinstance(frame, QTextTable)]
    assert (table.rows(), table.columns()) == (2, 2)
    assert table.format().cellPadding() > 0
    first, second = (document.find(text).charFormat() for text in ("Model card", "Figures"))
    body = document.find("closer to").charFormat()
    sizes = [look.intProperty(look.Property.FontPixelSize) for look in (first, second)]
    assert sizes[0] > sizes[1] > browser.fontInfo().pixelSize()
    assert not body.hasProperty(body.Property.FontPixelSize)


def test_pictures_fit_and_follow_the_colours_of_the_window(browser: CardBrowser, qapp: QApplication) -> None:
    dark = picture(browser)
    assert dark is not None
    assert dark.pixelColor(5, 5).name() == "#102030"
    size = dark.deviceIndependentSize()
    assert size.width() <= PICTURE_WIDTH
    assert size.height() <= PICTURE_HEIGHT
    apply_theme(qapp, LIGHT)
    browser.ensurePolished()
    light = picture(browser)
    assert light is not None
    assert light.pixelColor(5, 5).name() == "#ffffff"
    shown = browser.document().resource(IMAGE, QUrl("model_card/roc.png"))
    assert shown.pixelColor(5, 5).name() == "#ffffff"


def test_a_card_without_dark_pictures_shows_the_light_ones(browser: CardBrowser, page: Path) -> None:
    (page.parent / "model_card" / "roc-dark.png").unlink()
    found = picture(browser)
    assert found is not None
    assert found.pixelColor(5, 5).name() == "#ffffff"


@pytest.mark.parametrize(
    "name",
    [
        "secret.png",
        "model_card/../secret.png",
        "../x/roc.png",
        "file:///etc/passwd",
        "https://a.example/b.png",
    ],
)
def test_nothing_but_the_cards_own_pictures_is_loaded(browser: CardBrowser, name: str) -> None:
    assert picture(browser, name) is None
    assert (
        browser.loadResource(QTextDocument.ResourceType.HtmlResource.value, QUrl("model_card/roc.png"))
        is None
    )


def test_a_picture_that_is_missing_or_damaged_leaves_the_page_readable(
    browser: CardBrowser, page: Path
) -> None:
    for path in (page.parent / "model_card").iterdir():
        path.write_bytes(b"damaged")
    assert picture(browser) is None
    assert picture(browser, "model_card/gone.png") is None
    assert "AUROC" in browser.toPlainText()
