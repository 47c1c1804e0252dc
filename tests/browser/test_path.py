"""The whole way in a browser: an enterprise registers, applies, is sent back, is approved, and is counted."""

import pytest
from django.utils.timezone import localdate

from stations.models import Condition, Slot, Station
from tests import make
from tests.browser.conftest import PASSWORD
from tests.browser.steps import saved, take
from tests.processes import wait_for

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

UNIT = "昆山新途精密机械有限公司"
CODE = make.credit_code(4711)
PROFILE = {
    "address": "前进东路 1 号",
    "industry": "C34 通用设备制造业",
    "revenue": "50000",
    "rd_spend": "4860",
    "staff": "320",
    "rd_staff": "64",
    "senior_staff": "5",
    "rd_name": "研发中心",
    "contact": "周一鸣",
    "contact_phone": "13800004711",
}
PLAN = {
    "supervisor": "何清",
    "supervisor_title": "正高级工程师",
    "supervisor_field": "控制科学与工程",
    "recruits": "2",
    "project": "高速主轴热误差补偿",
    "project_budget": "420",
    "innovation": "用在线测温数据修正主轴的热伸长。",
    "partner": "某大学 控制科学与工程流动站",
    "salary_promise": "30",
    "manager": "周一鸣",
    "manager_phone": "13800004711",
}


def register(visitor) -> object:
    """A new enterprise with its first account; the credit code is mistyped first."""
    somebody = visitor()
    page = somebody.go("/").page
    somebody.look()
    somebody.go("/register/").look()
    wrong = CODE[:-1] + ("1" if CODE[-1] != "1" else "2")
    page.fill("[name=code]", wrong)
    page.fill("[name=unit]", UNIT)
    page.select_option("[name=district]", label="昆山开发区")
    page.fill("[name=name]", "周一鸣")
    page.fill("[name=phone]", "138 0000 4711")
    page.fill("[name=password1]", PASSWORD)
    page.fill("[name=password2]", PASSWORD)
    somebody.allowed.add(422)
    somebody.press("注册并登录")
    somebody.sees("校验位不对")
    somebody.look()
    assert page.input_value("[name=unit]") == UNIT
    page.fill("[name=code]", CODE)
    page.fill("[name=password1]", PASSWORD)
    page.fill("[name=password2]", PASSWORD)
    somebody.press("注册并登录")
    page.wait_for_url("**/desk/")
    somebody.look()
    return somebody


def fill(page, values: dict) -> None:
    for name, value in values.items():
        page.fill(f"[name={name}]", value)
        page.locator(f"[name={name}]").blur()


def invite_certifier(handler, visitor):
    """The second account of the enterprise, by a link that works once."""
    page = handler.go("/enterprise/people/").page
    page.check("[name=role][value=certifier]")
    page.fill("[name=name]", "林若溪")
    page.fill("[name=phone]", "13800004712")
    handler.press("建立邀请")
    link = page.locator(".wrap-any").inner_text()
    handler.look()
    second = visitor()
    second.go(link).look()
    second.page.fill("[name=password1]", PASSWORD)
    second.page.fill("[name=password2]", PASSWORD)
    second.press("接受邀请")
    second.page.wait_for_url(lambda url: "/join/" not in url)
    second.look()
    return second


def upload(page, slot: Slot) -> None:
    name = f"{slot.title}.pdf"
    box = page.locator(f"#set-{slot.condition.code}-{slot.code}")
    content = {"name": name, "mimeType": "application/pdf", "buffer": make.pdf(slot.name)}
    box.locator("input[type=file]").set_input_files(content)
    page.locator(f"#set-{slot.condition.code}-{slot.code}").get_by_text(name).first.wait_for()


def answer(handler, case, group: str, wanted=None) -> None:
    """Claim the conditions of a group (all, or the one named), with a document for each slot that must have one."""
    page = handler.go(f"{case}parts/{group}/").page
    for condition in Condition.objects.filter(type__code="national", type__pack__code="kunshan", group=group):
        claimed = wanted in (None, condition.code)
        page.locator(f"[name={condition.code}-claimed][value={'true' if claimed else 'false'}]").check()
        saved(page)
        if claimed:
            for slot in condition.slots.filter(required=True):
                upload(page, slot)
    handler.look()


def certify(certifier, case: str) -> None:
    page = certifier.go(case).page
    certifier.look()
    page.check("[name=truthful]")
    certifier.press("确认并提交")
    certifier.sees("已提交")


def judge(officer, unmet: str = "") -> None:
    """A finding on every condition that has none yet, with the page that opens after each."""
    page = officer.page
    while page.locator("#verdict").count():
        action = page.locator("#verdict").get_attribute("action")
        code = action.split("/")[-2]
        if code == unmet:
            page.fill("#verdict [name=note]", "项目经费与立项文件不一致")
        last = page.locator("#verdict [name=then]").get_attribute("value") == ""
        page.locator(f"#verdict [value={'unmet' if code == unmet else 'met'}]").click()
        page.wait_for_load_state("networkidle")
        if last:
            return


