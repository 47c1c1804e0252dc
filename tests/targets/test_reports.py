"""Reports on records: what is frozen stays as it was, now differs with its cause; the table of steps; who reads what;
the schedule, once each."""

import io
import zipfile
from datetime import date, timedelta

import pytest
from django.core import mail
from django.db import IntegrityError, transaction
from django.utils.timezone import localdate, now
from django.utils.translation import override
from python_calamine import CalamineWorkbook

from portal import jobs
from portal.lifecycle import NotYours, Refused
from portal.models import Delivery, Event, Notice, Reminder, Role, Setting
from portal.rules import amend
from stations.models import Station
from targets.duties import shown
from targets.models import Indicator, Occurrence, Plan, Reading, Target
from targets.plans import indicators
from targets.reports import actions, differences, lifecycle, papers, schedule
from targets.reports.due import duties_due
from targets.reports.forms import NewForm
from targets.reports.freezing import read
from targets.reports.models import Report, ReportFigure, ReportStatus, ReportTemplate, Subscription
from tests import make
from tests.make import Life
from tests.reading import Visitor
from tests.targets import working
from tests.threads import at_once

S, Kind = ReportStatus, Report.Kind
TODAY = localdate()
ON, MADE = date(2026, 10, 31), date(2026, 11, 3)
MAKERS, APPROVER = {Role.BUREAU_HANDLER, Role.BUREAU_REVIEWER}, {Role.BUREAU_APPROVER}


@pytest.fixture
def plan(city, people):
    """A level of stations that is split, a flow, what a department reports, and what has no data."""
    row = make.plan(city, since=date(2026, 7, 1))
    level = make.indicator(row, city, code="ST", name="工作站", settings=["A2"], where=[
        {"fact": "kind", "lookup": "in", "setting": "A2"}
    ])  # fmt: skip
    for place, value in ((city.north, 5), (city.south, 4)):
        Target.objects.create(pack=city.pack, indicator=level, district=place, on=row.until, value=value)
    make.indicator(row, city, code="FL", name="新设", kind="flow", stops="")
    make.indicator(row, city, code="RE", name="上报数", kind="value", source="reported", starts="", stops="")
    make.indicator(row, city, code="NO", name="活动", source="", starts="", stops="", awaiting="尚未启用")
    make.bare_stations([Life(city.north, date(2025, 3, 1), owner=n) for n in range(3)])
    make.bare_stations(
        [Life(city.south, date(2026, 10, 5)), Life(city.east, date(2026, 2, 1), date(2026, 9, 1), owner=1)]
    )
    reading(city, people, 7)
    return row


def reading(city, people, value, on=date(2026, 9, 30)) -> Reading:
    return Reading.objects.create(
        indicator=Indicator.objects.get(code="RE"), district=city.root, on=on, value=value, source="科技局",
        by=people[Role.REPORTER],
    )  # fmt: skip


def begun(plan, people, *, kind=Kind.BULLETIN, on=ON, **values) -> Report:
    fresh = Plan.objects.select_related("pack__root").get(pk=plan.pk)
    return actions.begin(kind, fresh, on=on, by=people[Role.BUREAU_HANDLER], today=MADE, **values)


def draft(plan, people, **values) -> Report:
    report = actions.make(begun(plan, people, **values).pk, today=MADE)
    assert report
    return report


def issued(plan, people, **values) -> Report:
    row = draft(plan, people, **values)
    row = lifecycle.report.move(row, "check", by=people[Role.BUREAU_HANDLER], on=MADE)
    about = {"by": people[Role.BUREAU_APPROVER], "on": MADE, "details": {"document": "测通〔2026〕8号"}}
    row = lifecycle.report.move(row, "issue", **about)
    return actions.seal(row.pk, today=MADE)


def cell(report, code, place, on=ON):
    return ReportFigure.objects.get(report=report, indicator__code=code, district=place, on=on)


# --- what is frozen ----------------------------------------------------------------------------


