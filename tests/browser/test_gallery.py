"""Every part of the kit in every state, also those that no page of the demonstration happens to show."""

import pytest

from tests.browser.conftest import DESKTOP, PHONE

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.mark.parametrize(
    ("size", "density", "language"),
    [(DESKTOP, "desk", "zh-CN"), (PHONE, "", "en-GB"), ((320, 640), "", "zh-CN")],
    ids=["desk", "phone in English", "the smallest phone"],
)
def test_every_part_holds_together(size, density, language, city, visitor, settings):
    settings.ROOT_URLCONF = "tests.browser.gallery"
    visitor(size=size, language=language).go(f"/gallery/?density={density}").look()
