"""A program shows its key: `patron_<prefix>_<secret>` in the header `Authorization: Bearer …`."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db.models import Q

from patron.crm.accounts import rules
from patron.crm.accounts.models import ApiToken, TokenActor

_MARK = "patron"
_NOTED = timedelta(minutes=1)  # how exactly the last use is remembered: a write for every request would be too many


def written(prefix: str, secret: str) -> str:
    """The key as a program keeps it."""
    return f"{_MARK}_{prefix}_{secret}"


def actor_of(key: str, now: datetime) -> TokenActor | None:
    """Who acts by this key at `now`; None for one that is unknown, ended or too old, or whose user left."""
    mark, _, rest = key.partition("_")
    prefix, _, secret = rest.partition("_")
    token = ApiToken.objects.select_related("user__role").filter(prefix=prefix).first() if mark == _MARK else None
    kept = token.secret_hash if token is not None else rules.digest("")
    if not rules.matches(secret, kept) or token is None:
        return None
    if token.revoked_at is not None or token.expires_at <= now or not token.user.is_active:
        return None
    if token.last_used_at is None or now - token.last_used_at > _NOTED:
        unseen = Q(last_used_at=None) | Q(last_used_at__lt=now - _NOTED)
        ApiToken.objects.filter(unseen, pk=token.pk).update(last_used_at=now)
    return TokenActor(token)
