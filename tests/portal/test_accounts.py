"""Signing in and staying in: by name or telephone, locked for a while, with a code, and nothing typed is lost."""

import re
from datetime import date, timedelta
from html.parser import HTMLParser

import pytest
from axes.models import AccessAttempt, AccessAttemptExpiration
from django.contrib.auth.hashers import check_password
from django.core import mail
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.timezone import localdate, now
from django_otp.oath import TOTP
from django_otp.plugins.otp_static.models import StaticToken
from django_otp.plugins.otp_totp.models import TOTPDevice

from portal.accounts import ContextWordValidator, named
from portal.forms import PhoneField
from portal.models import Appointment, Invitation, Role, User
from portal.views.accounts import InvitationForm, invite
from tests import make

PASSWORD = "eine-lange-Nacht-7"
NEW = "eine-kurze-Nacht-8"
INVALID = "账号或密码不对。连错 5 次会锁定 15 分钟；忘了密码可以重设。"


@pytest.fixture
def official(city):
    """Somebody of the bureau: account "anna", telephone 13800138000."""
    return make.user(
        Role.BUREAU_HANDLER, district=city.root, password=PASSWORD, username="anna", phone="13800138000",
        email="anna@example.com",
    )  # fmt: skip


def sign_in(client, username="anna", password=PASSWORD, *, address="10.0.0.1", **data):
    return client.post(reverse("login"), {"username": username, "password": password, **data}, REMOTE_ADDR=address)


def signed_in(client):
    return client.get(reverse("session")).json()["signed_in"]


def errors(response):
    return [text for texts in response.context["form"].errors.values() for text in texts]


class Forms(HTMLParser):
    """What the forms of a page would send by themselves: {address: {name: [values]}}."""

    def __init__(self, response):
        super().__init__()
        self.forms = {}
        self.feed(response.content.decode())

    def handle_starttag(self, tag, attributes):
        given = dict(attributes)
        if tag == "form":
            self.open = self.forms.setdefault(given.get("action"), {})
        if tag == "input" and given.get("type") == "hidden":
            self.open.setdefault(given["name"], []).append(given.get("value", ""))


def form_of(response, address="/login/"):
    return Forms(response).forms[address]


# --- names and passwords -----------------------------------------------------------------------


@pytest.mark.parametrize("name", ["anna", "13800138000", " anna "])
def test_one_signs_in_by_account_or_by_telephone(name, official, client):
    response = sign_in(client, name)
    assert (response.status_code, response.url, signed_in(client)) == (302, reverse("home"), True)


@pytest.mark.parametrize(
    ("name", "password"),
    [("anna", "wrong"), ("bertha", PASSWORD), ("", PASSWORD), ("anna", ""), ("anna@example.com", PASSWORD)],
    ids=["wrong password", "no such account", "no name", "no password", "by mail address"],
)
def test_whatever_is_wrong_the_answer_is_the_same(name, password, official, client):
    response = sign_in(client, name, password)
    assert (response.status_code, signed_in(client)) == (200, False)
    assert errors(response) == ([INVALID] if name and password else ["该字段是必填项。"])


def test_an_account_that_is_closed_is_like_one_that_never_was(official, client):
    User.objects.filter(pk=official.pk).update(is_active=False)
    assert errors(sign_in(client)) == [INVALID]


def test_a_telephone_number_does_not_take_over_the_account_it_names(official):
    """The account "13900139000" is signed in to by its name, whoever enters that number in a profile."""
    owner = make.user(username="13900139000", phone="")
    User.objects.filter(pk=official.pk).update(phone="13900139000")
    assert (named("13900139000"), named("anna"), named("")) == (owner, official, None)


def test_a_session_is_a_new_one_after_signing_in(official, client):
    client.get(reverse("login"))
    session = client.session
    session["mark"] = 1
    session.save()
    client.cookies["sessionid"] = session.session_key
    sign_in(client)
    assert client.session.session_key != session.session_key


