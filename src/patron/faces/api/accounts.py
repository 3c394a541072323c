"""Oneself, people, teams, roles, tokens, the organisation and the audit."""

from __future__ import annotations

from typing import Annotated, Any

from django.db import transaction
from django.urls import reverse
from ninja import Query
from ninja.responses import Status

from patron.crm.accounts import operations, queries
from patron.crm.accounts.models import Organisation as OrganisationRow
from patron.crm.kit.pages import bookmark, read_bookmark
from patron.crm.kit.policy import Actor, known
from patron.faces.api.problems import language
from patron.faces.api.resource import After, Asked, Key, Limit, Optional, Resource
from patron.faces.api.schemas import accounts as shapes
from patron.faces.api.values import MOST, Listed, Moment
from patron.words import Text

me = Resource(Text("Me", "我"))
users = Resource(Text("People", "用户"))
tokens = Resource(Text("Tokens", "令牌"))
organisation = Resource(Text("Organisation", "组织"))
audit = Resource(Text("Audit", "操作记录"))
RESOURCES = (me, users, tokens, organisation, audit)


@me.get("/me", shapes.Me, needs=None, zh="您的身份和权限")
def get_me(request: Asked) -> Any:
    """Who you are and what you may."""
    actor = request.actor
    person: Any = getattr(actor, "user", actor)
    return {
        "id": actor.id,
        "name": person.name,
        "email": person.email,
        "by": actor.kind,
        "role": person.role.code,
        "scope": actor.scope.value,
        "team_ids": sorted(actor.team_ids),
        "language": person.language,
        "permissions": [p.code for p in known() if actor.may(p.code)],
    }


@users.get("/users", Listed[shapes.User], needs="accounts.view", zh="用户列表")
def list_users(
    request: Asked,
    text: Annotated[str, Query(max_length=200, description="a part of the name or e-mail")] = "",
    role: Annotated[str, Query(max_length=40)] = "",
    active: bool | None = None,
) -> Any:
    """People who work here."""
    people = queries.list_people(actor=request.actor, text=text, role_code=role, active=active)
    return {"items": people}


@users.get("/users/{int:user_id}", shapes.User, needs="accounts.view", zh="单个用户")
def get_user(request: Asked, user_id: Key) -> Any:
    """One person."""
    return queries.get_person(actor=request.actor, user_id=user_id)


@users.patch(
    "/users/{int:user_id}",
    shapes.User,
    needs="accounts.manage",
    zh="更改角色、团队或启停",
)
def change_user(request: Asked, user_id: Key, change: shapes.UserChange) -> Any:
    """Another role, other teams, in use or not."""
    by, said = request.actor, change.model_fields_set
    with transaction.atomic():  # all of it or nothing
        _change(by, user_id, change, said)
    return queries.get_person(actor=by, user_id=user_id)


def _change(by: Actor, user_id: int, change: shapes.UserChange, said: set[str]) -> None:
    if "role" in said:
        operations.set_role(by=by, user_id=user_id, role_code=change.role)
    if "team_ids" in said:
        operations.set_teams(by=by, user_id=user_id, team_ids=change.team_ids)
    if "active" in said:
        (operations.reactivate if change.active else operations.deactivate)(by=by, user_id=user_id)


@users.post(
    "/users/{int:user_id}/reset",
    shapes.Link,
    needs="accounts.manage",
    zh="生成重设密码的链接",
    status=201,
    secret=True,
)
def reset_password(request: Asked, user_id: Key) -> Any:
    """A link that sets a new password."""
    made, secret = operations.request_reset(by=request.actor, user_id=user_id)
    return Status(201, _link(request, made, secret))


@users.delete(
    "/users/{int:user_id}/second-factor",
    needs="accounts.manage",
    zh="移除丢失的第二因素",
)
def drop_second_factor(request: Asked, user_id: Key) -> Any:
    """Take away a lost second factor."""
    operations.drop_second_factor(by=request.actor, user_id=user_id)
    return Status(204, None)


@users.get(
    "/invitations",
    Listed[shapes.Invitation],
    needs="accounts.manage",
    zh="仍有效的邀请与链接",
)
def list_invitations(request: Asked) -> Any:
    """Links that still hold."""
    return {"items": queries.list_invitations(actor=request.actor)}


@users.post(
    "/invitations",
    shapes.Link,
    needs="accounts.manage",
    zh="邀请用户；链接仅显示一次",
    status=201,
    secret=True,
)
def invite(request: Asked, invitation: shapes.Invite) -> Any:
    """Invite somebody; the link is shown once."""
    made, secret = operations.invite(
        by=request.actor, email=invitation.email, role_code=invitation.role, team_ids=invitation.team_ids
    )
    return Status(201, _link(request, made, secret))


@users.delete("/invitations/{int:invitation_id}", needs="accounts.manage", zh="立即停用链接")
def withdraw_invitation(request: Asked, invitation_id: Key) -> Any:
    """End a link at once."""
    operations.withdraw_invitation(by=request.actor, invitation_id=invitation_id)
    return Status(204, None)


@users.get("/teams", Listed[shapes.Team], needs="accounts.view", zh="团队列表")
def list_teams(request: Asked) -> Any:
    """Teams."""
    return {"items": queries.list_teams(actor=request.actor)}


