"""Links that let somebody in once: an invitation makes an account, a reset sets a new password.

The link's secret is returned once, and only its hash is kept. Whoever holds it may use it, so these two operations ask
no role; what they do is written down under the name of the person they let in.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from patron.crm.accounts import checks, rules
from patron.crm.accounts.models import Invitation, User
from patron.crm.kit import audit, clock
from patron.crm.kit.doors import operation
from patron.crm.kit.policy import Actor
from patron.crm.kit.problems import Conflict, NotFound
from patron.words import Text

_HOLDER = "whoever holds the link's secret may use it, once"


@operation("accounts.manage")
def invite(*, by: Actor, email: str, role_code: str, team_ids: Iterable[int] = ()) -> tuple[Invitation, str]:
    """An invitation for a week, and its secret. An earlier one for the same address ends."""
    address, role = checks.free_email(email), checks.role_called(role_code)
    checks.within_reach(by, role.permissions)
    teams = checks.teams_numbered(team_ids)
    now = clock.now()
    Invitation.objects.filter(email=address, user=None, used_at=None).update(used_at=now)
    secret = rules.new_secret()
    invitation = Invitation.objects.create(
        secret_hash=rules.digest(secret),
        email=address,
        role=role,
        made_by=by.name,
        made_at=now,
        expires_at=now + rules.INVITATION_LASTS,
    )
    invitation.teams.set(teams)
    audit.record(by, "accounts.invite", "invitation", invitation.pk, role=role.code, teams=sorted(t.pk for t in teams))
    return invitation, secret


@operation("accounts.manage")
def withdraw_invitation(*, by: Actor, invitation_id: int) -> None:
    """Ends an invitation or a reset link that nobody used yet."""
    found = Invitation.objects.select_for_update().filter(pk=invitation_id).first()
    if found is None:
        raise NotFound(Text("invitation", "邀请"), invitation_id)
    if found.used_at is not None:
        audit.nothing()
        return
    found.used_at = clock.now()
    found.save(update_fields=["used_at"])
    audit.record(by, "accounts.withdraw_invitation", "invitation", found.pk)


@operation(None, because=_HOLDER)
def accept_invitation(*, by: Actor, secret: str, name: str, password: str) -> User:
    """The account an invitation is for. Raises Conflict for a link that is used, unknown or too old."""
    del by  # nobody yet: the entry names the person who comes in
    invitation = open_link(secret, clock.now(), reset=False, lock=True)
    assert invitation.role is not None
    user = User(email=checks.free_email(invitation.email), name=name.strip() or invitation.email, role=invitation.role)
    user.set_password(checks.good_password(password, user))
    user.save()
    user.teams.set(invitation.teams.all())
    _use(invitation)
    audit.record(user, "accounts.accept_invitation", "user", user.pk, invitation=invitation.pk)
    return user


@operation("accounts.manage")
def request_reset(*, by: Actor, user_id: int) -> tuple[Invitation, str]:
    """A link with which somebody sets a new password within a day, and its secret; earlier ones end."""
    person = checks.person_numbered(user_id)
    checks.within_reach(by, person.role.permissions)
    now = clock.now()
    Invitation.objects.filter(user=person, used_at=None).update(used_at=now)
    secret = rules.new_secret()
    link = Invitation.objects.create(
        secret_hash=rules.digest(secret),
        email=person.email,
        user=person,
        made_by=by.name,
        made_at=now,
        expires_at=now + rules.RESET_LASTS,
    )
    audit.record(by, "accounts.request_reset", "user", person.pk)
    return link, secret


@operation(None, because=_HOLDER)
def use_reset(*, by: Actor, secret: str, password: str) -> User:
    """A new password by link; every session of the person ends. Raises Conflict for a link that holds no more."""
    del by
    link = open_link(secret, clock.now(), reset=True, lock=True)
    assert link.user is not None
    person = checks.person_numbered(link.user.pk)
    if not person.is_active:
        raise _gone()
    person.set_password(checks.good_password(password, person))
    person.one_time_password = False
    person.end_sessions()
    person.save(update_fields=["password", "one_time_password", "session_epoch"])
    _use(link)
    audit.record(person, "accounts.use_reset", "user", person.pk)
    return person


def open_link(secret: str, now: datetime, *, reset: bool, lock: bool = False) -> Invitation:
    """The link with this secret, if it still holds. Raises Conflict, with the same words whatever the reason."""
    rows = Invitation.objects.select_for_update(of=("self",)) if lock else Invitation.objects
    found = rows.filter(secret_hash=rules.digest(secret), used_at=None, expires_at__gt=now).first()
    if found is None or not rules.matches(secret, found.secret_hash) or (found.user_id is not None) != reset:
        raise _gone()
    return found


def _use(link: Invitation) -> None:
    link.used_at = clock.now()
    link.save(update_fields=["used_at"])


def _gone() -> Conflict:
    return Conflict(
        Text("This link does not hold any more: it was used, or is too old.", "此链接已失效：可能已被使用或已过期。"),
        remedy=Text("Ask an owner of this Patron for a new one.", "请向系统所有者索取新链接。"),
    )