def test_what_is_frozen_is_what_the_dashboards_show(plan, city, people):
    report = draft(plan, people)
    places = [city.root, city.north, city.south, city.east]
    for day in (ON, report.before):
        due = indicators.figures(plan, places, day)
        kept = {(f.indicator_id, f.district_id): f for f in report.figures.filter(on=day).exclude(state="point")}
        assert {key: (f.value, f.target, f.gap, f.state) for key, f in kept.items()} == {
            key: (f.value, f.target, f.gap, f.state) for key, f in due.items()
        }
    assert report.before == date(2026, 9, 30)
    assert cell(report, "ST", city.root).value == 4
    assert cell(report, "ST", city.east).value == 0
    assert cell(report, "NO", city.root).value is None
    row = report.indicators.get(indicator__code="ST")
    (part,) = row.entries["parts"]
    begun = [entry for entry in part["entries"] if entry["sign"] > 0]
    assert (row.version, len(begun), row.words["name"]) == (1, 5, "工作站")
    assert report.indicators.get(indicator__code="RE").entries is None


def test_the_city_is_frozen_month_by_month(plan, city, people):
    report = draft(plan, people)
    points = report.figures.filter(indicator__code="ST", state="point").order_by("on").values_list("on", "value")
    assert points[0] == (date(2026, 6, 30), 4)
    assert dict(points)[date(2026, 8, 31)] == 4  # the one in the east had not ended yet
    assert all(day < ON for day, _value in points)


def test_a_deeper_district_is_not_listed(plan, city, people):
    make.district("town", city.north)
    report = draft(plan, people)
    assert [d["code"] for d in report.words["districts"]] == [
        "testcity", "testcity-north", "testcity-south", "testcity-east",
    ]  # fmt: skip


def late_station(city):
    make.bare_stations([Life(city.south, date(2026, 10, 20), owner=5)])
    indicators.recompute(TODAY)


def test_files_and_seal_stay_byte_for_byte_whatever_is_corrected(plan, city, people):
    report = issued(plan, people)
    assert report.status == S.SEALED
    before = {f.form: f.read() for f in report.files.all()}
    seal = papers.seal_of(report)
    assert seal == report.digest
    late_station(city)
    reading(city, people, 9)
    Target.objects.filter(district=city.north).update(value=6)
    Indicator.objects.filter(code="ST").update(name="改名")
    again = Report.objects.for_page().get(pk=report.pk)
    assert papers.seal_of(again) == seal
    assert {form: papers.made(again, form) for form in before} == before
    client = Visitor(people[Role.AUDITOR]).client
    for form, content in before.items():
        answer = client.get(f"{report.get_absolute_url()}file/{form}/")
        assert answer.content == content
    with zipfile.ZipFile(io.BytesIO(before["docx"])) as archive:
        assert "测通〔2026〕8号" in archive.read("word/document.xml").decode()
    assert before["pdf"].startswith(b"%PDF")


def test_the_workbook_has_every_figure_and_every_table(plan, city, people):
    report = draft(plan, people)
    book = CalamineWorkbook.from_filelike(io.BytesIO(papers.made(report, "xlsx")))
    assert book.sheet_names[0] == "全部数字"
    assert any(name.startswith("工作站：各区镇进度排名") for name in book.sheet_names)
    rows = book.get_sheet_by_index(0).to_python()[4:]
    assert len(rows) == report.figures.count()
    mine = [row for row in rows if row[0] == "ST" and row[3] == "测试市" and row[4] == ON.isoformat()]
    assert [(row[5], row[6]) for row in mine] == [(4, 100)]


# --- then and now ------------------------------------------------------------------------------


def why(report, city, people, code, place=None, on=ON):
    """(then, now, causes) of one figure, read afresh."""
    row = Report.objects.for_page().get(pk=report.pk)
    user = type(people[Role.AUDITOR]).objects.get(pk=people[Role.AUDITOR].pk)
    found = differences.compare(row, read(row), user)
    place = place or city.root
    (one,) = [c for c in found if c.row.words["code"] == code and c.then.district_id == place.pk and c.then.on == on]
    return one.then.value, one.now, one.why


def test_nothing_has_changed_while_nothing_has_changed(plan, city, people):
    report = draft(plan, people)
    row = Report.objects.for_page().get(pk=report.pk)
    assert all(c.same and not c.why for c in differences.compare(row, read(row), people[Role.AUDITOR]))


def test_a_late_entry_is_told(plan, city, people):
    report = draft(plan, people)
    late_station(city)
    assert why(report, city, people, "ST") == (4, 5, ["迟录 1 条"])
    assert why(report, city, people, "ST", city.south) == (1, 2, ["迟录 1 条"])
    assert why(report, city, people, "ST", city.north) == (3, 3, [])
    assert why(report, city, people, "FL") == (2, 3, ["迟录 1 条"])
    assert why(report, city, people, "ST", on=date(2026, 9, 30)) == (3, 3, [])


