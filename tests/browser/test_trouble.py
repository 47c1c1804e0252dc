"""What goes wrong in front of a browser: nothing typed is lost, and the page says what to do."""

import pytest
from django.contrib.sessions.models import Session

from portal.models import Event, Evidence, Role
from stations.models import Application
from tests import make
from tests.browser.conftest import PASSWORD
from tests.processes import wait_for

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def case(city, people) -> Application:
    return make.filled(city, people[Role.HANDLER])


def plan_of(case: Application) -> str:
    return f"{case.get_absolute_url()}parts/plan/"


def kept(case: Application, name: str):
    """What the row says now."""
    return Application.objects.values_list(name, flat=True).get(pk=case.pk)


def type_in(page, name: str, text: str) -> None:
    page.fill(f"[name={name}]", text)
    page.locator(f"[name={name}]").blur()


def sign_in(page, user) -> None:
    page.fill("[name=username]", user.username)
    page.fill("[name=password]", PASSWORD)
    page.get_by_role("button", name="登录").click()


def test_session_ends_while_a_draft_is_typed(case, people, visitor):
    handler = visitor(people[Role.HANDLER].username)
    page = handler.go(plan_of(case)).page
    handler.allowed.add(401)
    Session.objects.all().delete()
    type_in(page, "project", "过期时写的项目")
    box = page.locator("dialog[open]")
    box.wait_for()
    handler.look()
    second = handler.context.new_page()
    second.goto("/login/")
    sign_in(second, people[Role.HANDLER])
    second.wait_for_url("**/desk/")
    box.get_by_role("button", name="继续").click()
    wait_for(lambda: kept(case, "project") == "过期时写的项目")
    handler.look()


def test_session_ends_in_a_half_filled_form(city, people, visitor):
    case = make.brought_to("district", city, people)
    officer = visitor(people[Role.DISTRICT].username)
    page = officer.go(f"{case.get_absolute_url()}return/").page
    page.locator("details.fold").first.evaluate("fold => (fold.open = true)")
    page.check("[name='on-slot:basic-1.proof']", force=True)
    page.select_option("[name='code-slot:basic-1.proof']", "R02")
    page.fill("[name='note-slot:basic-1.proof']", "请重传")
    Session.objects.all().delete()
    officer.allowed.add(401)
    page.locator("form[data-guard]").get_by_role("button", name="退回补正").click()
    officer.sees("您填写的内容还在")
    officer.look()
    sign_in(page, people[Role.DISTRICT])
    officer.sees("继续送出")
    officer.look()
    officer.press("继续")
    officer.sees("列出 1 处")
    assert case.matter.events.get(action="return").items.get().note == "请重传"


def test_two_windows_on_one_draft(case, people, visitor):
    first = visitor(people[Role.HANDLER].username)
    first.go(plan_of(case))
    second = first.context.new_page()
    first.watch(second)
    second.goto(plan_of(case))
    type_in(second, "project", "第二个窗口写的")
    wait_for(lambda: kept(case, "project") == "第二个窗口写的")
    page = first.page
    type_in(page, "project", "第一个窗口写的")
    page.locator(".clash").wait_for()
    first.look()
    assert "第二个窗口写的" in page.locator(".clash").inner_text()
    assert kept(case, "project") == "第二个窗口写的"
    type_in(page, "manager", "别的一项")
    wait_for(lambda: kept(case, "manager") == "别的一项")
    page.locator(".clash").get_by_role("button", name="用我写的").click()
    wait_for(lambda: kept(case, "project") == "第一个窗口写的")


def test_the_network_fails_and_comes_back(case, people, visitor):
    handler = visitor(people[Role.HANDLER].username)
    page = handler.go(plan_of(case)).page
    handler.context.set_offline(True)
    type_in(page, "project", "断网时写的")
    page.locator("[data-saved].is-wrong").wait_for()
    assert page.input_value("[name=project]") == "断网时写的"
    handler.complaints.clear()  # the browser's own, of being offline
    handler.context.set_offline(False)
    wait_for(lambda: kept(case, "project") == "断网时写的")
    handler.look()


def test_back_button_and_a_second_press(case, people, visitor):
    handler = visitor(people[Role.HANDLER].username)
    page = handler.go(f"{case.get_absolute_url()}parts/check/").page
    handler.press("送单位审核人")
    handler.sees("已办理：送单位审核")
    page.go_back()
    if page.get_by_role("button", name="送单位审核人").count():
        handler.press("送单位审核人")
        handler.sees("现在不能办理")
    handler.look()
    assert Event.objects.filter(matter=case.matter, action="to_certify").count() == 1


@pytest.mark.parametrize(
    ("name", "content", "sentence"),
    [
        ("程序.pdf", b"MZ\x90\x00" + b"\0" * 400, "PDF"),
        ("空的.pdf", b"", "空"),
        ("太大.pdf", b"%PDF-1.4\n" + b"0" * 10 * 1024 * 1024, "10"),
    ],
)
def test_a_file_that_cannot_be_taken_says_why(case, people, visitor, name, content, sentence):
    handler = visitor(people[Role.HANDLER].username)
    handler.allowed |= {413, 422}
    page = handler.go(f"{case.get_absolute_url()}parts/basic/").page
    before = Evidence.objects.filter(matter=case.matter).count()
    box = page.locator("#set-basic-1-proof")
    box.locator("input[type=file]").set_input_files({"name": name, "mimeType": "application/pdf", "buffer": content})
    wait_for(lambda: sentence in box.inner_text() and box.locator(".is-wrong, .slot-wrong, .fld-error").count())
    assert Evidence.objects.filter(matter=case.matter).count() == before
    handler.look()
