"""Evaluation reports: JSON for programs, a self-contained page for people, figures as PNG."""

from core.report.about import About, Exclusion
from core.report.averages import AverageHeatmap, Averaging
from core.report.document import ModelError, find_errors, measures_for_card, sets_for_card
from core.report.writing import write_report

__all__ = [
    "About",
    "AverageHeatmap",
    "Averaging",
    "Exclusion",
    "ModelError",
    "find_errors",
    "measures_for_card",
    "sets_for_card",
    "write_report",
]
