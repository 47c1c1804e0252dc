"""Steps that several walks take in the same way."""

from contextlib import contextmanager

from tests import make
from tests.processes import wait_for


def saved(page) -> None:
    """The dock says that everything typed is with the server."""
    idle = "[...document.querySelectorAll('form[data-autosave]')].every((f) => !f.saver.busy && !f.saver.dirty.size)"
    wait_for(lambda: page.evaluate(idle))
    page.locator("[data-saved]").get_by_text("已保存").wait_for()


def take(official, label: str, **values) -> None:
    """Press a step, fill what its box asks for, and press again."""
    page = official.page
    page.get_by_role("link", name=label, exact=True).first.click()
    box = page.locator("dialog[open]")
    for name, value in values.items():
        box.locator(f"[name='{name}']").fill(value)
    box.get_by_role("button", name=label, exact=True).click()
    official.sees(f"已办理：{label}")


@contextmanager
def turned(page):
    """What is done inside leads to another page."""
    with page.expect_navigation(wait_until="domcontentloaded"):
        yield


def upload(page) -> None:
    """A paper into each slot of the page that takes one; the slot comes back with the paper in it."""
    sets = page.locator(".slot-set:has(input[type=file])")
    for name in sets.evaluate_all("sets => sets.map((one) => one.id)"):
        box = page.locator(f"[id='{name}']")
        content = {"name": "证明.pdf", "mimeType": "application/pdf", "buffer": make.pdf()}
        box.locator("input[type=file]").set_input_files(content)
        box.locator(".slot-file").wait_for()
