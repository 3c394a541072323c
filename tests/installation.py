"""A Patron of its own for a test: a home, a database, and the command line in processes of its own."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from urllib.error import HTTPError, URLError
from urllib.parse import urlsplit
from urllib.request import urlopen

PATIENCE = 120.0


class Installation:
    """A home folder and a database, and commands on them."""

    def __init__(self, home: Path, database: str = "") -> None:
        self.home = home
        kept = {name: value for name, value in os.environ.items() if not name.startswith(("PATRON_", "DJANGO_"))}
        self.environ = kept | {"PATRON_HOME": str(home), "PATRON_LANG": "en"}
        if database:
            self.environ["PATRON_DATABASE_URL"] = database

    def command(self, *words: str) -> list[str]:
        """The words of a command line in this Python."""
        return [sys.executable, "-P", "-m", "patron", *words]

    def run(self, *words: str, code: int = 0, **environ: str) -> str:
        """What a command prints on both streams; fails unless it leaves with `code`."""
        done = subprocess.run(
            self.command(*words),
            env=self.environ | environ,
            capture_output=True,
            text=True,
            timeout=PATIENCE,
            check=False,
        )
        assert done.returncode == code, f"{words} left with {done.returncode}:\n{done.stdout}\n{done.stderr}"
        return done.stdout + done.stderr

    def python(self, program: str) -> str:
        """What a program prints that runs with Django up."""
        start = "import django; django.setup()\n"
        environ = self.environ | {"DJANGO_SETTINGS_MODULE": "patron.faces.project.settings"}
        words = [sys.executable, "-P", "-c", start + program]
        done = subprocess.run(words, env=environ, capture_output=True, text=True, timeout=PATIENCE, check=False)
        assert done.returncode == 0, done.stderr
        return done.stdout

    @contextmanager
    def running(self, *words: str, log: Path) -> Iterator[subprocess.Popen[bytes]]:
        """A command in the background, its output in `log`; ended when the block is."""
        with log.open("wb") as out:
            process = subprocess.Popen(self.command(*words), env=self.environ, stdout=out, stderr=out)
        try:
            yield process
        finally:
            if process.poll() is None:
                process.send_signal(signal.SIGTERM)
                try:
                    process.wait(PATIENCE)
                except subprocess.TimeoutExpired:
                    process.kill()
                    process.wait()


def until(true: Callable[[], object], what: str) -> None:
    """Waits until it is so; fails with `what` when that takes too long."""
    end = time.monotonic() + PATIENCE
    while not true():
        assert time.monotonic() < end, f"waited in vain: {what}"
        time.sleep(0.1)


def status(url: str) -> int:
    """The status an address answers with; 0 when nobody does."""
    try:
        with urlopen(url, timeout=10) as answer:
            return int(answer.status)
    except HTTPError as refused:
        return refused.code
    except (URLError, OSError):
        return 0


def free_port() -> int:
    """A port of this machine that nobody listens on."""
    with closing(socket.socket()) as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def new_database(name: str) -> str:
    """The address of a new, empty database on the suite's PostgreSQL server."""
    import psycopg

    address = os.environ["PATRON_DATABASE_URL"]
    with psycopg.connect(address, autocommit=True) as server:
        server.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
        server.execute(f'CREATE DATABASE "{name}"')
    return urlsplit(address)._replace(path=f"/{name}").geturl()
