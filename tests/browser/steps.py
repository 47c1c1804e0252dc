"""Steps that several walks take in the same way."""

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
