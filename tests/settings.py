"""The portal's settings on the servers that `make test` started: cheap passwords, plain static files, one day.

Each parallel worker has a folder for files and a Redis database of its own. All tests play on the morning of
20 November 2026, whenever they run: the official calendar of working days ends somewhere, and so do the plans.
"""

import atexit
import os
import re
import shutil
import tempfile
import time
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from django.core.exceptions import ImproperlyConfigured
from django.utils import timezone

MORNING = datetime(2026, 11, 20, 9, tzinfo=ZoneInfo("Asia/Shanghai"))


def given(name: str) -> str:
    try:
        return os.environ[name]
    except KeyError:
        raise ImproperlyConfigured(
            f'{name} is not set: start the tests with make test ARGS="…", which starts their servers.'
        ) from None


WORKER = os.environ.get("PYTEST_XDIST_WORKER", "main")


def numbered(url: str) -> str:
    """Return a Redis URL with the number of this parallel worker, 1 to 15; 0 when nothing is parallel."""
    number = 0 if WORKER == "main" else int(WORKER.removeprefix("gw")) % 15 + 1
    return re.sub(r"/\d*$", "", url) + f"/{number}"


def folder() -> str:
    """Return the folder of this worker, and of the processes its tests start: they share uploaded files."""
    name = f"TEST_FOLDER_{WORKER}"
    if name not in os.environ:
        os.environ[name] = tempfile.mkdtemp(prefix="portal-test-")
        os.mkdir(f"{os.environ[name]}/static")
        atexit.register(remove, os.environ[name], os.getpid())
    return os.environ[name]


def remove(path: str, maker: int) -> None:
    if os.getpid() == maker:
        shutil.rmtree(path, ignore_errors=True)


def set_clock() -> None:
    """Let Django's clock run from that morning on, in this process and in those that it starts."""
    os.environ.setdefault("TEST_CLOCK", str(MORNING.timestamp() - time.time()))
    ahead, real = timedelta(seconds=float(os.environ["TEST_CLOCK"])), timezone.now
    timezone.now = lambda: real() + ahead


set_clock()

# What the developer has in the environment doesn't steer the tests.
for name in ("SECRET_KEY", "DATA_KEY", "INDEX_KEY", "DATABASE_URL", "DATABASE_PASSWORD", "REDIS_URL", "EMAIL_URL"):
    os.environ.pop(f"{name}_FILE", None)
for name in ("CITY", "CSRF_TRUSTED_ORIGINS", "DEFAULT_FROM_EMAIL", "EMAIL_URL", "FILES_ACCEL", "FILES_ROOT"):
    os.environ.pop(name, None)
for name in ("LOG_LEVEL", "MFA_ROLES", "SECRET_KEY_OLD", "DATA_KEY_OLD", "SMS_GATEWAY"):
    os.environ.pop(name, None)
os.environ |= {
    "SECRET_KEY": "for tests only, and for that reason as long as a real one must be",
    "DATA_KEY": "seals for tests only",
    "INDEX_KEY": "finds for tests only",
    "ALLOWED_HOSTS": "127.0.0.1,localhost",
    "HTTPS": "0",
    "PROXIES": "0",
    "VAR": folder(),
    "DATABASE_URL": given("TEST_DATABASE_URL"),
    "REDIS_URL": numbered(given("TEST_REDIS_URL")),
}

from portal.settings import *  # noqa: E402, F403, TID251
from portal.settings import DATABASES, ROOT, STORAGES, TEMPLATES  # noqa: E402, TID251

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
DATABASES["default"]["CONN_MAX_AGE"] = 0  # else the threads of a live server keep the test database busy
if os.environ.get("TEST_DATABASE_TEMPLATE"):  # with all tables, made once for all workers
    DATABASES["default"]["TEST"] = {"TEMPLATE": os.environ["TEST_DATABASE_TEMPLATE"]}
STORAGES["staticfiles"] = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
WHITENOISE_USE_FINDERS = True
WHITENOISE_AUTOREFRESH = True
TEMPLATES[0]["DIRS"] = [ROOT / "templates", ROOT / "tests" / "browser" / "templates"]  # with the gallery
TEMPLATES[0]["OPTIONS"]["string_if_invalid"] = "⟦%s⟧"  # what a page names and nobody gave: tests/test_links.py
