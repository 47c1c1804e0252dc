"""Nothing a page offers is refused: who follows the links of their pages, three steps deep, arrives."""

import re
from html import unescape

import pytest
from django.test import Client

from portal.models import Role
from portal.routes import may_open
from postdocs.models import Person
from tests import make

STEPS = 3
LINK = re.compile(r'<a [^>]*?href="([^"#]+)')
FORM = re.compile(r'<form [^>]*?action="([^"#]+)')
UNKNOWN = re.compile("⟦[^⟧]*⟧")  # a name in a template that stands for nothing: tests/settings.py
NUMBER = re.compile(r"\d+")


def shape(address: str) -> str:
    """The address without its numbers and its query: of many alike, one is followed."""
    return NUMBER.sub("0", address.split("?")[0])


@pytest.mark.parametrize("role", [*Role, None], ids=lambda role: role or "signed out")
def test_every_link_on_a_page_may_be_followed(db, role):
    world = make.world()
    Person.objects.filter(stays=world.stays["A"]).update(user=world.who[Role.POSTDOC])
    client = Client()
    if role:
        client.force_login(world.who[role], "portal.accounts.Backend")
    seen, refused, unknown, begin = {"/"}, {}, set(), {"/": "/"}
    offered: dict[str, str] = {}  # every link and form, also of many alike and those of the last step
    for _step in range(STEPS):
        further = {}
        for address, source in begin.items():
            answer = client.get(address, follow=True)
            if answer.status_code != 200:
                refused[address] = (answer.status_code, "linked from", source)
            elif answer.streaming:
                assert b"".join(answer.streaming_content)
            elif "html" in answer["Content-Type"]:
                unknown |= {(name, address) for name in UNKNOWN.findall(answer.content.decode())}
                links, forms = (map(unescape, kind.findall(answer.content.decode())) for kind in (LINK, FORM))
                ours = [there for there in links if there.startswith("/")]
                offered |= {there.split("?")[0]: address for there in [*ours, *forms] if there.startswith("/")}
                for there in ours:
                    if shape(there) not in seen:
                        seen.add(shape(there))
                        further[there] = address
        begin = further
    assert refused == {}
    closed = {there: address for there, address in offered.items() if role and not may_open(world.who[role], there)}
    assert closed == {}
    assert not unknown, "\n".join(map(" on ".join, sorted(unknown)))
    assert len(seen) > 4
