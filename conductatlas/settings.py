"""All settings, read from the environment.

`CONDUCTATLAS_ENV` is `local` (the default: one machine, plain http on 127.0.0.1, nothing to configure) or
`production` (a missing secret, host or database stops the start with advice). The README's tour for operators lists
every variable.
"""

import os
from pathlib import Path

import dj_database_url
from csp.constants import NONE, SELF
from django.core.exceptions import ImproperlyConfigured

from conductatlas import postgres
from conductatlas.secret import secret_key

BASE_DIR = Path(__file__).resolve().parent.parent
DATA_DIR = BASE_DIR / ".data"

ENVIRONMENT = os.environ.get("CONDUCTATLAS_ENV", "local")
if ENVIRONMENT not in {"local", "production"}:
    raise ImproperlyConfigured(
        f"CONDUCTATLAS_ENV is {ENVIRONMENT!r}: set it to 'local' or 'production', or leave it out."
    )
PRODUCTION = ENVIRONMENT == "production"


def required(name: str, advice: str) -> str:
    """The environment variable `name`; in its absence the start stops with advice."""
    value = os.environ.get(name, "").strip()
    if not value:
        raise ImproperlyConfigured(f"{name} is not set, and CONDUCTATLAS_ENV is 'production'. {advice}")
    return value


def flag(name: str, *, default: bool) -> bool:
    """An on/off environment variable."""
    value = os.environ.get(name, "").strip().lower()
    if value not in {"", "0", "1", "true", "false", "yes", "no", "on", "off"}:
        raise ImproperlyConfigured(f"{name} is {value!r}: set it to 1 or 0.")
    return default if not value else value in {"1", "true", "yes", "on"}


def listed(value: str) -> list[str]:
    return [item.strip() for item in value.split(",") if item.strip()]


DEBUG = flag("DEBUG", default=False) and not PRODUCTION

if PRODUCTION:
    SECRET_KEY = required(
        "SECRET_KEY", "Set it to a long random string, for example the output of: openssl rand -base64 48"
    )
    ALLOWED_HOSTS = listed(
        required("ALLOWED_HOSTS", "Set it to the host names readers use, separated by commas: atlas.example.org")
    )
    DATABASE_URL = required(
        "DATABASE_URL", "Set it to a PostgreSQL 17+ server: postgresql://user:password@host:5432/conductatlas"
    )
else:
    SECRET_KEY = os.environ.get("SECRET_KEY") or secret_key(DATA_DIR / "secret_key")
    ALLOWED_HOSTS = ["127.0.0.1", "localhost", "[::1]", *listed(os.environ.get("ALLOWED_HOSTS", ""))]
    DATABASE_URL = os.environ.get("DATABASE_URL") or postgres.address()

# The address under which readers see the site: canonical links and citations are made from it, never from a request's
# Host header.
SITE_URL = os.environ.get("SITE_URL", "").rstrip("/") or (
    f"https://{ALLOWED_HOSTS[0]}" if PRODUCTION else f"http://127.0.0.1:{os.environ.get('PORT') or '8000'}"
)

# Capturing documents: where a platform's operator can read who asks, and the places ("127.0.0.1:8000") that may be
# asked though they are not public. Every other private, loopback and link-local address is refused.
CAPTURE_CONTACT = os.environ.get("CAPTURE_CONTACT", "").strip() or f"{SITE_URL}/about/"
CAPTURE_PRIVATE = listed(os.environ.get("CAPTURE_PRIVATE", ""))
CAPTURE_CHROMIUM = os.environ.get("CAPTURE_CHROMIUM", "").strip()  # the browser for pages that need one

INSTALLED_APPS = [
    "clauses",
    "platforms",
    "conductatlas",
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.postgres",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "django_htmx",
    "template_partials",
    "csp",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "csp.middleware.CSPMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.middleware.gzip.GZipMiddleware",
    "django.middleware.http.ConditionalGetMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "conductatlas.carrying.CarryTyped",
    "platforms.addresses.FormerAddressMiddleware",
]

