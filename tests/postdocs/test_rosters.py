"""Doctors and research talents: told, confirmed, counted once; hand-made histories of what is counted."""

from datetime import date, timedelta

import pytest
import yaml

from portal import sealed
from portal.lifecycle import Refused
from portal.models import Role, Setting
from portal.packs import HOME
from postdocs import told
from postdocs.models import Doctor, IdentityPaper, Person, Stay, Talent
from postdocs.rosters.facts import talent as talents
from targets.plans import indicators
from tests import make
from tests.postdocs import rostering, staying
from tests.reading import Visitor
from tests.stations.test_intake import book, hand_in, undo, write

ON = make.ON


@pytest.fixture
def officer(people):
    return people[Role.DISTRICT]


@pytest.fixture
def handler(people):
    return people[Role.HANDLER]


# --- indicators as the packs declare them --------------------------------------------------------


class Counting:
    """An indicator of a real pack, asked of the rows of the test's city."""

    def __init__(self, place, town: str, code: str, **settings):
        plans = yaml.safe_load((HOME / town / "plans.yaml").read_text())
        given = {
            s["code"]: s.get("value") for s in yaml.safe_load((HOME / town / "settings.yaml").read_text())
        } | settings
        (row,) = [i for plan in plans for i in plan["indicators"] if i["code"] == code]
        for name in row.get("settings", ()):
            Setting.objects.get_or_create(
                pack=place.pack, code=name, defaults={"title": "x", "why": "x", "kind": "text", "value": given[name]}
            )
        names = ("source", "starts", "stops", "where", "distinct", "kind")
        about = {name: row.get(name, "" if name != "where" else []) for name in names}
        self.place, self.indicator = (
            place,
            make.indicator(make.plan(place, code=code.lower()), place, code=code, **about),
        )

    def on(self, *day: int) -> int:
        when = date(*day)
        found = indicators.compute(self.place.pack, {self.indicator: [when]})
        return int(found[self.indicator.pk, self.place.root.pk, when])


@pytest.fixture
def counting(city):
    return lambda *args, **settings: Counting(city, *args, **settings)


def entered(place, who, on: date, **values) -> Stay:
    """A postdoc in station from a day."""
    stay = staying.brought_to("here", place, who, **values)
    Stay.objects.filter(pk=stay.pk).update(entered_on=on)
    return stay


def test_doctors_and_postdocs_as_a_level_each_person_once(city, people, officer, counting):
    level, both = counting("jianghai", "JH-RS"), staying.paper_number()
    rostering.doctor(city, officer, since=date(2026, 3, 2), until=date(2026, 9, 1))
    rostering.doctor(city, officer, since=date(2026, 3, 2), number=both)
    stay = entered(city, people, date(2026, 4, 1), number=both)
    rostering.doctor(city, people[Role.HANDLER])  # nobody has confirmed it
    assert [level.on(2026, 3, 1), level.on(2026, 3, 2), level.on(2026, 4, 1), level.on(2026, 9, 1)] == [0, 2, 2, 1]
    Stay.objects.filter(pk=stay.pk).update(
        status="withdrawn", ended_on=date(2026, 6, 1), withdrawn_on=date(2026, 6, 1), withdrawal_ground="11"
    )
    assert level.on(2026, 6, 1) == 2  # still a doctor here
    Doctor.objects.filter(person__papers__number_index=sealed.index_of(both)).update(until=date(2026, 7, 1))
    assert (level.on(2026, 6, 30), level.on(2026, 7, 1), level.on(2026, 9, 1)) == (2, 1, 0)


def test_only_those_whom_the_city_counts(city, officer, counting):
    level = counting("jianghai", "JH-RS", **{"doctors.counted": ["full", "postdoc"]})
    rostering.doctor(city, officer)
    rostering.doctor(city, officer, engagement="dual")
    assert level.on(2026, 12, 31) == 1


