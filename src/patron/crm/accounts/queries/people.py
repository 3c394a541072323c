"""People, roles, teams, open links and tokens. Colleagues are known to everybody who may see any."""

from __future__ import annotations

from allauth.mfa.models import Authenticator
from django.db.models import Count, Exists, OuterRef, Q, QuerySet

from patron.crm.accounts.models import ApiToken, Invitation, Role, Team, User
from patron.crm.kit import clock
from patron.crm.kit.doors import query
from patron.crm.kit.policy import Actor
from patron.crm.kit.problems import NotFound
from patron.words import Text


def _people() -> QuerySet[User]:
    totp = Authenticator.objects.filter(user=OuterRef("pk"), type=Authenticator.Type.TOTP)
    return User.objects.select_related("role").prefetch_related("teams").annotate(second_factor=Exists(totp))


@query("accounts.view")
def list_people(*, actor: Actor, text: str = "", role_code: str = "", active: bool | None = None) -> list[User]:
    """People by name, with `role`, `teams` and `second_factor`; `text` is a part of the name or e-mail."""
    del actor
    people = _people().order_by("name", "id")
    if text:
        people = people.filter(Q(name__icontains=text) | Q(email__icontains=text))
    if role_code:
        people = people.filter(role__code=role_code)
    if active is not None:
        people = people.filter(is_active=active)
    return list(people)


@query("accounts.view")
def get_person(*, actor: Actor, user_id: int) -> User:
    """One person, as in the list."""
    del actor
    found = _people().filter(pk=user_id).first()
    if found is None:
        raise NotFound(Text("person", "用户"), user_id)
    return found


@query("accounts.view")
def list_roles(*, actor: Actor) -> list[Role]:
    """Roles with `people`, how many have each; those that come with Patron first."""
    del actor
    active = Count("users", filter=Q(users__is_active=True))
    return list(Role.objects.annotate(people=active).order_by("-builtin", "id"))


@query("accounts.view")
def list_teams(*, actor: Actor) -> list[Team]:
    """Teams by name, with `people`, how many belong to each."""
    del actor
    return list(Team.objects.annotate(people=Count("users", filter=Q(users__is_active=True))).order_by("name"))


@query("accounts.manage")
def list_invitations(*, actor: Actor) -> list[Invitation]:
    """Invitations and reset links that still hold, the newest first; the secrets are not kept."""
    del actor
    held = Invitation.objects.filter(used_at=None, expires_at__gt=clock.now())
    return list(held.select_related("role", "user").prefetch_related("teams").order_by("-id"))


@query("tokens.manage")
def list_tokens(*, actor: Actor) -> list[ApiToken]:
    """Tokens, the newest first: one's own, or with accounts.manage everybody's."""
    tokens = ApiToken.objects.select_related("user").order_by("-id")
    return list(tokens if actor.may("accounts.manage") else tokens.filter(user__pk=actor.id or 0))
