"""The kinds of records that can be imported, and what the columns of each stand for."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from patron.history.files.columns import ROLES
from patron.words import Text

Type = Literal["id", "text", "time", "day", "money", "number", "count", "choice"]


@dataclass(frozen=True)
class Role:
    """What a column can stand for.

    `most`: the longest text that is kept. `key`: part of what tells two rows apart where they have no number of their
    own. `choice`: the table of codes.toml; `else_`: what a word that is in no table becomes ('=' stays as written).
    """

    about: Text
    type: Type = "text"
    required: bool = False
    most: int = 200
    key: bool = True
    choice: str = ""
    else_: str = ""


CUSTOMER = Role(Text("whose it is", "哪位客户"), "id", required=True)
DATE = Role(Text("when it happened", "何时发生"), "time", required=True)
NUMBER = Role(Text("number of the record in its source", "来源系统中的编号"), "id", key=False)
CURRENCY = Role(Text("currency", "币种"), most=3)

# An order is read by survey and lines; only what is kept beside what `analyze` takes is declared here.
ORDER_EXTRAS = {
    "line": Role(Text("number of the order line", "订单明细编号"), "id"),
    "name": Role(Text("name of the customer", "客户姓名")),
    "email": Role(Text("e-mail of the customer", "客户邮箱"), most=254),
    "phone": Role(Text("phone of the customer", "客户电话"), most=40),
    "city": Role(Text("city of the customer", "客户所在城市"), most=120),
    "country": Role(Text("country of the customer", "客户所在国家"), most=80),
}
RECORDS: dict[str, dict[str, Role]] = {
    "customers": {
        "customer": Role(Text("customer number", "客户编号"), "id", key=False),
        "name": Role(Text("name", "姓名或名称")),
        "family_name": Role(Text("family name", "姓"), most=100),
        "given_name": Role(Text("given name", "名"), most=100),
        "email": Role(Text("e-mail", "邮箱"), most=254),
        "phone": Role(Text("phone", "电话"), most=40),
        "wechat": Role(Text("WeChat", "微信"), most=80),
        "title": Role(Text("title or position", "称呼或职位"), most=120),
        "gender": Role(Text("gender", "性别"), "choice", most=12, choice="gender", else_="="),
        "birthday": Role(Text("birthday", "生日"), "day"),
        "address": Role(Text("address", "地址"), most=300),
        "city": Role(Text("city", "城市"), most=120),
        "region": Role(Text("region", "省份或地区"), most=120),
        "country": Role(Text("country", "国家"), most=80),
        "language": Role(Text("language (en or zh)", "语言（en 或 zh）"), "choice", choice="language"),
        "channel": Role(Text("how they came to us", "获客渠道"), most=80),
        "acquisition_cost": Role(Text("cost of winning them", "获客成本"), "money"),
        "kind": Role(Text("person or organisation", "个人或组织"), "choice", choice="kind"),
    },
    "orders": {
        **{role: Role(about, required=role in ("customer", "date")) for role, about in ROLES.items()},
        **ORDER_EXTRAS,
    },
    "products": {
        "product": Role(Text("product code", "商品编码"), "id", required=True, most=120, key=False),
        "name": Role(Text("product name", "商品名称"), most=300),
        "category": Role(Text("category", "类别"), most=120),
        "price": Role(Text("price of one unit", "单价"), "money"),
        "cost": Role(Text("cost of one unit", "单位成本"), "money"),
        "currency": CURRENCY,
    },
    "interactions": {
        "customer": CUSTOMER,
        "date": DATE,
        "channel": Role(Text("channel", "沟通渠道"), "choice", choice="channel", else_="other"),
        "inbound": Role(Text("from the customer, or to them", "客户来联系，或联系客户"), "choice", choice="inbound"),
        "subject": Role(Text("subject", "主题"), most=300),
        "text": Role(Text("what was said", "内容"), most=0),
        "minutes": Role(Text("minutes it took", "时长（分钟）"), "count"),
        "by": Role(Text("colleague", "经办同事")),
        "id": NUMBER,
    },
    "events": {
        "customer": CUSTOMER,
        "date": DATE,
        "kind": Role(Text("what was done", "行为"), required=True, most=60),
        "object": Role(Text("what it was done to", "行为对象"), most=300),
        "intent": Role(Text("a sign of wanting to buy", "是否有购买意向"), "choice", choice="flag"),
        "id": NUMBER,
    },
    "feedback": {
        "customer": CUSTOMER,
        "date": DATE,
        "question": Role(Text("question or survey", "问题或问卷"), most=60),
        "score": Role(Text("score", "评分"), "number"),
        "text": Role(Text("answer in words", "文字回答"), most=0),
        "id": NUMBER,
    },
    "subscriptions": {
        "customer": CUSTOMER,
        "date": Role(Text("when the term starts", "开始日期"), "time", required=True),
        "ends": Role(Text("when it ends", "结束日期"), "time"),
        "plan": Role(Text("plan", "套餐"), required=True, most=120),
        "amount": Role(Text("money a period", "每期金额"), "money", required=True),
        "currency": CURRENCY,
        "period_days": Role(Text("days of a period", "每期天数"), "count"),
        "id": NUMBER,
    },
}
KIND_NAMES = {
    "customers": Text("customers", "客户"),
    "orders": Text("orders", "订单"),
    "products": Text("products", "商品"),
    "interactions": Text("interactions", "互动"),
    "events": Text("events", "行为"),
    "feedback": Text("feedback", "反馈"),
    "subscriptions": Text("subscriptions", "订阅"),
}
