"""The demonstration tells the story that its pages were drawn for, and is marked as invented everywhere."""

import io
import json
from datetime import date
from decimal import Decimal
from types import SimpleNamespace

import pytest
from django.core.management import call_command
from django.db import transaction
from django.db.models import Count, F, Q

from portal import demo, packs
from portal.models import (
    Appointment,
    District,
    Event,
    Matter,
    Notice,
    Organisation,
    ReturnItem,
    Role,
    Setting,
    Spell,
    User,
)
from stations.applications import cases, progress, submissions
from stations.models import Application, Enterprise, Evaluation, Honour, PoolEntry, Station
from targets.models import Indicator, Plan, Target
from targets.plans import indicators
from tests.targets import by_hand
from tests.targets.test_commands import BY_2026, printed, said

ON = date(2026, 11, 20)
COUNTED = ("national", "branch", "base_provincial")


def tell(city: str) -> dict:
    """What the command says that tells the story."""
    said = io.StringIO()
    call_command("demo", on=ON, seed=1, city=city, json=True, stdout=said)
    return json.loads(said.getvalue())


# These come first: cities of invented people share their telephone numbers, so one of them stands alone.
@pytest.mark.parametrize(
    ("city", "valid", "in_review", "returned"),
    [("chongqing", 27, 6, 2), ("jianghai", 15, 5, 2), ("qingdao", 35, 5, 2)],
)
@pytest.mark.django_db
def test_the_other_cities_have_a_smaller_story(city, valid, in_review, returned):
    packs.load(packs.HOME / city)
    tell(city)
    assert Station.objects.valid(ON).count() == valid
    assert Application.objects.filter(status__in=["district", "bureau", "passed"]).count() == in_review
    assert ReturnItem.objects.count() == returned


COUNTED_HERE = {
    "KS-CG",
    "KS-ZF",
    "KS-ST",
    "KS-PD",
    "KS-CL",
    "KS-YX",
    "KS-QY",
    "KS-GX",
    "KS-BS",
    "KS-BX",
    "KS-DJ",
    "KS-YXB",
    "KS-ZY",
    "KS-YJ",
    "KS-LY",
    "KS-SJ",
}


@pytest.fixture(scope="module")
def story(django_db_setup, django_db_blocker):
    """The first city with its demonstration, told once for all that is asked here."""
    with django_db_blocker.unblock(), transaction.atomic():
        pack = packs.load(packs.HOME / "kunshan")
        told = tell("kunshan")
        assert told["told"] is True
        yield SimpleNamespace(pack=pack, accounts=told["accounts"], plan=Plan.objects.get(pack=pack, code="bsq"))
        transaction.set_rollback(True)


def figure(story, code, district=None, on=ON):
    place = District.objects.get(code=district) if district else story.pack.root
    row = Indicator.objects.get(pack=story.pack, code=code)
    return indicators.figures(story.plan, [place], on, [row])[row.pk, place.pk]


@pytest.mark.django_db
def test_the_numbers_of_the_story(story):
    assert Station.objects.valid(ON).filter(kind__in=COUNTED).count() == 96
    assert Station.objects.valid(date(2024, 12, 31)).filter(kind__in=COUNTED).count() == 86
    by_status = dict(Application.objects.values_list("status").annotate(n=Count("pk")))
    assert by_status["district"] + by_status["bureau"] + by_status["passed"] == 9
    assert by_status["sent"] == 5
    assert (by_status["returned"], by_status["certifying"], by_status["draft"]) == (1, 1, 1)
    sent = Application.objects.filter(status="sent").select_related("type")
    assert {progress.title_of(case, "sent") for case in sent} == {"江苏省人力资源和社会保障厅审批"}
    assert dict(Station.objects.values_list("status").annotate(n=Count("pk"))) == {
        "valid": 97,  # with the doctor workstation of the printed account, which the plan doesn't count
        "paused": 1,
        "cancelled": 2,
        "upgraded": 3,
    }

    whole = figure(story, "KS-ST")
    assert (whole.value, whole.target, whole.gap, whole.baseline) == (96, 100, 4, 86)
    assert whole.state == "behind"
    assert whole.pace == Decimal(86) + Decimal(14) * (ON - date(2024, 12, 31)).days / 730
    assert figure(story, "KS-ST", on=date(2024, 12, 31)).value == 86


