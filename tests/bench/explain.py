"""Score and Grad-CAM of one decoded image: the engine against PyTorch eager with the grad-cam package.

Both sides start from the same standardised array, hold the same weights and give a map for the most probable class.
"""

from __future__ import annotations

import tempfile
from datetime import date
from pathlib import Path

import numpy as np
import torch

from core.cores import core_count
from core.engine.bundle import write_bundle
from core.engine.card import Card, OperatingPoint
from core.engine.engine import Engine
from core.learning.export import export_graph
from core.learning.network import build_network
from core.preprocess import MEAN, STD
from tests.bench.measure import Bar, alternate

ROUNDS = 30


def measure() -> list[Bar]:
    """Compare with one thread and with all of them."""
    torch.manual_seed(0)
    network = build_network(3).eval()
    card = Card(
        name="bench",
        version="0",
        date=date.today().isoformat(),
        architecture="resnet18",
        class_names=("normal", "bacterial", "viral"),
        input_size=224,
        mean=MEAN,
        std=STD,
        temperature=1.0,
        operating_points=(OperatingPoint("balanced", 0.5, 0.5, 0.5),),
        default_operating_point="balanced",
        provenance="random weights",
        licence="MIT",
        intended_use="measuring speed",
        limits=(),
    )
    with tempfile.TemporaryDirectory() as folder:
        bundle = write_bundle(Path(folder) / "bench.bundle", card, export_graph(network, 224))
    values = np.random.default_rng(0).standard_normal((1, 1, 224, 224)).astype(np.float32)
    cores = core_count()
    return [_compare(network, Engine(bundle, threads=n), values, n) for n in sorted({1, cores})]


def _compare(network: torch.nn.Module, engine: Engine, values: np.ndarray, threads: int) -> Bar:
    # Not at the top: it imports torchvision, which beside a CPU-only torch needs `core.learning.vision` first.
    from pytorch_grad_cam import GradCAM

    torch.set_num_threads(threads)
    tensor = torch.from_numpy(values)

    def eager() -> None:
        with GradCAM(model=network, target_layers=[network.layer4[-1]]) as explain:
            explain(input_tensor=tensor, targets=None)  # the most probable class
            torch.softmax(explain.outputs, dim=1).detach().numpy()

    def ours() -> None:
        (prediction,) = engine.predict(values)
        best = int(np.argmax(prediction.probabilities))
        prediction.activation_map(prediction.class_names[best])

    # PyTorch's OpenMP threads spin for some milliseconds after each call.
    seconds = alternate({"eager": eager, "ours": ours}, ROUNDS, untimed=1)
    return Bar(
        f"score + Grad-CAM, {threads} thread(s), times as fast as eager",
        seconds["eager"] / seconds["ours"],
        4.0,
        True,
        f"eager {1e3 * seconds['eager']:.1f} ms, ours {1e3 * seconds['ours']:.1f} ms",
    )
