"""A browser for the journeys and a server with the sample base, each started once."""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterator
from pathlib import Path

import browser
import office
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


@pytest.fixture(scope="session")
def base(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The sample base, made once for all processes of a run."""
    root = tmp_path_factory.getbasetemp()
    root = root.parent if "PYTEST_XDIST_WORKER" in os.environ else root
    home = root / "sample"
    with (root / "sample.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not (home / "printed").exists():
            office.make_base(home)
    return home


@pytest.fixture(scope="session")
def team(chrome: Browser, base: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[office.Office]:
    """A server over a copy of the sample base; the owner has signed in for the first time and chosen a password."""
    home = tmp_path_factory.mktemp("team") / "home"
    printed = office.copy_base(base, home)
    with office.serving(home) as address:
        made = office.Office(chrome, address, printed, home)
        made.seen = made.first_sign_in()
        yield made


@pytest.fixture
def desk(team: office.Office) -> Iterator[office.Desk]:
    """The owner at a desktop's browser, in English."""
    with team.desk() as opened:
        yield opened
