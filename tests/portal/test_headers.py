"""Every answer carries exactly the headers it must, and no page carries script or style of its own."""

from html.parser import HTMLParser

import pytest
from django.core.files.base import ContentFile
from django.test import Client
from django.urls import reverse

from portal.models import Evidence, Job, Matter, Role
from tests import make

PAGE = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; "
    "connect-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'; object-src 'none'"
)
DATA = "default-src 'none'; frame-ancestors 'none'"
FILE = "default-src 'none'; sandbox"
EVERYWHERE = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=(), payment=()",
    "X-Frame-Options": "DENY",
}
OF_ITS_OWN = ("Content-Length", "Content-Disposition", "Location", "Vary", "Allow", "Retry-After", "Last-Modified")
OF_ITS_OWN += ("Content-Language", "Expires", "ETag", "Access-Control-Allow-Origin")


def headers(response):
    """All of them but the number of the request and what differs from answer to answer."""
    found = {name: value for name, value in response.headers.items() if name not in OF_ITS_OWN}
    assert len(found.pop("X-Request-Id")) == 12
    return found


def expected(kind, *, policy=PAGE, cache="no-store", **more):
    return EVERYWHERE | {"Content-Type": kind, "Content-Security-Policy": policy, "Cache-Control": cache} | more


NEVER = "max-age=0, no-cache, no-store, must-revalidate, private"  # Django's own, of pages about passwords
HTML, JSON = "text/html; charset=utf-8", "application/json"


@pytest.mark.parametrize(
    ("url", "status"),
    [
        ("/", 200),
        ("/guide/", 200),
        ("/documents/", 200),
        ("/account/", 302),
        ("/nowhere/", 404),
    ],
)
def test_a_page_that_anybody_may_read(url, status, city, client):
    response = client.get(url)
    assert (response.status_code, headers(response)) == (status, expected(HTML))


def test_the_login_is_asked_for_again_every_time(city, client):
    assert headers(client.get("/login/")) == expected(HTML, cache=NEVER)


@pytest.mark.parametrize(
    ("url", "status"),
    [
        ("/account/", 200),
        ("/work/", 200),
        ("/settings/", 403),
        ("/matters/none/", 404),
        ("/notices/read/", 405),
        ("/", 302),
    ],
)
def test_a_page_behind_the_login(url, status, people, client):
    client.force_login(people[Role.HANDLER])
    response = client.get(url)
    assert (response.status_code, headers(response)) == (status, expected(HTML))


def test_pages_that_are_answered_before_they_are_asked(people, client, settings):
    """By middleware: a wrong host, a form without its token, a session that needs a code, too many tries."""
    settings.MFA_ROLES = ["handler"]
    strict = Client(enforce_csrf_checks=True)
    answers = {
        400: client.get("/work/?q=%00"),
        403: strict.post("/login/", {}),
        401: client.post("/account/", {"name": "x"}),
        429: [client.post("/login/", {"username": "u", "password": "x"}) for _n in range(5)][-1],
    }
    client.force_login(people[Role.HANDLER])
    answers[302] = client.get("/work/")
    for status, response in answers.items():
        wanted = expected(HTML)
        if status == 400:
            del wanted["Cache-Control"]  # nobody has been asked who they are
        assert (response.status_code, headers(response)) == (status, wanted), status


def test_a_fault(city, people):
    case = make.draft(city, people[Role.HANDLER])
    Matter.objects.filter(pk=case.matter_id).update(kind="gone")
    client = Client(raise_request_exception=False)
    client.force_login(people[Role.HANDLER])
    response = client.get("/work/")
    assert (response.status_code, headers(response)) == (500, expected(HTML))


def test_signing_out_clears_what_the_browser_kept(people, client):
    client.force_login(people[Role.HANDLER])
    cleared = {"Clear-Site-Data": '"cache", "cookies", "storage"'}
    assert headers(client.post("/logout/")) == expected(HTML, cache=NEVER) | cleared


@pytest.mark.parametrize(
    ("url", "status"),
    [
        ("/api/v1/stations/", 200),
        ("/api/v1/applications/TE-SZ-2026-0001/", 404),
        ("/api/v1/plans/none/figures/", 404),
        ("/session/", 200),
        ("/readyz", 200),
    ],
)
def test_data_for_programs(url, status, people, client):
    client.force_login(people[Role.BUREAU_HANDLER])
    response = client.get(url)
    assert (response.status_code, headers(response)) == (status, expected(JSON, policy=DATA))


def test_data_for_programs_without_login_are_refused_as_data(city, client):
    response = client.get("/api/v1/stations/")
    assert (response.status_code, response["Content-Type"]) == (403, JSON)
    assert headers(response) == expected(JSON, policy=DATA)


def test_a_page_told_to_a_script_that_nobody_is_signed_in(city, client):
    response = client.get("/work/", headers={"HX-Request": "true"})
    assert (response.status_code, headers(response)) == (401, expected(JSON, policy=DATA))


