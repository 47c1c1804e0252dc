"""Drafting on pages without a script: a wholly new scheme, rows put in and taken out, fields that follow the fact."""

import re

import pytest

from portal.models import Amendment, Role, Setting
from subsidies.models import BudgetLine, Condition, SchemeVersion, SubsidyScheme
from subsidies.schemes import boundaries, impact
from tests import make
from tests.subsidies import granting
from tests.subsidies.test_schemes import filled, fresh, looked, signed_in

CASE = {"case-name": "当天进站", "case-expect": "met", "case-amount": "30000"}


@pytest.fixture
def me(people):
    return signed_in(people[Role.BUREAU_HANDLER])


@pytest.fixture
def line(city):
    return granting.line(city)


@pytest.fixture
def scheme(city, me, line) -> SubsidyScheme:
    return founded(city, me, line)


def said(city, line: BudgetLine, **values) -> dict:
    return {
        "title": "安家补贴", "code": "settle", "event": "entered_on", "payee": "person", "line": line.pk, "payer": "",
        "since": "2026-01-01", "clause": city.clause.pk, **values,
    }  # fmt: skip


def founded(city, me, line, **values) -> SubsidyScheme:
    answer = me.post("/schemes/new/stay/", said(city, line, **values))
    assert answer.status_code == 302, re.findall(r"fld-error.*?<span>(.+?)</span>", answer.content.decode())
    return SubsidyScheme.objects.get(code="settle")


def written(me, version: SchemeVersion, *, more: str = "", **typed) -> int:
    """Send the form of a draft as it came, and what is typed into it."""
    base = f"/schemes/settle/{version.pk}/edit/"
    return me.post(base, filled(me, base, "/edit/") | typed | ({"more": more} if more else {}))


WHOLE = {
    "shape": "fixed", "amount": "30000", "new-condition": "1", "condition-new0-title": "2026 年起进站",
    "condition-new0-purpose": "need", "condition-new0-fact": "entered_on", "condition-new0-lookup": "gte",
    "condition-new0-value": "2026-01-01", "condition-new0-ask": "unit", "new-instalment": "1",
    "instalment-new0-number": "1", "instalment-new0-title": "一次性", "instalment-new0-opens": "entered_on",
    "instalment-new0-waiting_months": "0", "instalment-new0-share": "100", "new-schemepaper": "1",
    "schemepaper-new0-title": "劳动合同", "schemepaper-new0-required": "on",
}  # fmt: skip


def whole(city, me, version: SchemeVersion) -> SchemeVersion:
    answer = written(me, version, **WHOLE, **{"condition-new0-clause": city.clause.pk})
    assert answer.status_code == 302, re.findall(r"fld-error.*?<span>(.+?)</span>", answer.content.decode())
    case = me.post(f"/schemes/settle/{version.pk}/case/", CASE | {"case-fact-entered_on": "2026-01-01"})
    assert case.status_code == 302
    return fresh(version)


def test_a_new_scheme_is_drafted_whole_on_pages_and_published_by_another(city, people, me, scheme, settings):
    settings.CITY = city.pack.code
    version = whole(city, me, scheme.versions.get())
    (condition,), (part,), (paper,) = version.conditions.all(), version.instalments.all(), version.papers.all()
    assert (condition.fact, condition.lookup, condition.value, condition.code) == (
        "entered_on", "gte", "2026-01-01", "condition-1",
    )  # fmt: skip
    assert (part.opens, part.share, part.every, paper.title, paper.code) == (
        "entered_on", 100, 1, "劳动合同", "schemepaper-1",
    )  # fmt: skip
    assert [v.passes for v in boundaries.judged(version)] == [True]
    assert 'href="/schemes/settle/"' not in me.get("/schemes/").content.decode()  # only its draft is named
    base = f"/schemes/settle/{version.pk}/"
    assert me.post(f"{base}move/propose/").status_code == 302
    other = signed_in(people[Role.BUREAU_REVIEWER])
    assert me.post(f"{base}move/publish/", {"seen": looked(version)}).status_code == 422
    page = other.get(f"{base}impact/").content.decode()
    seen = re.search(r'name="seen" value="(\w+)"', page)
    assert seen
    assert other.post(f"{base}move/publish/", {"seen": seen[1]}).status_code == 302
    assert "安家补贴" in other.get("/schemes/").content.decode()
    assert SubsidyScheme.objects.published().count() == 1


