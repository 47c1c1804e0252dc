"""The agreement sent with the signing of a match: kept there, and once in the register of the enterprise's station."""

from datetime import date, timedelta

import pytest
from django.db import IntegrityError, transaction
from django.utils.timezone import localdate

from portal.models import Event, Evidence, File, Role
from stations.demands import agreements
from stations.models import Match, Partner
from tests import make
from tests.reading import Visitor

TODAY = localdate()
DAY = TODAY.isoformat()


@pytest.fixture
def talks(city, people):
    """A match in talks, of an enterprise without a station."""
    return make.match(city, people, status="talking")


@pytest.fixture
def station(city, people):
    return make.station(city, people[Role.BUREAU_APPROVER], owner=city.enterprise)


def sign(row, by, **values):
    data = {"document_on": DAY, "upload": make.upload("协议.pdf")} | values
    data = {f"sign-{name}": value for name, value in data.items() if value is not None}
    return Visitor(by).client.post(f"{row.get_absolute_url()}move/sign/", data)


def other_station(city, people):
    here, _them = make.people_of(city, make.enterprise(city.north), people)
    return make.station(here, people[Role.BUREAU_APPROVER], owner=here.enterprise)


def test_without_a_station_the_match_alone_keeps_it(talks, people):
    assert sign(talks, people[Role.HANDLER], until="2099-12-31").status_code == 302
    row = Match.objects.get()
    assert (row.status, row.signed_on, row.agreed_until, row.partner) == ("signed", TODAY, date(2100, 1, 1), None)
    assert Evidence.objects.get(matter=row.matter, slot="agreement").file.name == "协议.pdf"
    page = Visitor(people[Role.BUREAU_HANDLER]).go(row.get_absolute_url())
    assert "协议.pdf" in page.text
    assert "有效期至 2099-12-31" in page.text
    answer = page.client.get(File.objects.get().get_absolute_url())
    assert b"".join(answer).startswith(b"%PDF")
    assert Visitor(people["other_district"]).client.get(File.objects.get().get_absolute_url()).status_code == 404


def test_with_a_station_it_becomes_a_partner_in_its_history(talks, station, people):
    sign(talks, people[Role.HANDLER], until="2099-12-31")
    row, partner = Match.objects.get(), Partner.objects.get()
    assert row.partner == partner
    assert (partner.station, partner.university, partner.flow_station, partner.since, partner.until) == (
        station, talks.flow.university.name, talks.flow.discipline_name, TODAY, date(2100, 1, 1),
    )  # fmt: skip
    assert partner.file == File.objects.get()
    assert set(Evidence.objects.values_list("slot", flat=True)) == {"agreement", f"partner.{partner.pk}"}
    assert Event.objects.get(matter=station.matter, action="row_added").by == people[Role.HANDLER]
    assert station.get_absolute_url() in Visitor(people[Role.HANDLER]).go(row.get_absolute_url()).page


def test_an_officer_who_signs_registers_it_too(talks, station, people):
    sign(talks, people[Role.DISTRICT])
    assert Partner.objects.get().by == people[Role.DISTRICT]


@pytest.mark.parametrize("suffix", ["", "流动站", "博士后流动站"])
def test_an_agreement_that_is_there_already_is_linked_and_gets_the_paper(suffix, talks, station, people):
    there = Partner.objects.create(
        station=station, university=talks.flow.university.name, since=TODAY - timedelta(30),
        flow_station=f"{talks.flow.discipline_name}{suffix}",
    )  # fmt: skip
    sign(talks, people[Role.HANDLER])
    assert Partner.objects.get() == Match.objects.get().partner == there
    assert Partner.objects.get().file == File.objects.get()


def test_a_paper_that_is_there_is_not_replaced(talks, station, people):
    own = make.file(station.enterprise.organisation, people[Role.HANDLER])
    there = Partner.objects.create(
        station=station, university=talks.flow.university.name, flow_station=talks.flow.discipline_name, file=own,
        since=TODAY + timedelta(30),
    )  # fmt: skip
    sign(talks, people[Role.HANDLER])
    assert Match.objects.get().partner == there
    assert Partner.objects.get().file == own


def test_an_agreement_that_is_over_is_followed_by_the_new_one(talks, station, people):
    Partner.objects.create(
        station=station, university=talks.flow.university.name, flow_station=talks.flow.discipline_name,
        since=date(2020, 1, 1), until=TODAY,
    )  # fmt: skip
    sign(talks, people[Role.HANDLER])
    assert Partner.objects.count() == 2
    assert Match.objects.get().partner.since == TODAY


def test_signing_without_an_agreement_registers_nothing(talks, station, people):
    sign(talks, people[Role.HANDLER], upload=None)
    assert Match.objects.get().status == "signed"
    assert not Partner.objects.exists()
    assert agreements.told(Match.objects.get(), people[Role.HANDLER]) is None


