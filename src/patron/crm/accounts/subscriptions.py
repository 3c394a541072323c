"""What allauth does by itself (signing in, changing a password, a second factor) leaves its entry here."""

from __future__ import annotations

from typing import Any

from allauth.account.signals import password_changed
from allauth.mfa.signals import authenticator_added, authenticator_removed, authenticator_reset
from django.contrib.auth.signals import user_logged_in, user_login_failed
from django.dispatch import receiver

from patron.crm.accounts.models import User
from patron.crm.kit import audit
from patron.crm.kit.policy import Nobody


@receiver(user_logged_in, dispatch_uid="patron.signed_in")
def signed_in(user: User, **_signal: Any) -> None:
    """Somebody came in."""
    audit.record(user, "accounts.sign_in", "user", user.pk)


@receiver(user_login_failed, dispatch_uid="patron.sign_in_failed")
def sign_in_failed(**_signal: Any) -> None:
    """Somebody tried; what they typed is not kept."""
    audit.record(Nobody(), "accounts.sign_in_failed")


@receiver(password_changed, dispatch_uid="patron.password_changed")
def changed_password(user: User, **_signal: Any) -> None:
    """Somebody changed their own password."""
    audit.record(user, "accounts.change_password", "user", user.pk)


@receiver(authenticator_added, dispatch_uid="patron.factor_added")
def added_factor(user: User, authenticator: Any, **_signal: Any) -> None:
    """A second factor was set up."""
    audit.record(user, "accounts.add_second_factor", "user", user.pk, type=authenticator.type)


@receiver(authenticator_removed, dispatch_uid="patron.factor_removed")
def removed_factor(user: User, authenticator: Any, **_signal: Any) -> None:
    """A second factor was taken away."""
    audit.record(user, "accounts.remove_second_factor", "user", user.pk, type=authenticator.type)


@receiver(authenticator_reset, dispatch_uid="patron.factor_reset")
def renewed_factor(user: User, authenticator: Any, **_signal: Any) -> None:
    """Recovery codes were made anew."""
    audit.record(user, "accounts.renew_recovery_codes", "user", user.pk, type=authenticator.type)
