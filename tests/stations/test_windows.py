"""Batches of application: a type without any is open all year; others are handed in within their days."""

from datetime import date, timedelta

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from django.utils.timezone import localdate

from portal import packs
from portal.lifecycle import Refused
from portal.models import Amendment, ReturnItem, Role
from stations.applications import actions
from stations.models import Application, ApplicationWindow
from stations.windows import openings as windows
from tests import make
from tests.portal import small_pack
from tests.reading import Visitor

ON, DAY = make.ON, timedelta(1)


def reader(user) -> Client:
    client = Client()
    client.force_login(user, "portal.accounts.Backend")
    return client


def window(city, since, until, *, code="b1", title="第一批", kind=None, **values) -> ApplicationWindow:
    given = {"pack": city.pack, "type": kind or city.upward, "code": code, "title": title}
    return ApplicationWindow.objects.create(**given, since=since, until=until, **values)


def certifying(city, people) -> Application:
    return make.brought_to("certifying", city, people)


@pytest.mark.parametrize(
    ("first", "last", "open_"),
    [(0, 0, True), (-5, 0, True), (0, 5, True), (-5, -1, False), (1, 5, False)],
    ids=["that day alone", "its last day", "its first day", "a day late", "a day early"],
)
def test_a_case_is_taken_on_the_days_of_its_batch(first, last, open_, city, people):
    row = window(city, ON + first * DAY, ON + (last + 1) * DAY)
    case = certifying(city, people)
    if open_:
        assert make.step(case, "submit", people).window == row
    else:
        with pytest.raises(Refused, match="不在受理期"):
            make.step(case, "submit", people)
        case.refresh_from_db()
        assert (case.status, case.window, case.truthful) == ("certifying", None, False)


def test_a_type_without_batches_is_open_all_year(city, people):
    window(city, ON + DAY, ON + 2 * DAY, kind=city.own)
    assert make.step(certifying(city, people), "submit", people).window is None


@pytest.mark.parametrize(
    ("rows", "told"),
    [
        ([("2026-07-01", "2026-08-01")], "下一批“第一批”从 2026-07-01 到 2026-07-31 受理"),
        ([("2026-04-01", "2026-05-01")], "还没有公布"),
        ([("2026-05-01", "2026-07-01")], "正在受理“第一批”，到 2026-06-30 止"),
        ([], "全年受理"),
        ([("2026-04-01", "2026-05-01"), ("2026-10-01", "2026-10-16")], "从 2026-10-01 到 2026-10-15"),
    ],
    ids=["to come", "over", "open", "all year", "between two"],
)
def test_the_sentence_says_when_the_next_one_opens(rows, told, city):
    for n, (since, until) in enumerate(rows):
        window(city, since, until, code=f"b{n}")
    assert told in windows.of_type(city.upward, ON).said
    assert windows.of_types([city.upward], ON)[city.upward.pk].said == windows.of_type(city.upward, ON).said


def test_what_was_sent_back_stays_in_its_batch(city, people):
    row = window(city, ON, ON + DAY)
    case = make.step(certifying(city, people), "submit", people)
    items = [ReturnItem(target="field:project", label="项目", code="R01")]
    case = make.step(case, "return", people, by=people[Role.DISTRICT], items=items, on=ON + 9 * DAY)
    actions.mended(case, "field:project")
    case = make.step(case, "to_certify", people, on=ON + 9 * DAY)
    assert make.step(case, "submit", people, on=ON + 9 * DAY).window == row


def test_in_the_browser_a_closed_batch_is_told_and_the_draft_kept(city, people):
    today = localdate()
    window(city, today + 10 * DAY, today + 20 * DAY, title="二〇二七年第一批")
    handler = Visitor(people[Role.HANDLER]).go("/applications/new/")
    assert "二〇二七年第一批" in handler.text
    case = make.filled(city, people[Role.HANDLER], on=today)
    assert "现在还不能提交" in handler.go(f"/applications/{case.matter.number}/parts/check/").text
    handler.press("送单位审核人")
    certifier = Visitor(people[Role.CERTIFIER]).go(case.get_absolute_url())
    certifier.press("确认并提交", truthful="on")
    assert "二〇二七年第一批" in certifier.told[0]
    assert Application.objects.get().status == "certifying"
    guide = Visitor().go("/guide/testcity/national/").text
    assert "二〇二七年第一批" in guide


def test_lists_are_filtered_by_batch(city, people):
    first = window(city, ON, ON + DAY)
    other = window(city, ON + DAY, ON + 2 * DAY, code="b2", title="第二批")
    case = make.step(certifying(city, people), "submit", people)
    officer = reader(people[Role.BUREAU_HANDLER])
    assert case.matter.number in officer.get(f"/applications/?window={first.pk}").content.decode()
    assert case.matter.number not in officer.get(f"/applications/?window={other.pk}").content.decode()
    assert "第一批" in officer.get(case.get_absolute_url()).content.decode()
    assert "第一批" in reader(people[Role.HANDLER]).get(case.get_absolute_url()).content.decode()


