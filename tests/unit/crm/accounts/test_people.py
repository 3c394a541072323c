"""People come in by invitation, have roles, and leave; an owner is always left."""

from __future__ import annotations

from datetime import timedelta

import people
import pytest
from django.core import mail as outbox
from django.db import connection, transaction

from patron.crm.accounts import mail, operations, rules
from patron.crm.accounts.models import Invitation, Role, Team, User
from patron.crm.accounts.roles import BUILTIN, GRANTS, install, permissions_of
from patron.crm.kit import announcements, clock
from patron.crm.kit.models import AuditEntry
from patron.crm.kit.policy import Nobody, Scope, System, known
from patron.crm.kit.problems import Conflict, Forbidden, Invalid, NotFound

ME = System()


def last_entry() -> AuditEntry:
    entry = AuditEntry.objects.order_by("-id").first()
    assert entry is not None
    return entry


# ---- roles -------------------------------------------------------------------------------------------------


def test_every_permission_is_judged_for_every_role() -> None:
    declared = {p.code for p in known()}
    assert set(GRANTS) == declared, "roles.GRANTS judges each declared permission and no other"
    assert set().union(*GRANTS.values()) <= {role.code for role in BUILTIN}


def test_who_only_reads_writes_nothing() -> None:
    writes = {p.code for p in known() if p.writes}
    assert not writes & set(permissions_of("read_only"))
    assert writes & set(permissions_of("analyst")) == {"tokens.manage", "scoring.refresh", "scoring.settings"}
    assert set(permissions_of("owner")) == {p.code for p in known()}


@pytest.mark.django_db
def test_the_built_in_roles_come_with_the_database_and_heal() -> None:
    assert set(Role.objects.filter(builtin=True).values_list("code", flat=True)) == {r.code for r in BUILTIN}
    assert Role.objects.get(code="member").scope == Scope.TEAM
    Role.objects.filter(code="owner").update(permissions=[])
    install()
    assert "accounts.manage" in Role.objects.get(code="owner").permissions


@pytest.mark.django_db
def test_roles_of_one_s_own_can_be_made_and_taken_away_again() -> None:
    owner = people.person("owner")
    role = operations.save_role(
        by=owner, name_en="Front desk", name_zh="前台", permissions=["customers.view"], scope="team"
    )
    assert (role.code, role.permissions) == ("front-desk", ["customers.view"])
    same = operations.save_role(
        by=owner, code="front-desk", name_en="Desk", name_zh="前台", permissions=["customers.view"], scope="own"
    )
    assert (same.pk, same.name_en, same.scope) == (role.pk, "Desk", "own")
    user = people.person("read_only")
    operations.set_role(by=owner, user_id=user.pk, role_code="front-desk")
    with pytest.raises(Conflict, match="still has this role"), transaction.atomic():
        operations.remove_role(by=owner, code="front-desk")
    operations.set_role(by=owner, user_id=user.pk, role_code="member")
    operations.remove_role(by=owner, code="front-desk")
    assert not Role.objects.filter(code="front-desk").exists()


@pytest.mark.django_db
def test_a_role_that_comes_with_patron_stays_as_it_is() -> None:
    with pytest.raises(Conflict, match="comes with Patron"):
        operations.save_role(by=ME, code="owner", name_en="O", name_zh="O", permissions=[], scope="all")
    with pytest.raises(Invalid, match=r"accounts\.fly"):
        operations.save_role(by=ME, name_en="O", name_zh="O", permissions=["accounts.fly"], scope="all")
    with pytest.raises(Invalid, match="own, team or all"):
        operations.save_role(by=ME, name_en="O", name_zh="O", permissions=[], scope="some")
    with pytest.raises(NotFound):
        operations.remove_role(by=ME, code="nobody")


