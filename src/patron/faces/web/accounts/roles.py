"""Roles: a table of who may do what, and roles of one's own."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from patron.crm.accounts import operations, queries
from patron.crm.accounts.models import Role
from patron.crm.accounts.roles import BUILTIN
from patron.crm.kit.policy import Permission, Scope, known, require
from patron.crm.kit.problems import NotFound
from patron.faces.web.accounts.forms import attempt, reader
from patron.faces.web.shell.requests import allowed
from patron.words import Text

SCOPES = {
    Scope.OWN: Text("their own customers", "本人的客户"),
    Scope.TEAM: Text("customers of their teams", "本团队的客户"),
    Scope.ALL: Text("all customers", "全部客户"),
}
GROUPS = (
    (Text("Customers", "客户"), ("customers.", "products.")),
    (Text("Imports", "导入"), ("sources.",)),
    (Text("Scores", "评分"), ("scoring.",)),
    (Text("People and settings", "用户与设置"), ("accounts.", "organisation.", "tokens.", "audit.")),
)
"""What permissions are about: words, and how their codes begin."""
ABOUT = {role.code: role.about for role in BUILTIN}
SAVED, GONE = Text("The role is kept.", "角色已保存。"), Text("The role is gone.", "角色已删除。")


def grouped(permissions: Iterable[Permission]) -> list[tuple[Text, list[Permission]]]:
    """Permissions by what they are about; a group that has none is left out."""
    left = list(permissions)
    found = [(about, [p for p in left if p.code.startswith(begin)]) for about, begin in GROUPS]
    return [(about, chosen) for about, chosen in found if chosen]


@require_safe
@login_required
def roles(request: HttpRequest) -> HttpResponse:
    """Every role and every permission, as a table."""
    user = reader(request)
    found = queries.list_roles(actor=user)
    heads = [{"role": role, "about": ABOUT.get(role.code), "scope": SCOPES[Scope(role.scope)]} for role in found]
    groups = [
        (about, [{"permission": p, "cells": [p.code in role.permissions for role in found]} for p in permissions])
        for about, permissions in grouped(known())
    ]
    context = {"heads": heads, "groups": groups, "may": allowed(user, manage="accounts.manage")}
    return render(request, "accounts/roles.html", context)


@require_http_methods(["GET", "POST"])
@login_required
def edit(request: HttpRequest, code: str | None = None) -> HttpResponse:
    """A role of one's own: made, changed, taken away."""
    user = reader(request)
    require(user, "accounts.manage")
    role = _own(request, code)
    errors: dict[str, Text] = {}
    if request.method == "POST":
        if request.POST.get("remove") and code is not None:
            _, errors = attempt(request, lambda: operations.remove_role(by=user, code=code), GONE)
        else:
            role.name_en, role.name_zh = request.POST.get("name_en", ""), request.POST.get("name_zh", "")
            role.scope, role.permissions = request.POST.get("scope", ""), request.POST.getlist("permissions")
            _, errors = attempt(request, lambda: operations.save_role(by=user, code=code, **_values(role)), SAVED)
        if not errors:
            return redirect("roles")
    # What one may not do oneself can't be given away.
    offered = grouped(p for p in known() if user.may(p.code))
    context = {"role": role, "code": code, "errors": errors, "groups": offered, "scopes": SCOPES.items()}
    return render(request, "accounts/role.html", context, status=422 if errors else 200)


def _own(request: HttpRequest, code: str | None) -> Role:
    """The role to change, or a new one; one that comes with Patron can only be looked at."""
    if code is None:
        return Role(scope=Scope.ALL.value, permissions=[])
    found = [role for role in queries.list_roles(actor=reader(request)) if role.code == code and not role.builtin]
    if not found:
        raise NotFound(Text("role", "角色"), code)
    return found[0]


def _values(role: Role) -> dict[str, Any]:
    return {name: getattr(role, name) for name in ("name_en", "name_zh", "scope", "permissions")}