def test_introduced_is_the_first_time_and_without_insurance_before(city, people, officer, counting):
    flow, again = counting("jianghai", "JH-YJ"), staying.paper_number()
    rostering.doctor(city, officer, since=date(2025, 12, 31), until=date(2026, 2, 1), number=again)
    entered(city, people, date(2026, 4, 1), number=again)  # second time: introduced in 2025
    rostering.doctor(city, officer, since=date(2026, 1, 1))
    assert (flow.on(2025, 12, 31), flow.on(2026, 1, 1), flow.on(2026, 12, 31)) == (1, 1, 1)
    since = date(2026, 5, 4)
    rostering.doctor(city, officer, since=since, first_insured_on=since)
    rostering.doctor(city, officer, since=since, first_insured_on=date(2026, 5, 1))  # the month itself
    assert flow.on(2026, 12, 31) == 3
    rostering.doctor(city, officer, since=since, first_insured_on=date(2026, 4, 30))
    rostering.doctor(city, officer, since=since, first_insured_on=date(2025, 5, 1))
    assert flow.on(2026, 12, 31) == 3
    rostering.doctor(city, officer, since=since, first_insured_on=date(2025, 4, 30))  # thirteen months before
    assert flow.on(2026, 12, 31) == 4


@pytest.mark.parametrize(
    ("months", "wanted"),
    [({"2026-05": True}, 1), ({"2026-04": True}, 0), ({"2025-05": True}, 0), ({"2025-04": True}, 1), ({"2026-04": False}, 1)],
)  # fmt: skip
def test_insurance_on_a_list_before_the_first_month_says_who_was_here(months, wanted, city, people, officer, counting):
    flow, number = counting("jianghai", "JH-YJ"), staying.paper_number()
    rostering.insured(make.enterprise(city.south), number, people[Role.BUREAU_HANDLER], months)
    rostering.doctor(city, officer, since=date(2026, 5, 4), number=number)
    assert flow.on(2026, 12, 31) == wanted


def test_through_matching_are_doctors_and_postdocs_by_their_channel(city, people, officer, counting):
    count, both = counting("kunshan", "KS-BS"), staying.paper_number()
    rostering.doctor(city, officer, channel="matching", number=both)
    rostering.doctor(city, officer, channel="campus")
    rostering.doctor(city, officer, channel="matching", since=date(2024, 12, 31))  # before the plan
    stay = entered(city, people, date(2026, 4, 1), number=both, values={"channel": "matching"})
    gone = entered(city, people, date(2026, 4, 1), at=stay.station, values={"channel": "matching"})
    assert count.on(2026, 5, 31) == 2
    Stay.objects.filter(pk=gone.pk).update(
        status="withdrawn", ended_on=date(2026, 6, 1), withdrawn_on=date(2026, 6, 1), withdrawal_ground="11"
    )
    assert (count.on(2026, 5, 31), count.on(2026, 6, 1)) == (2, 1)


def test_research_talents_are_counted_by_rosters_each_once(city, people, officer, handler, counting):
    count, twice = counting("kunshan", "KS-YJ"), staying.paper_number()
    station = staying.station(city, people)
    other = staying.station(city, people, owner=make.enterprise(city.north))
    rostering.talent(station, officer, number=twice)
    rostering.talent(other, officer, number=twice, since=date(2026, 5, 1))
    rostering.talent(station, officer, degree="bachelor", post="engineering")
    rostering.talent(station, officer, contract_since=None)
    rostering.talent(station, officer, since=date(2024, 12, 31))
    rostering.talent(station, officer, relation="postdoc")
    rostering.talent(station, handler)  # nobody has confirmed it
    known = staying.paper_number()
    entered(city, people, date(2026, 1, 20), at=station, number=known)
    rostering.talent(station, officer, number=known, relation="team")  # a postdoc on that day
    assert (count.on(2026, 3, 1), count.on(2026, 3, 2), count.on(2026, 12, 31)) == (0, 2, 2)


