"""Secrets of the second factor as the database keeps them: encrypted under the server's secret key.

Who steals a copy of the database alone can make no codes. Secrets from before stand there in the clear until their
owner sets up the second factor anew.
"""

from __future__ import annotations

import base64
import hashlib
import logging
import secrets

from allauth.mfa.adapter import DefaultMFAAdapter
from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from django.conf import settings

log = logging.getLogger(__name__)
MARK = "fernet:"
SALT = b"patron.two-step"


class TwoStep(DefaultMFAAdapter):  # type: ignore[misc]
    """Allauth's, but that secrets are encrypted; read also under SECRET_KEY_FALLBACKS."""

    def encrypt(self, text: str) -> str:
        """A secret as it is kept."""
        return MARK + _keys().encrypt(text.encode()).decode()

    def decrypt(self, encrypted_text: str) -> str:
        """The secret. Under a lost key it is one that nobody has: no code fits, and the factor must be dropped."""
        if not encrypted_text.startswith(MARK):
            return encrypted_text
        try:
            return _keys().decrypt(encrypted_text.removeprefix(MARK)).decode()
        except InvalidToken:
            log.error("a second factor was kept under another secret key: give it back, or switch the factor off")
            return base64.b32encode(secrets.token_bytes(20)).decode()


def _keys() -> MultiFernet:
    known = [settings.SECRET_KEY, *map(str, settings.SECRET_KEY_FALLBACKS)]
    digests = [hashlib.sha256(SALT + key.encode()).digest() for key in known]
    return MultiFernet([Fernet(base64.urlsafe_b64encode(digest)) for digest in digests])
