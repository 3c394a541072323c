"""People who work with Patron, their teams and roles. A user is an Actor."""

from __future__ import annotations

from functools import cached_property
from typing import Any, ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.utils.crypto import salted_hmac

from patron.crm.kit.policy import Scope
from patron.crm.kit.privacy import KEEP, Privacy

STAFF = Privacy(None, KEEP, "people who work here; removed by an owner, not by a customer's erasure")


class Role(models.Model):
    """A named set of permissions with a record scope. Five come with Patron; more are data."""

    code = models.SlugField(max_length=40, unique=True)
    name_en = models.CharField(max_length=80)
    name_zh = models.CharField(max_length=80)
    permissions = models.JSONField(default=list)
    scope = models.CharField(max_length=4, choices=[(s.value, s.value) for s in Scope], default=Scope.ALL)
    builtin = models.BooleanField(default=False)

    privacy = STAFF

    def __str__(self) -> str:
        return self.name_en


class Team(models.Model):
    """People who share customers."""

    name = models.CharField(max_length=120, unique=True)

    privacy = STAFF

    def __str__(self) -> str:
        return self.name


class Users(BaseUserManager["User"]):
    """Finds users by e-mail, whatever its case."""

    def get_by_natural_key(self, username: str | None) -> User:
        """The user with this e-mail."""
        return self.get(email__iexact=username)


class User(AbstractBaseUser):
    """A person who signs in. An Actor of the policy."""

    email = models.EmailField(unique=True)
    name = models.CharField(max_length=200)
    role = models.ForeignKey(Role, on_delete=models.PROTECT, related_name="users")
    teams = models.ManyToManyField(Team, blank=True, related_name="users")
    language = models.CharField(max_length=2, blank=True, choices=[("en", "English"), ("zh", "中文")])
    theme = models.CharField(
        max_length=5, default="auto", choices=[("auto", "auto"), ("light", "light"), ("dark", "dark")]
    )
    is_active = models.BooleanField(default=True)
    # The password was made by Patron and is to be replaced at the first sign-in.
    one_time_password = models.BooleanField(default=False)
    # Part of what a session is checked against: one more, and every session of the person has ended.
    session_epoch = models.PositiveIntegerField(default=0)
    joined_at = models.DateTimeField(auto_now_add=True)

    objects = Users()

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = []

    privacy = STAFF
    kind = "user"

    def __str__(self) -> str:
        return self.name or self.email

    def clean(self) -> None:
        """E-mails are kept in lower case, so that one person has one account."""
        super().clean()
        self.email = self.email.lower()

    @property
    def scope(self) -> Scope:
        """Which records the role reaches."""
        return Scope(self.role.scope)

    @cached_property
    def team_ids(self) -> frozenset[int]:
        """The user's teams."""
        return frozenset(self.teams.values_list("id", flat=True))

    @cached_property
    def _allowed(self) -> frozenset[str]:
        return frozenset(self.role.permissions)

    def may(self, permission: str) -> bool:
        """Whether the role has it, and the account is in use."""
        return self.is_active and permission in self._allowed

    def end_sessions(self) -> None:
        """Every session of the person ends, once this is saved."""
        self.session_epoch += 1

    def _get_session_auth_hash(self, secret: str | bytes | None = None) -> str:
        """Django's way, over the epoch too."""
        salt = "patron.accounts.User.session"
        return salted_hmac(salt, f"{self.session_epoch}:{self.password}", secret=secret, algorithm="sha256").hexdigest()

    def get_full_name(self) -> str:
        """For Django's own templates."""
        return self.name

    def refresh_from_db(self, *args: Any, **kwargs: Any) -> None:
        """Forget what was cached of teams and role, too."""
        super().refresh_from_db(*args, **kwargs)
        for cached in ("team_ids", "_allowed"):
            self.__dict__.pop(cached, None)
