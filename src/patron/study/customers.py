"""Customers that only the customer file knows, and its columns beside the scores."""

from __future__ import annotations

from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc

from patron.history.files import ReadOptions, read_customers
from patron.lifecycle.tables import SUMMARY
from patron.study.scoring import COLUMNS, WIDE
from patron.words import Text


def add_customers(
    summary: pa.Table, file: Path | None, options: ReadOptions
) -> tuple[pa.Table, pa.Table | None, list[Text]]:
    """The summary with those of the customer file who never bought, the file's table, and what was recognised."""
    if file is None:
        return summary, None, []
    people, told = read_customers(file, ReadOptions(timezone=options.timezone, lang=options.lang))
    ids = people.column("customer_id").combine_chunks()
    new, both = with_strangers(summary, ids)
    known = pc.sum(pc.is_in(summary.column("customer_id"), ids)).as_py() or 0
    told = [
        *told,
        Text(
            f"{known} of {summary.num_rows} customers with orders are in the customer file; "
            f"{len(new)} in it never bought.",
            f"{summary.num_rows} 位有订单的客户中，{known} 位在客户文件内；客户文件中有 {len(new)} 位从未购买。",
        ),
    ]
    return both, people, told


def with_strangers(summary: pa.Table, ids: pa.Array) -> tuple[pa.Array, pa.Table]:
    """Those of `ids` who are not in the summary, and the summary with them, sorted by customer_id."""
    new = ids.filter(pc.invert(pc.is_in(ids, summary.column("customer_id").combine_chunks())))
    return new, pa.concat_tables([summary, _strangers(new)]).sort_by("customer_id").combine_chunks()


def _strangers(ids: pa.Array) -> pa.Table:
    """Rows of tables.SUMMARY for people without any order."""
    empty = {"first_order", "last_order", "cost", "usual_gap", "last_gap_before"}
    n = len(ids)
    columns = [
        ids
        if c.name == "customer_id"
        else pa.nulls(n, c.type)
        if c.name in empty
        else pa.repeat(pa.scalar(0, c.type), n)
        for c in SUMMARY.columns
    ]
    return pa.table(columns, schema=SUMMARY.schema)


def attach_columns(scores: pa.Table, people: pa.Table | None) -> pa.Table:
    """The scores with the further columns of the customer file behind them; a name taken gets 'file_' in front."""
    if people is None:
        return scores
    taken = {*COLUMNS, *WIDE}
    at = pc.index_in(scores.column("customer_id").combine_chunks(), people.column("customer_id").combine_chunks())
    for name in people.column_names:
        if name != "customer_id":
            values = people.column(name).combine_chunks().take(at)
            scores = scores.append_column(f"file_{name}" if name in taken else name, values)
    return scores