@pytest.mark.parametrize(
    ("values", "insured", "wanted"),
    [
        ({}, True, "strict"),
        ({}, False, "roster"),
        ({"degree": "bachelor"}, True, "roster"),
        ({"degree": "bachelor", "rank": "senior"}, True, "strict"),
        ({"post": "engineering"}, True, "roster"),
        ({"contract_since": None}, True, None),
    ],
)
def test_the_strict_definition_asks_for_more(values, insured, wanted, city, people, officer, counting):
    number, station = staying.paper_number(), staying.station(city, people)
    if insured:
        rostering.insured(city.enterprise, number, people[Role.BUREAU_HANDLER], {"2026-04": True})
    row = rostering.talent(station, officer, number=number, **values)
    (found,) = talents.table(Talent.objects.filter(pk=row.pk), ["standard"], on=ON)
    assert found["fact_standard"] == wanted
    assert counting("kunshan", "KS-YJ", A6="strict").on(2026, 12, 31) == (wanted == "strict")


# --- telling and confirming ----------------------------------------------------------------------


def test_a_candidate_is_the_unit_s_own_until_the_district_confirms(city, people, officer, handler):
    number = staying.paper_number()
    settled = entered(city, people, date(2026, 4, 1), number=number).person
    row = rostering.doctor(city, handler, number=number, name="周博文")
    assert (row.confirmed_on, row.person == settled) == (None, False)
    told.confirm(row, by=officer, on=ON)
    row.refresh_from_db()
    assert (row.confirmed_on, row.confirmed_by, row.person) == (ON, officer, settled)
    assert IdentityPaper.objects.filter(settled=True, number_index=sealed.index_of(number)).count() == 1


def test_a_doctor_whose_dates_contradict_the_record_isn_t_confirmed(city, people, officer, handler):
    number = staying.paper_number()
    entered(city, people, date(2026, 4, 1), number=number)
    Person.objects.filter(papers__number_index=sealed.index_of(number)).update(has_certificate=None, degree_on=None)
    row = rostering.doctor(city, handler, number=number, degree_on=date(2025, 6, 30))  # before the defence
    with pytest.raises(Refused, match="对不上"):
        told.confirm(row, by=officer, on=ON)


def test_two_units_may_tell_of_one_person_and_neither_hears_of_the_other(city, people, officer, handler):
    number, other = staying.paper_number(), make.enterprise(city.south)
    mine = rostering.doctor(city, handler, number=number)
    theirs = rostering.doctor(city, people[Role.BUREAU_HANDLER], owner=other, number=number)
    assert mine.person != theirs.person
    assert set(Doctor.objects.visible_to(handler)) == set(Doctor.objects.visible_to(officer)) == {mine}
    assert not Person.objects.visible_to(handler).exists()


def test_who_may_change_what(city, people, officer, handler):
    row = rostering.doctor(city, handler)
    assert (told.open_fields(row, handler), told.open_fields(row, people[Role.CERTIFIER])) == (None, set())
    told.confirm(row, by=officer, on=ON)
    row.refresh_from_db()
    assert (told.open_fields(row, handler), told.open_fields(row, officer)) == ({"until"}, None)
    with pytest.raises(Refused, match="不能删除"):
        told.remove(row, by=handler)
    with pytest.raises(Refused, match="不由您"):
        told.confirm(rostering.doctor(city, handler), by=handler, on=ON)


def test_a_confirmed_row_keeps_what_its_unit_may_not_change(city, handler, officer):
    row = rostering.doctor(city, officer)
    visitor = Visitor(handler)
    visitor.client.post(f"/doctors/{row.pk}/", {"since": "2020-01-01", "until": "2026-08-01", "engagement": "dual"})
    row.refresh_from_db()
    assert (row.since, row.until, row.engagement) == (rostering.SINCE, date(2026, 8, 1), "full")


@pytest.mark.parametrize(("until", "refused"), [(rostering.SINCE, True), (rostering.SINCE + timedelta(1), False)])
def test_a_period_ends_after_it_began(until, refused, city, people, officer):
    station = staying.station(city, people)
    if refused:
        with pytest.raises(Refused, match="须晚于"):
            rostering.talent(station, officer, until=until)
    else:
        rostering.talent(station, officer, until=until)


