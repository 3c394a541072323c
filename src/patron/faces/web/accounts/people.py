"""Who works with Patron: the list, an invitation, one person."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from patron.crm.accounts import mail, operations, queries
from patron.crm.accounts.models import Organisation
from patron.crm.kit.policy import require
from patron.crm.kit.problems import NotFound
from patron.faces.web.accounts.forms import attempt, numbers, reader
from patron.faces.web.shell.requests import allowed, lang_of
from patron.words import Text

MAY = {"manage": "accounts.manage"}


@require_safe
@login_required
def users(request: HttpRequest) -> HttpResponse:
    """Everybody, and with the permission the invitations that are open."""
    user = reader(request)
    may = allowed(user, **MAY)
    text, role = request.GET.get("q", "").strip(), request.GET.get("role", "")
    state = {"on": True, "off": False}.get(request.GET.get("state", ""))
    context = {
        "people": queries.list_people(actor=user, text=text, role_code=role, active=state),
        "roles": queries.list_roles(actor=user),
        "invitations": queries.list_invitations(actor=user) if may["manage"] else [],
        "may": may,
        "asked": {"q": text, "role": role, "state": request.GET.get("state", "")},
    }
    return render(request, "accounts/users.html", context)


@require_http_methods(["GET", "POST"])
@login_required
def invite(request: HttpRequest) -> HttpResponse:
    """A form, and afterwards the link to hand over, shown once."""
    user = reader(request)
    require(user, MAY["manage"])
    errors: dict[str, Text] = {}
    given = {"email": request.POST.get("email", ""), "role": request.POST.get("role", "member")}
    teams = numbers(request.POST.getlist("teams"))
    if request.method == "POST":
        made, errors = attempt(
            request,
            lambda: operations.invite(by=user, email=given["email"], role_code=given["role"], team_ids=teams),
        )
        if made is not None:
            invitation, secret = made
            return hand_over(request, "join", secret, invitation.email, mail.INVITED)
    context = {
        "errors": errors,
        "given": given,
        "chosen": teams,
        "roles": queries.list_roles(actor=user),
        "teams": queries.list_teams(actor=user),
    }
    return render(request, "accounts/invite.html", context, status=422 if errors else 200)


def hand_over(request: HttpRequest, name: str, secret: str, email: str, kind: tuple[Text, Text]) -> HttpResponse:
    """The page that shows a link once, and says whether it was mailed, too."""
    link = request.build_absolute_uri(reverse(name, args=[secret]))
    organisation = Organisation.current().name
    mailed = mail.send_link(kind, to=email, link=link, organisation=organisation, lang=lang_of(request))
    return render(request, "accounts/link.html", {"link": link, "email": email, "mailed": mailed, "name": name})


@require_POST
@login_required
def withdraw(request: HttpRequest, pk: int) -> HttpResponse:
    """Ends a link that nobody used."""
    done = Text("The link holds no more.", "链接已失效。")
    attempt(request, lambda: operations.withdraw_invitation(by=reader(request), invitation_id=pk), done)
    return redirect("users")


@require_safe
@login_required
def user_page(request: HttpRequest, pk: int) -> HttpResponse:
    """One person: role, teams, and what an owner may do about them."""
    return _page(request, pk, {})


def _page(request: HttpRequest, pk: int, errors: dict[str, Text]) -> HttpResponse:
    user = reader(request)
    person = queries.get_person(actor=user, user_id=pk)
    context = {
        "person": person,
        "roles": queries.list_roles(actor=user),
        "teams": queries.list_teams(actor=user),
        "may": allowed(user, **MAY, audit="audit.view"),
        "errors": errors,
    }
    return render(request, "accounts/user.html", context, status=422 if errors else 200)


@require_POST
@login_required
def change(request: HttpRequest, pk: int, what: str) -> HttpResponse:
    """One change of one person: role, teams, off, on, factor, reset."""
    user, known = reader(request), _changes(request, pk)
    if what not in known:
        raise NotFound(Text("page", "页面"), what)
    work, done = known[what]
    result, errors = attempt(request, work, done)
    if errors:
        return _page(request, pk, errors)
    if what == "reset":
        link, secret = result
        return hand_over(request, "reset", secret, link.email, mail.RESET)
    return redirect("user_page", pk=queries.get_person(actor=user, user_id=pk).pk)


def _changes(request: HttpRequest, pk: int) -> dict[str, tuple[Callable[[], Any], Text | None]]:
    by, posted = reader(request), request.POST
    return {
        "role": (
            lambda: operations.set_role(by=by, user_id=pk, role_code=posted.get("role", "")),
            Text("The role is changed.", "角色已更改。"),
        ),
        "teams": (
            lambda: operations.set_teams(by=by, user_id=pk, team_ids=numbers(posted.getlist("teams"))),
            Text("The teams are changed.", "团队已更改。"),
        ),
        "off": (
            lambda: operations.deactivate(by=by, user_id=pk),
            Text("Access has ended: sessions, tokens and links.", "已停用：会话、令牌和链接均已失效。"),
        ),
        "on": (lambda: operations.reactivate(by=by, user_id=pk), Text("Welcome back.", "已恢复使用。")),
        "factor": (
            lambda: operations.drop_second_factor(by=by, user_id=pk),
            Text("The second factor is forgotten.", "已取消两步验证。"),
        ),
        "reset": (lambda: operations.request_reset(by=by, user_id=pk), None),
    }
