"""The fields of who a customer is, as pages show and edit them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from patron.crm.customers.models import Customer
from patron.study.pictures import numbers
from patron.words import Text


@dataclass(frozen=True)
class Kind:
    """One field: its name, its words, what an input for it is called, and its choices if it has some."""

    name: str
    words: Text
    type: str = "text"
    choices: tuple[tuple[str, Text], ...] = ()


LANGUAGES = (("", Text("–", "–")), ("en", Text("English", "英语")), ("zh", Text("Chinese", "中文")))
GENDERS = (
    ("", Text("–", "–")),
    ("female", Text("female", "女")),
    ("male", Text("male", "男")),
    ("other", Text("other", "其他")),
)
FIELDS = (
    Kind("name", Text("Name", "名称")),
    Kind("email", Text("E-mail", "邮箱"), "email"),
    Kind("phone", Text("Phone", "电话"), "tel"),
    Kind("wechat", Text("WeChat", "微信")),
    Kind("title", Text("Position", "职位")),
    Kind("gender", Text("Gender", "性别"), choices=GENDERS),
    Kind("birthday", Text("Birthday", "生日"), "date"),
    Kind("address", Text("Address", "地址")),
    Kind("city", Text("City", "城市")),
    Kind("region", Text("Region", "省／地区")),
    Kind("country", Text("Country", "国家")),
    Kind("language", Text("Language", "语言"), choices=LANGUAGES),
    Kind("channel", Text("Came by", "来源渠道")),
)
BY_NAME = {kind.name: kind for kind in FIELDS}
FIRST = ("name", "email", "phone", "wechat", "city", "country")
"""What the form for a new customer asks for."""


def shown(customer: Customer, lang: str, kinds: tuple[Kind, ...] = FIELDS) -> list[dict[str, Any]]:
    """The fields of a customer with their values as shown and as edited."""
    return [one(customer, kind, lang) for kind in kinds]


def one(customer: Customer, kind: Kind, lang: str) -> dict[str, Any]:
    """One field with its value as shown and as edited."""
    raw = getattr(customer, kind.name)
    value = dict(kind.choices)[raw].say(lang) if raw in dict(kind.choices) and raw else raw
    text = raw.isoformat() if isinstance(raw, date) else raw
    if isinstance(raw, date):
        value = numbers.day(raw, lang)
    return {
        "name": kind.name,
        "words": kind.words,
        "type": kind.type,
        "choices": kind.choices,
        "raw": text,
        "value": value,
    }
