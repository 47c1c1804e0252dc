"""Agreements with universities: whom the register knows by a name, and how many universities that makes."""

from datetime import date

import pytest
from django.db import IntegrityError, connection, transaction
from django.db.migrations.loader import MigrationLoader

from portal.lifecycle import Refused
from portal.models import Job, Role
from stations.demands import cooperation
from stations.ledger import rows as ledger
from stations.models import Cooperation, Partner, University, UniversityName
from targets.plans.indicators import compute
from tests import make
from tests.make import ON
from tests.reading import Visitor


@pytest.fixture
def station(city, people):
    return make.station(city, people[Role.BUREAU_APPROVER], owner=city.enterprise)


def agreement(station, name="临湖大学", *, since=ON, until=None, flow="控制科学与工程", by=None) -> Partner:
    row = Partner(station=station, university=name, flow_station=flow, since=since, until=until)
    ledger.keep(ledger.KINDS["partner"], row, by=by, on=ON)
    row.refresh_from_db()
    return row


def card(city):
    return make.indicator(
        make.plan(city), city, code="BX", source="cooperation", starts="signed_on", stops="over_on",
        distinct="university", kind="cumulative",
        where=[{"fact": "signed_on", "lookup": "gte", "value": "2025-01-01"}],
    )  # fmt: skip


def partners(city, *days) -> list[int]:
    row = card(city)
    values = compute(city.pack, {row: days})
    return [int(values[row.pk, city.root.pk, day]) for day in days]


# --- names -------------------------------------------------------------------------------------


def test_a_name_of_the_register_is_linked_as_it_is_written(city, people, station):
    lake = make.university(city, name="临湖大学")
    assert agreement(station, by=people[Role.HANDLER]).listed == lake
    assert agreement(station, "望山大学", by=people[Role.HANDLER]).listed is None


def test_correcting_the_name_corrects_the_link(city, people, station):
    make.university(city, name="临湖大学")
    row = agreement(station, by=people[Role.HANDLER])
    row.university = "望山大学"
    ledger.keep(ledger.KINDS["partner"], row, by=people[Role.HANDLER], on=ON)
    row.refresh_from_db()
    assert row.listed is None


def test_a_name_given_once_stands_for_all_agreements_and_the_next(city, people, station):
    lake, by = make.university(city, name="临湖大学"), people[Role.BUREAU_HANDLER]
    first = agreement(station, "临大", by=people[Role.HANDLER])
    cooperation.adopt(city.pack, "临大", lake, by=by, on=ON)
    first.refresh_from_db()
    assert (first.listed, first.university) == (lake, "临大")
    assert agreement(station, "临大", flow="机械工程", by=people[Role.HANDLER]).listed == lake
    cooperation.forget(UniversityName.objects.get())
    assert set(Partner.objects.values_list("listed", flat=True)) == {None}


def test_a_name_stands_for_one(city, people, station):
    by = people[Role.BUREAU_HANDLER]
    lake, hill = make.university(city, name="临湖大学"), make.university(city, name="望山大学")
    with pytest.raises(Refused, match="名单里有叫“望山大学”"):
        cooperation.adopt(city.pack, "望山大学", lake, by=by, on=ON)
    cooperation.adopt(city.pack, "临大", lake, by=by, on=ON)
    with pytest.raises(Refused, match="已经关联到临湖大学"):
        cooperation.adopt(city.pack, "临大", hill, by=by, on=ON)
    with pytest.raises(IntegrityError, match="university_name_once"), transaction.atomic():
        UniversityName.objects.create(pack=city.pack, university=hill, name="临大", by=by, on=ON)


def test_a_university_of_another_name_keeps_its_agreements(city, people, station):
    lake = make.university(city, name="临湖学院")
    row = agreement(station, "临湖学院", by=people[Role.HANDLER])
    visitor = Visitor(people[Role.BUREAU_HANDLER]).go(f"/universities/{lake.pk}/edit/").press("保存", name="临湖大学")
    row.refresh_from_db()
    assert (row.listed.name, UniversityName.objects.get().name) == ("临湖大学", "临湖学院")
    assert "临湖学院" in visitor.text


@pytest.mark.parametrize(
    ("name", "meant"),
    [("临大", "临湖大学"), ("临湖大学（东区）", "临湖大学"), ("望山理工", "望山理工大学"), ("研究院", None)],
)
def test_who_is_perhaps_meant(name, meant, city):
    known = [University(name="望山理工大学"), University(name="临湖大学")]
    found = cooperation.nearest(name, known)
    assert (found.name if found else None) == meant