@pytest.mark.parametrize(
    ("password", "refused"),
    [
        ("kunshan2026", True),
        ("博士后12345", True),
        ("Portal-9999", True),
        ("Portal-99999", False),
        ("renshe-ju-2026", False),
        ("eine-lange-Nacht", False),
        ("POSTDOC1", True),
    ],
)
def test_a_password_is_not_the_name_of_this_place_with_some_digits(password, refused):
    try:
        ContextWordValidator().validate(password)
        told = ""
    except Exception as error:
        told = str(error)
    assert bool(told) is refused
    assert ContextWordValidator().get_help_text() == "不要用本平台、本市名称的拼音加几个数字。"


# --- locking -----------------------------------------------------------------------------------


def test_five_failures_from_one_address_lock_it_for_a_quarter_of_an_hour(official, client):
    assert [sign_in(client, password="wrong").status_code for _n in range(5)] == [200, 200, 200, 200, 429]
    response = sign_in(client)
    assert (response.status_code, response["Retry-After"], signed_in(client)) == (429, "900", False)
    assert "15 分钟内不能再试" in response.content.decode()


def test_another_address_is_not_locked(official, client):
    """One clerk who forgot a password doesn't lock the account for its owner at home."""
    for _n in range(6):
        sign_in(client, password="wrong")
    assert sign_in(client, address="10.0.0.2").status_code == 302


def test_another_account_at_the_same_address_is_not_locked(official, client, city):
    make.user(Role.AUDITOR, district=city.root, password=PASSWORD, username="bertha")
    for _n in range(6):
        sign_in(client, password="wrong")
    assert sign_in(client, "bertha").status_code == 302


def test_an_address_somebody_claims_to_have_is_not_believed(official, client):
    for n in range(6):
        data = {"username": "anna", "password": "wrong"}
        client.post(reverse("login"), data, REMOTE_ADDR="10.0.0.1", headers={"X-Forwarded-For": f"10.1.1.{n}"})
    assert sign_in(client).status_code == 429


def test_a_lock_opens_by_itself_and_trying_does_not_prolong_it(official, client):
    for _n in range(5):
        sign_in(client, password="wrong")
    ends = AccessAttemptExpiration.objects.get().expires_at
    assert timedelta(minutes=14) < ends - now() <= timedelta(minutes=15)
    sign_in(client, password="wrong")
    assert AccessAttemptExpiration.objects.get().expires_at == ends
    AccessAttemptExpiration.objects.update(expires_at=now() - timedelta(seconds=1))
    AccessAttempt.objects.update(attempt_time=now() - timedelta(minutes=16))
    assert sign_in(client).status_code == 302


def test_signing_in_forgets_earlier_failures(official, client):
    for _n in range(4):
        sign_in(client, password="wrong")
    sign_in(client)
    client.logout()
    assert [sign_in(client, password="wrong").status_code for _n in range(4)] == [200] * 4
    assert sign_in(client).status_code == 302


def test_what_was_typed_is_not_written_down_with_a_failure(official, client):
    kept = {"kept-name": ["reason"], "kept-value": ["vertraulich"]}
    sign_in(client, password="geheim", next="/settings/A2/", **kept)
    (attempt,) = AccessAttempt.objects.all()
    assert [word for word in ("geheim", "vertraulich") if word in attempt.post_data] == []


# --- where one goes after that -----------------------------------------------------------------

ELSEWHERE = [
    "//evil.example",
    "///evil.example",
    "////evil.example",
    "https://evil.example",
    "http://evil.example",
    "HTTPS://EVIL.EXAMPLE",
    "https:evil.example",
    "https:/evil.example",
    "/\\evil.example",
    "\\\\evil.example",
    "/\\/evil.example",
    "//evil.example@testserver",
    "https://testserver@evil.example",
    "https://testserver.evil.example",
    "https://evil.example/testserver",
    "javascript:alert(1)",
    "JaVaScRiPt:alert(1)",
    "data:text/html,x",
    "vbscript:x",
    "ftp://evil.example",
    "\t//evil.example",
    " //evil.example",
    "\x00//evil.example",
    "//evil.example\r\nX: y",
    "///",
    "http:///evil.example",
]


