"""From a table as it was read to cases: which column is the outcome, who is who, and what may be learnt from."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from patron.errors import InputError, UsageError
from patron.history.files.any_table import AnyColumn, AnyTable
from patron.lifecycle.evaluation.ranking import roc_auc
from patron.lifecycle.models.table.cases import ID, OUTCOME
from patron.words import Text

ROW = "row"
"""The order of the rows in the file, as a column of its own: `--time row`."""
YES = frozenset(
    ("yes", "y", "true", "t", "1", "positive", "churned", "exited", "left", "converted", "won", "bought", "success")
) | frozenset(("是", "有", "真", "已流失", "流失", "已转化", "转化", "成交", "购买"))
UNIQUE = 0.98
"""A column of whole numbers or text with so many different values tells rows apart, and nothing else."""
CHATTY, ENOUGH = 0.5, 100
"""Text that is different in more than half of at least a hundred rows is no category."""
SHOWN = 8


@dataclass(frozen=True)
class Asked:
    """What was asked for. `positive`: the value that counts as yes; `excluded`: columns to leave out."""

    target: str
    positive: str | None = None
    id: str | None = None
    time: str | None = None
    excluded: Sequence[str] = ()


@dataclass(frozen=True)
class Left:
    """A column that nothing is learnt from, and why (a code, and words)."""

    column: str
    code: str
    why: Text


@dataclass(frozen=True)
class Frame:
    """Cases with their outcomes. `task`: 'class' or 'number'; `positive` is the value that counts as yes.

    `time`: the moment of each case where one was named (seconds, or rows); `ids`: columns that tell rows apart;
    `twins`: a number for each case that copies of a row share.
    """

    cases: pa.Table
    task: str
    positive: str
    left: list[Left]
    time: np.ndarray[Any, np.dtype[np.float64]] | None
    ids: list[str]
    told: list[Text]
    set_aside: int = 0
    kinds: Mapping[str, str] = field(default_factory=dict)
    id_powers: Mapping[str, float] = field(default_factory=dict)
    twins: np.ndarray[Any, np.dtype[np.int64]] | None = None

    @property
    def outcome(self) -> np.ndarray[Any, np.dtype[np.float64]]:
        """Outcomes (n)."""
        return np.asarray(self.cases.column(OUTCOME).to_numpy())

    @property
    def features(self) -> list[str]:
        """Names of what is learnt from."""
        return [name for name in self.cases.column_names if name not in (ID, OUTCOME)]

    def without(self, left: Sequence[Left]) -> Frame:
        """The same without these columns."""
        return replace(self, cases=self.cases.drop_columns([one.column for one in left]), left=[*self.left, *left])

    def rows(self, some: np.ndarray[Any, np.dtype[np.int64]], why: Text) -> Frame:
        """These rows alone, and why."""
        time = None if self.time is None else self.time[some]
        twins = None if self.twins is None else self.twins[some]
        return replace(self, cases=self.cases.take(pa.array(some)), time=time, twins=twins, told=[*self.told, why])

    def together(self, twins: np.ndarray[Any, np.dtype[np.int64]], why: Text) -> Frame:
        """The same with copies that are judged together."""
        return replace(self, twins=twins, told=[*self.told, why])


def frame(read: AnyTable, asked: Asked) -> Frame:
    """The cases of a table. Raises UsageError or InputError naming the column and what to type."""
    by_name = {column.name: column for column in read.columns}
    for name in [asked.target, asked.id, asked.time, *asked.excluded]:
        if name is not None and name != ROW:
            require(name, by_name, read.label)
    told = list(read.told)
    task, positive, outcome = _outcome(read, by_name[asked.target], asked.positive, told)
    known = pc.is_valid(outcome)
    aside = read.table.num_rows - int(pc.sum(known).as_py() or 0)
    if aside:
        told.append(
            Text(
                f"{aside} rows have no '{asked.target}': nothing is learnt from them.",
                f"{aside} 行没有“{asked.target}”，不用于训练。",
            )
        )
    table, outcome = read.table.filter(known), outcome.filter(known)
    left = [Left(name, "excluded", Text("left out as asked", "按要求排除")) for name in asked.excluded]
    taken = {asked.target, asked.id, asked.time, *asked.excluded}
    features: dict[str, Any] = {}
    ids = [asked.id] if asked.id else []
    for column in read.columns:
        if column.name in taken:
            continue
        why = _useless(column, table)
        if why is None:
            features[column.name] = table.column(column.name)
        else:
            left.append(why)
            ids += [column.name] if why.code == "id" else []
    if not features:
        raise InputError(
            Text("No column is left to learn from.", "没有可用于训练的列。"),
            file=read.label,
            remedy=Text("Add columns that were known before the outcome.", "请补充在结果发生前已知的列。"),
        )
    who = table.column(asked.id) if asked.id else table.column(ROW)
    cases = pa.table({ID: as_text(who), OUTCOME: outcome, **features})
    powers = {one.column: _order_tells(table.column(one.column), outcome, task) for one in left if one.code == "id"}
    kinds = {column.name: column.kind for column in read.columns}
    return Frame(cases, task, positive, left, moments(table, asked.time), ids, told, aside, kinds, powers)


def _order_tells(column: pa.ChunkedArray, outcome: pa.ChunkedArray, task: str) -> float:
    """AUC of the order of a column's values for the outcome; .5 says nothing."""
    if task != "class":
        return 0.5
    place = pc.rank(column, sort_keys="ascending", tiebreaker="min")
    found = roc_auc(np.asarray(outcome.to_numpy()), np.asarray(place.to_numpy(), dtype=np.float64))
    return found if np.isfinite(found) else 0.5


