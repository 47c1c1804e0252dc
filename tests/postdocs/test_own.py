"""A postdoc's account: invited once the entry is filed, joined to the record on accepting, reading only their own."""

import re
from datetime import date

import pytest
from django.test import Client
from django.utils.timezone import localdate

from portal.lifecycle import Refused
from portal.models import Appointment, Invitation, Role
from postdocs.models import Person
from postdocs.own import actions
from tests import make
from tests.postdocs import staying
from tests.routes.terms import NEW_PASSWORD

ON = make.ON


def signed_in(user) -> Client:
    client = Client()
    client.force_login(user, "portal.accounts.Backend")
    return client


@pytest.fixture
def stay(city, people):
    return staying.brought_to("here", city, people, values={"planned_until": date(2030, 1, 1)})


def test_who_is_invited_joins_and_reads_their_own_page(city, people, stay):
    handler = signed_in(people[Role.HANDLER])
    page = handler.get(f"/postdocs/{stay.matter.number}/")
    assert f"/postdocs/{stay.matter.number}/invite/" in page.content.decode()
    answer = handler.post(f"/postdocs/{stay.matter.number}/invite/", {"phone": "139 1234 5678"})
    link, browser = answer.context["handed"].link, Client()
    assert browser.post(link, NEW_PASSWORD).status_code == 302
    person = Person.objects.get(pk=stay.person_id)
    assert (person.user.username, person.user.name) == ("13912345678", person.name)
    appointment = Appointment.objects.get(user=person.user)
    assert (appointment.role, appointment.district) == (Role.POSTDOC, city.root)
    home = browser.get("/", follow=True)
    assert home.redirect_chain[-1][0] == "/me/"
    words = home.content.decode()
    assert str(stay.station.enterprise) in words
    assert "0512-00000000" in words
    assert stay.person.papers.get().plain not in words
    assert browser.get(f"/postdocs/{stay.matter.number}/").status_code == 200
    assert browser.get(f"/postdocs/{stay.matter.number}/entry/").status_code == 403
    assert browser.get(f"/people/{person.pk}/career/").status_code == 200
    page = handler.get(f"/postdocs/{stay.matter.number}/")
    assert "/invite/" not in page.content.decode()


@pytest.mark.parametrize("status", ["draft", "filing"])
def test_nobody_is_invited_before_the_entry_is_filed(status, city, people):
    stay = staying.brought_to(status, city, people)
    with pytest.raises(Refused, match="备案进站以后"):
        actions.invite(stay, phone="13912345678", by=people[Role.HANDLER])
    assert signed_in(people[Role.HANDLER]).get(f"/postdocs/{stay.matter.number}/invite/").status_code == 403
    assert not Invitation.objects.exists()


def test_one_record_has_one_account_and_one_account_one_record(city, people, stay):
    links = [actions.invite(stay, phone=f"1391234567{n}", by=people[Role.HANDLER])[1] for n in range(2)]
    for secret in links:
        Client().post(f"/join/{secret}/", NEW_PASSWORD)
    assert Person.objects.get(pk=stay.person_id).user.username == "13912345670"
    assert not Appointment.objects.filter(user__username="13912345671").exists()
    other = staying.brought_to("here", city, people, at=stay.station, values={"planned_until": date(2030, 1, 1)})
    _invitation, secret = actions.invite(other, phone="13912345670", by=people[Role.HANDLER])
    owner = signed_in(Person.objects.get(pk=stay.person_id).user)
    answer = owner.post(f"/join/{secret}/", follow=True)
    assert "已关联另一份人员记录" in answer.content.decode()
    assert Person.objects.get(pk=other.person_id).user is None


def test_an_account_without_a_record_is_told_so(people):
    page = signed_in(people[Role.POSTDOC]).get("/me/")
    assert (page.status_code, "还没有关联" in page.content.decode()) == (200, True)


