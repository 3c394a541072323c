"""A link by mail, when this Patron can send any; the page shows the link in any case."""

from __future__ import annotations

import logging
from smtplib import SMTPException

from django.conf import settings
from django.core.mail import send_mail

from patron.words import Text

LOG = logging.getLogger("patron.mail")

INVITED = (
    Text("You are invited to {organisation}", "邀请您加入 {organisation}"),
    Text(
        "You are invited to work with {organisation} in Patron.\n\nOpen this link within seven days and choose a "
        "password:\n\n{link}\n\nNobody else should see this link.",
        "邀请您在 Patron 中加入 {organisation}。\n\n请在七天内打开以下链接并设置密码：\n\n{link}\n\n"
        "请勿将此链接转给他人。",
    ),
)
RESET = (
    Text("A new password for {organisation}", "{organisation}：设置新密码"),
    Text(
        "Open this link within 24 hours and choose a new password:\n\n{link}\n\n"
        "If you did not ask for it, leave it be.",
        "请在 24 小时内打开以下链接并设置新密码：\n\n{link}\n\n如非本人申请，请忽略此邮件。",
    ),
)


def can_send() -> bool:
    """Whether a mail server is set (PATRON_SMTP_HOST), or mail goes elsewhere than by SMTP."""
    return bool(settings.EMAIL_HOST) or "smtp" not in settings.EMAIL_BACKEND


def send_link(kind: tuple[Text, Text], *, to: str, link: str, organisation: str, lang: str) -> bool:
    """Mails `link`; False when there is no mail server or it refuses, which is logged without the address."""
    if not can_send():
        return False
    subject, body = (text.format(link=link, organisation=organisation).say(lang) for text in kind)
    try:
        send_mail(subject, body, settings.DEFAULT_FROM_EMAIL, [to])
    except (SMTPException, OSError) as error:
        LOG.warning("a link could not be mailed: %s", type(error).__name__)
        return False
    return True
