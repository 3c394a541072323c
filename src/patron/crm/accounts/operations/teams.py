"""Teams: people who share customers."""

from __future__ import annotations

from django.db.models import ProtectedError

from patron.crm.accounts.models import Team
from patron.crm.kit import audit
from patron.crm.kit.doors import operation
from patron.crm.kit.policy import Actor
from patron.crm.kit.problems import Conflict, Invalid, NotFound
from patron.words import Text


@operation("accounts.manage")
def save_team(*, by: Actor, name: str, team_id: int | None = None) -> Team:
    """A new team, or another name for one. Raises Invalid for a name that is empty or taken."""
    name = name.strip()
    if not name:
        raise Invalid({"name": Text("Give the team a name.", "请填写团队名称。")})
    if Team.objects.filter(name__iexact=name).exclude(pk=team_id or 0).exists():
        raise Invalid({"name": Text("There is a team of this name.", "已有同名团队。")})
    team = _numbered(team_id) if team_id is not None else Team()
    before, team.name = team.name, name
    if before == name:
        audit.nothing()
        return team
    team.save()
    audit.record(by, "accounts.save_team", "team", team.pk, name=[before, name])
    return team


@operation("accounts.manage")
def remove_team(*, by: Actor, team_id: int) -> None:
    """Takes a team away; people and customers in it stay. Raises Conflict while something else needs it."""
    team = _numbered(team_id)
    name = team.name
    try:
        team.delete()
    except ProtectedError:
        raise Conflict(
            Text("Customers still belong to this team.", "仍有客户属于该团队。"),
            remedy=Text("Give them to another team first.", "请先将这些客户转给其他团队。"),
        ) from None
    audit.record(by, "accounts.remove_team", "team", team_id, name=name)


def _numbered(number: int) -> Team:
    found = Team.objects.select_for_update().filter(pk=number).first()
    if found is None:
        raise NotFound(Text("team", "团队"), number)
    return found
