"""What every test stands on: a fresh cache, the city of the tests, and its people."""

import pytest
from django.conf import settings
from django.core.cache import cache
from django.core.management import call_command

from portal import packs
from portal.font import FONT
from portal.models import Pack
from tests import make


def pytest_configure(config):
    """English as the catalogue has it, and the font of papers: both are made, and no part of the repository."""
    if hasattr(config, "workerinput"):
        return
    if not FONT.exists():  # ten seconds, too long for a test that waits for its first paper
        call_command("font")
    source = settings.ROOT / "locale" / "en" / "LC_MESSAGES" / "django.po"
    made = source.with_suffix(".mo")
    is_old = not made.exists() or made.stat().st_mtime < source.stat().st_mtime
    if is_old:
        call_command("messages", compile=True)


@pytest.fixture(autouse=True)
def _fresh_cache():
    """What a process remembers for a minute must not outlive a test's database."""
    cache.clear()


@pytest.fixture
def city(db):
    """A small city with three districts, one application type that is sent upward and one that is recognised."""
    return make.city()


@pytest.fixture
def kunshan(db) -> Pack:
    """The real pack of the first city."""
    return packs.load(packs.HOME / "kunshan")


@pytest.fixture
def people(city):
    """One person per role; the enterprise's two accounts act for `city.enterprise`."""
    return make.people(city)


class Telephones:
    """A city's SMS gateway as the tests need it: remembers what it took, refuses some numbers."""

    real = True
    took: list[tuple[str, str]] = []
    broken: dict[str, Exception] = {}

    def send(self, phone, text):
        if phone in self.broken:
            raise self.broken[phone]
        self.took.append((phone, text))


@pytest.fixture
def telephones(settings):
    settings.SMS_GATEWAY = "tests.conftest.Telephones"
    Telephones.took, Telephones.broken = [], {}
    return Telephones
