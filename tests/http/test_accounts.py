"""Pages of people and settings, as a browser without scripts uses them: sign in, invite, change, leave."""

from __future__ import annotations

import base64
import re
import time
from zoneinfo import ZoneInfo

import people
import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from django.core import mail as outbox
from django.core.cache import cache
from django.urls import reverse

from patron.crm.accounts import operations
from patron.crm.accounts.models import ApiToken, Invitation, Organisation, Role, Team, User
from patron.crm.kit.models import AuditEntry
from patron.crm.kit.policy import System, known
from patron.faces.web.accounts.details import Reader, detail_lines
from patron.faces.web.accounts.roles import grouped
from patron.faces.web.accounts.sections import SECTIONS
from patron.faces.web.accounts.two_step import TwoStep
from patron.faces.web.accounts.words import action_words

pytestmark = pytest.mark.django_db
LANGUAGES = ["en", "zh"]


@pytest.fixture(autouse=True)
def _forget_counts():
    cache.clear()


def text(response) -> str:
    return response.content.decode()


def sign_in(client, user, password=people.PASSWORD, **more):
    return client.post(reverse("account_login"), {"login": user.email, "password": password}, **more)


# ---- signing in ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("lang, words", [("en", "Sign in"), ("zh", "登录")])
def test_nobody_is_led_to_the_sign_in_page(client, lang, words) -> None:
    response = client.get(reverse("settings"), headers={"accept-language": lang})
    assert response.status_code == 302
    assert response.url == f"{reverse('account_login')}?next={reverse('settings')}"
    page = client.get(response.url, headers={"accept-language": lang})
    assert f"<h1>{words}</h1>" in text(page)
    assert "unsafe-inline" not in page.headers["Content-Security-Policy"]
    assert not re.search(r"\sstyle=|<script(?! src)|\son\w+=", text(page))


def test_signing_in_leads_where_one_wanted_to_go(client) -> None:
    user = people.person("member")
    response = client.post(
        f"{reverse('account_login')}?next=/settings/",
        {"login": user.email.upper(), "password": people.PASSWORD, "next": "/settings/"},
    )
    assert (response.status_code, response.url) == (302, "/settings/")
    assert client.get("/settings/").status_code == 200


def test_a_wrong_password_is_said_and_what_was_typed_stays(client) -> None:
    user = people.person("member")
    response = sign_in(client, user, "wrong")
    assert response.status_code == 200
    assert "errorlist" in text(response) or 'role="alert"' in text(response)
    assert user.email in text(response)
    assert AuditEntry.objects.get().action == "accounts.sign_in_failed"


def test_trying_too_often_is_stopped(client) -> None:
    user = people.person("member")
    for _ in range(6):
        sign_in(client, user, "wrong")
    stopped = sign_in(client, user)
    assert "Too many" in text(stopped)
    assert client.get("/settings/").status_code == 302, "the right password does not help either, for a while"


def test_who_left_can_not_sign_in(client) -> None:
    people.person("owner")
    user = people.person("member")
    operations.deactivate(by=System(), user_id=user.pk)
    sign_in(client, user)
    assert client.get("/settings/").status_code == 302


def test_leaving_ends_a_session_that_is_open(client) -> None:
    people.person("owner")
    user = people.signed_in(client, "member")
    assert client.get("/settings/").status_code == 200
    operations.deactivate(by=System(), user_id=user.pk)
    assert client.get("/settings/").status_code == 302
    operations.reactivate(by=System(), user_id=user.pk)
    assert client.get("/settings/").status_code == 302, "the old session stays dead"


def test_a_one_time_password_is_replaced_first(client) -> None:
    user, once = operations.create_owner(by=System(), email="li@example.org", name="李雷")
    assert sign_in(client, user, once).status_code == 302
    for address in ("/settings/", reverse("users"), reverse("audit")):
        assert client.get(address).url == reverse("own_password")
    refused = client.post(reverse("own_password"), {"password": "1234567890"})
    assert refused.status_code == 422
    assert client.post(reverse("own_password"), {"password": "mountain river tea"}).status_code == 302
    assert client.get("/settings/").status_code == 200, "the session goes on"
    assert client.get(reverse("own_password")).url == reverse("profile")


