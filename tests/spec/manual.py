"""docs/features.md, printed from the features and their cases: `python -m spec.manual` in tests/ writes it anew."""

from __future__ import annotations

from pathlib import Path
from textwrap import dedent

from spec.cases import CASES, Case
from spec.pipes import read

from patron.lifecycle.features import FEATURES
from patron.lifecycle.tables import SUMMARY

PAGE = Path(__file__).resolve().parents[2] / "docs" / "features.md"
HEAD = """\
# Features

One row per customer as of a day (`patron.lifecycle.features.summarise(view)`). This page is printed from
`tests/spec/cases.py`; every table on it is run against the engine and against a plain reference.

| feature | unit | what it is | 含义 |
| --- | --- | --- | --- |
"""


def page() -> str:
    """The whole page."""
    rows = [f"| `{f.name}` | {f.unit} | {f.about.en} | {f.about.zh} |" for f in FEATURES if f.name in SUMMARY.names]
    return HEAD + "\n".join(rows) + "\n\n## What they do\n\n" + "\n".join(_section(case) for case in CASES)


def _section(case: Case) -> str:
    return f"### {case.says}\n\n{_table(case.lines)}\nAs of {case.as_of}:\n\n{_table(case.answer)}"


def _table(text: str) -> str:
    rows = read(dedent(text))
    head = list(rows[0])
    body = [head, ["---"] * len(head), *([row[name] for name in head] for row in rows)]
    return "".join(f"| {' | '.join(cells)} |\n" for cells in body)


if __name__ == "__main__":
    PAGE.parent.mkdir(exist_ok=True)
    PAGE.write_text(page(), "utf-8")
