"""Any flat table, what a person could want to know of how it was read."""

from __future__ import annotations

from collections.abc import Sequence

from patron.words import Text

MOST = 10  # names in one sentence
NEARLY = 0.5
NOUNS = {"number": Text("a number", "数字"), "date": Text("a date", "日期")}


def shown(names: Sequence[str]) -> Text:
    """Names in quotation marks, cut after ten."""
    en, zh = ", ".join(f"'{name}'" for name in names[:MOST]), "、".join(f"“{name}”" for name in names[:MOST])
    return Text(f"{en} and {len(names) - MOST:,} more", f"{zh}等 {len(names):,} 列") if names[MOST:] else Text(en, zh)


def told_malformed(malformed: Sequence[tuple[int, str]]) -> list[Text]:
    """Rows that have another number of cells than the header."""
    if not malformed:
        return []
    n, row = f"{len(malformed):,}", malformed[0][0]
    return [
        Text(
            f"{n} rows have another number of cells than the header (first: row {row}); they are left out.",
            f"{n} 行的单元格数量与表头不符（首个：第 {row} 行），已略过。",
        )
    ]


def told_names(written: Sequence[str], names: Sequence[str]) -> list[Text]:
    """Columns that are called otherwise than they are written."""
    changed = [(i, name) for i, (old, name) in enumerate(zip(written, names, strict=True), 1) if old != name]
    if not changed:
        return []
    en = ", ".join(f"column {i} is '{name}'" for i, name in changed[:MOST])
    zh = "、".join(f"第 {i} 列为“{name}”" for i, name in changed[:MOST])
    more = len(changed) - MOST
    return [
        Text(
            f"Columns without a name of their own are given one: {en}{f' and {more:,} more' if more > 0 else ''}.",
            f"没有名称或重名的列另行命名：{zh}{f'等 {len(changed):,} 列' if more > 0 else ''}。",
        )
    ]


def told_missing(cells: int, names: Sequence[str]) -> list[Text]:
    """Cells that only say that they are missing."""
    if not cells:
        return []
    which = shown(names)
    return [
        Text(
            f"{cells:,} cells only say that nothing is known (NA, NULL, ? and the like) and are missing; "
            f"columns: {which.en}.",
            f"{cells:,} 个单元格只写着“未知”之意（NA、NULL、? 等），按缺失处理；列：{which.zh}。",
        )
    ]


def told_blank(names: Sequence[str]) -> list[Text]:
    """Columns in which nothing stands."""
    which = shown(names)
    return [Text(f"Nothing stands in {which.en}.", f"{which.zh}没有任何内容。")] if names else []


def told_text(name: str, fits: tuple[str, int], filled: int) -> list[Text]:
    """A text column that one could take for another kind."""
    kind, cells = fits
    if kind == "code":
        return [
            Text(
                f"'{name}' is read as text: it has codes with leading zeros or more than 15 digits.",
                f"“{name}”按文本读取：其中有以零开头或超过 15 位的编码。",
            )
        ]
    if not kind or cells < NEARLY * filled:
        return []
    noun = NOUNS[kind]
    return [
        Text(
            f"'{name}' is read as text: only {cells:,} of its {filled:,} cells can be read as {noun.en}.",
            f"“{name}”按文本读取：{filled:,} 个单元格中只有 {cells:,} 个可读作{noun.zh}。",
        )
    ]


def told_unread(name: str, kind: str, unread: int, filled: int, row: int, sample: str) -> Text:
    """Cells of a number or a date column that are neither, and became missing."""
    noun = NOUNS[kind]
    return Text(
        f"{unread:,} of {filled:,} cells of '{name}' can't be read as {noun.en} and are missing "
        f"(first: '{sample}' in row {row}).",
        f"“{name}”的 {filled:,} 个单元格中有 {unread:,} 个无法读作{noun.zh}，按缺失处理"
        f"（首个：第 {row} 行的“{sample}”）。",
    )


def told_infinite(name: str, cells: int) -> Text:
    """Cells of a number column that no finite number can hold."""
    return Text(
        f"{cells:,} cells of '{name}' are infinite or too large for a number; they are missing.",
        f"“{name}”有 {cells:,} 个单元格为无穷大或超出可表示的范围，按缺失处理。",
    )
