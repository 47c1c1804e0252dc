"""The pages without JavaScript: the whole way of an application, and every wrong turn on it."""

import re

import pytest
from django.test import Client
from django.utils.timezone import localdate

from portal.models import Confirmation, Event, Evidence, File, Invitation, Job, Matter, ReturnItem, Role
from stations.applications import actions
from stations.enterprises import actions as enterprises_actions
from stations.models import Answer, Application, Enterprise, Station
from tests import make
from tests.reading import Visitor

PASSWORD = "eine-lange-Nacht-7"
UNIT = {"unit": "新途精密机械有限公司", "name": "周一鸣", "phone": "13800004711", "email": ""}
PROFILE = {
    "unit_type": "private",
    "legal_person": "true",
    "address": "前进东路1号",
    "industry": "C34",
    "revenue": "50,000",
    "rd_spend": "4860",
    "staff": "320",
    "rd_staff": "64",
    "senior_staff": "5",
    "doctors": "",
    "rd_name": "研发中心",
    "rd_level": "municipal",
    "tags": ["high_tech", "special"],
}
PLAN = {
    "supervisor": "何清",
    "supervisor_title": "正高级工程师",
    "supervisor_field": "控制",
    "recruits": "2",
    "project": "高速主轴热误差补偿",
    "project_budget": "420",
    "innovation": "用在线测温数据修正。\n第二行",
    "partner": "某大学",
    "salary_promise": "30",
    "manager": "周一鸣",
    "manager_phone": "13800004711",
    "classified": "false",
}


def case_of() -> Application:
    return Application.objects.select_related("matter", "type").get()


# --- the whole way -----------------------------------------------------------------------------


def test_from_registration_to_a_station_without_javascript(city, people):
    handler, url = registered_and_filled(city)
    certifier = invited(handler)
    handed_in(handler, certifier, url)
    officer = Visitor(people[Role.DISTRICT]).go(url)
    sent_back(officer, url)
    corrected(handler, certifier, url)
    decided(officer, people, url)
    station = Station.objects.get()
    assert (station.approved_on, station.approval_document, station.approver) == (
        localdate(),
        "博管办〔2026〕28号",
        "省级",
    )
    handler.go(url)
    assert station.matter.number in handler.page
    assert [e.action for e in Event.objects.filter(matter=case_of().matter).order_by("pk")] == [
        *("to_certify", "submit", "return", "to_certify", "submit", "recommend", "pass", "send_up", "forward"),
        "approve",
    ]


def registered_and_filled(city):
    handler = Visitor().go("/register/")
    typed = UNIT | {"code": make.credit_code(4711), "district": city.north.pk}
    handler.press("注册并登录", **typed, password1=PASSWORD, password2=PASSWORD)
    assert (handler.url, handler.told) == ("/desk/", ["注册成功。先核对单位情况，再开始申报。"])
    handler.go("/enterprise/").press("保存", **PROFILE)
    assert handler.told == ["单位情况已保存。"]
    profile = Enterprise.objects.get(organisation__name=UNIT["unit"])
    assert (profile.revenue, profile.doctors, profile.tags) == (500_000_000, None, ["high_tech", "special"])
    assert profile.confirmed_on == localdate()

    handler.go("/applications/new/").press("开始填写", where={"type": str(city.upward.pk)})
    url = handler.url
    assert url == f"/applications/{case_of().matter.number}/"
    assert "还差" in handler.text
    for code, part in (("basic-1", "basic"), ("basic-2", "basic"), ("rec-1", "recommended")):
        handler.go(f"{url}parts/{part}/")
        handler.press("保存", to=f"answers/{code}/", **{f"{code}-claimed": "true", f"{code}-statement": "已具备"})
        assert handler.status == 200
        assert handler.url.endswith(f"#{code}")
        handler.press("上传", to=f"slots/{code}.proof/", file=[make.upload(), make.upload("第二份.pdf")])
        assert handler.told == []
    assert Evidence.objects.count() == 6
    handler.go(f"{url}parts/plan/").press("保存并返回", **PLAN)
    assert handler.told == ["已保存。"]
    assert "都已备齐" in handler.text
    return handler, url


