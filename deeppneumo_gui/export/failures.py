"""Why something could not be written, in one sentence without paths."""

from __future__ import annotations

import errno
from typing import Final

_SENTENCES: Final = {
    errno.ENOSPC: "The disk is full.",
    errno.EDQUOT: "There is no space left for you on this disk.",
    errno.EACCES: "You may not write into this folder.",
    errno.EPERM: "You may not write into this folder.",
    errno.EROFS: "This folder can only be read, not written to.",
    errno.ENOENT: "The folder is no longer there.",
    errno.ENOTDIR: "The folder is no longer there.",
    errno.EISDIR: "There is a folder of that name.",
    errno.ENAMETOOLONG: "The name is too long.",
    errno.EIO: "The disk reports an error.",
}


def why_not_written(error: OSError) -> str:
    """Return the reason for the person in front of the screen."""
    known = _SENTENCES.get(error.errno or 0)
    return known or f"The system refused it ({error.strerror or type(error).__name__})."