def test_only_its_last_day_is_enough(talks, station, people):
    sign(talks, people[Role.HANDLER], upload=None, until=DAY)
    assert Partner.objects.get().until == TODAY + timedelta(1)


@pytest.mark.parametrize(
    ("values", "told"),
    [
        ({"until": (TODAY - timedelta(1)).isoformat()}, "不能早于签约日期"),
        ({"upload": make.upload("协议.exe", b"MZ")}, "不是能收的类型"),
        ({"document_on": "2099-01-01"}, "今天之后"),
    ],
)
def test_what_is_wrong_is_told_and_nothing_is_kept(values, told, talks, station, people):
    answer = sign(talks, people[Role.HANDLER], note="已谈妥", **values)
    assert answer.status_code == 422
    assert told in answer.content.decode()
    assert "已谈妥" in answer.content.decode()
    assert Match.objects.get().status == "talking"
    assert not File.objects.exists()
    assert not Partner.objects.exists()


def test_a_station_of_another_enterprise_gets_nothing(talks, city, people):
    other_station(city, people)
    sign(talks, people[Role.HANDLER])
    assert not Partner.objects.exists()


def test_the_row_of_a_mistake_may_go_and_the_match_keeps_its_paper(talks, station, people):
    sign(talks, people[Role.HANDLER])
    Partner.objects.all().delete()
    row = Match.objects.get()
    assert row.partner is None
    told = agreements.told(row, people[Role.HANDLER])
    assert (told.file, told.station) == (File.objects.get(), None)


def test_the_database_refuses_an_agreement_that_ends_before_it_begins(talks, people):
    sign(talks, people[Role.HANDLER])
    with pytest.raises(IntegrityError, match="match_agreement"), transaction.atomic():
        Match.objects.update(agreed_until=TODAY)


# --- after signing -----------------------------------------------------------------------------


def add(row, by, **values):
    data = {name: value for name, value in values.items() if value is not None}
    return Visitor(by).client.post(f"{row.get_absolute_url()}agreement/", data)


def test_what_was_not_at_hand_is_added_once(talks, station, people):
    sign(talks, people[Role.HANDLER], upload=None)
    page = Visitor(people[Role.DISTRICT]).go(talks.get_absolute_url())
    assert "补充协议" in page.text
    page.press("登记", to="/agreement/", upload=make.upload("协议.pdf"), until="2099-12-31")
    assert page.told == ["已补充协议。"]
    row, partner = Match.objects.get(), Partner.objects.get()
    assert (row.agreed_until, row.partner, partner.until) == (date(2100, 1, 1), partner, date(2100, 1, 1))
    assert partner.file == File.objects.get()
    event = Event.objects.get(matter=row.matter, action="agreement_added")
    assert (event.by, event.note) == (people[Role.DISTRICT], "有效期至 2099-12-31")
    assert "补充协议" in page.text  # in the history; the form is gone
    assert "/agreement/" not in page.page
    assert add(talks, people[Role.DISTRICT], until="2098-12-31").status_code == 302
    assert Match.objects.get().agreed_until == date(2100, 1, 1)


def test_what_is_there_is_not_asked_again(talks, station, people):
    sign(talks, people[Role.HANDLER], until="2099-12-31", upload=None)
    page = Visitor(people[Role.HANDLER]).go(talks.get_absolute_url())
    form, _button = page.form("登记", to="/agreement/")
    assert "until" not in dict(form.fields)
    page.press("登记", to="/agreement/", upload=make.upload("协议.pdf"))
    assert Partner.objects.get().file == File.objects.get()
    assert Match.objects.get().agreed_until == date(2100, 1, 1)


@pytest.mark.parametrize(
    ("values", "told"),
    [
        ({}, "请选协议文件"),
        ({"until": (TODAY - timedelta(1)).isoformat()}, "不能早于签约日期"),
        ({"upload": make.upload("协议.exe", b"MZ")}, "不是能收的类型"),
    ],
)
def test_what_is_wrong_with_it_is_told(values, told, talks, station, people):
    sign(talks, people[Role.HANDLER], upload=None)
    answer = add(talks, people[Role.HANDLER], **values)
    assert answer.status_code == 422
    assert told in answer.content.decode()
    assert not Event.objects.filter(action="agreement_added").exists()
    assert not Partner.objects.exists()


def test_nothing_is_added_before_signing_nor_by_strangers(talks, people):
    assert add(talks, people[Role.HANDLER], until="2099-12-31").status_code == 302
    assert Match.objects.get().agreed_until is None
    sign(talks, people[Role.HANDLER], upload=None)
    assert add(talks, people[Role.CERTIFIER], until="2099-12-31").status_code == 403
    assert add(talks, people["other_district"], until="2099-12-31").status_code == 404