def invited(handler):
    handler.go("/enterprise/people/").press("建立邀请", role="certifier", name="钱二", phone="13800004712")
    link = re.search(r"http://testserver(/join/[\w-]+/)", handler.page)[1]
    certifier = Visitor().go(link).press("接受邀请", password1=PASSWORD, password2=PASSWORD)
    assert certifier.told == [f"您已成为{UNIT['unit']}的单位审核人。"]
    assert Visitor().go(link).status == 410
    return certifier


def handed_in(handler, certifier, url):
    handler.go(f"{url}parts/check/").press("送单位审核人")
    assert handler.told == ["已办理：送单位审核。"]
    certifier.go(url).press("确认并提交")
    assert certifier.told == ["请先勾选承诺，再提交。"]
    certifier.press("确认并提交", truthful="on")
    assert certifier.told == ["已提交。"]
    assert case_of().status == "district"


def sent_back(officer, url):
    for verdict in ("符合", "不符合", "符合"):
        officer.press(verdict, to="/verdict/", note="只有封面" if verdict == "不符合" else "")
        assert officer.status == 200
    found = Confirmation.objects.order_by("pk").values_list("topic", "verdict", "note")
    assert list(found) == [("basic-1", True, ""), ("basic-2", False, "只有封面"), ("rec-1", True, "")]
    assert "还不能“推荐到市局”" in officer.text
    officer.go(f"{url}return/")
    form, _button = officer.form("退回补正")
    assert ("on-condition:basic-2", "on") in form.fields  # what was found unmet is ticked, with what was noted
    assert ("note-condition:basic-2", "只有封面") in form.fields
    three = {"on-slot:basic-1.proof": "on", "code-slot:basic-1.proof": "R03", "note-slot:basic-1.proof": "请重传"}
    three |= {"on-field:project": "on", "code-field:project": "R12"}
    officer.press("退回补正", **three)
    assert officer.status == 422
    assert "请给“条件basic-2”选一个原因" in officer.text
    officer.press("退回补正", **{"code-condition:basic-2": "R17"})
    assert officer.told == ["已退回，列出 3 处，单位已收到通知。"]


def corrected(handler, certifier, url):
    handler.go(url)
    assert "改 3 处" in handler.text
    handler.press("上传", to="slots/basic-1.proof/", file=make.upload("重传.pdf"))
    handler.go(f"{url}parts/plan/").press("保存并返回", project="主轴热误差在线补偿")
    assert case_of().project == "主轴热误差在线补偿"
    handler.go(url)
    item = ReturnItem.objects.get(target="condition:basic-2")
    handler.press("保存理由", to=f"items/{item.pk}/", answer="封面即为全部，见第 2 页")
    handler.press("送单位审核人")
    assert handler.told == ["已办理：送单位审核。"]
    certifier.go(url).press("确认并提交", truthful="on")
    assert certifier.told == ["已提交。"]
    assert not ReturnItem.objects.filter(resolved_at=None).exists()


def decided(officer, people, url):
    officer.go(url)
    assert "2 处有变化" in officer.text
    officer.go(f"{url}?c=basic-2").press("符合", to="/verdict/basic-2/")
    officer.press("推荐到市局")
    assert officer.told == ["已办理：推荐到市局。"]
    maker, approver = Visitor(people[Role.BUREAU_HANDLER]), Visitor(people[Role.BUREAU_APPROVER])
    assert maker.go(url).press("审核通过").told == ["已办理：审核通过。"]
    assert approver.go(url).press("审核上报").told == ["已办理：审核上报。"]
    assert maker.go(url).press("登记转报").told == ["已办理：登记转报。"]
    paper = {"approve-document": "博管办〔2026〕28号", "approve-document_on": localdate().isoformat()}
    assert maker.go(url).press("登记批复", **paper).told == ["已办理：登记批复。"]


# --- wrong turns when registering --------------------------------------------------------------


@pytest.fixture
def somebody(city):
    visitor = Visitor().go("/register/")
    typed = UNIT | {"code": make.credit_code(4711), "district": city.north.pk}
    return visitor, typed | {"password1": PASSWORD, "password2": PASSWORD}


