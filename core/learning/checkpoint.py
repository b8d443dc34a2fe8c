"""Checkpoints: tensors as safetensors, everything else as JSON, replaced as a whole.

The JSON file names its tensor file and that file's hash. It is written last and atomically, so a run that is
killed at any moment leaves either the previous checkpoint or the new one.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import safetensors.torch
from safetensors import SafetensorError
from torch import Tensor

from core.errors import DeepPneumoError
from core.files import atomic_write

FORMAT = 1


class CheckpointError(DeepPneumoError):
    """A checkpoint that is missing, damaged or of another kind."""


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """Tensors by name, and plain values."""

    tensors: dict[str, Tensor]
    values: dict[str, Any]

    def part(self, prefix: str) -> dict[str, Tensor]:
        """Tensors whose names begin with ``prefix.``, without it."""
        start = f"{prefix}."
        return {name.removeprefix(start): t for name, t in self.tensors.items() if name.startswith(start)}


def save_checkpoint(
    folder: Path, name: str, tensors: Mapping[str, Tensor], values: Mapping[str, Any]
) -> None:
    """Write ``NAME.json`` and its tensor file into a folder, and remove the tensor file that it replaces."""
    data = safetensors.torch.save(
        {key: tensor.detach().cpu().contiguous() for key, tensor in tensors.items()}
    )
    digest = hashlib.sha256(data).hexdigest()
    tensor_file = f"{name}-{digest[:12]}.safetensors"
    with atomic_write(folder / tensor_file) as stream:
        stream.write(data)
    record = {"format": FORMAT, "tensors": tensor_file, "sha256": digest, **values}
    with atomic_write(folder / f"{name}.json") as stream:
        stream.write(json.dumps(record, indent=1).encode())
    for stale in folder.glob(f"{name}-*.safetensors"):
        if stale.name != tensor_file:
            stale.unlink()


def load_checkpoint(folder: Path, name: str) -> Checkpoint:
    """Read a checkpoint back.

    Raises
    ------
    CheckpointError
        If it is missing, damaged, or written by a newer version.
    """
    path = folder / f"{name}.json"
    try:
        values = json.loads(path.read_text(encoding="utf-8"))
        if values["format"] != FORMAT:
            raise CheckpointError(
                f"{path.name}: the checkpoint was written by another version of the program."
            )
        data = (folder / Path(values["tensors"]).name).read_bytes()
        if hashlib.sha256(data).hexdigest() != values["sha256"]:
            raise CheckpointError(f"{path.name}: the checkpoint's weights are damaged.")
        return Checkpoint(safetensors.torch.load(data), values)
    except FileNotFoundError as error:
        raise CheckpointError(f"{folder.name}: there is no checkpoint '{name}' in this folder.") from error
    except (OSError, ValueError, KeyError, TypeError, SafetensorError) as error:
        raise CheckpointError(f"{path.name}: the checkpoint is damaged.") from error
