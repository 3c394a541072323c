"""A run's scores, card and figures as a report gets them: Online Retail, cut down and rounded."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest


@pytest.fixture
def retail_figures(fixtures: Path) -> dict[str, Any]:
    return json.loads((fixtures / "report" / "figures.json").read_text(encoding="utf-8"))


@pytest.fixture
def retail_card(fixtures: Path) -> dict[str, Any]:
    return json.loads((fixtures / "report" / "card.json").read_text(encoding="utf-8"))


@pytest.fixture
def retail_scores(fixtures: Path) -> pa.Table:
    rows = json.loads((fixtures / "report" / "scores.json").read_text(encoding="utf-8"))
    for row in rows:
        for name in ("first_order", "last_order"):
            row[name] = date.fromisoformat(row[name]) if row[name] else None
    return pa.Table.from_pylist(rows)
