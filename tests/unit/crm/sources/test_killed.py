"""An import that is killed again and again loses nothing and doubles nothing."""

from __future__ import annotations

import json
import os
import random
import subprocess
import sys
from pathlib import Path

import pytest
from django.db import connection
from importing import sqlite

SCRIPT = Path(__file__).parents[3] / "killed.py"


def orders(path: Path, rows: int) -> Path:
    """Lines of orders that span chunks, with repeats, unusable cells and customers that come back."""
    chance = random.Random(7)
    lines = ["order no,customer id,order date,sku,description,quantity,unit price,country"]
    for i in range(rows):
        who = chance.choice(["", *(f"C{chance.randrange(rows // 10)}" for _ in range(30))])
        number = i // 7 if chance.random() < 0.9 else chance.randrange(rows // 7)
        price = "x" if chance.random() < 0.01 else f"{chance.randrange(1, 900) / 100}"
        lines.append(f"{number},{who},2024-0{1 + i % 9}-11,K{chance.randrange(200)},Tea,{1 + i % 3},{price},中国")
        if chance.random() < 0.02:
            lines.append(lines[-1])
    path.write_text("\n".join(lines), encoding="gb18030")
    return path


def outcome(file: Path, home: Path, url: str | None, kills: int) -> dict[str, object]:
    """What a process that is killed so often leaves behind."""
    home.mkdir()
    env = {**os.environ, "PATRON_HOME": str(home), "DJANGO_SETTINGS_MODULE": "patron.faces.project.settings"}
    env.pop("PATRON_DATABASE_URL", None)
    if url:
        env["PATRON_DATABASE_URL"] = url
    words = [sys.executable, str(SCRIPT), str(file), "orders", str(kills), "5"]
    done = subprocess.run(words, env=env, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    found: dict[str, object] = json.loads(done.stdout)
    return found


@pytest.mark.django_db(transaction=True)
def test_killed_twenty_times_it_is_row_for_row_as_undisturbed(tmp_path):
    file = orders(tmp_path / "orders.csv", 30_000)
    urls: list[str | None] = [None, None]
    if not sqlite():
        urls = []
        base = os.environ["PATRON_DATABASE_URL"].rpartition("/")[0]
        with connection.cursor() as cursor:
            for name in ("undisturbed", "killed"):
                cursor.execute(f"DROP DATABASE IF EXISTS {name}_{os.getpid()}")
                cursor.execute(f"CREATE DATABASE {name}_{os.getpid()}")
                urls.append(f"{base}/{name}_{os.getpid()}")
    once = outcome(file, tmp_path / "once", urls[0], 0)
    killed = outcome(file, tmp_path / "killed", urls[1], 20)
    assert once["state"] == ["done"]
    assert once["lines"][0] > 20_000  # type: ignore[index]
    assert killed == once
