"""Evaluation: points by bands, unknown figures, the way of a sheet, the ranking with its cap, publication, honours."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction
from django.utils import translation

from portal.lifecycle import NotYours, Refused
from portal.models import Event, Matter, ReturnItem, Role
from stations.evaluation import actions as evaluation_actions
from stations.evaluation import lifecycle as life
from stations.evaluation import pack as evaluation_pack
from stations.evaluation import scoring
from stations.models import Enterprise, Evaluation, Honour, SchemeGrade, SchemeItem, Sheet, StandingCase, Station
from stations.register import facts, lifecycle
from stations.standing import clocks
from targets.plans import indicators
from tests import make
from tests.reading import Visitor
from tests.stations import evaluating

ON = make.ON


@pytest.fixture
def test_scheme(city):
    return evaluating.scheme(city)


def station_of(city, people, **values):
    """A station with an enterprise and two accounts of its own; `staff` is what the records know of it."""
    owner = make.enterprise(city.north, **values)
    row = make.station(city, people[Role.BUREAU_APPROVER], owner=owner, approved_on=date(2020, 1, 2))
    _place, who = make.people_of(city, owner, people)
    return row, who


def a_sheet(city, people, status="reporting", **values):
    row, who = station_of(city, people)
    round_ = evaluating.started(city, people)
    return evaluating.brought(Sheet.objects.get(station=row), status, who, **values), who, round_


# --- who takes part ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("approved_on", "ended_on", "takes_part"),
    [
        (date(2025, 6, 1), None, True),
        (date(2025, 6, 2), None, False),
        (date(2020, 1, 1), date(2026, 6, 1), False),
        (date(2020, 1, 1), date(2026, 6, 2), True),
    ],
    ids=["one year today", "one year tomorrow", "ended today", "ends tomorrow"],
)
def test_a_station_takes_part_by_its_age_and_state_on_the_cut_off(approved_on, ended_on, takes_part, city, people):
    row = make.station(city, people[Role.BUREAU_APPROVER], approved_on=approved_on)
    if ended_on:
        Station.objects.filter(pk=row.pk).update(status="cancelled", ended_on=ended_on)
    round_ = evaluating.prepared(city, people)
    assert life.entrants(round_) == {takes_part: [row.pk], not takes_part: [], None: []}


def test_a_rule_on_a_missing_figure_makes_a_station_neither_in_nor_out(city, people, test_scheme):
    test_scheme.entrants.create(fact="enterprise_staff", lookup="gte", value=100, order=2)
    row, _who = station_of(city, people, staff=None, rd_staff=None, senior_staff=None)
    round_ = evaluating.prepared(city, people)
    assert life.entrants(round_) == {True: [], False: [], None: [row.pk]}
    told = [finding.met for finding in life.why_not(round_, row)]
    assert told == [True, True, None]
    page = Visitor(people[Role.BUREAU_HANDLER]).go(round_.get_absolute_url())
    assert "1 家缺数据，不能判断" in page.text
    assert str(row.enterprise) in page.text


def test_a_round_without_anybody_does_not_start(city, people):
    with pytest.raises(Refused, match="没有符合参评条件的站"):
        evaluating.started(city, people)
    assert Evaluation.objects.get().status == "preparing"


def test_new_facts_of_a_station_stand_on_both_sides_of_their_bounds(city, people):
    row, _who = station_of(city, people, revenue=Decimal(1000), rd_spend=Decimal(35))

    def fact(name, on=ON):
        (found,) = facts.station.table(Station.objects.filter(pk=row.pk), [name], on=on)
        return found[f"fact_{name}"]

    assert [fact("years_since_approval", d) for d in (date(2021, 1, 1), date(2021, 1, 2))] == [0, 1]
    assert fact("rd_share") == Decimal("3.50")
    Enterprise.objects.filter(pk=row.enterprise_id).update(revenue=0)
    assert fact("rd_share") is None
    Station.objects.filter(pk=row.pk).update(status="cancelled", ended_on=date(2026, 6, 2))
    assert [fact("is_valid", d) for d in (date(2020, 1, 1), date(2020, 1, 2), ON, date(2026, 6, 2))] == [
        *(False, True, True, False)
    ]


# --- points ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("figure", "points", "words"),
    [
        (None, None, "尚不知道，不计分"),
        (0, 0, "不到 1 人，不得分"),
        (1, 10, "不少于 1 人得 10 分"),
        (2, 25, "不少于 2 人得 25 分"),
        (3, 25, "不少于 2 人得 25 分"),
        (4, 40, "不少于 4 人得 40 分"),
        (90, 40, "不少于 4 人得 40 分"),
    ],
)
def test_points_follow_from_the_band_that_is_reached(figure, points, words, test_scheme):
    item = SchemeItem.objects.get(code="recruits")
    found = scoring.score(item, None if figure is None else Decimal(figure))
    assert (found.points, found.words.replace(" 得", "得")) == (points, words)


def test_records_fill_in_what_they_know_and_leave_the_rest_to_be_asked(city, people):
    known, _who = station_of(city, people, staff=300, rd_staff=1, senior_staff=1)
    silent, them = station_of(city, people, staff=None, rd_staff=None, senior_staff=None)
    evaluating.started(city, people)
    assert evaluating.line(Sheet.objects.get(station=known), "staff").record == 300
    sheet = Sheet.objects.get(station=silent)
    assert evaluating.line(sheet, "staff").record is None
    evaluating.filled(sheet, them[Role.HANDLER])
    with pytest.raises(Refused, match="还没填数的指标：1 项"):
        life.sheet.move(sheet, "to_certify", by=them[Role.HANDLER], on=ON)
    Enterprise.objects.filter(pk=silent.enterprise_id).update(staff=120)
    assert evaluation_actions.refill(sheet, by=them[Role.HANDLER]) == 1
    assert life.sheet.move(sheet, "to_certify", by=them[Role.HANDLER], on=ON).status == "certifying"


def test_what_the_records_know_is_not_typed_over(city, people):
    sheet, who, _round = a_sheet(city, people)
    evaluation_actions.write(sheet, "claimed", {"staff": (Decimal(9000), "实际更多")}, by=who[Role.HANDLER])
    line = evaluating.line(sheet, "staff")
    assert (line.claimed, line.figure("self"), line.statement) == (None, 200, "实际更多")


def test_a_figure_that_needs_a_paper_does_not_go_on_without_it(city, people):
    sheet, who, _round = a_sheet(city, people)
    handler = who[Role.HANDLER]
    evaluation_actions.uncite(sheet, sheet.matter.evidence.get(), by=handler)
    evaluation_actions.write(sheet, "claimed", {"recruits": (Decimal(2), "")}, by=handler)
    with pytest.raises(Refused, match="还缺证明的指标：1 项"):
        life.sheet.move(sheet, "to_certify", by=handler, on=ON)
    evaluation_actions.write(sheet, "claimed", {"recruits": (Decimal(0), "")}, by=handler)
    assert life.sheet.move(sheet, "to_certify", by=handler, on=ON).status == "certifying"


# --- the way of a sheet ------------------------------------------------------------------------


def test_the_score_grows_from_level_to_level_and_says_why(city, people):
    sheet, who, _round = a_sheet(city, people, "checking", recruits=4)
    assert (sheet.self_score, sheet.checked_score) == (55, None)  # 40 + 15 for 200 people
    evaluation_actions.write(sheet, "checked", {"recruits": (Decimal(3), "一人不在评估期内")}, by=who[Role.DISTRICT])
    sheet = life.sheet.move(sheet, "check", by=who[Role.DISTRICT], on=ON)
    assert sheet.checked_score == 40
    with pytest.raises(Refused, match="还没有评定的指标：1 项"):
        life.sheet.move(sheet, "score", by=people[Role.BUREAU_HANDLER], on=ON)
    evaluation_actions.write(sheet, "settled", {"rules": (Decimal(26), "制度完整")}, by=people[Role.BUREAU_HANDLER])
    sheet = life.sheet.move(sheet, "score", by=people[Role.BUREAU_HANDLER], on=ON)
    assert (sheet.self_score, sheet.checked_score, sheet.final_score) == (55, 40, 66)
    rows = [row for part in scoring.parts_of(sheet, seen=True) for row in part.rows]
    assert [(row.line.item.code, row.best.points, row.source) for row in rows] == [
        ("recruits", 25, "区镇核定"),
        ("staff", 15, "平台记录"),
        ("rules", 26, "市局评定"),
    ]


def test_handler_and_certifier_of_a_sheet_are_two_people(city, people):
    row, who = station_of(city, people)
    both = make.user(Role.HANDLER, Role.CERTIFIER, organisation=row.enterprise.organisation)
    evaluating.started(city, people)
    sheet = evaluating.filled(Sheet.objects.get(), both)
    sheet = life.sheet.move(sheet, "to_certify", by=both, on=ON)
    with pytest.raises(NotYours, match="另一人"):
        life.sheet.move(sheet, "submit", by=both, on=ON)
    assert who


def sent_back(sheet, by):
    item = ReturnItem(target="item:recruits", label="指标", code="R17", note="补证明")
    return life.sheet.move(sheet, "return", by=by, on=ON, items=[item])


@pytest.mark.parametrize("level", ["checking", "review"])
def test_only_what_was_sent_back_may_be_changed_and_it_goes_back_to_who_asked(level, city, people):
    sheet, who, _round = a_sheet(city, people, level)
    sheet = sent_back(sheet, who[Role.DISTRICT] if level == "checking" else people[Role.BUREAU_HANDLER])
    handler = who[Role.HANDLER]
    assert evaluation_actions.write(sheet, "claimed", {"rules": (None, "换个说法")}, by=handler) == 0
    with pytest.raises(Refused, match="退回后还没改的地方：1 处"):
        life.sheet.move(sheet, "to_certify", by=handler, on=ON)
    assert evaluation_actions.write(sheet, "claimed", {"recruits": (Decimal(2), "")}, by=handler) == 1
    sheet = life.sheet.move(sheet, "to_certify", by=handler, on=ON)
    sheet = evaluation_actions.certify(sheet, by=who[Role.CERTIFIER], on=ON)
    assert (sheet.status, sheet.self_score) == (level, 40)
    assert sheet.matter.revisions.count() == 2


def test_a_return_may_be_answered_by_words(city, people):
    sheet, who, _round = a_sheet(city, people, "checking")
    sheet = sent_back(sheet, who[Role.DISTRICT])
    evaluation_actions.explain(sheet, ReturnItem.objects.get(), text="与备案一致")
    assert life.sheet.move(sheet, "to_certify", by=who[Role.HANDLER], on=ON).status == "certifying"
    with pytest.raises(Refused, match="不在退回补正状态"):
        evaluation_actions.explain(sheet, ReturnItem.objects.get(), text="再改")


def test_papers_are_locked_once_handed_in(city, people):
    sheet, who, _round = a_sheet(city, people, "checking")
    paper = make.file(sheet.matter.organisation, who[Role.HANDLER])
    with pytest.raises(Refused, match="现在不能改证明"):
        evaluation_actions.cite(sheet, "recruits", paper, by=who[Role.HANDLER])
    with pytest.raises(Refused, match="平台数据不再更新"):
        evaluation_actions.refill(sheet, by=who[Role.HANDLER])
    with pytest.raises(Refused, match="不在您手里"):
        evaluation_actions.write(sheet, "claimed", {"recruits": (Decimal(9), "")}, by=who[Role.HANDLER])


def test_after_the_time_for_reports_only_the_bureau_takes_a_sheet_on(city, people):
    sheet, who, round_ = a_sheet(city, people)
    evaluating.filled(sheet, who[Role.HANDLER])
    evaluating.step(round_, "end_reports", people)
    with pytest.raises(Refused, match="自评在填报阶段提交"):
        life.sheet.move(sheet, "to_certify", by=who[Role.HANDLER], on=ON)
    sheet = life.sheet.move(sheet, "take_over", by=people[Role.BUREAU_HANDLER], on=ON, note="逾期未报")
    assert sheet.status == "checking"


def test_the_database_refuses_a_correction_without_a_reason_and_a_figure_below_zero(city, people):
    sheet, _who, _round = a_sheet(city, people)
    line = evaluating.line(sheet, "recruits")
    for values in ({"checked": 1}, {"claimed": -1}):
        with pytest.raises(IntegrityError), transaction.atomic():
            type(line).objects.filter(pk=line.pk).update(**values)


# --- the ranking -------------------------------------------------------------------------------


def ranked(scores, quota):
    grades = [SchemeGrade(code=c, title=c, at_least=a) for c, a in (("top", 85), ("ok", 60), ("fail", 0))]
    sheets = [
        Sheet(pk=n, status="scored", final_score=Decimal(s), matter=Matter(number=f"{n}"))
        for n, s in enumerate(scores, 1)
    ]
    return [(p.rank, p.proposed.code, p.capped, p.tie) for p in scoring.ranking(sheets, grades, quota)]


def test_without_a_cap_points_alone_decide():
    assert ranked([90, 85, 84, 60, 59], None) == [
        (1, "top", False, False),
        (2, "top", False, False),
        (3, "ok", False, False),
        (4, "ok", False, False),
        (5, "fail", False, False),
    ]


def test_the_cap_ends_the_first_grade():
    assert [row[1:] for row in ranked([99, 98, 97], 2)] == [
        ("top", False, False),
        ("top", False, False),
        ("ok", True, False),
    ]


def test_a_tie_across_the_cap_is_left_to_people():
    assert ranked([99, 98, 98, 98, 70], 2) == [
        (1, "top", False, False),
        (2, "ok", True, True),
        (2, "ok", True, True),
        (2, "ok", True, True),
        (5, "ok", False, False),
    ]


def test_a_tie_within_the_cap_is_no_problem():
    assert [row[1:] for row in ranked([99, 98, 98], 3)] == [("top", False, False)] * 3


@pytest.mark.parametrize(("n", "cap", "quota"), [(86, 12, 10), (9, 10, 0), (10, 10, 1), (5, None, None)])
def test_the_share_is_cut_to_whole_stations(n, cap, quota, test_scheme):
    test_scheme.cap = cap
    assert scoring.quota_of(Evaluation(scheme=test_scheme), n) == quota


def in_review(city, people, *points, **scheme):
    """A round in review with one scored sheet per number of points that the reviewers gave."""
    evaluating.scheme(city, **scheme)
    stations = [station_of(city, people) for _n in points]
    round_ = evaluating.started(city, people)
    for (row, who), given in zip(stations, points, strict=True):
        evaluating.brought(Sheet.objects.get(station=row), "scored", who, rules=given)
    return evaluating.step(evaluating.step(round_, "end_reports", people), "begin_review", people)


def test_another_grade_than_proposed_needs_its_reason(city, people):
    round_ = in_review(city, people, 30)  # 40 + 15 + 30 = 85
    sheet, ok = Sheet.objects.get(), SchemeGrade.objects.get(code="ok")
    with pytest.raises(Refused, match="等次与建议不同，请写明理由"):
        evaluation_actions.decide(round_, {sheet.pk: (ok, "")})
    assert evaluation_actions.decide(round_, {sheet.pk: (ok, "有举报，待核")}) == 1
    sheet.refresh_from_db()
    assert (sheet.grade, sheet.grade_note) == (ok, "有举报，待核")


def test_a_round_is_not_made_public_before_all_is_scored_and_graded(city, people):
    round_ = in_review(city, people, 30)
    with pytest.raises(Refused, match="还没拟定等次的站：1 家"):
        evaluating.step(round_, "publicise", people)
    life.sheet.move(Sheet.objects.get(), "rescore", by=people[Role.BUREAU_HANDLER], on=ON, note="再看")
    with pytest.raises(Refused, match="还没评分的站：1 家"):
        evaluating.step(round_, "publicise", people)


# --- publication -------------------------------------------------------------------------------


def test_the_result_is_sealed_with_all_it_saw_and_never_changes(city, people):
    round_ = evaluating.published(in_review(city, people, 30, 2), people)
    best = Sheet.objects.order_by("-final_score").first()
    assert (round_.status, round_.published_on, best.status) == ("published", date(2026, 6, 15), "graded")
    told = best.decision
    assert (told["rank"], told["of"], told["grade"], told["proposed"]) == (1, 2, "top", "top")
    assert told["scores"] == {"self": "55", "checked": "55", "final": "85"}
    recruits = told["lines"][0]
    assert (recruits["figure"], recruits["points"], recruits["bands"][0]) == (
        "4",
        "40",
        {"at_least": "1", "points": "10"},
    )
    assert len(recruits["evidence"][0]["sha256"]) == 64
    SchemeItem.objects.filter(code="recruits").update(bands={"1": 1})
    best.refresh_from_db()
    assert best.decision == told


@pytest.mark.parametrize(
    ("day", "told"),
    [("2026-06-21", "在今天之后"), ("2026-06-08", "应在公示期满之后")],
    ids=["tomorrow", "still public"],
)
def test_an_impossible_date_of_publication_is_refused(day, told, city, people):
    round_ = in_review(city, people, 30)
    with pytest.raises(Refused, match=told):
        evaluating.published(round_, people, day=day)
    assert Sheet.objects.get().decision is None
    assert not Honour.objects.exists()


def test_who_makes_public_does_not_publish(city, people):
    both = make.user(Role.BUREAU_HANDLER, Role.BUREAU_APPROVER, district=city.root)
    round_ = in_review(city, people, 30)
    evaluation_actions.decide(round_, {Sheet.objects.get().pk: (SchemeGrade.objects.get(code="top"), "")})
    round_ = life.evaluation.move(round_, "publicise", by=both, on=ON)
    paper = {"document": "测", "document_on": "2026-06-15"}
    with pytest.raises(NotYours, match="另一人"):
        life.evaluation.move(round_, "publish", by=both, on=date(2026, 6, 20), details=paper)


def test_the_publicity_lasts_the_working_days_of_the_scheme(city, people):
    round_ = in_review(city, people, 30)
    evaluation_actions.decide(round_, {Sheet.objects.get().pk: (SchemeGrade.objects.get(code="top"), "")})
    round_ = evaluating.step(round_, "publicise", people)
    assert (round_.publicity_since, round_.publicity_until) == (ON, date(2026, 6, 8))  # Monday and five working days
    round_ = evaluating.step(round_, "reopen", people, note="有异议")
    assert (round_.publicity_since, round_.status) == (None, "review")


def test_the_page_of_an_earlier_day_knows_no_later_result(city, people):
    evaluating.published(in_review(city, people, 30), people)
    row, chief = Station.objects.get(), Visitor(people[Role.BUREAU_APPROVER])

    def told(day):
        lines = chief.go(f"{row.get_absolute_url()}?on={day}").answer.context["sheets"]
        return [(shape, str(words)) for _sheet, shape, words in lines]

    assert told("2026-06-15") == [("done", "优秀")]
    assert told("2026-06-14") == [("doing", "已评分待定等")]
    assert told(make.ON - timedelta(1)) == []


def test_a_title_lasts_until_the_next_round_or_the_end_of_the_station(city, people):
    plan = make.plan(city, since=date(2026, 1, 1), until=date(2028, 12, 31))
    where = [{"fact": "code", "lookup": "exact", "value": "excellent"}]
    row = make.indicator(plan, city, source="honour", starts="awarded_on", where=where, target=10)
    evaluating.published(in_review(city, people, 30, 30), people)

    def count(on):
        return indicators.compute(city.pack, {row: [on]})[row.pk, city.root.pk, on]

    assert [count(d) for d in (date(2026, 6, 14), date(2026, 6, 15))] == [0, 2]
    first, second = Station.objects.order_by("pk")
    paper = {"document": "测", "document_on": "2026-09-01", "ground": "idle"}
    lifecycle.station.move(
        first, "cancel", by=people[Role.BUREAU_APPROVER], on=date(2026, 9, 2), note="x", details=paper
    )
    assert [count(d) for d in (date(2026, 8, 31), date(2026, 9, 1))] == [2, 1]
    again = evaluating.started(city, people, on=date(2027, 6, 1))
    sheet = Sheet.objects.get(evaluation=again)
    who = make.people_of(city, second.enterprise, people)[1]
    evaluating.brought(sheet, "scored", who, rules=30, on=date(2027, 6, 1))
    evaluating.published(again, people, since=date(2027, 6, 1), on=date(2027, 6, 20), day="2027-06-15")
    held = Honour.objects.filter(station=second).order_by("awarded_on").values_list("awarded_on", "ended_on")
    assert list(held) == [(date(2026, 6, 15), date(2027, 6, 15)), (date(2027, 6, 15), None)]
    assert [count(d) for d in (date(2027, 6, 14), date(2027, 6, 15))] == [1, 1]


def test_a_failed_station_has_a_year_to_rectify_as_a_case_of_its_own(city, people):
    evaluating.published(in_review(city, people, 0, honour=""), people)  # 55 of 100
    sheet = Sheet.objects.get()
    case = StandingCase.objects.get()
    assert (sheet.status, sheet.matter.closed_on) == ("graded", date(2026, 6, 20))
    assert (case.sheet, case.clock, case.status, case.started_on) == (sheet, None, "rectifying", date(2026, 6, 15))
    assert (case.rectify_by, case.matter.due_on, case.matter.holder) == (
        date(2027, 6, 15),
        date(2027, 6, 15),
        "handler",
    )
    assert case.assumed is False  # the published result is its paper


def test_who_passes_has_no_case(city, people):
    evaluating.published(in_review(city, people, 30, honour=""), people)
    assert not StandingCase.objects.exists()


@pytest.mark.parametrize(
    ("on", "months", "due"),
    [
        (date(2026, 1, 31), 1, date(2026, 2, 28)),
        (date(2025, 12, 22), 12, date(2026, 12, 22)),
        (date(2026, 11, 30), 1, date(2026, 12, 30)),
        (date(2026, 1, 1), None, None),
    ],
)
def test_months_end_on_the_same_day_or_the_last_of_the_month(on, months, due):
    assert clocks.months_after(on, months) == due


def test_two_titles_of_a_kind_never_hold_at_once(city, people):
    row, _who = station_of(city, people)
    given = {"station": row, "code": "x", "title": "x", "document": "x"}
    Honour.objects.create(**given, awarded_on=ON)
    with pytest.raises(IntegrityError), transaction.atomic():
        Honour.objects.create(**given, awarded_on=date(2026, 7, 1))


# --- pages -------------------------------------------------------------------------------------


def test_a_whole_round_in_the_browser(city, people):
    """From a new round to the published result, by the buttons of the pages alone."""
    evaluating.scheme(city)
    row, who = station_of(city, people)
    maker = Visitor(people[Role.BUREAU_HANDLER]).go("/evaluations/new/")
    maker.press("建立", name="2026年度评估", report_by="2000-01-01")
    assert maker.status == 422
    assert "自评截止日期已经过去" in maker.text
    maker.press("建立", report_by="2099-01-01")
    assert "1 家符合" in maker.text
    maker.press("启动自评", to="start")
    sheet = Sheet.objects.get()
    url = sheet.get_absolute_url()

    unit = Visitor(who[Role.HANDLER]).go("/desk/").go(url)
    unit.press("保存", recruits="两个")
    assert unit.status == 422
    assert "两个" in unit.page
    unit.press("保存", recruits="4")
    assert unit.told == ["已保存，改动 1 项。"]
    unit.press("送单位审核", to="to_certify")
    assert unit.status == 422
    assert "还缺证明的指标：1 项" in unit.text
    evaluation_actions.cite(
        sheet, "recruits", make.file(sheet.matter.organisation, who[Role.HANDLER]), by=who[Role.HANDLER]
    )
    unit.go(url).press("送单位审核", to="to_certify")
    Visitor(who[Role.CERTIFIER]).go(url).press("确认并提交", to="submit")

    officer = Visitor(people[Role.DISTRICT]).go(url)
    officer.press("保存", recruits="3")
    assert officer.status == 422
    assert "请写明理由" in officer.text
    officer.press("保存", **{"recruits-note": "一人退站"})
    officer.press("核查通过", to="check")
    assert Sheet.objects.get().checked_score == 40

    maker.go(url).press("保存", rules="31")
    assert maker.status == 422
    maker.press("保存", rules="30", **{"rules-note": "制度完整"})
    maker.press("评分", to="score")
    round_ = Evaluation.objects.get()
    maker.go(round_.get_absolute_url()).press("结束填报", to="end_reports").press("进入市级评审", to="begin_review")
    maker.press("保存等次", to="grades", **{f"g{sheet.pk}": "top"})
    assert maker.status == 422
    assert "请写明理由" in maker.text
    maker.go(round_.get_absolute_url()).press("其余按建议", to="grades")
    assert Sheet.objects.get().grade.code == "ok"
    maker.press("开始公示", to="publicise")
    assert Evaluation.objects.get().status == "publicity"
    assert Event.objects.filter(matter=round_.matter).count() == 4
    assert row


def test_what_the_bureau_decides_is_not_seen_before_the_publicity(city, people):
    round_ = in_review(city, people, 30)
    evaluation_actions.decide(round_, {Sheet.objects.get().pk: (SchemeGrade.objects.get(code="top"), "")})
    sheet = Sheet.objects.get()
    handler = make.people_of(city, sheet.station.enterprise, people)[1][Role.HANDLER]
    for who in (handler, people[Role.DISTRICT]):
        page = Visitor(who).go(sheet.get_absolute_url())
        assert "最终分" not in page.text
        assert "第 1 名" not in page.text
    page = Visitor(people[Role.DISTRICT]).go(round_.get_absolute_url())
    assert "建议" not in page.text
    evaluating.published(round_, people)
    page = Visitor(handler).go(sheet.get_absolute_url())
    assert "第 1 名，共 1 家" in page.text
    assert "优秀工作站" in page.text


def test_the_marks_are_not_in_the_district_s_lines_either(city, people):
    in_review(city, people, 30)
    page = Visitor(people[Role.DISTRICT]).go(Sheet.objects.get().get_absolute_url())
    assert "市局评定" not in page.text


def test_the_pages_are_whole_in_english(city, people):
    round_ = in_review(city, people, 30)
    with translation.override("en"):
        visitor = Visitor(people[Role.BUREAU_HANDLER])
        visitor.client.cookies.load({"django_language": "en"})
        assert "Evaluation 2026" in visitor.go(round_.get_absolute_url()).text


# --- packs -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("values", "told"),
    [
        ({"bands": {}}, ["缺少 bands：数值达到多少得多少分"]),
        ({"bands": {"一": 40}}, ["bands 应写作“整数: 得分”"]),
        ({"bands": {"1": 30, "2": 20}}, ["bands 的得分应随数值递增，不为负数"]),
        ({"bands": {"1": 10, "2": 30}}, ["最高一档应得满分 40，现为 30"]),
        ({"source": "judged"}, ["评审打分的指标没有分档（bands）"]),
        ({"source": "fact", "fact": "kind"}, ["事实 kind 不是数字，不能分档计分"]),
        ({}, []),
    ],
)
def test_a_wrong_item_is_told(values, told, test_scheme):
    item = SchemeItem.objects.get(code="recruits")
    for name, value in values.items():
        setattr(item, name, value)
    assert list(evaluation_pack.check_item(item)) == told


def test_a_scheme_is_whole(test_scheme):
    assert list(evaluation_pack.check_scheme(test_scheme)) == []
    SchemeItem.objects.filter(code="rules").update(points=20)
    SchemeGrade.objects.filter(code="fail").update(at_least=10)
    test_scheme.entrants.all().delete()
    told = " ".join(evaluation_pack.check_scheme(test_scheme))
    assert [word in told for word in ("合计应为 100，现为 90", "at_least 为 0", "缺少 entrants")] == [True] * 3


def test_a_version_that_a_round_uses_is_not_changed(city, people):
    _sheet, _who, round_ = a_sheet(city, people)
    item = SchemeItem.objects.get(code="recruits")
    assert list(evaluation_pack.check_unused(item)) == []
    item.points = 30
    assert "已用于评估，不能改" in next(evaluation_pack.check_unused(item))
    round_.scheme.until = date(2030, 1, 1)  # ending it is what one does
    assert list(evaluation_pack.check_unused(round_.scheme)) == []


def test_two_versions_of_a_scheme_are_not_in_force_at_once(city, test_scheme):
    evaluating.EvaluationScheme.objects.create(
        pack=city.pack, code="test", title="新版", clause=city.clause, since=date(2026, 1, 1)
    )
    assert "两版不能同时执行" in next(evaluation_pack.check_overlap(city.pack))
    test_scheme.until = date(2026, 1, 1)
    test_scheme.save()
    assert list(evaluation_pack.check_overlap(city.pack)) == []


# --- saved as one types ------------------------------------------------------------------------


def typing(user, sheet, **values):
    """What the page's script posts: the changed fields, each with the value that it was loaded with."""
    data = {name.replace("__", "-"): value for name, value in values.items()}
    return Visitor(user).client.post(sheet.get_absolute_url(), data, headers={"HX-Request": "true"})