def test_a_mistyped_code_is_asked_about_and_nothing_typed_is_lost(somebody):
    visitor, typed = somebody
    wrong = typed["code"][:-1] + ("1" if typed["code"][-1] != "1" else "2")
    visitor.press("注册并登录", **typed | {"code": wrong})
    assert visitor.status == 422
    assert "校验位不对" in visitor.text
    form, _button = visitor.form("注册并登录")
    kept = dict(form.fields)
    assert [kept[n] for n in ("code", "unit", "name", "phone")] == [
        wrong,
        *(UNIT[n] for n in ("unit", "name", "phone")),
    ]
    visitor.press("注册并登录", code_confirmed="on", password1=PASSWORD, password2=PASSWORD)
    assert visitor.url == "/desk/"
    assert Enterprise.objects.get(organisation__code=wrong).code_confirmed


def test_registering_twice_gives_a_sentence_and_one_enterprise(somebody):
    visitor, typed = somebody
    visitor.press("注册并登录", **typed)
    second = Visitor().go("/register/").press("注册并登录", **typed)
    assert (second.status, "已经注册" in second.text) == (422, True)
    assert Enterprise.objects.filter(organisation__code=typed["code"]).count() == 1


@pytest.mark.parametrize("taken", ["code", "phone"])
def test_who_pressed_a_moment_earlier_wins_and_the_other_is_told(taken, somebody, monkeypatch, city):
    """Between the form's look and the writing somebody else registers: a sentence, no fault."""
    visitor, typed = somebody
    register = enterprises_actions.register

    def overtaken(**values):
        if taken == "code":
            make.organisation(district=city.north, code=values["code"])
        else:
            make.user(phone=values["user"].phone)
        return register(**values)

    monkeypatch.setattr(enterprises_actions, "register", overtaken)
    visitor.press("注册并登录", **typed)
    assert visitor.status == 422
    assert "刚刚" in visitor.text


def test_who_is_signed_in_does_not_register(city, people):
    assert Visitor(people[Role.HANDLER]).go("/register/").url == "/desk/"


# --- wrong turns when filling in ---------------------------------------------------------------


@pytest.fixture
def handler(city, people):
    return Visitor(people[Role.HANDLER])


@pytest.fixture
def draft(city, people):
    return make.filled(city, people[Role.HANDLER])


def part(case, name):
    return f"/applications/{case.matter.number}/parts/{name}/"


@pytest.mark.parametrize("typed", ["", "0", "abc", "999999999999999999999", "1,2", "-1", "１"])
def test_a_type_that_is_none_is_not_found(typed, handler):
    answer = handler.client.post("/applications/new/", {"type": typed})
    assert answer.status_code == 404
    assert not Application.objects.exists()


def test_beginning_twice_opens_the_one_that_was_begun(handler, city):
    for _n in range(2):
        handler.go("/applications/new/").press("开始填写", where={"type": str(city.upward.pk)})
    assert handler.url == f"/applications/{case_of().matter.number}/"


def test_who_has_a_station_is_told_so(handler, city, people):
    make.station(city, people[Role.BUREAU_APPROVER], owner=city.enterprise)
    handler.go("/applications/new/").press("开始填写", where={"type": str(city.upward.pk)})
    assert handler.told == ["贵单位已有国家级博士后科研工作站，不必再申报。"]


def test_a_wrong_figure_keeps_what_was_typed_and_saves_nothing(handler, draft, city):
    handler.go("/enterprise/").press("保存", staff="很多", address="新地址 9 号")
    assert (handler.status, "请填整数" in handler.text) == (422, True)
    form, _button = handler.form("保存")
    assert dict(form.fields)["address"] == "新地址 9 号"
    city.enterprise.refresh_from_db()
    assert city.enterprise.address == "测试路1号"


def test_classified_work_is_refused_with_a_way_out(handler, draft):
    handler.go(part(draft, "plan")).press("保存并返回", classified="true", project="新")
    assert handler.status == 422
    assert "涉密材料不得在网上填报" in handler.text
    assert Application.objects.get().project == "项目"


