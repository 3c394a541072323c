"""What should be known before relying on the model: what was told, which columns were left out, what to type."""

from __future__ import annotations

import shlex
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from patron.study.pictures.terms import term
from patron.study.report.safe import clean, said
from patron.study.supervised.report.subject import Card, Subject, rows
from patron.study.supervised.report.terms import ANSWERS, LEFT

LONGEST_COLUMN = 80
TOLD, LISTED = 40, 300
"""Sentences and columns shown at most."""


@dataclass(frozen=True)
class Column:
    """One column that is not used, or was asked about: why, what became of it, and what to type to change that."""

    name: str
    why: str
    now: str
    option: str


def told(card: Card, s: Subject) -> list[str]:
    """What was told, without the sentences the table of columns says anyway; how many columns it has instead."""
    asked = [str(row.get("column")) for row in rows(card.get("doubts"))]
    given = card.get("told")
    sentences = [one for one in (given if isinstance(given, list) else []) if not _of_a_doubt(one, asked)][:TOLD]
    out = [words for one in sentences if (words := said(one, s.v.lang))]
    gone = s.v.count(sum(row.get("answer") != "known" for row in rows(card.get("doubts"))))
    if gone != "0":
        out.append(
            s.v.pick(
                f"Columns left out because they may be known only afterwards: {gone}. The list is below.",
                f"可能为事后信息而未使用的列：{gone}，见下表。",
            )
        )
    return out


def _of_a_doubt(one: object, asked: list[str]) -> bool:
    words = str(one.get("en") if isinstance(one, Mapping) else one)
    return any(words.startswith((f"'{name}' is left out", f"'{name}' is used because")) for name in asked)


def columns(card: Card, s: Subject) -> list[Column]:
    """Columns asked about first, then those left out for other reasons."""
    doubts = rows(card.get("doubts"))
    asked = {str(row.get("column")) for row in doubts}
    left = [row for row in rows(card.get("left_out")) if str(row.get("column")) not in asked]
    return [*(_doubt(row, s) for row in doubts), *(_left(row, s) for row in left)][:LISTED]


def _doubt(row: Mapping[str, Any], s: Subject) -> Column:
    used = row.get("answer") == "known"
    return Column(
        clean(row.get("column"), LONGEST_COLUMN),
        said(row.get("why"), s.v.lang),
        clean(term(ANSWERS, row.get("answer"), s.v.lang), LONGEST_COLUMN),
        option("--exclude" if used else "--known-at-scoring", row.get("column")),
    )


def _left(row: Mapping[str, Any], s: Subject) -> Column:
    code = row.get("code")
    return Column(
        clean(row.get("column"), LONGEST_COLUMN),
        said(row.get("why"), s.v.lang),
        clean(term(LEFT, code, s.v.lang), LONGEST_COLUMN),
        option("--known-at-scoring", row.get("column")) if code == "after_the_fact" else "",
    )


def option(name: str, column: object) -> str:
    """What to type, quoted for a shell; nothing for a name that can't be shown as it is."""
    whole = str(column)
    return f"{name} {shlex.quote(whole)}" if clean(whole, LONGEST_COLUMN) == whole else ""
