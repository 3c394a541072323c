"""What moved between two runs: who came and went, stages, value and risk."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from patron.lifecycle.decisions.rules import CODES, STAGES
from patron.study.run import Run
from patron.words import Text

MOVED = ("orders", "revenue", "stage", "expected_purchases", "p_purchase", "clv", "value_at_risk")
SHOWN = 10
LEAST_SHARE = 0.01
"""Of the later value: an earlier one below this says nothing as a base of a percentage."""


@dataclass(frozen=True)
class Comparison:
    """`moved`: one row a customer of either run with both values; `flow`: customers by stage before and after;
    `totals`: sums of either run; `text`: the whole in words."""

    moved: pa.Table
    flow: pa.Table
    totals: pa.Table
    text: Text


def compare(earlier: Run, later: Run) -> Comparison:
    """Join two runs by customer id. Columns get '_before' and '_after'; who is in one run only has the other empty."""
    before, after = (run.scores.select(["customer_id", *MOVED]) for run in (earlier, later))
    moved = before.join(
        after, "customer_id", join_type="full outer", left_suffix="_before", right_suffix="_after", coalesce_keys=True
    ).sort_by("customer_id")
    change = pc.subtract(
        pc.fill_null(moved["value_at_risk_after"], 0.0), pc.fill_null(moved["value_at_risk_before"], 0.0)
    )
    moved = moved.append_column("value_at_risk_change", change)
    flow = (
        moved.group_by(["stage_before", "stage_after"])
        .aggregate([("customer_id", "count")])
        .rename_columns(["stage_before", "stage_after", "customers"])
    )
    totals = _totals(before, after)
    return Comparison(moved, flow, totals, _text(earlier, later, moved, flow, totals))


def _totals(before: pa.Table, after: pa.Table) -> pa.Table:
    names = ["customers", "revenue", "expected_purchases", "clv", "value_at_risk"]

    def column(table: pa.Table) -> list[float]:
        return [float(table.num_rows), *(float(pc.sum(table[name]).as_py() or 0.0) for name in names[1:])]

    return pa.table({"figure": names, "before": column(before), "after": column(after)})


def _text(earlier: Run, later: Run, moved: pa.Table, flow: pa.Table, totals: pa.Table) -> Text:
    days = [run.card["settings"]["as_of"] for run in (earlier, later)]
    came = pc.sum(moved["orders_before"].is_null()).as_py() or 0
    gone = pc.sum(moved["orders_after"].is_null()).as_py() or 0
    lines = [
        Text(f"From {days[0]} to {days[1]}", f"从 {days[0]} 到 {days[1]}"),
        Text(
            f"{came:,} {'customer is' if came == 1 else 'customers are'} new, "
            f"{gone:,} {'is' if gone == 1 else 'are'} no longer in the data.",
            f"新增客户 {came:,} 位，{gone:,} 位不再出现。",
        ),
    ]
    if earlier.card["settings"]["horizon_days"] != later.card["settings"]["horizon_days"]:
        a, b = (run.card["settings"]["horizon_days"] for run in (earlier, later))
        lines.append(
            Text(
                f"Mind: the horizons differ ({a} and {b} days); chances and risks are not of the same period.",
                f"注意：两次期限不同（{a} 天与 {b} 天），概率与风险不可直接比较。",
            )
        )
    lines += [_line(row) for row in totals.to_pylist()]
    lines.append(Text("Stages (before → after):", "阶段（之前 → 之后）："))
    lines += _flows(flow)
    lines.append(Text("Largest rise in value at risk:", "风险价值上升最多："))
    lines += _risen(moved)
    return Text("\n".join(line.en for line in lines), "\n".join(line.zh for line in lines))


NAMES = {
    "customers": Text("Customers", "客户"),
    "revenue": Text("Revenue so far", "累计收入"),
    "expected_purchases": Text("Expected purchases", "预期购买次数"),
    "clv": Text("Customer lifetime value", "客户终身价值"),
    "value_at_risk": Text("Value at risk", "风险价值"),
}


def _line(row: dict[str, float]) -> Text:
    name, before, after = NAMES[str(row["figure"])], row["before"], row["after"]
    figures = f"{before:,.0f} → {after:,.0f}"
    if before <= 0 or before < LEAST_SHARE * after:
        return Text(f"  {name.en}: {figures}", f"  {name.zh}：{figures}")
    change = f"{100 * (after - before) / before:+,.1f}"
    return Text(f"  {name.en}: {figures} ({change} %)", f"  {name.zh}：{figures}（{change}%）")


def _flows(flow: pa.Table) -> list[Text]:
    rank = {code: i for i, code in enumerate(CODES)}
    rows = [row for row in flow.to_pylist() if row["stage_before"] != row["stage_after"]]
    rows.sort(key=lambda r: (rank.get(r["stage_before"], -1), rank.get(r["stage_after"], 99)))
    none = Text("not known", "尚无记录")

    def say(code: str | None) -> Text:
        return STAGES[code] if code else none

    out = []
    for row in rows:
        a, b, n = say(row["stage_before"]), say(row["stage_after"]), row["customers"]
        out.append(Text(f"  {a.en} → {b.en}: {n:,}", f"  {a.zh} → {b.zh}：{n:,}"))
    return out or [Text("  nobody changed", "  没有变化")]


def _risen(moved: pa.Table) -> list[Text]:
    change = moved["value_at_risk_change"].to_numpy()
    top = np.argsort(-change, kind="stable")[:SHOWN]
    rows = moved.take(pa.array(top[change[top] > 0])).to_pylist()
    out = []
    for row in rows:
        before, after = row["value_at_risk_before"] or 0.0, row["value_at_risk_after"] or 0.0
        out.append(Text(*[f"  {row['customer_id']}: {before:,.2f} → {after:,.2f}"] * 2))
    return out or [Text("  none", "  无")]
