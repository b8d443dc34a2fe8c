"""Loss and metric curves of a run, as CSV and PNG."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from dataclasses import asdict, dataclass, fields
from pathlib import Path
from typing import TypedDict

from core.engine.prediction import calibrate
from core.files import atomic_write
from core.learning.predictions import Predictions
from core.learning.recipe import Training
from core.metrics import evaluate


@dataclass(frozen=True, slots=True)
class EpochRecord:
    """What one epoch (counted from 1) gave; validation values are those of the weights that are kept."""

    epoch: int
    size: int
    learning_rate: float
    train_loss: float
    val_log_loss: float
    val_auroc: float
    val_accuracy: float
    val_class_accuracy: float | None
    seconds: float


class ValidationValues(TypedDict):
    """The values of an `EpochRecord` that come from validation."""

    val_log_loss: float
    val_auroc: float
    val_accuracy: float
    val_class_accuracy: float | None


def measure_validation(predictions: Predictions) -> ValidationValues:
    """Measure what the kept weights say of the validation part; not a number where something is undefined."""
    measures = evaluate(
        predictions.labels,
        calibrate(predictions.logits, 1.0),
        predictions.patients,
        class_names=predictions.classes,
        threshold=0.5,
        resamples=0,
    ).measures

    def value(key: str) -> float:
        measure = measures.get(key)
        return float("nan") if measure is None or measure.value is None else measure.value

    by_class = measures.get("three_class_accuracy")
    return {
        "val_log_loss": value("log_loss"),
        "val_auroc": value("auroc"),
        "val_accuracy": value("accuracy"),
        "val_class_accuracy": None if by_class is None else by_class.value,
    }


def write_history(folder: Path, records: Sequence[EpochRecord]) -> None:
    """Write ``history.csv`` and ``curves.png`` into a folder."""
    text = io.StringIO()
    writer = csv.DictWriter(text, [field.name for field in fields(EpochRecord)], lineterminator="\n")
    writer.writeheader()
    writer.writerows(asdict(record) for record in records)
    with atomic_write(folder / "history.csv") as stream:
        stream.write(text.getvalue().encode())
    with atomic_write(folder / "curves.png") as stream:
        stream.write(draw_curves(records))


def draw_curves(records: Sequence[EpochRecord]) -> bytes:
    """Draw losses, validation metrics and learning rate over the epochs; returns a PNG."""
    from matplotlib.figure import Figure

    figure = Figure(figsize=(10, 3.4), layout="constrained", dpi=120)
    losses, metrics, rates = figure.subplots(1, 3)
    epochs = [record.epoch for record in records]
    losses.plot(epochs, [record.train_loss for record in records], "o-", label="training")
    losses.plot(epochs, [record.val_log_loss for record in records], "s--", label="validation (log loss)")
    losses.set(title="Loss", xlabel="epoch", ylim=(0, None))
    metrics.plot(epochs, [record.val_auroc for record in records], "o-", label="AUROC")
    metrics.plot(epochs, [record.val_accuracy for record in records], "s--", label="accuracy")
    by_class = [(record.epoch, record.val_class_accuracy) for record in records]
    if all(accuracy is not None for _, accuracy in by_class):
        metrics.plot(*zip(*by_class, strict=True), "^:", label="accuracy by class")
    metrics.set(title="Validation", xlabel="epoch", ylim=(None, 1.005))
    rates.plot(epochs, [record.learning_rate for record in records], "o-", color="tab:green")
    rates.set(title="Learning rate at the epoch's end", xlabel="epoch", ylim=(0, None))
    for axes in (losses, metrics):
        axes.legend(frameon=False)
    for axes in (losses, metrics, rates):
        axes.grid(alpha=0.3)
        axes.xaxis.get_major_locator().set_params(integer=True)
    buffer = io.BytesIO()
    figure.savefig(buffer, format="png")
    return buffer.getvalue()


def best_epoch(history: Sequence[EpochRecord], settings: Training) -> int:
    """Return the index of the epoch whose weights are kept, by what the recipe monitors; the first of equals.

    With ``last`` it is the newest one, whatever validation says: for a recipe that asks for more than validation sees.
    """
    if settings.monitor == "last":
        return len(history) - 1
    name, sign = {
        "auroc": ("val_auroc", -1.0),
        "accuracy": ("val_accuracy", -1.0),
        "log_loss": ("val_log_loss", 1.0),
    }[settings.monitor]
    values = [sign * getattr(record, name) for record in history]
    return values.index(min(values))


def summarise(record: EpochRecord, *, best: bool) -> str:
    """Return an epoch in one line."""
    by_class = record.val_class_accuracy
    return (
        f"epoch {record.epoch}: loss {record.train_loss:.4f}, validation log loss {record.val_log_loss:.4f}, "
        f"AUROC {record.val_auroc:.4f}, accuracy {record.val_accuracy:.4f}, "
        f"{'' if by_class is None else f'by class {by_class:.4f}, '}{record.seconds:.0f} s{' (best)' if best else ''}"
    )