@pytest.mark.django_db(transaction=True)  # allauth tells of it once it is committed
def test_the_second_factor_from_set_up_to_a_recovery_code(client) -> None:
    user = people.person("member")
    sign_in(client, user)
    asked = client.get(reverse("mfa_activate_totp"))
    assert asked.url.startswith(reverse("account_reauthenticate")), "how one signs in is changed with the password only"
    assert client.post(asked.url, {"password": "wrong"}).status_code == 200
    assert client.post(asked.url, {"password": people.PASSWORD}).url == reverse("mfa_activate_totp")
    page = client.get(reverse("mfa_activate_totp"))
    picture = re.search(r'src="data:image/svg\+xml;base64,([^"]+)"', text(page))
    assert picture
    assert b"<svg" in base64.b64decode(picture[1])
    secret = page.context["form"].secret
    code = format_hotp_value(hotp_value(secret, int(time.time()) // 30))
    assert client.post(reverse("mfa_activate_totp"), {"code": "000000"}).status_code == 200
    assert client.post(reverse("mfa_activate_totp"), {"code": code}).url == reverse("mfa_view_recovery_codes")
    codes = re.findall(r"<li><code>(\d{8})</code>", text(client.get(reverse("mfa_view_recovery_codes"))))
    assert len(codes) == 10
    kept = {one.type: one.data for one in Authenticator.objects.filter(user=user)}
    assert kept["totp"]["secret"].startswith("fernet:"), "a copy of the database makes no codes"
    assert kept["recovery_codes"]["seed"].startswith("fernet:")
    downloaded = client.get(reverse("mfa_download_recovery_codes"))
    assert downloaded.content.decode().split() == codes
    client.post(reverse("account_logout"))
    assert sign_in(client, user).url.startswith(reverse("mfa_authenticate"))
    assert client.get("/settings/").status_code == 302, "the password alone lets nobody in"
    assert client.post(reverse("mfa_authenticate"), {"code": "11111111"}).status_code == 200
    assert client.post(reverse("mfa_authenticate"), {"code": codes[0]}).status_code == 302
    assert client.get("/settings/").status_code == 200
    actions = set(AuditEntry.objects.values_list("action", flat=True))
    assert {"accounts.add_second_factor", "accounts.sign_in"} <= actions


def test_secrets_are_read_under_the_keys_there_were_and_under_no_other(settings) -> None:
    settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = "first", []
    kept = TwoStep().encrypt("JBSWY3DP")
    settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = "second", ["first"]
    assert TwoStep().decrypt(kept) == "JBSWY3DP"
    settings.SECRET_KEY_FALLBACKS = []
    made_up = TwoStep().decrypt(kept)
    assert made_up not in ("", "JBSWY3DP")
    assert made_up != TwoStep().decrypt(kept), "nobody can guess it"
    assert TwoStep().decrypt("JBSWY3DP") == "JBSWY3DP", "from before secrets were encrypted"


def test_the_password_is_changed_with_the_old_one(client) -> None:
    user = people.signed_in(client, "member")
    new = {"password1": "quite another password", "password2": "quite another password"}
    wrong = client.post(reverse("account_change_password"), {"oldpassword": "wrong", **new})
    assert wrong.status_code == 200
    right = client.post(reverse("account_change_password"), {"oldpassword": people.PASSWORD, **new})
    assert right.status_code == 302
    user.refresh_from_db()
    assert user.check_password("quite another password")
    assert AuditEntry.objects.filter(action="accounts.change_password").exists()


@pytest.mark.django_db(transaction=True)
def test_a_forgotten_password_by_mail(client, settings) -> None:
    from django_tasks_db.models import DBTaskResult

    from patron.faces.project.working import PatronWorker, work

    user = people.person("member", language="zh")
    for address in (user.email, "nobody@example.org"):
        page = client.post(reverse("account_reset_password"), {"email": address})
        assert "on its way" in text(page)
    assert DBTaskResult.objects.count() == 2
    assert user.email not in str(list(DBTaskResult.objects.values_list("args_kwargs", flat=True)))
    work(PatronWorker(batch=True, interval=0))
    assert [(message.to, message.subject) for message in outbox.outbox] == [([user.email], "Patron：设置新密码")]
    link = re.search(r"http://testserver(/reset/\S+)", outbox.outbox[0].body)
    assert link
    assert client.post(link[1], {"password": "quite another password"}).url == reverse("account_login")
    assert sign_in(client, user, "quite another password").status_code == 302
    settings.EMAIL_BACKEND, settings.EMAIL_HOST = "django.core.mail.backends.smtp.EmailBackend", ""
    client.post(reverse("account_logout"))
    assert "Ask an owner" in text(client.get(reverse("account_reset_password")))


# ---- links ---------------------------------------------------------------------------------------------------


def test_an_invitation_from_the_form_to_the_first_sign_in(client, client_of) -> None:
    people.signed_in(client, "owner")
    team = Team.objects.create(name="North")
    refused = client.post(reverse("invite"), {"email": "nobody", "role": "member"})
    assert refused.status_code == 422
    assert "nobody" in text(refused)
    made = client.post(reverse("invite"), {"email": "han@example.org", "role": "analyst", "teams": [team.pk]})
    link = re.search(r"http://testserver(/join/[\w-]+/)", text(made))
    assert link
    assert "mailed" in text(made)
    guest = client_of()
    assert "han@example.org" in text(guest.get(link[1]))
    weak = guest.post(link[1], {"name": "韩梅梅", "password": "short"})
    assert weak.status_code == 422
    assert "韩梅梅" in text(weak)
    assert guest.post(link[1], {"name": "韩梅梅", "password": people.PASSWORD}).url == reverse("account_login")
    assert guest.get(link[1]).status_code == 410
    user = User.objects.get(email="han@example.org")
    assert (user.role.code, set(user.team_ids)) == ("analyst", {team.pk})
    assert sign_in(guest, user).status_code == 302


@pytest.fixture
def client_of():
    from django.test import Client

    return Client


@pytest.mark.parametrize("name", ["join", "reset"])
def test_a_link_that_holds_no_more_says_what_to_do(client, name) -> None:
    page = client.get(reverse(name, args=["made-up"]))
    assert page.status_code == 410
    assert "Ask an owner" in text(page)
    assert page.headers["Cache-Control"].startswith("max-age=0")


def test_an_open_link_can_be_ended(client) -> None:
    people.signed_in(client, "owner")
    invitation, _ = operations.invite(by=System(), email="x@example.org", role_code="member")
    assert "x@example.org" in text(client.get(reverse("users")))
    client.post(reverse("invitation_withdraw", args=[invitation.pk]))
    assert "x@example.org" not in text(client.get(reverse("users")))
    assert Invitation.objects.get().used_at is not None


# ---- settings ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize(
    "name",
    [
        "settings", "profile", "users", "invite", "roles", "role_new", "teams", "tokens", "organisation", "audit",
        "mfa_index", "account_change_password",
    ],
)  # fmt: skip
def test_every_page_shows_itself_in_both_languages(client, name, lang) -> None:
    people.signed_in(client, "owner", language=lang)
    page = client.get(reverse(name))
    assert page.status_code == 200
    assert ("Settings" in text(page)) == (lang == "en")
    assert ("设置" in text(page)) == (lang == "zh")
    assert not re.search(r"\sstyle=|<script(?! src)|\son[a-z]+=", text(page)), "the policy forbids it"
    assert "{%" not in text(page)


def test_the_settings_show_what_the_role_may_open(client) -> None:
    people.signed_in(client, "read_only")
    shown = text(client.get(reverse("settings")))
    assert reverse("profile") in shown
    assert reverse("audit") not in shown
    assert {section.permission for section in SECTIONS} >= {None, "audit.view"}


def test_one_s_own_profile_is_kept(client) -> None:
    user = people.signed_in(client, "read_only")
    assert client.post(reverse("profile"), {"name": "小红", "language": "zh", "theme": "dark"}).status_code == 302
    user.refresh_from_db()
    assert (user.name, user.language, user.theme) == ("小红", "zh", "dark")
    refused = client.post(reverse("profile"), {"name": " ", "language": "zh", "theme": "dark"})
    assert refused.status_code == 422
    assert "请填写姓名" in text(refused)


def test_an_owner_changes_a_person(client) -> None:
    people.signed_in(client, "owner")
    person, team = people.person("member"), Team.objects.create(name="North")

    def change(what, **values):
        return client.post(reverse("user_change", args=[person.pk, what]), values)

    change("role", role="manager")
    change("teams", teams=[team.pk])
    person.refresh_from_db()
    assert (person.role.code, set(person.team_ids)) == ("manager", {team.pk})
    assert re.search(r"/reset/[\w-]+/", text(change("reset")))
    change("off")
    person.refresh_from_db()
    assert not person.is_active
    change("on")
    change("factor")
    assert change("fly").status_code == 404
    assert change("role", role="king").status_code == 422
    assert client.get(reverse("user_page", args=[person.pk])).status_code == 200
    assert client.get(reverse("user_page", args=[999_999])).status_code == 404


def test_the_last_owner_is_told_so(client) -> None:
    owner = people.signed_in(client, "owner")
    page = client.post(reverse("user_change", args=[owner.pk, "off"]))
    assert page.status_code == 422
    assert "last owner" in text(page)


def test_users_are_found(client) -> None:
    people.signed_in(client, "owner", name="Ann")
    people.person("member", name="Bob")
    listed = text(client.get(reverse("users"), {"role": "member"}))
    assert "Bob" in listed
    assert "Nobody fits" in text(client.get(reverse("users"), {"q": "zzz"}))
    assert "Nobody fits" in text(client.get(reverse("users"), {"state": "off"}))


def test_a_team_is_made_renamed_and_taken_away(client) -> None:
    people.signed_in(client, "owner")
    client.post(reverse("teams"), {"name": "North"})
    team = Team.objects.get()
    assert client.post(reverse("teams"), {"name": "north"}).status_code == 422
    client.post(reverse("team_change", args=[team.pk]), {"name": "South"})
    assert "South" in text(client.get(reverse("teams")))
    client.post(reverse("team_change", args=[team.pk]), {"name": "South", "remove": "1"})
    assert not Team.objects.exists()


def test_a_role_of_one_s_own(client) -> None:
    people.signed_in(client, "owner")
    values = {"name_en": "Desk", "name_zh": "前台", "scope": "team", "permissions": ["customers.view"]}
    assert client.post(reverse("role_new"), values).status_code == 302
    assert Role.objects.get(code="desk").permissions == ["customers.view"]
    assert client.get(reverse("role_edit", args=["desk"])).status_code == 200
    assert client.post(reverse("role_edit", args=["desk"]), values | {"scope": "some"}).status_code == 422
    assert client.get(reverse("role_edit", args=["owner"])).status_code == 404
    client.post(reverse("role_edit", args=["desk"]), values | {"remove": "1"})
    assert not Role.objects.filter(code="desk").exists()


def test_a_token_is_shown_once(client) -> None:
    people.signed_in(client, "manager")
    values = {"name": "till", "days": "30", "permissions": ["customers.view"]}
    assert client.post(reverse("tokens"), values | {"permissions": []}).status_code == 422
    made = client.post(reverse("tokens"), values)
    key = re.search(r"patron_[0-9a-f]{10}_[\w-]{40,}", text(made))
    assert key
    assert made.headers["Cache-Control"] == "no-store"
    again = text(client.get(reverse("tokens")))
    assert key[0] not in again
    assert "till" in again
    client.post(reverse("token_revoke", args=[ApiToken.objects.get().pk]))
    assert ApiToken.objects.get().revoked_at is not None


def test_the_organisation_is_kept(client) -> None:
    people.signed_in(client, "owner")
    values = {"name": "茶馆", "base_currency": "EUR", "timezone": "Europe/Berlin", "language": "zh"}
    assert client.post(reverse("organisation"), values).status_code == 302
    assert Organisation.current().base_currency == "EUR"
    refused = client.post(reverse("organisation"), values | {"base_currency": "EURO", "timezone": "Mars"})
    assert refused.status_code == 422
    assert "three letters" in text(refused)


def test_a_token_holds_for_the_days_offered_in_a_sample_base_too(client) -> None:
    organisation = Organisation.current()
    organisation.is_sample, organisation.sample_shift_days = True, 5_460
    organisation.save()
    people.signed_in(client, "owner")
    page = text(client.get(reverse("tokens")))
    assert "moved 5,460 days forward" in page
    assert re.findall(r">(\S+) days</option>", page) == ["30", "90", "365"]


def test_every_permission_is_offered_under_what_it_is_about(client) -> None:
    assert sorted(p.code for _, some in grouped(known()) for p in some) == sorted(p.code for p in known())
    people.signed_in(client, "owner")
    for name in ("role_new", "tokens"):
        page = text(client.get(reverse(name)))
        assert sorted(re.findall(r'name="permissions" value="([^"]+)"', page)) == sorted(p.code for p in known())


@pytest.mark.parametrize("place", ["audit", "mfa_index", "account_change_password", "users"])
def test_the_rail_marks_settings_wherever_they_are(client, place) -> None:
    people.signed_in(client, "owner")
    assert re.search(r'href="/settings/"[^>]*aria-current="page"', text(client.get(reverse(place))))


def test_the_audit_filters_and_goes_on(client) -> None:
    owner = people.signed_in(client, "owner")
    other = people.person("member")
    operations.set_role(by=owner, user_id=other.pk, role_code="analyst")
    page = text(client.get(reverse("audit"), {"person": str(owner.pk), "action": "accounts.", "since": "2020-01-01"}))
    assert "changed a role" in page
    assert "Role: Member → Analyst" in page
    assert "Nothing was done" in text(client.get(reverse("audit"), {"until": "2020-01-01"}))
    assert client.get(reverse("audit"), {"since": "yesterday", "person": "x", "number": "x"}).status_code == 200
    fragment = text(client.get(reverse("audit"), {"after": "999999"}, headers={"hx-request": "true"}))
    assert "<html" not in fragment
    assert "changed a role" in fragment


def test_what_the_audit_has_no_words_for_is_shown_as_it_is() -> None:
    assert action_words("sales.won").zh == "sales.won"
    entry = AuditEntry(details={"won": None, "many": [1, 2, 3], "stage": ["x", "loyal"]})
    assert detail_lines(entry) == ["won: –", "many: 1, 2, 3", "Stage: x → Loyal"]


def test_the_audit_says_details_in_both_languages() -> None:
    names = {"role": {"member": "成员"}, "teams": {1: "东区", 2: "西区"}, "owner_id": {7: "林夏"}}
    chinese, english = Reader("zh", ZoneInfo("Asia/Shanghai"), names), Reader()
    told = (
        ({"role": "member", "teams": [1, 2]}, "角色：成员 / 团队：东区、西区", "Role: member / Teams: 1, 2"),
        ({"teams": [[1], [2]]}, "团队：+ 西区 − 东区", "Teams: + 2 − 1"),
        ({"changes": {"name": "changed", "price": [None, "9.5"]}}, "名称：已修改 / 价格：9.5", None),
        ({"customers": list(range(1, 9)), "count": 8, "owner_id": 7}, None, "Customers: 1, 2, 3, 4, 5, … / "),
        ({"customers": [4], "count": 1, "tag": "VIP"}, "客户：4 / 标签：VIP", "Customers: 4 / Tag: VIP"),
        ({"kind": "orders", "create": 1200, "skip": 0}, "类型：订单 / 新增：1,200", "Kind: orders / New: 1,200"),
        ({"fields": ["email", "city"]}, "字段：邮箱、城市", "Fields: E-mail, City"),
        ({"permissions": ["audit.view"], "days": 90}, "权限：查看操作记录 / 天数：90", None),
        ({"given": False, "as_of": "2026-03-01"}, "同意：否 / 截至：2026年3月1日", "Agreed: no / As of: 1 Mar 2026"),
        ({"rows": {"customers.Note": 2, "customers.Order": 5}}, "清除行数：7", "Rows erased: 7"),
        ({"size": 2_400_000}, "大小：2.4 MB", "Size: 2.4 MB"),
        ({"made_at": "2026-03-01T20:30:00+00:00"}, "备份时间：2026年3月2日 04:30", "Made: 1 Mar 2026 20:30"),
    )
    for details, zh, en in told:
        entry = AuditEntry(details=details)
        assert zh is None or " / ".join(detail_lines(entry, chinese)) == zh
        assert en is None or " / ".join(detail_lines(entry, english)).startswith(en)


def test_the_audit_opens_for_a_role_that_may_only_read_it(client) -> None:
    owner = people.person("owner")
    operations.save_role(by=owner, name_en="Auditor", name_zh="审计", permissions=["audit.view"], scope="all")
    people.signed_in(client, "auditor")
    assert owner.name in text(client.get(reverse("audit")))


@pytest.mark.parametrize("role", ["manager", "member", "analyst", "read_only"])
def test_only_an_owner_lets_people_in(client, role) -> None:
    people.person("owner")
    people.signed_in(client, role)
    person = people.person("member")
    for address, values in (
        (reverse("invite"), {"email": "x@example.org", "role": "owner"}),
        (reverse("user_change", args=[person.pk, "role"]), {"role": "owner"}),
        (reverse("role_new"), {"name_en": "x", "scope": "all"}),
        (reverse("teams"), {"name": "x"}),
        (reverse("organisation"), {"name": "x"}),
    ):
        assert client.post(address, values).status_code == 403, address
    assert not Invitation.objects.exists()
