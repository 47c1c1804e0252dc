"""The bureau's own selection: whom the list has and in which order, and what becomes of each who is picked."""

from datetime import date, timedelta

import pytest
from django.db import IntegrityError, transaction
from django.utils.timezone import localdate

from portal.lifecycle import Refused
from portal.models import Event, Matter, Role
from stations.models import (
    ApplicationType,
    Certificate,
    ConditionCriterion,
    Enterprise,
    EnterpriseEvent,
    PoolBasis,
    PoolBasisCriterion,
    PoolEntry,
    Station,
)
from stations.pool import candidates, gaps
from stations.pool import lifecycle as pool
from tests import make
from tests.reading import Visitor
from tests.stations.test_register import sheet

ON = make.ON
PAGE = "/pool/candidates/"
SAID = {"target_year": str(localdate().year + 1), "note": "研发基础好"}


@pytest.fixture
def found(city, people):
    """Enterprises at different distances: `near` has both basic conditions, `far` one of them, `unknown` told nothing;
    and some whom something keeps out."""
    for n, condition in enumerate(city.upward.conditions.filter(group="basic").order_by("order")):
        ConditionCriterion.objects.create(condition=condition, fact=("rd_staff", "doctors")[n], lookup="gte", value=5)
    special = PoolBasis.objects.get(pack=city.pack, code="special")
    PoolBasisCriterion.objects.create(basis=special, fact="is_special", lookup="exact", value=True)
    places = {
        "near": make.enterprise(city.north, doctors=6, tags=["special"], rd_level="national"),
        "far": make.enterprise(city.south, doctors=1, chain=city.chain),
        "unknown": make.enterprise(city.south, rd_staff=None, rd_level="none", tags=[], doctors=None),
        "pooled": make.enterprise(city.north),
        "stationed": make.enterprise(city.north),
        "applying": make.enterprise(city.north),
        "bankrupt": make.enterprise(city.north),
        "ended": make.enterprise(city.east, doctors=1),
    }
    for name in ("pooled", "applying"):
        here, them = make.people_of(city, places[name], people)
        make.pool_entry("district", here, them) if name == "pooled" else make.brought_to("district", here, them)
    approver = people[Role.BUREAU_APPROVER]
    make.station(city, approver, owner=places["stationed"])
    over = make.station(city, approver, owner=places["ended"])
    Station.objects.filter(pk=over.pk).update(status="cancelled", ended_on=ON, end_document="测")
    EnterpriseEvent.objects.create(
        enterprise=places["bankrupt"], kind="bankrupt", on=ON, document="x", by=people[Role.DISTRICT]
    )
    Enterprise.objects.filter(
        pk__in=[city.enterprise.pk, people["other_unit"].appointments.get().organisation_id]
    ).delete()
    return places


def names(rows, places) -> list[str]:
    known = {e.pk: name for name, e in places.items()}
    return [known[row.pk] for row in rows]


def shown(answer, places) -> list[str]:
    return names([row["enterprise"] for row in answer.context["rows"]], places)


def select(rows, city, people, **values):
    given = {"target": city.upward, "year": 2027, "otherwise": None, "by": people[Role.BUREAU_HANDLER], "on": ON}
    return candidates.select(rows, **{**given, "note": "研发基础好", **values})


# --- whom the list has -------------------------------------------------------------------------


def test_whom_nothing_keeps_out_is_a_candidate(found, people):
    rows = candidates.candidates(people[Role.BUREAU_HANDLER], on=ON)
    assert set(names(rows, found)) == {"near", "far", "unknown", "ended"}


def test_what_ends_an_enterprise_counts_from_its_day(found, people):
    before = candidates.candidates(people[Role.BUREAU_HANDLER], on=ON - timedelta(1))
    assert "bankrupt" in names(before, found)


def test_nobody_of_another_place_is_a_candidate(found, people):
    rows = candidates.candidates(people[Role.DISTRICT], on=ON)
    assert names(rows, found) == ["near"]
    stranger = make.people(make.city("elsewhere"))
    assert not set(candidates.candidates(stranger[Role.BUREAU_HANDLER], on=ON)) & set(found.values())