@pytest.mark.parametrize(("since", "refused"), [(date(2026, 5, 31), True), (date(2026, 6, 1), False)])
def test_nobody_is_on_a_unit_s_roster_twice_at_a_time(since, refused, city, people, officer):
    station, number = staying.station(city, people), staying.paper_number()
    rostering.talent(station, officer, number=number, until=date(2026, 6, 1))
    if refused:
        with pytest.raises(Refused, match="已在本单位的花名册上"):
            rostering.talent(station, officer, number=number, since=since)
    else:
        rostering.talent(station, officer, number=number, since=since)


DOCTOR = {"name": "周博文", "degree_on": "2025-06-30", "engagement": "full", "since": "2026-03-02"}


def test_a_handler_types_a_doctor_once(city, handler):
    visitor, number = Visitor(handler), staying.paper_number()
    sent = DOCTOR | {"unit": city.enterprise.pk, "number": number}
    assert visitor.client.post("/doctors/new/", sent).status_code == 302
    row = Doctor.objects.get()
    assert (row.organisation_id, row.person.degree_on, row.confirmed_on) == (
        city.enterprise.pk,
        date(2025, 6, 30),
        None,
    )
    answer = visitor.client.post("/doctors/new/", sent)
    assert (answer.status_code, "已登记在本单位" in answer.content.decode(), Doctor.objects.count()) == (422, True, 1)
    page = visitor.client.get(f"/doctors/{row.pk}/").content.decode()
    assert number not in page


def test_another_unit_s_rows_aren_t_there_to_confirm(city, people, officer):
    mine = rostering.doctor(city, people[Role.HANDLER])
    theirs = rostering.doctor(city, people[Role.BUREAU_HANDLER], owner=make.enterprise(city.south))
    Doctor.objects.filter(pk=theirs.pk).update(confirmed_on=None, confirmed_by=None)
    visitor = Visitor(officer)
    assert visitor.client.post("/doctors/confirm/", {"n": [mine.pk, theirs.pk]}).status_code == 404
    assert visitor.client.post("/doctors/confirm/", {"n": [mine.pk]}).status_code == 302
    assert Doctor.objects.confirmed().get() == mine


# --- a roster as a workbook --------------------------------------------------------------------

HEAD = [
    "工作站编号",
    "姓名",
    "证件号码",
    "学位",
    "职称等级",
    "岗位",
    "与工作站的关系",
    "合同起",
    "合同止",
    "入职日期",
    "离职日期",
]


def line(station, **values) -> dict:
    given = {"工作站编号": station.matter.number, "姓名": "钱工", "证件号码": staying.paper_number(), "学位": "硕士"}
    given |= {"岗位": "研发", "与工作站的关系": "博士后团队成员", "合同起": "2026-03-02", "入职日期": "2026-03-02"}
    return given | values


WRONG = {
    "an unknown station": ({"工作站编号": "TE-WS-2026-9999"}, "station", "没有编号"),
    "no name": ({"姓名": ""}, "name", "必填"),
    "a short number": ({"证件号码": "1101011990030700"}, "number", "18 位"),
    "an unknown degree": ({"学位": "院士"}, "degree", "不在可选范围"),
    "no post": ({"岗位": ""}, "post", "必填"),
    "a day to come": ({"入职日期": "2030-01-01"}, "since", "还没有到"),
    "gone before coming": ({"离职日期": "2026-03-02"}, "until", "须晚于"),
    "a contract that ends first": ({"合同止": "2026-03-02"}, "contract_until", "须晚于"),
    "a contract without a beginning": ({"合同起": "", "合同止": "2027-03-02"}, "contract_until", "须晚于"),
}


def test_a_roster_comes_in_with_its_wrong_rows_told_and_goes_again(city, people, handler):
    station = staying.station(city, people)
    rows = [line(station), line(station), *(line(station, **values) for values, _name, _part in WRONG.values())]
    batch = hand_in(handler, book(rows, HEAD), kind="talents")
    told_ = {one.number: one for one in batch.lines.all()}
    for number, (what, (_values, name, part)) in enumerate(WRONG.items(), 4):
        assert part in told_[number].problems.get(name, ""), (what, told_[number].problems)
    batch = write(batch)
    assert list(Talent.objects.values_list("confirmed_on", "district")) == [(None, city.north.pk)] * 2
    undo(batch)
    assert not Talent.objects.exists()