@pytest.mark.parametrize("target", ELSEWHERE)
def test_signing_in_never_leads_elsewhere(target, official, client):
    response = sign_in(client, next=target)
    assert (response.status_code, response["Location"]) == (302, reverse("home"))
    client.logout()
    response = sign_in(client, next=target, **{"kept-name": ["a"], "kept-value": ["b"]})
    assert {form for form, sent in Forms(response).forms.items() if "a" in sent} == {"/"}


def test_signing_in_leads_to_where_one_wanted(official, client):
    assert sign_in(client, next="/work/?box=done").url == "/work/?box=done"
    assert client.get(reverse("login")).url == reverse("home")


def test_the_second_step_and_the_language_never_lead_elsewhere(official, client):
    device = confirmed(official)
    for target in (t for t in ELSEWHERE if "\0" not in t):
        client.force_login(official)
        ready(device)
        found = client.post(f"{reverse('verify')}?{urlencode({'next': target})}", {"token": code(device)})
        assert (found.status_code, found["Location"]) == (302, reverse("home")), target
        found = client.post(reverse("set_language"), {"language": "en", "next": target})
        assert found["Location"] == "/", target


@pytest.mark.parametrize(("chosen", "kept"), [("en", "en"), ("zh-hans", "zh-hans"), ("fr", "zh-hans"), ("", "zh-hans")])
def test_the_language_of_the_pages_is_that_of_the_notices(chosen, kept, official, client):
    client.force_login(official)
    client.post(reverse("set_language"), {"language": chosen})
    official.refresh_from_db()
    assert official.language == kept


# --- the end of a session ----------------------------------------------------------------------


def aged(client, **seconds):
    session = client.session
    for name, age in seconds.items():
        session[name] = now().timestamp() - age
    session.save()


@pytest.mark.parametrize(
    ("role", "idle", "ended"),
    [
        (Role.BUREAU_HANDLER, 15 * 60 - 5, False),
        (Role.BUREAU_HANDLER, 15 * 60 + 1, True),
        (Role.DISTRICT, 15 * 60 + 1, True),
        (Role.SYSTEM_ADMIN, 15 * 60 + 1, True),
        (Role.HANDLER, 15 * 60 + 1, False),
        (Role.HANDLER, 30 * 60 - 5, False),
        (Role.HANDLER, 30 * 60 + 1, True),
        (Role.POSTDOC, 30 * 60 - 5, False),
        (Role.POSTDOC, 30 * 60 + 1, True),
    ],
)
def test_an_idle_session_ends_sooner_for_officials(role, idle, ended, people, client):
    client.force_login(people[role])
    client.get(reverse("account"))
    aged(client, seen=idle)
    assert client.get(reverse("account")).status_code == (302 if ended else 200)
    assert signed_in(client) is not ended


def test_a_page_that_asks_again_by_itself_is_no_sign_of_life(people, client):
    client.force_login(people[Role.HANDLER])
    client.get(reverse("account"))
    aged(client, seen=20 * 60)
    client.get(reverse("account"), headers={"X-Refresh": "1"})
    assert now().timestamp() - client.session["seen"] > 19 * 60
    client.get(reverse("account"))
    assert now().timestamp() - client.session["seen"] < 60


@pytest.mark.parametrize(("age", "ended"), [(8 * 3600 - 5, False), (8 * 3600 + 1, True)])
def test_a_session_ends_after_eight_hours_however_busy(age, ended, people, client):
    client.force_login(people[Role.HANDLER])
    client.get(reverse("account"))
    aged(client, began=age, seen=30)
    assert client.get(reverse("account")).status_code == (302 if ended else 200)
    assert signed_in(client) is not ended


