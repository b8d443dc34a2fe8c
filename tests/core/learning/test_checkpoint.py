import json

import pytest
import torch

from core.learning import checkpoint
from core.learning.checkpoint import CheckpointError, load_checkpoint, save_checkpoint

TENSORS = {"network.a": torch.arange(3.0), "optimiser.0.step": torch.tensor(2)}


def test_round_trip(tmp_path):
    save_checkpoint(tmp_path, "last", TENSORS, {"epoch": 4})
    found = load_checkpoint(tmp_path, "last")
    assert found.values["epoch"] == 4
    torch.testing.assert_close(found.part("network"), {"a": torch.arange(3.0)})
    assert set(found.part("optimiser")) == {"0.step"}


def test_a_new_checkpoint_replaces_the_old_one(tmp_path):
    save_checkpoint(tmp_path, "last", TENSORS, {"epoch": 1})
    save_checkpoint(tmp_path, "last", {"network.a": torch.ones(2)}, {"epoch": 2})
    assert load_checkpoint(tmp_path, "last").values["epoch"] == 2
    assert len(list(tmp_path.glob("*.safetensors"))) == 1


def test_dying_before_the_json_leaves_the_old_one(tmp_path, monkeypatch):
    save_checkpoint(tmp_path, "last", TENSORS, {"epoch": 1})
    real = checkpoint.atomic_write

    def die_at_json(path):
        if path.suffix == ".json":
            raise KeyboardInterrupt
        return real(path)

    monkeypatch.setattr(checkpoint, "atomic_write", die_at_json)
    with pytest.raises(KeyboardInterrupt):
        save_checkpoint(tmp_path, "last", {"network.a": torch.ones(2)}, {"epoch": 2})
    assert load_checkpoint(tmp_path, "last").values["epoch"] == 1


@pytest.mark.parametrize("damage", ["flip", "cut", "remove", "json", "format", "keys"])
def test_damage_is_one_sentence(tmp_path, damage):
    save_checkpoint(tmp_path, "last", TENSORS, {})
    (tensors,), record = list(tmp_path.glob("*.safetensors")), tmp_path / "last.json"
    data = bytearray(tensors.read_bytes())
    values = json.loads(record.read_text())
    if damage == "flip":
        data[-1] ^= 1
        tensors.write_bytes(data)
    elif damage == "cut":
        tensors.write_bytes(data[:-4])
    elif damage == "remove":
        tensors.unlink()
    elif damage == "json":
        record.write_text("{")
    elif damage == "format":
        record.write_text(json.dumps(values | {"format": 99}))
    else:
        record.write_text("{}")
    with pytest.raises(CheckpointError):
        load_checkpoint(tmp_path, "last")


def test_missing_checkpoint(tmp_path):
    with pytest.raises(CheckpointError, match="no checkpoint 'best'"):
        load_checkpoint(tmp_path, "best")
