"""A change of keys: everything sealed anew, in batches, however often it is interrupted."""

import pytest
from django.core.management import call_command

from portal import sealed
from postdocs.management.commands import reseal
from postdocs.models import IdentityPaper
from postdocs.particulars import rows as particulars
from postdocs.people import actions
from tests.postdocs import staying


@pytest.mark.django_db
def test_resealing_goes_on_where_it_was_killed_and_then_has_nothing_to_do(settings, monkeypatch, capsys):
    numbers = [staying.paper_number() for _n in range(5)]
    for number in numbers:
        person = actions.candidate(name="林知远", kind="id_card", number=number)
    particulars.keep(person, {"marital": "married", "spouse_name": "周宁"})
    settings.DATA_KEYS_OLD = [settings.DATA_KEY]
    settings.DATA_KEY = "a new key of this portal"

    def current():
        return [sealed.is_current(paper.number) for paper in IdentityPaper.objects.order_by("pk")]

    resealed, batches = reseal.resealed, []

    def killed(model, column, keys):
        if batches:
            raise KeyboardInterrupt
        batches.append(keys)
        return resealed(model, column, keys)

    monkeypatch.setattr(reseal, "resealed", killed)
    with pytest.raises(KeyboardInterrupt):
        call_command("reseal", batch=2)
    assert current() == [True, True, False, False, False]
    monkeypatch.setattr(reseal, "resealed", resealed)
    call_command("reseal", batch=2)
    assert all(current())
    was = list(IdentityPaper.objects.order_by("pk").values_list("number", "number_index"))
    call_command("reseal", batch=2)
    assert [line.split(" ")[0] for line in capsys.readouterr().out.splitlines()] == ["3", "1", "0", "0"]
    assert [bytes(n) for n, _i in was] == [
        bytes(n) for n in IdentityPaper.objects.order_by("pk").values_list("number", flat=True)
    ]
    settings.DATA_KEYS_OLD = []
    assert particulars.told_of(person) == {"marital": "married", "spouse_name": "周宁"}
    assert [paper.plain for paper in IdentityPaper.objects.order_by("pk")] == numbers
