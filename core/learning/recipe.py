"""Training recipes: TOML files in which every value is explicit."""

from __future__ import annotations

import re
import tomllib
from dataclasses import asdict, dataclass, fields
from pathlib import Path
from typing import Any, Final, Literal, TypeAlias, get_args, get_origin, get_type_hints

from core.errors import DeepPneumoError

Optimiser: TypeAlias = Literal["adam", "adamw", "sgd"]
Schedule: TypeAlias = Literal["constant", "one_cycle"]
Precision: TypeAlias = Literal["float32", "bfloat16"]
ClassWeights: TypeAlias = Literal["none", "balanced"]
Monitor: TypeAlias = Literal["auroc", "log_loss", "accuracy", "last"]


_INFINITY = float("inf")
_RANGES: Final = {
    "data.split_seed": (0, 2**32),
    "data.input_size": (32, 1024),
    "training.seed": (0, 2**32),
    "training.epochs": (1, 10_000),
    "training.batch_size": (2, 4096),
    "training.learning_rate": (0, 100),
    "training.head_learning_rate": (0, 100),
    "training.weight_decay": (0, 10),
    "training.warmup_share": (0, 0.99),
    "training.label_smoothing": (0, 0.99),
    "training.mixup_alpha": (0, 10),
    "training.teacher_share": (0, 1),
    "training.focus_weight": (0, 100),
    "training.gradient_norm": (0, _INFINITY),
    "training.ema_decay": (0, 0.999999),
    "training.patience": (0, 10_000),
    "augmentation.rotation_degrees": (0, 180),
    "augmentation.scale_range": (0, 1),
    "augmentation.aspect_range": (0, 1),
    "augmentation.shift_share": (0, 1),
    "augmentation.border_width": (0, 0.45),
    "augmentation.gamma_range": (0, 3),
    "augmentation.contrast_range": (0, 3),
    "augmentation.brightness_range": (0, 1),
    "augmentation.rescale_least": (0.05, 1),
    "augmentation.blur_sigma": (0, 20),
    "augmentation.noise_sigma": (0, 255),
    "augmentation.jpeg_least": (1, 100),
    "augmentation.jpeg_most": (1, 100),
    "augmentation.erase_area": (0, 0.5),
} | {
    f"augmentation.{name}_share": (0, 1)
    for name in ("flip", "frame", "border", "marker", "rescale", "blur", "sharpen", "noise", "jpeg", "erase")
}


class RecipeError(DeepPneumoError):
    """A recipe with a missing, unknown or impossible value."""


@dataclass(frozen=True, slots=True)
class Data:
    """What is trained on.

    Attributes
    ----------
    split : str
        ``70/15/15``; ``official``, which keeps the test part of the data folder; ``given``, which keeps all parts
        as folders or manifest say; ``K-fold`` for a number K; or the path of a split file.
    fold : int
        The fold that is the test part of a ``K-fold`` split, from 0.
    """

    classes: tuple[str, ...]
    split: str
    split_seed: int
    fold: int
    input_size: int


@dataclass(frozen=True, slots=True)
class Training:
    """How the weights are found.

    Attributes
    ----------
    mixup_alpha : float
        Both parameters of the beta distribution from which the share of a mixture of two images is drawn
        (Zhang et al. 2018); 0 mixes nothing.
    teacher_share : float
        Share of the loss that asks for the teachers' probabilities instead of the label (Hinton, Vinyals, Dean
        2015); more than 0 needs teachers, see `core.learning.run.Run`.
    focus_weight : float
        Weight of the share of the evidence for pneumonia that lies away from where lungs are, see
        `core.learning.focus`; 0 leaves the evidence where it is found.
    """

    seed: int
    epochs: int
    batch_size: int
    sizes: tuple[tuple[int, int], ...]
    optimiser: Optimiser
    learning_rate: float
    head_learning_rate: float
    weight_decay: float
    schedule: Schedule
    warmup_share: float
    label_smoothing: float
    mixup_alpha: float
    teacher_share: float
    focus_weight: float
    class_weights: ClassWeights
    gradient_norm: float
    ema_decay: float
    precision: Precision
    monitor: Monitor
    patience: int

    def size_at(self, epoch: int) -> int:
        """Side in pixels of the inputs of a zero-based epoch; `sizes` lists (first epoch, side)."""
        return next(size for first, size in reversed(self.sizes) if epoch >= first)


