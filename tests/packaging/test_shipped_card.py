"""The model card that ships is that of the model that ships, whole, and small."""

from __future__ import annotations

import re
from pathlib import Path

from core.engine.bundle import read_bundle
from core.engine.default import default_bundle_path
from core.notice import NOTICE
from deeppneumo_gui.assets import asset
from deeppneumo_gui.model.shipped_card import NAME, shipped_card
from resources.installer import contents

MOST_BYTES = 1_000_000


def test_the_card_is_of_the_bundled_model() -> None:
    """After a new model: `make evaluate DATA=...`, then `make card`."""
    assert shipped_card(read_bundle(default_bundle_path()).card) == asset(NAME)


def test_every_picture_of_it_ships_for_light_and_dark_windows() -> None:
    text = asset(NAME).read_text(encoding="utf-8")
    named = re.findall(r"!\[[^\]]+\]\(([^)]+)\)", text)
    assert named
    expected = {name for light in named for name in (light, light.replace(".png", "-dark.png"))}
    folder = asset("model_card")
    assert {f"model_card/{path.name}" for path in folder.iterdir()} == expected
    assert sum(path.stat().st_size for path in folder.iterdir()) < MOST_BYTES


def test_it_says_what_it_is_for_and_names_no_place_on_a_machine() -> None:
    text = asset(NAME).read_text(encoding="utf-8")
    assert NOTICE in text
    assert not re.search(r"/work|/tmp|/home|/root|[A-Z]:\\", text)


def test_the_package_carries_it() -> None:
    assert NAME in contents.PAGES
    assert "model_card" in contents.RESOURCES
    assert all(Path(asset(name)).is_dir() for name in contents.RESOURCES)
