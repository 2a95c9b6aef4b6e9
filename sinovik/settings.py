"""The portal's settings, all read from the environment. README lists the variables.

Without DATABASE_URL and REDIS_URL the portal starts its own PostgreSQL and Valkey (sinovik/services.py).
Without SECRET_KEY it refuses to start; `make demo` makes one up and keeps it in var/demo.env.
"""

from pathlib import Path

import environ
from celery.schedules import crontab
from csp.constants import NONE, SELF
from django.core.exceptions import ImproperlyConfigured
from django.utils.translation import gettext_lazy as _

from sinovik import services

BASE_DIR = Path(__file__).resolve().parent.parent
VAR_DIR = BASE_DIR / "var"

env = environ.Env()
services.read_demonstration(env, VAR_DIR / "demo.env")

DEMO = env.bool("DEMO", default=False)
DEBUG = env.bool("DEBUG", default=False)
SECRET_KEY = env.str("SECRET_KEY", default="")
if not SECRET_KEY:
    raise ImproperlyConfigured(
        "SECRET_KEY is not set. For a real portal set it (and DATABASE_URL, REDIS_URL, EMAIL_URL, ALLOWED_HOSTS,"
        " SITE_URL) in the environment; to try the portal run `make demo`."
    )
if not (DEMO or DEBUG or env.str("EMAIL_URL", default="")):
    raise ImproperlyConfigured(
        "EMAIL_URL is not set: letters would be ticked off as sent and reach nobody. Name the mail server, for example"
        " EMAIL_URL=smtp+tls://user:password@host:587, or choose consolemail:// to have them printed."
    )
SITE_URL = env.str("SITE_URL", default="http://localhost:8000")
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", default=["localhost", "127.0.0.1", "[::1]"])
CSRF_TRUSTED_ORIGINS = [SITE_URL]

INSTALLED_APPS = [
    "sinovik",
    "desk",
    "opendata",
    "yearbook",
    "awards",
    "objections",
    "helpdesk",
    "announcements",
    "judging",
    "proposals",
    "catalogue",
    "competitions",
    "accounts",
    "files",
    "notifications",
    "audit",
    "allauth",
    "allauth.account",
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "django.contrib.postgres",
    "django.contrib.humanize",
    "django.forms",
    "crispy_forms",
    "crispy_bootstrap5",
    "django_htmx",
    "template_partials",
    "pgtrigger",
    "rules",
]

MIDDLEWARE = [
    "files.middleware.RequestSizeMiddleware",  # its look at the length comes before anything reads the request
    "sinovik.middleware.NulMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "accounts.middleware.LanguageMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "accounts.middleware.LoginMiddleware",
    "accounts.middleware.ReaderMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
]

ROOT_URLCONF = "sinovik.urls"
WSGI_APPLICATION = "sinovik.wsgi.application"

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
                "sinovik.context.portal",
            ],
            "builtins": ["sinovik.templatetags.portal"],
        },
    }
]
FORM_RENDERER = "django.forms.renderers.TemplatesSetting"
CRISPY_ALLOWED_TEMPLATE_PACKS = CRISPY_TEMPLATE_PACK = "bootstrap5"

# --- Data ---------------------------------------------------------------------------------------------------------
DATABASES = {"default": services.database(env, VAR_DIR)}
QUEUE_FOLDER = VAR_DIR / "valkey"
REDIS_URL = services.redis_url(env, QUEUE_FOLDER)
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
MEDIA_ROOT = env.path("MEDIA_ROOT", default=str(VAR_DIR / "media"))
STORAGES = {
    "default": services.file_store(env.str("STORAGE_URL", default="")),
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}
# Sessions live in the database: losing Valkey must not log anybody out on deadline day.
SESSION_ENGINE = "django.contrib.sessions.backends.db"
FILE_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024
DATA_UPLOAD_MAX_MEMORY_SIZE = 5 * 1024 * 1024
REQUEST_MAX_MB = env.int("REQUEST_MAX_MB", default=32)  # larger requests are refused before they are read
UPLOAD_CHECK_SECONDS = env.float("UPLOAD_CHECK_SECONDS", default=0.7)  # of computing time, for one file
# What may arrive in a day from one person, for one proposal, for one agency, from one address without an account and
# from all such visitors together. A few megabytes is a proposal; a province may sit behind one address.
UPLOAD_MB_PER_DAY = {"user": 300, "proposal": 200, "agency": 5000, "address": 200, "visitors": 5000} | env.dict(
    "UPLOAD_MB_PER_DAY", cast={"value": int}, default={}
)
CLAMAV_URL = env.str("CLAMAV_URL", default="")
CLAMAV_TIMEOUT = env.float("CLAMAV_TIMEOUT", default=20)  # seconds for each step of the conversation

