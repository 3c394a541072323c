"""What every test of the API stands on: no limit of requests unless a test sets one."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from patron.faces.api import limits


@pytest.fixture(autouse=True)
def _no_limit(settings) -> Iterator[None]:
    settings.API_RATE = 0
    yield
    limits.close()
