"""What is known of radiographs beforehand: from folders, from file names, or from a table."""

from core.truth.findings import Conflict, Findings
from core.truth.naming import truths_from_folders, truths_from_names
from core.truth.table import Reading, Table, TableError, apply_table, propose, read_table
from core.truth.truth import Truth

__all__ = [
    "Conflict",
    "Findings",
    "Reading",
    "Table",
    "TableError",
    "Truth",
    "apply_table",
    "propose",
    "read_table",
    "truths_from_folders",
    "truths_from_names",
]
