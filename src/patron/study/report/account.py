"""What was read and what was set aside, reconciled: used + set aside = file."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from patron.study.pictures import numbers
from patron.study.pictures.scales import known, known_all
from patron.study.pictures.voice import Voice
from patron.study.report.safe import said

CENT = 0.01


@dataclass(frozen=True)
class Line:
    """One line of the account; `kind` is used, aside or sum."""

    kind: str
    words: str
    rows: str
    value: str


@dataclass(frozen=True)
class Account:
    """Lines that add up (or not, then `reconciled` is false) and how the files were understood."""

    lines: list[Line]
    reconciled: bool
    told: list[str]


def read(card: Mapping[str, Any], v: Voice) -> Account | None:
    """The account of the card's input; None where the run kept none."""
    given = card.get("input") or {}
    if known(given.get("rows_file")) is None:
        return None
    aside = [row for row in given.get("set_aside") or [] if known(row.get("rows"))]
    prefix = v.pick("Set aside: ", "未使用：")
    return Account(
        [
            _line("used", v.pick("Used", "已使用"), given.get("rows_used"), given.get("value_used"), v),
            *(_line("aside", prefix + said(r.get("reason"), v.lang), r.get("rows"), r.get("value"), v) for r in aside),
            _line("sum", v.pick("In the files", "文件合计"), given.get("rows_file"), given.get("value_file"), v),
        ],
        _reconciled(given, aside),
        [said(words, v.lang) for words in given.get("told") or []],
    )


def _line(kind: str, words: str, rows: object, value: object, v: Voice) -> Line:
    return Line(kind, words, v.count(rows), numbers.money_exact(value, v.currency))


def _reconciled(given: Mapping[str, Any], aside: Sequence[Mapping[str, Any]]) -> bool:
    rows = sum(known_all([given.get("rows_used"), *(row.get("rows") for row in aside)]))
    money = sum(known_all([given.get("value_used"), *(row.get("value") for row in aside)]))
    total = known(given.get("value_file"))
    return rows == given["rows_file"] and (total is None or abs(money - total) < CENT + 1e-9 * abs(total))
