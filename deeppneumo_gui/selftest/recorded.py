"""The scores and maps that the samples are known to get, in `samples/expected.json`."""

from __future__ import annotations

import json
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from core.engine.prediction import Prediction
from core.files import atomic_write
from deeppneumo_gui.selftest.check import CheckFailedError

RECORD_NAME: Final = "expected.json"

SCORE_TOLERANCE: Final = 0.01
MAP_TOLERANCE: Final = 0.005
"""Logits per cell. Processors round differently, and decoders by a grey value; both move it by far less."""

_ANEW: Final = (
    "unpack the program again" if getattr(sys, "frozen", False) else "record them anew with `make record`"
)


@dataclass(frozen=True, slots=True)
class Expected:
    """What one sample gets: the model score, and the map behind it in logits per cell."""

    score: float
    activation_map: NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Record:
    """What all samples get from one model.

    Attributes
    ----------
    content_hash : str
        Of the model's graph, as on its card.
    samples : dict
        By file name.
    """

    model: str
    content_hash: str
    samples: dict[str, Expected]

    def check_model(self, content_hash: str) -> None:
        """Raise `CheckFailedError` when the record was made with another model."""
        if content_hash != self.content_hash:
            raise CheckFailedError(f"The recorded scores belong to another model ({self.model}); {_ANEW}.")

    def check_sample(self, name: str, prediction: Prediction) -> str:
        """Hold a prediction against the recorded one and say what was found; `CheckFailedError` when it differs."""
        expected = self.samples.get(name)
        if expected is None:
            raise CheckFailedError(f"The sample {name} has no recorded score; {_ANEW}.")
        if abs(prediction.score - expected.score) > SCORE_TOLERANCE:
            raise CheckFailedError(
                f"{name} scored {prediction.score:.3f} where {expected.score:.3f} is recorded."
            )
        found = prediction.activation_map()
        if found.shape != expected.activation_map.shape:
            raise CheckFailedError(f"The map of {name} has another form than the recorded one.")
        difference = float(np.abs(found - expected.activation_map).max())
        if difference > MAP_TOLERANCE:
            raise CheckFailedError(f"The map of {name} differs from the recorded one by {difference:.3f}.")
        return f"score {prediction.score:.3f} (recorded {expected.score:.3f}), map within {difference:.4f}"


def read_record(path: Path) -> Record:
    """Read a record; `CheckFailedError` with one sentence when it is missing or damaged."""
    try:
        content: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
        samples = {
            str(name): Expected(float(entry["score"]), np.asarray(entry["map"], np.float32))
            for name, entry in content["samples"].items()
        }
        return Record(str(content["model"]), str(content["content_hash"]), samples)
    except FileNotFoundError:
        raise CheckFailedError(f"There are no recorded scores of the samples; {_ANEW}.") from None
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        raise CheckFailedError(f"The recorded scores of the samples cannot be read; {_ANEW}.") from None


def write_record(path: Path, record: Record) -> None:
    """Write a record, one line per sample, so that a change of one shows as such."""
    lines = [
        f"    {json.dumps(name)}: {json.dumps(_entry(expected))}"
        for name, expected in sorted(record.samples.items())
    ]
    head = (
        f'{{\n  "model": {json.dumps(record.model)},\n  "content_hash": {json.dumps(record.content_hash)},\n'
    )
    text = head + '  "samples": {\n' + ",\n".join(lines) + "\n  }\n}\n"
    with atomic_write(path) as stream:
        stream.write(text.encode())


def _entry(expected: Expected) -> dict[str, Any]:
    rows = [[round(float(value), 4) for value in row] for row in expected.activation_map]
    return {"score": round(expected.score, 5), "map": rows}
