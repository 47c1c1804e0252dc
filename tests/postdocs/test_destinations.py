"""Where people went, what became of them, and what each cohort kept: hand-made histories against an independent count."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.utils.timezone import localdate

from portal.lifecycle import NotYours, Refused
from portal.models import Event, Evidence, Guard, Matter, Notice, Role, Setting
from postdocs.destinations import actions, reminders, retention
from postdocs.destinations.due import due_day, last_exit, waiting
from postdocs.destinations.regions import lies_in, name_of
from postdocs.models import Destination, FollowUp, Stay
from postdocs.stays.actions import add_months
from postdocs.stays.facts import stay as vocabulary
from tests import make
from tests.postdocs import rostering, staying
from tests.threads import at_once

ON = make.ON
MONTHS = [6, 12, 24, 36]
FIRM = {"type": "away_firm", "unit": "外地公司", "region": "310115", "contract_years": Decimal(3), "full_time": True}
HOST = {"type": "host", "contract_years": Decimal(3), "full_time": True}


@pytest.fixture
def city(city):
    city.root.gb_code = "320583"
    city.root.save()
    asked = {"6": "6", "12": "12", "24": "24", "36": "36"}
    for code, kind, value in (("destination.contract_months", "integer", 12), ("followup.months", "choices", [*asked])):
        options = asked if kind == "choices" else {}
        Setting.objects.create(
            pack=city.pack, code=code, title=code, why="测试", kind=kind, value=value, options=options
        )
    Guard.objects.create(
        pack=city.pack, lifecycle="stay", action="settle", fact="contract_shortfall", lookup="lte", value=0,
        justifiable=True, clause=city.clause,
    )  # fmt: skip
    return city


@pytest.fixture
def left(city, people) -> Stay:
    return staying.brought_to("left", city, people)


def went(stay: Stay, on: date, **values) -> Stay:
    """A stay that ended on a day, and a destination of it where one is given; as rows, without steps."""
    settled = "settled" if values else "left"
    since = add_months(on, -24)
    Stay.objects.filter(pk=stay.pk).update(
        entered_on=since, ended_on=on, status=settled, committee_number=f"x{stay.pk}", certificate_number=""
    )
    if values:
        kinds = {"host": True, "city_firm": True, "away_firm": False, "abroad": False}
        given = {"in_city": kinds.get(values["type"]), "unit": "单位", "told_on": on}
        Destination.objects.create(stay=stay, **(given | values))
    return Stay.objects.get(pk=stay.pk)


def asked(stay: Stay, months: int, in_city, on: date | None = None) -> FollowUp:
    day = on or due_day(stay, months)
    return FollowUp.objects.create(
        stay=stay, months=months, checked_on=day, in_city=in_city, source="phone", recorded_on=day
    )


def fact(stay: Stay, name: str, on: date = ON):
    (row,) = vocabulary.table(Stay.objects.filter(pk=stay.pk), [name], on=on)
    return row[f"fact_{name}"]


# --- telling one -------------------------------------------------------------------------------


def test_the_enterprise_says_where_somebody_went_and_the_case_is_closed(left, people):
    by = people[Role.HANDLER]
    row = actions.settle(left, FIRM, upload=make.upload(), by=by, on=ON)
    matter = Matter.objects.get(pk=left.matter_id)
    assert (row.in_city, row.place, matter.status, matter.holder, matter.closed_on) == (
        False,
        "上海市浦东新区",
        "settled",
        "",
        ON,
    )
    assert Evidence.objects.get(matter=matter, slot="destination").file == row.file
    with pytest.raises(Refused, match="可能已由他人登记"):
        actions.settle(left, FIRM, by=by, on=ON)


def test_only_the_enterprise_and_the_postdoc_tell_it(left, people):
    for person in (Role.DISTRICT, Role.BUREAU_HANDLER, "other_unit", Role.POSTDOC):
        with pytest.raises(NotYours):
            actions.settle(left, HOST, by=people[person], on=ON)
    left.person.user = people[Role.POSTDOC]
    left.person.save()
    assert actions.settle(left, HOST, by=people[Role.POSTDOC], on=ON).in_city is True


@pytest.mark.parametrize(
    ("type_", "region", "wanted"),
    [
        ("host", "", True),
        ("abroad", "", False),
        ("back", "320583", True),
        ("back", "310115", False),
        ("second", "", None),
    ],
)
def test_the_type_says_whether_it_is_in_the_city_else_the_region_does(type_, region, wanted, left, people):
    values = HOST | {"type": type_, "region": region, "unit": "单位"}
    assert actions.settle(left, values, by=people[Role.HANDLER], on=ON).in_city is wanted


@pytest.mark.parametrize(("type_", "region"), [("city_firm", "310115"), ("away_firm", "320583")])
def test_a_type_and_a_region_that_disagree_are_told(type_, region, left, people):
    with pytest.raises(Refused, match="请核对"):
        actions.settle(left, FIRM | {"type": type_, "region": region}, by=people[Role.HANDLER], on=ON)
    assert not Destination.objects.exists()


@pytest.mark.parametrize(
    ("values", "why"),
    [
        ({"type": "city_firm", "unit": ""}, "请填接收单位"),
        ({"type": "startup", "company": ""}, "创办企业"),
        ({"type": "host", "company": "甲"}, "创办企业"),
        ({"type": "startup", "company": "甲", "share": Decimal(0)}, "股权"),
        ({"type": "startup", "company": "甲", "share": Decimal(101)}, "股权"),
        ({"type": "host", "contract_years": Decimal(0)}, "年限"),
        ({"type": "host", "region": "32058"}, "6 位"),
    ],
)
def test_what_cannot_be_is_told(values, why, left, people):
    with pytest.raises(ValidationError, match=why):
        actions.settle(left, {"full_time": True, "contract_years": Decimal(3)} | values, by=people[Role.HANDLER], on=ON)
    assert Stay.objects.get(pk=left.pk).status == "left"


def test_the_database_keeps_type_and_place_together(left):
    with pytest.raises(IntegrityError, match="destination_place"), transaction.atomic():
        Destination.objects.create(stay=left, type="host", in_city=False, told_on=ON)


@pytest.mark.parametrize(
    ("years", "type_", "wanted"),
    [("1", "away_firm", 0), ("0.99", "away_firm", 0), ("0.9", "away_firm", 1), (None, "away_firm", None),
     (None, "city_academy", 0), ("0.5", "host", 6)],
)  # fmt: skip
def test_a_contract_with_an_enterprise_runs_a_year(years, type_, wanted, left):
    kind = type_ in ("host", "city_academy")
    Destination.objects.create(
        stay=left, type=type_, in_city=kind, unit="x", told_on=ON, contract_years=Decimal(years) if years else None
    )
    assert fact(left, "contract_shortfall") == wanted


def test_a_shorter_contract_is_told_with_a_reason(left, people):
    by, short = people[Role.HANDLER], FIRM | {"contract_years": Decimal("0.5")}
    with pytest.raises(Refused, match="6 个月"):
        actions.settle(left, short, by=by, on=ON)
    assert not Destination.objects.exists()
    actions.settle(left, short, by=by, on=ON, justification="先签半年")
    event = Event.objects.get(matter=left.matter, action="settle")
    assert event.details["justification"] == "先签半年"
    assert len(event.details["justified"]) == 1


def test_without_a_destination_the_step_is_a_wall(left, people):
    with pytest.raises(Refused, match="去向已登记"):
        staying.step(left, "settle", people)


def test_a_correction_keeps_what_was_said_before(left, people):
    actions.settle(left, FIRM, by=people[Role.HANDLER], on=ON)
    values = FIRM | {"unit": "外地新公司", "contract_years": Decimal("3.00")}
    with pytest.raises(NotYours):
        actions.correct(left, values, by=people["other_district"], on=ON, reason="改名")
    actions.correct(left, values, by=people[Role.DISTRICT], on=ON, reason="改名")
    actions.correct(left, values, by=people[Role.DISTRICT], on=ON, reason="再按一次")
    event = Event.objects.get(matter=left.matter, action="correct_destination")
    assert (event.note, event.details["changed"]) == ("改名", {"unit": ["外地公司", "外地新公司"]})


@pytest.mark.django_db(transaction=True)
def test_two_who_settle_at_once_make_one_destination():
    city = make.city()
    people = make.people(city)
    left = staying.brought_to("left", city, people)
    by = people[Role.HANDLER]
    outcomes = at_once(
        lambda: actions.settle(left, HOST, by=by, on=ON), lambda: actions.settle(left, FIRM, by=by, on=ON)
    )
    assert sorted(type(o).__name__ for o in outcomes) == ["Destination", "Refused"]
    assert Event.objects.filter(action="settle").count() == Destination.objects.count() == 1
    connection.close()


def test_regions_have_names_and_lie_in_cities(city):
    assert (name_of("320583"), name_of("999999"), name_of("x")) == ("江苏省昆山市", "", "")
    for code, region, wanted in (("370200", "370211", True), ("370200", "370300", False), ("500000", "500103", True),
                                 ("320583", "320582", False), ("", "320583", None), ("320583", "", None)):  # fmt: skip
        city.pack.root.gb_code = code
        assert lies_in(region, city.pack) is wanted


# --- follow-ups --------------------------------------------------------------------------------


@pytest.mark.parametrize("months", MONTHS)
def test_the_last_exit_is_the_last_for_which_the_months_are_full(months):
    for n in range(0, 800, 7):
        on = date(2024, 1, 1) + timedelta(n)
        for day in (on, on.replace(day=1) - timedelta(1)):
            last = last_exit(day, months)
            assert add_months(last, months) <= day < add_months(last + timedelta(1), months)


ANSWER = {"checked_on": ON, "in_city": True, "where": "", "source": "insurance", "note": ""}


@pytest.mark.parametrize(("days", "wanted"), [(-1, None), (0, 6)])
def test_who_left_half_a_year_ago_is_on_the_list_of_their_district(days, wanted, left, people):
    went(left, date(2025, 12, 1), type="host")
    day = ON + timedelta(days)
    found = {who: [r.months_due for r in waiting(Stay.objects.visible_to(people[who]), MONTHS, day)]
             for who in (Role.DISTRICT, Role.BUREAU_HANDLER, "other_district", Role.POSTDOC)}  # fmt: skip
    assert list(found.values()) == [[wanted] if wanted else []] * 2 + [[], []]


def test_only_the_latest_is_due_and_a_year_after_the_last_nothing_is(left, people):
    stay = went(left, date(2023, 6, 1), type="host")
    rows = Stay.objects.filter(pk=stay.pk)
    assert waiting(rows, MONTHS, ON).get().months_due == 36
    assert waiting(rows, MONTHS, date(2027, 5, 31)).exists()
    assert not waiting(rows, MONTHS, date(2027, 6, 1)).exists()
    actions.follow(stay, 36, ANSWER, by=people[Role.DISTRICT], on=ON)
    assert not waiting(rows, MONTHS, ON).exists()
    assert not waiting(rows, [], ON).exists()


def test_not_to_know_is_an_answer_and_may_be_mended(left, people):
    stay, by = went(left, date(2025, 12, 1), type="host"), people[Role.DISTRICT]
    actions.follow(stay, 6, ANSWER | {"in_city": None}, by=by, on=ON)
    assert fact(stay, "stays_in_city") is None
    assert not waiting(Stay.objects.all(), MONTHS, ON).exists()
    actions.follow(stay, 6, ANSWER, by=by, on=ON)
    actions.follow(stay, 6, ANSWER, by=by, on=ON)
    events = list(Event.objects.filter(action="follow_up").order_by("pk"))
    assert [e.details.get("before", {}).get("in_city", "-") for e in events] == ["-", None]
    assert fact(stay, "stays_in_city") is True


@pytest.mark.parametrize(
    ("who", "months", "day", "why"),
    [
        (Role.BUREAU_HANDLER, 6, ON, "区镇"),
        ("other_district", 6, ON, "区镇"),
        (Role.DISTRICT, 12, ON, "还没有到"),
        (Role.DISTRICT, 7, ON, "还没有到"),
        (Role.DISTRICT, 6, date(2025, 11, 30), "早于出站"),
    ],
)
def test_a_follow_up_that_cannot_be_is_told(who, months, day, why, left, people):
    stay = went(left, date(2025, 12, 1), type="host")
    with pytest.raises(Refused, match=why):
        actions.follow(stay, months, ANSWER | {"checked_on": day}, by=people[who], on=ON)


def test_nothing_found_out_later_changes_what_was_true_on_a_day(left):
    stay = went(left, date(2024, 6, 1), type="city_firm")
    asked(stay, 12, False)
    days = [date(2024, 5, 31), date(2024, 6, 1), date(2025, 5, 31), date(2025, 6, 1)]
    assert [fact(stay, "stays_in_city", day) for day in days] == [None, True, True, False]


def test_officers_hear_once_when_one_is_due(left, people):
    went(left, date(2025, 12, 1), type="host")
    counts = [reminders.follow_ups(ON + timedelta(n)) for n in (-1, 0, 0, 5)]
    assert counts == [0, 1, 0, 0]
    assert Notice.objects.get(text__contains="6 个月").user == people[Role.DISTRICT]


def test_a_backlog_rings_for_nobody(left):
    went(left, date(2025, 11, 1), type="host")
    assert reminders.follow_ups(ON) == 0


# --- what was kept -----------------------------------------------------------------------------


@pytest.fixture
def history(city, people):
    """Ten who left in two years, of two districts; one withdrawn, one still here."""
    at = staying.station(city, people, approved_on=date(2018, 1, 1))
    other, them = make.people_of(city, make.enterprise(city.south), people, officer="other_district")
    there = staying.station(other, them, approved_on=date(2018, 1, 1))
    plan = [
        (date(2023, 3, 1), {"type": "host"}, {12: True, 24: True, 36: False}),
        (date(2023, 4, 1), {"type": "city_firm"}, {12: False, 24: None}),
        (date(2023, 5, 1), {"type": "away_firm"}, {12: True}),
        (date(2023, 7, 1), {"type": "abroad"}, {}),
        (date(2023, 8, 1), {}, {12: True}),
        (date(2025, 1, 1), {"type": "second"}, {12: None}),
        (date(2025, 9, 1), {"type": "back", "in_city": True}, {6: True}),
        (date(2025, 9, 2), {"type": "other", "in_city": False}, {}),
        (date(2025, 9, 3), {"type": "other"}, {}),
    ]
    for n, (day, values, found) in enumerate(plan):
        place, who, station = (other, them, there) if n == 0 else (city, people, at)
        stay = went(staying.brought_to("left", place, who, at=station), day, **values)
        for months, answer in found.items():
            asked(stay, months, answer)
    gone = staying.brought_to("left", city, people, at=at)
    Stay.objects.filter(pk=gone.pk).update(
        status="withdrawn", withdrawn_on=ON, withdrawal_ground="11", committee_number="w"
    )
    staying.brought_to("here", city, people, at=at)
    return city


INDEPENDENT = """
SELECT extract(year FROM s.ended_on)::int,
  count(*), sum((d.type = 'host')::int), sum((d.in_city IS TRUE)::int), sum((d.in_city IS FALSE)::int),
  sum((d.in_city IS NULL)::int),
  sum((s.ended_on + interval '12 months' <= %(on)s AND f.in_city IS TRUE)::int),
  sum((s.ended_on + interval '12 months' <= %(on)s AND f.in_city IS FALSE)::int),
  sum((s.ended_on + interval '12 months' <= %(on)s AND f.in_city IS NULL)::int)
