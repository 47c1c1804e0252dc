"""An office fills in for an enterprise: only with its consent, all of it on record, and never vouching for it."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from django.utils.timezone import localdate

from portal.lifecycle import NotYours, Refused
from portal.models import Event, File, Matter, Notice, Organisation, ReturnItem, Revision, Role, Setting, User
from stations.applications import actions, lifecycle
from stations.applications.models import STAMP
from stations.behalf import actions as behalf
from stations.models import Application, Consent, Enterprise, Filling, Slot
from stations.registrations import actions as registrations_actions
from stations.registrations import lifecycle as registrations
from tests import make
from tests.reading import Visitor

ON = make.ON
OFFICER = Role.DISTRICT


def reader(user) -> Client:
    client = Client()
    client.force_login(user, "portal.accounts.Backend")
    return client


def asked(city, who):
    """A draft whose handler lets the office fill it in."""
    case = make.draft(city, who[Role.HANDLER])
    behalf.consent(case, by=who[Role.HANDLER], on=ON)
    return Application.objects.get(pk=case.pk)


def url(case, more=""):
    return f"/applications/{case.matter.number}/{more}"


# --- who sees and writes what ------------------------------------------------------------------


def test_without_consent_a_draft_is_the_enterprises_alone(city, people):
    case = make.draft(city, people[Role.HANDLER])
    for person in (OFFICER, Role.BUREAU_HANDLER):
        assert reader(people[person]).get(url(case)).status_code == 404
        assert reader(people[person]).post(url(case, "parts/plan/"), {"supervisor": "x"}).status_code == 404


def test_with_consent_the_office_of_its_district_fills_it_in_and_it_is_on_record(city, people):
    case, officer = asked(city, people), Visitor(people[OFFICER])
    assert "还差" in officer.go(url(case)).text
    officer.go(url(case, "parts/plan/")).press("保存并返回", supervisor="李老师", recruits="2")
    officer.go(url(case, "parts/profile/")).press("保存并返回", staff="321")
    officer.client.post(url(case, "answers/basic-1/"), {"basic-1-claimed": "true", "basic-1-statement": "有执照"})
    officer.client.post(url(case, "slots/basic-1.proof/"), {"file": make.upload("执照.pdf")})
    told = {row.target: (row.value, row.by) for row in Filling.objects.all()}
    by = people[OFFICER]
    assert told["field:supervisor"] == ("李老师", by)
    assert told["field:recruits"] == ("2 人", by)
    assert told["profile:staff"] == ("321 人", by)
    assert told["condition:basic-1"] == ("符合 有执照", by)
    assert told["slot:basic-1.proof"] == ("执照.pdf", by)
    assert "field:project" not in told
    page = Visitor(people[Role.HANDLER]).go(url(case)).text
    assert "主管部门代填中" in page
    assert "李老师" in page
    assert by.name in page


@pytest.mark.parametrize(
    ("person", "status"), [("other_district", 404), ("other_unit", 404), (Role.AUDITOR, 403), (Role.BUREAU_APPROVER, 403)],
    ids=str,
)  # fmt: skip
def test_others_write_nothing(person, status, city, people):
    case = asked(city, people)
    assert reader(people[person]).post(url(case, "parts/plan/"), {"supervisor": "x"}).status_code == status
    assert not Filling.objects.exists()


def test_what_the_enterprise_types_itself_is_not_noted(city, people):
    case = asked(city, people)
    Visitor(people[Role.HANDLER]).go(url(case, "parts/plan/")).press("保存并返回", supervisor="李老师")
    assert not Filling.objects.exists()


def test_consent_taken_back_closes_the_draft_and_keeps_what_was_typed(city, people):
    case, officer, handler = asked(city, people), reader(people[OFFICER]), Visitor(people[Role.HANDLER])
    officer.post(url(case, "parts/plan/"), {"supervisor": "李老师"})
    handler.go(url(case)).press("收回同意", to="help/end", note="自己填")
    assert officer.get(url(case)).status_code == 404
    assert Application.objects.get().supervisor == "李老师"
    assert Consent.objects.get().ended_by == people[Role.HANDLER]
    assert Notice.objects.filter(user=people[OFFICER], text__contains="终止代填").exists()
    assert "代填记录" in handler.go(url(case)).text
    handler.press("同意由主管部门代填")
    assert officer.get(url(case)).status_code == 200
    assert Consent.objects.count() == 2


def test_an_objection_stands_in_the_history_and_rings(city, people):
    case, handler = asked(city, people), Visitor(people[Role.HANDLER])
    reader(people[OFFICER]).post(url(case, "parts/plan/"), {"supervisor": "李老师"})
    handler.go(url(case)).press("提出异议", to="help/object", note="导师不是他")
    assert Event.objects.latest("pk").note == "导师不是他"
    assert Notice.objects.filter(user=people[OFFICER], text__contains="异议").exists()
    assert "导师不是他" in handler.text
    handler.press("提出异议", to="help/object", note=" ")
    assert handler.told == ["请写明哪里不对。"]
    assert reader(people[OFFICER]).post(url(case, "help/object/"), {"note": "x"}).status_code == 403


def test_after_a_return_the_office_mends_only_what_was_named(city, people):
    case = make.brought_to("district", city, people)
    items = [ReturnItem(target="field:project", label="项目", code="R01")]
    make.step(case, "return", people, by=people[OFFICER], items=items)
    officer = reader(people[OFFICER])
    assert officer.post(url(case, "parts/plan/"), {"project": "新项目"}).status_code == 403
    behalf.consent(case, by=people[Role.HANDLER], on=ON)
    assert "代单位补正" in officer.get(url(case)).content.decode()
    assert "只改下面列出的" in officer.get(url(case, "?fill=1")).content.decode()
    officer.post(url(case, "parts/plan/"), {"project": "新项目", "supervisor": "别人"})
    case.refresh_from_db()
    assert (case.project, case.supervisor) == ("新项目", "导师")
    assert [row.target for row in Filling.objects.all()] == ["field:project"]


# --- vouching ----------------------------------------------------------------------------------


def test_where_accounts_vouch_the_office_asks_them_to(city, people):
    case = make.filled(city, people[Role.HANDLER])
    behalf.consent(case, by=people[Role.HANDLER], on=ON)
    officer = Visitor(people[OFFICER]).go(url(case, "parts/check/"))
    officer.press("填好了，请单位核对", note="请看导师一栏")
    assert Notice.objects.filter(user=people[Role.HANDLER], text__contains="请单位核对").exists()
    assert [s.action for s in lifecycle.application.possible(Application.objects.get(), people[OFFICER])] == []
    with pytest.raises(Refused):
        behalf.hand_in(case, by=people[OFFICER], on=ON)
    Visitor(people[Role.HANDLER]).go(url(case, "parts/check/")).press("送单位审核人")
    assert Application.objects.get().status == "certifying"


NEW = {"unit": "没有账号的企业", "signer": "王总", "given_on": "2026-05-30"}


def paper_form(city, **values):
    given = {"code": make.credit_code(7_777_777), "district": city.north.pk, "type": city.upward.pk, **NEW}
    return given | {"file": make.upload("委托书.pdf")} | values


def test_an_enterprise_without_an_account_goes_the_whole_way_by_its_seal(city, people):
    officer = reader(people[OFFICER])
    assert officer.post("/behalf/new/", paper_form(city)).status_code == 302
    case = Application.objects.get()
    owner = case.enterprise.organisation
    assert (owner.name, owner.district, case.signing) == ("没有账号的企业", city.north, "page")
    consent = Consent.objects.get()
    assert (consent.signer, consent.way, consent.file.name) == ("王总", "paper", "委托书.pdf")
    assert b"".join(officer.get(consent.file.get_absolute_url()).streaming_content).startswith(b"%PDF")
    Application.objects.update(**make.PLAN)
    Enterprise.objects.filter(pk=owner.pk).update(**whole_profile())
    for answer in case.answers.select_related("condition"):
        actions.answer(case, answer.condition, claimed=True, statement="")
        for slot in Slot.objects.filter(condition=answer.condition, required=True).select_related("condition"):
            assert officer.post(url(case, f"slots/{slot.name}/"), {"file": make.upload()}).status_code == 302
    page = Visitor(people[OFFICER]).go(url(case, "parts/check/"))
    assert page.press("确认并提交").told == ["请先勾选承诺，再提交。"]
    assert "盖章页" in page.go(url(case, "parts/check/")).press("确认并提交", truthful="on").told[0]
    officer.post(url(case, f"slots/{STAMP}/"), {"file": make.upload("盖章.pdf")})
    assert page.go(url(case, "parts/check/")).press("确认并提交", truthful="on").told == ["已代为提交。"]
    case.refresh_from_db()
    assert (case.status, case.truthful) == ("district", True)
    assert "consent.file" not in Revision.objects.get().data["slot"]
    assert "主管部门代填中" in Visitor(people[Role.BUREAU_HANDLER]).go(url(case)).text


def whole_profile() -> dict:
    row = Enterprise.objects.exclude(staff=None).first()
    return {name: getattr(row, name) for name in Enterprise.NEEDED}


def test_what_an_office_hands_in_meets_the_same_rules_as_the_enterprises_own(city, people):
    Setting.objects.create(
        pack=city.pack, code="certify", title="x", why="x", kind="choice", options={"page": "x", "account": "x"},
        value="page",
    )  # fmt: skip
    case = make.draft(city, people[Role.HANDLER])
    behalf.consent(case, by=people[Role.HANDLER], on=ON)
    actions.stamp(case, make.file(city.enterprise.organisation, people[OFFICER]), by=people[OFFICER])
    with pytest.raises(Refused) as caught:
        behalf.hand_in(case, by=people[OFFICER], on=ON)
    named = {c.fact for finding in caught.value.findings for c in finding.question.criteria}
    assert {"basic_open", "plan_missing", "recommended_ready", "classified"} <= named
    with pytest.raises(NotYours):
        behalf.hand_in(case, by=people["other_district"], on=ON)


# --- the form ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("wrong", "told"),
    [
        ({"code": ""}, "必填"),
        ({"code": "123"}, "应为 18 位"),
        ({"code": make.credit_code(5)[:-1] + "X"}, "校验位"),
        ({"unit": ""}, "请照营业执照填写全称"),
        ({"district": ""}, "请选它所属的区镇"),
        ({"type": ""}, "必填"),
        ({"signer": ""}, "必填"),
        ({"given_on": "2999-01-01"}, "在今天之后"),
        ({"given_on": "昨天"}, "不是日期"),
        ({"file": ""}, "请上传单位盖章的代填委托书"),
    ],
    ids=lambda x: next(iter(x)) if isinstance(x, dict) else "",
)
def test_a_wrong_form_says_what_is_wanted_and_keeps_nothing(wrong, told, city, people):
    before = Organisation.objects.count()
    answer = reader(people[OFFICER]).post("/behalf/new/", paper_form(city, **wrong))
    assert answer.status_code == 422
    assert told in answer.content.decode()
    assert (Organisation.objects.count(), Application.objects.count()) == (before, 0)


def test_no_paper_that_runs_something_is_taken(city, people):
    answer = reader(people[OFFICER]).post("/behalf/new/", paper_form(city, file=make.upload("x.exe", b"MZ", "x")))
    assert answer.status_code == 422
    assert not Consent.objects.exists()
    assert not File.objects.exists()


def test_an_enterprise_of_another_district_is_none_of_this_offices(city, people):
    stranger = make.enterprise(city.south)
    form = paper_form(city, code=stranger.organisation.code)
    answer = reader(people[OFFICER]).post("/behalf/new/", form)
    assert answer.status_code == 422
    assert "您的区镇没有" in answer.content.decode()
    assert stranger.organisation.name not in answer.content.decode()
    form = paper_form(city, code=make.credit_code(7_777_778), district=city.south.pk)
    assert reader(people[OFFICER]).post("/behalf/new/", form).status_code == 422


def test_a_known_enterprise_keeps_its_accounts_to_vouch(city, people):
    form = paper_form(city, code=city.enterprise.organisation.code, unit="", district="", type=city.own.pk)
    assert reader(people[Role.BUREAU_HANDLER]).post("/behalf/new/", form).status_code == 302
    assert Application.objects.get().signing == "account"
    assert Notice.objects.filter(user=people[Role.HANDLER], text__contains="同意代填").exists()


def test_a_case_that_was_handed_in_is_not_filled_in(city, people):
    make.brought_to("district", city, people)
    form = paper_form(city, code=city.enterprise.organisation.code)
    answer = reader(people[OFFICER]).post("/behalf/new/", form)
    assert "已提交" in answer.content.decode()
    assert not Consent.objects.exists()


def test_who_is_confirmed_for_an_enterprise_that_is_filled_in_for_is_told_to_its_officer(city, people):
    assert reader(people[OFFICER]).post("/behalf/new/", paper_form(city)).status_code == 302
    case = Application.objects.get()
    user = User(username="13900000001", name="新来的", phone="13900000001")
    row = registrations_actions.ask(case.enterprise.organisation, user=user, on=ON)
    assert reader(user).get(url(case)).status_code == 403
    step = {"by": people[Role.BUREAU_HANDLER], "on": ON, "details": {"proof": "phone"}}
    registrations.registration.move(row, "confirm", **step)
    assert Notice.objects.filter(user=people[OFFICER], text__contains="能看到您代填的申报").count() == 1
    assert reader(user).get(url(case)).status_code == 200


# --- the database ------------------------------------------------------------------------------


def test_one_consent_at_a_time_and_no_paper_without_a_file(city, people):
    case = asked(city, people)
    with pytest.raises(Refused, match="已有一份"):
        behalf.consent(case, by=people[Role.HANDLER], on=ON)
    given = {"application": case, "given_on": ON, "recorded_by": people[OFFICER]}
    with pytest.raises(IntegrityError), transaction.atomic():
        Consent.objects.create(**given, way="portal", signer="x")
    Consent.objects.update(ended_on=ON, ended_by=people[OFFICER])
    with pytest.raises(IntegrityError), transaction.atomic():
        Consent.objects.create(**given, way="paper", signer="x")
    with pytest.raises(IntegrityError), transaction.atomic():
        Consent.objects.update(ended_on=ON - timedelta(1))


def test_the_list_of_an_office_holds_its_own(city, people):
    case = asked(city, people)
    assert case.matter.number in reader(people[OFFICER]).get("/behalf/").content.decode()
    assert case.matter.number not in reader(people["other_district"]).get("/behalf/").content.decode()
    behalf.end(case, by=people[OFFICER], on=localdate())
    page = reader(people[OFFICER]).get("/behalf/").content.decode()
    assert "已终止" in page
    assert f'href="{case.get_absolute_url()}"' not in page
    assert Matter.objects.get(pk=case.matter_id).helped is False