@pytest.mark.django_db
def test_nobody_gives_away_more_than_they_may() -> None:
    permissions = ["accounts.view", "accounts.manage"]
    operations.save_role(by=ME, name_en="Clerk", name_zh="文员", permissions=permissions, scope="all")
    clerk, owner = people.person("clerk"), people.person("owner")
    for forbidden in (
        lambda: operations.set_role(by=clerk, user_id=clerk.pk, role_code="owner"),
        lambda: operations.set_role(by=clerk, user_id=owner.pk, role_code="read_only"),
        lambda: operations.invite(by=clerk, email="a@example.org", role_code="manager"),
        lambda: operations.deactivate(by=clerk, user_id=owner.pk),
        lambda: operations.request_reset(by=clerk, user_id=owner.pk),
        lambda: operations.create_owner(by=clerk, email="b@example.org", name="B"),
        lambda: operations.save_role(by=clerk, name_en="X", name_zh="X", permissions=["audit.view"], scope="all"),
    ):
        with pytest.raises(Forbidden, match="more than you may"):
            forbidden()


# ---- owners ------------------------------------------------------------------------------------------------


@pytest.mark.django_db
def test_an_owner_gets_a_password_for_one_sign_in() -> None:
    user, once = operations.create_owner(by=ME, email=" Li@Example.org ", name="李雷")
    assert once is not None
    assert (user.email, user.role.code, user.one_time_password) == ("li@example.org", "owner", True)
    assert user.check_password(once)
    assert once not in str(AuditEntry.objects.values_list("details", flat=True))
    with pytest.raises(Invalid, match="another than the one-time"):
        operations.choose_password(by=user, password=once)
    with pytest.raises(Invalid, match="too short"):
        operations.choose_password(by=user, password="short")
    operations.choose_password(by=user, password="a password of my own")
    user.refresh_from_db()
    assert not user.one_time_password
    with pytest.raises(Conflict, match="already"):
        operations.choose_password(by=user, password="yet another password")


def test_one_time_passwords_are_long_and_differ() -> None:
    made = {rules.one_time_password() for _ in range(50)}
    assert len(made) == 50
    assert {len(password) for password in made} == {19}


@pytest.mark.django_db
def test_a_given_password_is_kept_and_must_be_good() -> None:
    user, once = operations.create_owner(by=ME, email="a@example.org", name="A", password=people.PASSWORD)
    assert once is None
    assert not user.one_time_password
    with pytest.raises(Invalid) as weak:
        operations.create_owner(by=ME, email="b@example.org", name="B", password="password1")
    assert "密码" in weak.value.say("zh")
    with pytest.raises(Conflict, match="has an account"):
        operations.create_owner(by=ME, email="A@example.org", name="A")
    with pytest.raises(Invalid, match="not an e-mail"):
        operations.create_owner(by=ME, email="nobody", name="A")


@pytest.mark.django_db
def test_the_last_owner_stays() -> None:
    first, second = people.person("owner"), people.person("owner")
    operations.set_role(by=first, user_id=second.pk, role_code="manager")
    for refused in (
        lambda: operations.set_role(by=first, user_id=first.pk, role_code="manager"),
        lambda: operations.deactivate(by=first, user_id=first.pk),
    ):
        with pytest.raises(Conflict, match="last owner"):
            refused()
    operations.set_role(by=first, user_id=second.pk, role_code="owner")
    operations.deactivate(by=second, user_id=first.pk)
    with pytest.raises(Conflict, match="last owner"):
        operations.deactivate(by=second, user_id=second.pk)


# ---- roles, teams, leaving -----------------------------------------------------------------------------------


@pytest.mark.django_db
def test_a_role_and_teams_are_given_and_told() -> None:
    owner, user = people.person("owner"), people.person("member")
    team = operations.save_team(by=owner, name=" North ")
    operations.set_teams(by=owner, user_id=user.pk, team_ids=[team.pk])
    assert User.objects.get(pk=user.pk).team_ids == {team.pk}
    operations.set_role(by=owner, user_id=user.pk, role_code="analyst")
    assert last_entry().details == {"role": ["member", "analyst"]}
    before = AuditEntry.objects.count()
    operations.set_role(by=owner, user_id=user.pk, role_code="analyst")
    operations.set_teams(by=owner, user_id=user.pk, team_ids=[team.pk])
    operations.save_team(by=owner, name="North", team_id=team.pk)
    assert AuditEntry.objects.count() == before, "nothing changed, nothing is told"
    with pytest.raises(Invalid, match="no role"):
        operations.set_role(by=owner, user_id=user.pk, role_code="king")
    with pytest.raises(Invalid, match="teams is gone"):
        operations.set_teams(by=owner, user_id=user.pk, team_ids=[team.pk, 999_999])
    with pytest.raises(NotFound):
        operations.set_role(by=owner, user_id=999_999, role_code="analyst")