FROM postdocs_stay s LEFT JOIN postdocs_destination d ON d.stay_id = s.id
LEFT JOIN postdocs_followup f ON f.stay_id = s.id AND f.months = 12
WHERE s.status IN ('left', 'settled') GROUP BY 1 ORDER BY 1
"""


def test_retention_equals_an_independent_count(history):
    found = retention.cohorts(Stay.objects.all(), "year", MONTHS, ON)
    ours = []
    for c in found:
        exit_, year = c.marks[0], c.marks[12]
        ours.append(
            (
                c.key,
                c.exited,
                c.parts["host"] or None,
                exit_.yes,
                exit_.no,
                exit_.unknown,
                year.yes,
                year.no,
                year.unknown,
            )
        )
        assert sum(c.parts.values()) == c.exited == sum((exit_.yes, exit_.no, exit_.unknown, exit_.later))
    with connection.cursor() as cursor:
        cursor.execute(INDEPENDENT, {"on": ON})
        theirs = [tuple(x if n != 2 else x or None for n, x in enumerate(row)) for row in cursor.fetchall()]
    assert ours == theirs


def test_unknown_is_never_a_no(history):
    first, second = retention.cohorts(Stay.objects.all(), "year", MONTHS, ON)
    assert first.parts == {"host": 1, "city": 1, "second": 0, "elsewhere": 1, "abroad": 1, "unknown": 1}
    assert second.parts == {"host": 0, "city": 1, "second": 1, "elsewhere": 1, "abroad": 0, "unknown": 1}
    marks = {n: (m.yes, m.no, m.unknown, m.later) for n, m in first.marks.items()}
    assert marks[0] == (2, 2, 1, 0)
    assert (marks[12], marks[24], marks[36]) == ((3, 1, 1, 0), (1, 0, 4, 0), (0, 1, 2, 2))
    assert (first.marks[0].rate, first.marks[12].rate) == (0.5, 0.75)
    assert (second.marks[12].later, second.marks[12].unknown, second.marks[12].rate) == (3, 1, None)
    assert retention.summed([first, second]).marks[0].unknown == 3


def test_cohorts_by_district_are_those_one_sees(history, people):
    rows = Stay.objects.visible_to(people["other_district"])
    (only,) = retention.cohorts(rows, "district", MONTHS, ON)
    assert (only.key, only.exited) == (history.south.pk, 1)
    assert [
        c.exited for c in retention.cohorts(Stay.objects.visible_to(people[Role.DISTRICT]), "year", MONTHS, ON)
    ] == [4, 4]


def test_entry_cohorts_show_who_is_still_in_station(history):
    found = {row.year: row for row in retention.intakes(Stay.objects.all(), ON)}
    last = found[2026]
    assert (last.entered, last.inside, last.withdrawn, last.out) == (2, 1, 1, 0)
    old = found[2021]
    assert (old.entered, old.out, old.yes, old.no, old.unknown) == (5, 5, 2, 2, 1)
    assert retention.taken_together(list(found.values())).entered == 11


# --- pages -------------------------------------------------------------------------------------


def signed_in(user) -> Client:
    client = Client()
    client.force_login(user, "portal.accounts.Backend")
    return client


def test_the_form_is_told_what_is_wrong_and_nothing_typed_is_lost(left, people):
    client, url = signed_in(people[Role.HANDLER]), f"/postdocs/{left.matter.number}/destination/"
    page = client.post(url, {"type": "away_firm", "unit": "外地公司", "region": "999999", "contract_years": "3"})
    assert (page.status_code, "没有 999999" in page.content.decode(), "外地公司" in page.content.decode()) == (
        422,
        True,
        True,
    )
    page = client.post(url, {"type": "away_firm", "unit": "外地公司", "region": "310115", "contract_years": "0.5"})
    assert (page.status_code, "6 个月" in page.content.decode()) == (422, True)
    data = {"type": "away_firm", "unit": "外地公司", "region": "310115", "contract_years": "0.5", "reason": "先签半年"}
    assert client.post(url, data).status_code == 302
    assert client.post(url, data | {"unit": "新公司", "reason": ""}).status_code == 422
    assert client.post(url, data | {"unit": "新公司", "reason": "更名"}).status_code == 302
    page = client.get(f"/postdocs/{left.matter.number}/").content.decode()
    assert ("新公司" in page, "外地公司" in page, "上海市浦东新区" in page) == (True, True, True)


def test_a_follow_up_is_written_on_its_page(left, people):
    stay = went(left, localdate() - timedelta(200), type="host")
    client = signed_in(people[Role.DISTRICT])
    assert str(stay.person) in client.get("/destinations/due/?months=6").content.decode()
    url = f"/postdocs/{stay.matter.number}/follow-ups/6/"
    assert client.post(url, {"answer": "", "checked_on": "x", "source": "phone"}).status_code == 422
    data = {"answer": "unknown", "checked_on": localdate().isoformat(), "source": "phone"}
    assert client.post(url, data | {"source": ""}).status_code == 422  # nobody is led to say how they know
    assert client.post(url, data).status_code == 302
    assert str(stay.person) not in client.get("/destinations/due/").content.decode()
    assert signed_in(people["other_district"]).get(url).status_code == 404


def test_a_follow_up_shows_what_the_insurance_lists_of_the_city_say(left, city, people):
    stay = went(left, localdate() - timedelta(200), type="host")
    url = f"/postdocs/{stay.matter.number}/follow-ups/6/"
    client, number = signed_in(people[Role.DISTRICT]), stay.person.papers.get().plain
    rostering.insured(make.city("othercity").enterprise, number, people[Role.DISTRICT], {"2026-09": True})
    assert "名单上没有本人" in client.get(url).content.decode()
    rostering.insured(city.enterprise, number, people[Role.DISTRICT], {"2026-07": True, "2026-08": False})
    assert "本市参保是 2026-07" in client.get(url).content.decode()


def test_the_pages_of_cohorts_and_their_workbooks(history, people):
    client = signed_in(people[Role.BUREAU_HANDLER])
    for view in ("", "?view=exit", "?view=district", "?view=entry", f"?view=district&district={history.north.pk}"):
        assert client.get(f"/destinations/{view}").status_code == 200
        assert client.get(f"/destinations/export/{view}").status_code == 200
    assert client.get("/destinations/due/export/").status_code == 200
    page = client.get("/destinations/").content.decode()  # every month at which the city asks has its column
    assert [f"满 {n} 个月" in page for n in (6, 12, 24, 36)] == [True] * 4