def test_what_is_only_drafted_is_the_offices_alone(city, people, scheme, settings):
    settings.CITY = city.pack.code
    handler = signed_in(people[Role.HANDLER])
    assert handler.get("/schemes/settle/").status_code == 404
    assert "安家补贴" not in handler.get("/schemes/").content.decode()
    assert handler.get("/api/v1/subsidies/schemes/", headers={"accept": "application/json"}).status_code != 500
    assert signed_in(people[Role.BUREAU_HANDLER]).get("/schemes/settle/").status_code == 200


def test_a_draft_that_is_not_whole_is_not_proposed(me, scheme):
    answer = me.post(f"/schemes/settle/{scheme.versions.get().pk}/move/propose/")
    assert (answer.status_code, "空的条件会发给所有人" in answer.content.decode()) == (422, True)


@pytest.mark.parametrize(
    ("typed", "told"),
    [
        ({"code": "New Scheme"}, "小写英文字母"),
        ({"code": "new"}, "小写英文字母"),
        ({"title": ""}, "该字段是必填项"),
        ({"payer": "财政局"}, "要么写资金科目"),
        ({"event": "is_upgrade"}, "选择一个有效的选项"),
        ({"since": "gestern"}, "gestern"),
    ],
    ids=["capitals", "a page", "no title", "two who pay", "no day", "no date"],
)
def test_a_scheme_that_is_wrong_says_so_and_keeps_what_was_typed(city, me, line, typed, told):
    answer = me.post("/schemes/new/stay/", said(city, line, **typed))
    page = answer.content.decode()
    assert (answer.status_code, told in page, 'value="2026-01-01"' in page or "gestern" in page) == (422, True, True)
    assert SubsidyScheme.objects.count() == 0


def test_the_same_code_twice_is_a_sentence(city, me, line, scheme):
    answer = me.post("/schemes/new/stay/", said(city, line))
    assert (answer.status_code, "已有代码为 settle" in answer.content.decode()) == (422, True)


def test_what_a_scheme_gives_is_changed_until_it_is_published(city, people, me, scheme):
    assert (
        me.post(
            "/schemes/settle/tell/", filled(me, "/schemes/settle/tell/", "/tell/") | {"title": ["住房补贴"]}
        ).status_code
        == 302
    )
    scheme.refresh_from_db()
    assert (scheme.title, scheme.code) == ("住房补贴", "settle")
    assert Amendment.objects.get(reason="修改资助项目").after == {"title": "住房补贴"}
    SchemeVersion.objects.filter(scheme=scheme).update(state="published")
    assert me.get("/schemes/settle/tell/").status_code == 404


def test_a_dropped_draft_takes_a_scheme_with_it_that_has_nothing_else(me, scheme):
    assert me.post(f"/schemes/settle/{scheme.versions.get().pk}/move/drop/").status_code == 302
    assert SubsidyScheme.objects.count() == 0
    assert Amendment.objects.filter(reason="放弃草稿").exists()


def test_a_row_more_keeps_all_that_was_typed_and_says_nothing_of_mistakes(me, scheme):
    version = scheme.versions.get()
    answer = written(me, version, more="condition", amount="30,000", shape="fixed", note="写了一半")
    page = answer.content.decode()
    assert answer.status_code == 200
    assert all(
        text in page
        for text in ('name="condition-new0-title"', "写了一半", 'value="30,000"', 'value="1" name="new-condition"')
    ) or ('name="new-condition" value="1"' in page)
    assert "该字段是必填项" not in page
    assert fresh(version).note == ""


def test_the_field_of_a_value_follows_the_fact_and_the_comparison(city, me, scheme):
    version = scheme.versions.get()
    typed = WHOLE | {
        "condition-new0-clause": city.clause.pk,
        "condition-new0-fact": "in_service",
        "condition-new0-lookup": "exact",
    }
    page = written(me, version, more="none", **typed).content.decode()
    assert re.search(r'<select name="condition-new0-value"', page)
    answer = written(me, version, **typed)  # a day is no yes and no no
    assert answer.status_code == 422
    assert written(me, version, **typed | {"condition-new0-value": "false"}).status_code == 302
    assert Condition.objects.get().value is False


