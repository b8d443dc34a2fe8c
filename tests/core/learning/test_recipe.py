import tomllib
from pathlib import Path

import pytest

import training
from core.learning.recipe import RecipeError, parse_recipe
from training.recipes import load_recipe

RECIPES = Path(training.__file__).with_name("recipes")


def values(name="best"):
    return tomllib.loads((RECIPES / f"{name}.toml").read_text())


def test_course_recipe_is_the_reference():
    recipe = load_recipe("course")
    settings = recipe.training
    assert (settings.optimiser, settings.learning_rate, settings.weight_decay) == ("adam", 0.001, 0.0)
    assert (settings.batch_size, settings.epochs, settings.sizes) == (32, 20, ((0, 224),))
    assert (settings.label_smoothing, settings.class_weights, settings.schedule) == (0.0, "none", "constant")
    assert (recipe.data.split, recipe.data.classes) == ("70/15/15", ("normal", "pneumonia"))


def test_recipe_survives_its_plain_values():
    recipe = load_recipe("best")
    assert parse_recipe(recipe.as_dict()) == recipe


def test_recipe_from_a_file(tmp_path):
    path = tmp_path / "mine.toml"
    path.write_text((RECIPES / "best.toml").read_text().replace('name = "best"', 'name = "mine"'))
    assert load_recipe(str(path)).name == "mine"


def test_size_follows_the_epoch():
    settings = load_recipe("best").training
    first_epochs = [first for first, _ in settings.sizes]
    assert [settings.size_at(epoch) for epoch in first_epochs] == [size for _, size in settings.sizes]
    assert settings.size_at(first_epochs[1] - 1) == settings.sizes[0][1]


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        (lambda v: v["training"].pop("epochs"), "recipe.training.epochs is missing"),
        (lambda v: v["training"].update(epoch=3), "recipe.training.epoch is not a setting"),
        (lambda v: v["training"].update(epochs="3"), "must be of the kind int"),
        (lambda v: v["training"].update(epochs=True), "must be of the kind int"),
        (lambda v: v["training"].update(epochs=0), "training.epochs must lie between 1"),
        (lambda v: v["training"].update(ema_decay=3), "ema_decay must lie between"),
        (lambda v: v["training"].update(learning_rate=float("nan")), "learning_rate must lie between"),
        (lambda v: v["training"].update(sizes=[[0, 0]]), "between 32 and 1024 pixels"),
        (lambda v: v["augmentation"].update(erase_area=3), "erase_area must lie between"),
        (lambda v: v["augmentation"].update(flip_share=1.5), "flip_share must lie between"),
        (lambda v: v["augmentation"].update(jpeg_least=90, jpeg_most=40), "must not exceed jpeg_most"),
        (lambda v: v["data"].update(split="60/40"), "data.split must be"),
        (lambda v: v["data"].update(split="5-fold", fold=-7), "needs 3 to 50 folds"),
        (lambda v: v["data"].update(split="5-fold", fold=5), "needs 3 to 50 folds"),
        (lambda v: v["data"].update(split="2-fold"), "needs 3 to 50 folds"),
        (lambda v: v["training"].update(optimiser="adagrad"), "must be one of adam, adamw, sgd"),
        (lambda v: v["training"].update(sizes=[[1, 224]]), "from epoch 0 on"),
        (lambda v: v["training"].update(sizes=[[0, 224, 3]]), "must have 2 entries"),
        (lambda v: v["data"].update(classes=["cat", "dog"]), "data.classes must be"),
        (lambda v: v.update(data=3), "recipe.data must be a table"),
        (lambda v: v["data"].update(classes="normal"), "must be a list"),
    ],
)
def test_wrong_values_are_named(change, sentence):
    wrong = values()
    change(wrong)
    with pytest.raises(RecipeError, match=sentence):
        parse_recipe(wrong)


def test_unknown_and_unreadable_recipes(tmp_path):
    with pytest.raises(RecipeError, match="no recipe 'nonesuch'; there are best, course"):
        load_recipe("nonesuch")
    with pytest.raises(RecipeError, match=r"lost\.toml: there is no such recipe"):
        load_recipe(str(tmp_path / "lost.toml"))
    broken = tmp_path / "broken.toml"
    broken.write_text("name = ")
    with pytest.raises(RecipeError, match=r"broken\.toml"):
        load_recipe(str(broken))