def test_a_figure_is_saved_as_it_is_typed_and_its_points_come_back(city, people):
    sheet, who, _round = a_sheet(city, people)
    answer = typing(who[Role.HANDLER], sheet, recruits=" ２ ", was__recruits="4").json()
    assert answer["fields"] == {"recruits": {"value": ["2"]}}
    assert "<b>25</b> / 40" in answer["tasks"]["points-recruits"]
    assert "不少于 2 人 得 25 分" in answer["tasks"]["band-recruits"]
    line = evaluating.line(sheet, "recruits")
    assert (line.claimed, line.statement) == (2, "")


def test_what_is_wrong_is_told_and_keeps_nothing_else_back(city, people):
    sheet, who, _round = a_sheet(city, people)
    values = {"recruits": "zwei", "was__recruits": "4", "rules__note": "制度全", "was__rules__note": "见附件"}
    answer = typing(who[Role.HANDLER], sheet, **values).json()
    assert set(answer["fields"]["recruits"]) == {"error"}
    assert answer["fields"]["rules-note"] == {"value": ["制度全"]}
    assert evaluating.line(sheet, "recruits").claimed == 4
    assert evaluating.line(sheet, "rules").statement == "制度全"


def test_what_a_colleague_wrote_meanwhile_is_shown_not_overwritten(city, people):
    sheet, who, _round = a_sheet(city, people)
    evaluation_actions.write(sheet, "claimed", {"recruits": (Decimal(3), "")}, by=who[Role.HANDLER])
    answer = typing(who[Role.HANDLER], sheet, recruits="2", was__recruits="4").json()
    assert answer["fields"] == {"recruits": {"conflict": {"value": ["3"], "shown": "3"}}}
    page = Visitor(who[Role.HANDLER]).client.post(sheet.get_absolute_url(), {"recruits": "2", "was-recruits": "4"})
    assert page.status_code == 422  # the same without the script
    assert "刚才有人把它改成了“3”" in page.content.decode()
    assert evaluating.line(sheet, "recruits").claimed == 3


