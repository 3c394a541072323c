"""The five roles that come with Patron, as data: who gets which permission, and which customers each reaches.

`GRANTS` judges every declared permission (a test says when one is left out); an owner has them all. The roles are put
in after every migration, and brought up to date there; roles that an organisation makes for itself are left alone.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from patron.crm.accounts.models import Role
from patron.crm.kit.policy import Scope, known
from patron.words import Text

OWNER = "owner"


@dataclass(frozen=True)
class Builtin:
    """A role that comes with Patron."""

    code: str
    name: Text
    scope: Scope
    about: Text


BUILTIN = (
    Builtin(
        OWNER, Text("Owner", "所有者"), Scope.ALL, Text("everything, people and settings too", "全部权限，含用户与设置")
    ),
    Builtin(
        "manager",
        Text("Manager", "经理"),
        Scope.ALL,
        Text("all customers, imports and scores; no people or settings", "全部客户、导入与评分；不含用户与设置"),
    ),
    Builtin(
        "member",
        Text("Member", "成员"),
        Scope.TEAM,
        Text("works on the customers of their own teams", "处理本团队的客户"),
    ),
    Builtin(
        "analyst",
        Text("Analyst", "分析师"),
        Scope.ALL,
        Text(
            "sees and exports everything, tunes the scoring, changes no record",
            "查看并导出全部数据，可调整评分，不改动记录",
        ),
    ),
    Builtin(
        "read_only",
        Text("Read-only", "只读"),
        Scope.ALL,
        Text("sees everything, changes nothing", "可查看全部，不可修改"),
    ),
)

_EVERYBODY = frozenset({"manager", "member", "analyst", "read_only"})
GRANTS: dict[str, frozenset[str]] = {
    "accounts.view": _EVERYBODY,  # whose customer is this? names of colleagues are on every list
    "accounts.manage": frozenset(),
    "organisation.edit": frozenset(),
    "audit.view": frozenset({"manager"}),
    "tokens.manage": frozenset({"manager", "analyst"}),
    "customers.view": _EVERYBODY,
    "customers.edit": frozenset({"manager", "member"}),
    "customers.record": frozenset({"manager", "member"}),
    "customers.assign": frozenset({"manager"}),
    "customers.merge": frozenset({"manager", "member"}),
    "customers.export": frozenset({"manager", "analyst"}),
    "customers.erase": frozenset(),  # can't be undone
    "products.edit": frozenset({"manager"}),
    "sources.view": _EVERYBODY,
    "sources.import": frozenset({"manager"}),
    "scoring.view": _EVERYBODY,
    "scoring.refresh": frozenset({"manager", "analyst"}),
    "scoring.settings": frozenset({"manager", "analyst"}),
    "scoring.stage": frozenset({"manager", "member"}),
}
"""Permission → the built-in roles that have it beside the owner."""


def permissions_of(code: str) -> list[str]:
    """What a built-in role may, in order of declaration."""
    return [p.code for p in known() if code == OWNER or code in GRANTS.get(p.code, frozenset())]


def install(**_signal: Any) -> None:
    """Puts the built-in roles into the database, or brings them up to date."""
    for role in BUILTIN:
        values = {
            "name_en": role.name.en,
            "name_zh": role.name.zh,
            "permissions": permissions_of(role.code),
            "scope": role.scope.value,
            "builtin": True,
        }
        if not Role.objects.filter(code=role.code, **values).exists():
            Role.objects.update_or_create(code=role.code, defaults=values)