@pytest.mark.django_db
def test_the_command_prints_the_figures_of_the_story(story):
    rows = printed("indicators", on=ON)
    names = ["code", "name", "kind", "unit", "target", "value", "pace", "gap", "state", "as_of"]
    assert [list(row) for row in rows] == [names] * len(rows)
    by_code = {row["code"]: row for row in rows}
    assert by_code["KS-ST"] == {
        "code": "KS-ST",
        "name": "百家工作站",
        "kind": "level",
        "unit": "家",
        "target": 100,
        "value": 96,
        "pace": 99.21,
        "gap": 4,
        "state": "behind",
        "as_of": "2026-11-20",
    }
    assert {code: by_code[code]["target"] for code in BY_2026} == BY_2026
    assert set(by_code) == COUNTED_HERE
    assert {code for code, row in by_code.items() if row["value"] is None} == set()
    assert (by_code["KS-YX"]["value"], by_code["KS-YX"]["target"], by_code["KS-YX"]["gap"]) == (8, 10, 2)

    (qiandeng,) = [r for r in printed("indicators", on=ON, district="ks-qd") if r["code"] == "KS-ST"]
    assert (qiandeng["value"], qiandeng["target"], qiandeng["gap"]) == (6, 8, 2)
    (eve,) = [r for r in printed("indicators", plan="bsq", on=date(2024, 12, 31)) if r["code"] == "KS-ST"]
    assert (eve["value"], eve["pace"]) == (86, 86)
    flow = {r["code"]: r for r in printed("indicators", plan="rcq", on=date(2025, 12, 31))}["RC-07"]
    assert (flow["target"], flow["kind"]) == (6, "flow")
    approved = Station.objects.filter(approved_on__year=2025, kind__in=COUNTED)
    assert flow["value"] == approved.count() > 0
    assert "KS-ST    百家工作站：96/100 家　behind" in said("indicators", on=ON)


EIGHT_DAYS = [date(2024, 12, 31), *(date(2025, m, d) for m, d in ((3, 31), (6, 30), (9, 30), (12, 31)))] + [
    date(2026, 3, 31),
    date(2026, 6, 30),
    ON,
]


@pytest.mark.django_db
def test_all_numbers_of_all_districts_on_eight_days_equal_sql_written_by_hand(story):
    rows = Indicator.objects.filter(pack=story.pack, code__in=by_hand.SQL).select_related("pack", "clause__document")
    assert {row.code for row in rows} == set(by_hand.SQL)
    values = indicators.compute(story.pack, {row: EIGHT_DAYS for row in rows})
    kinds = Setting.objects.values_of(story.pack)["A7.kinds"]
    places = District.objects.below(story.pack.root)
    wrong = {
        (row.code, place.code, on): (values.get((row.pk, place.pk, on)), told)
        for row in rows
        for place in places
        for on in EIGHT_DAYS
        if values.get((row.pk, place.pk, on)) != (told := by_hand.counted(row.code, place.pk, on, kinds))
    }
    assert wrong == {}
    assert {code for (pk, _place, on), n in values.items() if n for code in [rows.get(pk=pk).code]} == set(by_hand.SQL)


@pytest.mark.django_db
def test_one_round_is_over_and_one_is_under_way(story):
    over, under_way = Evaluation.objects.order_by("pk")
    assert (over.status, under_way.status) == ("published", "reporting")
    assert set(over.sheets.values_list("status", flat=True)) == {"graded", "exempt"}
    assert over.sheets.filter(grade__code="excellent").count() == Honour.objects.count() == 8
    assert (
        over.sheets.filter(standing__status="rectifying").count() == over.sheets.filter(grade__failing=True).count() > 1
    )
    assert under_way.sheets.filter(status="returned").count() == 1
    assert {"ks-station-handler", "ks-station-certifier"} <= {a["username"] for a in story.accounts}


@pytest.mark.django_db
def test_each_district_has_its_part(story):
    targets = dict(Target.objects.filter(indicator__code="KS-ST").values_list("district__code", "value"))
    assert targets == {
        **{"320583": 100, "ks-kfq": 23, "ks-gxq": 25, "ks-hq": 8, "ks-zp": 9, "ks-zs": 7, "ks-lj": 5},
        **{"ks-bc": 6, "ks-qd": 8, "ks-dsh": 4, "ks-zz": 2, "ks-jx": 3},
    }
    qiandeng = figure(story, "KS-ST", "ks-qd")
    assert (qiandeng.district.name, qiandeng.value, qiandeng.target, qiandeng.gap) == ("千灯镇", 6, 8, 2)
    districts = District.objects.below(story.pack.root).exclude(pk=story.pack.root_id)
    assert sum(figure(story, "KS-ST", d.code).value for d in districts) == 96
    behind = {d.code for d in districts if figure(story, "KS-ST", d.code).state == "behind"}
    assert behind == {"ks-qd"}


