"""What ships fits together."""

from __future__ import annotations

from core.engine.bundle import read_bundle
from core.engine.default import default_bundle_path
from core.reading import find_radiographs
from deeppneumo_gui.assets import asset
from deeppneumo_gui.selftest.recorded import RECORD_NAME, read_record


def test_the_recorded_scores_are_those_of_the_model_and_the_samples() -> None:
    record = read_record(asset("samples", RECORD_NAME))
    record.check_model(read_bundle(default_bundle_path()).card.content_hash)
    assert set(record.samples) == {path.name for path in find_radiographs([asset("samples")])}
