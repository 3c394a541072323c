"""A browser for the journeys, started once."""

from __future__ import annotations

import os
from collections.abc import Iterator

import browser
import pytest
from playwright.sync_api import Browser

os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "true")  # playwright's loop is not the application's


@pytest.fixture(scope="session")
def chrome() -> Iterator[Browser]:
    """A real Chromium; skips, by name, where none is installed."""
    executable = browser.chromium()
    if executable is None:
        pytest.skip(browser.MISSING)
    with browser.browsing(executable) as opened:
        yield opened


@pytest.fixture
def tab(chrome: Browser) -> Iterator[browser.Tab]:
    """A tab that remembers nothing of the test before."""
    opened = browser.Tab(chrome)
    yield opened
    opened.close()