def test_what_was_not_touched_stays_as_a_colleague_wrote_it(city, people):
    sheet, who, _round = a_sheet(city, people)
    evaluation_actions.write(sheet, "claimed", {"recruits": (Decimal(3), "")}, by=who[Role.HANDLER])
    loaded = {"recruits": "4", "was-recruits": "4", "rules-note": "新", "was-rules-note": "见附件"}
    Visitor(who[Role.HANDLER]).client.post(sheet.get_absolute_url(), loaded)
    assert (evaluating.line(sheet, "recruits").claimed, evaluating.line(sheet, "rules").statement) == (3, "新")


@pytest.mark.parametrize(
    ("status", "role", "pen"), [("checking", Role.DISTRICT, "checked"), ("review", None, "settled")]
)
def test_a_correction_waits_for_its_reason(status, role, pen, city, people):
    sheet, who, _round = a_sheet(city, people, status)
    by = who[role] if role else people[Role.BUREAU_HANDLER]
    first = typing(by, sheet, recruits="3", was__recruits="").json()
    assert first["fields"] == {"recruits": {"error": "改动数值要写明理由。"}}
    assert getattr(evaluating.line(sheet, "recruits"), pen) is None
    both = {"recruits": "3", "was__recruits": "", "recruits__note": "一人退站", "was__recruits__note": ""}
    assert typing(by, sheet, **both).json()["fields"] == {
        "recruits": {"value": ["3"]}, "recruits-note": {"value": ["一人退站"]},
    }  # fmt: skip
    assert getattr(evaluating.line(sheet, "recruits"), pen) == 3
    away = {"recruits": "", "was__recruits": "3", "recruits__note": "", "was__recruits__note": "一人退站"}
    assert [set(f) for f in typing(by, sheet, **away).json()["fields"].values()] == [{"value"}, {"value"}]