def test_the_nearest_come_first_and_are_counted_as_their_gaps_say(found, city, people):
    rows = candidates.candidates(people[Role.BUREAU_HANDLER], on=ON)
    counted = {r["pk"]: r["short"] for r in candidates.by_nearness(rows, city.upward, on=ON)}
    told = gaps.gaps_of([gaps.Asked(pk, pk, city.upward) for pk in counted], on=ON)
    assert counted == {pk: one.short for pk, one in told.items()}
    assert [(name, counted[found[name].pk]) for name in ("near", "far", "ended", "unknown")] == [
        ("near", 1), ("far", 2), ("ended", 2), ("unknown", 3),
    ]  # fmt: skip
    assert list(counted.values()) == sorted(counted.values())


def test_a_type_without_criteria_leaves_everything_open(found, city, people):
    rows = candidates.candidates(people[Role.BUREAU_HANDLER], on=ON)
    assert {r["short"] for r in candidates.by_nearness(rows, city.own, on=ON)} == {3}


@pytest.mark.parametrize(
    ("asked", "listed"),
    [
        ({}, ["near", "far", "ended", "unknown"]),
        ({"tag": "special"}, ["near"]),
        ({"chain": "null"}, ["near", "ended", "unknown"]),
        ({"rd": "provincial"}, ["near"]),
        ({"rd": "municipal"}, ["near", "far", "ended"]),
        ({"short": "1"}, ["near"]),
        ({"short": "0"}, []),
        ({"district": "south"}, ["far", "unknown"]),
        ({"district": "south", "short": "2"}, ["far"]),
    ],
)
def test_page_and_workbook_are_narrowed_alike(asked, listed, found, city, people):
    client = Visitor(people[Role.BUREAU_HANDLER]).client
    asked = {n: city.south.pk if v == "south" else v for n, v in asked.items()}
    assert shown(client.get(PAGE, asked), found) == listed
    codes = [row[1] for row in sheet(client.get(f"{PAGE}export/", asked))[4:]]
    assert codes == [found[name].organisation.code for name in listed]


def test_a_certificate_that_is_over_carries_nobody(found, people):
    Certificate.objects.create(
        enterprise=found["near"], tag="special", number="x", since=date(2020, 1, 1), until=date(2023, 1, 1),
        by=people[Role.HANDLER],
    )  # fmt: skip
    client = Visitor(people[Role.BUREAU_HANDLER]).client
    assert shown(client.get(PAGE, {"tag": "special"}), found) == []
    assert client.get(PAGE).context["rows"][0]["tags"] == []


def test_a_wrong_filter_is_no_error(found, people):
    client = Visitor(people[Role.BUREAU_HANDLER]).client
    wrong = {"tag": "x", "chain": "x", "district": "0", "short": "-1", "type": "x", "page": "z"}
    assert client.get(PAGE, wrong).status_code == 200


def test_a_city_without_kinds_says_so(found, city, people):
    ApplicationType.objects.update(since=date(2019, 1, 1), until=date(2020, 1, 1))
    client = Visitor(people[Role.BUREAU_HANDLER]).client
    assert "还没有可以申报的站点类型" in client.get(PAGE).content.decode()
    assert sheet(client.get(f"{PAGE}export/"))[4:] == []


# --- the way in --------------------------------------------------------------------------------


def test_each_who_is_picked_waits_for_its_district(found, city, people):
    seedling = PoolBasis.objects.get(pack=city.pack, code="seedling")
    results = select([found["near"], found["far"]], city, people, otherwise=seedling)
    entries = [r.entry for r in results]
    assert [(e.status, e.source, e.intention, e.matter.holder) for e in entries] == [
        ("district", "bureau", "", "district")
    ] * 2
    assert [[b.code for b in e.bases.all()] for e in entries] == [["special"], ["seedling"]]
    assert list(Event.objects.filter(action="select").values_list("note", flat=True)) == ["研发基础好"] * 2
    assert set(Matter.objects.to_do(people["other_district"])) == {entries[1].matter}


def test_one_that_cant_come_in_keeps_no_other_back(found, city, people):
    order = ["pooled", "stationed", "applying", "bankrupt", "far", "near"]
    results = select([found[name] for name in order], city, people)
    said = dict(zip(order, [r.said for r in results], strict=True))
    assert [r.entry is not None for r in results] == [False] * 5 + [True]
    assert "已经在储备库" in said["pooled"]
    assert "已有有效的工作站" in said["stationed"]
    assert "设站申报正在办理" in said["applying"]
    assert "破产" in said["bankrupt"]
    assert "请选一项依据" in said["far"]
    assert PoolEntry.objects.filter(source="bureau").count() == 1
    assert Matter.objects.filter(kind="pool").count() == 2  # the one that was there, and the new one


