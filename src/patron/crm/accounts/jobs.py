"""Tidying of sessions and of links that hold no more."""

from __future__ import annotations

from datetime import timedelta

from django.core.management import call_command
from django.db.models import Q

from patron.crm.accounts.models import ApiToken, Invitation
from patron.crm.kit import clock

KEPT = timedelta(days=30)


def tidy() -> None:
    """Forgets sessions that ended, links that were used or are too old, and tokens long ended."""
    call_command("clearsessions")
    old = clock.now() - KEPT
    Invitation.objects.filter(Q(used_at__lt=old) | Q(expires_at__lt=old)).delete()
    ApiToken.objects.filter(Q(revoked_at__lt=old) | Q(expires_at__lt=old)).delete()
