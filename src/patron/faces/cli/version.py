"""`patron version`: what a report of a problem needs to name."""

from __future__ import annotations

import platform
from importlib.metadata import version as version_of

from patron import __version__
from patron.faces.cli.arguments import Parser
from patron.faces.cli.terminal import Terminal
from patron.words import Text

_PARTS = ("numpy", "scipy", "pyarrow", "duckdb", "ibis-framework")


def version(words: list[str], terminal: Terminal) -> int:
    """Prints the versions of Patron, Python and the parts that figures depend on, one a line."""
    Parser("version", Text("Versions of Patron and its parts.", "Patron 及其部件的版本。"), terminal).parse_args(words)
    terminal.answer(f"patron {__version__}")
    terminal.answer(f"python {platform.python_version()}")
    for part in _PARTS:
        terminal.answer(f"{part} {version_of(part)}")
    return 0
