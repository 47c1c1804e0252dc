"""One postdoc from the intended entry to the registered exit, through the pages as a browser without scripts sends them."""

from datetime import date, timedelta

import pytest
from django.utils.timezone import localdate

from portal import packs
from portal.models import District, Role
from portal.models.people import UNIT
from postdocs.models import Extension, Stay
from postdocs.stays.actions import add_months
from tests import make
from tests.postdocs import staying
from tests.reading import Visitor

CITIES = ("kunshan", "chongqing")


@pytest.fixture
def place(db, request):
    """A loaded city with a station that began long ago, and one person per role."""
    pack = packs.load(packs.HOME / request.param)
    north = District.objects.filter(parent=pack.root).order_by("path_order").first()
    unit = make.enterprise(north)
    who = {role: make.user(role, organisation=unit.organisation, district=pack.root) for role in (*UNIT, *Role)}
    who[Role.DISTRICT] = make.user(Role.DISTRICT, district=north)
    station = make.station(
        None, who[Role.BUREAU_APPROVER], owner=unit, approved_on=date(2020, 1, 2)
    )  # fmt: skip
    return station, who


@pytest.mark.parametrize("place", CITIES, indirect=True)
def test_a_postdoc_walks_from_entry_to_exit(place):
    station, who = place
    today = localdate()
    entered = add_months(today, -23)
    handler, officer, bureau = (Visitor(who[r]) for r in (Role.HANDLER, Role.DISTRICT, Role.BUREAU_HANDLER))

    # in
    number = staying.paper_number(date(1996, 3, 1))
    handler.go("/postdocs/new/").press("下一步", station=str(station.pk), name="林知远", kind="id_card", number=number)
    stay = Stay.objects.select_related("matter").get()
    home = f"/postdocs/{stay.matter.number}/"
    degree = entered - timedelta(200)
    person = {"mobile": "13900000000", "degree_school": "测试大学", "discipline": "0812", "has_certificate": "true"}
    person |= {"defended_on": str(degree - timedelta(9)), "degree_on": str(degree), "degree_country": "中国"}
    told = {
        "recruit_type": "alone",
        "identity": "graduate",
        "discipline": "0809",
        "supervisor_name": "导师",
        "topic": "题目",
    }
    told |= {"contract_since": str(entered), "planned_until": str(add_months(entered, 24)), "salary": "24"}
    typed = {f"person-{n}": v for n, v in person.items()} | {f"stay-{n}": v for n, v in told.items()}
    handler.go(f"{home}entry/").press("保存", **typed)
    upload(handler, f"{home}entry/")
    handler.go(f"{home}entry/").press("提交进站")
    officer.go(home).press("核对无误，送全国备案")
    filed = {"file-entered_on": str(entered), "file-committee_number": "318807"}
    bureau.go(home).press("登记进站备案", **filed)
    assert Stay.objects.get().status == "here"

    # in station
    for kind, months in (("proposal", 2), ("midterm", 13)):
        held(handler, home, kind, add_months(entered, months))
    handler.go(f"{home}ask/extension/").press(
        "保存", planned_until=str(add_months(entered, 30)), reason="还有一轮验证", supervisor_agreed_on=str(today),
        unit_agreed_on=str(today), upload=make.upload(),
    )  # fmt: skip
    asked = Extension.objects.get().get_absolute_url()
    handler.go(asked).press("提交")
    officer.go(asked).press("同意延期并备案")
    assert Stay.objects.get().planned_until == add_months(entered, 30)
    assert str(add_months(entered, 24)) in bureau.go(f"{home}inside/").text
    handler.go(f"{home}rows/grants/").press(
        "保存", programme="general", title="面上", year=str(today.year), result="won", result_on=str(today), amount="8"
    )

    # out
    handler.go(home).press("办理出站")
    upload(handler, home)
    handler.go(home).press("提交出站", **{"hand_in-justification": "理由"})
    assert "还没结题的博士后科学基金" in handler.text
    grant = Stay.objects.get().grants.get()
    handler.go(f"{home}rows/grants/{grant.pk}/").press("保存", closed_on=str(today))
    held(handler, home, "assessment", add_months(entered, 22), panel="5", chaired="false")
    handler.go(home).press("提交出站")
    assert Stay.objects.get().status == "checking"
    officer.go(home).press("核对无误，送登记出站")
    bureau.go(home).press("登记出站", **{"issue-ended_on": str(today), "issue-certificate_number": "BSH1"})
    stay = Stay.objects.get()
    assert (stay.status, stay.ended_on) == ("left", today)
    assert "提前出站" in bureau.go(home).text


def held(visitor, home, kind, day, **values):
    visitor.go(home).press("登记", to="/milestones/", kind=kind, held_on=str(day), grade="passed", **values)


def upload(visitor, url):
    """A file into every slot that the page offers."""
    wanted = {f.action for f in visitor.go(url).forms if "/slots/" in f.action}
    assert wanted
    for action in sorted(wanted):
        visitor.go(url).press("上传", to=action, file=make.upload())
