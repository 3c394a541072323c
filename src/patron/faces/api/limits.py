"""So many requests a minute for each token or person, counted for all worker processes of a machine together.

The counts lie in a small SQLite file of their own beside the data: a count is a write, and must not wait for an import
that holds the database. They are worth a minute, so the file is never synchronised to the disk.
"""

from __future__ import annotations

import sqlite3
import threading
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings

from patron.crm.accounts.models import TokenActor
from patron.crm.kit.policy import Actor
from patron.faces.api.problems import Problem
from patron.words import Text

WINDOW = 60
_connections = threading.local()


@dataclass(frozen=True)
class Left:
    """What is left of the window: `limit` requests in all, `remaining` of them, anew in `reset` seconds."""

    limit: int
    remaining: int
    reset: int

    def headers(self) -> dict[str, str]:
        """As every answer says it."""
        said = {"Limit": self.limit, "Remaining": self.remaining, "Reset": self.reset}
        return {f"RateLimit-{name}": str(value) for name, value in said.items()}


def counted(actor: Actor, now: float) -> Left | None:
    """Counts a request of `actor` at `now` (seconds). None where there is no limit. Raises Problem (429) above it."""
    limit: int = settings.API_RATE
    if not limit:
        return None
    window, into = divmod(int(now), WINDOW)
    used = _count(Path(settings.HOME) / "limits.sqlite3", who(actor), window)
    left = Left(limit, max(limit - used, 0), WINDOW - into)
    if used > limit:
        raise Problem(
            429,
            Text(f"More than {limit} requests in a minute.", f"一分钟内请求超过 {limit} 次。"),
            Text(f"Wait {left.reset} seconds.", f"请等待 {left.reset} 秒。"),
            headers={**left.headers(), "Retry-After": str(left.reset)},
        )
    return left


def who(actor: Actor) -> str:
    """Whose requests are counted together: each token has its own count."""
    return f"token {actor.token.pk}" if isinstance(actor, TokenActor) else f"user {actor.id}"


def _count(file: Path, name: str, window: int) -> int:
    """One more for `name` in `window`; how many there are now."""
    with _connection(file) as db:
        row = db.execute(
            "insert into counts values (?, ?, 1) on conflict (name) do update set "
            "used = case when counts.minute = excluded.minute then used + 1 else 1 end, minute = excluded.minute "
            "returning used",
            (name, window),
        ).fetchone()
    return int(row[0])


def _connection(file: Path) -> sqlite3.Connection:
    """This thread's connection, opened the first time."""
    known: dict[Path, sqlite3.Connection] = vars(_connections).setdefault("by_file", {})
    if file not in known:
        db = sqlite3.connect(file, timeout=5, check_same_thread=False)
        db.execute("pragma journal_mode=wal")
        db.execute("pragma synchronous=off")
        db.execute("create table if not exists counts (name text primary key, minute integer, used integer)")
        known[file] = db
    return known[file]


def close() -> None:
    """Closes this thread's connections."""
    for db in vars(_connections).pop("by_file", {}).values():
        db.close()
