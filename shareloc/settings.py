"""All settings, in one file; every value a region would want to change comes from the environment.

With no environment at all, this is the demonstration: an embedded SQLite database under var/.
Production sets DATABASE_URL and SECRET_KEY (docs/deployment.md).
"""

from datetime import time, timedelta
from pathlib import Path
from typing import Any

import environ
from csp.constants import NONE, SELF

BASE_DIR = Path(__file__).resolve().parent.parent

env = environ.Env()
environ.Env.read_env(BASE_DIR / ".env")

# Whatever the program writes by default.
VAR_DIR = Path(env.str("VAR_DIR", default=str(BASE_DIR / "var")))

# --- What kind of installation this is ---------------------------------------------------------

DEMO = env.bool("DEMO", default="DATABASE_URL" not in env)
DEBUG = env.bool("DEBUG", default=False)
SECRET_KEY = env.str("SECRET_KEY", default="demonstration-only-not-a-secret" if DEMO else env.NOTSET)
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", default=["127.0.0.1", "localhost", "[::1]"])
CSRF_TRUSTED_ORIGINS = env.list("CSRF_TRUSTED_ORIGINS", default=[])
HTTPS = env.bool("HTTPS", default=not DEMO)

# --- Applications ------------------------------------------------------------------------------

INSTALLED_APPS = [
    "shareloc.site",
    "schools_import",
    "bookings",
    "venues",
    "shareloc.accounts",
    "shareloc.web",
    "shareloc.web.admin_app.Admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
    "django.contrib.sitemaps",
    "django.forms",
    "allauth",
    "allauth.account",
    "axes",
    "django_filters",
    "rest_framework",
    "knox",
    "drf_spectacular",
    "drf_spectacular_sidecar",
    "django_tasks",
    "django_tasks_db",
    "csp",
]
if DEMO:
    INSTALLED_APPS.insert(0, "shareloc.demo")

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "shareloc.web.language.ChosenLanguage",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "axes.middleware.AxesMiddleware",
]

ROOT_URLCONF = "shareloc.urls"
WSGI_APPLICATION = "shareloc.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "shareloc.web.context.ground",
            ],
            "builtins": ["shareloc.web.templatetags.web"],
        },
    },
]

# Widgets are templates among all others, those of `shareloc.web` before Django's own.
FORM_RENDERER = "shareloc.web.renderer.Renderer"

# --- Database ----------------------------------------------------------------------------------

DATABASES: dict[str, dict[str, Any]] = {
    "default": env.db_url("DATABASE_URL", default=f"sqlite:///{VAR_DIR / 'shareloc.sqlite3'}"),
}
if DATABASES["default"]["ENGINE"] == "django.db.backends.sqlite3":
    DATABASES["default"]["ENGINE"] = "shareloc.web.sqlite"
    # IMMEDIATE takes the write lock when a transaction begins, so that two writers wait for each
    # other instead of failing half-way; hence ATOMIC_REQUESTS stays off and reads stay outside.
    DATABASES["default"]["OPTIONS"] = {
        "transaction_mode": "IMMEDIATE",
        "timeout": 20,
        "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL;",
    }
else:
    DATABASES["default"]["CONN_MAX_AGE"] = env.int("CONN_MAX_AGE", default=60)
    DATABASES["default"]["CONN_HEALTH_CHECKS"] = True
    # Many small questions over rows that stay in memory: looking rows up costs little, compiling a plan much.
    DATABASES["default"].setdefault("OPTIONS", {}).setdefault(
        "options", env.str("DATABASE_OPTIONS", default="-c random_page_cost=1.1 -c jit=off")
    )
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

CACHES = {"default": env.cache_url("CACHE_URL", default="locmemcache://")}

# --- Language and time -------------------------------------------------------------------------