def test_the_account_is_nobody_elses(city, people, stay):
    """A number of the inviter, of a colleague or of the enterprise is refused with a sentence; the person's own isn't."""
    handler, colleague = people[Role.HANDLER], people[Role.CERTIFIER]
    handler.phone = "13800000001"
    handler.save(update_fields=["phone"])
    colleague.phone = "13800000002"
    colleague.save(update_fields=["phone"])
    page = f"/postdocs/{stay.matter.number}/invite/"
    for phone in ("138 0000 0001", "13800000002"):
        answer = signed_in(handler).post(page, {"phone": phone})
        assert (answer.status_code, "账号归本人所有" in answer.content.decode()) == (422, True)
    assert not Invitation.objects.exists()
    assert signed_in(handler).post(page, {"phone": "13800000003"}).context["handed"].link


def test_where_texts_are_carried_the_link_goes_to_the_person_alone(city, people, stay, settings, telephones):
    """The inviter reads no link; a text that doesn't get through leaves no invitation."""
    page, handler = f"/postdocs/{stay.matter.number}/invite/", signed_in(people[Role.HANDLER])
    told = handler.post(page, {"phone": "13912345678"}).content.decode()
    ((phone, text),) = telephones.took
    link = re.search(r"http://testserver(/join/\S+/)", text)[1]
    assert (phone, "13912345678" in told, link in told) == ("13912345678", True, False)
    assert Client().post(link, NEW_PASSWORD).status_code == 302
    assert Person.objects.get(pk=stay.person_id).user.username == "13912345678"
    Person.objects.update(user=None)
    telephones.broken["13912345679"] = OSError("no answer")
    answer = handler.post(page, {"phone": "13912345679"})
    assert (answer.status_code, "没有邀请" in answer.content.decode()) == (422, True)
    assert not Invitation.objects.filter(phone="13912345679").exists()


def test_a_postdoc_asks_for_a_withdrawal_and_the_unit_confirms(city, people, stay):
    me, number = people[Role.POSTDOC], stay.matter.number
    Person.objects.filter(pk=stay.person_id).update(user=me)
    assert "step-wish_withdrawal" in signed_in(me).get("/me/").content.decode()
    assert "step-wish_withdrawal" not in signed_in(people[Role.HANDLER]).get(f"/postdocs/{number}/").content.decode()
    move = f"/postdocs/{number}/move"
    assert signed_in(me).post(f"{move}/wish_withdrawal/", {}).status_code == 422
    signed_in(me).post(f"{move}/wish_withdrawal/", {"wish_withdrawal-note": "家庭原因"})
    stay.refresh_from_db()
    assert (stay.status, stay.withdrawal_side, stay.withdrawal_ground) == ("wishing", "person", "11")
    assert "退站申请已提出" in signed_in(me).get("/me/").content.decode()
    signed_in(me).post(f"{move}/take_back/", {})
    stay.refresh_from_db()
    assert (stay.status, stay.withdrawal_side) == ("here", "")
    signed_in(me).post(f"{move}/wish_withdrawal/", {"wish_withdrawal-note": "家庭原因"})
    heard = {"confirm_withdrawal-heard_on": str(localdate())}
    assert signed_in(people[Role.HANDLER]).post(f"{move}/confirm_withdrawal/", heard).status_code == 302
    stay.refresh_from_db()
    assert (stay.status, stay.withdrawal_side, stay.matter.__class__.objects.get(pk=stay.matter_id).holder) == (
        *("withdrawing", "person", Role.BUREAU_HANDLER),
    )


def test_nobody_asks_for_the_withdrawal_of_somebody_else(city, people, stay):
    both = make.user(Role.POSTDOC, Role.HANDLER, organisation=city.enterprise.organisation, district=city.root)
    answer = signed_in(both).post(
        f"/postdocs/{stay.matter.number}/move/wish_withdrawal/", {"wish_withdrawal-note": "x"}
    )
    assert answer.status_code == 403
    with pytest.raises(Refused, match="博士后本人"):
        staying.step(stay, "wish_withdrawal", people, by=both)
