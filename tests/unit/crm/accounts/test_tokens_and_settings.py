"""Keys of programs, one's own settings, the organisation, and what the audit shows of it."""

from __future__ import annotations

from datetime import timedelta

import people
import pytest
from django.contrib.auth import authenticate

from patron.crm.accounts import operations, queries, rules, tokens
from patron.crm.accounts.models import Organisation, TokenActor
from patron.crm.kit import announcements, audit, clock
from patron.crm.kit.models import AuditEntry
from patron.crm.kit.policy import System
from patron.crm.kit.problems import Forbidden, Invalid, NotFound


@pytest.mark.django_db
def test_a_key_acts_for_its_maker_with_what_it_was_given() -> None:
    manager = people.person("manager")
    token, key = operations.make_token(by=manager, name=" till ", permissions=["customers.view"], days=30)
    assert key.startswith(f"patron_{token.prefix}_")
    assert token.secret_hash not in key
    actor = tokens.actor_of(key, clock.now())
    assert isinstance(actor, TokenActor)
    assert (actor.id, actor.kind, actor.may("customers.view"), actor.may("customers.edit")) == (
        manager.pk, "token", True, False,
    )  # fmt: skip
    token.refresh_from_db()
    assert token.last_used_at is not None


@pytest.mark.django_db
def test_a_key_never_outdoes_its_maker() -> None:
    manager = people.person("manager")
    with pytest.raises(Forbidden, match="more than you may"):
        operations.make_token(by=manager, name="x", permissions=["customers.erase"], days=1)
    _, key = operations.make_token(by=manager, name="x", permissions=["customers.edit"], days=1)
    operations.set_role(by=System(), user_id=manager.pk, role_code="read_only")
    actor = tokens.actor_of(key, clock.now())
    assert actor is not None
    assert not actor.may("customers.edit"), "the maker may no more, so the key may no more"


@pytest.mark.django_db
def test_a_key_that_is_wrong_old_or_ended_is_nobody() -> None:
    manager, now = people.person("manager"), clock.now()
    token, key = operations.make_token(by=manager, name="x", permissions=["customers.view"], days=1)
    for wrong in (
        "",
        "patron",
        "patron_",
        f"patron_{token.prefix}_",
        key + "x",
        key.replace("patron", "other"),
        "a_b_c",
    ):
        assert tokens.actor_of(wrong, now) is None
    assert tokens.actor_of(key, now + timedelta(days=2)) is None
    assert tokens.actor_of(key, now) is not None
    operations.revoke_token(by=manager, token_id=token.pk)
    operations.revoke_token(by=manager, token_id=token.pk)
    assert tokens.actor_of(key, now) is None


@pytest.mark.django_db
def test_who_ends_a_key() -> None:
    manager, other, owner = people.person("manager"), people.person("manager"), people.person("owner")
    token, key = operations.make_token(by=manager, name="x", permissions=["tokens.manage"], days=1)
    with pytest.raises(NotFound):
        operations.revoke_token(by=other, token_id=token.pk)
    assert queries.list_tokens(actor=other) == []
    assert queries.list_tokens(actor=owner) == queries.list_tokens(actor=manager) == [token]
    program = tokens.actor_of(key, clock.now())
    assert program is not None
    with pytest.raises(Forbidden, match="Only a person"):
        operations.make_token(by=program, name="y", permissions=["tokens.manage"], days=1)
    operations.revoke_token(by=owner, token_id=token.pk)


@pytest.mark.django_db
@pytest.mark.parametrize("words", [{"name": " "}, {"permissions": []}, {"days": 0}, {"days": 400}, {"name": "x" * 121}])
def test_a_key_is_made_properly_or_not_at_all(words: dict[str, object]) -> None:
    good = {"name": "x", "permissions": ["customers.view"], "days": 1}
    with pytest.raises(Invalid):
        operations.make_token(by=people.person("manager"), **(good | words))  # type: ignore[arg-type]


@pytest.mark.django_db
def test_settings_of_one_s_own() -> None:
    user = people.person("read_only")
    operations.set_preferences(by=user, language="zh")
    operations.set_preferences(by=user, theme="dark")
    operations.save_profile(by=user, name=" 小红 ")
    user.refresh_from_db()
    assert (user.language, user.theme, user.name) == ("zh", "dark", "小红")
    entries = AuditEntry.objects.count()
    operations.set_preferences(by=user, theme="dark")
    assert AuditEntry.objects.count() == entries
    for wrong in (
        lambda: operations.set_preferences(by=user, language="fr"),
        lambda: operations.set_preferences(by=user, theme="pink"),
        lambda: operations.save_profile(by=user, name=" "),
    ):
        with pytest.raises(Invalid):
            wrong()
    with pytest.raises(Forbidden, match="Only a person"):
        operations.set_preferences(by=System(), theme="dark")