LANGUAGE_CODE = "fr"
LANGUAGES = [("fr", "Français"), ("en", "English")]
LANGUAGE_COOKIE_NAME = "langue"
LANGUAGE_COOKIE_AGE = 365 * 24 * 3600
LANGUAGE_COOKIE_SAMESITE = "Lax"
LANGUAGE_COOKIE_HTTPONLY = True
USE_I18N = True
USE_TZ = True
TIME_ZONE = env.str("TIME_ZONE", default="Europe/Paris")
LOCALE_PATHS = [BASE_DIR / "shareloc" / "locale"]

# --- Accounts ----------------------------------------------------------------------------------

AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = [
    "axes.backends.AxesStandaloneBackend",
    "django.contrib.auth.backends.ModelBackend",
    "allauth.account.auth_backends.AuthenticationBackend",
]
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 12},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "site:account"
LOGOUT_REDIRECT_URL = "site:home"
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*", "password2*"]
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_EMAIL_VERIFICATION = "mandatory"
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_SESSION_REMEMBER = None
ACCOUNT_LOGIN_ON_EMAIL_CONFIRMATION = False
ACCOUNT_LOGOUT_ON_PASSWORD_CHANGE = False
ACCOUNT_ADAPTER = "shareloc.accounts.adapter.AccountAdapter"
ACCOUNT_EMAIL_NOTIFICATIONS = True
ACCOUNT_FORMS = {
    "signup": "shareloc.accounts.forms.SignupForm",
    "login": "shareloc.accounts.forms.LoginForm",
    "reset_password": "shareloc.accounts.forms.ResetPasswordForm",
    "reset_password_from_key": "shareloc.accounts.forms.ResetPasswordKeyForm",
    "change_password": "shareloc.accounts.forms.ChangePasswordForm",
    "set_password": "shareloc.accounts.forms.SetPasswordForm",
    "add_email": "shareloc.accounts.forms.AddEmailForm",
    "reauthenticate": "shareloc.accounts.forms.ReauthenticateForm",
}

AXES_FAILURE_LIMIT = env.int("SIGN_IN_FAILURE_LIMIT", default=10)
AXES_COOLOFF_TIME = timedelta(minutes=env.int("SIGN_IN_COOLOFF_MINUTES", default=15))
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_USERNAME_FORM_FIELD = "login"
AXES_LOCKOUT_TEMPLATE = "429.html"
AXES_RESET_ON_SUCCESS = True
AXES_ENABLE_ADMIN = False

# --- Mail, jobs --------------------------------------------------------------------------------

EMAIL_CONFIG = env.email_url("EMAIL_URL", default="smtp://localhost:25")
vars().update(EMAIL_CONFIG)
EMAIL_TIMEOUT = env.int("EMAIL_TIMEOUT", default=20)
DEFAULT_FROM_EMAIL = env.str("DEFAULT_FROM_EMAIL", default="Shareloc <ne-pas-repondre@example.org>")
SERVER_EMAIL = DEFAULT_FROM_EMAIL
DEMO_MAIL_DIR = VAR_DIR / "courriels"
if DEMO:
    EMAIL_BACKEND = "shareloc.demo.mail.FolderBackend"

TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend", "QUEUES": ["default"]}}

# --- API ---------------------------------------------------------------------------------------

REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": [
        "shareloc.accounts.authentication.TokenAuthentication",
        "rest_framework.authentication.SessionAuthentication",
    ],
    "DEFAULT_PERMISSION_CLASSES": ["rest_framework.permissions.IsAuthenticated"],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_PARSER_CLASSES": ["shareloc.web.parsers.JSONParser"],
    "DEFAULT_PAGINATION_CLASS": "shareloc.web.api.Pages",
    "DEFAULT_SCHEMA_CLASS": "shareloc.openapi.AutoSchema",
    "EXCEPTION_HANDLER": "shareloc.web.api.errors",
    "DEFAULT_THROTTLE_CLASSES": [
        "rest_framework.throttling.AnonRateThrottle",
        "rest_framework.throttling.UserRateThrottle",
    ],
    "DEFAULT_THROTTLE_RATES": {
        "anon": env.str("API_RATE_ANONYMOUS", default="600/min" if DEMO else "120/min"),
        "user": env.str("API_RATE_ACCOUNT", default="600/min"),
        "token": env.str("API_RATE_TOKEN", default="60/min" if DEMO else "10/min"),
        "suggestions": env.str("SUGGESTIONS_RATE", default="240/min"),
        "verifications": env.str("VERIFICATIONS_RATE", default="30/min"),
        "invitations": env.str("INVITATIONS_RATE", default="30/hour"),
        "feedback": env.str("FEEDBACK_RATE", default="10/hour"),
    },
    "LIST_SERIALIZER_ERRORS_AS_DICT": True,
    "TEST_REQUEST_DEFAULT_FORMAT": "json",
}
REST_KNOX = {
    "TOKEN_TTL": timedelta(days=env.int("API_TOKEN_DAYS", default=365)),
    "AUTH_HEADER_PREFIX": "Token",
}
SPECTACULAR_SETTINGS = {
    "TITLE": "Shareloc",
    "DESCRIPTION": "Salles et matériel des lycées publics : catalogue, disponibilités, demandes, calendriers.",
    "VERSION": "1",
    "SERVE_INCLUDE_SCHEMA": False,
    "SCHEMA_PATH_PREFIX": "/api/v1",
    "SWAGGER_UI_DIST": "SIDECAR",
    "SWAGGER_UI_FAVICON_HREF": "SIDECAR",
    "REDOC_DIST": "SIDECAR",
    "COMPONENT_SPLIT_REQUEST": True,
    "ENUM_NAME_OVERRIDES": {
        "SpaceKind": "venues.models.Space.Kind",
        "PlaceKind": "venues.gazetteer.Kind",
        "SchoolKind": "venues.models.School.Kind",
        "RequestState": "bookings.states.RequestState",
        "PartyName": "bookings.models.Signature.Side",
        "AlertState": "bookings.models.Alert.State",
        "OccurrenceState": "bookings.states.OccurrenceState",
        "DocumentKind": "shareloc.accounts.models.Document.Kind",
        "DocumentStanding": "shareloc.accounts.documents.Standing",
        "SchoolRoleName": "venues.models.SchoolRole.Role",
        "MembershipRoleName": "shareloc.accounts.models.Membership.Role",
    },
    "POSTPROCESSING_HOOKS": [
        "drf_spectacular.hooks.postprocess_schema_enums",
        "shareloc.openapi.describe_errors",
    ],
}

# --- Static files ------------------------------------------------------------------------------

STATIC_URL = "static/"
STATIC_ROOT = VAR_DIR / "static"
MEDIA_ROOT = Path(env.str("MEDIA_ROOT", default=str(VAR_DIR / "media")))
STATICFILES_FINDERS = [
    "django.contrib.staticfiles.finders.AppDirectoriesFinder",
    "shareloc.web.npm.PackageFinder",
]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": env.str(
            "STATICFILES_BACKEND",
            default="whitenoise.storage.CompressedManifestStaticFilesStorage",
        )
    },
}

# --- Security headers --------------------------------------------------------------------------

MAP_TILES_URL = env.str("MAP_TILES_URL", default="")
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "manifest-src": [SELF],
        "form-action": [SELF],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
        "object-src": [NONE],
    },
}
SECURE_SSL_REDIRECT = HTTPS
SECURE_HSTS_SECONDS = 31_536_000 if HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = HTTPS
SECURE_PROXY_SSL_HEADER = (
    ("HTTP_X_FORWARDED_PROTO", "https") if env.bool("BEHIND_PROXY", default=False) else None
)
SECURE_REFERRER_POLICY = "same-origin"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = LANGUAGE_COOKIE_SECURE = HTTPS
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"
X_FRAME_OPTIONS = "DENY"
CSRF_FAILURE_VIEW = "shareloc.site.errors.csrf_failure"

