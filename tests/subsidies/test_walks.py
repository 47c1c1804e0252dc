"""Money under whatever is pressed in whatever order (the long walks are in tests/test_soak.py)."""

import pytest

from tests.subsidies.walking import Walk


@pytest.mark.parametrize("seed", [4, 12])
def test_whatever_is_pressed_the_journal_proves_itself_and_nobody_is_paid_twice(city, people, seed):
    walk = Walk(city, people, seed=seed, count=2)
    walk.go(60)
    assert {"collect", "hand_over", "release", "send"} <= set(walk.taken)
    assert walk.refused
