"""ABC: who makes up the first 80 % of the value, who the next 15 %, and the rest [definitions.md, "Value"].

Customers stand in line by falling value, equals by id. A customer is A while those before hold less than 80 % of
the total, B while they hold less than 95 %, then C; so A is the shortest line that reaches 80 %. The total is of
values above 0; a customer worth nothing or less is C. The last customer of A and of B (value and id) are the
fitted parameters: whoever would stand before them or at their place belongs to the class.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from patron.errors import UsageError
from patron.lifecycle.maths.gains import concentration
from patron.lifecycle.models.base import Kind, Needs, Parts, numbers
from patron.words import Text

Floats = NDArray[np.float64]

CLASSES = ("A", "B", "C")
REACH = (0.80, 0.95)
"""Share of the value at which A ends, and B."""
ROUNDING = 1e-12
MONEY_DECIMALS = 6

WHY = {
    "A": Text("Among the customers who make up the first {a} % of the value.", "属于贡献前 {a}% 价值的客户。"),
    "B": Text("Among the customers between {a} % and {b} % of the value.", "属于贡献价值 {a}% 至 {b}% 区间的客户。"),
    "C": Text("Among the customers who share the last {c} % of the value.", "属于贡献最后 {c}% 价值的客户。"),
}


@dataclass(frozen=True)
class Cut:
    """The last customer of a class: whoever has more, or as much and no later id, is in it. No one: value infinite."""

    value: float
    customer_id: str

    def holds(self, value: Floats, ids: pa.ChunkedArray) -> NDArray[np.bool_]:
        """Which customers stand at this place or before it."""
        tied = np.flatnonzero(value == self.value)
        held = np.asarray(value > self.value)
        if tied.size:
            held[tied] = pc.less_equal(ids.take(pa.array(tied)), self.customer_id).to_numpy()
        return held


@dataclass(frozen=True)
class FittedAbc:
    """Where A and B end, and how concentrated the value was: Gini and the share of the top decile (0 … 1)."""

    cuts: tuple[Cut, Cut]
    reach: tuple[float, float]
    of: str
    gini: float
    top_decile_share: float
    n: int
    name: str = "abc"

    def predict(self, table: pa.Table, *, horizon: float = 0.0) -> pa.Table:
        """customer_id, abc (dictionary-encoded 'A' | 'B' | 'C') of each row, in its order. `horizon` plays no part."""
        del horizon
        value, ids = value_of(table, self.of), table.column("customer_id")
        in_a, in_b = (cut.holds(value, ids) & (value > 0) for cut in self.cuts)
        codes = np.where(in_a, 0, np.where(in_b, 1, 2)).astype(np.int32)
        return pa.table({"customer_id": ids, "abc": pa.DictionaryArray.from_arrays(codes, pa.array(CLASSES))})

    def reasons(self, table: pa.Table, *, horizon: float = 0.0) -> pa.Table:
        """customer_id, why_en, why_zh: what the class of each customer means."""
        del horizon
        shares = {"a": f"{self.reach[0]:.0%}", "b": f"{self.reach[1]:.0%}", "c": f"{1 - self.reach[1]:.0%}"}
        blanks = {name: share.rstrip("%") for name, share in shares.items()}
        worded = [WHY[name].format(**blanks) for name in CLASSES]
        codes = self.predict(table).column("abc").combine_chunks().indices
        en, zh = pa.array([w.en for w in worded]).take(codes), pa.array([w.zh for w in worded]).take(codes)
        return pa.table({"customer_id": table.column("customer_id"), "why_en": en, "why_zh": zh})

    def parts(self) -> Parts:
        """Everything as JSON; a class without customers has no cut."""
        cuts = [None if np.isinf(cut.value) else [cut.value, cut.customer_id] for cut in self.cuts]
        plain = {name: value for name, value in vars(self).items() if name != "cuts"}
        return Parts(plain | {"cuts": cuts, "reach": list(self.reach)})


@dataclass
class Abc:
    """Classes A, B, C of a SUMMARY table by `of`: 'revenue', or 'margin' (revenue − cost) where costs are known."""

    of: str = "revenue"
    reach: tuple[float, float] = REACH
    name: str = field(default="abc", init=False)
    kind: Kind = field(default=Kind.LABELS, init=False)

    def __post_init__(self) -> None:
        if self.of not in _COLUMNS:
            raise UsageError(
                Text(f"There is no value called '{self.of}'.", f"没有名为“{self.of}”的价值。"),
                remedy=Text("Choose 'revenue' or 'margin'.", "请选择 revenue 或 margin。"),
            )
        self.needs = Needs(columns=("customer_id", *_COLUMNS[self.of]), minimum_rows=0, horizon=False)

    def fit(self, table: pa.Table, *, seed: int = 0) -> FittedAbc:
        """Where A and B end among these customers. Nothing here is left to chance."""
        del seed
        value, ids = value_of(table, self.of), table.column("customer_id")
        line = -np.sort(-value)
        held = np.cumsum(np.maximum(line, 0.0))
        cuts = tuple(_last(value, ids, line, _how_many(held, share)) for share in self.reach)
        curve = concentration(value)
        return FittedAbc((cuts[0], cuts[1]), self.reach, self.of, curve.gini(), curve.at(0.1), table.num_rows)

    def restore(self, parts: Parts) -> FittedAbc:
        """The fitted classes that gave `parts`."""
        plain = dict(parts.json)
        cuts = [NOBODY if cut is None else Cut(float(cut[0]), str(cut[1])) for cut in plain.pop("cuts")]
        a, b = plain.pop("reach")
        return FittedAbc(cuts=(cuts[0], cuts[1]), reach=(a, b), **plain)


_COLUMNS = {"revenue": ("revenue",), "margin": ("revenue", "cost")}
"""What each kind of value is made of: the first column less the others."""
NOBODY = Cut(float("inf"), "")


def value_of(table: pa.Table, of: str) -> Floats:
    """The value customers are lined up by, rounded to a millionth so that equal money ties."""
    first, *minus = (numbers(table, column) for column in _COLUMNS[of])
    return np.asarray(np.round(sum((-column for column in minus), first), MONEY_DECIMALS), dtype=np.float64)


def _how_many(held: Floats, share: float) -> int:
    """How many at the front of the line reach `share` of the total (0 where there is nothing to reach)."""
    if not held.size or held[-1] <= 0:
        return 0
    return 1 + int(np.searchsorted(held, share * held[-1] * (1 - ROUNDING), side="left"))


def _last(value: Floats, ids: pa.ChunkedArray, line: Floats, count: int) -> Cut:
    """The customer at place `count` of the `line` of falling values, equals by id."""
    if not count:
        return NOBODY
    worth = line[count - 1]
    before = int((value > worth).sum())
    equals = ids.take(pa.array(np.flatnonzero(value == worth)))
    return Cut(float(worth), str(equals.take(pc.sort_indices(equals))[count - 1 - before].as_py()))
