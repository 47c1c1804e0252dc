"""The files of the small pack with some lines changed, and what came of it."""

from portal.models import District, Organisation, Pack, Setting, Workday
from tests.portal.small_pack import FILES


def counted():
    """Rows of the kinds that every loading moves."""
    return [model.objects.count() for model in (Pack, District, Organisation, Setting, Workday)]


def same_files(one, other):
    names = sorted(path.name for path in one.glob("*.yaml"))
    assert names == sorted(path.name for path in other.glob("*.yaml"))
    for name in names:
        assert (one / name).read_bytes() == (other / name).read_bytes(), name


def edit(name, *changes):
    """One file with some lines changed; each must occur."""
    text = FILES[name]
    for old, new in changes:
        assert old in text
        text = text.replace(old, new, 1)
    return {name: text}


def settings(old, new):
    return edit("settings.yaml", (old, new))


def lines(refused):
    return [str(mistake).removeprefix("fixtures/small").removeprefix("/") for mistake in refused.value.mistakes]
