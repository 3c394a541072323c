"""What `analyze` may be handed: paths, tables in memory, or a database query."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from patron.errors import UsageError
from patron.history.files import SqlSource
from patron.words import Text

Source = str | Path | SqlSource


def as_sources(orders: Any, sql: str | None, query: str | None, work: Path) -> tuple[list[Source], list[str]]:
    """What the reader reads, and the names to show for it. Tables in memory are laid down as Parquet in `work`."""
    if sql is not None:
        if query is None:
            raise UsageError(Text("--sql needs --query.", "--sql 需要 --query。"))
        return [SqlSource(sql, query)], ["SQL"]
    if orders is None or (isinstance(orders, (list, tuple)) and not orders):
        raise UsageError(
            Text("No orders were given.", "没有给出订单。"),
            remedy=Text(
                "Name a file, hand in a table, or use sql and query.", "请指定文件、传入表格，或使用 sql 与 query。"
            ),
        )
    if isinstance(orders, (str, Path)):
        return [orders], [Path(orders).name]
    if isinstance(orders, Sequence) and all(isinstance(o, (str, Path)) for o in orders):
        return list(orders), [Path(o).name for o in orders]
    path = work / "orders.parquet"
    pq.write_table(_as_table(orders), path)
    return [path], ["table in memory"]


def _as_table(frame: Any) -> pa.Table:
    if isinstance(frame, pa.Table):
        return frame
    if hasattr(frame, "__arrow_c_stream__"):
        return pa.table(frame)
    if hasattr(frame, "to_arrow"):
        return frame.to_arrow()
    raise UsageError(
        Text(f"orders can't be a {type(frame).__name__}.", f"orders 不能是 {type(frame).__name__}。"),
        remedy=Text(
            "Hand in a path, a list of paths, or an Arrow, pandas or Polars table.",
            "请传入路径、路径列表，或 Arrow、pandas、Polars 表格。",
        ),
    )