def test_what_an_official_hands_in_is_confirmed_and_a_unit_changes_only_the_end(city, people, officer, handler):
    station = staying.station(city, people)
    row = line(station)
    write(hand_in(officer, book([row], HEAD), kind="talents"))
    assert Talent.objects.get().confirmed_by == officer
    batch = hand_in(handler, book([row | {"学位": "博士"}], HEAD), kind="talents")
    assert "已核对" in batch.lines.get().problems["degree"]
    write(hand_in(handler, book([row | {"离职日期": "2026-06-01"}], HEAD), kind="talents"))
    assert Talent.objects.get().until == date(2026, 6, 1)


# --- workbooks of doctors ------------------------------------------------------------------------

DOCTOR_HEAD = [
    "统一社会信用代码",
    "单位",
    "姓名",
    "证件号码",
    "博士毕业单位",
    "博士一级学科",
    "博士学位证书日期",
    "全职或双聘",
]
DOCTOR_HEAD += ["引才渠道", "本市首次参保", "到岗日期", "离岗日期"]


def doctor_line(city, **values) -> dict:
    owner = city.enterprise.organisation
    given = {"统一社会信用代码": owner.code, "单位": owner.name, "姓名": "周博文", "证件号码": staying.paper_number()}
    given |= {
        "博士毕业单位": "测试大学",
        "博士一级学科": "0812",
        "博士学位证书日期": "2025-12-30",
        "全职或双聘": "双聘",
    }
    return given | {"引才渠道": "校园招聘", "本市首次参保": "2026-03-10", "到岗日期": "2026-03-02"} | values


def doctors_in(by, *rows):
    return hand_in(by, book(list(rows), DOCTOR_HEAD), kind="doctors")


WRONG_DOCTORS = {
    "an unknown unit": ({"统一社会信用代码": make.credit_code(987654)}, "code", "没有登记这家单位"),
    "another name of the unit": ({"单位": "别的公司"}, "unit", "登记的单位是"),
    "a short number": ({"证件号码": "1101011990030700"}, "number", "18 位"),
    "a number in the name": ({"姓名": "周博文1990"}, "name", "填错了位置"),
    "no degree": ({"博士学位证书日期": ""}, "degree_on", "必填"),
    "a degree to come": ({"博士学位证书日期": "2030-01-01"}, "degree_on", "还没有到"),
    "a postdoc": ({"全职或双聘": "博士后"}, "engagement", "不在可选范围"),
    "insured in the future": ({"本市首次参保": "2030-01-01"}, "first_insured_on", "还没有到"),
    "gone before coming": ({"离岗日期": "2026-03-02"}, "until", "须晚于"),
}


def test_doctors_come_in_with_their_wrong_rows_told_and_go_again(city, people, handler):
    wrong = [doctor_line(city, **values) for values, _name, _part in WRONG_DOCTORS.values()]
    batch = doctors_in(handler, doctor_line(city), doctor_line(city), *wrong)
    told_ = {one.number: one for one in batch.lines.all()}
    for number, (what, (_values, name, part)) in enumerate(WRONG_DOCTORS.items(), 4):
        assert part in told_[number].problems.get(name, ""), (what, told_[number].problems)
        assert set(told_[number].problems) == {name}
    batch = write(batch)
    row = Doctor.objects.select_related("person").order_by("pk")[0]
    assert (Doctor.objects.count(), row.confirmed_on, row.person.settled_on) == (2, None, None)
    assert (row.engagement, row.channel, row.person.degree_on) == ("dual", "campus", date(2025, 12, 30))
    undo(batch)
    assert [model.objects.count() for model in (Doctor, Person, IdentityPaper)] == [0, 0, 0]


