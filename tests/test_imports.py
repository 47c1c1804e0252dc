"""portal < stations < postdocs < subsidies < targets: an app imports only from its left."""

import pytest
from django.apps import apps

from tools.imports import ORDER, ROOT, wrong_names


@pytest.mark.parametrize("app", ORDER)
def test_an_app_names_nothing_to_its_right(app):
    assert wrong_names(app) == []


def test_an_import_to_the_right_is_found(tmp_path):
    (tmp_path / "stations").mkdir()
    (tmp_path / "stations" / "models.py").write_text("from targets.models import Plan\nX = 'subsidies.Claim'\n")
    assert [line.split(" ", 1)[0] for line in wrong_names("stations", tmp_path)] == [
        "stations/models.py:1:",
        "stations/models.py:2:",
    ]


@pytest.mark.parametrize("app", [app for app in ORDER if app != "portal"])
def test_each_package_of_an_app_is_one_of_its_topics(app):
    """One that is forgotten would declare its facts, steps and sections to nobody."""
    packages = {path.parent.name for path in (ROOT / app).glob("*/__init__.py")} - {"management", "migrations"}
    assert packages == set(getattr(apps.get_app_config(app), "topics", ()))