@pytest.mark.django_db
def test_the_organisation_is_saved_and_higher_apps_hear_of_it(monkeypatch) -> None:
    told: list[list[str]] = []
    heard = {"organisation.changed": [lambda **said: told.append(said["fields"])]}
    monkeypatch.setattr(announcements, "_subscribers", heard)
    words = {"name": "茶馆", "base_currency": "eur", "timezone": "Europe/Berlin", "language": "zh"}
    operations.save_organisation(by=System(), **words)
    operations.save_organisation(by=System(), **words)
    row = Organisation.current()
    assert (row.name, row.base_currency, row.timezone) == ("茶馆", "EUR", "Europe/Berlin")
    assert told == [["base_currency", "language", "name", "timezone"]]
    with pytest.raises(Invalid) as wrong:
        operations.save_organisation(by=System(), name="", base_currency="EURO", timezone="Mars", language="fr")
    assert set(wrong.value.fields) == {"name", "base_currency", "timezone", "language"}
    assert rules.wrong_organisation("A", "CNY", "Asia/Shanghai", "en") == {}


@pytest.mark.django_db
def test_people_roles_teams_and_links_are_listed(django_assert_max_num_queries) -> None:
    owner = people.person("owner", name="Ann")
    north = operations.save_team(by=owner, name="North")
    people.person("member", name="Bob", email="bob@example.org", teams=(north,))
    operations.invite(by=owner, email="c@example.org", role_code="member", team_ids=[north.pk])
    with django_assert_max_num_queries(2):
        found = queries.list_people(actor=owner)
        assert [(p.name, p.role.code, [t.name for t in p.teams.all()]) for p in found] == [
            ("Ann", "owner", []), ("Bob", "member", ["North"]),
        ]  # fmt: skip
    assert [p.name for p in queries.list_people(actor=owner, text="BOB@")] == ["Bob"]
    assert [p.name for p in queries.list_people(actor=owner, role_code="owner", active=True)] == ["Ann"]
    assert {r.code: r.people for r in queries.list_roles(actor=owner)}["member"] == 1  # type: ignore[attr-defined]
    assert [(t.name, t.people) for t in queries.list_teams(actor=owner)] == [("North", 1)]  # type: ignore[attr-defined]
    assert [i.email for i in queries.list_invitations(actor=owner)] == ["c@example.org"]
    assert queries.get_person(actor=owner, user_id=owner.pk) == owner
    with pytest.raises(NotFound):
        queries.get_person(actor=owner, user_id=999_999)
    with pytest.raises(Forbidden):
        queries.list_invitations(actor=people.person("manager"))


@pytest.mark.django_db
def test_the_audit_is_filtered_and_paged() -> None:
    owner, other = people.person("owner"), people.person("owner")
    for number in range(5):
        audit.record(owner, "customers.edit", "customer", number)
    audit.record(other, "accounts.invite", "invitation", 3)
    audit.record(System(), "scoring.refresh")

    def found(**words: object) -> list[tuple[str, int | None]]:
        page = queries.audit_entries(actor=owner, **words)  # type: ignore[arg-type]
        return [(entry.action, entry.subject_id) for entry in page.rows]

    assert len(found()) == 7
    assert found(person=other.pk) == [("accounts.invite", 3)]
    assert found(person=0) == [("scoring.refresh", None)]
    assert found(action="accounts.") == [("accounts.invite", 3)]
    assert found(subject="customer", subject_id=3) == [("customers.edit", 3)]
    assert found(until=clock.now() - timedelta(hours=1)) == []
    assert len(found(since=clock.now() - timedelta(hours=1))) == 7
    first = queries.audit_entries(actor=owner, limit=4)
    second = queries.audit_entries(actor=owner, limit=4, after=first.next)
    assert [len(first.rows), len(second.rows), second.next] == [4, 3, None]
    assert not {e.pk for e in first.rows} & {e.pk for e in second.rows}


@pytest.mark.django_db
def test_signing_in_and_failing_to_leave_entries(client, rf) -> None:
    user = people.person("member")
    assert authenticate(rf.post("/"), email=user.email, password="wrong") is None
    people.signed_in(client, "member")
    actions = list(AuditEntry.objects.values_list("action", "actor_name"))
    assert actions[0] == ("accounts.sign_in_failed", "nobody")
    assert actions[1][0] == "accounts.sign_in"
