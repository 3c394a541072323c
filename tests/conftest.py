"""What every test stands on: the data beside the clone, no network, and no quiet skipping on the build machine."""

from __future__ import annotations

import os
import socket
from collections.abc import Callable, Generator, Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, settings

REPOSITORY = Path(__file__).resolve().parent.parent
# Where real data sets are looked for: those that may travel with the clone first.
SHELVES = [REPOSITORY / "tests" / "fixtures", REPOSITORY.parent / "shared" / "data"]
SHIPPED = {"online_retail/online_retail.parquet": REPOSITORY / "src" / "patron" / "data" / "online_retail.parquet"}
CI = os.environ.get("CI", "").lower() in {"1", "true"}

# Machines of the build are shared and slow by turns: a deadline would measure them and not the code. There the
# examples are the same every time; on a developer's machine they are new ones.
settings.register_profile("patron", deadline=None, derandomize=CI, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("patron")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Every test that touches the database is marked: they run once more on the other database."""
    for item in items:
        fixtures = set(getattr(item, "fixturenames", ()))
        if item.get_closest_marker("django_db") or fixtures & {"db", "transactional_db", "live_server"}:
            item.add_marker("database")


@pytest.fixture(autouse=True)
def _own_tables_are_emptied_too(request: pytest.FixtureRequest) -> Iterator[None]:
    """After a test that commits, Django empties the tables of the models; those the application made itself go here."""
    marker = request.node.get_closest_marker("django_db")
    commits = (marker is not None and marker.kwargs.get("transaction")) or "transactional_db" in request.fixturenames
    blocker = request.getfixturevalue("django_db_blocker") if commits else None
    yield
    if blocker is not None:
        from patron.crm.customers import search
        from patron.crm.scoring import places

        with blocker.unblock():
            search.clear()
            places.clear()


@pytest.fixture(scope="session")
def repository() -> Path:
    """The clone's root."""
    return REPOSITORY


@pytest.fixture(scope="session")
def fixtures() -> Path:
    """The small pinned files that travel with the tests."""
    return REPOSITORY / "tests" / "fixtures"


@pytest.fixture(scope="session")
def shared_data() -> Callable[[str], Path]:
    """`shared_data("telco_churn/telco_churn.csv")`: a real data set; the test is skipped, by name, without it."""

    def find(name: str) -> Path:
        for path in [SHIPPED.get(name), *(shelf / name for shelf in SHELVES)]:
            if path is not None and path.exists():
                return path
        pytest.skip(f"needs the data set {name} in ../shared/data")

    return find


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item, call: pytest.CallInfo[None]
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """On the build machine nothing is skipped: a test that can't run there has failed."""
    report = yield
    if CI and report.skipped and not hasattr(report, "wasxfail"):
        reason = str(call.excinfo.value) if call.excinfo else "skipped"
        report.outcome = "failed"
        report.longrepr = f"{item.nodeid} was skipped although CI=true: {reason}"
    return report


@pytest.fixture(autouse=True, scope="session")
def _no_network() -> Iterator[None]:
    """No sockets but loopback and local ones."""
    connect = socket.socket.connect

    def loopback_only(self: socket.socket, address: Any) -> None:
        if self.family in {socket.AF_INET, socket.AF_INET6} and address[0] not in {"127.0.0.1", "::1", "localhost"}:
            raise AssertionError(f"a test tried to reach {address}")
        connect(self, address)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(socket.socket, "connect", loopback_only)
        yield
