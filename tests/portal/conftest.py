"""The small pack in a folder of its own, and loaded."""

import pytest

from portal import packs
from portal.packs import reading
from tests.portal import small_pack


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """Where the small pack is written: a fixtures/small of its own, without a calendar beside it."""
    monkeypatch.setattr(reading, "HOME", tmp_path / "fixtures")
    return tmp_path / "fixtures" / "small"


@pytest.fixture
def small(folder, db):
    return packs.load(small_pack.write(folder))
