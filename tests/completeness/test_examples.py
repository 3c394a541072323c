"""Every example of the README and the manual runs: ```python blocks, and the commands of ```console blocks.

The blocks of one document run in order in one folder, which holds what the examples speak of: orders.csv (the orders
of every 25th customer of the shipped sample), shop.db, vip.txt, and the tests' fixtures where the clone has them.
"""

from __future__ import annotations

import re
import shlex
import sqlite3
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path

import duckdb
import pytest
from unit.study.supervised.tables import customers, written

from patron.faces.cli.main import main

BLOCK = re.compile(r"^```(python|console)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
CUT = "$ "

# Lines of console blocks that do not run here, and why.
ELSEWHERE = {
    "./patron test": "what it runs are these tests",
    "pip install": ".ci/wheel does it, in an environment of its own",
    "patron serve": "tests/journeys and test_serving start it",
    "patron worker": "test_working and test_serving run it",
    "patron user": "test_serving lets somebody in",
    "patron doctor": "test_checkup and test_serving ask it",
    "patron import": "tests/unit/crm/sources/test_command.py imports, goes on and undoes",
    "patron refresh": "tests/unit/crm/scoring run what it calls",
    "patron backup": "test_backups makes one, on both databases",
    "patron restore": "test_backups restores one, on both databases",
    "./patron demo": "tests/unit/faces/project/sample makes a slice of it, .ci/wheel runs it without a server",
}


@dataclass(frozen=True)
class Example:
    """One block of one document."""

    document: str
    line: int
    kind: str
    text: str


def documents(repository: Path) -> list[Path]:
    """The README and every page of the manual."""
    return [repository / "README.md", *sorted((repository / "docs").glob("*.md"))]


def examples(path: Path, repository: Path) -> list[Example]:
    text = path.read_text(encoding="utf-8")
    name = str(path.relative_to(repository))
    return [Example(name, text.count("\n", 0, b.start()) + 1, b[1], b[2]) for b in BLOCK.finditer(text)]


def commands(example: Example) -> list[str]:
    """The lines a reader types: after '$ ', joined where they end in a backslash."""
    joined = example.text.replace("\\\n", " ")
    return [line.removeprefix(CUT).strip() for line in joined.splitlines() if line.startswith(CUT)]


@pytest.fixture(scope="session")
def material(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of files that the examples speak of."""
    folder = tmp_path_factory.mktemp("material")
    sample = files("patron") / "data" / "online_retail.parquet"
    rows = f"from '{sample}' where CustomerID is not null and CustomerID % 25 = 0"
    columns = (
        "InvoiceNo, StockCode, Description, Quantity, InvoiceDate, UnitPrice, CustomerID::int as CustomerID, Country"
    )
    with duckdb.connect() as db:
        db.execute(f"copy (select {columns} {rows}) to '{folder / 'orders.csv'}' (header)")
        lines = db.execute(f"select {columns} {rows}").fetchall()
        ids = db.execute(f"select distinct CustomerID::int::text as id {rows} order by id limit 20").fetchall()
    for seed, name in enumerate(("customers.csv", "new-customers.csv", "customers-of-may.csv")):
        people = customers(600, seed)
        people["Churn"] = people.pop("left")
        written({k: v for k, v in people.items() if (k, seed) != ("Churn", 1)}, folder / name)
    (folder / "vip.txt").write_text("\n".join(row[0] for row in ids))
    with sqlite3.connect(folder / "shop.db") as shop:
        names = "InvoiceNo, StockCode, Description, Quantity, InvoiceDate, UnitPrice, CustomerID, Country"
        shop.execute(f"create table orders ({names})")
        shop.executemany("insert into orders values (?, ?, ?, ?, ?, ?, ?, ?)", lines)
    shop.close()
    (folder / "tests").symlink_to(Path(__file__).resolve().parents[1])
    return folder


def play(example: Example, names: dict[str, object], capsys: pytest.CaptureFixture[str]) -> None:
    """Runs one block in the current folder."""
    place = f"{example.document}:{example.line}"
    if example.kind == "python":
        exec(compile(example.text, place, "exec"), names)
        return
    for command in commands(example):
        if command.startswith(tuple(ELSEWHERE)):
            continue
        words = shlex.split(command, comments=True)
        assert words[0] in {"patron", "./patron"}, f"{place}: nobody knows how to run '{command}'"
        code = main(words[1:])
        said = capsys.readouterr()
        assert code == 0, f"{place}: {command}\nexit code {code}\n{said.err}"


DOCUMENTS = [p.name for p in documents(Path(__file__).resolve().parents[2])]


@pytest.mark.parametrize("document", DOCUMENTS)
def test_the_examples_of_a_document_run(
    document: str,
    repository: Path,
    material: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    (path,) = [p for p in documents(repository) if p.name == document]
    for file in material.iterdir():
        (tmp_path / file.name).symlink_to(file)
    monkeypatch.chdir(tmp_path)
    names: dict[str, object] = {}
    for example in examples(path, repository):
        play(example, names, capsys)


def test_no_reason_for_not_running_a_line_is_stale(repository: Path) -> None:
    lines = [c for p in documents(repository) for e in examples(p, repository) for c in commands(e)]
    stale = [start for start in ELSEWHERE if not any(line.startswith(start) for line in lines)]
    assert not stale, f"no example begins with {stale} any more"
