"""torchvision's ResNet-18, also beside a CPU-only torch.

The Linux wheels of torchvision are built against CUDA. Next to a CPU build of torch their C++ operators do
not load, and the import fails while fake kernels are registered for two of them. Neither is used here, so
where they are absent their schemas are declared and the import is done again.
"""

from __future__ import annotations

from typing import Final

import torch

_SCHEMAS: Final = (
    "nms(Tensor dets, Tensor scores, float iou_threshold) -> Tensor",
    "qnms(Tensor dets, Tensor scores, float iou_threshold) -> Tensor",
)


def _declare_absent_operators() -> torch.library.Library | None:
    try:
        import torchvision  # noqa: F401
    except RuntimeError as error:
        if "torchvision::nms does not exist" not in str(error):
            raise
    else:
        return None
    library = torch.library.Library("torchvision", "DEF")
    for schema in _SCHEMAS:
        library.define(schema)
    return library


# The declarations live as long as this object does.
_OPERATORS: Final = _declare_absent_operators()

from torchvision.models import ResNet, ResNet18_Weights, resnet18  # noqa: E402

__all__ = ["ResNet", "ResNet18_Weights", "resnet18"]