def test_without_batches_nothing_is_said_of_them(city, people):
    assert "全部批次" not in reader(people[Role.BUREAU_HANDLER]).get("/applications/").content.decode()


# --- the bureau's page -------------------------------------------------------------------------

GOOD = {"title": "2027 年第一批", "since": "2027-01-04", "last": "2027-04-30", "code": "n-2027-1", "reason": "通知"}


def test_opened_changed_and_taken_away_with_its_history(city, people):
    bureau = Visitor(people[Role.BUREAU_HANDLER]).go("/windows/")
    bureau.press("新增批次", type=str(city.upward.pk), **GOOD)
    row = ApplicationWindow.objects.get()
    assert (row.since, row.until) == (date(2027, 1, 4), date(2027, 5, 1))
    assert "2027-04-30" in bureau.text
    bureau.go("/windows/n-2027-1/").press("保存", last="2027-05-31", reason="延期")
    row.refresh_from_db()
    assert (row.until, Amendment.objects.latest("pk").reason) == (date(2027, 6, 1), "延期")
    assert "延期" in bureau.go("/windows/n-2027-1/").text
    assert bureau.press("保存", since="2028-01-01", reason="x").status == 422
    bureau.press("删除这一批", to="strike", reason=" ")
    assert bureau.told == ["请写明依据。"]
    bureau.go("/windows/n-2027-1/").press("删除这一批", to="strike", reason="录错")
    assert not ApplicationWindow.objects.exists()


@pytest.mark.parametrize(
    ("wrong", "told"),
    [
        ({"last": "2027-01-03"}, "截止日期不能早于开始日期"),
        ({"last": "2025-01-03"}, "截止日期不能早于开始日期"),
        ({"since": "明年"}, "不是日期"),
        ({"last": ""}, "必填"),
        ({"code": "第一批"}, "只用英文字母"),
        ({"code": "b1"}, "已有批次使用"),
        ({"since": "2026-06-30"}, "不能重叠"),
        ({"reason": ""}, "必填"),
        ({"type": ""}, "必填"),
    ],
    ids=lambda x: "=".join(*x.items()) if isinstance(x, dict) else "",
)
def test_a_wrong_batch_says_why_and_keeps_what_was_typed(wrong, told, city, people):
    window(city, "2026-06-01", "2026-07-01")
    typed = GOOD | {"type": city.upward.pk} | wrong
    answer = reader(people[Role.BUREAU_HANDLER]).post("/windows/", typed)
    assert answer.status_code == 422
    assert told in answer.content.decode()
    assert "2027 年第一批" in answer.content.decode()
    assert ApplicationWindow.objects.count() == 1


def test_a_batch_with_cases_is_not_taken_away(city, people):
    window(city, ON, ON + DAY)
    make.step(certifying(city, people), "submit", people)
    bureau = Visitor(people[Role.BUREAU_HANDLER]).go("/windows/b1/")
    assert "删除这一批" not in bureau.text
    bureau.client.post("/windows/b1/strike/", {"reason": "x"})
    assert ApplicationWindow.objects.exists()


def test_the_database_keeps_batches_apart(city):
    window(city, ON, ON + 2 * DAY)
    for values in ({"code": "b2"}, {"code": "b2", "since": ON + DAY, "until": ON + DAY}):
        with pytest.raises(IntegrityError), transaction.atomic():
            window(city, **({"since": ON + DAY, "until": ON + 3 * DAY} | values))
    window(city, ON + 2 * DAY, ON + 3 * DAY, code="b2")
    window(city, ON, ON + DAY, code="b3", kind=city.own)


# --- the pack ----------------------------------------------------------------------------------

FILE = """\
- code: national-2026-1
  type: national
  title: 第一批
  title_en: Batch 1
  since: 2026-03-01
  until: 2026-05-01
"""


def test_a_pack_opens_batches_and_gives_them_back(db, tmp_path):
    folder = small_pack.write(tmp_path / "small", **{"windows.yaml": FILE})
    packs.load(folder)
    assert packs.load(folder).changed == 0
    row = ApplicationWindow.objects.get()
    assert (row.type.code, row.since, row.until) == ("national", date(2026, 3, 1), date(2026, 5, 1))
    packs.dump(row.pack, tmp_path / "back")
    assert (tmp_path / "back" / "windows.yaml").read_text(encoding="utf-8") == FILE


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("until: 2026-05-01", "until: 2026-02-01", "windows.yaml:6: until：截止日期不能早于开始日期"),
        ("type: national", "type: nothing", "windows.yaml:2: type：没有找到申报类型 nothing"),
    ],
    ids=["ends before it begins", "of nothing"],
)
def test_a_wrong_batch_refuses_the_pack(old, new, told, db, tmp_path):
    folder = small_pack.write(tmp_path / "small", **{"windows.yaml": FILE.replace(old, new)})
    with pytest.raises(packs.WrongPack) as caught:
        packs.load(folder)
    assert told in str(caught.value)
    assert not ApplicationWindow.objects.exists()