def test_what_does_not_count_any_more_and_what_was_corrected_are_told(plan, city, people):
    report = draft(plan, people)
    one, other, *_rest = Station.objects.filter(matter__district=city.north).order_by("pk")
    Station.objects.filter(pk=one.pk).update(kind="base_city")
    Station.objects.filter(pk=other.pk).update(approved_on=date(2026, 11, 2))
    then, now_, causes = why(report, city, people, "ST")
    assert (then, now_) == (4, 2)
    assert causes == ["更正 2 条"]  # one begins after the day: by then it doesn't count
    Station.objects.filter(pk=other.pk).update(approved_on=date(2026, 10, 15))
    then, now_, causes = why(report, city, people, "ST", on=date(2026, 9, 30))
    assert (then, now_, causes) == (3, 1, ["更正 2 条"])


def test_another_definition_is_told(plan, city, people):
    report = draft(plan, people)
    setting = Setting.objects.get(pack=city.pack, code="A2")
    amend(setting, {"value": ["national"]}, key="A2", by=people[Role.BUREAU_APPROVER], reason="会议")
    then, now_, causes = why(report, city, people, "ST")
    assert (then, now_) == (4, 0)
    assert causes == [
        f"口径由第 1 版改为第 2 版（{localdate().isoformat()}）", "口径变更 4 条",
    ]  # fmt: skip


def test_a_department_that_reports_again_is_told(plan, city, people):
    report = draft(plan, people)
    reading(city, people, 9)
    then, now_, causes = why(report, city, people, "RE")
    assert (then, now_) == (7, 9)
    assert causes == [f"{localdate().isoformat()} 补报或更正：科技局（截至 2026-09-30，9）"]


def test_a_target_that_was_revised_is_told(plan, city, people):
    report = draft(plan, people)
    Target.objects.filter(indicator__code="ST", district=city.north).update(value=8)
    assert why(report, city, people, "ST", city.north) == (3, 3, ["目标由 5 调整为 8"])


def test_the_page_of_figures_leads_to_the_entries(plan, city, people):
    report = issued(plan, people)
    late_station(city)
    page = Visitor(people[Role.BUREAU_HANDLER]).go(f"{report.get_absolute_url()}figures/")
    assert "迟录 1 条" in page.text
    assert f"/targets/plan/ST/?on={ON}&amp;district=testcity" in page.page
    officer = Visitor(people[Role.DISTRICT]).go(f"{report.get_absolute_url()}figures/")
    assert {c.district["code"] for c in officer.answer.context["page"]} == {"testcity-north"}


# --- the steps ---------------------------------------------------------------------------------

STEPS: dict[str, dict[str, set]] = {
    "making": {},
    "draft": {"refresh": MAKERS, "check": MAKERS, "drop": MAKERS},
    "checked": {"send_back": MAKERS | APPROVER, "issue": APPROVER},
    "issued": {},
    "sealed": {},
    "kept": {},
    "dropped": {},
}


def test_each_status_has_its_steps_and_each_step_its_roles(plan, city, people):
    row = draft(plan, people)
    Event.objects.filter(matter=row.matter).update(duty="")
    found = {}
    for status in S.values:
        row.status = row.matter.status = status
        found[status] = {}
        for name, user in people.items():
            for step in lifecycle.report.possible(row, user):
                found[status].setdefault(step.action, set()).add(name)
    assert found == STEPS


def test_who_checked_does_not_issue(plan, city, people):
    row = draft(plan, people)
    both = make.user(Role.BUREAU_HANDLER, Role.BUREAU_APPROVER, district=city.root)
    row = lifecycle.report.move(row, "check", by=both, on=MADE)
    with pytest.raises(NotYours, match="另一人"):
        lifecycle.report.move(row, "issue", by=both, on=MADE, details={"document": "x"})


def test_issuing_asks_for_the_number_of_the_paper(plan, people):
    row = lifecycle.report.move(draft(plan, people), "check", by=people[Role.BUREAU_HANDLER], on=MADE)
    with pytest.raises(Refused, match="文号"):
        lifecycle.report.move(row, "issue", by=people[Role.BUREAU_APPROVER], on=MADE)


