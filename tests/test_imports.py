"""portal < stations < postdocs < subsidies < targets: an app imports only from its left."""

import pytest

from tools.imports import ORDER, wrong_names


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