def test_twice_picked_is_once_in(found, city, people):
    first, second = select([found["near"]] * 2, city, people)
    assert (first.entry is None, second.entry is None) == (False, True)


@pytest.mark.parametrize("role", [Role.DISTRICT, Role.BUREAU_APPROVER, Role.HANDLER])
def test_only_makers_of_the_bureau_select(role, found, city, people):
    (result,) = select([found["near"]], city, people, by=people[role])
    assert result.entry is None
    assert not PoolEntry.objects.filter(source="bureau").exists()


def test_several_are_selected_on_the_page(found, city, people):
    client = Visitor(people[Role.BUREAU_HANDLER]).client
    picked = [found[n].organisation.code for n in ("near", "pooled")]
    missing = client.post(PAGE, {"n": picked[:1], "target_year": "1999"})
    assert missing.status_code == 422
    assert missing.content.decode().count(" checked") == 1
    assert not PoolEntry.objects.filter(source="bureau").exists()
    done = client.post(PAGE, {"n": [*picked, make.credit_code(987)], **SAID})
    assert done.status_code == 200
    assert [done.context[n] for n in ("done", "failed", "unseen")] == [1, 1, 1]
    assert "已经在储备库" in done.content.decode()


def test_nobody_picked_is_told_and_nothing_typed_is_lost(found, people):
    answer = Visitor(people[Role.BUREAU_HANDLER]).client.post(PAGE, SAID)
    assert answer.status_code == 422
    assert "请至少勾选一家单位" in answer.content.decode()
    assert SAID["note"] in answer.content.decode()


# --- the district's opinion --------------------------------------------------------------------


def test_the_district_says_whether_the_enterprise_wants_to(city, people):
    row = make.pool_entry("district", city, people, source="bureau")
    with pytest.raises(Refused, match="请先问过单位"), transaction.atomic():
        make.pool_step(row, "support", people, details={"intention": "x"})
    assert make.pool_step(row, "support", people).intention == "some"


def test_the_district_asks_on_the_page(city, people):
    row = make.pool_entry("district", city, people, source="bureau")
    client = Visitor(people[Role.DISTRICT]).client
    url = f"{row.get_absolute_url()}move/support/"
    assert "还没有问过单位" in client.get(row.get_absolute_url()).content.decode()
    assert client.post(url, {"support-note": "问过"}).status_code == 422
    client.post(url, {"support-note": "问过", "support-intention": "firm"})
    row.refresh_from_db()
    assert (row.status, row.intention) == ("bureau", "firm")


def test_of_others_the_intention_is_known(city, people):
    row = make.pool_entry("district", city, people)
    client = Visitor(people[Role.DISTRICT]).client
    client.post(f"{row.get_absolute_url()}move/support/", {"support-note": "可"})
    row.refresh_from_db()
    assert row.status == "bureau"


def test_a_district_that_says_no_leaves_it_to_the_bureau(city, people):
    row = make.pool_entry("district", city, people, source="bureau")
    row = make.pool_step(row, "decline", people, note="单位没有意愿")
    assert (row.status, row.intention) == ("bureau", "")
    row = make.pool_step(row, "leave", people, details={"because": "unwilling"})
    assert row.status == "left"
    with pytest.raises(Refused, match="不能再“不同意入库”"):
        make.pool_step(make.pool_entry("district", city, people), "decline", people)


def test_only_whom_the_bureau_found_may_be_unasked(city, people):
    row = make.pool_entry("district", city, people)
    with pytest.raises(IntegrityError, match="pool_entry_intention"), transaction.atomic():
        PoolEntry.objects.filter(pk=row.pk).update(intention="")


def test_the_enterprise_sees_who_brought_it(city, people):
    row = make.pool_entry("district", city, people, source="bureau")
    page = Visitor(people[Role.HANDLER]).client.get(row.get_absolute_url())
    assert "市级筛选" in page.content.decode()
    assert pool.pool.possible(row, people[Role.HANDLER])[0].action == "withdraw"