def test_an_ended_session_does_not_come_back_with_its_cookie(people, client):
    client.force_login(people[Role.HANDLER])
    old = client.cookies["sessionid"].value
    response = client.post(reverse("logout"))
    assert (response.status_code, response.url) == (302, reverse("home"))
    assert response["Clear-Site-Data"] == '"cache", "cookies", "storage"'
    again = Client()
    again.cookies["sessionid"] = old
    assert signed_in(again) is False


def test_signing_out_is_pressed_and_not_visited(people, client):
    client.force_login(people[Role.HANDLER])
    assert client.get(reverse("logout")).status_code == 405
    assert signed_in(client) is True


def test_a_role_that_was_taken_away_is_gone_with_the_next_click(people, client):
    client.force_login(people[Role.HANDLER])
    assert client.get(reverse("work")).status_code == 200
    people[Role.HANDLER].appointments.update(until=localdate())
    assert client.get(reverse("work")).status_code == 403


def test_a_role_that_has_not_begun_is_none_yet(people, client):
    people[Role.HANDLER].appointments.update(since=localdate() + timedelta(1))
    client.force_login(people[Role.HANDLER])
    assert client.get(reverse("work")).status_code == 403


def test_a_closed_account_is_out_with_the_next_click(people, client):
    client.force_login(people[Role.HANDLER])
    User.objects.filter(pk=people[Role.HANDLER].pk).update(is_active=False)
    assert client.get(reverse("work")).status_code == 302
    assert signed_in(client) is False


# --- a form that was sent too late -------------------------------------------------------------


@pytest.fixture
def strict():
    """A browser: what it sends without a token is refused."""
    return Client(enforce_csrf_checks=True)


def token_of(page):
    return re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', page.content.decode())[1]


def test_a_form_sent_after_the_session_ended_is_kept_and_sent_on_with_one_button(people, city, strict):
    author = people[Role.HANDLER]
    User.objects.filter(pk=author.pk).update(username="anna", password=make.user(password=PASSWORD).password)
    strict.post(reverse("login"), {"username": "anna", "password": PASSWORD, "csrfmiddlewaretoken": fresh(strict)})
    page = strict.get(reverse("account"))
    typed = {"name": "安娜 <b>", "phone": "", "email": "a@example.com", "csrfmiddlewaretoken": token_of(page)}
    aged(strict, seen=3600)

    kept = strict.post(reverse("account"), typed)
    assert kept.status_code == 401
    assert "登录后按“继续”就会送出，不用重填" in kept.content.decode()
    sent = form_of(kept)
    assert (sent["kept-name"], sent["kept-value"]) == (["name", "phone", "email"], ["安娜 <b>", "", "a@example.com"])
    assert sent["next"] == ["/account/"]

    wrong = strict.post(reverse("login"), sent | {"username": "anna", "password": "wrong"})
    assert form_of(wrong)["kept-value"] == sent["kept-value"]
    resume = strict.post(reverse("login"), form_of(wrong) | {"username": "anna", "password": PASSWORD})
    assert resume.status_code == 200
    assert User.objects.get(pk=author.pk).name != "安娜 <b>"

    assert strict.post("/account/", form_of(resume, "/account/")).status_code == 302
    assert (User.objects.get(pk=author.pk).name, User.objects.get(pk=author.pk).email) == ("安娜 <b>", "a@example.com")


def fresh(client):
    return client.get(reverse("session")).json()["csrf"]


def test_a_form_with_several_values_of_one_name_keeps_them_all_in_order(client, db):
    kept = client.post("/account/?tab=1", {"tags": ["b", "a"], "password": "geheim", "new_password1": "geheim"})
    sent = form_of(kept)
    assert (sent["kept-name"], sent["kept-value"], sent["next"]) == (["tags", "tags"], ["b", "a"], ["/account/?tab=1"])


