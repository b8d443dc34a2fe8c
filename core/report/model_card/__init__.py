"""The model card: what a model is, what was measured of it, and what it must not be used for, as Markdown."""

from core.report.model_card.document import FOLDER, to_markdown
from core.report.model_card.sources import SourceError, Sources, read_sources
from core.report.model_card.writing import NAME, write_model_card

__all__ = ["FOLDER", "NAME", "SourceError", "Sources", "read_sources", "to_markdown", "write_model_card"]
