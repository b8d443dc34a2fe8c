"""The training loop: epochs, validation, averaged weights, checkpoints, resuming.

A run's folder holds ``run.json``, ``split.csv``, the checkpoints ``last`` and ``best``, ``history.csv``,
``curves.png``, ``validation.csv`` and, once complete, ``test.csv`` (logits, read at export and by nothing before).
"""

from __future__ import annotations

import time
from contextlib import AbstractContextManager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Final

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn
from torch.nn.parallel import DistributedDataParallel
from torch.utils.data import DataLoader
from tqdm import tqdm

from core.calibration import allowed_classes
from core.dataset import Item
from core.errors import DeepPneumoError
from core.learning.checkpoint import Checkpoint, CheckpointError, load_checkpoint, save_checkpoint
from core.learning.data import EpochSampler, Images, TrainingImages
from core.learning.distributed import Process
from core.learning.focus import stray_evidence
from core.learning.history import EpochRecord, best_epoch, measure_validation, summarise, write_history
from core.learning.network import ExplainedNetwork, network_logits
from core.learning.optimise import balanced_weights, set_rate
from core.learning.predictions import Predictions, write_predictions
from core.learning.recipe import Recipe
from core.learning.state import State
from core.learning.targets import Mixture, Targets
from core.learning.teachers import taught_probabilities
from core.learning.vision import ResNet

LAST: Final = "last"
BEST: Final = "best"
VALIDATION: Final = "validation.csv"
TEST: Final = "test.csv"


class TrainingError(DeepPneumoError):
    """A run that cannot go on."""


@dataclass(frozen=True, slots=True)
class Options:
    """Where and how a run works, and the finished runs that it learns from."""

    out: Path
    workers: int = 0
    teachers: tuple[Path, ...] = ()
    quiet: bool = False


