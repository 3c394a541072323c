"""Each test of scoring has a home of its own: the history and the runs lie there."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest


@pytest.fixture(autouse=True)
def home(tmp_path: Path, settings: Any) -> Path:
    """PATRON_HOME of this test."""
    folder = tmp_path / "home"
    folder.mkdir()
    settings.HOME = folder
    return folder