def test_the_bureau_links_a_name_from_the_list(city, people, station):
    lake = make.university(city, name="临湖大学")
    agreement(station, "临大", by=people[Role.HANDLER])
    assert "待关联" not in Visitor(people[Role.DISTRICT]).go("/universities/").text
    visitor = Visitor(people[Role.BUREAU_HANDLER]).go("/universities/")
    assert "1 个名称还认不出是哪所" in visitor.text
    visitor.press("关联", to="/universities/link/")
    assert visitor.told == ["“临大”已关联到临湖大学。"]
    assert "待关联" not in visitor.text
    visitor.go(f"/universities/{lake.pk}/").press("取消关联")
    assert Partner.objects.get().listed is None
    visitor.go("/universities/").press("关联", to="/universities/link/", university="")
    assert visitor.told == ["请先选名单里的一所高校院所。"]


def test_the_bureau_adds_a_name_to_the_list(city, people, station):
    agreement(station, "望山大学", by=people[Role.HANDLER])
    page = Visitor(people[Role.BUREAU_HANDLER]).go("/universities/")
    assert "/universities/new/?name=%E6%9C%9B%E5%B1%B1%E5%A4%A7%E5%AD%A6" in page.page
    page.go("/universities/new/?name=望山大学").press("保存", province="江苏")
    assert Partner.objects.get().listed == University.objects.get()


def test_whoever_types_an_unknown_name_is_told(city, people, station):
    make.university(city, name="临湖大学")
    visitor = Visitor(people[Role.HANDLER]).go(f"{station.get_absolute_url()}rows/partner/")
    assert '<option value="临湖大学">' in visitor.page
    visitor.press("保存", university="临大", flow_station="机械工程", since="2026-01-01")
    assert "高校名单里没有“临大”" in visitor.text


# --- how many ----------------------------------------------------------------------------------


def test_each_university_counts_once_while_an_agreement_of_the_plan_is_in_force(city, people, station):
    """临湖 by a match, then by an agreement as well; 望山 by an agreement that ends; 近海 from before the plan; an unknown."""
    by = people[Role.HANDLER]
    lake = make.university(city, name="临湖大学")
    make.university(city, name="望山大学")
    make.university(city, name="近海大学")
    make.match(city, people, flow_=make.flow(city, owner=lake), status="signed")  # on ON, 2026-06-01
    agreement(station, "临湖大学", since=date(2026, 7, 1), until=date(2026, 8, 1), flow="软件工程", by=by)
    agreement(station, "望山大学", since=date(2025, 3, 1), until=date(2026, 7, 1), by=by)
    agreement(station, "近海大学", since=date(2024, 12, 31), by=by)
    agreement(station, "某大学", since=date(2025, 3, 1), by=by)
    days = [date(2025, 2, 28), date(2025, 3, 1), date(2026, 5, 31), ON, date(2026, 6, 30), date(2026, 7, 1)]
    assert partners(city, *days, date(2026, 8, 1)) == [0, 1, 1, 2, 2, 1, 1]


def test_the_number_opens_into_its_agreements(city, people, station):
    lake = make.university(city, name="临湖大学")
    make.match(city, people, flow_=make.flow(city, owner=lake), status="signed")
    agreement(station, "临湖大学", by=people[Role.HANDLER])
    card(city)
    visitor = Visitor(people[Role.BUREAU_HANDLER]).go("/targets/")
    rows = Cooperation.objects.visible_to(people[Role.BUREAU_HANDLER])
    assert {(r.university, bool(r.match_id), bool(r.partner_id)) for r in rows} == {
        (lake, True, False), (lake, False, True),
    }  # fmt: skip
    assert not Cooperation.objects.visible_to(people["other_district"]).exists()
    assert visitor.status == 200


def test_a_link_has_the_figures_counted_again(city, people, station):
    Job.objects.all().delete()
    agreement(station, by=people[Role.HANDLER])
    assert Job.objects.filter(kind="recompute").exists()


def test_rows_from_before_are_linked_by_the_migration(city, people, station):
    lake = make.university(city, name="临湖大学")
    row, other = agreement(station, by=people[Role.HANDLER]), agreement(station, "临大", by=people[Role.HANDLER])
    Partner.objects.update(listed=None)
    names = [n for (app, n) in MigrationLoader(connection).disk_migrations if app == "stations"]
    module = __import__(f"stations.migrations.{next(n for n in names if 'cooperation' in n)}", fromlist=["LINK"])
    with connection.cursor() as cursor:
        cursor.execute(module.LINK)
    row.refresh_from_db()
    other.refresh_from_db()
    assert (row.listed, other.listed) == (lake, None)
