"""Who works with the sample base: an owner who signs in, and colleagues who look after customers."""

from __future__ import annotations

from dataclasses import dataclass

from django.contrib.auth import get_user_model

from patron.crm.accounts.models import Team, User
from patron.crm.accounts.operations import accept_invitation, create_owner, invite, save_team
from patron.crm.accounts.rules import one_time_password
from patron.crm.kit.policy import Actor
from patron.faces.project.sample.plan import OWNER

RETAIL, WHOLESALE = "Retail 零售", "Wholesale 批发"


@dataclass(frozen=True)
class Colleague:
    """One of the crew; `team` None for who works for all."""

    name: str
    email: str
    role: str
    team: str | None


# The first four look after customers, in the order that `simulate_people` gives them out.
CREW = (
    Colleague("Rosa Wrenfield", "rosa@example.com", "member", RETAIL),
    Colleague("林听雨", "tingyu@example.com", "member", RETAIL),
    Colleague("Piers Owlswick", "piers@example.com", "manager", WHOLESALE),
    Colleague("陈望舒", "wangshu@example.com", "member", WHOLESALE),
    Colleague("Ned Sundial", "ned@example.com", "analyst", None),
)
LOOKING_AFTER = tuple(colleague.name for colleague in CREW[:4])


def engage(by: Actor) -> list[User]:
    """The crew, made where somebody is missing: accounts whose password nobody knows. In the order of CREW."""
    teams = {name: _team(by, name) for name in (RETAIL, WHOLESALE)}
    return [_account(by, colleague, teams) for colleague in CREW]


def _team(by: Actor, name: str) -> Team:
    return Team.objects.filter(name=name).first() or save_team(by=by, name=name)


def _account(by: Actor, colleague: Colleague, teams: dict[str, Team]) -> User:
    there = get_user_model().objects.filter(email=colleague.email).first()
    if there is not None:
        return there
    mine = [teams[colleague.team].pk] if colleague.team else []
    _, secret = invite(by=by, email=colleague.email, role_code=colleague.role, team_ids=mine)
    return accept_invitation(by=by, secret=secret, name=colleague.name, password=one_time_password())


def admit_owner(by: Actor) -> str:
    """The owner's account; returns the password, which holds for one sign-in."""
    email, name = OWNER
    _, once = create_owner(by=by, email=email, name=name)
    assert once is not None
    return once
