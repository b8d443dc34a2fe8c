"""What a network says of labelled images, kept as a CSV so that choices can be made and checked without it."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from core.dataset import Item
from core.files import atomic_write
from core.learning.checkpoint import CheckpointError


@dataclass(frozen=True, slots=True, eq=False)
class Predictions:
    """Logits (N, K) of N images, with their truth."""

    classes: tuple[str, ...]
    files: tuple[str, ...]
    patients: tuple[str, ...]
    labels: tuple[str, ...]
    logits: NDArray[np.float64]

    @classmethod
    def of(cls, items: Iterable[Item], logits: NDArray[np.float64], classes: Sequence[str]) -> Predictions:
        """Put items and their logits together."""
        listed = list(items)
        return cls(
            tuple(classes),
            tuple(item.file for item in listed),
            tuple(item.patient for item in listed),
            tuple(item.label for item in listed),
            logits,
        )


def write_predictions(path: Path, predictions: Predictions) -> None:
    """Write a CSV with the columns ``file,patient,label`` and a logit per class."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(("file", "patient", "label", *(f"logit_{name}" for name in predictions.classes)))
    rows = zip(predictions.files, predictions.patients, predictions.labels, predictions.logits, strict=True)
    for file, patient, label, logits in rows:
        writer.writerow((file, patient, label, *(f"{logit:.6f}" for logit in logits)))
    with atomic_write(path) as stream:
        stream.write(text.getvalue().encode())


def read_predictions(path: Path) -> Predictions:
    """Read the CSV back; raises `CheckpointError` when it is not one of ours."""
    try:
        with path.open(newline="", encoding="utf-8") as stream:
            header, *rows = csv.reader(stream)
        classes = tuple(name.removeprefix("logit_") for name in header[3:])
        logits = np.array([[float(value) for value in row[3:]] for row in rows], dtype=np.float64)
        files, patients, labels = zip(*(row[:3] for row in rows), strict=True)
    except (OSError, ValueError, UnicodeDecodeError, csv.Error) as error:
        raise CheckpointError(f"{path.name}: the predictions could not be read.") from error
    return Predictions(classes, files, patients, labels, logits.reshape(len(rows), len(classes)))