def test_a_draft_takes_its_figures_anew_and_keeps_its_words(plan, city, people):
    row = draft(plan, people)
    remarks = row.chapters.get(code="remarks")
    actions.write(remarks, {"title": "工作要求", "text": "抓紧。"}, by=people[Role.BUREAU_HANDLER])
    late_station(city)
    lifecycle.report.move(row, "refresh", by=people[Role.BUREAU_HANDLER], on=MADE)
    jobs.work_off("make_report")
    again = Report.objects.get(pk=row.pk)
    assert again.status == S.DRAFT
    assert cell(again, "ST", city.root).value == 5
    assert again.chapters.get(code="remarks").text == "抓紧。"


@pytest.mark.parametrize("status", ["checked", "sealed"])
def test_words_change_in_a_draft_only(status, plan, people):
    row = draft(plan, people)
    chapter = row.chapters.get(code="remarks")
    Report.objects.filter(pk=row.pk).update(
        **({"status": status} | ({"issued_on": MADE, "digest": "x"} if status == "sealed" else {}))
    )
    with pytest.raises(Refused):
        actions.write(chapter, {"title": "x", "text": "y"}, by=people[Role.BUREAU_HANDLER])


def test_others_do_not_change_its_words(plan, people):
    chapter = draft(plan, people).chapters.get(code="remarks")
    with pytest.raises(NotYours):
        actions.write(chapter, {"title": "x", "text": "y"}, by=people[Role.AUDITOR])


@pytest.mark.parametrize(
    "wrong",
    [
        {"status": "sealed"},
        {"status": "issued"},
        {"digest": "x"},
        {"before": ON},
        {"kind": "report"},
        {"made_at": None},
    ],
    ids=["sealed without seal", "issued without day", "a seal on a draft", "after itself", "no template", "not made"],
)
def test_the_database_keeps_reports_whole(wrong, plan, people):
    row = draft(plan, people)
    with pytest.raises(IntegrityError), transaction.atomic():
        Report.objects.filter(pk=row.pk).update(**wrong)


@pytest.mark.django_db(transaction=True)
def test_two_who_issue_at_once_issue_once(plan, city, people):
    row = lifecycle.report.move(draft(plan, people), "check", by=people[Role.BUREAU_HANDLER], on=MADE)
    other = make.user(Role.BUREAU_APPROVER, district=city.root)

    def press(user):
        return lambda: lifecycle.report.move(row, "issue", by=user, on=MADE, details={"document": "x"})

    outcomes = at_once(press(people[Role.BUREAU_APPROVER]), press(other))
    assert sorted(isinstance(o, Refused) for o in outcomes) == [False, True]
    assert Event.objects.filter(matter=row.matter, action="issue").count() == 1
    outcomes = at_once(*[lambda: actions.seal(row.pk, today=MADE)] * 2)
    assert sorted(o is None for o in outcomes) == [False, True]
    assert Report.objects.get(pk=row.pk).files.count() == 3


def test_the_districts_hear_of_what_was_issued(plan, city, people):
    report = issued(plan, people)
    told = set(Notice.objects.filter(path=report.get_absolute_url()).values_list("user", flat=True))
    assert told == {people[name].pk for name in (Role.DISTRICT, "other_district", Role.REPORTER)}


# --- who reads what ----------------------------------------------------------------------------


def test_who_sees_drafts_briefs_and_what_was_issued(plan, city, people):
    rows = {
        "draft": draft(plan, people),
        "sealed": issued(plan, people),
        "brief": draft(plan, people, kind=Kind.BRIEF),
    }
    names = {row.pk: name for name, row in rows.items()}
    office, reader = {"draft", "sealed", "brief"}, {"sealed"}
    due = {
        **dict.fromkeys((Role.BUREAU_HANDLER, Role.BUREAU_REVIEWER, Role.BUREAU_APPROVER, Role.AUDITOR), office),
        **dict.fromkeys((Role.DISTRICT, "other_district", Role.REPORTER), reader),
    }
    for who, user in people.items():
        seen = {names[pk] for pk in Report.objects.visible_to(user).values_list("pk", flat=True)}
        assert seen == due.get(who, set()), who


def test_a_report_of_another_city_is_like_none(plan, city, people):
    elsewhere = make.city("othercity")
    report = issued(plan, people)
    other = make.user(Role.BUREAU_HANDLER, district=elsewhere.root)
    visitor = Visitor(other)
    for path in ("", "figures/", "file/pdf/", "1.png", "chapters/remarks/", "check/"):
        foreign = visitor.client.get(f"{report.get_absolute_url()}{path}")
        none = visitor.client.get(f"/targets/reports/TE-BS-2026-9999/{path}")
        assert (foreign.status_code, none.status_code) == (404, 404), path