def test_an_official_s_doctors_are_confirmed_each_with_one_record(city, people, officer):
    known, fresh = staying.paper_number(), staying.paper_number()
    settled = entered(city, people, date(2026, 4, 1), number=known).person
    twice = doctor_line(city, 证件号码=fresh, 离岗日期="2026-05-01")
    again = doctor_line(city, 证件号码=fresh, 到岗日期="2026-06-01")
    write(doctors_in(officer, twice, again, doctor_line(city, 证件号码=known)))
    rows = Doctor.objects.order_by("pk")
    assert {row.confirmed_by for row in rows} == {officer}
    assert rows[0].person == rows[1].person != settled == rows[2].person
    papers = IdentityPaper.objects.filter(settled=True)
    assert papers.filter(number_index=sealed.index_of(fresh)).get().plain == fresh
    assert papers.filter(number_index=sealed.index_of(known)).count() == 1


def test_of_one_number_the_days_at_a_unit_and_the_name_agree(city, people, handler):
    number = staying.paper_number()
    write(doctors_in(handler, doctor_line(city, 证件号码=number)))
    batch = doctors_in(
        handler,
        doctor_line(city, 证件号码=number, 到岗日期="2026-04-01"),
        doctor_line(city, 证件号码=(other := staying.paper_number())),
        doctor_line(city, 证件号码=other, 到岗日期="2026-04-01"),
        doctor_line(city, 证件号码=other, 姓名="王二", 到岗日期="2026-05-01"),
    )
    told_ = [line.problems for line in batch.lines.order_by("number")]
    assert "已登记在本单位" in told_[0]["since"]
    assert told_[1] == {}
    assert "第 3 行同一个人" in told_[2]["since"]
    assert "第 3 行同一个证件号码的姓名" in told_[3]["name"]


def test_a_workbook_corrects_a_doctor_and_not_who_it_is(city, people, handler, officer):
    row = doctor_line(city)
    write(doctors_in(handler, row))
    changed = doctors_in(handler, row | {"全职或双聘": "全职", "离岗日期": "2026-09-01"})
    assert set(changed.lines.get().changes) == {"engagement", "until"}
    write(changed)
    assert Doctor.objects.values_list("engagement", "until").get() == ("full", date(2026, 9, 1))
    assert undo(changed).state == "undone"
    assert Doctor.objects.values_list("engagement", "until").get() == ("dual", None)
    assert "登记的姓名是“周博文”" in doctors_in(handler, row | {"姓名": "王二"}).lines.get().problems["name"]
    told.confirm(Doctor.objects.get(), by=officer, on=ON)
    assert "已核对" in doctors_in(handler, row | {"全职或双聘": "全职"}).lines.get().problems["engagement"]
    write(doctors_in(handler, row | {"离岗日期": "2026-09-01"}))
    assert Doctor.objects.get().until == date(2026, 9, 1)


@pytest.mark.parametrize("kind", ["doctors", "talents"])
def test_what_an_official_confirmed_since_isn_t_taken_back(city, people, handler, officer, kind):
    if kind == "doctors":
        batch = write(doctors_in(handler, doctor_line(city)))
        row = Doctor.objects.get()
    else:
        batch = write(hand_in(handler, book([line(staying.station(city, people))], HEAD), kind="talents"))
        row = Talent.objects.get()
    told.confirm(row, by=officer, on=ON)
    batch = undo(batch)
    assert (batch.state, "已经核对" in batch.problem, type(row).objects.count()) == ("done", True, 1)


def test_a_look_at_doctors_tells_nothing_of_other_units(city, people, handler, officer):
    elsewhere = make.enterprise(city.north)
    rostering.doctor(city, officer, owner=elsewhere, number=(number := staying.paper_number()), name="别人")
    assert doctors_in(handler, doctor_line(city, 证件号码=number)).lines.get().outcome == "new"
    line = doctors_in(handler, doctor_line(city, 统一社会信用代码=elsewhere.organisation.code, 单位="")).lines.get()
    assert "不在您的范围" in line.problems["code"]


def test_a_number_of_a_doctor_lies_nowhere_in_the_clear(city, people, handler):
    batch = write(doctors_in(handler, doctor_line(city, 证件号码=(number := staying.paper_number()))))
    assert not batch.content
    assert number not in str(list(batch.lines.values()))
    assert "周博文" in Visitor(handler).go("/doctors/").text