def test_downloads(city, people, client):
    case = make.brought_to("district", city, people)
    file = Evidence.objects.filter(matter=case.matter).first().file
    client.force_login(people[Role.DISTRICT])
    for url, kind in (
        (file.get_absolute_url(), "application/pdf"),
        (reverse("stations:stations_export"), "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
    ):
        response = client.get(url)
        response.getvalue()
        assert headers(response) == expected(kind, policy=FILE)
        assert response["Content-Disposition"].startswith("attachment; filename")
    drawn = client.get(reverse("file_page", args=[file.pk, 1]))
    assert headers(drawn) == expected("image/png", policy=DATA, cache="private, max-age=3600")


def test_what_a_job_made_is_for_whoever_asked_for_it(people, client):
    who = people[Role.AUDITOR]
    job = Job.objects.create(
        kind="recompute", asked_by=who, content=ContentFile(b"a,b", "x.csv"), content_name="表.csv"
    )
    url = reverse("job_file", args=[job.pk])
    client.force_login(people[Role.BUREAU_HANDLER])
    assert client.get(url).status_code == 404
    client.force_login(who)
    response = client.get(url)
    assert (response.getvalue(), headers(response)) == (b"a,b", expected("application/octet-stream", policy=FILE))
    assert response["Content-Disposition"] == "attachment; filename*=utf-8''%E8%A1%A8.csv"


def test_what_is_static_may_be_kept(client, db):
    response = client.get("/static/app.css")
    response.getvalue()
    found = headers(response)
    assert (response.status_code, found.pop("Cache-Control")) == (200, "max-age=31536000, public")
    open_to_all = {"Content-Type": 'text/css; charset="utf-8"', "Content-Security-Policy": DATA}
    assert found == EVERYWHERE | open_to_all


def test_behind_https_the_browser_is_told_to_stay_there(city, settings):
    settings.SECURE_HSTS_SECONDS, settings.SECURE_HSTS_INCLUDE_SUBDOMAINS = 31536000, True
    settings.SECURE_SSL_REDIRECT = True
    secure, plain = Client().get("/login/", secure=True), Client().get("/login/")
    stay = {"Strict-Transport-Security": "max-age=31536000; includeSubDomains"}
    assert headers(secure) == expected(HTML, cache=NEVER) | stay
    assert (plain.status_code, plain["Location"]) == (301, "https://testserver/login/")
    assert headers(plain) == EVERYWHERE | {"Content-Type": HTML, "Content-Security-Policy": PAGE}
    assert Client().get("/healthz").status_code == 200


@pytest.mark.parametrize(
    ("proxies", "given", "taken"),
    [
        (1, "abc123", True),
        (1, "a" * 40, True),
        (1, "<script>", False),
        (1, "", False),
        (0, "abc123", False),
    ],
    ids=["a proxy's", "a long one", "no number", "none", "no proxy"],
)
def test_the_number_of_a_request_is_a_trusted_proxys_or_our_own(proxies, given, taken, client, settings):
    settings.PROXIES = proxies
    number = client.get("/healthz", headers={"X-Request-Id": given})["X-Request-Id"]
    assert (number == given[:32]) is taken
    assert number.isalnum()


def test_cookies_are_for_the_server_alone(people, client):
    client.post("/language/", {"language": "en"})
    client.force_login(people[Role.HANDLER])
    client.get("/account/")
    found = {c.key: (bool(c["httponly"]), c["samesite"]) for c in client.cookies.values()}
    assert found == {
        "sessionid": (True, "Lax"),
        "csrftoken": (True, "Lax"),
        "django_language": (True, "Lax"),
    }


# --- pages -------------------------------------------------------------------------------------


class Markup(HTMLParser):
    """What the strict policy would refuse on a page, and where its links lead."""

    def __init__(self, text):
        super().__init__()
        self.wrong, self.links, self.inside = [], set(), ""
        self.feed(text)

    def handle_starttag(self, tag, attributes):
        given = dict(attributes)
        data = given.get("type") == "application/json"
        if tag == "style" or (tag == "script" and not data and not given.get("src", "").startswith("/")):
            self.wrong.append(tag)
        for name, value in given.items():
            runs = name.startswith("on") or name.startswith(("hx-on", "data-hx-on")) or name in ("style", "srcdoc")
            if runs or (value or "").strip().lower().startswith(("javascript:", "vbscript:")):
                self.wrong.append(f"{tag} {name}")
            if (value or "").startswith(("http:", "https:", "//")) and name in ("src", "href", "action"):
                self.wrong.append(f"{tag} {name}={value}")
        if tag == "a" and (given.get("href") or "").startswith("/"):
            self.links.add(given["href"].partition("#")[0])


def walked(client, begin):
    """Pages reached by links, of each kind of address the first and what it links to; {address: markup}."""
    waiting, seen, kinds = list(begin), {}, set()
    while waiting:
        url = waiting.pop(0)
        if url in seen:
            continue
        response = client.get(url, follow=True)
        kind = (response.resolver_match.view_name, *sorted(response.wsgi_request.GET))
        is_page = response.headers["Content-Type"].startswith("text/html")
        content = response.getvalue()
        seen[url] = Markup(content.decode() if is_page else "")
        if kind not in kinds:
            kinds.add(kind)
            waiting += sorted(seen[url].links)
    return seen


@pytest.mark.parametrize("who", ["anonymous", Role.HANDLER, Role.DISTRICT, Role.BUREAU_APPROVER, "nobody"])
def test_no_page_carries_script_or_style_of_its_own(who, world, client):
    if who != "anonymous":
        client.force_login(world.who[who])
    case = world.cases["R"].get_absolute_url()
    pages = walked(client, ["/", "/account/", case, "/register/", "/password/reset/"])
    assert {url: page.wrong for url, page in pages.items() if page.wrong} == {}
    assert len(pages) > 4


@pytest.fixture
def world(db):
    return make.world()