def test_by_program_the_frozen_figures_of_what_was_issued(plan, city, people):
    report, _draft = issued(plan, people), draft(plan, people)
    client = Visitor(people[Role.DISTRICT]).client
    (row,) = client.get("/api/v1/reports/").json()["results"]
    assert (row["number"], row["digest"], row["document"]) == (report.matter.number, report.digest, "测通〔2026〕8号")
    late_station(city)
    rows = client.get(f"/api/v1/reports/{report.matter.number}/figures/").json()
    mine = [r for r in rows if (r["code"], r["district"], r["as_of"]) == ("ST", "testcity", ON.isoformat())]
    assert [(r["value"], r["target"], r["state"], r["version"]) for r in mine] == [("4.00", "100.00", "behind", 1)]
    assert [r["value"] for r in rows if r["code"] == "NO"][0] is None
    assert client.get(f"/api/v1/reports/{_draft.matter.number}/figures/").status_code == 404


# --- pages -------------------------------------------------------------------------------------


def test_a_bulletin_from_the_form_to_the_districts(plan, city, people, django_capture_on_commit_callbacks):
    maker, chief = Visitor(people[Role.BUREAU_HANDLER]), Visitor(people[Role.BUREAU_APPROVER])
    maker.go("/targets/reports/new/")
    page = maker.press("取数并生成", what="bulletin", on="2026-10-31", plan=str(plan.pk))
    report = Report.objects.get()
    assert page.url == report.get_absolute_url()
    assert report.status == S.MAKING
    jobs.work_off("make_report")
    page = maker.go(report.get_absolute_url())
    assert "一、总体情况" in page.text
    assert "还没有写" in page.text
    maker.go(f"{report.get_absolute_url()}chapters/remarks/")
    assert "四、工作要求" in maker.press("保存", text="请各区镇抓紧。").text
    maker.press("核对无误")
    assert maker.client.get(f"{report.get_absolute_url()}chapters/remarks/").status_code == 403
    chief.go(report.get_absolute_url())
    chief.press("印发", **{"issue-document": "测通〔2026〕9号"})
    jobs.work_off("seal_report")
    page = Visitor(people[Role.DISTRICT]).go(report.get_absolute_url())
    assert "测通〔2026〕9号" in page.text
    assert "请各区镇抓紧。" in page.text
    assert "经过" not in page.text


@pytest.mark.parametrize(
    ("kind", "on", "before", "title"),
    [
        ("quarter", date(2026, 9, 30), date(2026, 6, 30), "2026年第三季度测试市博士后工作季度报告"),
        ("year", date(2026, 10, 31), date(2025, 12, 31), "截至2026年10月31日测试市博士后工作年度报告"),
    ],
)
def test_every_city_has_quarterly_and_yearly_reports(kind, on, before, title, plan, city, people):
    maker = Visitor(people[Role.BUREAU_HANDLER])
    maker.go("/targets/reports/new/")
    maker.press("取数并生成", what=kind, on=on.isoformat(), plan=str(plan.pk))
    jobs.work_off("make_report")
    report = Report.objects.get()
    assert (report.kind, report.template, report.before, report.matter.title) == (kind, None, before, title)
    page = maker.go(report.get_absolute_url())
    assert "主要目标走势" in page.text
    assert "口径说明" in page.text
    assert report.has_cover
    assert papers.made(report, "pdf").startswith(b"%PDF")
    assert title in maker.go("/targets/reports/?kind=report").text
    assert title not in maker.go("/targets/reports/?kind=bulletin").text


def test_a_template_of_the_city_stands_in_the_place_of_what_every_city_has(plan, city):
    assert [k for k, _label in NewForm(pack=city.pack, today=TODAY).fields["what"].choices] == [
        "brief", "bulletin", "quarter", "year",
    ]  # fmt: skip
    for code, period in (("quarter", "quarter"), ("whitepaper", "year")):
        ReportTemplate.objects.create(pack=city.pack, code=code, title=f"本市{code}", period=period, plan=plan)
    with override("zh-hans"):
        choices = [(k, str(label)) for k, label in NewForm(pack=city.pack, today=TODAY).fields["what"].choices]
    assert choices[2:] == [("quarter", "本市quarter"), ("whitepaper", "本市whitepaper"), ("year", "年度报告")]


