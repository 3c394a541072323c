"""What an audit entry keeps beside its verb, in words: every key has its words here, and the codes among the values.

A test reads every `audit.record` of the package and fails for a key without words, and for words of no key.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from patron.crm.kit.models import AuditEntry
from patron.crm.kit.policy import known
from patron.faces.web.accounts.roles import SCOPES
from patron.faces.web.customers import fields, words
from patron.faces.web.scoring.settings import FIELDS as SETTINGS
from patron.faces.web.sources.words import COUNTS, KINDS, UNDONE
from patron.lifecycle.decisions.rules import STAGES
from patron.study.pictures import numbers
from patron.words import Text

KEYS = {
    # accounts
    "role": Text("Role", "角色"),
    "teams": Text("Teams", "团队"),
    "tokens": Text("Access tokens ended", "停用令牌"),
    "invitation": Text("Invitation", "邀请"),
    "permissions": Text("May", "权限"),
    "days": Text("Days", "天数"),
    "scope": Text("Reaches", "可见范围"),
    "name_en": Text("Name in English", "英文名称"),
    "name_zh": Text("Name in Chinese", "中文名称"),
    "code": Text("Code", "代码"),
    "type": Text("By", "方式"),
    "base_currency": Text("Base currency", "本位币"),
    "timezone": Text("Time zone", "时区"),
    "shift_days": Text("Dates moved by days", "日期后移天数"),
    "frozen_day": Text("Stands still on", "停留在"),
    "theme": Text("Theme", "主题"),
    # customers
    **{kind.name: kind.words for kind in fields.FIELDS},
    "channel": Text("Channel", "渠道"),
    "fields": Text("Fields", "字段"),
    "acquisition_cost": Text("Cost of winning them", "获客成本"),
    "extra": Text("Further fields", "附加字段"),
    "external_id": Text("Number in its source", "来源编号"),
    "customers": Text("Customers", "客户"),
    "count": Text("How many", "数量"),
    "owner_id": Text("Owner", "负责人"),
    "team_id": Text("Team", "团队"),
    "tag": Text("Tag", "标签"),
    "other": Text("Other customer", "另一位客户"),
    "absorbed": Text("Merged customer", "被合并客户"),
    "merge": Text("Merge", "合并编号"),
    "rows": Text("Rows erased", "清除行数"),
    "marks": Text("Marks lifted", "解除标记数"),
    "kind": Text("Kind", "类型"),
    "fact": Text("Entry", "记录编号"),
    "lines": Text("Lines", "明细行数"),
    "status": Text("State", "状态"),
    "inbound": Text("From the customer", "客户发起"),
    "purpose": Text("For", "用途"),
    "given": Text("Agreed", "同意"),
    "category": Text("Category", "类别"),
    "price": Text("Price", "价格"),
    "cost": Text("Cost", "成本"),
    "currency": Text("Currency", "币种"),
    "item": Text("Goods or service", "商品或服务"),
    "day": Text("Day", "日期"),
    "rate": Text("Rate", "汇率"),
    "orders": Text("Orders", "订单"),
    "until": Text("Until", "截止"),
    # imports
    **COUNTS,
    "source": Text("Source", "来源"),
    "size": Text("Size", "大小"),
    **UNDONE,
    # scoring and the server
    **{name: about for name, (about, _) in SETTINGS.items()},
    "lapsed_recency": Text("Lapsed after a silence of so many horizons", "沉默超过几个预测期为已流失"),
    "loyal_tenure": Text("Loyal when known for so many horizons", "相识超过几个预测期为忠诚"),
    "as_of": Text("As of", "截至"),
    "stage": Text("Stage", "阶段"),
    "tables": Text("Tables", "数据表"),
    "made_at": Text("Made", "备份时间"),
}
"""Detail → what it is called."""
CODES: dict[str, Mapping[str, Text]] = {
    "permissions": {permission.code: permission.about for permission in known()},
    "scope": {str(scope): about for scope, about in SCOPES.items()},
    "type": {"totp": Text("authenticator app", "身份验证器应用"), "recovery_codes": Text("recovery codes", "恢复码")},
    "language": {"en": Text("English", "英语"), "zh": Text("Chinese", "中文")},
    "theme": {"auto": Text("as the system", "跟随系统"), "light": Text("light", "浅色"), "dark": Text("dark", "深色")},
    "fields": KEYS,
    "kind": {
        **KINDS,
        **words.KINDS,
        **words.RELATIONS,
        "person": Text("person", "个人"),
        "organisation": Text("organisation", "组织"),
    },
    "channel": {**words.CHANNELS, **words.CONSENT_CHANNELS},
    "purpose": words.PURPOSES,
    "status": words.STATUS,
    "stage": STAGES,
}
"""Detail → its values that are codes, in words."""
LISTS = {"customers", "fields", "teams", "permissions"}  # two of these are two, not a change from one to the other
COUNTED = {*COUNTS, *UNDONE, "tokens", "shift_days"}
"""Of these, nought is nothing to tell."""
NUMBERED = 5
_NONE, _CHANGED = "–", Text("changed", "已修改")
_YES, _NO = Text("yes", "是"), Text("no", "否")


@dataclass(frozen=True)
class Reader:
    """For whom details are written: the language, the zone, and the names behind numbers and codes by detail."""

    lang: str = "en"
    zone: ZoneInfo = ZoneInfo("UTC")  # noqa: RUF009 — a zone is never changed
    names: Mapping[str, Mapping[Any, str]] = field(default_factory=dict)


def detail_lines(entry: AuditEntry, reader: Reader | None = None) -> list[str]:
    """The details of an entry, a few words each: 'Role: Member → Analyst'."""
    reader = reader or Reader()
    colon = "：" if reader.lang == "zh" else ": "
    return [f"{_key(name, reader)}{colon}{_value(name, value, reader)}" for name, value in _flat(entry.details)]


def _flat(details: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    """Details with the changes of single fields among them; what says nothing is left out."""
    for name, value in details.items():
        if name == "changes":
            yield from value.items()
        elif not (name in COUNTED and value == 0) and not (name == "count" and value == 1):
            yield name, value


def _key(name: str, reader: Reader) -> str:
    return KEYS[name].say(reader.lang) if name in KEYS else name


def _value(name: str, value: Any, reader: Reader) -> str:
    if _is_change(name, value):
        before, after = value
        return _moved(name, before, after, reader) if isinstance(after, list) else _arrow(name, before, after, reader)
    if isinstance(value, list):
        return _listed(name, value, reader)
    return _one(name, value, reader)


def _is_change(name: str, value: Any) -> bool:
    return isinstance(value, list) and len(value) == 2 and (name not in LISTS or isinstance(value[1], list))


def _arrow(name: str, before: Any, after: Any, reader: Reader) -> str:
    """From one to the other; of something new, only what it is now."""
    told = _one(name, after, reader)
    return told if before in (None, "") else f"{_one(name, before, reader)} → {told}"


def _moved(name: str, before: list[Any] | None, after: list[Any], reader: Reader) -> str:
    """What came to a list and what left it."""
    old = before or []
    came, left = [one for one in after if one not in old], [one for one in old if one not in after]
    told = [f"+ {_listed(name, came, reader)}"] * bool(came) + [f"− {_listed(name, left, reader)}"] * bool(left)
    return " ".join(told) or _NONE


def _listed(name: str, values: list[Any], reader: Reader) -> str:
    shown = values[:NUMBERED] if name == "customers" else values
    comma = "、" if reader.lang == "zh" else ", "
    more = [] if len(shown) == len(values) else ["…"]
    return comma.join([*(_one(name, value, reader) for value in shown), *more]) or _NONE


def _one(name: str, value: Any, reader: Reader) -> str:
    if value is None or value in ("", [], {}):
        return _NONE
    if isinstance(value, bool):
        return (_YES if value else _NO).say(reader.lang)
    if isinstance(value, dict) or value == "changed":
        return numbers.count(sum(value.values()), reader.lang) if name == "rows" else _CHANGED.say(reader.lang)
    if value in reader.names.get(name, {}):
        return reader.names[name][value]
    if name in CODES and value in CODES[name]:
        return CODES[name][value].say(reader.lang)
    return _written(name, value, reader)


def _written(name: str, value: Any, reader: Reader) -> str:
    """Sizes, counts and times as people write them; anything else as it is."""
    if name == "size":
        return _size(int(value))
    if name in COUNTED or name in ("count", "rows", "orders", "marks"):
        return numbers.count(value, reader.lang)
    if name in ("day", "until", "as_of"):
        return numbers.day(date.fromisoformat(value), reader.lang)
    if name == "made_at":
        made = datetime.fromisoformat(value).astimezone(reader.zone)
        return f"{numbers.day(made.date(), reader.lang)} {made:%H:%M}"
    return str(value)


def _size(size: int) -> str:
    return f"{size / 1e6:.1f} MB" if size >= 1e6 else f"{max(1, round(size / 1e3))} kB"