def test_files_of_a_form_that_was_sent_too_late_are_named_as_lost(client, db):
    paper = SimpleUploadedFile("证明.pdf", make.pdf(), "application/pdf")
    kept = client.post("/account/", {"name": "安娜", "file": paper})
    assert "文件“证明.pdf”没有保存，登录后请重新选择。" in kept.content.decode()
    assert form_of(kept)["kept-name"] == ["name"]


@pytest.mark.parametrize("method", ["get", "post"])
def test_a_script_is_told_with_a_status_that_nobody_is_signed_in(method, client):
    response = getattr(client, method)("/account/", {"name": "安娜"}, headers={"HX-Request": "true"})
    assert (response.status_code, response.json()) == (401, {"signed_in": False})


def test_a_page_that_waits_gets_a_fresh_token(official, strict):
    assert strict.get(reverse("session")).json()["signed_in"] is False
    strict.post(reverse("login"), {"username": "anna", "password": PASSWORD, "csrfmiddlewaretoken": fresh(strict)})
    told = strict.get(reverse("session")).json()
    assert told["signed_in"] is True
    assert strict.post(reverse("notices_read"), {"csrfmiddlewaretoken": told["csrf"]}).status_code == 302


def test_a_page_without_login_leads_to_the_login_and_back(client):
    response = client.get("/work/?box=done")
    assert (response.status_code, response.url) == (302, "/login/?next=/work/%3Fbox%3Ddone")


# --- forms without a token ---------------------------------------------------------------------


@pytest.mark.parametrize(
    "url", ["/login/", "/logout/", "/language/", "/account/", "/notices/read/", "/password/reset/"]
)
@pytest.mark.parametrize("token", [None, "wrong", "x" * 64], ids=["none", "short", "another"])
def test_a_form_without_its_token_is_refused_and_the_page_says_what_to_do(url, token, people, strict):
    strict.force_login(people[Role.HANDLER])
    strict.get("/account/")
    response = strict.post(url, {"csrfmiddlewaretoken": token} if token else {})
    assert response.status_code == 403
    assert "这一页开得太久了" in response.content.decode()


# --- the account's owner -----------------------------------------------------------------------


def test_a_password_is_changed_and_other_sessions_end(official, client):
    elsewhere = Client()
    for one in (client, elsewhere):
        sign_in(one)
    changed = client.post(
        reverse("password_change"), {"old_password": PASSWORD, "new_password1": NEW, "new_password2": NEW}
    )
    assert (changed.status_code, signed_in(client), signed_in(elsewhere)) == (302, True, False)
    assert sign_in(Client(), password=NEW).status_code == 302


@pytest.mark.parametrize(
    ("data", "told"),
    [
        ({"old_password": "wrong", "new_password1": NEW, "new_password2": NEW}, ["你的旧密码不正确。请重新输入。"]),
        ({"old_password": PASSWORD, "new_password1": NEW, "new_password2": NEW + "9"}, ["输入的两个密码不一致。"]),
        (
            {"old_password": PASSWORD, "new_password1": "kurz-7", "new_password2": "kurz-7"},
            ["密码至少 12 位，越长越好记也越难猜。"],
        ),
        (
            {"old_password": PASSWORD, "new_password1": "202611202026", "new_password2": "202611202026"},
            ["密码只包含数字。"],
        ),
    ],
    ids=["wrong old one", "two different", "too short", "digits only"],
)
def test_a_poor_password_is_refused_with_its_reason(data, told, official, client):
    sign_in(client)
    response = client.post(reverse("password_change"), data)
    assert response.status_code == 200
    assert errors(response) == told
    assert User.objects.get(pk=official.pk).check_password(PASSWORD)


def test_ones_own_name_and_number_are_changed(official, client):
    sign_in(client)
    make.user(phone="13700137000")
    taken = client.post(reverse("account"), {"name": "安娜", "phone": "137 0013 7000", "email": ""})
    assert errors(taken) == ["这个手机号已经注册过，请直接登录，或用“忘记密码”找回。"]
    client.post(reverse("account"), {"name": "安娜", "phone": "136-0013-6000", "email": ""})
    official.refresh_from_db()
    assert (official.name, official.phone, official.email) == ("安娜", "13600136000", "")


