"""The list of settings: a line each, shown to who may open it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse

from patron.words import Text


@dataclass(frozen=True)
class Section:
    """One line of the settings."""

    address: str
    words: Text
    about: Text
    icon: str
    permission: str | None = None


SECTIONS = (
    Section(
        "profile",
        Text("My profile", "个人资料"),
        Text("Name, language, theme, password, second factor", "姓名、语言、主题、密码、两步验证"),
        "user",
    ),
    Section(
        "users",
        Text("Users", "用户"),
        Text("Who works with Patron, and who is invited", "谁在使用 Patron，邀请了谁"),
        "users",
        "accounts.view",
    ),
    Section("roles", Text("Roles", "角色"), Text("Who may do what", "谁可以做什么"), "shield", "accounts.view"),
    Section(
        "teams",
        Text("Teams", "团队"),
        Text("Who shares customers with whom", "谁与谁共同负责客户"),
        "users",
        "accounts.view",
    ),
    Section(
        "organisation",
        Text("Organisation", "组织"),
        Text("Name, base currency, time zone", "名称、本位币、时区"),
        "settings",
        "organisation.edit",
    ),
    Section(
        "rates",
        Text("Exchange rates", "汇率"),
        Text("What other currencies are worth in yours", "其他币种折合本位币的汇率"),
        "chart",
        "products.edit",
    ),
    Section(
        "scoring_settings",
        Text("Models and stages", "模型与阶段"),
        Text("Horizons, margin, when somebody is at risk", "预测期、毛利率、流失阈值"),
        "chart",
        "scoring.view",
    ),
    Section(
        "tokens",
        Text("Access tokens", "访问令牌"),
        Text("Keys for programs that use the API", "供程序调用 API 的密钥"),
        "link",
        "tokens.manage",
    ),
    Section(
        "audit", Text("Audit", "操作记录"), Text("Who did what, and when", "谁在何时做了什么"), "clock", "audit.view"
    ),
)


def sections(request: HttpRequest) -> list[dict[str, Any]]:
    """The lines the reader may open, with their addresses."""
    found = []
    for section in SECTIONS:
        if section.permission is not None and not request.user.may(section.permission):  # type: ignore[union-attr]
            continue
        try:
            found.append({"section": section, "address": reverse(section.address)})
        except NoReverseMatch:
            continue
    return found
