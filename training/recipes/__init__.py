"""The recipes that come with the program."""

from __future__ import annotations

from pathlib import Path

from core.learning.recipe import Recipe, RecipeError, read_recipe

_FOLDER = Path(__file__).parent


def load_recipe(name_or_file: str) -> Recipe:
    """Load a recipe by the name of a shipped one (``course``, ``best``) or from a TOML file.

    Raises
    ------
    RecipeError
        If there is no such recipe, or it is not a usable one.
    """
    path = Path(name_or_file)
    if path.suffix == ".toml":
        return read_recipe(path)
    names = sorted(recipe.stem for recipe in _FOLDER.glob("*.toml"))
    if name_or_file not in names:
        raise RecipeError(
            f"There is no recipe '{name_or_file}'; there are {', '.join(names)}, or give a TOML file."
        )
    return read_recipe(_FOLDER / f"{name_or_file}.toml")