def require(name: str, columns: Mapping[str, AnyColumn], file: str) -> None:
    """Raises UsageError for a column that is not there, naming those that are most like it."""
    if name in columns:
        return
    from difflib import get_close_matches

    near = get_close_matches(name, columns, n=1) or get_close_matches(name.lower(), [c.lower() for c in columns], n=1)
    listed = ", ".join(columns)
    hint = Text(f"Did you mean '{near[0]}'? ", f"是否指“{near[0]}”？") if near else Text("", "")
    raise UsageError(
        Text(f"There is no column '{name}'.", f"没有“{name}”列。"),
        file=file,
        remedy=Text(f"{hint.en}There are: {listed}.", f"{hint.zh}现有列：{listed}。"),
    )


def as_text(column: pa.ChunkedArray) -> pa.ChunkedArray:
    """Ids as text: whole numbers without a point, an empty cell as its place."""
    if pa.types.is_floating(column.type):
        whole = pc.all(pc.equal(pc.round(column), column)).as_py()
        column = column.cast(pa.int64()) if whole and not column.null_count else column
    text = column.cast(pa.string())
    if text.null_count:
        places = pa.array([f"#{i + 1}" for i in range(len(text))], pa.string())
        text = pc.coalesce(text, pa.chunked_array([places]))
    return text


def moments(table: pa.Table, name: str | None) -> np.ndarray[Any, np.dtype[np.float64]] | None:
    """The time of each row as a number that rises, NaN where it is not known; None without such a column."""
    if name is None:
        return None
    column = table.column(name)
    if pa.types.is_timestamp(column.type):
        return np.asarray(pc.divide(column.cast(pa.int64()).cast(pa.float64()), 1e6).to_numpy())
    if pa.types.is_string(column.type):
        raise UsageError(
            Text(f"'{name}' is neither a date nor a number.", f"“{name}”既不是日期也不是数字。"),
            column=name,
            remedy=Text(
                "Name a column that says when it was, or 'row' if the file's rows are in order of time.",
                "请指明时间列；若文件各行按时间先后排列，可写“row”。",
            ),
        )
    return np.asarray(column.cast(pa.float64()).to_numpy())


