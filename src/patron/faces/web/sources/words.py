"""Words of the pages about imports, and what a page shows of one."""

from __future__ import annotations

from typing import Any

from patron.crm.sources.models import Import
from patron.history.files.record_kinds import KIND_NAMES, RECORDS
from patron.words import Text

STATES = {
    "uploaded": Text("Check the columns", "待确认列"),
    "counting": Text("Being counted", "计数中"),
    "previewed": Text("Ready to start", "可开始导入"),
    "queued": Text("Waiting", "排队中"),
    "running": Text("Running", "导入中"),
    "paused": Text("Paused", "已暂停"),
    "cancelled": Text("Cancelled", "已取消"),
    "failed": Text("Stopped", "已中断"),
    "done": Text("Done", "已完成"),
    "undoing": Text("Being undone", "撤销中"),
    "undone": Text("Undone", "已撤销"),
}
COUNTS = {
    "create": Text("New", "新增"),
    "update": Text("Changed", "更新"),
    "skip": Text("The same as before", "与已有相同"),
    "error": Text("Rejected", "拒绝"),
    "erased": Text("Erased persons, left out", "已按本人要求删除，跳过"),
}
UNDONE = {
    "removed": Text("Rows removed", "移除行数"),
    "restored": Text("Rows restored", "恢复行数"),
    "overtaken": Text("Rows changed since and kept", "之后另有更改而保留的行数"),
    "customers_removed": Text("Customers removed", "移除客户"),
    "customers_kept": Text("Customers kept, known from elsewhere", "另有记录而保留的客户"),
}
HALTED = ("paused", "cancelled", "failed")
"""States in which it stands after some of its rows."""
LOOKS = {
    "number": Text("numbers", "数字"),
    "date": Text("dates", "日期"),
    "text": Text("text", "文本"),
    "blank": Text("empty", "空"),
}
KINDS = KIND_NAMES
ORDERS = {
    "": Text("recognised", "自动识别"),
    "dmy": Text("day/month/year", "日/月/年"),
    "mdy": Text("month/day/year", "月/日/年"),
    "ymd": Text("year/month/day", "年/月/日"),
}


def state_of(run: Import) -> dict[str, Any]:
    """What a list or a page says of an import's state."""
    share = 100 * run.rows_done // run.rows_total if run.rows_total else 0
    return {
        "run": run,
        "kind": KINDS[run.kind],
        "state": STATES[run.state],
        "moving": run.state in ("counting", "queued", "running", "undoing"),
        "share": min(share, 100),
        "counts": [(code, words, run.counts[code]) for code, words in COUNTS.items() if code in run.counts]
        if run.counts
        else [],
    }


def roles_of(run: Import) -> list[dict[str, Any]]:
    """Every role with the columns it may have, the chosen one marked: what the selects of the mapping are made of."""
    columns = run.found.get("columns", [])
    out = []
    for role, asks in RECORDS[run.kind].items():
        chosen = place_of(run, role)
        options = [(str(i + 1), column["name"] or f"{i + 1}", i == chosen) for i, column in enumerate(columns)]
        samples = columns[chosen] if chosen is not None else None
        out.append(
            {
                "role": role,
                "words": asks.about,
                "required": asks.required,
                "options": options,
                "column": samples,
                "looks": LOOKS[samples["looks"]] if samples else None,
            }
        )
    return out


def place_of(run: Import, role: str) -> int | None:
    """The index of the column that a role has; None without one."""
    wanted = run.mapping.get(role, "")
    if wanted == "":
        return None
    names = [column["name"] for column in run.found.get("columns", [])]
    if isinstance(wanted, str) and wanted in names:
        return names.index(wanted)
    return int(wanted) - 1 if str(wanted).isdigit() and 0 < int(wanted) <= len(names) else None


def undone_of(run: Import) -> list[tuple[Text, int]]:
    """What an undo came to, in words and numbers; nothing of one that was not undone."""
    came = run.found.get("undone", {})
    return [(words, came[code]) for code, words in UNDONE.items() if code in came and (came[code] or code == "removed")]


def unmapped_of(run: Import) -> list[dict[str, Any]]:
    """Columns that nothing was mapped to."""
    taken = {place_of(run, role) for role in RECORDS[run.kind]}
    return [column for i, column in enumerate(run.found.get("columns", [])) if i not in taken]
