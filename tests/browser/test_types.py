"""Each type of the four cities, the whole way in a browser: what the page asks is filled, every step is pressed where it
stands. (tests/browser/test_path.py looks at the pages themselves, and at what comes back.)"""

import pytest
from django.utils.timezone import localdate

from portal.models import Role
from stations.models import Station, StationKind
from tests import applying, make
from tests.browser.steps import saved, take, turned, upload

pytestmark = pytest.mark.django_db(transaction=True)
# Sent upward to become a branch, recognised by the city, raised from a station of the city. `make soak` walks the others;
# Kunshan's is walked by test_path, with all that can go wrong on the way.
ALWAYS = [("jianghai", "branch"), ("qingdao", "city-base"), ("chongqing", "national")]
WALKED = ("kunshan", "national")
RAISED = {("chongqing", "national"): StationKind.BASE_CITY}  # what the enterprise has when it applies
TYPES = [
    pytest.param(*one, id="-".join(one), marks=pytest.mark.browser if one in ALWAYS else pytest.mark.soak)
    for one in applying.TYPES
    if one != WALKED
]


def fill(page) -> None:
    """Whatever fields the page has."""
    for name, value in applying.PLAN.items():
        if page.locator(f"[type=radio][name={name}]").count():
            page.locator(f"[name={name}][value={value}]").check()
        elif page.locator(f"[name={name}]").count():
            page.fill(f"[name={name}]", value)
    page.keyboard.press("Tab")
    saved(page)


def claim(handler, case: str, group: str) -> None:
    """All conditions of a group, each with its papers."""
    page = handler.go(f"{case}parts/{group}/").page
    boxes = page.locator("[type=radio][name$='-claimed'][value=true]")
    for number in range(boxes.count()):
        boxes.nth(number).check()
    saved(page)
    upload(page)


def file(handler, certifier, case: str) -> None:
    """Signed as the page says: with a stamp on paper, or by the second account."""
    page = handler.go(f"{case}parts/check/").page
    if page.locator("#set-stamp").count():
        upload(page)
        signer = handler.go(f"{case}parts/check/")
    else:
        with turned(page):
            handler.press("送单位审核人")
        signer = certifier.go(case)
    signer.page.check("[name=truthful]")
    with turned(signer.page):
        signer.press("确认并提交")


def judge(officer, case: str, number: int) -> None:
    """With the key for “met”: the next condition opens by itself."""
    page = officer.go(case).page
    for _one in range(number):
        page.locator("#verdict").wait_for()
        with turned(page):
            page.keyboard.press("1")


@pytest.mark.parametrize(("city", "code"), TYPES)
def test_an_application_of_each_type_walks_its_whole_way(city, code, enter):
    kind = applying.load(city, code)
    unit, who = applying.everybody(kind)
    lower = None
    if before := RAISED.get((city, code)):
        lower = make.station(None, who[Role.BUREAU_APPROVER], owner=unit, kind=before)
    handler = enter(who[Role.HANDLER]).go("/applications/new/")
    page = handler.page
    with turned(page):
        page.locator("form", has=page.locator(f"[name=type][value='{kind.pk}']")).get_by_role("button").click()
    case = page.url.removeprefix(handler.site)

    groups = list(kind.conditions.order_by().values_list("group", flat=True))
    for group in dict.fromkeys(groups):
        claim(handler, case, group)
    fill(handler.go(f"{case}parts/plan/").page)
    handler.go(case).sees("都已备齐")
    file(handler, enter(who[Role.CERTIFIER]), case)

    officer = enter(who[Role.DISTRICT])
    judge(officer, case, len(groups))
    take(officer, "推荐到市局")
    maker, approver = enter(who[Role.BUREAU_HANDLER]).go(case), enter(who[Role.BUREAU_APPROVER])
    take(maker, "审核通过")
    paper = {"document": "测〔2026〕28号", "document_on": str(localdate())}
    approver.go(case)
    if kind.route == "recognise":
        take(approver, "认定备案", **{f"recognise-{name}": value for name, value in paper.items()})
    else:
        take(approver, "审核上报")
        maker.go(case)
        for _level in kind.levels[1:]:
            take(maker, "登记转报")
        take(maker, "登记批复", **{f"approve-{name}": value for name, value in paper.items()})

    station = Station.objects.get(enterprise=unit, status="valid")
    assert (station.kind, station.approved_on, station.upgraded_from) == (kind.kind, localdate(), lower)
    handler.go(case).page.locator(f"a[href*='{station.matter.number}']").first.click()
    handler.sees(paper["document"])
    for somebody in (handler, officer, maker, approver):
        assert not somebody.complaints
