"""A real Chromium before the portal, a real worker behind it."""

import json
import os

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.conf import settings
from django.test import Client
from django.utils.timezone import localdate
from playwright.sync_api import sync_playwright

from portal import demo, jobs
from portal.models import Pack, User
from tests.processes import portal_process

# Playwright keeps a loop running in this thread; the tests themselves stay synchronous.
os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "1")

PASSWORD = "a-Long-Enough-Word-26"
DESKTOP, PHONE = (1440, 900), (390, 844)
OPTIONS = ["--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage"]


@pytest.fixture(scope="session")
def chromium():
    with sync_playwright() as playwright:
        environment = os.environ | json.loads(os.environ.get("CHROMIUM_ENV", "{}"))
        browser = playwright.chromium.launch(
            executable_path=os.environ["CHROMIUM"],
            args=OPTIONS,
            env={k: v for k, v in environment.items() if isinstance(v, str)},
        )
        yield browser
        browser.close()


@pytest.fixture
def story(kunshan) -> Pack:
    """Kunshan with its demonstration: 96 stations, officials with accounts."""
    demo.tell(kunshan, on=localdate(), seed=1)
    jobs.work_off()
    return kunshan


@pytest.fixture
def worker(transactional_db, tmp_path):
    """A Celery worker on the test's database."""
    program = portal_process("worker", tmp_path)
    program.start()
    yield program
    program.ask_to_stop()
    program.see_it_stop()


class Visitor:
    """Somebody with a browser of their own. Leaving a page that complained, or that axe finds fault with, fails."""

    SERIOUS = ("serious", "critical")

    def __init__(self, browser, site: str, *, size=DESKTOP, language="zh-CN"):
        width, height = size
        self.site, self.width = site, width
        self.context = browser.new_context(
            base_url=site, viewport={"width": width, "height": height}, locale=language, reduced_motion="reduce"
        )
        self.page = self.context.new_page()
        self.page.set_default_timeout(15_000)
        self.complaints: list[str] = []
        self.allowed: set[int] = set()  # statuses that a test provokes: the browser reports them as errors
        self.watch(self.page)

    def watch(self, page) -> None:
        page.on("pageerror", lambda error: self.complaints.append(str(error)))
        page.on("console", self.heard)

    def heard(self, message) -> None:
        provoked = any(f"status of {status}" in message.text for status in self.allowed)
        if message.type in ("error", "warning") and not provoked:
            self.complaints.append(f"{message.type}: {message.text} {message.location.get('url', '')}")

    def sign_in(self, username: str) -> "Visitor":
        self.page.goto("/login/")
        self.page.fill("[name=username]", username)
        self.page.fill("[name=password]", PASSWORD)
        self.page.locator("main .btn-primary").first.click()
        return self

    def go(self, path: str) -> "Visitor":
        self.page.goto(path)
        return self

    def press(self, name: str) -> None:
        self.page.get_by_role("button", name=name, exact=True).first.click()

    def follow(self, name: str) -> None:
        self.page.get_by_role("link", name=name, exact=True).first.click()

    def sees(self, text: str) -> None:
        self.page.get_by_text(text).first.wait_for()

    def look(self) -> None:
        """What every page walked must keep: no complaint, nothing serious for axe, no sideways scrolling; in which room
        one is stands in sight."""
        self.page.wait_for_load_state()
        found = Axe().run(self.page).response["violations"]
        serious = [
            f"{v['id']}: {node['html'][:160]}" for v in found if v["impact"] in self.SERIOUS for node in v["nodes"]
        ]
        wide = self.page.evaluate("document.documentElement.scrollWidth")
        where = self.page.url.removeprefix(self.site)
        room = self.page.locator(".rooms [aria-current]")
        edge = room.evaluate("room => room.getBoundingClientRect().right") if room.count() else 0
        assert not serious, f"{where}\n" + "\n".join(serious)
        assert not self.complaints, f"{where}\n" + "\n".join(self.complaints)
        assert wide <= self.width, f"{where} is {wide} wide on a screen of {self.width}"
        assert edge <= self.width, f"{where}: its room ends at {edge} on a screen of {self.width}"


@pytest.fixture
def visitor(chromium, live_server, request):
    """Makes visitors: `visitor()`, or `visitor("account")` for one who is signed in."""
    opened = []

    def one(username: str = "", **options) -> Visitor:
        somebody = Visitor(chromium, live_server.url, **options)
        opened.append(somebody)
        if username:
            account = User.objects.get(username=username)
            account.set_password(PASSWORD)
            account.save()
            somebody.sign_in(username)
        return somebody

    yield one
    for number, somebody in enumerate(opened):
        if folder := os.environ.get("SCREENSHOTS"):  # where each of them was when the test ended
            somebody.page.screenshot(path=f"{folder}/{request.node.name}-{number}.png", full_page=True)
        somebody.context.close()


@pytest.fixture
def enter(visitor):
    """`enter(user)`: their browser, signed in already."""

    def one(user):
        client = Client()
        client.force_login(user, "portal.accounts.Backend")
        somebody = visitor()
        cookie = client.cookies[settings.SESSION_COOKIE_NAME]
        somebody.context.add_cookies([{"name": cookie.key, "value": cookie.value, "url": somebody.site}])
        return somebody

    return one
