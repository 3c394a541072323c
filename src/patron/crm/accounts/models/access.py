"""Ways in beside the password: links that are used once, and tokens of programs. Only hashes are kept."""

from __future__ import annotations

from django.db import models

from patron.crm.accounts.models.user import STAFF, Role, Team, User
from patron.crm.kit.policy import Scope


class Invitation(models.Model):
    """A link that makes an account, or sets a new password for one, once and until a day."""

    secret_hash = models.CharField(max_length=64, unique=True)
    email = models.EmailField()
    role = models.ForeignKey(Role, on_delete=models.CASCADE, null=True)
    teams = models.ManyToManyField(Team, blank=True)
    user = models.ForeignKey(User, on_delete=models.CASCADE, null=True, related_name="resets")
    made_by = models.CharField(max_length=200)
    made_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)

    privacy = STAFF

    def __str__(self) -> str:
        return f"{self.email} until {self.expires_at:%F}"


class ApiToken(models.Model):
    """A program's key. It acts for its user with at most the user's permissions; `prefix` tells keys apart."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="tokens")
    name = models.CharField(max_length=120)
    prefix = models.CharField(max_length=12, unique=True)
    secret_hash = models.CharField(max_length=64, unique=True)
    permissions = models.JSONField(default=list)
    made_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    last_used_at = models.DateTimeField(null=True)
    revoked_at = models.DateTimeField(null=True)

    privacy = STAFF

    def __str__(self) -> str:
        return f"{self.name} ({self.prefix}…)"


class TokenActor:
    """A token as an Actor: what both the token and its user may."""

    kind = "token"

    def __init__(self, token: ApiToken) -> None:
        self.token, self.user = token, token.user
        self._allowed = frozenset(token.permissions)

    @property
    def id(self) -> int | None:
        """The user's number."""
        return self.user.pk

    @property
    def name(self) -> str:
        """The user and the token."""
        return f"{self.user} · {self.token.name}"

    @property
    def scope(self) -> Scope:
        """The user's scope."""
        return self.user.scope

    @property
    def team_ids(self) -> frozenset[int]:
        """The user's teams."""
        return self.user.team_ids

    def may(self, permission: str) -> bool:
        """What both may."""
        return permission in self._allowed and self.user.may(permission)