# --- a forgotten password ----------------------------------------------------------------------


def reset_link(client, email="anna@example.com"):
    client.post(reverse("password_reset"), {"email": email})
    return re.search(r"https?://\S+", mail.outbox[-1].body)[0] if mail.outbox else None


def set_new(client, link, password=NEW):
    page = client.get(link, follow=True)
    url = page.redirect_chain[-1][0] if page.redirect_chain else link
    return page, client.post(url, {"new_password1": password, "new_password2": password})


def test_a_forgotten_password_is_set_anew_once(official, client):
    elsewhere = Client()
    sign_in(elsewhere)
    link = reset_link(client)
    assert link.startswith("http://testserver/password/reset/")
    _page, done = set_new(client, link)
    assert (done.status_code, done.url) == (302, "/login/")
    assert (signed_in(elsewhere), sign_in(Client(), password=NEW).status_code) == (False, 302)
    again, refused = set_new(Client(), link, PASSWORD)
    assert again.context["validlink"] is False
    assert check_password(NEW, User.objects.get(pk=official.pk).password)
    assert refused.status_code == 200


def test_a_link_to_set_a_password_ends_after_half_an_hour(official, client, settings):
    assert settings.PASSWORD_RESET_TIMEOUT == 1800
    link = reset_link(client)
    settings.PASSWORD_RESET_TIMEOUT = -1
    page, _refused = set_new(client, link)
    assert page.context["validlink"] is False
    assert User.objects.get(pk=official.pk).check_password(PASSWORD)


def test_nobody_learns_whose_addresses_are_known(official, client):
    known = client.post(reverse("password_reset"), {"email": "anna@example.com"})
    unknown = client.post(reverse("password_reset"), {"email": "bertha@example.com"})
    assert (known.status_code, known.url) == (unknown.status_code, unknown.url)
    assert [m.to for m in mail.outbox] == [["anna@example.com"]]


def test_a_closed_account_and_one_without_password_get_no_link(official, client):
    User.objects.filter(pk=official.pk).update(is_active=False)
    make.user(email="bertha@example.com")
    assert (reset_link(client), reset_link(client, "bertha@example.com")) == (None, None)


# --- the one-time code -------------------------------------------------------------------------


def code(device):
    return f"{TOTP(device.bin_key, device.step, device.t0, device.digits, device.drift).token():06d}"


def ready(device):
    """Let the code of this moment count again, and forget failures."""
    TOTPDevice.objects.filter(pk=device.pk).update(
        last_t=-1, throttling_failure_count=0, throttling_failure_timestamp=None
    )


def confirmed(user):
    return TOTPDevice.objects.create(user=user, name="totp", confirmed=True)


def set_up(client, user):
    """A code is set up on the page; gives the recovery codes."""
    client.get(reverse("totp"))
    response = client.post(reverse("totp"), {"token": code(TOTPDevice.objects.get(user=user))})
    return response.context["codes"]


def test_a_code_is_set_up_with_its_first_number(official, client):
    sign_in(client)
    page = client.get(reverse("totp"))
    assert page.context["qr"].startswith("data:image/svg+xml;base64,")
    wrong = client.post(reverse("totp"), {"token": "000000"})
    assert errors(wrong) == ["验证码不对或已过期。请看手机上最新的 6 位数字。"]
    ready(TOTPDevice.objects.get())
    codes = set_up(client, official)
    assert (len(codes), len(set(codes)), TOTPDevice.objects.get().confirmed) == (10, 10, True)
    assert client.get(reverse("account")).status_code == 200
    assert client.get(reverse("totp")).url == reverse("account")


