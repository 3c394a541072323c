"""A browser for the journeys, started once."""

from __future__ import annotations

import importlib.util
import sys
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest


def _browser_module() -> ModuleType:
    """tests/journeys/browser.py, which is no package under the import mode of the tests."""
    spec = importlib.util.spec_from_file_location("journeys_browser", Path(__file__).with_name("browser.py"))
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules["journeys_browser"] = module
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="session")
def tab(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    """A tab of a real Chromium; skips, by name, where none is installed."""
    module = _browser_module()
    executable = module.chromium()
    if executable is None:
        pytest.skip("needs Chromium (Debian: apt-get install chromium)")
    with module.browsing(executable, tmp_path_factory.mktemp("chromium")) as opened:
        yield opened
