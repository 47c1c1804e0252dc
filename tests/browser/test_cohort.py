"""A cohort of postdocs in a browser, from the entry to the certificate of the first of them: the enterprise enters, the
district checks, the bureau records, the postdoc reads, on a desk and on a phone."""

from datetime import date, timedelta

import pytest
from django.utils.timezone import localdate

from portal import packs
from portal.models import District, Role
from portal.models.people import UNIT
from postdocs.models import Stay
from postdocs.stays.actions import add_months
from tests import make
from tests.browser.conftest import PHONE
from tests.browser.steps import turned, upload
from tests.postdocs import staying

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def who(transactional_db):
    """Kunshan, one enterprise with a station that began long ago, one account per role."""
    pack = packs.load(packs.HOME / "kunshan")
    north = District.objects.filter(parent=pack.root).order_by("path_order").first()
    unit = make.enterprise(north)
    people = {role: make.user(role, organisation=unit.organisation, district=pack.root) for role in (*UNIT, *Role)}
    people[Role.DISTRICT] = make.user(Role.DISTRICT, district=north)
    make.station(None, people[Role.BUREAU_APPROVER], owner=unit, approved_on=date(2020, 1, 2))
    return people


def take(somebody, home: str, label: str, **values) -> None:
    """Press a step of the stay, fill its box, press again."""
    page = somebody.go(home).page
    page.get_by_role("link", name=label, exact=True).first.click()
    box = page.locator("dialog[open]")
    for name, value in values.items():
        box.locator(f"[name$='-{name}']").fill(value)
    with turned(page):
        box.get_by_role("button", name=label, exact=True).click()
    somebody.sees(f"已办理：{label}")


def put(place, values: dict) -> None:
    """A value into each field, as its kind wants it."""
    for name, value in values.items():
        field = place.locator(f"[name='{name}']")
        if field.first.get_attribute("type") == "radio":
            place.locator(f"[name='{name}'][value='{value}']").check()
        elif field.evaluate("one => one.tagName") == "SELECT":
            field.select_option(value)
        else:
            field.fill(value)


def enter_postdoc(handler, name: str, entered: date) -> str:
    """From the paper to the submitted entry; the page of the stay."""
    page = handler.go("/postdocs/new/").page
    handler.look()
    put(page, {"name": name, "kind": "id_card", "number": staying.paper_number(date(1996, 3, 1))})
    with turned(page):
        handler.press("下一步")
    home = page.url.removeprefix(handler.site).removesuffix("entry/")
    degree = entered - timedelta(200)
    person = {"mobile": "13900000000", "degree_school": "测试大学", "discipline": "0812", "has_certificate": "true"}
    person |= {"defended_on": str(degree - timedelta(9)), "degree_on": str(degree)}
    stay = {"recruit_type": "alone", "identity": "graduate", "discipline": "0809", "supervisor_name": "导师"}
    stay |= {
        "topic": "高速主轴热误差补偿",
        "contract_since": str(entered),
        "planned_until": str(add_months(entered, 24)),
    }
    put(page, {f"person-{n}": v for n, v in person.items()} | {f"stay-{n}": v for n, v in stay.items()})
    page.fill("[name='stay-salary']", "24")
    with turned(page):
        handler.press("保存")
    handler.go(f"{home}entry/").look()
    upload(page)
    handler.look()
    take(handler, f"{home}entry/", "提交进站")
    return home


def held(somebody, home: str, kind: str, day: date, **values) -> None:
    page = somebody.go(home).page
    page.locator("[data-dialog=milestone]").click()
    card = page.locator("#milestone")
    put(card, {"kind": kind, "held_on": str(day), "grade": "passed"} | values)
    with turned(page):
        card.get_by_role("button", name="登记", exact=True).click()


def test_a_cohort_of_postdocs_walks_the_whole_cycle(who, enter):
    today = localdate()
    entered = add_months(today, -23)
    handler, officer, bureau = (enter(who[r]) for r in (Role.HANDLER, Role.DISTRICT, Role.BUREAU_HANDLER))
    homes = []
    for number, name in enumerate(("林知远", "赵明哲")):
        home = enter_postdoc(handler, name, entered)
        officer.go(home).look()
        take(officer, home, "核对无误，送全国备案")
        take(bureau, home, "登记进站备案", entered_on=str(entered), committee_number=f"31880{number}")
        homes.append(home)
    leaves, stays = homes

    stay = Stay.objects.get(matter__number=leaves.split("/")[2])
    stay.person.user = who[Role.POSTDOC]
    stay.person.save(update_fields=["user"])
    for kind, months in (("proposal", 2), ("midterm", 13)):
        held(handler, leaves, kind, add_months(entered, months))
    handler.go(leaves).look()
    postdoc = enter(who[Role.POSTDOC])
    postdoc.go("/me/").look()
    postdoc.sees("出站考核")
    postdoc.go(leaves).look()
    postdoc.page.set_viewport_size({"width": PHONE[0], "height": PHONE[1]})
    postdoc.width = PHONE[0]
    postdoc.go("/me/").look()
    postdoc.go(leaves).look()

    take(handler, leaves, "办理出站")
    upload(handler.go(leaves).page)
    held(handler, leaves, "assessment", add_months(entered, 22), panel="5", chaired="false")
    take(handler, leaves, "提交出站")
    officer.go(leaves).look()
    take(officer, leaves, "核对无误，送登记出站")
    take(bureau, leaves, "登记出站", ended_on=str(today), certificate_number="BSH1")
    bureau.sees("提前出站")
    bureau.look()

    officer.go("/postdocs/").look()
    states = dict(Stay.objects.values_list("matter__number", "status"))
    assert states == {leaves.split("/")[2]: "left", stays.split("/")[2]: "here"}