def test_two_windows_keep_what_each_of_them_changed(handler, draft, people):
    """Each window saved another field: neither takes the other's back."""
    first, second = Visitor(people[Role.HANDLER]).go(part(draft, "plan")), handler.go(part(draft, "plan"))
    first.press("保存并返回", supervisor="李工")
    second.press("保存并返回", project="新项目")
    row = Application.objects.get()
    assert (row.supervisor, row.project) == ("李工", "新项目")


def test_two_windows_in_one_field_are_asked_and_the_second_press_is_meant(handler, draft, people):
    first, second = Visitor(people[Role.HANDLER]).go(part(draft, "plan")), handler.go(part(draft, "plan"))
    first.press("保存并返回", project="第一扇窗")
    second.press("保存并返回", project="第二扇窗", partner="另一所大学")
    assert second.status == 422
    assert "刚才有人把它改成了“第一扇窗”" in second.text
    row = Application.objects.get()
    assert (row.project, row.partner) == ("第一扇窗", "某大学")
    second.press("保存并返回")
    row = Application.objects.get()
    assert (row.project, row.partner) == ("第二扇窗", "另一所大学")


def test_two_windows_on_the_profile(handler, people):
    first, second = Visitor(people[Role.HANDLER]).go("/enterprise/"), handler.go("/enterprise/")
    first.press("保存", staff="300", tags=["special"])
    second.press("保存", address="新地址")
    row = Enterprise.objects.get(organisation__appointments__user=people[Role.HANDLER])
    assert (row.staff, row.tags, row.address) == (300, ["special"], "新地址")
    first.go("/enterprise/").press("保存", tags=["gazelle"])
    second.go("/enterprise/")
    first.press("保存", tags=["unicorn"])
    second.press("保存", tags=["listed"])
    assert (second.status, "瞪羚" in second.text or "独角兽" in second.text) == (422, True)


def test_two_windows_on_one_condition(handler, draft, people):
    url = part(draft, "basic")
    first, second = Visitor(people[Role.HANDLER]).go(url), handler.go(url)
    first.press("保存", to="answers/basic-1/", **{"basic-1-statement": "甲"})
    second.press("保存", to="answers/basic-1/", **{"basic-1-statement": "乙"})
    assert (second.status, "“甲”" in second.text) == (422, True)
    assert Answer.objects.get(condition__code="basic-1").statement == "甲"
    second.press("保存", to="answers/basic-1/")
    assert Answer.objects.get(condition__code="basic-1").statement == "乙"


def test_a_statement_too_long_is_shown_again_as_it_was_typed(handler, draft):
    text = "长" * 501
    handler.go(part(draft, "basic")).press("保存", to="answers/basic-1/", **{"basic-1-statement": text})
    assert handler.status == 422
    assert text in handler.page
    assert Answer.objects.get(condition__code="basic-1").statement == ""


def sent_alone(client, draft, **typed):
    """As the script of the page saves: only what was touched."""
    url = f"/applications/{draft.matter.number}/answers/basic-1/"
    return client.post(url, typed, headers={"HX-Request": "true"}).json()["fields"]


def test_saving_one_field_as_one_types_leaves_the_other(handler, draft):
    row = Answer.objects.get(condition__code="basic-1")
    actions.answer(draft, row.condition, claimed=True, statement="原有说明")
    told = sent_alone(handler.client, draft, **{"basic-1-claimed": "false", "was-basic-1-claimed": "true"})
    assert told == {"basic-1-claimed": {}, "basic-1-statement": {}}
    row.refresh_from_db()
    assert (row.claimed, row.statement) == (False, "原有说明")
    sent_alone(handler.client, draft, **{"basic-1-statement": "新说明", "was-basic-1-statement": "原有说明"})
    row.refresh_from_db()
    assert (row.claimed, row.statement) == (False, "新说明")


def test_saving_as_one_types_asks_when_somebody_else_wrote(handler, draft):
    told = sent_alone(handler.client, draft, **{"basic-1-statement": "乙", "was-basic-1-statement": "甲"})
    assert told["basic-1-statement"] == {"conflict": {"value": [], "shown": "（空）"}}
    told = sent_alone(handler.client, draft, **{"basic-1-statement": "长" * 501, "was-basic-1-statement": ""})
    assert "500" in told["basic-1-statement"]["error"]


