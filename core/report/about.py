"""What a report says besides the figures."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Exclusion:
    """A radiograph of the split that has no score.

    Attributes
    ----------
    file : str
        Path below the data folder, with forward slashes; names alone may occur in several class folders.
    label : str
        The truth, so that it can be judged whether leaving it out flatters the model.
    status : str
        ``refused`` or ``unreadable``.
    reason : str
        One plain sentence.
    """

    file: str
    label: str
    status: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class About:
    """Which model was measured on what, when and with which programs.

    Attributes
    ----------
    model_name, model_version, model_hash : str
        From the model's card; the hash is the SHA-256 of its graph.
    operating_point : str
        Name of the operating point whose threshold makes the calls.
    limits : tuple of str
        Known limits of the model, one sentence each.
    split_name : str
        In words, without folders.
    split_hash : str
        SHA-256 over the files, patients and labels that were asked for.
    date : str
        Day of the evaluation, ``YYYY-MM-DD``.
    versions : mapping
        Program or library to version.
    """

    model_name: str
    model_version: str
    model_hash: str
    operating_point: str
    split_name: str
    split_hash: str
    date: str
    limits: tuple[str, ...] = ()
    versions: Mapping[str, str] = field(default_factory=dict)
