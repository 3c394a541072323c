"""lifecycle computes and nothing else: what an import contract can't see (a clock read, chance without a seed)."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

CLOCK = {"now", "today", "utcnow", "fromtimestamp", "localtime"}
DISK = {"open", "print", "input", "read_parquet", "read_csv", "to_parquet", "to_csv", "loadtxt", "savetxt", "memmap"}


def called(node: ast.Call) -> str:
    """The dotted name that a call names: 'np.random.normal'."""
    parts = []
    target: ast.expr = node.func
    while isinstance(target, ast.Attribute):
        parts.append(target.attr)
        target = target.value
    if isinstance(target, ast.Name):
        parts.append(target.id)
    return ".".join(reversed(parts))


def impure(text: str) -> Iterator[tuple[int, str]]:
    """(line, what) of every call that reads the clock, touches a file or draws without a seed."""
    for node in ast.walk(ast.parse(text)):
        if not isinstance(node, ast.Call):
            continue
        name = called(node)
        last = name.rsplit(".", 1)[-1]
        if last in CLOCK:
            yield node.lineno, f"{name} reads the clock"
        elif last in DISK:
            yield node.lineno, f"{name} touches a file or the terminal"
        elif last in {"default_rng", "SeedSequence"} and not (node.args or node.keywords):
            yield node.lineno, f"{name} without a seed"
        elif ".random." in f".{name}" and last[0].islower() and last != "default_rng":
            yield node.lineno, f"{name} draws from the shared, unseeded state"


def test_lifecycle_reads_no_clock_no_disk_and_draws_nothing_unseeded(repository: Path) -> None:
    found = [
        f"{path.relative_to(repository)}:{line}: {what}"
        for path in sorted((repository / "src/patron/lifecycle").rglob("*.py"))
        for line, what in impure(path.read_text(encoding="utf-8"))
    ]
    assert not found, "\n".join(found)


@pytest.mark.parametrize(
    "text",
    [
        "from datetime import date\nday = date.today()",
        "import datetime\nnow = datetime.datetime.now()",
        "open('x')",
        "import numpy as np\nnp.random.default_rng()",
        "import numpy as np\nnp.random.normal(size=3)",
    ],
)
def test_the_walk_sees_an_impure_call(text: str) -> None:
    assert list(impure(text))


@pytest.mark.parametrize(
    "text", ["rng = np.random.default_rng(seed)", "rng.normal(size=3)", "np.random.SeedSequence(4)"]
)
def test_the_walk_lets_seeded_chance_pass(text: str) -> None:
    assert not list(impure(text))