def _useless(column: AnyColumn, table: pa.Table) -> Left | None:
    n = table.num_rows
    values = table.column(column.name)
    filled = n - values.null_count
    if not filled:
        return Left(column.name, "blank", Text("empty in every row", "全部为空"))
    distinct = int(pc.count_distinct(values, mode="only_valid").as_py())
    if distinct == 1 and filled == n:
        return Left(column.name, "constant", Text("the same in every row", "所有行都相同"))
    if n >= ENOUGH and distinct >= UNIQUE * filled and filled > n / 2 and _tells_apart(values):
        return Left(column.name, "id", Text("tells rows apart and nothing else", "仅用于区分各行"))
    if n >= ENOUGH and column.kind == "text" and distinct > CHATTY * n:
        return Left(column.name, "free", Text("nearly every row says something else", "几乎每行都不同的文本"))
    return None


def _tells_apart(values: pa.ChunkedArray) -> bool:
    if pa.types.is_string(values.type):
        return True
    return pa.types.is_floating(values.type) and bool(pc.all(pc.equal(pc.round(values), values)).as_py())


def _outcome(
    read: AnyTable, column: AnyColumn, positive: str | None, told: list[Text]
) -> tuple[str, str, pa.ChunkedArray]:
    """(task, what counts as yes, outcomes with empty ones where it is not known)."""
    values = read.table.column(column.name)
    if column.kind == "date":
        raise UsageError(
            Text("A date can't be predicted yet.", "目前还不能预测日期。"),
            column=column.name,
            remedy=Text("Name a column with yes and no, or with numbers.", "请指明取值为是/否或数字的列。"),
        )
    counted = pc.value_counts(values.drop_null())
    pairs = sorted(
        zip(counted.field("values").to_pylist(), counted.field("counts").to_pylist(), strict=True),
        key=lambda pair: (-pair[1], str(pair[0])),
    )
    if column.kind == "number" and positive is None and len(pairs) > 2:
        return "number", "", values
    if not pairs:
        raise InputError(
            Text("No row has an outcome.", "没有一行有结果。"),
            file=read.label,
            column=column.name,
            remedy=Text("Name the column that says what came of it: --target COLUMN.", "请用 --target 指明结果列。"),
        )
    levels = [(_said(value), value) for value, _ in pairs]
    if positive is not None:
        match = [value for said, value in levels if said.casefold() == positive.strip().casefold()]
        if not match:
            raise UsageError(
                Text(f"No row says '{positive}'.", f"没有一行的取值为“{positive}”。"),
                column=column.name,
                file=read.label,
                remedy=Text(f"There are: {_listed(levels)}.", f"现有取值：{_listed(levels)}。"),
            )
        yes = match[0]
    elif len(levels) > 2:
        raise UsageError(
            Text(f"'{column.name}' has {len(levels)} values.", f"“{column.name}”有 {len(levels)} 种取值。"),
            file=read.label,
            remedy=Text(
                f"Say which one counts as yes: --positive VALUE. There are: {_listed(levels)}.",
                f"请用 --positive 指明哪一种算“是”。现有取值：{_listed(levels)}。",
            ),
        )
    else:
        worded = [value for said, value in levels if said.casefold() in YES]
        yes = worded[0] if len(worded) == 1 else levels[-1][1]
        told.append(
            Text(
                f"What is predicted: '{column.name}' is '{_said(yes)}'.",
                f"预测目标：“{column.name}”为“{_said(yes)}”。",
            )
        )
    return "class", _said(yes), pc.equal(values, pa.scalar(yes, values.type)).cast(pa.float64())


def _said(value: object) -> str:
    return str(int(value)) if isinstance(value, float) and value.is_integer() else str(value)


def _listed(levels: Sequence[tuple[str, object]]) -> str:
    more = f" … ({len(levels)})" if len(levels) > SHOWN else ""
    return ", ".join(said for said, _ in levels[:SHOWN]) + more
