"""Shareloc's own settings under test: the demonstration's, with everything it writes in a temporary folder.

The database is a file, not memory: live servers and other processes must see it. TEST_DATABASE_URL
chooses another one. The environment is set before the settings are read.
"""

import atexit
import os
import shutil
import tempfile
from pathlib import Path

TEST_DIR = Path(tempfile.mkdtemp(prefix="shareloc-tests-"))
_MAKER = os.getpid()


def _tidy() -> None:
    # A forked child must not take the folder away from the test that forked it.
    if os.getpid() == _MAKER:
        shutil.rmtree(TEST_DIR, ignore_errors=True)


atexit.register(_tidy)

os.environ["DEMO"] = "1"
os.environ["HTTPS"] = "0"
os.environ["DEBUG"] = "0"
os.environ["SECRET_KEY"] = "tests-only-not-a-secret-0123456789-0123456789-0123456789"
os.environ["DATABASE_URL"] = os.environ.get("TEST_DATABASE_URL") or f"sqlite:///{TEST_DIR / 'unused.sqlite3'}"
os.environ["STATICFILES_BACKEND"] = "django.contrib.staticfiles.storage.StaticFilesStorage"
os.environ["MEDIA_ROOT"] = str(TEST_DIR / "media")

from shareloc.settings import *
from shareloc.settings import DATABASES, INSTALLED_APPS, MIDDLEWARE, REST_FRAMEWORK

if DATABASES["default"]["ENGINE"] == "shareloc.web.sqlite":
    DATABASES["default"]["TEST"] = {"NAME": str(TEST_DIR / "test.sqlite3")}
else:
    # A test's connections end with it: pooled ones would keep the database from being dropped.
    DATABASES["default"]["CONN_MAX_AGE"] = 0

# zeal raises when a request repeats a query for each row (N+1); it watches requests, not test bodies.
INSTALLED_APPS = [*INSTALLED_APPS, "zeal"]
MIDDLEWARE = ["zeal.middleware.zeal_middleware", *MIDDLEWARE]
ZEAL_RAISE = True

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
ALLOWED_HOSTS = ["testserver", "127.0.0.1", "localhost"]
# Nothing is asked outside: a test of addresses names its own server.
GEOCODER_DOMAIN = ""
DEMO_MAIL_DIR = TEST_DIR / "courriels"
STATIC_ROOT = TEST_DIR / "static"
STATIC_ROOT.mkdir()
# Tests of throttling set rates of their own.
REST_FRAMEWORK = {
    **REST_FRAMEWORK,
    "DEFAULT_THROTTLE_RATES": dict.fromkeys(REST_FRAMEWORK["DEFAULT_THROTTLE_RATES"], "1000000/min"),
}
