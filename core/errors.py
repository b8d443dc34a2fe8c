"""Errors that carry one sentence for the person in front of the screen."""

from __future__ import annotations

from typing import ClassVar


class DeepPneumoError(Exception):
    """Base of every error whose text is meant to be read by a user."""


class ReadError(DeepPneumoError):
    """A file that could not be read as a radiograph.

    Parameters
    ----------
    name : str
        File name without its folder; folders may identify a patient.
    reason : str
        One plain sentence that does not repeat the name.
    """

    lasting: ClassVar[bool] = True
    """Whether it is the content's fault, so that reading it again ends the same way."""

    def __init__(self, name: str, reason: str) -> None:
        super().__init__(f"{name}: {reason}")
        self.name = name
        self.reason = reason


class TruncatedFileError(ReadError):
    """The file ends before its image does, or its content is damaged."""


class NotAnImageError(ReadError):
    """The content is no image format that the program knows."""


class NoPixelsError(ReadError):
    """A DICOM object that holds no image (a report, a DICOMDIR, a presentation state)."""


class UnsupportedTransferSyntaxError(ReadError):
    """A DICOM image in a compression that the program cannot decode."""


class ImageTooLargeError(ReadError):
    """The image has more pixels than the program is willing to open."""


class FileAccessError(ReadError):
    """The system does not let the program read the file."""

    lasting = False


class FileVanishedError(ReadError):
    """The file was there and is no longer."""

    lasting = False


class FrameError(ReadError):
    """The file does not have the frame that was asked for."""


class BundleError(DeepPneumoError):
    """A model bundle that is damaged or whose card and graph disagree."""


class StoreError(DeepPneumoError):
    """Results and judgements cannot be kept or read."""


class EngineError(DeepPneumoError):
    """The model could not be run."""


class LessonError(DeepPneumoError):
    """A lesson that cannot be written, or a lesson's file that cannot be used."""