def test_the_duties_of_a_report_are_those_of_the_work_list(plan, city, people):
    assert duties_due(city.pack, MADE) is None
    for code, due in (("gone", date(2026, 10, 1)), ("soon", date(2026, 11, 20)), ("far", date(2026, 12, 31))):
        working.occurrence(city, on=date(2026, 9, 1), code=code, title=code, until=due)
    found = duties_due(city.pack, MADE)
    counts = shown.counts_of(Occurrence.objects.all(), MADE, found["days"])
    assert (found["late"], found["near"]) == (counts["late"], counts["near"]) == (1, 1)
    assert [one["on"] for one in found["first"]] == ["2026-10-01", "2026-11-20"]
    report = draft(plan, people, kind=Kind.BRIEF)
    assert report.words["duties"] == found
    text = "".join(papers.paper(report).blocks[-1].paragraphs)
    assert "工作清单任务逾期 1 项，30 天内到期 1 项，最早的：" in text


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"on": (TODAY + timedelta(1)).isoformat()}, "还没有到"),
        ({"on": "2020-01-01"}, "还没有开始"),
        ({"on": "nonsense"}, "不是日期"),
        ({"what": "x"}, ""),
        ({"plan": "999999"}, ""),
    ],
)
def test_a_wrong_form_is_shown_again(typed, said, plan, people):
    visitor = Visitor(people[Role.BUREAU_HANDLER]).go("/targets/reports/new/")
    page = visitor.press("取数并生成", **{"what": "bulletin", "on": "2026-10-31", "plan": str(plan.pk)} | typed)
    assert page.status == 422
    assert said in page.text
    assert not Report.objects.exists()


def test_the_brief_of_the_moment_is_kept_nowhere(plan, people):
    answer = Visitor(people[Role.AUDITOR]).client.get("/targets/brief/", {"on": "2026-10-31"})
    with zipfile.ZipFile(io.BytesIO(answer.content)) as archive:
        text = archive.read("word/document.xml").decode()
    assert "截至 2026-10-31" in text
    assert not Report.objects.exists()


@pytest.mark.parametrize("on", ["2026-06-30", "1900-01-01"])
def test_before_any_plan_there_is_no_brief(on, plan, people):
    assert Visitor(people[Role.AUDITOR]).client.get("/targets/brief/", {"on": on}).status_code == 404


def test_a_brief_follows_its_reader(plan, people):
    report = draft(plan, people, kind=Kind.BRIEF)
    assert report.status == S.KEPT
    chief = people[Role.BUREAU_APPROVER]
    path = f"{report.get_absolute_url()}file/docx/"
    chinese = Visitor(chief).client.get(path).content
    type(chief).objects.filter(pk=chief.pk).update(language="en")
    visitor = Visitor(chief)
    english = visitor.client.get(path, headers={"accept-language": "en"}).content
    with zipfile.ZipFile(io.BytesIO(english)) as archive:
        assert "Behind" in archive.read("word/document.xml").decode()
    assert chinese != english


@pytest.mark.parametrize("form", ["exe", "html"])
def test_a_file_of_another_form_is_none(form, plan, people):
    report = draft(plan, people)
    assert Visitor(people[Role.AUDITOR]).client.get(f"{report.get_absolute_url()}file/{form}/").status_code == 404


# --- the schedule ------------------------------------------------------------------------------


def subscribed(city, user, kind="brief", every="week", since=date(2026, 1, 1), **values) -> Subscription:
    return Subscription.objects.create(
        pack=city.pack, user=user, kind=kind, every=every, since=since, set_by=user, **values
    )


@pytest.mark.parametrize(
    ("every", "on", "begins"),
    [
        ("week", date(2026, 11, 18), date(2026, 11, 16)),
        ("week", date(2026, 11, 16), date(2026, 11, 16)),
        ("month", date(2026, 11, 30), date(2026, 11, 1)),
        ("quarter", date(2026, 11, 30), date(2026, 10, 1)),
        ("quarter", date(2026, 1, 1), date(2026, 1, 1)),
    ],
)
def test_a_period_begins_on_its_first_day(every, on, begins):
    assert schedule.period_of(every, on) == begins