def test_points_of_the_bureau_need_no_reason(city, people):
    sheet, _who, _round = a_sheet(city, people, "review")
    assert typing(people[Role.BUREAU_HANDLER], sheet, rules="20").json()["fields"] == {"rules": {"value": ["20"]}}
    assert "error" in typing(people[Role.BUREAU_HANDLER], sheet, rules="31").json()["fields"]["rules"]


def test_whose_turn_it_isn_t_is_told_and_nothing_is_saved(city, people):
    sheet, who, _round = a_sheet(city, people, "checking")
    answer = typing(who[Role.HANDLER], sheet, recruits="1", was__recruits="4")
    assert answer.status_code == 409
    assert "不在您手里" in answer.json()["error"]
    assert evaluating.line(sheet, "recruits").claimed == 4


def test_after_a_return_only_what_was_named_is_saved_and_counts_as_mended(city, people):
    sheet, who, _round = a_sheet(city, people, "checking")
    sheet = sent_back(sheet, who[Role.DISTRICT])
    typing(who[Role.HANDLER], sheet, recruits="3", was__recruits="4", rules__note="x", was__rules__note="见附件")
    assert evaluating.line(sheet, "recruits").claimed == 3
    assert evaluating.line(sheet, "rules").statement == "见附件"
    assert evaluation_actions.open_items(sheet)[0].answered_at
