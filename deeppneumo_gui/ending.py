"""The last step of the program, when a thread is still held by the system."""

from __future__ import annotations

import logging
import os
import sys
import threading

from deeppneumo_gui.inference.errands import PREFIX


def leave(status: int) -> int:
    """Return the exit status; end the process here when a file or a folder still hangs.

    Python ends its daemon threads in the middle of whatever they do, and the libraries' clean-up may run under
    one of them. Everything worth keeping is on the disk by now, so the process ends without that clean-up.
    """
    if any(thread.name.startswith(PREFIX) for thread in threading.enumerate()):
        logging.shutdown()
        for stream in (sys.stdout, sys.stderr):
            if stream is not None:
                stream.flush()
        os._exit(status)
    return status