def test_a_figure_that_contradicts_another_is_told_as_one_types(handler, city):
    answer = handler.client.post(
        "/enterprise/", {"rd_staff": "500", "was-rd_staff": "40", "address": "新"}, headers={"HX-Request": "true"}
    )
    told = answer.json()["fields"]
    assert told["rd_staff"] == {"error": "研发人员不能多于职工人数。"}
    city.enterprise.refresh_from_db()
    assert (city.enterprise.rd_staff, city.enterprise.address) == (40, "新")


@pytest.mark.parametrize(
    ("name", "content", "told"),
    [("证明.docx", b"PK", "不是能收的类型"), ("证明.pdf", b"", "空文件"), ("证明.pdf", b"<html>", "内容不是")],
    ids=["another type", "empty", "another content"],
)
def test_a_file_that_cannot_be_taken_says_why_and_the_rest_is_kept(name, content, told, handler, draft):
    before = Evidence.objects.count()
    good = make.upload("好.pdf")
    handler.go(part(draft, "basic"))
    handler.press("上传", to="slots/basic-1.proof/", file=[make.upload(name, content), good])
    assert len(handler.told) == 1
    assert told in handler.told[0]
    assert Evidence.objects.count() == before + 1


def test_pressing_upload_without_a_file_says_so(handler, draft):
    handler.go(part(draft, "basic")).press("上传", to="slots/basic-1.proof/")
    assert handler.told == ["没有选文件。请先选择或拍照，再上传。"]


def test_a_paper_is_taken_out_once(handler, draft):
    handler.go(part(draft, "basic"))
    evidence = Evidence.objects.get(slot="basic-1.proof")
    handler.press("取出", to=f"files/{evidence.pk}/remove/")
    assert "仍保存在单位档案里" in handler.told[0]
    again = handler.client.post(f"/applications/{draft.matter.number}/files/{evidence.pk}/remove/")
    assert again.status_code == 404
    assert File.objects.count() == 3


@pytest.mark.parametrize("slot", ["basic-1.nothing", "nothing.proof", "basic-1", ".", "basic-1.proof.x"])
def test_a_slot_that_is_none_is_not_found(slot, handler, draft):
    url = f"/applications/{draft.matter.number}/slots/{slot}/"
    assert handler.client.post(url, {"file": make.upload()}).status_code == 404


@pytest.mark.parametrize("name", ["nothing", "basics", "Plan"])
def test_a_part_that_is_none_is_not_found(name, handler, draft):
    assert handler.go(part(draft, name)).status == 404


# --- wrong turns when handing in ---------------------------------------------------------------


def test_an_incomplete_case_says_everything_that_is_missing_at_once(handler, city, people):
    case = make.draft(city, people[Role.HANDLER])
    handler.client.post(f"/applications/{case.matter.number}/move/to_certify/")
    handler.go(part(case, "check")).press("送单位审核人")
    assert handler.status == 422
    for words in ("材料涉密", "还没备齐的基本条件：2 项", "已备齐的推荐条件：0 项", "招收计划和项目未填项：12 项"):
        assert words in handler.text
    assert case_of().status == "draft"


def test_pressing_twice_is_one_step_and_a_sentence(handler, draft):
    handler.go(part(draft, "check"))
    handler.press("送单位审核人")
    handler.answer, handler.url = None, part(draft, "check")
    again = handler.client.post(f"/applications/{draft.matter.number}/move/to_certify/", follow=True)
    assert [str(m) for m in again.context["messages"]] == ["这一步现在不能办理，可能已由他人办理。请看现在的状态。"]
    assert Event.objects.filter(action="to_certify").count() == 1


def test_the_back_button_does_not_edit_what_was_handed_in(handler, draft, people):
    """The page was opened before the case went on; its old form says so and changes nothing."""
    plan = handler.go(part(draft, "plan"))
    make.step(draft, "to_certify", people)
    plan.press("保存并返回", project="迟到")
    assert plan.told == ["这一部分现在不能修改：申报已提交，或退回时没有列出。"]
    assert case_of().project == "项目"
    assert "保存并返回" not in [text for form in plan.forms for text, *_b in form.buttons]


