"""Background steps: a link by mail, and tidying of sessions and links that hold no more."""

from __future__ import annotations

from datetime import timedelta

from django.core.management import call_command
from django.db.models import Q
from django_tasks import task

from patron.crm.accounts import mail, operations
from patron.crm.accounts.models import ApiToken, Invitation, Organisation, User
from patron.crm.kit import clock
from patron.crm.kit.policy import System
from patron.crm.kit.queues import NOW, SHORT

KEPT = timedelta(days=30)


def tidy() -> None:
    """Forgets sessions that ended, links that were used or are too old, and tokens long ended."""
    call_command("clearsessions")
    old = clock.now() - KEPT
    Invitation.objects.filter(Q(used_at__lt=old) | Q(expires_at__lt=old)).delete()
    ApiToken.objects.filter(Q(revoked_at__lt=old) | Q(expires_at__lt=old)).delete()


@task(queue_name=NOW, priority=SHORT)  # type: ignore[untyped-decorator]
def mail_reset(user_id: int, link: str) -> None:
    """Mails a link for a new password; `link` has SECRET where the secret goes, which is made here and kept nowhere."""
    user = User.objects.filter(pk=user_id, is_active=True).first()
    if user is None:
        return
    _, secret = operations.request_reset(by=System("Patron"), user_id=user.pk)
    organisation = Organisation.current()
    lang = user.language or organisation.language
    words = {"to": user.email, "organisation": organisation.name, "lang": lang}
    mail.send_link(mail.RESET, link=link.replace("SECRET", secret), **words)
