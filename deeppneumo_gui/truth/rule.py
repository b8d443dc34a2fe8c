"""How the truth was read, so that what is opened later is read the same way; free of Qt."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from core.truth import Findings, Reading, Table, Truth, apply_table

Paths = Sequence[Path]


@dataclass(frozen=True, slots=True, eq=False)
class Rule:
    """A way to read the truth.

    Attributes
    ----------
    source : str
        Where it is read, such as ``"folder names"``.
    read : callable
        Takes some files and all that are listed, and says what is known of the former.
    late : dict
        By case, what it told of files that were opened after it had been used; goes when its first labels do.
    """

    source: str
    read: Callable[[Paths, Paths], Findings]
    late: dict[int, Truth] = field(default_factory=dict)


def rule_of_names(source: str, read: Callable[[Paths], Findings]) -> Rule:
    """Return the rule that reads the names of folders or files, each by itself."""
    return Rule(source, lambda paths, listed: read(paths))


def rule_of_table(table: Table, reading: Reading) -> Rule:
    """Return the rule that looks files up in a table, which says nothing where it may mean several."""

    def read(paths: Paths, listed: Paths) -> Findings:
        found, wanted = apply_table(table, reading, listed), set(paths)
        return Findings(
            {path: truth for path, truth in found.truths.items() if path in wanted},
            tuple(conflict for conflict in found.conflicts if conflict.path in wanted),
            tuple(path for path in found.missing if path in wanted),
        )

    return Rule("table", read)