@dataclass(frozen=True, slots=True)
class Augmentation:
    """Strength of each random change; 0 switches one off. Shares are probabilities per image."""

    flip_share: float
    frame_share: float
    rotation_degrees: float
    scale_range: float
    aspect_range: float
    shift_share: float
    border_share: float
    border_width: float
    marker_share: float
    gamma_range: float
    contrast_range: float
    brightness_range: float
    rescale_share: float
    rescale_least: float
    blur_share: float
    blur_sigma: float
    sharpen_share: float
    noise_share: float
    noise_sigma: float
    jpeg_share: float
    jpeg_least: int
    jpeg_most: int
    erase_share: float
    erase_area: float


@dataclass(frozen=True, slots=True)
class Recipe:
    """All settings of one training run."""

    name: str
    data: Data
    training: Training
    augmentation: Augmentation

    def as_dict(self) -> dict[str, Any]:
        """Nested plain values, as in the TOML file."""
        return asdict(self)


def read_recipe(path: Path) -> Recipe:
    """Read a recipe from a TOML file.

    Raises
    ------
    RecipeError
        If the file is missing or unreadable, or a value is missing, unknown or of the wrong kind.
    """
    try:
        values = tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError as error:
        raise RecipeError(f"{path.name}: there is no such recipe.") from error
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise RecipeError(f"{path.name}: this is no readable TOML file ({error}).") from error
    return parse_recipe(values)


def parse_recipe(values: dict[str, Any]) -> Recipe:
    """Check nested plain values and turn them into a recipe; raises `RecipeError`."""
    recipe: Recipe = _parse(Recipe, values, "recipe")
    training = recipe.training
    if not training.sizes or training.sizes[0][0] != 0 or list(training.sizes) != sorted(training.sizes):
        raise RecipeError("training.sizes must list (first epoch, side) from epoch 0 on, in order.")
    if recipe.data.classes not in (("normal", "pneumonia"), ("normal", "bacterial", "viral")):
        raise RecipeError("data.classes must be normal, pneumonia or normal, bacterial, viral.")
    if recipe.augmentation.jpeg_least > recipe.augmentation.jpeg_most:
        raise RecipeError("augmentation.jpeg_least must not exceed jpeg_most.")
    _check_split(recipe.data)
    for name, (low, high) in _RANGES.items():
        table, _, key = name.partition(".")
        value = getattr(getattr(recipe, table), key)
        if not low <= value <= high:
            raise RecipeError(f"{name} must lie between {low:g} and {high:g}.")
    if any(not 32 <= size <= 1024 for _, size in training.sizes):
        raise RecipeError("training.sizes must lie between 32 and 1024 pixels.")
    return recipe


def fold_count(split: str) -> int | None:
    """Return K of a ``K-fold`` split, None for any other."""
    match = re.fullmatch(r"(\d+)-fold", split)
    return int(match[1]) if match else None


def _check_split(data: Data) -> None:
    folds = fold_count(data.split)
    if folds is None:
        if data.split not in ("70/15/15", "official", "given") and not data.split.endswith(".csv"):
            raise RecipeError(
                "data.split must be 70/15/15, official, given, K-fold or the path of a CSV file."
            )
    elif not 3 <= folds <= 50 or not 0 <= data.fold < folds:
        raise RecipeError("A K-fold split needs 3 to 50 folds, and data.fold must be one of them, from 0.")


def _parse(kind: Any, value: Any, where: str) -> Any:
    if isinstance(kind, type) and kind in (Recipe, Data, Training, Augmentation):
        hints, names = get_type_hints(kind), [field.name for field in fields(kind)]
        if not isinstance(value, dict):
            raise RecipeError(f"{where} must be a table.")
        for name in names:
            if name not in value:
                raise RecipeError(f"{where}.{name} is missing.")
        for name in value:
            if name not in names:
                raise RecipeError(f"{where}.{name} is not a setting.")
        return kind(**{name: _parse(hints[name], value[name], f"{where}.{name}") for name in names})
    if get_origin(kind) is tuple:
        inner = get_args(kind)
        if not isinstance(value, list | tuple):
            raise RecipeError(f"{where} must be a list.")
        if inner[-1] is not Ellipsis and len(inner) != len(value):
            raise RecipeError(f"{where} must have {len(inner)} entries.")
        return tuple(_parse(inner[0], entry, where) for entry in value)
    if get_origin(kind) is Literal:
        if value not in get_args(kind):
            raise RecipeError(f"{where} must be one of {', '.join(get_args(kind))}.")
        return value
    if kind is float and isinstance(value, int) and not isinstance(value, bool):
        return float(value)
    if not isinstance(value, kind) or isinstance(value, bool):
        raise RecipeError(f"{where} must be of the kind {kind.__name__}.")
    return value