@pytest.mark.django_db
def test_team_names_are_given_once() -> None:
    team = operations.save_team(by=ME, name="North")
    with pytest.raises(Invalid, match="of this name"):
        operations.save_team(by=ME, name="north")
    with pytest.raises(Invalid, match="a name"):
        operations.save_team(by=ME, name=" ")
    operations.save_team(by=ME, name="South", team_id=team.pk)
    operations.remove_team(by=ME, team_id=team.pk)
    assert not Team.objects.exists()
    with pytest.raises(NotFound):
        operations.remove_team(by=ME, team_id=team.pk)


@pytest.mark.django_db
def test_leaving_ends_sessions_tokens_and_links(client, monkeypatch) -> None:
    told: list[int] = []
    monkeypatch.setattr(
        announcements, "_subscribers", {"accounts.deactivated": [lambda **said: told.append(said["user_id"])]}
    )
    owner, user = people.person("owner"), people.signed_in(client, "manager")
    token, _ = operations.make_token(by=user, name="shop", permissions=["customers.view"], days=30)
    operations.request_reset(by=owner, user_id=user.pk)
    session = user.get_session_auth_hash()
    operations.deactivate(by=owner, user_id=user.pk)
    user.refresh_from_db()
    token.refresh_from_db()
    assert not user.is_active
    assert not user.may("customers.view")
    assert user.get_session_auth_hash() != session, "the session is dead even when the person comes back"
    assert token.revoked_at is not None
    assert not Invitation.objects.filter(used_at=None).exists()
    assert told == [user.pk]
    operations.reactivate(by=owner, user_id=user.pk)
    user.refresh_from_db()
    assert user.is_active
    assert user.get_session_auth_hash() != session
    before = AuditEntry.objects.count()
    operations.reactivate(by=owner, user_id=user.pk)
    assert AuditEntry.objects.count() == before


# ---- links -------------------------------------------------------------------------------------------------


@pytest.mark.django_db
def test_an_invitation_makes_an_account_once() -> None:
    owner, team = people.person("owner"), Team.objects.create(name="North")
    invitation, secret = operations.invite(by=owner, email="Han@Example.org", role_code="member", team_ids=[team.pk])
    assert secret not in invitation.secret_hash
    user = operations.accept_invitation(by=Nobody(), secret=secret, name="韩梅梅", password=people.PASSWORD)
    assert (user.email, user.name, user.role.code, set(user.team_ids)) == (
        "han@example.org",
        "韩梅梅",
        "member",
        {team.pk},
    )
    assert user.check_password(people.PASSWORD)
    assert last_entry().actor_id == user.pk
    with pytest.raises(Conflict, match="does not hold"):
        operations.accept_invitation(by=Nobody(), secret=secret, name="Again", password=people.PASSWORD)


@pytest.mark.django_db
def test_a_weak_password_leaves_the_invitation_open() -> None:
    _, secret = operations.invite(by=ME, email="han@example.org", role_code="member")
    with pytest.raises(Invalid):
        operations.accept_invitation(by=Nobody(), secret=secret, name="Han", password="12345678901")
    assert operations.accept_invitation(by=Nobody(), secret=secret, name="Han", password=people.PASSWORD).pk


@pytest.mark.django_db
def test_links_end_by_age_by_a_newer_one_and_by_hand() -> None:
    old, old_secret = operations.invite(by=ME, email="han@example.org", role_code="member")
    new, new_secret = operations.invite(by=ME, email="han@example.org", role_code="analyst")
    aged, aged_secret = operations.invite(by=ME, email="wei@example.org", role_code="member")
    Invitation.objects.filter(pk=aged.pk).update(expires_at=clock.now() - timedelta(seconds=1))
    taken, taken_secret = operations.invite(by=ME, email="lin@example.org", role_code="member")
    operations.withdraw_invitation(by=ME, invitation_id=taken.pk)
    operations.withdraw_invitation(by=ME, invitation_id=taken.pk)  # once more changes nothing
    for secret in (old_secret, aged_secret, taken_secret, "made up", ""):
        with pytest.raises(Conflict, match="does not hold"):
            operations.accept_invitation(by=Nobody(), secret=secret, name="X", password=people.PASSWORD)
    assert operations.accept_invitation(by=Nobody(), secret=new_secret, name="X", password=people.PASSWORD).pk
    assert {old.pk, new.pk, aged.pk, taken.pk} == set(Invitation.objects.values_list("pk", flat=True))
    with pytest.raises(NotFound):
        operations.withdraw_invitation(by=ME, invitation_id=999_999)


