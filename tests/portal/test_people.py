"""Officials of a city: invited with a link, ended with a button, each by the administrator of their own districts."""

import re
from datetime import date

import pytest
from django.test import Client
from django.urls import reverse
from django.utils.timezone import localdate

from portal.models import Appointment, Invitation, Organisation, Role
from tests import make
from tests.reading import Visitor

PASSWORD = "eine-lange-Nacht-7"


@pytest.fixture
def admin(people):
    return people[Role.SYSTEM_ADMIN]


def invited(admin, place, **values) -> Visitor:
    given = {"role": "auditor", "district": str(place.pk), "name": "安娜", "phone": "13500135000"}
    return Visitor(admin).go("/officials/").press("建立邀请", **(given | values))


def end_of(row) -> str:
    return reverse("official_end", args=[row.pk])


def test_an_official_is_invited_and_has_the_role_once_the_link_was_taken(admin, city):
    page = invited(admin, city.north)
    assert page.status == 200
    assert "安娜 审计 north 已邀请，未接受" in page.text
    (link,) = set(re.findall(r"http://testserver(/join/[\w-]+/)", page.page))
    assert not Appointment.objects.filter(user__username="13500135000").exists()

    joined = Client().post(link, {"email": "", "password1": PASSWORD, "password2": PASSWORD})
    assert joined.status_code == 302
    row = Appointment.objects.get(user__username="13500135000")
    office = Organisation.objects.get(district=city.north, kind=Organisation.Kind.DISTRICT_OFFICE)
    assert (row.role, row.district, row.organisation, row.since) == (Role.AUDITOR, city.north, office, localdate())
    assert "安娜" in Visitor(admin).go("/officials/").text


@pytest.mark.parametrize(
    ("typed", "field"),
    [
        ({"role": "handler"}, "role"),
        ({"role": "postdoc"}, "role"),
        ({"name": ""}, "name"),
        ({"phone": "12"}, "phone"),
        ({"district": ""}, "district"),
    ],
    ids=["an enterprise's role", "a postdoc", "no name", "no telephone number", "nowhere"],
)
def test_an_invitation_that_cannot_be_is_shown_again(typed, field, admin, city):
    page = invited(admin, city.north, **typed)
    assert (page.status, list(page.answer.context["form"].errors)) == (422, [field])
    assert not Invitation.objects.exists()


def test_an_administrator_appoints_in_their_own_districts_alone(city, people):
    own = make.user(Role.SYSTEM_ADMIN, district=city.north)
    assert invited(own, city.south).status == 422
    assert invited(own, city.north).status == 200
    listed = Visitor(own).go("/officials/").answer.context["page"]
    assert {row.district for row in listed} == {city.north}
    elsewhere = people["other_district"].appointments.get()
    assert Visitor(own).client.post(end_of(elsewhere)).status_code == 404
    assert Appointment.objects.get(pk=elsewhere.pk).until is None


def test_an_ended_role_is_gone_with_the_next_click(admin, people):
    officer = Visitor(people[Role.DISTRICT]).go("/work/")
    assert officer.status == 200
    row = people[Role.DISTRICT].appointments.get()
    page = Visitor(admin).go("/officials/").press("结束任职", to=end_of(row))
    assert page.told == ["已结束任职，权限立即失效。"]
    assert Appointment.objects.get(pk=row.pk).until == localdate()
    assert officer.go("/work/").status == 403
    assert page.client.post(end_of(row)).status_code == 404  # pressed a second time


def test_a_role_of_today_is_taken_back_whole(admin, city):
    someone = make.user(Role.AUDITOR, district=city.root, since=localdate())
    page = Visitor(admin).go("/officials/").press("结束任职", to=end_of(someone.appointments.get()))
    assert page.told == ["已撤销今天的任职。"]
    assert not someone.appointments.exists()


def test_nobody_ends_their_own_role(admin):
    row = admin.appointments.get()
    page = Visitor(admin).go("/officials/").press("结束任职", to=end_of(row))
    assert page.told == ["不能结束自己的任职，请由另一位系统管理员办理。"]
    assert Appointment.objects.get(pk=row.pk).until is None


def test_only_roles_in_force_are_listed(admin, city):
    for since, until in ((date(2020, 1, 1), localdate()), (date(2099, 1, 1), None)):
        gone = make.user(name="不在任")
        Appointment.objects.create(user=gone, role=Role.AUDITOR, district=city.root, since=since, until=until)
    assert "不在任" not in Visitor(admin).go("/officials/").text
