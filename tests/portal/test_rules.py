"""A rule changed on a page: with a reason, with what it was before, and with the figures computed again."""

from datetime import date
from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError
from django.db import transaction
from django.urls import reverse
from django.utils.timezone import now

from portal.models import Amendment, Job, Role, Setting
from portal.rules import amend, history, plain
from stations.models import IndustryChain
from targets.models import Target
from tests import make


@pytest.fixture
def setting(city):
    """How many working days a district has: five."""
    Job.objects.all().delete()
    return Setting.objects.get(code="days.district")


def asked():
    return Job.objects.filter(kind="recompute").count()


# --- amending ----------------------------------------------------------------------------------


def test_a_change_keeps_what_it_was_and_why(setting, people):
    row = amend(setting, {"value": 7, "ask": True}, key=setting.code, by=people["nobody"], reason="会议纪要")
    assert (row.value, row.ask, row.edited_at <= now()) == (7, True, True)
    change = Amendment.objects.get()
    assert (change.table, change.key, change.label) == ("portal.setting", "days.district", str(setting))
    assert (change.before, change.after) == ({"value": 5, "ask": False}, {"value": 7, "ask": True})
    assert (change.pack, change.by, change.reason) == (setting.pack, people["nobody"], "会议纪要")


def test_a_change_asks_for_the_figures(setting, people):
    amend(setting, {"value": 7}, key=setting.code, by=people["nobody"], reason="会议")
    assert asked() == 1


def test_a_change_that_changes_nothing_leaves_no_trace(setting, people):
    row = amend(setting, {"value": 5}, key=setting.code, by=people["nobody"], reason="会议")
    assert (row.edited_at, Amendment.objects.count(), asked()) == (None, 0, 0)


def test_a_change_reads_the_row_again(setting, people):
    """The page may have shown it long ago."""
    stale = Setting.objects.get(pk=setting.pk)
    amend(setting, {"value": 7}, key=setting.code, by=people["nobody"], reason="一")
    amend(stale, {"value": 8}, key=setting.code, by=people["nobody"], reason="二")
    assert [(c.before, c.after) for c in history(setting, "days.district")] == [
        ({"value": 7}, {"value": 8}),
        ({"value": 5}, {"value": 7}),
    ]


def test_a_value_of_another_kind_is_refused_and_nothing_is_written(setting, people):
    with pytest.raises(ValidationError, match="应为 0 或正整数"), transaction.atomic():
        amend(setting, {"value": "sieben"}, key=setting.code, by=people["nobody"], reason="会议")
    assert (Setting.objects.get(pk=setting.pk).value, Amendment.objects.count(), asked()) == (5, 0, 0)


def test_a_row_that_is_new_is_created_with_an_empty_past(city, people):
    plan = make.plan(city)
    row = Target(pack=city.pack, indicator=make.indicator(plan, city), district=city.north, on=plan.until)
    amend(row, {"value": Decimal("30.5")}, key="K north", by=people["nobody"], reason="分解")
    assert Target.objects.get(district=city.north).value == Decimal("30.50")
    change = Amendment.objects.get()
    assert (change.table, change.before, change.after) == ("targets.target", {}, {"value": "30.5"})


def test_history_is_of_one_row_newest_first(setting, city, people):
    other = Setting.objects.get(code="days.bureau")
    amend(setting, {"value": 6}, key=setting.code, by=people["nobody"], reason="一")
    amend(other, {"value": 9}, key=other.code, by=people["nobody"], reason="二")
    chain = amend(city.chain, {"name": "智能机器人"}, key="days.district", by=people["nobody"], reason="三")
    assert [c.reason for c in history(setting, setting.code)] == ["一"]
    assert [c.reason for c in history(chain, "days.district")] == ["三"]
    assert IndustryChain.objects.get(pk=chain.pk).name == "智能机器人"


@pytest.mark.parametrize(
    ("value", "kept"),
    [
        (None, None),
        (True, True),
        (7, 7),
        ("七", "七"),
        (["a"], ["a"]),
        ({"a": 1}, {"a": 1}),
        (Decimal("7.50"), "7.50"),
        (date(2026, 6, 1), "2026-06-01"),
    ],
)
def test_history_keeps_values_as_json_can_hold_them(value, kept):
    assert plain(value) == kept


# --- kinds of settings -------------------------------------------------------------------------

