"""`patron score`, `patron explain` and `patron backtest`: a saved model and a table."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from patron.errors import InputError
from patron.history.files.any_table import AnyTable, read_any
from patron.history.files.options import ReadOptions
from patron.lifecycle.evaluation import probability
from patron.lifecycle.evaluation.bootstrap import bootstrap_interval
from patron.lifecycle.evaluation.drift import Drift
from patron.lifecycle.models.table.cases import ID, Cases
from patron.study.supervised import watch
from patron.study.supervised.frame import Asked, as_text, frame
from patron.study.supervised.judging import CLASS, NUMBER
from patron.study.supervised.keeping import Kept
from patron.study.supervised.wording import reason
from patron.words import Text

Told = Callable[[str, int, int | None], None]
CHUNK = 100_000
TOP = 5


@dataclass(frozen=True)
class Ready:
    """A table ready to be scored: cases in the file's order, the ids as they stand there, and what was told."""

    read: AnyTable
    cases: pa.Table
    id_name: str
    told: list[Text]


def ready(kept: Kept, path: Path, *, today: date, options: ReadOptions | None = None) -> Ready:
    """Read the table as the model's columns. Raises InputError where none of them is there."""
    kinds = {name: kept.card["columns"][name] for name in kept.card["features"]}
    known = {name: kind for name, kind in kinds.items() if kind != "blank"}
    read = read_any(path, options or ReadOptions(), kinds=known, forms=kept.card["forms"], today=today)
    there = set(read.table.column_names)
    told = list(read.told)
    missing = [name for name in kinds if name not in there]
    if len(missing) == len(kinds):
        raise InputError(
            Text("None of the model's columns is in this table.", "表中没有模型所需的任何一列。"),
            file=read.label,
            remedy=Text(f"It was trained on: {', '.join(kinds)}.", f"训练所用的列：{'、'.join(kinds)}。"),
        )
    if missing:
        told.append(
            Text(
                f"{len(missing)} columns the model knows are not here and count as empty: {', '.join(missing)}.",
                f"缺少模型所需的 {len(missing)} 列，按空值处理：{'、'.join(missing)}。",
            )
        )
    id_name = kept.card["id"] if kept.card["id"] in there else "row"
    columns = {name: read.table.column(name) for name in kinds if name in there}
    cases = pa.table({ID: as_text(read.table.column(id_name)), **columns})
    return Ready(read, cases, id_name, [*told, *watch.told(drifts(kept, cases))])


def drifts(kept: Kept, cases: pa.Table) -> dict[str, Drift]:
    """How much each feature of these cases looks other than in training."""
    return watch.drifts(Cases.of(cases), kept.model.inner.preparation.features, kept.card["looks"])


def score(kept: Kept, table: Ready) -> pa.Table:
    """`row`, the id where there is one, then `p` (or `value`), `low`, `high`: in the order of the file."""
    parts = [kept.model.predict(table.cases.slice(at, CHUNK)) for at in range(0, max(table.cases.num_rows, 1), CHUNK)]
    found = pa.concat_tables(parts)
    name = "p" if kept.card["task"] == "class" else "value"
    columns: dict[str, Any] = {"row": table.read.table.column("row")}
    if table.id_name != "row":
        columns[table.id_name] = table.cases.column(ID)
    columns |= {name: found.column("value"), "low": found.column("low80"), "high": found.column("high80")}
    return pa.table(columns)


def explain(kept: Kept, table: Ready, lang: str, top: int = TOP) -> pa.Table:
    """The scores with the `top` reasons of each row in words, the strongest first; then every term on the link."""
    scored = score(kept, table)
    cases = Cases.of(table.cases)
    found = kept.model.terms(cases)
    spread = found.of_features
    order = np.argsort(-np.abs(spread), axis=1, kind="stable")[:, :top]
    columns = {name: scored.column(name) for name in scored.column_names}
    rows = table.cases.to_pylist() if table.cases.num_rows <= CHUNK else None
    if rows is None:
        raise InputError(
            Text("Reasons are written for 100,000 rows at most.", "最多为 100,000 行写出原因。"),
            remedy=Text("Choose the rows that matter first.", "请先选出需要的行。"),
        )
    for place in range(order.shape[1]):
        columns[f"reason_{place + 1}"] = pa.array(
            [
                reason(
                    found.names[order[i, place]], row.get(found.names[order[i, place]]), spread[i, order[i, place]]
                ).say(lang)
                for i, row in enumerate(rows)
            ],
            pa.string(),
        )
    columns["term:base"] = pa.array(found.base)
    for i, name in enumerate(found.names):
        columns[f"term:{name}"] = pa.array(spread[:, i])
    return pa.table(columns)


def backtest(kept: Kept, path: Path, *, today: date, options: ReadOptions | None = None) -> dict[str, Any]:
    """How good the saved model is on a table whose outcomes are known: measures with intervals, beside the card's."""
    card = kept.card
    asked = Asked(card["target"], card["positive"] if card["task"] == "class" else None, card["id"])
    table = ready(kept, path, today=today, options=options)
    known = frame(table.read, asked)
    cases = table.cases.filter(_known(table.read, asked.target))
    said = kept.model.expect(Cases.of(cases))
    measures = CLASS if card["task"] == "class" else NUMBER
    outcome = known.outcome
    found: dict[str, Any] = {}
    for name, measure in measures.items():
        low, high = bootstrap_interval(measure, outcome, said, draws=100)
        found[name] = {"value": measure(outcome, said), "low": low, "high": high, "card": _of_card(card, name)}
    if card["task"] == "class":
        found["ece"] = {"value": probability.ece(outcome, said), "card": _of_card(card, "ece")}
    return {
        "rows": len(outcome),
        "base": float(outcome.mean()),
        "said": float(said.mean()),
        "measures": found,
        "drift": {name: one.psi for name, one in drifts(kept, cases).items()},
        "told": [{"en": t.en, "zh": t.zh} for t in table.told],
    }


def _known(read: AnyTable, target: str) -> pa.ChunkedArray:
    """Which rows of the file have an outcome."""
    return pc.is_valid(read.table.column(target))


def _of_card(card: dict[str, Any], name: str) -> float | None:
    value = card["judged"]["measures"].get(name, {}).get("value")
    return float(value) if value is not None else None
