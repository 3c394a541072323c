"""What the server is told from outside: PATRON_HOME, PATRON_DATABASE_URL, PATRON_SECRET_KEY_FILE and the like."""

from __future__ import annotations

import os
import re
import secrets
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

from patron.crm.kit.sqlite.waiting import PATIENCE
from patron.errors import UsageError
from patron.words import Text

SQLITE_PRAGMAS = """
PRAGMA journal_mode=WAL;
PRAGMA synchronous=NORMAL;
PRAGMA foreign_keys=ON;
PRAGMA temp_store=MEMORY;
PRAGMA mmap_size=268435456;
PRAGMA cache_size=-65536;
"""


def home() -> Path:
    """PATRON_HOME, made if it is missing; by default ~/.local/share/patron."""
    told = os.environ.get("PATRON_HOME")
    folder = Path(told) if told else Path.home() / ".local" / "share" / "patron"
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def database(url: str | None, folder: Path) -> dict[str, Any]:
    """Django's settings for a database address: sqlite:///path or postgresql://user:password@host:port/name.

    None is the embedded one, patron.sqlite3 in `folder`. Raises UsageError for any other kind.
    """
    if not url:
        return sqlite(folder / "patron.sqlite3")
    parts = urlsplit(url)
    if parts.scheme == "sqlite":
        return sqlite(Path(unquote(parts.path[1:])))
    if parts.scheme in {"postgresql", "postgres"}:
        return postgresql(url)
    raise UsageError(
        Text(
            f"PATRON_DATABASE_URL names a '{parts.scheme}' database.",
            f"PATRON_DATABASE_URL 指定了“{parts.scheme}”数据库。",
        ),
        remedy=Text(
            "Use sqlite:///path or postgresql://user:password@host/name.",
            "请使用 sqlite:///路径 或 postgresql://用户:密码@主机/库名。",
        ),
    )


def sqlite(path: Path) -> dict[str, Any]:
    """The embedded database, so that many can read while one writes, and writers wait for each other."""
    return {
        "ENGINE": "patron.crm.kit.sqlite",
        "NAME": str(path),
        # Opening the file anew for each request costs as much as the request: pragmas, and reading the schema.
        "CONN_MAX_AGE": 600,
        "OPTIONS": {"transaction_mode": "IMMEDIATE", "init_command": SQLITE_PRAGMAS, "timeout": PATIENCE},
    }


def size(name: str, default: int) -> int:
    """A number of bytes: '500 MB', '2 GB', or bytes alone. Raises UsageError for anything else."""
    told = os.environ.get(name, "").strip()
    if not told:
        return default
    found = re.fullmatch(r"(\d+)\s*(|[KMGT])i?B?", told, re.IGNORECASE)
    if found is None or not int(found[1]):
        raise UsageError(
            Text(f"{name} is '{told}', which is no size.", f"{name} 的值“{told}”不是有效的大小。"),
            remedy=Text("Write it like 500 MB or 2 GB.", "请写成 500 MB 或 2 GB 的形式。"),
        )
    return int(found[1]) << 10 * " KMGT".index(found[2].upper() or " ")


def postgresql(url: str) -> dict[str, Any]:
    """A PostgreSQL 15+ server; connections are kept."""
    parts = urlsplit(url)
    options = dict(parse_qsl(parts.query))
    host = options.pop("host", None) or parts.hostname or ""
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": unquote(parts.path[1:]),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": host,
        "PORT": str(parts.port or ""),
        "CONN_MAX_AGE": 600,
        "CONN_HEALTH_CHECKS": True,
        "OPTIONS": options,
    }


def secret_key(folder: Path) -> str:
    """The server's key: from PATRON_SECRET_KEY_FILE, or from a file in PATRON_HOME that is made the first time."""
    told = os.environ.get("PATRON_SECRET_KEY_FILE")
    file = Path(told) if told else folder / "secret.key"
    if not file.exists():
        try:
            with os.fdopen(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as out:
                out.write(secrets.token_urlsafe(50))
        except FileExistsError:
            pass  # another process was quicker
    return file.read_text(encoding="utf-8").strip()


def words(name: str, default: str = "") -> list[str]:
    """A comma-separated setting."""
    return [w.strip() for w in os.environ.get(name, default).split(",") if w.strip()]


def hosts(public_url: str) -> list[str]:
    """Names the server answers to: PATRON_HOSTS, that of the public address, and this machine's own."""
    name = urlsplit(public_url).hostname
    return list(dict.fromkeys([*words("PATRON_HOSTS"), *([name] if name else []), "localhost", "127.0.0.1", "[::1]"]))


def origin(public_url: str) -> list[str]:
    """The origin of the public address, which forms may come from behind a proxy."""
    parts = urlsplit(public_url)
    return [f"{parts.scheme}://{parts.netloc}"] if parts.scheme and parts.netloc else []
