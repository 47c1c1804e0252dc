"""A demonstration: invented people, one account per role, and a story told by every app that has records.

Everything is made by the same actions that people use, on the dates the story gives. It is deterministic, marked
as demo in every name, and never mixed into a pack.
"""

import json
import os
import secrets
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime, time
from pathlib import Path
from random import Random
from typing import Any

import yaml
from django.apps import apps
from django.conf import settings
from django.db import connection, transaction
from django.utils.timezone import make_aware, now

from portal.models import Appointment, District, Notice, Organisation, Pack, Role, User
from portal.models.people import UNIT
from portal.packs import HOME
from portal.workdays import Calendar

CHAPTERS: list[Callable[["Story"], None]] = []
MARK = "（演示）"


def chapter(tell):
    """An app's part of the story; told in the order of the apps."""
    CHAPTERS.append(tell)
    return tell


@dataclass
class Story:
    """What the chapters share. `people` are by role; officers also by district code."""

    pack: Pack
    on: date
    random: Random
    plot: dict[str, Any]
    names: dict[str, Any]
    calendar: Calendar
    digits: int  # what its telephone numbers begin with: 1990, for the next city of the same portal 1991
    people: dict[str, User] = field(default_factory=dict)
    officers: dict[str, User] = field(default_factory=dict)
    used: set[str] = field(default_factory=set)

    def person_name(self) -> str:
        """A name that few of this story have."""
        return self.random.choice(self.names["surnames"].split()) + self.random.choice(self.names["given"].split())

    def unit_name(self, chain: str) -> str:
        """A company of this city and trade; no two share place and stem."""
        names = self.names
        while True:
            trade = self.random.choice(names["trades"].get(chain, names["trades"][""]).split())
            place = self.random.choice(self.plot.get("places", names["places"]).split())
            name = place + self.random.choice(names["stems"].split())
            if name not in self.used:
                self.used.add(name)
                return f"{name}{trade}{MARK}有限公司"

    def back(self, days: int) -> date:
        """The day that lies `days` working days before the story's."""
        on = self.on
        while days > 0:
            on = on.fromordinal(on.toordinal() - 1)
            days -= self.calendar.works(on)
        return on

    def person(self, name: str, role: Role, *, username: str, phone: str = "", **scope) -> User:
        user = User(username=username, name=name, phone=phone)
        user.set_unusable_password()
        user.save()
        since = date(self.on.year - 1, 1, 1)
        Appointment.objects.create(user=user, role=role, since=min(since, self.on), **scope)
        return user


def tell(pack: Pack, *, on: date, seed: int) -> bool:
    """Tell the story once; False when it was told before."""
    if accounts(pack).exists():
        return False
    plot_file = HOME / "demo" / f"{pack.code}.yaml"
    story = Story(
        pack=pack,
        on=on,
        random=Random(seed),
        plot=yaml.safe_load(plot_file.read_text(encoding="utf-8")) if plot_file.exists() else {},
        names=yaml.safe_load((HOME / "demo" / "names.yaml").read_text(encoding="utf-8")),
        calendar=Calendar.load(),
        digits=1990 + Pack.objects.filter(pk__lt=pack.pk).count(),
    )
    with transaction.atomic():
        appoint_officials(story)
        give_phones(story)
        for part in CHAPTERS:
            learn()
            part(story)
        date_notices(story)
    return True


def learn() -> None:
    """Let the database look at what was told so far. By itself it never sees rows that nobody committed, plans
    statements as if the tables were empty, and such a plan may take minutes: a chapter asks for it again before it
    counts over what it told. The tables are named: without names PostgreSQL would hold its own catalogues, which all
    databases of a server share, until the story is told."""
    tables = [connection.ops.quote_name(m._meta.db_table) for m in apps.get_models() if m._meta.managed]
    with connection.cursor() as cursor:
        cursor.execute(f"ANALYZE {', '.join(tables)}")


def appoint_officials(story: Story) -> None:
    """One account per role of an official, and one officer in every district."""
    root, prefix = story.pack.root, story.pack.prefix.lower()
    bureau = Organisation.objects.filter(pack=story.pack, kind=Organisation.Kind.BUREAU).first()
    for number, role in enumerate(r for r in Role if r not in UNIT | {Role.DISTRICT}):
        story.people[role] = story.person(
            story.person_name() + MARK,
            role,
            username=f"{prefix}-{role.value.replace('_', '-')}",
            phone=f"{story.digits}000{number:04d}",
            district=root,
            organisation=bureau,
        )
    for number, district in enumerate(District.objects.below(root).exclude(pk=root.pk)):
        office = Organisation.objects.filter(pack=story.pack, district=district).first()
        officer = story.person(
            story.person_name() + MARK,
            Role.DISTRICT,
            username=f"{prefix}-district" if number == 0 else f"{prefix}-district-{district.code.split('-')[-1]}",
            phone=f"{story.digits}001{number:04d}",
            district=district,
            organisation=office,
        )
        story.officers[district.code] = officer
        story.people.setdefault(Role.DISTRICT, officer)


def give_phones(story: Story) -> None:
    """Numbers that nobody can have, for the offices that the pack names without one; kept as an edit of a page is, so
    that loading the pack again leaves them."""
    kinds = (Organisation.Kind.BUREAU, Organisation.Kind.DISTRICT_OFFICE)
    offices = Organisation.objects.filter(pack=story.pack, kind__in=kinds, phone="").order_by(
        "kind", "district__path_order"
    )
    for number, office in enumerate(offices, 100):
        office.phone, office.edited_at = f"{story.plot.get('area', '000')}-0000 {number:04d}", now()
        office.save(update_fields=["phone", "edited_at"])


def date_notices(story: Story) -> None:
    """What happened long ago was read long ago; only the last days' notices still wait."""
    notices = list(Notice.objects.filter(matter__district__up__ancestor=story.pack.root).select_related("matter"))
    for notice in notices:
        last = notice.matter.held_since
        at = make_aware(datetime.combine(min(last, story.on), time(10, 0)))
        old = story.calendar.between(last, story.on) > 2
        notice.created_at, notice.read_at = at, at if old else None
    Notice.objects.bulk_update(notices, ["created_at", "read_at"], batch_size=500)


# --- accounts ----------------------------------------------------------------------------------


def set_passwords(pack: Pack) -> dict[str, str]:
    """Give the demo accounts their passwords and return them by user name.

    DEMO_PASSWORD sets one for all; else each has its own, kept in a file only its owner can read. Accounts that have
    the password of the file already are left alone: hashing on purpose takes its time.
    """
    kept = Path(settings.VAR) / f"demo-passwords-{pack.code}.json"
    users = list(accounts(pack))
    known = json.loads(kept.read_text()) if kept.exists() else {}
    wanted = os.environ.get("DEMO_PASSWORD", "")
    passwords = {u.username: wanted or known.get(u.username) or secrets.token_urlsafe(9) for u in users}
    for user in users:
        if not user.has_usable_password() or passwords[user.username] != known.get(user.username):
            user.set_password(passwords[user.username])
            user.save(update_fields=["password"])
    if passwords != known:
        kept.parent.mkdir(parents=True, exist_ok=True)
        kept.touch(mode=0o600)
        kept.write_text(json.dumps(passwords, indent=1))
    return passwords


def accounts(pack: Pack):
    """The demo people who may sign in."""
    return User.objects.filter(username__startswith=f"{pack.prefix.lower()}-", name__endswith=MARK).order_by("pk")
