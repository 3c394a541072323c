"""Where the traceback of an unexpected error is kept, so that the message can stay short."""

from __future__ import annotations

import os
import platform
import sys
import tempfile
import traceback
from pathlib import Path

from patron import __version__


def keep(error: Exception) -> Path:
    """Writes the traceback of `error` with the versions to a new file in the system's scratch folder; its path."""
    head = f"patron {__version__}, Python {platform.python_version()}, {platform.platform()}\n{sys.argv[1:2]}\n\n"
    handle, path = tempfile.mkstemp(prefix="patron-error-", suffix=".txt")
    with os.fdopen(handle, "w", encoding="utf-8") as file:
        file.write(head + "".join(traceback.format_exception(error)))
    return Path(path)
