"""Who registers for an enterprise that an office entered sees nothing of it until the office has made sure of them."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse

from portal.lifecycle import Refused
from portal.models import Appointment, Event, Evidence, File, Matter, Notice, Organisation, Role, User
from stations.models import Registration
from stations.registrations import actions as registrations_actions
from stations.registrations import lifecycle as registrations
from tests import make
from tests.reading import Visitor
from tests.test_routes import ROUTES, address_of
from tests.threads import at_once

ON = make.ON
PASSWORD = "eine-lange-Nacht-7"
WHO = {"name": "赵敏", "phone": "13900000077", "password1": PASSWORD, "password2": PASSWORD}
cycle = registrations.registration


def registering(owner) -> dict:
    organisation = owner.organisation
    return WHO | {"code": organisation.code, "unit": organisation.name, "district": organisation.district_id}


def answered(row, action, by, *, note="", **details):
    return cycle.move(row, action, by=by, on=ON, note=note, details=details)


def fetched(client, file) -> int:
    answer = client.get(file.get_absolute_url())
    return answer.status_code if b"".join(answer) else 0


def letter(name="授权函.pdf"):
    return make.upload(name)


# --- the applicant -----------------------------------------------------------------------------


def test_who_registers_waits_for_the_office_and_then_sees_the_enterprise(city, people):
    owner = make.enterprise(city.north, address="机密路一号")
    visitor = Visitor().go("/register/").press("注册并登录", **registering(owner))
    assert visitor.url == "/register/waiting/"
    office = Organisation.objects.get(kind="district_office", district=city.north)
    for said in ("等主管部门核对", owner.organisation.name, office.name, "TE-ZC-", "授权函"):
        assert said in visitor.text
    assert "机密路" not in visitor.page
    assert not Appointment.objects.filter(organisation=owner.organisation).exists()
    row = Registration.objects.get()
    assert list(Notice.objects.filter(matter=row.matter).values_list("user", flat=True)) == [people[Role.DISTRICT].pk]

    officer = Visitor(people[Role.DISTRICT]).go("/work/")
    assert row.matter.number in officer.text
    officer.go(row.get_absolute_url())
    assert "13900000077" in officer.text.replace(" ", "")
    assert officer.press("确认经办人").told == ["已办理：确认经办人。"]
    row.refresh_from_db()
    assert (row.status, row.proof) == ("confirmed", "phone")
    assert Notice.objects.filter(user=row.applicant, matter=row.matter).count() == 1
    assert visitor.go("/").url == "/desk/"
    assert visitor.go("/register/waiting/").url == "/desk/"
    assert "机密路一号" in visitor.go("/enterprise/").page


def test_a_letter_goes_to_the_office_and_a_newer_one_takes_its_place(city, people):
    row = make.registration(city)
    visitor = Visitor(row.applicant).go("/register/waiting/")
    for name in ("授权函.pdf", "授权函2.pdf"):
        visitor.client.post("/register/waiting/", {"file": letter(name)})
    assert "授权函2.pdf" in visitor.go("/register/waiting/").text
    (cited,) = registrations.letters(row)
    assert (cited.file.name, cited.file.organisation.kind) == ("授权函2.pdf", "district_office")
    assert Evidence.objects.filter(matter=row.matter).count() == 2
    officer = Visitor(people[Role.DISTRICT]).go(row.get_absolute_url())
    assert fetched(officer.client, cited.file) == 200
    officer.press("确认经办人")
    assert Registration.objects.get().proof == "letter"
    later = Client()
    later.force_login(row.applicant, "portal.accounts.Backend")
    assert fetched(later, cited.file) == 200  # the enterprise sees what was shown for it


@pytest.mark.parametrize(
    ("upload", "told"),
    [
        (None, "请先选择授权函文件"),
        (SimpleUploadedFile("x.exe", b"MZ"), "不是能收的类型"),
        (SimpleUploadedFile("x.pdf", b""), "文件"),
    ],
    ids=["nothing", "a programme", "an empty file"],
)
def test_a_bad_letter_is_a_sentence(upload, told, city, people):
    row = make.registration(city)
    visitor = Visitor(row.applicant)
    answer = visitor.client.post("/register/waiting/", {"file": upload} if upload else {})
    assert answer.status_code == 422
    assert told in answer.content.decode()
    assert not File.objects.exists()


def test_who_was_refused_reads_why_and_asks_again(city, people):
    row = make.registration(city)
    officer = Visitor(people[Role.DISTRICT]).go(row.get_absolute_url())
    assert officer.press("不予确认", **{"refuse-note": ""}).status == 422
    officer.go(row.get_absolute_url()).press("不予确认", **{"refuse-note": "请补盖章的授权函"})
    (notice,) = Notice.objects.filter(user=row.applicant)
    visitor = Visitor(row.applicant)
    visitor.keep(visitor.client.post(f"/notices/{notice.pk}/", follow=True), "")
    assert visitor.url == "/register/waiting/"
    assert "请补盖章的授权函" in visitor.text
    assert visitor.press("再次申请").told == ["已提交，主管部门核对后会通知您。"]
    assert [r.status for r in Registration.objects.order_by("pk")] == ["refused", "asked"]
    with pytest.raises(Refused, match="还在核对"):
        registrations_actions.ask_again(Registration.objects.latest("pk"), on=ON)


# --- nothing of it is shown --------------------------------------------------------------------


def test_before_the_office_confirms_nothing_of_the_enterprise_is_shown(city, people):
    """Every address of the portal that is read: refused or led away, and nowhere a word that the office typed."""
    owner = make.enterprise(city.north, address="机密路一号", contact="密联系人", rd_name="密研究院")
    paper = make.file(owner.organisation, people[Role.DISTRICT])
    row = make.registration(city, owner=owner)
    client = Client()
    client.force_login(row.applicant, "portal.accounts.Backend")
    named = {
        "stations:enterprise": [owner.organisation.code],
        "matter": [row.matter.number],
        "stations:registration_case": [row.matter.number],
        "file": [paper.pk],
        "file_page": [paper.pk, 1],
    }
    lists = {name for name, route in ROUTES.items() if route.args is None and 200 in route.get.values()}
    shown = {}
    for name in sorted(named | dict.fromkeys(map(address_of, lists))):
        if name in ("logout", "schema"):
            continue
        answer = client.get(reverse(name, args=named.get(name, [])))
        content = b"".join(answer) if answer.streaming else answer.content
        if any(word.encode() in content for word in ("机密路", "密联系人", "密研究院")):
            shown[name] = answer.status_code
        if name in named:
            assert answer.status_code == 403, name
    assert shown == {}
    assert not Matter.objects.visible_to(row.applicant).exists()
    assert not File.objects.visible_to(row.applicant).exists()


@pytest.mark.parametrize("action", ["confirm", "refuse"])
def test_nobody_confirms_themselves(action, city, people):
    row = make.registration(city)
    client = Client()
    client.force_login(row.applicant, "portal.accounts.Backend")
    address = reverse("stations:registration_move", args=[row.matter.number, action])
    assert client.post(address, {f"{action}-proof": "phone", f"{action}-note": "x"}).status_code == 403
    with pytest.raises(Refused):
        answered(row, action, row.applicant, note="x", proof="phone")
    assert Registration.objects.get().status == "asked"


# --- several -----------------------------------------------------------------------------------


def test_of_two_who_ask_one_is_confirmed_and_the_other_is_told_to_be_invited(city, people):
    owner, officer = make.enterprise(city.north), people[Role.DISTRICT]
    first, second = (make.registration(city, owner=owner) for _n in range(2))
    answered(second, "confirm", officer, proof="phone")
    with pytest.raises(Refused, match="已有经办人"):
        answered(first, "confirm", officer, proof="phone")
    visitor = Visitor(officer).go(first.get_absolute_url())
    assert "这家单位已有经办人" in visitor.text
    assert [b[0] for f in visitor.forms for b in f.buttons if "/move/" in f.action] == ["不予确认"]
    third = Visitor().go("/register/").press("注册并登录", **registering(owner))
    assert (third.status, "已经注册" in third.text) == (422, True)
    assert not User.objects.filter(phone=WHO["phone"]).exists()


@pytest.mark.django_db(transaction=True)
def test_two_officers_who_confirm_two_rivals_at_once_make_one_handler():
    city = make.city()
    owner = make.enterprise(city.north)
    rivals = [make.registration(city, owner=owner) for _n in range(2)]
    officers = [make.user(Role.DISTRICT, district=city.north) for _n in range(2)]

    def press(row, by):
        return answered(row, "confirm", by, proof="phone")

    outcomes = at_once(*(lambda r=r, o=o: press(r, o) for r, o in zip(rivals, officers, strict=True)))
    assert sorted(type(o).__name__ for o in outcomes) == ["Refused", "Registration"]
    assert Appointment.objects.filter(organisation=owner.organisation).count() == 1


@pytest.mark.django_db(transaction=True)
def test_who_presses_again_asks_once():
    city = make.city()
    row = make.registration(city)
    answered(row, "refuse", make.user(Role.DISTRICT, district=city.north), note="缺授权函")
    row = Registration.objects.get()
    outcomes = at_once(*(lambda: registrations_actions.ask_again(row, on=ON) for _n in range(2)))
    assert sorted(type(o).__name__ for o in outcomes) == ["IntegrityError", "Registration"]
    assert Registration.objects.filter(status="asked").count() == 1


# --- who holds it, what the database keeps -----------------------------------------------------


def test_where_a_district_has_no_officer_the_bureau_holds_it(city, people):
    row = make.registration(city, owner=make.enterprise(city.east))
    assert row.matter.holder == Role.BUREAU_HANDLER
    assert row.matter in Matter.objects.to_do(people[Role.BUREAU_HANDLER])
    assert registrations.office_of(row).kind == "bureau"


def test_a_letter_that_nobody_handed_in_proves_nothing(city, people):
    row = make.registration(city)
    with pytest.raises(Refused, match="还没有交来授权函"):
        answered(row, "confirm", people[Role.DISTRICT], proof="letter")
    with pytest.raises(Refused, match="怎样核对"):
        answered(row, "confirm", people[Role.DISTRICT], proof="trust")
    with pytest.raises(Refused, match="请填写"):
        answered(row, "confirm", people[Role.DISTRICT])
    assert not Event.objects.filter(action="confirm").exists()
    answered(row, "refuse", people[Role.DISTRICT], note="x")
    with pytest.raises(Refused, match="已有结果"):
        registrations_actions.hand_in(row, letter(), on=ON)


@pytest.mark.parametrize(
    "values", [{"status": "confirmed"}, {"proof": "phone"}, {"status": "refused", "proof": "letter"}]
)
def test_the_database_keeps_the_proof(values, city, people):
    row = make.registration(city)
    with pytest.raises(IntegrityError), transaction.atomic():
        Registration.objects.filter(pk=row.pk).update(**values)


def test_who_never_asked_is_led_to_their_account(city, people):
    assert Visitor(people["nobody"]).go("/").url == "/account/"
