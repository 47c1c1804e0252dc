from datetime import date

import pytest

from portal.bulk import overwrite, pour
from portal.models import Batch, Line, Matter, Organisation, Role
from tests import make

AWKWARD = ["", "NULL", "null", 'a"b', "a\\b", "{a,b}", "a,b", "it's", " a\tb\n", "%s %(x)s", "中文\u3000“”", "\\N"]


@pytest.fixture
def batch(city):
    by = make.user(Role.BUREAU_HANDLER, district=city.root)
    return Batch.objects.create(kind="stations", name="x", by=by, state="ready")


def lines(batch) -> list[Line]:
    return [
        Line(batch=batch, number=n, cells=[text], problems={text: [None, 1, 2.5, True, text]}, target=text[:20])
        for n, text in enumerate(AWKWARD)
    ]


def test_what_is_poured_in_comes_out_as_it_was(batch):
    made = pour(lines(batch))
    found = Line.objects.filter(batch=batch).order_by("number")
    assert [line.pk for line in made] == [line.pk for line in found]
    assert [line.cells for line in found] == [[text] for text in AWKWARD]
    assert [line.problems for line in found] == [{text: [None, 1, 2.5, True, text]} for text in AWKWARD]
    assert [line.target for line in found] == AWKWARD


def test_bytes_are_poured_as_they_are(batch):
    sealed = [bytes(range(256)), b"", b"\\x00"]
    made = pour([Line(batch=batch, number=n, cells=[], sealed=value) for n, value in enumerate(sealed)])
    assert [bytes(Line.objects.get(pk=line.pk).sealed) for line in made] == sealed


def test_what_is_overwritten_comes_out_as_it_was(batch):
    made = pour([Line(batch=batch, number=n, cells=[]) for n in range(len(AWKWARD))])
    for line, text in zip(made, AWKWARD, strict=True):
        line.target, line.sealed, line.changes = text, text.encode() or None, {"x": [text, None]}
    overwrite(made, ["target", "sealed", "changes"])
    found = Line.objects.filter(batch=batch).order_by("number")
    told = [(x.target, x.sealed and bytes(x.sealed), x.changes) for x in found]
    assert told == [(text, text.encode() or None, {"x": [text, None]}) for text in AWKWARD]


def test_dates_and_what_is_not_there_are_poured_too(city):
    rows = pour([matter(city, n, on) for n, on in enumerate((date(2026, 1, 2), None))])
    for row in rows:
        row.refresh_from_db()
    assert [(row.filed_on, row.opener_id, row.helped) for row in rows] == [
        (date(2026, 1, 2), None, False),
        (None, None, False),
    ]


def matter(city, n, on):
    owner = Organisation.objects.filter(kind="enterprise").first()
    return Matter(
        number=f"X-{n}",
        kind="x",
        title="x",
        organisation=owner,
        district=city.north,
        opened_on=date(2026, 1, 1),
        held_since=date(2026, 1, 1),
        filed_on=on,
        status="x",
    )