def send_back(officer, case: str) -> None:
    """What was found not met is there already; the papers and figures that go with it are ticked beside it."""
    page = officer.go(f"{case}return/").page
    officer.look()
    assert page.input_value("[name='note-condition:basic-5']") == "项目经费与立项文件不一致"
    for target, code, note in (
        ("condition:basic-5", "R07", "写明经费来源"),
        ("slot:basic-1.licence", "R02", "请上传原件的彩色扫描"),
        ("profile:rd_staff", "R06", "与社保人数核对"),
    ):
        page.locator("details.fold", has=page.locator(f"[name='on-{target}']")).evaluate("fold => (fold.open = true)")
        page.check(f"[name='on-{target}']")
        page.select_option(f"[name='code-{target}']", code)
        page.fill(f"[name='note-{target}']", note)
    officer.press("退回补正")
    officer.sees("列出 3 处")


def mend(handler, case: str) -> None:
    """Write more on one condition, add a better scan, say why the number of researchers is right."""
    page = handler.go(case).page
    handler.sees("改 3 处")
    handler.look()
    assert page.get_by_role("button", name="送单位审核人").is_disabled()
    mine = Slot.objects.filter(condition__type__code="national", condition__type__pack__code="kunshan")
    upload(page, mine.get(condition__code="basic-1", code="licence"))
    page.locator(".mend", has_text="研发人员").locator("summary").click()
    page.locator(".mend", has_text="研发人员").locator("textarea").fill("含外聘 12 人，名单见附件。")
    page.locator(".mend", has_text="研发人员").get_by_role("button", name="保存理由").click()
    page.wait_for_load_state("networkidle")
    page = handler.go(f"{case}parts/plan/").page
    handler.look()
    assert page.locator("[name=project]").is_disabled()
    page = handler.go(f"{case}parts/basic/").page
    assert not page.locator("[name=basic-1-statement]").count()
    fill(page, {"basic-5-statement": "立项文件的 420 万元中 60 万元为政府资助。"})
    saved(page)
    handler.go(case).look()
    handler.press("送单位审核人")
    handler.sees("已办理：送单位审核")


def stations(visitor) -> int:
    """The number of stations in the sentence that heads the dashboard."""
    return int(visitor.page.locator("h1 .clause", has_text="百家工作站").get_by_role("link").first.inner_text())


def test_from_registration_to_the_dashboard(story, visitor, worker):
    handler = register(visitor)
    certifier = invite_certifier(handler, visitor)

    # The profile, then a draft as a task list.
    page = handler.go("/enterprise/").page
    page.select_option("[name=unit_type]", "private")
    page.locator("[name=legal_person][value=true]").check()
    page.select_option("[name=rd_level]", index=1)
    fill(page, PROFILE)
    saved(page)
    handler.look()
    page = handler.go("/applications/new/").page
    handler.look()
    page.get_by_role("button", name="开始填写").first.click()
    page.wait_for_url("**/applications/KS-SZ-*/")
    case = page.url.removeprefix(handler.site)
    handler.look()

    # Six basic conditions, one of the recommended ones, the plan; each saved as it is typed.
    answer(handler, case, "basic")
    answer(handler, case, "recommended", "rec-platform")
    page = handler.go(f"{case}parts/plan/").page
    fill(page, PLAN)
    page.locator("[name=classified][value=false]").check()
    saved(page)
    handler.look()
    page = handler.go(f"{case}parts/check/").page
    handler.look()
    handler.press("送单位审核人")
    handler.sees("已办理：送单位审核")
    handler.look()

    # The second account certifies and submits; then they see who holds it, and until when.
    certify(certifier, case)
    certifier.sees("开发区")
    certifier.look()

    # The district sends three things back.
    officer, stranger = visitor("ks-district"), visitor("ks-district-gxq")
    stranger.allowed.add(404)
    stranger.go("/work/").look()
    assert not stranger.page.get_by_text(UNIT).count()
    assert stranger.page.goto(case).status == 404
    stranger.look()
    page = officer.go("/work/").page
    officer.look()
    page.get_by_text(UNIT).first.click()
    page.wait_for_url(f"**{case}**")
    officer.look()
    judge(officer, unmet="basic-5")
    send_back(officer, case)

    # The enterprise mends two of them and explains the third.
    mend(handler, case)
    certify(certifier, case)

    # The district sees what changed, and recommends.
    officer.go(case).look()
    officer.sees("与上次提交不同的地方")
    officer.sees("60 万元为政府资助")
    assert "basic-5" in page.locator("#verdict").get_attribute("action")
    judge(officer)
    take(officer, "推荐到市局")

    # The bureau: three people, one decision each; then the answer from above.
    first = visitor("ks-bureau-handler")
    first.go(case).look()
    judge(first)
    take(first, "审核通过")
    take(visitor("ks-bureau-approver").go(case), "审核上报")
    second = visitor("ks-bureau-reviewer").go(case)
    for _level in range(2):
        take(second, "登记转报")
    head = visitor("ks-bureau-approver").go("/targets/")
    head.look()
    assert stations(head) == 96
    take(second, "登记批复", **{"approve-document": "博管办〔2026〕28号", "approve-document_on": str(localdate())})
    second.look()
    station = Station.objects.get(enterprise__organisation__code=CODE)
    assert (station.kind, station.level, station.approved_on) == ("national", "national", localdate())

    # A worker counted it; the number opens into the records that make it.
    wait_for(lambda: stations(head.go("/targets/")) == 97)
    head.look()
    page = head.page
    page.locator("h1 .clause", has_text="百家工作站").get_by_role("link").first.click()
    page.wait_for_url("**/targets/bsq/KS-ST/**")
    head.look()
    page.get_by_text(UNIT).first.wait_for()
    handler.go("/desk/").sees("博管办〔2026〕28号")
    handler.look()