class Trainer:
    """Trains one network by one recipe; every process of a distributed run has its own."""

    def __init__(
        self, network: ResNet, images: Images, recipe: Recipe, process: Process, options: Options
    ) -> None:
        self._recipe, self._settings = recipe, recipe.training
        self._process, self._options = process, options
        self._parts = {part: _rows_of(images.items, part) for part in ("train", "val", "test")}
        self._images = images
        network = network.to(process.device, memory_format=torch.channels_last)
        self._state = State(network, self._settings)
        self._model: nn.Module = ExplainedNetwork(network)
        if process.world > 1:
            self._model = DistributedDataParallel(self._model)
        rows = self._parts["train"]
        self._data = TrainingImages(
            images.grey[rows], self._targets(options.teachers), recipe.augmentation, self._settings
        )
        self._sampler = EpochSampler(
            len(rows), self._settings.seed, self._settings.batch_size, process.rank, process.world
        )
        self._history: list[EpochRecord] = []

    def _targets(self, teachers: tuple[Path, ...]) -> Targets:
        rows, classes = self._parts["train"], self._recipe.data.classes
        labels = [self._images.items[row].label for row in rows]
        allowed = torch.from_numpy(allowed_classes(labels, classes, kinds=True))
        taught = torch.zeros(allowed.shape)
        if teachers:
            taught = taught_probabilities(teachers, self._images.grey[rows], classes, self._process.device)
        balanced = self._settings.class_weights == "balanced"
        return Targets(allowed, taught, balanced_weights(allowed) if balanced else torch.ones(len(rows)))

    def train(self, *, resume: bool = False) -> list[EpochRecord]:
        """Run all epochs that are still to do; returns the history of all of them.

        An interruption at any moment leaves the checkpoint of the last whole epoch; resuming from it gives the same
        weights as a run without the interruption.
        """
        if resume:
            self._restore(load_checkpoint(self._options.out, LAST))
        else:
            self._save(LAST)
        while not self._is_finished():
            started = time.monotonic()
            loss, factor = self._train_epoch(len(self._history))
            self._validate(loss, factor, started)
        self._predict_test()
        return self._history

    def _is_finished(self) -> bool:
        if len(self._history) >= self._settings.epochs:
            return True
        waited = len(self._history) - 1 - best_epoch(self._history, self._settings) if self._history else 0
        return 0 < self._settings.patience <= waited

    def _train_epoch(self, epoch: int) -> tuple[float, float]:
        self._model.train()
        self._data.epoch = self._sampler.epoch = epoch
        loader = DataLoader(
            self._data,
            self._settings.batch_size,
            sampler=self._sampler,
            num_workers=self._options.workers,
            generator=torch.Generator(),
        )
        total, factor = torch.zeros(2, dtype=torch.float64), 0.0
        bar = tqdm(
            loader,
            desc=f"epoch {epoch + 1}/{self._settings.epochs} at {self._settings.size_at(epoch)} px",
            unit="batch",
            disable=True if self._options.quiet or not self._process.is_first else None,
        )
        steps = self._settings.epochs * len(loader)
        for step, (inputs, targets) in enumerate(bar):
            progress = (epoch * len(loader) + step) / steps
            factor = set_rate(self._state.optimiser, self._settings, progress)
            key = (self._settings.seed, epoch, step, self._process.rank)
            loss = self._step(inputs, targets, Mixture(self._settings.mixup_alpha, key, len(inputs)))
            total += torch.tensor([loss * len(inputs), len(inputs)], dtype=torch.float64)
            bar.set_postfix(loss=f"{total[0] / total[1]:.4f}", refresh=False)
        total = self._process.total(total.to(self._process.device)).cpu()
        return float(total[0] / total[1]), factor

    def _step(self, inputs: Tensor, targets: Targets, mixture: Mixture) -> float:
        device = self._process.device
        inputs = mixture.images(inputs).to(device, memory_format=torch.channels_last)
        targets = Targets(*(part.to(device) for part in targets))
        with self._autocast():
            logits, maps, *_ = self._model(inputs)
        loss = mixture.loss(logits, targets, self._settings)
        if self._settings.focus_weight > 0:
            loss = loss + self._settings.focus_weight * stray_evidence(logits, maps, ~targets.allowed[:, 0])
        self._state.optimiser.zero_grad(set_to_none=True)
        loss.backward()
        if self._settings.gradient_norm > 0:
            nn.utils.clip_grad_norm_(self._state.network.parameters(), self._settings.gradient_norm)
        self._state.step()
        return float(loss.detach())

    def _autocast(self) -> AbstractContextManager[object]:
        return torch.autocast(
            self._process.device.type, torch.bfloat16, enabled=self._settings.precision == "bfloat16"
        )

    def _validate(self, train_loss: float, factor: float, started: float) -> None:
        # Each process has batch norm statistics of its own; those of the first are the ones that are kept.
        self._process.share(self._state.network.buffers())
        self._process.share(self._state.kept.buffers())
        predictions = self.predict("val")
        if not np.isfinite(predictions.logits).all() or not np.isfinite(train_loss):
            raise TrainingError(
                "The training diverged: its loss is no longer a number. Lower the learning rate."
            )
        epoch = len(self._history)
        record = EpochRecord(
            epoch=epoch + 1,
            size=self._settings.size_at(epoch),
            learning_rate=self._settings.learning_rate * factor,
            train_loss=train_loss,
            **measure_validation(predictions),
            seconds=time.monotonic() - started,
        )
        self._history.append(record)
        if self._process.is_first:
            if best_epoch(self._history, self._settings) == epoch:
                digest = write_predictions(self._options.out / VALIDATION, predictions)
                self._save(BEST, weights_only=True, validation=digest)
            self._save(LAST)
            write_history(self._options.out, self._history)
            if not self._options.quiet:
                tqdm.write(summarise(record, best=best_epoch(self._history, self._settings) == epoch))
        self._process.wait()

    def predict(self, part: str) -> Predictions:
        """Logits of the kept weights for a part, in float32 and shared out over the processes."""
        rows = self._parts[part]
        logits = np.zeros((len(rows), len(self._recipe.data.classes)))
        mine = range(self._process.rank, len(rows), self._process.world)
        grey = self._images.grey[rows[list(mine)]]
        logits[list(mine)] = network_logits(self._state.kept, grey, self._process.device)
        shared = self._process.total(torch.from_numpy(logits).to(self._process.device)).cpu().numpy()
        items = [self._images.items[row] for row in rows]
        return Predictions.of(items, shared, self._recipe.data.classes)

    def _predict_test(self) -> None:
        best = load_checkpoint(self._options.out, BEST)
        self._state.kept.load_state_dict(best.part("network"))
        predictions = self.predict("test")
        if self._process.is_first:
            write_predictions(self._options.out / TEST, predictions)

    def _save(self, name: str, *, weights_only: bool = False, validation: str | None = None) -> None:
        if not self._process.is_first:
            return
        values = {
            "recipe": self._recipe.as_dict(),
            "epoch": len(self._history),
            "processes": self._process.world,
            "history": [asdict(record) for record in self._history],
            "validation": validation,
        }
        save_checkpoint(self._options.out, name, self._state.tensors(weights_only=weights_only), values)

    def _restore(self, checkpoint: Checkpoint) -> None:
        if checkpoint.values["processes"] != self._process.world:
            raise TrainingError(
                f"The run was started with {checkpoint.values['processes']} process(es) and goes on only with as many."
            )
        try:
            self._history = [EpochRecord(**record) for record in checkpoint.values["history"]]
        except TypeError as error:
            raise CheckpointError("The checkpoint was written by another version of the program.") from error
        self._state.restore(checkpoint)


def _rows_of(items: list[Item], part: str) -> NDArray[np.intp]:
    return np.array([row for row, item in enumerate(items) if item.part == part], dtype=np.intp)