def test_who_has_a_code_must_give_it_before_anything_else(official, client):
    device = confirmed(official)
    sign_in(client)
    asked = client.get("/work/?box=done&q=%E7%94%B2")
    assert asked.url == "/account/verify/?next=%2Fwork%2F%3Fbox%3Ddone%26q%3D%25E7%2594%25B2"
    assert client.get(reverse("account")).status_code == 302
    assert client.get(reverse("totp")).url == reverse("account")
    ready(device)
    given = client.post(asked.url, {"token": code(device)})
    assert (given.status_code, given.url) == (302, "/work/?box=done&q=%E7%94%B2")
    assert client.get(reverse("account")).status_code == 200


def test_a_code_counts_once(official, client):
    device = confirmed(official)
    sign_in(client)
    given = code(device)
    assert client.post(reverse("verify"), {"token": given}).status_code == 302
    client.logout()
    sign_in(client)
    assert errors(client.post(reverse("verify"), {"token": given})) == [
        "验证码不对或已过期。请看手机上最新的 6 位数字。"
    ]


def test_after_a_wrong_code_one_must_wait(official, client):
    """So that a million codes can't be tried."""
    device = confirmed(official)
    sign_in(client)
    client.post(reverse("verify"), {"token": "000000"})
    assert client.post(reverse("verify"), {"token": code(device)}).status_code == 200
    ready(device)
    assert client.post(reverse("verify"), {"token": code(device)}).status_code == 302


def test_a_recovery_code_counts_once(official, client):
    sign_in(client)
    first, *_others = set_up(client, official)
    for expected in (302, 200):
        client.logout()
        sign_in(client)
        assert client.post(reverse("verify"), {"token": first}).status_code == expected
    assert StaticToken.objects.count() == 9


def test_a_code_may_be_typed_with_a_space_or_in_wide_digits(official, client):
    device = confirmed(official)
    sign_in(client)
    given = code(device)
    wide = "".join(chr(ord(c) + 0xFEE0) for c in given)
    assert client.post(reverse("verify"), {"token": f" {wide[:3]} {wide[3:]} "}).status_code == 302


@pytest.mark.parametrize(("role", "asked"), [(Role.BUREAU_HANDLER, True), (Role.HANDLER, False)])
def test_roles_that_need_a_code_must_set_one_up(role, asked, people, client, settings):
    settings.MFA_ROLES = ["bureau_handler", "bureau_approver"]
    client.force_login(people[role])
    response = client.get(reverse("notices"))
    assert response.status_code == (302 if asked else 200)
    if asked:
        assert response.url == "/account/verify/?next=%2Fnotices%2F"
        assert client.get(response.url).url == reverse("totp")
        set_up(client, people[role])
        assert client.get(reverse("notices")).status_code == 200


def test_a_script_is_told_with_a_status_that_a_code_is_due(official, client):
    confirmed(official)
    sign_in(client)
    response = client.get(reverse("work"), headers={"HX-Request": "true"})
    assert (response.status_code, response.json()) == (401, {"signed_in": False})


def test_a_form_sent_before_the_code_waits_and_is_sent_on_after_it(official, client):
    device = confirmed(official)
    sign_in(client)
    paper = SimpleUploadedFile("证明.pdf", make.pdf(), "application/pdf")
    asked = client.post(reverse("account"), {"name": "安娜", "phone": "", "email": "", "password": "x", "file": paper})
    assert asked.url == "/account/verify/?next=%2Faccount%2F"
    resume = client.post(asked.url, {"token": code(device)})
    sent = form_of(resume, "/account/")
    assert {name: value for name, value in sent.items() if name != "csrfmiddlewaretoken"} == {
        "name": ["安娜"],
        "phone": [""],
        "email": [""],
    }
    assert "文件“证明.pdf”没有保存" in resume.content.decode()
    client.post("/account/", sent)
    assert User.objects.get(pk=official.pk).name == "安娜"
    assert "kept" not in client.session


# --- invitations -------------------------------------------------------------------------------


def invited(city, by, *, phone="13500135000", role=Role.CERTIFIER):
    form = InvitationForm({"role": role, "name": "贝塔", "phone": phone})
    assert form.is_valid()
    invitation = form.save(commit=False)
    invitation.organisation = city.enterprise.organisation
    return reverse("join", args=[invite(invitation, by=by)])


