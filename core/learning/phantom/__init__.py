"""Synthetic chest radiographs of children who do not exist, for samples, tests and teaching."""

from core.learning.phantom.finding import PATTERNS, Finding, Pattern, Phantom
from core.learning.phantom.kaggle import encode_jpeg, to_grey8, write_dataset
from core.learning.phantom.marks import SYNTHETIC, burn_label
from core.learning.phantom.phantom import make_phantom

__all__ = [
    "PATTERNS",
    "SYNTHETIC",
    "Finding",
    "Pattern",
    "Phantom",
    "burn_label",
    "encode_jpeg",
    "make_phantom",
    "to_grey8",
    "write_dataset",
]