@pytest.mark.parametrize("name", ["basic", "profile"])
def test_the_back_button_on_other_parts(name, handler, draft, people):
    page = handler.go(part(draft, name))
    make.step(draft, "to_certify", people)
    before = Matter.objects.get(kind="application").version
    if name == "basic":
        page.press("保存", to="answers/basic-1/", **{"basic-1-claimed": "false"})
        page.told[0].index("这一项现在不能修改")
        url = f"/applications/{draft.matter.number}/slots/basic-1.proof/"
        files = File.objects.count()
        Client.post(page.client, url, {"file": make.upload()})
        assert File.objects.count() == files
    else:
        page.press("保存并返回", staff="300")
        assert "现在不能修改" in page.told[0]
    assert Matter.objects.get(kind="application").version == before
    assert Answer.objects.get(condition__code="basic-1").claimed is True


def test_after_a_return_only_what_was_named_can_be_typed(handler, city, people):
    case = make.brought_to("district", city, people)
    items = [ReturnItem(target=t, label=t, code="R01") for t in ("field:project", "profile:rd_spend")]
    make.step(case, "return", people, by=people[Role.DISTRICT], items=items)
    form, _button = handler.go(part(case, "plan")).form("保存并返回")
    assert [name for name, _v in form.fields if not name.startswith(("was-", "csrf"))] == ["project"]
    handler.press("保存并返回", project="改好", supervisor="偷改")
    row = case_of()
    assert (row.project, row.supervisor, row.salary_promise) == ("改好", "导师", 300_000)
    assert ReturnItem.objects.get(target="field:project").answered_at is not None


def test_a_wrong_correction_is_shown_again_with_the_rest_locked(handler, city, people):
    case = make.brought_to("district", city, people)
    item = ReturnItem(target="profile:rd_spend", label="x", code="R15")
    make.step(case, "return", people, by=people[Role.DISTRICT], items=[item])
    before = Enterprise.objects.values().get(pk=city.enterprise.pk)
    handler.go(part(case, "profile")).press("保存并返回", rd_spend="很多")
    assert handler.status == 422
    form, _button = handler.form("保存并返回")
    assert ("rd_spend", "很多") in form.fields
    handler.press("保存并返回", rd_spend="4680")
    assert handler.told == ["单位情况已保存。"]
    row = Enterprise.objects.values().get(pk=city.enterprise.pk)
    assert {name: value for name, value in row.items() if value != before[name]} == {
        "rd_spend": 46_800_000,
        "confirmed_on": localdate(),
    }


def test_a_correction_that_is_not_complete_says_how_many_are_left(handler, city, people):
    case = make.brought_to("district", city, people)
    items = [ReturnItem(target=t, label=t, code="R01") for t in ("field:project", "field:partner")]
    make.step(case, "return", people, by=people[Role.DISTRICT], items=items)
    answer = handler.client.post(f"/applications/{case.matter.number}/move/to_certify/")
    assert answer.status_code == 422
    assert "退回后还没改的地方：2 处" in answer.content.decode()


def test_an_explanation_too_long_says_so(handler, city, people):
    case = make.brought_to("district", city, people)
    item = ReturnItem(target="field:project", label="x", code="R01")
    make.step(case, "return", people, by=people[Role.DISTRICT], items=[item])
    handler.go(f"/applications/{case.matter.number}/").press("保存理由", answer="长" * 501)
    assert "500" in handler.told[0]


def test_the_certifier_sends_it_back_to_the_handler_with_a_reason(draft, people):
    make.step(draft, "to_certify", people)
    certifier = Visitor(people[Role.CERTIFIER]).go(f"/applications/{draft.matter.number}/")
    certifier.press("退给经办人")
    assert certifier.status == 422
    certifier.press("退给经办人", **{"decline-note": "预算有误"})
    assert certifier.told == ["已办理：退给经办人。"]
    assert case_of().status == "draft"


# --- wrong turns of officials ------------------------------------------------------------------


@pytest.fixture
def filed(city, people):
    return make.brought_to("district", city, people)


@pytest.fixture
def officer(people):
    return Visitor(people[Role.DISTRICT])


