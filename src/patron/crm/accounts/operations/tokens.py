"""Keys of programs."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta
from secrets import token_hex

from patron.crm.accounts import checks, rules
from patron.crm.accounts.models import ApiToken
from patron.crm.accounts.tokens import written
from patron.crm.kit import audit, clock
from patron.crm.kit.doors import operation
from patron.crm.kit.policy import Actor
from patron.crm.kit.problems import Forbidden, Invalid, NotFound
from patron.words import Text


@operation("tokens.manage")
def make_token(*, by: Actor, name: str, permissions: Iterable[str], days: int) -> tuple[ApiToken, str]:
    """A key for `days` days that may at most what its maker may, and its secret, which is shown once."""
    person = checks.in_person(by)
    wanted = sorted(set(permissions))
    if wrong := _wrong(name, wanted, days):
        raise Invalid(wrong)
    checks.within_reach(by, wanted)
    now, secret = clock.now(), rules.new_secret()
    token = ApiToken.objects.create(
        user=person,
        name=name.strip(),
        prefix=token_hex(5),
        secret_hash=rules.digest(secret),
        permissions=wanted,
        made_at=now,
        expires_at=now + timedelta(days=days),
    )
    audit.record(by, "tokens.make", "token", token.pk, permissions=wanted, days=days)
    return token, written(token.prefix, secret)


@operation("tokens.manage")
def revoke_token(*, by: Actor, token_id: int) -> ApiToken:
    """Ends a key at once: one's own, or with accounts.manage anybody's."""
    token = ApiToken.objects.select_for_update().filter(pk=token_id).first()
    if token is None or (token.user_id != by.id and not by.may("accounts.manage")):
        raise NotFound(Text("token", "令牌"), token_id)
    if by.kind == "token" and by.id != token.user_id:
        raise Forbidden(Text("A token ends only tokens of its own user.", "令牌只能停用其所属用户的令牌。"))
    if token.revoked_at is not None:
        audit.nothing()
        return token
    token.revoked_at = clock.now()
    token.save(update_fields=["revoked_at"])
    audit.record(by, "tokens.revoke", "token", token.pk)
    return token


def _wrong(name: str, permissions: list[str], days: int) -> dict[str, Text]:
    wrong = {}
    if not name.strip() or len(name) > 120:
        wrong["name"] = Text("Name the program, in at most 120 signs.", "请填写程序名称（不超过 120 字）。")
    if not permissions:
        wrong["permissions"] = Text("Choose at least one permission.", "请至少选择一项权限。")
    least, most = rules.TOKEN_DAYS
    if not least <= days <= most:
        wrong["days"] = Text(f"Between {least} and {most} days.", f"有效期为 {least} 至 {most} 天。")
    return wrong
