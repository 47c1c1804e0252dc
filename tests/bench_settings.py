"""The settings of the tests with Django's admin beside the portal, which `make bench` is compared with."""

from tests.settings import *  # noqa: F403
from tests.settings import INSTALLED_APPS, LOGGING

INSTALLED_APPS = [*INSTALLED_APPS, "django.contrib.admin.apps.SimpleAdminConfig"]
ROOT_URLCONF = "tests.bench_admin"
LOGGING["root"]["level"] = "WARNING"  # who signs in is no measurement