@users.post("/teams", shapes.TeamName, needs="accounts.manage", zh="新建团队", status=201)
def create_team(request: Asked, team: shapes.NewTeam) -> Any:
    """A new team."""
    return Status(201, operations.save_team(by=request.actor, name=team.name))


@users.put("/teams/{int:team_id}", shapes.TeamName, needs="accounts.manage", zh="团队改名")
def rename_team(request: Asked, team_id: Key, team: shapes.NewTeam) -> Any:
    """Another name for a team."""
    return operations.save_team(by=request.actor, name=team.name, team_id=team_id)


@users.delete("/teams/{int:team_id}", needs="accounts.manage", zh="删除团队")
def remove_team(request: Asked, team_id: Key) -> Any:
    """Take a team away."""
    operations.remove_team(by=request.actor, team_id=team_id)
    return Status(204, None)


@users.get("/roles", Listed[shapes.Role], needs="accounts.view", zh="角色及其权限")
def list_roles(request: Asked) -> Any:
    """Roles and what they may."""
    return {"items": queries.list_roles(actor=request.actor)}


@users.post("/roles", shapes.SavedRole, needs="accounts.manage", zh="新建角色", status=201)
def create_role(request: Asked, role: shapes.NewRole) -> Any:
    """A role of your own."""
    return Status(201, operations.save_role(by=request.actor, **role.model_dump()))


@users.put(
    "/roles/{slug:code}",
    shapes.SavedRole,
    needs="accounts.manage",
    zh="修改自定义角色",
)
def change_role(request: Asked, code: shapes.RoleCode, role: shapes.NewRole) -> Any:
    """Another shape for a role of your own."""
    return operations.save_role(by=request.actor, code=code, **role.model_dump())


@users.delete("/roles/{slug:code}", needs="accounts.manage", zh="删除自定义角色")
def remove_role(request: Asked, code: shapes.RoleCode) -> Any:
    """Take a role of your own away."""
    operations.remove_role(by=request.actor, code=code)
    return Status(204, None)


@users.get("/permissions", Listed[shapes.Permission], needs=None, zh="全部权限")
def list_permissions(request: Asked) -> Any:
    """Everything that can be allowed."""
    lang = language(request)
    return {"items": [{"code": p.code, "about": p.about.say(lang), "writes": p.writes} for p in known()]}


@tokens.get("/tokens", Listed[shapes.Token], needs="tokens.manage", zh="令牌列表")
def list_tokens(request: Asked) -> Any:
    """Tokens of programs."""
    return {"items": queries.list_tokens(actor=request.actor)}


@tokens.post(
    "/tokens",
    shapes.MadeToken,
    needs="tokens.manage",
    zh="新建令牌；须本人登录，密钥仅显示一次",
    status=201,
    secret=True,
)
def make_token(request: Asked, token: shapes.NewToken) -> Any:
    """A new token; only a signed-in person makes one, and its secret is shown once."""
    made, secret = operations.make_token(by=request.actor, **token.model_dump())
    return Status(201, shapes.Token.model_validate(made).model_dump() | {"token": secret})


@tokens.delete("/tokens/{int:token_id}", needs="tokens.manage", zh="立即停用令牌")
def revoke_token(request: Asked, token_id: Key) -> Any:
    """End a token at once."""
    operations.revoke_token(by=request.actor, token_id=token_id)
    return Status(204, None)


@organisation.get("/organisation", shapes.Organisation, needs=None, zh="组织设置")
def get_organisation(request: Asked) -> Any:
    """Settings of everybody."""
    del request
    return OrganisationRow.current()


@organisation.patch("/organisation", shapes.Organisation, needs="organisation.edit", zh="修改组织设置")
def change_organisation(request: Asked, change: shapes.OrganisationChange) -> Any:
    """Change these settings."""
    row = OrganisationRow.current()
    names = ("name", "base_currency", "timezone", "language")
    values = {name: getattr(row, name) for name in names} | change.model_dump(exclude_unset=True)
    return operations.save_organisation(by=request.actor, **values)


@audit.get("/audit", Listed[shapes.AuditEntry], needs="audit.view", zh="操作记录，由新到旧")
def list_audit(
    request: Asked,
    person: Annotated[int | None, Query(ge=0, le=MOST, description="a user's number; 0 is Patron itself")] = None,
    action: Annotated[str, Query(max_length=60, description="may be cut short: 'customers.'")] = "",
    subject: Annotated[str, Query(max_length=40)] = "",
    subject_id: Optional = None,
    since: Annotated[Moment | None, Query(description="included")] = None,
    until: Annotated[Moment | None, Query(description="not included")] = None,
    after: After = None,
    limit: Limit = 50,
) -> Any:
    """Who did what, newest first."""
    start = read_bookmark(after, int)[0] if after is not None else None
    page = queries.audit_entries(
        actor=request.actor,
        person=person,
        action=action,
        subject=subject,
        subject_id=subject_id,
        since=since,
        until=until,
        after=start,
        limit=limit,
    )
    return {"items": page.rows, "next": None if page.next is None else bookmark(page.next)}


def _link(request: Asked, made: Any, secret: str) -> dict[str, Any]:
    name = "reset" if made.user_id is not None else "join"
    path = reverse(name, kwargs={"secret": secret})
    return {
        "id": made.pk,
        "email": made.email,
        "expires_at": made.expires_at,
        "secret": secret,
        "link": request.build_absolute_uri(path),
    }