# --- What a region sets ------------------------------------------------------------------------

# The address people reach this installation at: links in mails and feeds start with it.
SITE_URL = env.str("SITE_URL", default="http://127.0.0.1:8000").rstrip("/")
REGION_NAME = env.str("REGION_NAME", default="Région Hauts-de-France")
CONTACT_EMAIL = env.str("CONTACT_EMAIL", default="contact@example.org")
# What the law asks a site to say of itself; empty, the legal notice says that it is still missing.
PUBLISHER_ADDRESS = env.str("PUBLISHER_ADDRESS", default="")
PUBLICATION_DIRECTOR = env.str("PUBLICATION_DIRECTOR", default="")
HOSTING_PROVIDER = env.str("HOSTING_PROVIDER", default="")
DPO_EMAIL = env.str("DPO_EMAIL", default=CONTACT_EMAIL)
# Invitations to join an organisation: days for which each is valid; how many of one may wait at once.
INVITATION_DAYS = env.int("INVITATION_DAYS", default=7)
INVITATION_MAX = env.int("INVITATION_MAX", default=20)
# How long a remark about a page is kept.
FEEDBACK_DAYS = env.int("FEEDBACK_DAYS", default=365)
# Which rows of the annuaire are ours.
IMPORT_DEPARTMENTS = env.list("IMPORT_DEPARTMENTS", default=["02", "59", "60", "62", "80"])
IMPORT_TYPES = env.list("IMPORT_TYPES", default=["Lycée"])
IMPORT_STATUSES = env.list("IMPORT_STATUSES", default=["Public"])
# A loss above this share of the open schools is refused without --force.
IMPORT_MAX_LOSS = env.float("IMPORT_MAX_LOSS", default=0.05)
GEOCODER_DOMAIN = env.str("GEOCODER_DOMAIN", default="data.geopf.fr/geocodage")
GEOCODER_SCHEME = env.str("GEOCODER_SCHEME", default="https")
GEOCODER_REQUESTS_PER_SECOND = env.int("GEOCODER_REQUESTS_PER_SECOND", default=50)
# How long somebody who searches an address waits for the geocoder at most.
GEOCODER_TIMEOUT_SECONDS = env.float("GEOCODER_TIMEOUT_SECONDS", default=2)
HOLIDAY_ZONE = env.str("HOLIDAY_ZONE", default="B")
# Bounds of a request (days ahead, dates in one request).
REQUEST_HORIZON_DAYS = env.int("REQUEST_HORIZON_DAYS", default=548)
REQUEST_MAX_DATES = env.int("REQUEST_MAX_DATES", default=200)
# The form of a request carries four fields a date, and up to three of what was changed of it.
DATA_UPLOAD_MAX_NUMBER_FIELDS = 1000 + 7 * REQUEST_MAX_DATES
# Dates a school blocks in one go: every weekday of a school year, and some.
BLOCK_MAX_DATES = env.int("BLOCK_MAX_DATES", default=300)
# Without an answer for so many days, promised date passed, a request is shown to the Région.
ESCALATION_DAYS = env.int("ESCALATION_DAYS", default=7)
# How long a counter-offer holds its rooms, unless the manager says otherwise.
OFFER_DAYS = env.int("OFFER_DAYS", default=7)
# The day before a date, its reminder goes out from that hour on.
PREPARE_FROM = time.fromisoformat(env.str("PREPARE_FROM", default="08:00"))
# “I have arrived” may be said so many minutes before a date begins.
ARRIVAL_MINUTES = env.int("ARRIVAL_MINUTES", default=60)
# For so many days after a date its organisation says how it was, and its school that nobody came.
REVIEW_DAYS = env.int("REVIEW_DAYS", default=30)
NO_SHOW_DAYS = env.int("NO_SHOW_DAYS", default=7)
# For so many days after a date the school may note what equipment came back.
RETURN_DAYS = env.int("RETURN_DAYS", default=90)
# The largest photograph taken, in megabytes.
PHOTO_MEGABYTES = env.int("PHOTO_MEGABYTES", default=10)
# What a manager picks from when refusing; each school may have its own.
REFUSAL_REASONS = env.str(
    "REFUSAL_REASONS",
    default="Le lycée a besoin de la salle à ces heures."
    "|Aucun personnel n’est présent pour accueillir à ces heures."
    "|La salle ne convient pas à cette activité."
    "|L’activité n’entre pas dans celles que le lycée peut accueillir."
    "|Le dossier de l’organisme n’est pas complet.",
).split("|")
# A stay of up to so many hours is half a day, where a price is by the half-day.
HALF_DAY_HOURS = env.int("HALF_DAY_HOURS", default=5)
# Documents of organisations: the largest file in megabytes; how many days before a certificate runs out its
# organisation is told; how many days what ran out, or was taken off though a school relied on it, is kept.
DOCUMENT_MEGABYTES = env.int("DOCUMENT_MEGABYTES", default=10)
DOCUMENT_REMINDER_DAYS = env.int("DOCUMENT_REMINDER_DAYS", default=30)
DOCUMENT_KEEP_DAYS = env.int("DOCUMENT_KEEP_DAYS", default=365)
# Alerts: how many a person may have waiting, how long one without a date waits, seconds a run asks for.
ALERT_MAX = env.int("ALERT_MAX", default=10)
ALERT_DAYS = env.int("ALERT_DAYS", default=90)
ALERT_SECONDS = env.int("ALERT_SECONDS", default=30)
# The text of agreements (a typst file, read like bookings/agreements/typst/agreement.typ); empty: that one.
AGREEMENT_TEMPLATE = env.str("AGREEMENT_TEMPLATE", default="")
SEARCH_PAGE_SIZE = env.int("SEARCH_PAGE_SIZE", default=20)
# Rooms or closures on a page of “Mon lycée”, the hours it suggests at first (`1-5` are Monday to Friday).
MANAGED_PAGE_SIZE = env.int("MANAGED_PAGE_SIZE", default=30)
SUGGESTED_HOURS = env.str("SUGGESTED_HOURS", default="1-5 18:00-22:00|6 09:00-18:00")
# Photos of one room.
PHOTO_MAX_COUNT = env.int("PHOTO_MAX_COUNT", default=12)
# Rooms on a page of a lycée's planner; dates on a page of the Région's evening.
PLANNER_PAGE_SIZE = env.int("PLANNER_PAGE_SIZE", default=40)
EVENING_PAGE_SIZE = env.int("EVENING_PAGE_SIZE", default=50)
# An evening goes from that hour to that of the next morning.
EVENING_FROM = time.fromisoformat(env.str("EVENING_FROM", default="17:00"))
EVENING_UNTIL = time.fromisoformat(env.str("EVENING_UNTIL", default="06:00"))
# What people call a day, an afternoon and an evening when they look for any of them.
DAY_STARTS = time.fromisoformat(env.str("DAY_STARTS", default="08:00"))
AFTERNOON_STARTS = time.fromisoformat(env.str("AFTERNOON_STARTS", default="13:00"))
EVENING_STARTS = time.fromisoformat(env.str("EVENING_STARTS", default="18:00"))
EVENING_ENDS = time.fromisoformat(env.str("EVENING_ENDS", default="22:30"))

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "filters": {"hide_secrets": {"()": "shareloc.web.logs.HideSecrets"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "filters": ["hide_secrets"]}},
    # Where Django writes addresses: hidden before any handler, error reports included, sees them.
    "loggers": {
        "django.request": {"filters": ["hide_secrets"]},
        "django.security.csrf": {"filters": ["hide_secrets"]},
        "django.server": {"handlers": ["console"], "level": "INFO", "propagate": False},
    },
    "root": {"handlers": ["console"], "level": env.str("LOG_LEVEL", default="WARNING")},
}
