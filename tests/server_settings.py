"""The server's own settings, with what tests need otherwise: a home of their own, quick passwords, mail in memory.

With PATRON_TEST_DATABASE=postgresql a database server is started here, once: the environment hands its address and the
home on to the processes that share the tests among them.
"""

from __future__ import annotations

import atexit
import os
import shutil
import tempfile

import postgres

if "PATRON_TEST_HOME" not in os.environ:
    _home = tempfile.mkdtemp(prefix="patron-test-home-")
    atexit.register(shutil.rmtree, _home, ignore_errors=True)
    os.environ["PATRON_HOME"] = os.environ["PATRON_TEST_HOME"] = _home
    os.environ.pop("PATRON_DATABASE_URL", None)
    if os.environ.get("PATRON_TEST_DATABASE") == "postgresql":
        _server = postgres.running()
        os.environ["PATRON_DATABASE_URL"] = _server.__enter__()
        atexit.register(_server.__exit__, None, None, None)
if "PYTEST_XDIST_WORKER" in os.environ:
    # Each of these processes has a database of its own: its mirror, runs and uploads need a folder of their own.
    os.environ["PATRON_HOME"] = os.path.join(os.environ["PATRON_TEST_HOME"], os.environ["PYTEST_XDIST_WORKER"])
    os.makedirs(os.environ["PATRON_HOME"], exist_ok=True)

from patron.faces.project.settings import *  # noqa: F403

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
ALLOWED_HOSTS = ["*"]
# The contract of the API is read as it is written; the journeys ask the real server, which compresses.
MIDDLEWARE = [name for name in MIDDLEWARE if not name.endswith("GZipMiddleware")]  # noqa: F405
if DATABASES["default"]["ENGINE"].endswith("sqlite"):  # noqa: F405
    # A file, as users have it: one in memory knows neither waiting writers nor threads.
    DATABASES["default"]["TEST"] = {"NAME": os.path.join(os.environ["PATRON_HOME"], "test.sqlite3")}  # noqa: F405
CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}
