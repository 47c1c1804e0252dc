"""Reads pages as a browser without JavaScript does: follows links, fills in the forms as they came, presses buttons."""

import html
import re
from dataclasses import dataclass, field
from html.parser import HTMLParser
from urllib.parse import urljoin

from django.test import Client


@dataclass
class Form:
    """What a form would post: (name, value) as the page gave them, and its buttons as (text, name, value)."""

    action: str
    method: str
    fields: list = field(default_factory=list)
    buttons: list = field(default_factory=list)


class Forms(HTMLParser):
    """The forms of a page. Disabled inputs are not posted, nor are boxes without a tick."""

    def __init__(self, page: str):
        super().__init__()
        self.found: list[Form] = []
        self.form = self.name = self.button = None
        self.locked = 0
        self.text = ""
        self.feed(page)

    def handle_starttag(self, tag, attrs):
        attrs = dict(attrs)
        if tag == "fieldset":
            self.locked += "disabled" in attrs
        if tag == "form":
            self.form = Form(attrs.get("action") or "", attrs.get("method", "get"))
            self.found.append(self.form)
        if self.form is None or "disabled" in attrs or self.locked:
            return
        name, kind = attrs.get("name"), attrs.get("type", "text")
        if tag == "input" and name and kind != "file" and ("checked" in attrs or kind not in ("checkbox", "radio")):
            self.form.fields.append((name, attrs.get("value", "on" if kind == "checkbox" else "")))
        elif tag == "select":
            self.name, self.options = name, []
        elif tag == "option" and self.name:
            self.options.append((attrs.get("value", ""), "selected" in attrs))
        elif tag == "textarea":
            self.name, self.text = name, ""
        elif tag == "button" and kind in ("text", "submit"):
            self.button, self.text = (name, attrs.get("value", "")), ""

    def handle_data(self, data):
        self.text += data

    def handle_endtag(self, tag):
        if tag == "fieldset":
            self.locked = 0
        if self.form is None:
            return
        if tag == "form":
            self.form = None
        elif tag == "select" and self.name:
            chosen = [value for value, selected in self.options if selected] or [v for v, _s in self.options[:1]]
            self.form.fields += [(self.name, value) for value in chosen]
            self.name = None
        elif tag == "textarea" and self.name:
            self.form.fields.append((self.name, self.text.removeprefix("\n")))
            self.name = None
        elif tag == "button" and self.button:
            self.form.buttons.append((" ".join(self.text.split()), *self.button))
            self.button = None


class Visitor:
    """One person at one browser. `page` is the last answer; every step gives the visitor back."""

    def __init__(self, user=None):
        self.client = Client()
        if user:
            self.client.force_login(user, "portal.accounts.Backend")

    def go(self, url: str) -> "Visitor":
        return self.keep(self.client.get(url, follow=True), url)

    def keep(self, answer, url: str) -> "Visitor":
        self.answer = answer
        self.url = answer.redirect_chain[-1][0] if answer.redirect_chain else url
        self.page = answer.content.decode()
        return self

    @property
    def status(self) -> int:
        return self.answer.status_code

    @property
    def text(self) -> str:
        """All that is to be read."""
        return " ".join(
            html.unescape(re.sub(r"<(script|style|svg).*?</\1>|<[^>]+>", " ", self.page, flags=re.S)).split()
        )

    @property
    def told(self) -> list[str]:
        """The messages on top of the page."""
        return [str(message) for message in (self.answer.context or {}).get("messages", [])]

    @property
    def forms(self) -> list[Form]:
        return Forms(self.page).found

    def form(self, button: str, to: str = "", **given) -> tuple[Form, tuple]:
        """The form with this button whose address has `to` in it and whose hidden values are these."""
        known = []
        for form in self.forms:
            for text, *pressed in form.buttons:
                known.append(f"{text} → {form.action}")
                if text.startswith(button) and to in form.action and dict(form.fields).items() >= given.items():
                    return form, pressed
        raise AssertionError(f"no button {button!r} to {to!r} here; there are: {known}")

    def press(self, button: str, *, to: str = "", where: dict | None = None, **typed) -> "Visitor":
        """Fill in what is given, leave the rest as the page has it, and send; None empties or unticks a field."""
        form, (name, value) = self.form(button, to, **(where or {}))
        data = {}
        for key, one in form.fields:
            data.setdefault(key, []).append(one)
        data |= {key: value if isinstance(value, list) else [value] for key, value in typed.items()}
        data = {key: values for key, values in data.items() if values != [None]}
        if name:
            data[name] = [value]
        url = urljoin(self.url, form.action)
        send = self.client.post if form.method == "post" else self.client.get
        return self.keep(send(url, data, follow=True), url)