@pytest.mark.django_db
def test_a_reset_sets_a_password_and_ends_sessions() -> None:
    user = people.person("member")
    session = user.get_session_auth_hash()
    link, secret = operations.request_reset(by=ME, user_id=user.pk)
    with pytest.raises(Conflict):  # a reset is no invitation
        operations.accept_invitation(by=Nobody(), secret=secret, name="X", password=people.PASSWORD)
    operations.use_reset(by=Nobody(), secret=secret, password="quite another password")
    user.refresh_from_db()
    link.refresh_from_db()
    assert user.check_password("quite another password")
    assert user.get_session_auth_hash() != session
    assert link.used_at is not None
    with pytest.raises(Conflict):
        operations.use_reset(by=Nobody(), secret=secret, password="quite another password")
    with pytest.raises(Conflict):
        operations.use_reset(
            by=Nobody(), secret=operations.invite(by=ME, email="x@example.org", role_code="member")[1], password="x"
        )


@pytest.mark.django_db
def test_a_reset_of_somebody_who_left_does_not_hold() -> None:
    user = people.person("member")
    _, secret = operations.request_reset(by=ME, user_id=user.pk)
    User.objects.filter(pk=user.pk).update(is_active=False)
    with pytest.raises(Conflict):
        operations.use_reset(by=Nobody(), secret=secret, password="quite another password")


@pytest.mark.django_db
def test_a_lost_phone_can_be_replaced() -> None:
    from allauth.mfa.models import Authenticator

    user = people.person("member")
    operations.drop_second_factor(by=ME, user_id=user.pk)
    assert not AuditEntry.objects.exists()
    Authenticator.objects.create(user=user, type=Authenticator.Type.TOTP, data={"secret": "x"})
    operations.drop_second_factor(by=ME, user_id=user.pk)
    assert not Authenticator.objects.exists()
    assert last_entry().action == "accounts.drop_second_factor"


@pytest.mark.django_db
def test_a_link_is_mailed_where_mail_is_set_up(settings) -> None:
    words = {"to": "han@example.org", "link": "https://patron.example/join/x", "organisation": "Shop", "lang": "zh"}
    assert mail.send_link(mail.INVITED, **words)
    assert "https://patron.example/join/x" in outbox.outbox[0].body
    assert outbox.outbox[0].subject == "邀请您加入 Shop"
    settings.EMAIL_BACKEND, settings.EMAIL_HOST = "django.core.mail.backends.smtp.EmailBackend", ""
    assert not mail.can_send()
    assert not mail.send_link(mail.RESET, **words)


@pytest.mark.django_db
def test_a_mail_server_that_refuses_is_logged_without_the_address(settings, caplog) -> None:
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 1
    assert not mail.send_link(mail.RESET, to="han@example.org", link="secret", organisation="S", lang="en")
    assert "could not be mailed" in caplog.text
    assert "han@" not in caplog.text
    assert "secret" not in caplog.text


@pytest.mark.django_db
def test_no_secret_and_no_address_is_in_the_audit() -> None:
    owner = people.person("owner")
    _, secret = operations.invite(by=owner, email="han@example.org", role_code="member")
    operations.accept_invitation(by=Nobody(), secret=secret, name="韩梅梅", password=people.PASSWORD)
    _, key = operations.make_token(by=owner, name="shop", permissions=["customers.view"], days=1)
    said = str(list(AuditEntry.objects.values_list("action", "subject", "details")))
    for private in (secret, key, key.rpartition("_")[2], "han@example.org", "韩梅梅", people.PASSWORD):
        assert private not in said
    assert connection.vendor in {"sqlite", "postgresql"}
