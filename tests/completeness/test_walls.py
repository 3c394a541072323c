"""The import contracts hold, and each of them would notice: a planted import in a small house breaks it by name."""

from __future__ import annotations

import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

LINT = [sys.executable, "-c", "from importlinter.cli import lint_imports_command as lint; lint()", "--no-cache"]

# The whole house of the design, later buildings too.
HOUSE = [
    "faces.cli", "faces.web", "faces.api", "faces.jobs", "faces.project",
    "crm.kit", "crm.accounts", "crm.customers", "crm.sources", "crm.scoring", "crm.lists", "crm.sales",
    "crm.marketing", "crm.service", "crm.playbooks",
    "study", "study.report", "history", "history.files",
    "lifecycle.facts", "lifecycle.maths", "lifecycle.identity", "lifecycle.features", "lifecycle.metrics",
    "lifecycle.models", "lifecycle.models.purchase", "lifecycle.evaluation", "lifecycle.decisions",
    "lifecycle.outcomes", "lifecycle.simulate",
]  # fmt: skip
FILES = ["__main__", "errors", "words", "lifecycle.tables", "lifecycle.periods"]

# (the contract that must break, who imports, what it imports)
PLANTED = [
    ("buildings", "lifecycle.models", "import patron.study"),
    ("buildings", "lifecycle.features", "from patron.history import files"),
    ("buildings", "history.files", "import patron.study.report"),
    ("buildings", "study", "import patron.crm.kit"),
    ("buildings", "crm.kit", "import patron.faces.cli"),
    ("buildings", "errors", "import patron.lifecycle.tables"),
    ("buildings", "history", "from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    import patron.study"),
    ("lifecycle-rooms", "lifecycle.metrics", "import patron.lifecycle.models.purchase"),
    ("lifecycle-rooms", "lifecycle.models.purchase", "import patron.lifecycle.features"),
    ("lifecycle-rooms", "lifecycle.evaluation", "import patron.lifecycle.decisions"),
    ("lifecycle-rooms", "lifecycle.simulate", "import patron.lifecycle.models"),
    ("lifecycle-rooms", "lifecycle.tables", "import patron.lifecycle.facts"),
    ("crm-rooms", "crm.customers", "import patron.crm.sales"),
    ("crm-rooms", "crm.kit", "import patron.crm.accounts"),
    ("faces-rooms", "faces.cli", "import patron.faces.web"),
    ("faces-rooms", "faces.api", "import patron.faces.project"),
    ("no-server-below", "study.report", "import django"),
    ("no-server-below", "faces.cli", "from django import template"),
    ("pure-lifecycle", "lifecycle.models.purchase", "import time"),
    ("pure-lifecycle", "lifecycle.facts", "from pathlib import Path"),
    ("pure-lifecycle", "lifecycle.features", "import duckdb"),
    ("no-pandas", "history.files", "import pandas"),
]


def test_the_imports_of_the_package_keep_every_contract(repository: Path) -> None:
    done = subprocess.run(LINT, cwd=repository, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout


def build(root: Path, planted: dict[str, str]) -> Path:
    """An empty house below `root`, with `planted` imports: module → text."""
    for name in HOUSE:
        folder = root / "patron" / Path(*name.split("."))
        folder.mkdir(parents=True, exist_ok=True)
    for folder in [root / "patron", *(p for p in (root / "patron").rglob("*") if p.is_dir())]:
        (folder / "__init__.py").touch()
    for name in FILES:
        (root / "patron" / Path(*name.split("."))).with_suffix(".py").touch()
    for name, text in planted.items():
        path = root / "patron" / Path(*name.split("."))
        (path / "__init__.py" if path.is_dir() else path.with_suffix(".py")).write_text(text + "\n")
    return root


def lint(root: Path, config: Path, contract: str | None = None) -> subprocess.CompletedProcess[str]:
    chosen = ["--contract", contract] if contract else []
    return subprocess.run(
        [*LINT, "--config", str(config), *chosen], cwd=root, capture_output=True, text=True, check=False
    )


def test_an_empty_house_keeps_every_contract(repository: Path, tmp_path: Path) -> None:
    done = lint(build(tmp_path, {}), repository / "pyproject.toml")
    assert done.returncode == 0, done.stdout


@pytest.mark.parametrize("contract, module, text", PLANTED, ids=lambda value: str(value).split("\n")[0])
def test_a_planted_import_breaks_its_contract(
    repository: Path, tmp_path: Path, contract: str, module: str, text: str
) -> None:
    done = lint(build(tmp_path, {module: text}), repository / "pyproject.toml", contract)
    assert done.returncode == 1, done.stdout
    assert f"patron.{module}" in done.stdout


@pytest.mark.parametrize("contract, module", [("buildings", "helpers"), ("lifecycle-rooms", "lifecycle.helpers")])
def test_a_building_or_room_that_nobody_planned_is_named(
    repository: Path, tmp_path: Path, contract: str, module: str
) -> None:
    (tmp_path / "patron" / Path(*module.split("."))).mkdir(parents=True)
    done = lint(build(tmp_path, {}), repository / "pyproject.toml", contract)
    assert done.returncode == 1
    assert f"patron.{module}" in done.stdout


def test_every_contract_has_a_planted_import_that_breaks_it(repository: Path) -> None:
    config = tomllib.loads((repository / "pyproject.toml").read_text())
    contracts = {contract["id"] for contract in config["tool"]["importlinter"]["contracts"]}
    assert contracts == {contract for contract, _, _ in PLANTED}
