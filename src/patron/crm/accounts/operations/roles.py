"""Roles of an organisation's own; the five that come with Patron can't be changed."""

from __future__ import annotations

from collections.abc import Iterable

from django.db.models import ProtectedError
from django.utils.text import slugify

from patron.crm.accounts import checks
from patron.crm.accounts.models import Role
from patron.crm.kit import audit
from patron.crm.kit.doors import operation
from patron.crm.kit.policy import Actor, Scope, known
from patron.crm.kit.problems import Conflict, Invalid, NotFound
from patron.words import Text


@operation("accounts.manage")
def save_role(
    *, by: Actor, name_en: str, name_zh: str, permissions: Iterable[str], scope: str, code: str | None = None
) -> Role:
    """A new role, or another shape for the one called `code`. Nobody makes one that may more than themselves."""
    chosen = _known(permissions)
    if scope not in set(Scope):
        raise Invalid({"scope": Text("Choose own, team or all.", "请选择本人、团队或全部。")})
    if not (name_en.strip() or name_zh.strip()):
        raise Invalid({"name_en": Text("Give the role a name.", "请填写角色名称。")})
    checks.within_reach(by, chosen)
    role = _own(by, code) if code is not None else Role(code=_free_code(name_en))
    after = {
        "name_en": name_en.strip() or name_zh.strip(),
        "name_zh": name_zh.strip() or name_en.strip(),
        "permissions": chosen,
        "scope": scope,
    }
    changed = audit.changes({field: getattr(role, field) for field in after}, after, frozenset())
    if role.pk and not changed:
        audit.nothing()
        return role
    for field, value in after.items():
        setattr(role, field, value)
    role.save()
    audit.record(by, "accounts.save_role", "role", role.pk, code=role.code, **changed)
    return role


@operation("accounts.manage")
def remove_role(*, by: Actor, code: str) -> None:
    """Takes away a role of one's own that nobody has. Raises Conflict otherwise."""
    role = _own(by, code)
    number = role.pk
    try:
        role.delete()
    except ProtectedError:
        raise Conflict(
            Text("Somebody still has this role.", "仍有用户使用该角色。"),
            remedy=Text("Give them another role first.", "请先为他们更换角色。"),
        ) from None
    audit.record(by, "accounts.remove_role", "role", number, code=code)


def _known(permissions: Iterable[str]) -> list[str]:
    wanted = set(permissions)
    chosen = [p.code for p in known() if p.code in wanted]
    if unknown := wanted - set(chosen):
        names = ", ".join(sorted(unknown))
        raise Invalid({"permissions": Text(f"Nobody knows the permission {names}.", f"未知权限：{names}。")})
    return chosen


def _own(by: Actor, code: str) -> Role:
    role = Role.objects.select_for_update().filter(code=code).first()
    if role is None:
        raise NotFound(Text("role", "角色"), code)
    if role.builtin:
        raise Conflict(
            Text("This role comes with Patron and stays as it is.", "内置角色不可修改。"),
            remedy=Text("Make a role of your own beside it.", "请另建自定义角色。"),
        )
    checks.within_reach(by, role.permissions)
    return role


def _free_code(name: str) -> str:
    base = slugify(name)[:30].strip("-") or "role"
    taken = set(Role.objects.filter(code__startswith=base).values_list("code", flat=True))
    return next(code for code in (base, *(f"{base}-{n}" for n in range(2, len(taken) + 3))) if code not in taken)
