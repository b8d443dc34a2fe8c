"""What the program is called on the command line, in its own messages."""

from __future__ import annotations

import sys
from typing import Final

COMMAND: Final = "DeepPneumo" if getattr(sys, "frozen", False) else "deeppneumo"
"""The packaged program is started by its file, which has another name than the installed command."""