# --- Celery -------------------------------------------------------------------------------------------------------
CELERY_BROKER_URL = REDIS_URL
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_TASK_TIME_LIMIT = 600
CELERY_BROKER_TRANSPORT_OPTIONS = {
    "visibility_timeout": 1200,
    "unacked_restore_interval": 10,
    "unacked_restore_throttle": 1,
    "socket_timeout": 5,
    "socket_connect_timeout": 1,
    "max_retries": 1,  # of whoever publishes: a request must not wait for a queue that is down; workers retry for ever
    "interval_start": 0,
    "connect_retries_timeout": 1,
}
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_BROKER_CONNECTION_MAX_RETRIES = None
CELERY_TASK_PUBLISH_RETRY = False  # the outbox is swept each minute; a web request never waits for the queue
# One tick a minute; each task selects what is due by the database clock, so beat itself holds no state.
CELERY_BEAT_SCHEDULE = {
    name: {"task": name, "schedule": crontab()}
    for name in (
        "notifications.tasks.deliver_due",
        "proposals.tasks.forget_old_keys",
        "proposals.tasks.remind",
        "proposals.tasks.send_at_closing",
        "proposals.tasks.tell_comments",
        "proposals.tasks.compare",
        "proposals.tasks.export",
        "judging.tasks.remind",
        "judging.tasks.solve_waiting",
        "catalogue.tasks.write_imports",
        "judging.tasks.draft_waiting",
        "announcements.tasks.publish_due",
        "awards.tasks.print_waiting",
        "desk.tasks.write_letters",
        "desk.tasks.extract",
        "audit.tasks.seal",
    )
}
# Half past one at night in Jakarta, when no juror is waiting; computed anew only where a sheet was added.
CELERY_BEAT_SCHEDULE["judging.tasks.calibrate"] = {
    "task": "judging.tasks.calibrate",
    "schedule": crontab(minute="30", hour="18"),
}
CELERY_BEAT_SCHEDULE["catalogue.tasks.remind"] = {  # at nine in the morning in Jakarta
    "task": "catalogue.tasks.remind",
    "schedule": crontab(minute="0", hour="2"),
}
CELERY_BEAT_SCHEDULE["files.tasks.forget_unused"] = {
    "task": "files.tasks.forget_unused",
    "schedule": crontab(minute=17),
}

# --- Open data ----------------------------------------------------------------------------------------------------
OPEN_DATA_PER_MINUTE = env.int("OPEN_DATA_PER_MINUTE", default=120)  # questions one address may ask each web process

# --- Deadlines ----------------------------------------------------------------------------------------------------
# A sending that reaches the portal so many seconds after the deadline still counts; each such one is recorded.
SUBMISSION_GRACE_SECONDS = env.int("SUBMISSION_GRACE_SECONDS", default=0)
# Whether agency admins may let complete proposals send themselves, and how long before closing that happens.
AUTO_SEND = env.bool("AUTO_SEND", default=True)
AUTO_SEND_MINUTES = env.int("AUTO_SEND_MINUTES", default=10)

# --- People -------------------------------------------------------------------------------------------------------
AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = [
    "rules.permissions.ObjectPermissionBackend",
    "allauth.account.auth_backends.AuthenticationBackend",
]
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "home"
ACCOUNT_ADAPTER = "accounts.adapter.AccountAdapter"
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_EMAIL_VERIFICATION = "mandatory"
ACCOUNT_CONFIRM_EMAIL_ON_GET = False
ACCOUNT_LOGOUT_ON_GET = False
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_EMAIL_NOTIFICATIONS = True
ACCOUNT_SESSION_REMEMBER = True
# A whole province may sit behind one address: generous per IP, strict per account.
ALLAUTH_TRUSTED_PROXY_COUNT = env.int("TRUSTED_PROXIES", default=0)  # how many add to X-Forwarded-For before us
ACCOUNT_RATE_LIMITS = {"login": "600/m/ip", "login_failed": "5/5m/key,300/5m/ip"}

# --- Language and time --------------------------------------------------------------------------------------------
LANGUAGE_CODE = "id"
LANGUAGES = [("id", _("Indonesian")), ("en", _("English"))]
LOCALE_PATHS = [BASE_DIR / "sinovik" / "locale"]
USE_I18N = True
USE_TZ = True
TIME_ZONE = "Asia/Jakarta"  # what a visitor without an account reads; stored times are UTC
USE_THOUSAND_SEPARATOR = True

# --- Mail ---------------------------------------------------------------------------------------------------------
EMAIL_CONFIG = env.email("EMAIL_URL", default="consolemail://")
vars().update(EMAIL_CONFIG)
EMAIL_TIMEOUT = 20  # seconds for each answer of the mail server
if DEMO:  # every message is readable in the portal instead, at /mailbox/
    EMAIL_BACKEND = "notifications.mail.OutboxBackend"
HELPDESK_EMAIL = env.str("HELPDESK_EMAIL", default="")  # shown in the footer and on the help page; told of new tickets
HELPDESK_WHATSAPP = env.str("HELPDESK_WHATSAPP", default="")  # number with country code, digits only: 628…
DEFAULT_FROM_EMAIL = env.str("DEFAULT_FROM_EMAIL", default="Sinovik <no-reply@localhost>")

# --- Static files and browser safety ------------------------------------------------------------------------------
STATIC_URL = "/static/"
STATIC_ROOT = VAR_DIR / "static"
STATICFILES_DIRS = [BASE_DIR / "static", ("bootstrap/css", services.bootstrap_css_dir())]
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
SESSION_COOKIE_HTTPONLY = CSRF_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"
if SITE_URL.startswith("https://"):
    SECURE_SSL_REDIRECT = True
    SECURE_REDIRECT_EXEMPT = [r"^healthz$", r"^readyz$"]
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    SECURE_HSTS_SECONDS = 365 * 24 * 3600
    SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = True
    SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = True
    SESSION_COOKIE_NAME, CSRF_COOKIE_NAME = "__Host-session", "__Host-csrf"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],  # Bootstrap's CSS carries its glyphs as data: SVG
        "font-src": [SELF],
        "connect-src": [SELF],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
        "base-uri": [NONE],
    }
}
