"""Services that the tests hold in their hands: files that exist only by name, an engine with a gate."""

from __future__ import annotations

import threading
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import numpy as np

from core.certainty import uncertain_band
from core.engine.card import Card
from core.engine.prediction import Familiarity, Prediction, calibrate
from core.errors import BundleError, EngineError, TruncatedFileError
from core.reading.radiograph import Grey8, Radiograph, Window
from deeppneumo_gui.services import Services
from deeppneumo_gui.teaching.sources import LessonRadiographs
from tests.helpers.tiny_model import make_card

ROTATED = "The image looks rotated by 90 degrees."
UNKNOWN = Familiarity(False, ROTATED, 3.0, 2.0)


class Gate:
    """Lets the worker pass so many times, then holds it until more passes are given."""

    def __init__(self) -> None:
        self._condition = threading.Condition()
        self._passes: float = float("inf")
        self.arrived = 0

    def hold(self, passes: int = 0) -> None:
        """Let only so many more through."""
        with self._condition:
            self._passes = passes

    def give(self, passes: float = 1) -> None:
        with self._condition:
            self._passes += passes
            self._condition.notify_all()

    def open(self) -> None:
        self.give(float("inf"))

    def enter(self) -> None:
        with self._condition:
            self.arrived += 1
            self._condition.notify_all()
            if not self._condition.wait_for(lambda: self._passes > 0, timeout=60):
                raise TimeoutError("the test never opened the gate")
            self._passes -= 1


def make_prediction(score: float = 0.8, card: Card | None = None) -> Prediction:
    """A prediction with this score, whose map for pneumonia is strongest at the top left."""
    card = card or make_card()
    rest = np.log(score / (1 - score)) - np.log(2)
    logits = card.temperature * np.array([0.0, rest, rest])
    maps = np.zeros((3, 7, 7), np.float32)
    maps[1:, 0, 0] = 0.4
    maps[0, 6, 6] = 0.4
    probabilities = calibrate(logits.astype(np.float32), card.temperature)
    return Prediction(
        card.class_names,
        logits.astype(np.float32),
        probabilities,
        maps,
        np.zeros(512, np.float32),
        card.operating_point.threshold,
        card.title,
        prediction_set=card.prediction_set(probabilities),
        band=uncertain_band(card),
    )


def make_radiograph(height: int = 60, width: int = 80, notes: tuple[str, ...] = ()) -> Radiograph:
    """A horizontal ramp of all grey values."""
    pixels = np.tile(np.linspace(0, 255, width).astype(np.uint8), (height, 1))
    return Radiograph(pixels, pixels, Window(128, 256), notes=notes)


class Fakes:
    """A made-up folder and engine.

    Names decide: `frames*` has five, `broken*` cannot be read, `blank*` is refused, `fail*` fails;
    `strange*` is outside what the model knows; `hang*` stand before a gate of their own.
    """

    def __init__(self) -> None:
        self.card = make_card()
        self.reading = Gate()
        self.loading = Gate()
        self.finding = Gate()
        self.loaded: list[str | None] = []
        self.scoring = Gate()
        self.checking = Gate()
        self.picturing = Gate()
        self.hanging = Gate()
        self.read: list[str] = []
        self.frames: list[int] = []
        self.pictured: list[str] = []
        self.scored: list[str] = []
        self.rescoring = Gate()
        self.rescored: list[str] = []
        self.rests = 0
        self.waking = Gate()
        self.wakes = 0
        self.wake_error: Exception | None = None
        self.folders: dict[str, list[Path]] = {}
        self.scores: dict[str, float] = {}
        self.vanished: set[str] = set()
        self.load_error: Exception | None = None
        self._names: dict[int, tuple[str, Radiograph]] = {}

    def services(self) -> Services:
        return Services(self._load, self._read, self._refusal, self._find, self._thumbnail)

    def score(self, radiograph: Radiograph) -> Prediction:
        name = self._names[id(radiograph)][0]
        self.scored.append(name)
        self.scoring.enter()
        if name.startswith("fail"):
            raise EngineError("The model could not be run on this image.")
        prediction = make_prediction(self.scores.get(name, 0.8), self.card)
        if name.startswith("strange"):
            return replace(prediction, familiarity=UNKNOWN)
        return prediction

    def rest(self) -> None:
        self.rests += 1

    def wake(self) -> None:
        self.waking.enter()
        if self.wake_error is not None:
            raise self.wake_error
        self.wakes += 1

    def name_of(self, radiograph: Radiograph) -> str:
        return self._names[id(radiograph)][0]

    def _load(self, path: Path | None) -> Fakes | OtherModel:
        self.loaded.append(None if path is None else path.name)
        self.loading.enter()
        if self.load_error is not None:
            raise self.load_error
        return self if path is None else OtherModel(self)

    def _read(self, path: Path, frame: int = 0) -> Radiograph:
        self.read.append(path.name)
        (self.hanging if path.name.startswith("hang") else self.reading).enter()
        if path.name.startswith("crash"):
            raise RuntimeError(f"a bug at {path}")
        if path.name.startswith("broken") or path.name in self.vanished:
            raise TruncatedFileError(path.name, "The file ends before its image does.")
        count = 5 if path.name.startswith("frames") else 1
        self.frames.append(frame)
        radiograph = replace(
            make_radiograph(notes=(f"Note on {path.stem}.",)), frame=frame, frame_count=count
        )
        self._names[id(radiograph)] = (path.name, radiograph)
        return radiograph

    def _refusal(self, radiograph: Radiograph) -> str | None:
        name = self._names[id(radiograph)][0]
        self.checking.enter()
        return "The image is blank or nearly so." if name.startswith("blank") else None

    def _thumbnail(self, path: Path) -> Grey8:
        self.pictured.append(path.name)
        (self.hanging if path.name.startswith("hang") else self.picturing).enter()
        if path.name.startswith("crash"):
            raise RuntimeError(f"a bug at {path}")
        if path.name.startswith("broken") or path.name in self.vanished:
            raise TruncatedFileError(path.name, "The file ends before its image does.")
        return np.full((72, 96), 200, np.uint8)

    def _find(self, path: Path) -> list[Path]:
        self.finding.enter()
        return self.folders.get(path.name, [path])


class OtherModel:
    """A second model, whose scores are all 0.3 and whose gate is its own."""

    def __init__(self, fakes: Fakes) -> None:
        self._fakes = fakes
        self.card = make_card(name="other", version="2.0", content_hash="e" * 64)

    def score(self, radiograph: Radiograph) -> Prediction:
        self._fakes.rescored.append(self._fakes.name_of(radiograph))
        self._fakes.rescoring.enter()
        return make_prediction(0.3, self.card)

    def rest(self) -> None:
        self._fakes.rests += 1

    def wake(self) -> None:
        self._fakes.wake()


def lesson_radiographs(services: Services, paths: Mapping[str, Path]) -> LessonRadiographs:
    """Radiographs of a lesson in files that exist only by name, each with the content that it should have."""
    contents = {path: content for content, path in paths.items()}
    return LessonRadiographs(services.read, paths, content_of=contents.__getitem__)


def no_model() -> BundleError:
    return BundleError("The file of the model is not there.")