def test_several_values_are_ticked_or_written_one_after_the_other(city, me, scheme):
    version = scheme.versions.get()
    typed = WHOLE | {"condition-new0-clause": city.clause.pk, "condition-new0-lookup": "in"}
    answer = written(me, version, **typed | {"condition-new0-value": "2026-01-01、2026/2/3"})
    assert answer.status_code == 302
    assert Condition.objects.get().value == ["2026-01-01", "2026-02-03"]
    again = written(me, version)
    assert (again.status_code, Condition.objects.get().value) == (302, ["2026-01-01", "2026-02-03"])


def test_a_group_asks_how_many_of_it_are_enough(city, me, scheme):
    version = whole(city, me, scheme.versions.get())
    name = f"condition-{version.conditions.get().pk}"
    asked = written(me, version, **{f"{name}-group": "a"})
    assert (asked.status_code, "needed_a" in asked.content.decode()) == (422, True)
    assert written(me, version, **{f"{name}-group": "a", "needed_a": "1"}).status_code == 302
    assert fresh(version).needed == {"a": 1}


def test_steps_a_setting_and_what_goes(city, me, scheme):
    Setting.objects.create(
        pack=city.pack,
        code="A11",
        title="x",
        kind="choice",
        value="open",
        options={"open": "x", "wall": "y"},
        clause=city.clause,
    )
    version = whole(city, me, scheme.versions.get())
    row, paper = version.conditions.get(), version.papers.get()
    typed = {
        "shape": "steps", "new-step": "2", "step-new0-title": "早", "step-new0-fact": "entered_on", "step-new0-lookup": "gte",
        "step-new0-value": "2026-07-01", "step-new0-amount": "10000", "step-new0-order": "1",
        f"condition-{row.pk}-wall_by": "A11=wall", f"schemepaper-{paper.pk}-remove": "on", f"schemepaper-{paper.pk}-title": "",
        "step-new1-order": "2", "step-new1-lookup": "exact",
    }  # fmt: skip
    answer = written(me, version, **typed)
    assert answer.status_code == 302, re.findall(r"fld-error.*?<span>(.+?)</span>", answer.content.decode())
    row.refresh_from_db()
    (step,) = version.steps.all()
    assert (step.title, step.amount, step.order, step.value) == ("早", 10000, 1, "2026-07-01")
    assert (row.setting, row.wall, version.papers.count(), fresh(version).amount) == ("A11", "wall", 0, None)


def test_another_way_to_reckon_asks_for_its_own_sums(me, scheme):
    version = scheme.versions.get()
    asked = written(me, version, shape="per")
    assert (asked.status_code, 'name="quantity"' in asked.content.decode()) == (422, True)
    known = re.findall(
        r'<option value="(\w+)"', asked.content.decode().split('name="quantity"')[1].split("</select>")[0]
    )
    typed = {"shape": "per", "amount": "1500", "quantity": known[0], "quantity_unit": "个月", "limit": "24"}
    assert written(me, version, **typed).status_code == 302
    assert (fresh(version).quantity, fresh(version).limit) == (known[0], 24)
    assert written(me, version, shape="unstated").status_code == 302
    assert (fresh(version).quantity, fresh(version).limit, fresh(version).amount) == ("", None, None)


def test_a_case_is_changed_with_its_facts(city, me, scheme):
    version = whole(city, me, scheme.versions.get())
    case = version.boundaries.get()
    base = f"/schemes/settle/{version.pk}/case/{case.pk}/"
    typed = filled(me, base, f"/case/{case.pk}/")
    assert typed["case-fact-entered_on"] == ["2026-01-01"]
    assert (
        me.post(
            base, typed | {"case-fact-entered_on": "2025-12-31", "case-expect": "unmet", "case-amount": ""}
        ).status_code
        == 302
    )
    case.refresh_from_db()
    assert (case.given, case.expect, version.boundaries.count()) == ({"entered_on": "2025-12-31"}, "unmet", 1)


def test_a_stranger_drafts_nothing(people, db, scheme):
    other = make.city("other")
    stranger = signed_in(make.user(Role.BUREAU_HANDLER, district=other.root))
    pk = scheme.versions.get().pk
    assert [
        stranger.get(f"/schemes/settle/{path}").status_code for path in (f"{pk}/edit/", f"{pk}/case/", "tell/")
    ] == [404] * 3
    assert impact.content(scheme.versions.get())["shape"] == "unstated"
