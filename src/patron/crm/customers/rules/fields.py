"""The fields of a customer: what can be said of one, how it is read, and what stands where nothing was said (pure)."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any

from patron.crm.customers.rules.contact import normalise_email, normalise_phone
from patron.words import Text


class Unreadable(Exception):
    """A value that a field can't take; `words` says why."""

    def __init__(self, words: Text) -> None:
        super().__init__(words.en)
        self.words = words


@dataclass(frozen=True)
class Field:
    """`read` makes the value that a version keeps (plain JSON; text by default), `value` what the column holds."""

    longest: int = 0
    read: Callable[[Any, Field], Any] | None = None
    value: Callable[[Any], Any] = lambda said: said or ""


def _text(value: Any, field: Field) -> str:
    text = str(value).strip()
    if len(text) > field.longest:
        raise Unreadable(Text(f"At most {field.longest} characters.", f"最多 {field.longest} 个字符。"))
    if "\x00" in text:
        raise Unreadable(Text("It holds a character that is no text.", "含有非文本字符。"))
    return text


def _email(value: Any, field: Field) -> str:
    text = _text(value, field)
    if text and not normalise_email(text):
        raise Unreadable(Text("This is no e-mail address.", "这不是有效的电子邮箱。"))
    return text


def _phone(value: Any, field: Field) -> str:
    text = _text(value, field)
    if text and not normalise_phone(text):
        raise Unreadable(Text("This is no phone number.", "这不是有效的电话号码。"))
    return text


def _date(value: Any, _field: Field) -> str:
    if isinstance(value, date):
        return date(value.year, value.month, value.day).isoformat()
    try:
        return date.fromisoformat(str(value).strip()[:10]).isoformat()
    except ValueError:
        raise Unreadable(Text("Write the day as 2001-12-31.", "请按 2001-12-31 的格式填写日期。")) from None


def _money(value: Any, _field: Field) -> str:
    try:
        amount = Decimal(str(value).strip())
    except InvalidOperation:
        amount = Decimal("NaN")
    if not amount.is_finite() or abs(amount) >= Decimal(10) ** 12:
        raise Unreadable(Text("This is no amount of money.", "这不是有效的金额。"))
    return str(amount)


def _extra(value: Any, _field: Field) -> dict[str, str]:
    if not isinstance(value, Mapping):
        raise Unreadable(Text("Further fields are names with values.", "附加字段应为名称和值。"))
    return {str(k)[:200]: str(v)[:2000] for k, v in value.items()}


def _one_of(*words: str) -> Callable[[Any, Field], str]:
    def read(value: Any, _field: Field) -> str:
        if value not in words:
            raise Unreadable(Text(f"One of: {', '.join(words)}.", f"可选：{'、'.join(words)}。"))
        return str(value)

    return read


FIELDS: dict[str, Field] = {
    "kind": Field(read=_one_of("person", "organisation"), value=lambda said: said or "person"),
    "name": Field(200),
    "email": Field(254, _email),
    "phone": Field(40, _phone),
    "wechat": Field(80),
    "title": Field(120),
    "gender": Field(12),
    "birthday": Field(read=_date, value=lambda said: date.fromisoformat(said) if said else None),
    "address": Field(300),
    "city": Field(120),
    "region": Field(120),
    "country": Field(80),
    "language": Field(read=_one_of("en", "zh")),
    "channel": Field(80),
    "acquisition_cost": Field(read=_money, value=lambda said: Decimal(said) if said else None),
    "extra": Field(read=_extra, value=lambda said: said or {}),
    "external_id": Field(200),
}


def read_fields(fields: Mapping[str, Any]) -> tuple[dict[str, Any], dict[str, Text]]:
    """(what a version keeps, what is wrong with which field). Emptied fields are kept as '' (the hand may say that)."""
    clean: dict[str, Any] = {}
    wrong: dict[str, Text] = {}
    for name, value in fields.items():
        field = FIELDS.get(name)
        if field is None:
            wrong[name] = Text(f"A customer has no field '{name}'.", f"客户没有“{name}”字段。")
            continue
        try:
            blank = value is None or (isinstance(value, str) and not value.strip())
            clean[name] = "" if blank else (field.read or _text)(value, field)
        except Unreadable as error:
            wrong[name] = error.words
    return clean, wrong
