"""Pages for what went wrong: the right status, both languages, what to do; a database that rests is a pause."""

import re
import threading

import pytest
from django.db import connection, transaction
from django.test import Client
from django.urls import reverse

from portal.models import Matter, Role
from stations.models import Application
from tests import make


@pytest.fixture
def quiet():
    """A browser that gets the page of a fault; the test's own client would raise it."""
    return Client(raise_request_exception=False)


def headline(response):
    return re.search(r"<h1>(.*?)</h1>", response.content.decode(), re.DOTALL)[1].strip()


def language(response):
    return re.search(r'<html lang="([\w-]+)">', response.content.decode())[1]


def asked(client, how, **values):
    return {
        400: lambda: client.get("/work/?q=%00", **values),
        403: lambda: client.get(reverse("settings"), **values),
        404: lambda: client.get("/nowhere/", **values),
        429: lambda: [Client().post("/login/", {"username": "u", "password": "x"}, **values) for _n in range(5)][-1],
        "a host nobody knows": lambda: client.get("/", headers={"host": "evil.example", **values.get("headers", {})}),
        "no token": lambda: Client(enforce_csrf_checks=True).post("/login/", {}, **values),
    }[how]()


@pytest.mark.parametrize(
    ("how", "status", "chinese", "english"),
    [
        (400, 400, "这次请求没有看懂", "We could not read this request"),
        ("a host nobody knows", 400, "这次请求没有看懂", "We could not read this request"),
        (403, 403, "你没有看这一页的权限", "You may not see this page"),
        ("no token", 403, "这一页开得太久了", "This page was open too long"),
        (404, 404, "没有这一页", "No such page"),
        (429, 429, "试得太多了，请稍等", "Too many tries, please wait"),
    ],
)
def test_a_page_of_an_error_speaks_both_languages(how, status, chinese, english, people, client):
    client.force_login(people[Role.HANDLER])
    in_chinese, in_english = asked(client, how), asked(client, how, headers={"accept-language": "en"})
    assert (in_chinese.status_code, headline(in_chinese), language(in_chinese)) == (status, chinese, "zh-Hans")
    assert (in_english.status_code, headline(in_english)) == (status, english)
    assert in_chinese["X-Request-Id"] in in_chinese.content.decode()


def test_a_page_that_is_not_ones_own_says_which_right_is_missing(people, client):
    client.force_login(people[Role.HANDLER])
    assert "需要的权限：市局经办、市局审核、市局审批。" in client.get("/targets/plan/I/split/").content.decode()


def test_a_step_that_is_not_ones_own_says_why(city, people, client):
    case = make.brought_to("bureau", city, people)
    client.force_login(people[Role.BUREAU_APPROVER])
    response = client.post(reverse("stations:application_move", args=[case.matter.number, "pass"]))
    assert response.status_code == 403
    assert "您的角色不能办理“审核通过”。" in response.content.decode()


def test_what_somebody_typed_into_an_address_is_not_markup(people, client):
    client.force_login(people[Role.HANDLER])
    page = client.get("/search/?q=%3Cscript%3Ealert(1)%3C/script%3E").content.decode()
    assert "<script>alert" not in page


# --- faults ------------------------------------------------------------------------------------


def test_a_fault_says_that_it_was_noted_in_two_languages_and_nothing_of_itself(city, people, quiet):
    """A case without its kind of matter is a fault that no user can make."""
    case = make.draft(city, people[Role.HANDLER])
    Matter.objects.filter(pk=case.matter_id).update(kind="gone")
    quiet.force_login(people[Role.HANDLER])
    response = quiet.get(reverse("work"))
    page = response.content.decode()
    assert (response.status_code, headline(response)) == (500, "系统出错了，错误已经记下")
    assert "Something failed on our side and has been recorded." in page
    assert response["X-Request-Id"] in page
    assert [word for word in ("Traceback", "KeyError", "gone", "SELECT", ".py") if word in page] == []


# --- a database that rests ---------------------------------------------------------------------


@pytest.fixture
def database(monkeypatch):
    """`away()`: from here on the database is a closed port; `back()`: it is there again."""

    class Database:
        def away(self):
            connection.close()
            monkeypatch.setitem(connection.settings_dict, "PORT", "1")

        def back(self):
            monkeypatch.undo()
            connection.close()

    found = Database()
    yield found
    found.back()


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("url", ["/", "/account/", "/login/", "/api/v1/stations/"])
def test_without_the_database_every_page_says_that_it_is_a_pause(url, database, quiet):
    quiet.force_login(make.user())
    database.away()
    response = quiet.get(url)
    assert (response.status_code, headline(response)) == (503, "系统暂时停用")
    assert "The portal is down for a short while." in response.content.decode()
    assert (response["Retry-After"], response["Cache-Control"]) == ("30", "no-store")
    assert (response["X-Frame-Options"], response["X-Content-Type-Options"]) == ("DENY", "nosniff")
    assert response["Content-Security-Policy"].startswith("default-src 'none'; script-src 'self'; ")
    assert response["X-Request-Id"] in response.content.decode()


@pytest.mark.django_db(transaction=True)
def test_with_the_database_back_everything_goes_on(database, quiet):
    quiet.force_login(make.user())
    database.away()
    assert quiet.get("/account/").status_code == 503
    database.back()
    assert quiet.get("/account/").status_code == 200


@pytest.mark.django_db(transaction=True)
def test_who_watches_is_told_that_it_lives_and_can_not_work(database, quiet):
    assert (quiet.get("/healthz").content, quiet.get("/readyz").json()) == (b"ok", {"database": True})
    database.away()
    ready = quiet.get("/readyz")
    assert (quiet.get("/healthz").content, ready.status_code, ready.json()) == (b"ok", 503, {"database": False})


@pytest.mark.django_db(transaction=True)
def test_a_row_that_somebody_else_holds_too_long_is_a_pause(quiet):
    city = make.city()
    people = make.people(city)
    case = make.brought_to("district", city, people)
    quiet.force_login(people[Role.DISTRICT])
    held, let_go = threading.Event(), threading.Event()

    def hold():
        with transaction.atomic():
            Application.objects.select_for_update().get(pk=case.pk)
            held.set()
            let_go.wait(20)
        connection.close()

    thread = threading.Thread(target=hold)
    thread.start()
    assert held.wait(20)
    with connection.cursor() as cursor:
        cursor.execute("SET lock_timeout = '50ms'")
    url = reverse("stations:application_move", args=[case.matter.number, "refuse"])
    response = quiet.post(url, {"note": "不符合", "refuse-note": "不符合"})
    let_go.set()
    thread.join()
    assert (response.status_code, headline(response)) == (503, "系统暂时停用")
    assert Application.objects.get().status == "district"
    assert quiet.post(url, {"note": "不符合", "refuse-note": "不符合"}).status_code == 302
    assert Application.objects.get().status == "refused"
