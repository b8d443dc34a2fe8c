"""What is known of radiographs beforehand: from folders, from file names, or from a table."""

from core.truth.truth import Truth

__all__ = ["Truth"]