ROOT_URLCONF = "conductatlas.urls"
WSGI_APPLICATION = "conductatlas.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "conductatlas.context.site",
            ],
        },
    },
]

FORM_RENDERER = "conductatlas.forms.QuickTemplates"

DATABASE = dj_database_url.parse(DATABASE_URL, conn_max_age=60, conn_health_checks=True)
if os.environ.get("STATEMENT_TIMEOUT_MS"):
    # A page that takes longer is given up, so that no single request holds the database.
    DATABASE.setdefault("OPTIONS", {}).setdefault(
        "options", f"-c statement_timeout={int(os.environ['STATEMENT_TIMEOUT_MS'])}"
    )
# template0, so that a test database can be made whatever has been done to template1.
DATABASES = {"default": {**DATABASE, "TEST": {"TEMPLATE": "template0"}}}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache", "OPTIONS": {"MAX_ENTRIES": 500}}}

AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}"}
    for name in (
        "UserAttributeSimilarityValidator",
        "MinimumLengthValidator",
        "CommonPasswordValidator",
        "NumericPasswordValidator",
    )
]
LOGIN_URL = "admin:login"
CSRF_FAILURE_VIEW = "conductatlas.carrying.not_from_here"

LANGUAGE_CODE = "en-gb"
TIME_ZONE = "UTC"
USE_I18N = False
USE_TZ = True

STATIC_URL = "static/"
STATIC_ROOT = DATA_DIR / "static"
STATICFILES_DIRS = [BASE_DIR / "static"]
# Collected files have a hash in their name and never expire; without a collection (runserver, tests) they come straight
# from static/.
STATIC_COLLECTED = PRODUCTION or os.environ.get("CONDUCTATLAS_STATIC") == "collected"
WHITENOISE_USE_FINDERS = not STATIC_COLLECTED
if not STATIC_COLLECTED:
    # WhiteNoise would look into the folder of a collection that may not exist, or be older than static/.
    STATIC_ROOT = None
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"
        if STATIC_COLLECTED
        else "django.contrib.staticfiles.storage.StaticFilesStorage"
    },
}

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF],
        "font-src": [SELF],
        "connect-src": [SELF],
        "form-action": [SELF],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
        "object-src": [NONE],
    }
}
# The longest terms have 1.2 million characters, up to four bytes each, and may be pasted; the form of an analysis has a
# few fields for each of its questions.
DATA_UPLOAD_MAX_MEMORY_SIZE = 10 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 2_000

SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
# Only the admin knows people: a browser sends no cookie to a public page.
SESSION_COOKIE_PATH = CSRF_COOKIE_PATH = "/admin/"
SESSION_COOKIE_HTTPONLY = True
CSRF_COOKIE_HTTPONLY = True
if PRODUCTION:
    SESSION_COOKIE_SECURE = True
    CSRF_COOKIE_SECURE = True
    SECURE_SSL_REDIRECT = flag("SECURE_SSL_REDIRECT", default=True)
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if flag("BEHIND_PROXY", default=False) else None
    SECURE_HSTS_SECONDS = 31_536_000
    SECURE_HSTS_INCLUDE_SUBDOMAINS = flag("HSTS_INCLUDE_SUBDOMAINS", default=True)
    SECURE_REDIRECT_EXEMPT = [r"^healthz$"]
    CSRF_TRUSTED_ORIGINS = [SITE_URL]
# W021 (HSTS preload): joining the browsers' preload list is the domain owner's decision, and hard to undo; this program
# cannot take it.
SILENCED_SYSTEM_CHECKS = ["security.W021"]

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "{asctime} {levelname} {name}: {message}", "style": "{"}},
    "handlers": {"stdout": {"class": "logging.StreamHandler", "stream": "ext://sys.stdout", "formatter": "line"}},
    "root": {"handlers": ["stdout"], "level": os.environ.get("LOG_LEVEL", "INFO").upper()},
    "loggers": {"django": {"handlers": [], "propagate": True}, "django.server": {"handlers": [], "propagate": True}},
}

# Nobody publishes an analysis of their own, unless the team is one person.
ONE_PERSON_TEAM = flag("ONE_PERSON_TEAM", default=False)
