"""The model and the samples that it scores, without a window."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from core.engine.prediction import Prediction
from deeppneumo_gui.selftest.check import CheckFailedError
from deeppneumo_gui.selftest.recorded import RECORD_NAME, Expected, Record

if TYPE_CHECKING:
    from core.engine.engine import Engine


@dataclass(frozen=True, slots=True)
class Scorer:
    """A loaded model."""

    engine: Engine
    megabytes: float

    @property
    def content_hash(self) -> str:
        """SHA-256 of the model's graph."""
        return self.engine.card.content_hash

    @property
    def description(self) -> str:
        """One line for the table."""
        return f"{self.engine.card.title}, {self.megabytes:.1f} MB"

    def score(self, path: Path) -> Prediction:
        """Score one file; raises `DeepPneumoError` or `CheckFailedError`."""
        from core.engine.suitability import find_objection
        from core.reading import read_radiograph

        radiograph = read_radiograph(path)
        objection = find_objection(radiograph)
        if objection is not None:
            raise CheckFailedError(f"{path.name} was refused: {objection}")
        return self.engine.score(radiograph)


def load_scorer() -> Scorer:
    """Load the model that ships; raises `BundleError`."""
    # Imported here, so that an ONNX Runtime that cannot be loaded is a line in the table.
    from core.engine.bundle import read_bundle
    from core.engine.default import default_bundle_path
    from core.engine.engine import Engine

    bundle = read_bundle(default_bundle_path())
    return Scorer(Engine(bundle), len(bundle.graph) / 1e6)


def sample_files(folder: Path, record: Record | None) -> list[Path]:
    """Return the samples in a folder, and those that are recorded but missing there."""
    from core.reading import find_radiographs

    found = (
        {path.name: path for path in find_radiographs([folder], recursive=False)} if folder.is_dir() else {}
    )
    recorded = {} if record is None else {name: folder / name for name in record.samples}
    merged = recorded | found
    return [merged[name] for name in sorted(merged)]


def record_samples(folder: Path) -> Record:
    """Score all samples in a folder with the model that ships."""
    scorer = load_scorer()
    samples: dict[str, Expected] = {}
    for path in sample_files(folder, None):
        prediction = scorer.score(path)
        samples[path.name] = Expected(prediction.score, prediction.activation_map())
    if not samples:
        raise CheckFailedError(f"There are no samples to record in {RECORD_NAME}.")
    return Record(scorer.engine.card.title, scorer.content_hash, samples)
