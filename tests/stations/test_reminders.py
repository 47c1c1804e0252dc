"""Certificates, batches and promises near their day ring once for each threshold, and not for who switched it off."""

from datetime import date, timedelta

import pytest
from django.test import Client

from portal import claims, jobs, reminders
from portal.models import Job, Matter, Mute, Notice, Reminder, Role, Setting
from stations import reminders as stations_reminders
from stations.models import ApplicationWindow, Certificate
from tests import make
from tests.reading import Visitor

ON, DAY = make.ON, timedelta(1)


@pytest.fixture
def days(city):
    for code, value in (("days.certificate", 90), ("days.batch", 14), ("days.lapse", 2)):
        Setting.objects.create(pack=city.pack, code=code, title="x", why="x", kind="integer", value=value)
    return city


def certificate(city, left, **values) -> Certificate:
    given = {"enterprise": city.enterprise, "tag": "high_tech", "number": "GR1", "since": date(2020, 1, 1)}
    return Certificate.objects.create(**(given | {"until": ON + left * DAY} | values))


def told(user, part) -> int:
    return Notice.objects.filter(user=user, text__contains=part).count()


# --- certificates ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("left", "rings"), [(91, 0), (90, 1), (31, 1), (30, 1), (1, 1), (0, 1), (-29, 1), (-30, 0)], ids=str
)
def test_a_certificate_rings_for_its_enterprise_and_its_district(left, rings, days, people):
    certificate(days, left)
    stations_reminders.certificates(ON)
    for person in (Role.HANDLER, Role.CERTIFIER, Role.DISTRICT):
        assert told(people[person], "高新技术企业") == rings
    for person in ("other_district", "other_unit", Role.BUREAU_HANDLER):
        assert told(people[person], "高新技术企业") == 0


def test_once_for_each_threshold_and_never_twice(days, people):
    certificate(days, 90)
    counts = [stations_reminders.certificates(ON + n * DAY) for n in (0, 0, 1, 59, 60, 61, 90, 91)]
    assert counts == [3, 0, 0, 0, 3, 0, 3, 0]


def test_a_renewed_certificate_is_silent(days):
    row = certificate(days, 10)
    certificate(days, 400, since=row.until, number="GR2")
    assert stations_reminders.certificates(ON) == 0


def test_a_city_that_says_nothing_hears_nothing(city, people):
    certificate(city, 10)
    make.brought_to("district", city, people)
    Matter.objects.update(due_on=ON)
    assert stations_reminders.certificates(ON) == stations_reminders.drafts(ON) == reminders.promises(ON) == 0


def test_it_leads_to_the_papers(days, people):
    certificate(days, 10)
    stations_reminders.certificates(ON)
    client = Client()
    client.force_login(people[Role.HANDLER], "portal.accounts.Backend")
    answer = client.post(f"/notices/{people[Role.HANDLER].notices.get().pk}/")
    assert answer["Location"] == "/enterprise/papers/"
    assert client.get(answer["Location"]).status_code == 200


# --- drafts ------------------------------------------------------------------------------------


@pytest.mark.parametrize(("left", "rings"), [(15, 0), (14, 1), (4, 1), (3, 1), (0, 1)], ids=str)
def test_a_draft_rings_before_its_batch_closes(left, rings, days, people):
    make.draft(days, people[Role.HANDLER])
    given = {"pack": days.pack, "type": days.upward, "code": "b1", "title": "第一批"}
    ApplicationWindow.objects.create(**given, since=ON - DAY, until=ON + (left + 1) * DAY)
    assert stations_reminders.drafts(ON) == 2 * rings
    assert stations_reminders.drafts(ON) == 0
    assert told(people[Role.HANDLER], "“第一批”到") == rings


def test_what_was_handed_in_is_silent(days, people):
    make.brought_to("district", days, people)
    given = {"pack": days.pack, "type": days.upward, "code": "b1", "title": "第一批"}
    ApplicationWindow.objects.create(**given, since=ON - DAY, until=ON + DAY)
    assert stations_reminders.drafts(ON) == 0


# --- promises ----------------------------------------------------------------------------------


def due(case, left):
    Matter.objects.filter(pk=case.matter_id).update(due_on=ON + left * DAY)


@pytest.mark.parametrize(
    ("left", "part"), [(3, ""), (2, "还剩 2"), (1, "还剩 1"), (0, "到期"), (-1, "已超时")], ids=str
)
def test_a_promise_rings_for_who_has_it(left, part, days, people):
    due(make.brought_to("district", days, people), left)
    Notice.objects.all().delete()
    assert reminders.promises(ON) == bool(part)
    assert told(people[Role.DISTRICT], part or "前办理") == bool(part)


def test_it_rings_before_and_after_and_no_more(days, people):
    due(make.brought_to("district", days, people), 2)
    assert [reminders.promises(ON + n * DAY) for n in (0, 0, 1, 2, 3, 4, 5)] == [1, 0, 0, 0, 1, 0, 0]


def test_of_several_it_rings_for_the_one_who_took_it(days, people):
    second = make.user(Role.DISTRICT, district=days.north)
    case = make.brought_to("district", days, people)
    due(case, 1)
    claims.hand(case.matter, "claim", by=second, on=ON)
    Notice.objects.all().delete()
    assert reminders.promises(ON) == 1
    assert told(second, "还剩 1") == 1


def test_switched_off_is_silent_and_others_hear_it(days, people):
    certificate(days, 10)
    Mute.objects.create(user=people[Role.HANDLER], kind="certificate")
    assert stations_reminders.certificates(ON) == 2
    assert told(people[Role.HANDLER], "高新技术企业") == 0


def test_the_switches(days, people):
    page = Visitor(people[Role.HANDLER]).go("/notices/switches/")
    page.press("保存", kind=["promise", "draft"])
    others = ["certificate", "duty", "follow_up", "lapse", "readings", "reports", "stay"]
    assert sorted(m.kind for m in Mute.objects.all()) == others
    page.press("保存", kind=["promise", "draft", *others])
    assert not Mute.objects.exists()
    assert page.press("保存", kind=["nonsense"]).status == 422
    assert not Mute.objects.exists()


def test_the_day_asks_for_them_and_a_worker_does_it(days, people, monkeypatch):
    certificate(days, 10)
    monkeypatch.setattr("stations.handlers.localdate", lambda: ON)
    jobs.ask_daily(ON)
    assert {"remind_stations", "remind_promises"} <= set(Job.objects.values_list("kind", flat=True))
    jobs.work_off("remind_stations")
    assert Job.objects.get(kind="remind_stations").result == {"certificates": 3, "drafts": 0}
    assert Reminder.objects.count() == 3
