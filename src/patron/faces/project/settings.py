"""Django's settings. What an installation may change comes from the environment (docs/server.md)."""

from __future__ import annotations

import os
from pathlib import Path

from patron.faces.project import environment

HOME = environment.home()
PACKAGE = Path(__file__).resolve().parents[2]
WEB = PACKAGE / "faces" / "web"

SECRET_KEY = environment.secret_key(HOME)
DEBUG = os.environ.get("PATRON_DEBUG") == "1"
# The address people open, e.g. https://patron.example.com; the rest of what depends on it is derived.
PUBLIC_URL = os.environ.get("PATRON_URL", "http://localhost:8000")
ALLOWED_HOSTS = environment.hosts(PUBLIC_URL)
CSRF_TRUSTED_ORIGINS = [*environment.words("PATRON_ORIGINS"), *environment.origin(PUBLIC_URL)]

INSTALLED_APPS = [
    "django.contrib.contenttypes",
    "django.contrib.auth",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
    "django_htmx",
    "django_tasks",
    "django_tasks_db",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "patron.crm.kit.apps.KitConfig",
    "patron.crm.accounts.apps.AccountsConfig",
    "patron.crm.customers.apps.CustomersConfig",
    "patron.crm.sources.apps.SourcesConfig",
    "patron.crm.scoring.apps.ScoringConfig",
    "patron.faces.web.apps.WebConfig",
]

MIDDLEWARE = [
    "patron.faces.project.health.health",
    "patron.faces.project.requests.logged",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.middleware.gzip.GZipMiddleware",  # pages and answers; it pads them against guessing (BREACH)
    "patron.faces.web.middleware.security_headers",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "patron.faces.web.middleware.language",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "patron.faces.web.accounts.middleware.own_password_first",
    "patron.faces.web.middleware.problems",
]

ROOT_URLCONF = "patron.faces.project.urls"
WSGI_APPLICATION = "patron.faces.project.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        # One folder of templates for each app's pages; the shell's overrides allauth's.
        "DIRS": [*sorted(WEB.glob("*/templates")), PACKAGE / "faces" / "api" / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "patron.faces.web.shell.context.page",
            ],
            "builtins": ["patron.faces.web.shell.tags"],
        },
    }
]

DATABASES = {"default": environment.database(os.environ.get("PATRON_DATABASE_URL"), HOME)}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/"
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_ADAPTER = "patron.faces.web.accounts.adapter.Adapter"
ACCOUNT_PRESERVE_USERNAME_CASING = False
ACCOUNT_LOGOUT_ON_GET = False
MFA_ADAPTER = "patron.faces.web.accounts.two_step.TwoStep"
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes"]
ACCOUNT_SESSION_REMEMBER = True
ACCOUNT_RATE_LIMITS = {
    "login": "30/m/ip",
    "login_failed": "10/m/ip,5/5m/key",
    "reauthenticate": "10/m/user",
    "reset_password": "10/m/ip,3/5m/key",
}
ACCOUNT_EMAIL_NOTIFICATIONS = False
MFA_TOTP_ISSUER = "Patron"
MFA_TOTP_TOLERANCE = 1  # clocks of phones differ
MFA_ALLOW_UNVERIFIED_EMAIL = True  # people come in by invitation: nobody has claimed an address of somebody else
MFA_RECOVERY_CODES_SHOW_ONCE = False

SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_SAMESITE = "Lax"
SECURE = os.environ.get("PATRON_HTTPS", "1" if PUBLIC_URL.startswith("https:") else "0") == "1"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = SECURE
SECURE_SSL_REDIRECT = SECURE
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if os.environ.get("PATRON_PROXY") == "1" else None
SECURE_HSTS_SECONDS = 31_536_000 if SECURE else 0
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"

LANGUAGE_CODE = "en"
LANGUAGES = [("en", "English"), ("zh-hans", "简体中文")]
USE_I18N = True
USE_TZ = True
TIME_ZONE = "UTC"

# Requests a minute for each token or person, counted on this machine; 0 is no limit.
API_RATE: int = int(os.environ.get("PATRON_API_RATE", "1000"))

STATIC_URL = "/static/"
STATIC_ROOT = None  # nothing is collected: whitenoise finds the files where they lie
STATICFILES_DIRS = [WEB / "static"]
# Files are few and small: whitenoise finds them where they lie, so that there is no collecting step on a small server.
WHITENOISE_USE_FINDERS = True
WHITENOISE_MAX_AGE = 0 if DEBUG else 3600

# Counts of failed sign-ins and the like, for all processes of this machine together.
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.filebased.FileBasedCache",
        "LOCATION": HOME / "cache",
        "OPTIONS": {"MAX_ENTRIES": 2000},
    }
}

UPLOADS = HOME / "uploads"
# The largest file that people and programs may send, in bytes; the command line on the server takes any.
UPLOAD_LIMIT = environment.size("PATRON_UPLOAD_LIMIT", 2 << 30)
FILE_UPLOAD_TEMP_DIR = None
DATA_UPLOAD_MAX_MEMORY_SIZE = 20 * 1024 * 1024
FILE_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024

TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend", "QUEUES": []}}

EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
EMAIL_HOST = os.environ.get("PATRON_SMTP_HOST", "")
EMAIL_PORT = int(os.environ.get("PATRON_SMTP_PORT", "587"))
EMAIL_HOST_USER = os.environ.get("PATRON_SMTP_USER", "")
EMAIL_HOST_PASSWORD = os.environ.get("PATRON_SMTP_PASSWORD", "")
EMAIL_USE_TLS = os.environ.get("PATRON_SMTP_TLS", "1") == "1"
EMAIL_TIMEOUT = 10
DEFAULT_FROM_EMAIL = os.environ.get("PATRON_MAIL_FROM", "patron@localhost")

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"json": {"()": "patron.faces.project.logs.JsonFormatter"}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "json"}},
    "root": {"handlers": ["stderr"], "level": os.environ.get("PATRON_LOG_LEVEL", "WARNING")},
    "loggers": {
        "patron": {"level": os.environ.get("PATRON_OWN_LOG_LEVEL", "INFO")},
        # These tell addresses with their values; patron.request tells the same without.
        "django.request": {"level": "CRITICAL"},
        "django_tasks": {"level": "WARNING"},
    },
}