NEW_ACCOUNT = {"email": "", "password1": PASSWORD, "password2": PASSWORD}


def test_a_colleague_joins_with_a_password_of_their_own(city, people, client):
    link = invited(city, people[Role.HANDLER])
    assert client.get(link).status_code == 200
    joined = client.post(link, NEW_ACCOUNT)
    assert (joined.url, signed_in(client)) == (reverse("home"), True)
    user = User.objects.get(username="13500135000")
    assert (user.name, user.phone, user.check_password(PASSWORD)) == ("贝塔", "13500135000", True)
    row = Appointment.objects.get(user=user)
    assert (row.role, row.organisation, row.since) == (Role.CERTIFIER, city.enterprise.organisation, localdate())


def test_an_invitation_counts_once(city, people, client):
    link = invited(city, people[Role.HANDLER])
    client.post(link, NEW_ACCOUNT)
    assert (Client().get(link).status_code, Client().post(link, NEW_ACCOUNT).status_code) == (410, 410)
    assert Appointment.objects.filter(role=Role.CERTIFIER, user__username="13500135000").count() == 1


def test_an_invitation_ends_after_seven_days(city, people, client):
    link = invited(city, people[Role.HANDLER])
    assert timedelta(6) < Invitation.objects.get().expires_at - now() <= timedelta(7)
    Invitation.objects.update(expires_at=now() - timedelta(seconds=1))
    assert (client.get(link).status_code, client.post(link, NEW_ACCOUNT).status_code) == (410, 410)
    assert User.objects.filter(username="13500135000").count() == 0


def test_a_poor_password_is_no_way_in(city, people, client):
    link = invited(city, people[Role.HANDLER])
    refused = client.post(link, NEW_ACCOUNT | {"password1": "13500135000", "password2": "13500135000"})
    assert (refused.status_code, signed_in(client)) == (200, False)
    assert client.post(link, NEW_ACCOUNT).status_code == 302


@pytest.mark.parametrize("known_by", ["username", "phone"])
def test_somebody_who_has_an_account_signs_in_and_takes_the_role(known_by, city, people, client):
    known = make.user(password=PASSWORD, **{"username": "bertha", "phone": "13500135000"} | (
        {"username": "13500135000", "phone": ""} if known_by == "username" else {}
    ))  # fmt: skip
    link = invited(city, people[Role.HANDLER])
    assert client.get(link).url == f"/login/?next={link}"
    sign_in(client, known.username)
    assert client.get(link).context["form"] is None
    assert client.post(link).url == reverse("home")
    assert Appointment.objects.get(user=known).role == Role.CERTIFIER


def test_an_invitation_of_somebody_else_is_not_there(city, people, client):
    make.user(username="13500135000")
    link = invited(city, people[Role.HANDLER])
    client.force_login(people["other_unit"])
    assert (client.get(link).status_code, client.post(link).status_code) == (404, 404)
    assert Invitation.objects.get().accepted_by is None


def test_a_link_that_nobody_was_given_is_not_there(client, db):
    assert client.get(reverse("join", args=["guessed"])).status_code == 404


def test_a_role_one_has_already_is_not_given_twice(city, people, client):
    known = make.user(Role.CERTIFIER, organisation=city.enterprise.organisation, username="13500135000")
    client.force_login(known)
    client.post(invited(city, people[Role.HANDLER]))
    assert Appointment.objects.filter(user=known).count() == 1
    assert Appointment.objects.get(user=known).since == date(2020, 1, 1)


def test_an_invitation_keeps_only_a_hash_of_its_link(city, people):
    link = invited(city, people[Role.HANDLER])
    secret = link.split("/")[-2]
    row = Invitation.objects.get()
    assert (len(row.token_hash), secret in row.token_hash, row.phone) == (64, False, PhoneField().clean(row.phone))
