"""Which column is what: an open table of English and Chinese names, and `--map` above it."""

from __future__ import annotations

import difflib
import functools
import tomllib
import unicodedata
from collections.abc import Mapping, Sequence
from importlib.resources import files

from patron.errors import InputError, UsageError
from patron.words import Text

ROLES = {
    "customer": Text("who bought", "谁买的"),
    "date": Text("when it happened", "何时发生"),
    "amount": Text("money of the line or the order", "该行或该订单的金额"),
    "price": Text("price of one unit", "单价"),
    "quantity": Text("units", "数量"),
    "order": Text("order number", "订单号"),
    "product": Text("product code", "商品编码"),
    "description": Text("product name", "商品名称"),
    "cost": Text("cost of the line", "该行成本"),
    "unit_cost": Text("cost of one unit", "单位成本"),
    "known": Text("when it became known", "何时得知"),
    "currency": Text("currency", "币种"),
    "status": Text("state of the order", "订单状态"),
}
CUSTOMER_ROLES = {"customer": ROLES["customer"]}


def normal(name: str) -> str:
    """A column name without case, blanks, punctuation and width: '客户 ＩＤ' → '客户id'."""
    return "".join(c for c in unicodedata.normalize("NFKC", name).casefold() if c.isalnum())


@functools.cache
def synonyms(kind: str = "") -> dict[str, dict[str, int]]:
    """role → normalised name → tier (0 is the best) from columns.toml.

    `kind` is one of record_kinds.RECORDS; empty: the roles of an order export as `analyze` takes it.
    """
    table = tomllib.loads((files("patron.history.files") / "columns.toml").read_text("utf-8"))
    roles = table["kinds"].get(kind, {}) if kind not in ("", "orders") else table["roles"]
    if kind == "orders":
        roles = {**roles, **table["kinds"]["orders"]}
    return {
        role: {normal(name): tier for tier, names in enumerate(tiers) for name in names}
        for role, tiers in roles.items()
    }


@functools.cache
def order_total_names() -> frozenset[str]:
    """Normalised names that stand for the total of a whole order, not of one line."""
    table = tomllib.loads((files("patron.history.files") / "columns.toml").read_text("utf-8"))
    return frozenset(normal(name) for name in table["order_totals"])


def roles_found(columns: Sequence[str], kind: str = "") -> set[str]:
    """The roles of this kind of record that at least one of these names can fill."""
    names = {normal(c) for c in columns}
    return {role for role, table in synonyms(kind).items() if names & table.keys()}


def find_columns(
    columns: Sequence[str],
    mapping: Mapping[str, str | int],
    *,
    file: str,
    roles: Mapping[str, Text] | None = None,
    kind: str = "",
    guess: bool = False,
) -> dict[str, int]:
    """role → index of its column (from 0): what `mapping` says, then what the names say.

    Raises UsageError for a role or column that is not there (with the nearest names), InputError where two
    columns fit one role equally well, unless `guess` takes the first of them (a screen shows it to be corrected).
    """
    roles = ROLES if roles is None else roles
    found: dict[str, int] = {}
    left_out = set()
    for role, wanted in mapping.items():
        _check_role(role, roles)
        if wanted == "":
            left_out.add(role)
        else:
            found[role] = _position(columns, role, wanted, file)
    taken = set(found.values())
    for role in roles:
        if role not in found and role not in left_out:
            best = _best(columns, role, taken, file, kind, guess)
            if best is not None:
                found[role] = best
                taken.add(best)
    return found


def _check_role(role: str, roles: Mapping[str, Text]) -> None:
    if role not in roles:
        near = difflib.get_close_matches(role.lower(), roles, 1, 0.4)
        raise UsageError(
            Text(f"'{role}' is not something a column can be mapped to.", f"“{role}”不是可以映射的角色。"),
            remedy=Text(
                (f"Did you mean {near[0]}? " if near else "") + f"There are: {', '.join(roles)}.",
                (f"您是指 {near[0]} 吗？" if near else "") + f"可用的有：{'、'.join(roles)}。",
            ),
        )


def _position(columns: Sequence[str], role: str, wanted: str | int, file: str) -> int:
    """The index of the column called `wanted`, or at that 1-based position."""
    text = str(wanted).strip()
    same = [i for i, c in enumerate(columns) if c == text] or [
        i for i, c in enumerate(columns) if normal(c) == normal(text) and normal(text)
    ]
    if len(same) == 1:
        return same[0]
    if not same and text.isascii() and text.isdigit() and 1 <= int(text) <= len(columns):
        return int(text) - 1
    if len(same) > 1:
        what = Text(f"{len(same)} columns are called '{text}'.", f"有 {len(same)} 列名为“{text}”。")
        remedy = Text(f"Say which by position: --map {role}={same[0] + 1}", f"请用位置指定：--map {role}={same[0] + 1}")
    else:
        near = difflib.get_close_matches(text, columns, 1, 0.5)
        what = Text(f"There is no column '{text}' for {role}.", f"没有名为“{text}”的列可作 {role}。")
        remedy = Text(
            (f"Did you mean '{near[0]}'? " if near else "") + f"The columns are: {listed(columns)}",
            (f"您是指“{near[0]}”吗？" if near else "") + f"现有的列：{listed(columns)}",
        )
    raise UsageError(what, remedy=remedy, file=file)


def _best(
    columns: Sequence[str], role: str, taken: set[int], file: str, kind: str = "", guess: bool = False
) -> int | None:
    """The free column of the best tier whose name fits the role; None without one."""
    tiers = synonyms(kind).get(role, {})
    fits = [(tiers[normal(c)], i) for i, c in enumerate(columns) if i not in taken and normal(c) in tiers]
    if not fits:
        return None
    tier = min(fits)[0]
    best = [i for t, i in fits if t == tier]
    if len(best) > 1 and not guess:
        names = " / ".join(f"{columns[i]} ({i + 1})" for i in best)
        raise InputError(
            Text(f"More than one column could be the {role}: {names}.", f"不止一列可作 {role}：{names}。"),
            remedy=Text(
                f"Choose one: --map {role}={best[0] + 1} (the name or its position).",
                f"请选定一列：--map {role}={best[0] + 1}（列名或位置均可）。",
            ),
            file=file,
        )
    return best[0]


def listed(columns: Sequence[str], most: int = 40) -> str:
    """Column names with their positions, cut after `most`."""
    shown = ", ".join(f"{i + 1}={c or '?'}" for i, c in enumerate(columns[:most]))
    return shown + (" …" if len(columns) > most else "")


def require_order_columns(found: Mapping[str, int], columns: Sequence[str], *, file: str) -> None:
    """Refuse a table without customer, date, and a price or an amount, saying what to type."""
    missing = [role for role in ("customer", "date") if role not in found]
    if "amount" not in found and "price" not in found:
        missing.append("amount")
    if not missing:
        return
    typed = " ".join(f"{role}=…" for role in missing)
    en = ", ".join(f"{role} ({ROLES[role].en})" for role in missing)
    zh = "、".join(f"{role}（{ROLES[role].zh}）" for role in missing)
    raise InputError(
        Text(f"No column was recognised as {en}.", f"未能识别出以下列：{zh}。"),
        remedy=Text(
            f"Say which columns they are: --map {typed} (name or position). The columns are: {listed(columns)}",
            f"请指明对应的列：--map {typed}（列名或位置）。现有的列：{listed(columns)}",
        ),
        file=file,
    )
