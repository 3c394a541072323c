"""People: the first owner, roles, teams, leaving and coming back."""

from __future__ import annotations

from collections.abc import Iterable

from allauth.mfa.models import Authenticator

from patron.crm.accounts import checks, rules
from patron.crm.accounts.models import Invitation, User
from patron.crm.accounts.roles import OWNER
from patron.crm.kit import audit, clock
from patron.crm.kit.announcements import announce
from patron.crm.kit.doors import operation
from patron.crm.kit.policy import Actor


@operation("accounts.manage")
def create_owner(*, by: Actor, email: str, name: str, password: str | None = None) -> tuple[User, str | None]:
    """An owner's account. Without a password one is made that holds for one sign-in, and is returned.

    Raises Conflict when somebody has the address, Invalid for a bad address or a weak password.
    """
    role = checks.role_called(OWNER)
    checks.within_reach(by, role.permissions)
    user = User(email=checks.free_email(email), name=name.strip(), role=role)
    once = None if password is not None else rules.one_time_password()
    if password is not None:
        checks.good_password(password, user)
    user.set_password(password or once)
    user.one_time_password = once is not None
    user.save()
    audit.record(by, "accounts.create_owner", "user", user.pk)
    return user, once


@operation("accounts.manage")
def set_role(*, by: Actor, user_id: int, role_code: str) -> User:
    """Another role for somebody. The last owner stays one; nobody gives more than they may themselves."""
    person, role = checks.person_numbered(user_id), checks.role_called(role_code)
    checks.within_reach(by, [*role.permissions, *person.role.permissions])
    if person.role_id == role.pk:
        audit.nothing()
        return person
    checks.not_the_last_owner(person)
    before, person.role = person.role.code, role
    person.save(update_fields=["role"])
    audit.record(by, "accounts.set_role", "user", person.pk, role=[before, role.code])
    return person


@operation("accounts.manage")
def set_teams(*, by: Actor, user_id: int, team_ids: Iterable[int]) -> User:
    """The teams somebody belongs to, from now on exactly these."""
    person = checks.person_numbered(user_id)
    checks.within_reach(by, person.role.permissions)
    before, teams = sorted(person.team_ids), checks.teams_numbered(team_ids)
    after = sorted(team.pk for team in teams)
    if before == after:
        audit.nothing()
        return person
    person.teams.set(teams)
    person.refresh_from_db()
    audit.record(by, "accounts.set_teams", "user", person.pk, teams=[before, after])
    return person


@operation("accounts.manage")
def deactivate(*, by: Actor, user_id: int) -> User:
    """Ends somebody's access at once: sessions, tokens and open links too. What they did stays in the audit."""
    person = checks.person_numbered(user_id)
    checks.within_reach(by, person.role.permissions)
    if not person.is_active:
        audit.nothing()
        return person
    checks.not_the_last_owner(person)
    person.is_active = False
    person.end_sessions()
    person.save(update_fields=["is_active", "session_epoch"])
    tokens = person.tokens.filter(revoked_at=None).update(revoked_at=clock.now())
    Invitation.objects.filter(user=person, used_at=None).update(used_at=clock.now())
    audit.record(by, "accounts.deactivate", "user", person.pk, tokens=tokens)
    announce("accounts.deactivated", user_id=person.pk, by=by)
    return person


@operation("accounts.manage")
def reactivate(*, by: Actor, user_id: int) -> User:
    """Somebody comes back, with their old role; earlier sessions and tokens stay ended."""
    person = checks.person_numbered(user_id)
    checks.within_reach(by, person.role.permissions)
    if person.is_active:
        audit.nothing()
        return person
    person.is_active = True
    person.save(update_fields=["is_active"])
    audit.record(by, "accounts.reactivate", "user", person.pk)
    return person


@operation("accounts.manage")
def drop_second_factor(*, by: Actor, user_id: int) -> User:
    """Takes away somebody's authenticator and recovery codes, because the phone is lost; their sessions end."""
    person = checks.person_numbered(user_id)
    checks.within_reach(by, person.role.permissions)
    taken, _ = Authenticator.objects.filter(user=person).delete()
    if not taken:
        audit.nothing()
        return person
    person.end_sessions()
    person.save(update_fields=["session_epoch"])
    audit.record(by, "accounts.drop_second_factor", "user", person.pk)
    return person
