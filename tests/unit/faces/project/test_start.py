"""A command of the server brings Django up, and says in words what is missing."""

from __future__ import annotations

import io
import os
import subprocess
import sys
from pathlib import Path

import pytest

from patron.errors import UsageError
from patron.faces.cli.terminal import Terminal
from patron.faces.project.commands import start

PROGRAM = """
import sys
from patron.faces.cli.terminal import Terminal
from patron.faces.project.commands.start import server
server(Terminal("zh", sys.stdout, sys.stderr))
from patron.crm.accounts.models import Role
print(Role.objects.count())
"""


def test_without_its_parts_the_extra_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(start, "missing", lambda: ["granian"])
    with pytest.raises(UsageError, match=r"pip install 'patron\[server\]'") as refused:
        start.server(Terminal("en", io.StringIO(), io.StringIO()))
    assert refused.value.exit_code == 2
    assert "granian" in str(refused.value)


def test_every_part_of_the_extra_is_asked_for() -> None:
    assert start.missing() == []


def test_the_parts_that_lack_are_found_without_importing_any(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "ninja", None)
    assert start.missing() == ["ninja"]


def test_an_empty_database_gets_its_tables_once(tmp_path: Path) -> None:
    words = ("DJANGO_SETTINGS_MODULE", "PATRON_DATABASE_URL")
    environment = {name: value for name, value in os.environ.items() if name not in words}

    def run() -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-P", "-c", PROGRAM]
        home = environment | {"PATRON_HOME": str(tmp_path)}
        return subprocess.run(command, env=home, capture_output=True, text=True, check=False)

    first, second = run(), run()
    assert first.returncode == second.returncode == 0, first.stderr
    assert "正在创建数据库表" in first.stderr
    assert not second.stderr
    assert (tmp_path / "patron.sqlite3").exists()
