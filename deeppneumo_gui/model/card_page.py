"""A model's card as a page to read. Free of Qt; everything from the card is escaped."""

from __future__ import annotations

from collections.abc import Iterable
from html import escape

from core.engine.card import Card
from core.notice import NOTICE
from core.report.words import percent, probability
from deeppneumo_gui.model.figures import Measured, measured_parts


def card_page(card: Card) -> str:
    """Return HTML in the subset that `QTextBrowser` knows."""
    sections = [
        f"<h2>{escape(card.title)}</h2>",
        f"<p><b>{escape(NOTICE)}.</b></p>",
        _section("Intended use", _paragraph(card.intended_use)),
        _section("Limits", _list(card.limits)),
        _section("Operating points", _operating_points(card)),
        *(_section(f"Measured on the {part.words}", _figures(part)) for part in measured_parts(card)),
        _section("Data", _paragraph(card.provenance)),
        _section("Licence", _paragraph(card.licence)),
        _section("Technical", _table((), _technical(card))),
    ]
    return "".join(sections)


def _section(title: str, content: str) -> str:
    return f"<h3>{escape(title)}</h3>{content}" if content else ""


def _paragraph(text: str) -> str:
    return f"<p>{escape(text)}</p>" if text.strip() else ""


def _list(sentences: Iterable[str]) -> str:
    items = "".join(f"<li>{escape(sentence)}</li>" for sentence in sentences)
    return f"<ul>{items}</ul>" if items else ""


def _operating_points(card: Card) -> str:
    rows = [
        (
            point.name + (" (in use)" if point.name == card.default_operating_point else ""),
            probability(point.threshold),
            percent(point.sensitivity),
            percent(point.specificity),
        )
        for point in card.operating_points
    ]
    note = "Sensitivity and specificity on the data that the threshold was chosen on."
    return _table(("Name", "Threshold", "Sensitivity", "Specificity"), rows) + _paragraph(note)


def _figures(part: Measured) -> str:
    rows = [(figure.title, figure.value, figure.interval, figure.meaning) for figure in part.figures]
    of = "" if part.confidence is None else f"{percent(part.confidence).replace('.0', '')} "
    return _paragraph(f"{part.size}." if part.size else "") + _table(
        ("Measure", "Value", f"{of}interval", "What it says"), rows
    )


def _technical(card: Card) -> list[tuple[str, ...]]:
    return [
        ("Name and version", card.title),
        ("Date", card.date),
        ("Architecture", card.architecture),
        ("Input", f"{card.input_size} x {card.input_size} pixels, grey"),
        ("Normalisation", f"mean {card.mean:g}, standard deviation {card.std:g}"),
        ("Classes", ", ".join(card.class_names)),
        ("Temperature", f"{card.temperature:.3f}"),
        ("SHA-256 of the network", card.content_hash),
    ]


def _table(head: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> str:
    top = "".join(f'<th align="left">{escape(cell)}</th>' for cell in head)
    body = "".join("<tr>" + "".join(f"<td>{escape(cell)}</td>" for cell in row) + "</tr>" for row in rows)
    return f'<table cellpadding="4" cellspacing="0">{f"<tr>{top}</tr>" if top else ""}{body}</table>'