def test_a_subscription_makes_one_report_a_period_and_tells_each_reader_once(plan, city, people, settings):
    chief, handler = people[Role.BUREAU_APPROVER], people[Role.BUREAU_HANDLER]
    type(chief).objects.filter(pk=chief.pk).update(email="chief@example.com")
    subscribed(city, chief)
    subscribed(city, handler)
    for _n in range(3):
        jobs.ask("send_reports")
        jobs.work_off()
    report = Report.objects.get()
    monday = TODAY - timedelta(TODAY.weekday())
    assert (report.kind, report.status, report.on) == (Kind.BRIEF, S.KEPT, monday - timedelta(1))
    assert Notice.objects.filter(path=report.get_absolute_url()).count() == 2
    assert [m.to for m in mail.outbox] == [["chief@example.com"]]
    assert report.matter.number in mail.outbox[0].body
    assert not mail.outbox[0].attachments
    assert schedule.tell(report, TODAY) == 0


@pytest.mark.django_db(transaction=True)
def test_two_workers_at_once_begin_and_tell_once(plan, city, people):
    subscribed(city, people[Role.BUREAU_APPROVER])
    outcomes = at_once(*[lambda: schedule.run(TODAY)] * 2)
    assert sorted(outcomes) == [0, 1]
    report = Report.objects.get()
    at_once(*[lambda: actions.make(report.pk, today=TODAY)] * 2)
    report.refresh_from_db()
    assert report.status == S.KEPT
    assert sorted(at_once(*[lambda: schedule.tell(report, TODAY)] * 2)) == [0, 1]
    assert Reminder.objects.filter(kind="reports").count() == 1


def test_a_bulletin_is_drafted_against_the_period_before(plan, city, people):
    subscribed(city, people[Role.BUREAU_HANDLER], kind="bulletin", every="month")
    assert schedule.run(date(2026, 11, 4)) == 1
    report = Report.objects.get()
    assert (report.on, report.before, report.matter.title) == (
        date(2026, 10, 31), date(2026, 9, 30), "关于2026年10月博士后工作目标进度的通报",
    )  # fmt: skip
    assert schedule.run(date(2026, 11, 30)) == 0
    assert schedule.run(date(2026, 12, 1)) == 1


def test_who_has_left_or_ended_it_gets_nothing(plan, city, people):
    subscribed(city, people[Role.BUREAU_APPROVER], until=date(2026, 2, 1))
    assert schedule.run(date(2026, 11, 4)) == 0
    subscribed(city, people["nobody"])  # had a role once
    assert schedule.run(TODAY) == 1
    jobs.work_off("make_report")
    assert not Notice.objects.filter(user=people["nobody"]).exists()


def test_a_mail_leads_to_the_portal_where_it_has_an_address(plan, city, people, settings):
    settings.HTTPS, settings.ALLOWED_HOSTS = True, ["bsh.example.cn", "127.0.0.1"]
    chief = people[Role.BUREAU_APPROVER]
    type(chief).objects.filter(pk=chief.pk).update(email="chief@example.com")
    subscribed(city, chief)
    jobs.ask("send_reports")
    jobs.work_off()
    assert f"https://bsh.example.cn{Report.objects.get().get_absolute_url()}" in mail.outbox[0].body
    assert Delivery.objects.exclude(sent_at=None).count() == 1


def test_one_subscribes_and_the_bureau_sets_and_ends(plan, city, people):
    auditor, handler = people[Role.AUDITOR], Visitor(people[Role.BUREAU_HANDLER])
    path = "/targets/reports/subscriptions/"
    page = Visitor(auditor).go(path)
    assert [u.pk for u in page.answer.context["form"].fields["user"].queryset] == [auditor.pk]
    page.press("订阅", kind="brief", every="month")
    assert Subscription.objects.get().user == auditor
    assert page.go(path).press("订阅", kind="brief", every="month").status == 422
    handler.go(path).press("订阅", user=str(people[Role.BUREAU_APPROVER].pk), kind="brief", every="week")
    assert Subscription.objects.count() == 2
    other = Subscription.objects.get(user=people[Role.BUREAU_APPROVER])
    assert Visitor(auditor).client.post(f"{path}{other.pk}/end/").status_code == 404
    handler.go(path).press("取消", to=f"/{other.pk}/")
    assert Subscription.objects.get(pk=other.pk).until == localdate()


def test_today_is_after_what_was_made(plan, people):
    """What is frozen says when it was known."""
    before = now()
    report = draft(plan, people)
    assert before <= report.made_at <= now()
    assert set(report.figures.values_list("computed_at", flat=True)) == {report.made_at}