@pytest.mark.django_db
def test_one_case_was_sent_back_with_three_things_to_mend(story):
    case = Application.objects.get(status="returned")
    items = ReturnItem.objects.filter(event__matter=case.matter, answered_at=None, resolved_at=None)
    assert set(items.values_list("target", "code")) == {
        ("slot:basic-5.letter", "R03"),
        ("profile:rd_spend", "R15"),
        ("slot:basic-3.supervisor", "R17"),
    }
    accounts = Appointment.objects.filter(organisation=case.enterprise_id).values_list("user__username", flat=True)
    assert set(accounts) == {"ks-handler", "ks-certifier"}
    rows = submissions.return_rows(case, cases.conditions_of(case, on=ON), list(items))
    assert len(rows) == 3


@pytest.mark.django_db
def test_chains_without_a_station_are_not_covered(story):
    with_station = Station.objects.valid(ON).filter(kind__in=COUNTED, chain__isnull=False)
    assert figure(story, "KS-CL").value == with_station.values("chain").distinct().count()


@pytest.mark.django_db
def test_everything_invented_is_marked(story):
    units = Organisation.objects.filter(pk__in=Enterprise.objects.values("pk"))
    assert units.filter(demo=True).count() == units.count() > 90
    assert not units.exclude(name__contains="（演示）").exists()
    assert not User.objects.exclude(name__endswith="（演示）").exists()
    assert not Organisation.objects.filter(demo=True).exclude(code__startswith="91990000").exists()


@pytest.mark.django_db
def test_there_is_one_account_per_role_and_an_officer_in_every_district(story):
    roles = {account["role"] for account in story.accounts}
    assert roles == {str(role.label) for role in Role} | {"还没有任职"}  # and somebody who waits for an office
    assert all(account["password"] for account in story.accounts)
    districts = District.objects.below(story.pack.root).exclude(pk=story.pack.root_id)
    assert Appointment.objects.filter(role=Role.DISTRICT).count() == districts.count() == 11


@pytest.mark.django_db
def test_the_story_is_told_in_order(story):
    """No step before its case or after the story; every life without a gap; nobody took two steps of one duty."""
    assert not Event.objects.filter(Q(on__gt=ON) | Q(on__lt=F("matter__opened_on"))).exists()
    for matter in Matter.objects.prefetch_related("spells"):
        spells = sorted(matter.spells.all(), key=lambda s: s.pk)
        assert [s.since for s in spells[1:]] == [s.until for s in spells[:-1]]
        assert (spells[-1].until, spells[-1].status) == (None, matter.status)
    assert Spell.objects.filter(until=None).count() == Matter.objects.count()


@pytest.mark.django_db
def test_old_notices_are_read_and_the_last_ones_wait(story):
    assert Notice.objects.filter(read_at=None).exists()
    old = Notice.objects.filter(matter__held_since__lt=date(2026, 11, 1))
    assert not old.filter(read_at=None).exists()


@pytest.mark.django_db
def test_telling_it_again_changes_nothing(story):
    before = (Organisation.objects.count(), Event.objects.count(), User.objects.count())
    assert demo.tell(story.pack, on=ON, seed=2) is False
    assert (Organisation.objects.count(), Event.objects.count(), User.objects.count()) == before


@pytest.mark.django_db
def test_the_reserve_pool_of_the_story(story):
    rows = PoolEntry.objects.with_measures(ON)
    assert dict(rows.values_list("status").annotate(n=Count("pk"))) == {
        **{"applied": 2, "growing": 7, "admitted": 2, "district": 1, "bureau": 1, "left": 1},
    }
    assert dict(rows.in_pool().values_list("tier").annotate(n=Count("pk"))) == {"a": 3, "b": 5, "c": 3}
    assert rows.filter(measures_late=1).count() == 1
    own = PoolEntry.objects.get(enterprise__organisation__appointments__user__username="ks-handler")
    assert (own.status, own.application.status) == ("applied", "returned")