def test_two_officers_in_two_windows(filed, officer, people, city):
    url = f"/applications/{filed.matter.number}/"
    make.judge_all(filed, people[Role.DISTRICT])
    first = Visitor(make.user(Role.DISTRICT, district=city.north)).go(url)
    second = Visitor(make.user(Role.DISTRICT, district=city.north)).go(url)
    officer.go(url).press("推荐到市局")
    first.press("推荐到市局")
    assert first.told == ["这一步现在不能办理，可能已由他人办理。请看现在的状态。"]
    second.press("不予推荐", **{"refuse-note": "不符合产业方向"})
    assert (second.status, "您的角色不能办理“不予推荐”" in second.text) == (403, True)
    assert (case_of().status, Event.objects.filter(action="recommend").count()) == ("bureau", 1)


def test_a_verdict_that_comes_too_late_keeps_the_note(filed, officer, people):
    url = f"/applications/{filed.matter.number}/"
    officer.go(f"{url}?c=basic-1")
    make.step(filed, "recommend", people)
    before = Confirmation.objects.count()
    officer.press("不符合", to="/verdict/basic-1/", note="这里写了很久的意见")
    assert officer.status == 422
    assert "不在您手里" in officer.text
    assert "这里写了很久的意见" in officer.text
    assert Confirmation.objects.count() == before


def test_a_verdict_without_a_choice_keeps_the_note(filed, officer):
    url = f"/applications/{filed.matter.number}/verdict/basic-1/"
    answer = officer.client.post(url, {"note": "写了很久的意见"})
    assert answer.status_code == 422
    assert "请选“符合”" in answer.content.decode()
    assert "写了很久的意见" in answer.content.decode()


def test_returning_twice_gives_a_sentence_and_one_return(filed, officer):
    url = f"/applications/{filed.matter.number}/return/"
    officer.go(url)
    one = {"on-field:project": "on", "code-field:project": "R01"}
    form = officer.form("退回补正")[0]
    officer.press("退回补正", **one)
    assert officer.told == ["已退回，列出 1 处，单位已收到通知。"]
    again = officer.client.post(url, dict(form.fields) | one)
    assert again.status_code == 403
    assert "不在您手里" in again.content.decode()
    assert Event.objects.filter(action="return").count() == 1


def test_returning_nothing_says_so(filed, officer):
    officer.go(f"/applications/{filed.matter.number}/return/").press("退回补正", note="总的说明")
    assert officer.status == 422
    assert "请至少勾选一处" in officer.text
    assert "总的说明" in officer.page


@pytest.mark.parametrize("action", ["refuse", "to_district"])
def test_a_step_without_its_reason_is_shown_again(action, city, people):
    case = make.brought_to("bureau", city, people)
    maker = Visitor(people[Role.BUREAU_HANDLER])
    answer = maker.client.post(f"/applications/{case.matter.number}/move/{action}/", {f"{action}-note": " "})
    assert answer.status_code == 422
    assert case_of().status == "bureau"


@pytest.mark.parametrize(
    ("typed", "told"),
    [
        ({"approve-document": "测", "approve-document_on": "昨天"}, "不是日期"),
        ({"approve-document": "", "approve-document_on": "2026-06-01"}, "必填"),
        ({"approve-document": "测", "approve-document_on": "2999-01-01"}, "在今天之后"),
        ({"approve-document": "测", "approve-document_on": "2020-01-01"}, "早于申报建立"),
    ],
    ids=["no date", "no number", "in the future", "before the application"],
)
def test_a_paper_that_cannot_be_is_shown_again_with_what_was_typed(typed, told, city, people):
    case = make.brought_to("sent", city, people)
    maker = Visitor(people[Role.BUREAU_HANDLER]).go(f"/applications/{case.matter.number}/")
    maker.press("登记批复", **typed)
    assert maker.status == 422
    assert told in maker.text
    form, _button = maker.form("登记批复")
    assert dict(form.fields)["approve-document"] == typed["approve-document"]
    assert not Station.objects.exists()


