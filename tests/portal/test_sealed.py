"""Sealed values: only with the key, only in their own row, found by equality alone."""

import pytest

from portal import sealed


def test_what_was_sealed_is_read_again_and_never_stands_in_the_bytes():
    kept = sealed.seal("320583199603011239", about="paper.number:1")
    assert sealed.unseal(memoryview(kept), about="paper.number:1") == "320583199603011239"
    assert b"3205" not in kept
    assert sealed.seal("320583199603011239", about="paper.number:1") != kept  # a nonce of its own


def test_in_another_row_it_is_unreadable():
    kept = sealed.seal("a number", about="paper.number:1")
    with pytest.raises(sealed.Unreadable, match="paper.number:2"):
        sealed.unseal(kept, about="paper.number:2")


@pytest.mark.parametrize("place", [0, 2, 6, 18, -1])
def test_one_bit_more_or_less_is_noticed(place):
    kept = bytearray(sealed.seal("a number", about="x"))
    kept[place] ^= 1
    with pytest.raises(sealed.Unreadable):
        sealed.unseal(bytes(kept), about="x")


def test_a_new_key_reads_what_the_old_one_sealed_as_long_as_it_is_named(settings):
    kept = sealed.seal("a number", about="x")
    old, settings.DATA_KEY = settings.DATA_KEY, "another secret"
    with pytest.raises(sealed.Unreadable, match="key"):
        sealed.unseal(kept, about="x")
    settings.DATA_KEYS_OLD = [old]
    assert sealed.unseal(kept, about="x") == "a number"
    assert (sealed.is_current(kept), sealed.is_current(sealed.seal("a", about="x"))) == (False, True)


def test_equal_values_have_one_index_which_depends_on_the_key(settings):
    index = sealed.index_of("a number")
    assert (index, len(index)) == (sealed.index_of("a number"), 64)
    assert index != sealed.index_of("another")
    settings.INDEX_KEY = "another secret"
    assert sealed.index_of("a number") != index