OPTIONS = {"a": "甲", "b": "乙"}
PROBLEMS = {
    "date": ("2026-01-01", ["2026-13-01", 20260101, True], "应为日期，如 2026-01-01"),
    "integer": (0, [-1, 1.5, "1", True, [1]], "应为 0 或正整数"),
    "decimal": (-1.5, ["1", True, [1]], "应为数字"),
    "boolean": (False, [0, "true", []], "应为 true 或 false"),
    "choice": ("a", ["c", ["a"], 1, {"a": 1}], "应为其中之一：a、b"),
    "choices": (["b", "a"], [[], "a", ["c"], ["a", "c"], {"a": 1}], "应为列表，从中选一个或几个：a、b"),
    "text": ("", [1, ["a"], True], "应为文字"),
}


@pytest.mark.parametrize("kind", Setting.Kind.values)
def test_a_value_fits_the_kind_of_its_setting(kind):
    good, bad, told = PROBLEMS[kind]
    assert [Setting(kind=kind, options=OPTIONS, value=v).problem() for v in (good, None)] == ["", ""]
    assert {Setting(kind=kind, options=OPTIONS, value=v).problem() for v in bad} == {told}


# --- the page ----------------------------------------------------------------------------------


def page(client, setting, **data):
    url = reverse("setting", args=[setting.code])
    return client.post(url, data) if data else client.get(url)


@pytest.mark.parametrize(
    ("kind", "typed", "value"),
    [
        ("integer", "７", 7),
        ("date", "2026年1月2日", "2026-01-02"),
        ("date", "", None),
        ("decimal", "2.5", 2.5),
        ("boolean", "true", True),
        ("boolean", "false", False),
        ("choice", "b", "b"),
        ("choices", ["a", "b"], ["a", "b"]),
        ("text", " 口号 ", "口号"),
    ],
)
def test_the_bureau_changes_a_setting_by_its_kind(kind, typed, value, setting, people, client):
    start = {"date": "2025-01-01", "decimal": 1, "boolean": value is not True, "choice": "a", "choices": ["b"]}
    Setting.objects.filter(pk=setting.pk).update(kind=kind, options=OPTIONS, value=start.get(kind))
    if kind == "integer":
        Setting.objects.filter(pk=setting.pk).update(value=5)
    client.force_login(people[Role.BUREAU_HANDLER])
    assert page(client, setting).status_code == 200
    assert page(client, setting, value=typed, reason="会议").status_code == 302
    assert Setting.objects.get(pk=setting.pk).value == value
    assert Amendment.objects.get().by == people[Role.BUREAU_HANDLER]


@pytest.mark.parametrize(
    ("data", "told"),
    [
        ({"value": "viel", "reason": "会议"}, {"value": ["请填整数，例如 12。"]}),
        ({"value": "7", "reason": ""}, {"reason": ["该字段是必填项。"]}),
        ({"value": "", "reason": "会议"}, {"value": ["该字段是必填项。"]}),
    ],
    ids=["no number", "no reason", "nothing"],
)
def test_a_change_without_a_value_or_a_reason_is_shown_back(data, told, setting, people, client):
    client.force_login(people[Role.BUREAU_HANDLER])
    response = page(client, setting, **data)
    assert response.context["form"].errors == told
    assert (Amendment.objects.count(), Setting.objects.get(pk=setting.pk).value) == (0, 5)


@pytest.mark.parametrize(
    ("who", "statuses"),
    [
        (Role.BUREAU_HANDLER, (200, 302)),
        (Role.BUREAU_APPROVER, (200, 302)),
        (Role.DISTRICT, (200, 404)),
        (Role.AUDITOR, (200, 404)),
        (Role.HANDLER, (403, 403)),
        ("nobody", (403, 403)),
    ],
)
def test_only_the_bureau_changes_a_setting(who, statuses, setting, people, client):
    client.force_login(people[who])
    assert (page(client, setting).status_code, page(client, setting, value="7", reason="会议").status_code) == statuses
    assert Amendment.objects.count() == (statuses[1] == 302)


def test_a_setting_of_another_city_is_not_there(setting, people, client):
    other = make.city("zweite")
    Setting.objects.filter(pack=other.pack, code="A2").update(code="theirs")
    client.force_login(people[Role.BUREAU_HANDLER])
    assert client.get(reverse("setting", args=["theirs"])).status_code == 404


def test_the_list_says_what_was_changed_and_by_whom(setting, people, client):
    client.force_login(people[Role.BUREAU_HANDLER])
    page(client, setting, value="7", reason="会议")
    context = client.get(reverse("settings")).context
    assert dict((row.code, shown) for row, shown in context["rows"])["days.district"] == "7"
    assert [(c.key, c.reason) for c in context["changes"]] == [("days.district", "会议")]