@pytest.mark.parametrize("action", ["nothing", "return", "recommend", "approve"])
def test_a_step_that_is_not_to_be_taken_now_says_so(action, city, people):
    case = make.brought_to("bureau", city, people)
    maker = Visitor(people[Role.BUREAU_HANDLER]).go(f"/applications/{case.matter.number}/move/{action}/")
    assert maker.told == ["这一步现在不能办理，可能已由他人办理。请看现在的状态。"]
    assert maker.url == f"/applications/{case.matter.number}/"


@pytest.mark.parametrize("page", ["0", "99", "-1", "²", "x", "9" * 5000], ids=lambda p: p[:4])
def test_a_page_of_a_paper_that_is_none_shows_another(page, filed, officer):
    evidence = Evidence.objects.get(slot="basic-1.proof")
    officer.client.get(f"/applications/{filed.matter.number}/", {"c": "basic-1", "f": evidence.file_id, "p": page})
    answer = officer.client.get(f"/applications/{filed.matter.number}/", {"p": page, "f": "x", "c": "x"})
    assert answer.status_code == 200
    assert f"/files/{evidence.file_id}/1.png" in answer.content.decode()


def test_the_neighbours_are_those_of_ones_own_to_do_list(city, people, officer):
    numbers = []
    for _n in range(3):
        here, who = make.people_of(city, make.enterprise(city.north), people)
        numbers.append(make.brought_to("district", here, who).matter.number)
    listed = re.findall(r"TE-SZ-2026-\d{4}", officer.go("/work/").page)
    order = list(dict.fromkeys(listed))
    assert sorted(order) == sorted(numbers)
    context = officer.go(f"/applications/{order[1]}/").answer.context
    assert (context["place"], context["of"], context["previous"], context["next"]) == (2, 3, order[0], order[2])
    assert officer.go(f"/applications/{order[0]}/").answer.context["previous"] == ""


# --- odd addresses -----------------------------------------------------------------------------

ODD = ["１", "x" * 200, "TE-SZ-2026-0001 or 1=1", "-1", "9223372036854775808", "☃"]


@pytest.mark.parametrize("number", ODD, ids=lambda n: n[:12])
@pytest.mark.parametrize("path", ["applications/{}/", "stations/{}/", "matters/{}/", "enterprises/{}/", "settings/{}/"])
def test_an_odd_address_is_not_found(path, number, filed, officer):
    assert officer.client.get("/" + path.format(number)).status_code == 404
    assert officer.client.get("/" + path.format(f"{number[:9]}%00")).status_code == 400


@pytest.mark.parametrize("q", ["%", "_", "'", "\\", "☃", "x" * 5000])
@pytest.mark.parametrize("path", ["/search/", "/work/", "/applications/", "/stations/", "/api/v1/applications/"])
def test_an_odd_search_finds_nothing_and_breaks_nothing(path, q, filed, officer):
    assert officer.client.get(path, {"q": q}).status_code == 200
    assert officer.client.get(path, {"q": f"{q[:9]}\0"}).status_code == 400


@pytest.mark.parametrize("page", ["0", "-1", "99", "x", "²", "1e3"])
def test_a_page_number_that_is_none_shows_another(page, filed, officer):
    for path in ("/work/", "/applications/", "/stations/", "/notices/", "/search/?q=TE"):
        url = f"{path}{'&' if '?' in path else '?'}page={page}"
        assert officer.client.get(url).status_code == 200


def test_handing_in_asks_for_the_figures_to_be_computed_again(draft, people):
    before = Job.objects.filter(kind="recompute").count()
    make.step(draft, "to_certify", people)
    assert Job.objects.filter(kind="recompute").count() == before + 1
    assert Invitation.objects.count() == 0


def test_who_signs_reads_what_was_returned_and_is_offered_no_upload(city, people):
    case = make.brought_to("district", city, people)
    item = ReturnItem(target="slot:basic-1.proof", label="证明", code="R03", note="请重传")
    make.step(case, "return", people, by=people[Role.DISTRICT], items=[item])
    pages = [f"/applications/{case.matter.number}/", f"/applications/{case.matter.number}/parts/basic/"]
    for page in pages:
        read, written = (Visitor(people[role]).go(page) for role in (Role.CERTIFIER, Role.HANDLER))
        assert "请重传" in read.text
        assert "/slots/" not in read.page
        assert "/slots/basic-1.proof/" in written.page
