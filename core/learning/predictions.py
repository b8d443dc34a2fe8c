"""What a network says of labelled images, kept as a CSV so that choices can be made and checked without it."""

from __future__ import annotations

import csv
import hashlib
import io
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
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

    def shifted(self, shift: float) -> Predictions:
        """Return the predictions of a network that adds so much to the logit of the first class."""
        return replace(self, logits=self.logits + shift * (np.arange(len(self.classes)) == 0))


def write_predictions(path: Path, predictions: Predictions) -> str:
    """Write a CSV with the columns ``file,patient,label`` and a logit per class; returns its SHA-256."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(("file", "patient", "label", *(f"logit_{name}" for name in predictions.classes)))
    rows = zip(predictions.files, predictions.patients, predictions.labels, predictions.logits, strict=True)
    for file, patient, label, logits in rows:
        writer.writerow((file, patient, label, *(f"{logit:.6f}" for logit in logits)))
    data = text.getvalue().encode(errors="surrogateescape")
    with atomic_write(path) as stream:
        stream.write(data)
    return hashlib.sha256(data).hexdigest()


def read_predictions(path: Path, digest: str | None = None) -> Predictions:
    """Read the CSV back.

    Raises
    ------
    CheckpointError
        If it is not one of ours, or not the one with the SHA-256 `digest`.
    """
    try:
        data = path.read_bytes()
        if digest is not None and hashlib.sha256(data).hexdigest() != digest:
            raise CheckpointError(f"{path.name}: the predictions belong to other weights; resume the run.")
        header, *rows = csv.reader(io.StringIO(data.decode(errors="surrogateescape"), newline=""))
        classes = tuple(name.removeprefix("logit_") for name in header[3:])
        logits = np.array([[float(value) for value in row[3:]] for row in rows], dtype=np.float64)
        files, patients, labels = zip(*(row[:3] for row in rows), strict=True)
    except (OSError, ValueError, UnicodeDecodeError, csv.Error) as error:
        raise CheckpointError(f"{path.name}: the predictions could not be read.") from error
    return Predictions(classes, files, patients, labels, logits.reshape(len(rows), len(classes)))
