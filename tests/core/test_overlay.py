import numpy as np
import pytest
from PIL import Image

from core.notice import NOTICE
from core.overlay import (
    COLORMAPS,
    WEAK_STRENGTH,
    blend,
    burn_in,
    colormap_table,
    heatmap_rgba,
    map_levels,
    strength,
)

RNG = np.random.default_rng(2)
GREY = RNG.integers(0, 256, (70, 140)).astype(np.uint8)


def hot_corner(value: float = 2.0) -> np.ndarray:
    activation_map = np.zeros((7, 7), np.float32)
    activation_map[0, 0] = value
    return activation_map


def test_strength_is_the_unnormalised_maximum() -> None:
    assert strength(hot_corner(1.5)) == 1.5


def test_a_clear_map_uses_the_whole_bar() -> None:
    assert map_levels(hot_corner(3.0))[0, 0] == 255
    assert map_levels(hot_corner(WEAK_STRENGTH))[0, 0] == 255


def test_a_weak_map_stays_faint() -> None:
    assert map_levels(hot_corner(WEAK_STRENGTH / 5))[0, 0] == 51
    assert map_levels(np.zeros((7, 7), np.float32)).max() == 0


@pytest.mark.parametrize("name", COLORMAPS)
@pytest.mark.parametrize("threshold", [0.0, 0.25, 0.9])
def test_opacity_rises_from_the_threshold(name: str, threshold: float) -> None:
    table = colormap_table(name, threshold)
    assert (table.shape, table.dtype) == ((256, 4), np.uint8)
    values = np.arange(256) / 255
    assert (table[values <= threshold, 3] == 0).all()
    assert table[255, 3] == 255
    assert (np.diff(table[:, 3].astype(int)) >= 0).all()
    assert (table[values > threshold + 0.01, 3] > 0).all()


@pytest.mark.parametrize("name", COLORMAPS)
def test_colour_maps_rise_in_luminance(name: str) -> None:
    """Readable in greyscale and with every colour vision: lightness alone tells the order."""
    linear = (colormap_table(name, 0.0)[:, :3] / 255.0) ** 2.2
    assert (np.diff(linear @ [0.2126, 0.7152, 0.0722])[::1] > -2e-3).all()
    assert linear[255] @ [0.2126, 0.7152, 0.0722] > linear[0] @ [0.2126, 0.7152, 0.0722] + 0.4


def test_a_table_cannot_be_changed_for_everybody() -> None:
    with pytest.raises(ValueError, match="read-only"):
        colormap_table("inferno", 0.25)[0, 0] = 1


@pytest.mark.parametrize(("name", "threshold"), [("jet", 0.2), ("inferno", 1.0), ("inferno", -0.1)])
def test_other_names_and_thresholds_are_refused(name: str, threshold: float) -> None:
    with pytest.raises(ValueError, match=r"colour map|threshold"):
        colormap_table(name, threshold)


def test_the_heatmap_lies_where_the_map_is() -> None:
    picture = heatmap_rgba(hot_corner(), (70, 140))
    assert (picture.shape, picture.dtype) == ((70, 140, 4), np.uint8)
    assert (picture[0, 0] == colormap_table()[255]).all()
    assert (picture[20:, :, 3] == 0).all()
    assert (picture[:, 40:, 3] == 0).all()


def test_the_radiograph_is_unchanged_where_the_map_is_low() -> None:
    blended = np.asarray(blend(GREY, hot_corner(), opacity=1.0))
    untouched = heatmap_rgba(hot_corner(), (70, 140))[..., 3] == 0
    assert untouched.mean() > 0.9
    for channel in range(3):
        np.testing.assert_array_equal(blended[..., channel][untouched], GREY[untouched])
    assert (blended[0, 0] == colormap_table()[255, :3]).all()


@pytest.mark.parametrize("opacity", [0.0, 0.3, 0.7, 1.0])
def test_the_blend_is_the_weighted_mean(opacity: float) -> None:
    activation_map = RNG.random((7, 7)).astype(np.float32)
    heat = heatmap_rgba(activation_map, (70, 140)).astype(float)
    share = opacity * heat[..., 3:] / 255
    expected = share * heat[..., :3] + (1 - share) * GREY[..., None]
    np.testing.assert_allclose(np.asarray(blend(GREY, activation_map, opacity)), expected, atol=1.6)


@pytest.mark.parametrize("opacity", [-0.1, 1.1, float("nan")])
def test_other_opacities_are_refused(opacity: float) -> None:
    with pytest.raises(ValueError, match="opacity"):
        blend(GREY, hot_corner(), opacity)


def strip(image: Image.Image, lines: list[str]) -> np.ndarray:
    return np.asarray(burn_in(image, lines))[image.height :]


@pytest.mark.parametrize("size", [(600, 700), (64, 64), (2000, 300)])
def test_the_strip_lies_below_the_picture(size: tuple[int, int]) -> None:
    image = Image.effect_noise(size, 80).convert("RGB")
    burnt = burn_in(image, ["Model tiny 1.0"])
    left = (burnt.width - image.width) // 2
    np.testing.assert_array_equal(
        np.asarray(burnt)[: image.height, left : left + image.width], np.asarray(image)
    )
    assert burnt.width == max(480, image.width)
    below = np.asarray(burnt)[image.height :]
    assert (below[:40].max(axis=(0, 2)) > 200).sum() > 50  # the notice, first


def test_every_line_is_in_the_strip(monkeypatch: pytest.MonkeyPatch) -> None:
    from PIL import ImageDraw

    drawn: list[str] = []
    original = ImageDraw.ImageDraw.text

    def text(
        self: ImageDraw.ImageDraw, xy: tuple[float, float], words: str, *args: object, **more: object
    ) -> None:
        drawn.append(words)
        original(self, xy, words, *args, **more)  # type: ignore[arg-type]

    monkeypatch.setattr(ImageDraw.ImageDraw, "text", text)
    burn_in(Image.new("RGB", (100, 100)), ["Model tiny 1.0 of 2026-11-23", "word " * 60])
    together = " ".join(drawn)
    assert together.startswith(NOTICE)
    assert "Model tiny 1.0 of 2026-11-23" in together
    assert together.count("word") == 60
    assert together.endswith("where the score came from, not where disease is")


def test_long_lines_are_broken_and_not_cut() -> None:
    image = Image.new("RGB", (100, 100))
    assert len(strip(image, ["word " * 60])) > len(strip(image, ["word"])) + 40


def test_the_bar_shows_the_colours() -> None:
    below = strip(Image.new("RGB", (600, 100)), []).reshape(-1, 3).astype(int)
    top = colormap_table()[255, :3].astype(int)
    assert (np.abs(below - top).max(axis=1) <= 2).any()


def test_a_picture_without_a_heatmap_has_no_colour_bar() -> None:
    burnt = burn_in(Image.new("RGB", (600, 100)), ["Model tiny 1.0"], None)
    assert burnt.convert("HSV").getchannel("S").getextrema() == (0, 0)
    assert burnt.height < burn_in(Image.new("RGB", (600, 100)), ["Model tiny 1.0"]).height - 30
