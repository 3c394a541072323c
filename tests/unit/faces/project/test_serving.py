"""Patron as it is run: made from nothing, served, a killed worker replaced, ended by one signal."""

from __future__ import annotations

import json
import os
import re
import signal
from pathlib import Path

import pytest
from installation import Installation, free_port, new_database, status, until

from patron.crm.kit.queues import QUEUES
from patron.errors import ResourceError
from patron.faces.project.commands.serve import Address, answers

pytestmark = [pytest.mark.database, pytest.mark.slow]


@pytest.fixture
def fresh(tmp_path: Path) -> Installation:
    home = tmp_path / "home"
    home.mkdir()
    on_postgresql = os.environ.get("PATRON_TEST_DATABASE") == "postgresql"
    return Installation(home, new_database(f"serving_{os.getpid()}") if on_postgresql else "")


def pids(log: Path, child: str) -> list[int]:
    """The processes of a child that the log tells of, the newest last."""
    lines = [json.loads(line) for line in log.read_text().splitlines() if line.startswith("{")]
    return [line["pid"] for line in lines if line.get("message") == "started" and line.get("child") == child]


def test_from_nothing_to_a_graceful_end(fresh: Installation, tmp_path: Path) -> None:
    said = fresh.run("user", "--email", "li@example.org", "--name", "李雷", "--owner")
    assert re.search(r"One-time password: \w{4}-\w{4}-\w{4}-\w{4}", said)
    address, log = Address(port=free_port()), tmp_path / "serve.log"
    with fresh.running("serve", "--port", str(address.port), log=log) as serving:
        until(lambda: answers(address), log.read_text)
        assert status(f"{address.url}accounts/login/") == 200
        until(lambda: all(pids(log, f"worker {queue}") for queue in QUEUES), "a worker for each queue")
        os.kill(pids(log, "worker now")[0], signal.SIGKILL)
        until(lambda: len(pids(log, "worker now")) == 2, "a new worker")
        assert len(pids(log, "worker heavy")) == 1, "the other went on"
        assert status(f"{address.url}healthz") == 200, "the web server went on"
        with pytest.raises(ResourceError, match="nothing can listen"):
            address.check()
        serving.send_signal(signal.SIGTERM)
        assert serving.wait(60) == 0
    assert not answers(address)
    doctor = fresh.run("doctor")
    assert "PROBLEM" not in doctor
    assert "ok      Tables" in doctor


def test_users_are_let_in_by_the_command_line(fresh: Installation) -> None:
    invited = fresh.run("user", "--email", "han@example.org", "--role", "analyst", PATRON_URL="https://crm.example.org")
    assert re.search(r"https://crm\.example\.org/join/[\w-]{40,}/", invited)
    assert "nobody has" in fresh.run("user", "--email", "han@example.org", "--reset", code=3)
    assert "no role" in fresh.run("user", "--email", "han@example.org", "--role", "king", code=3)
    fresh.run("user", "--email", "li@example.org", "--owner")
    assert "is an owner" in fresh.run("user", "--email", "LI@example.org", "--owner")
    assert re.search(r"/reset/[\w-]{40,}/", fresh.run("user", "--email", "li@example.org", "--reset"))
    assert fresh.run("worker", "--once") == ""
