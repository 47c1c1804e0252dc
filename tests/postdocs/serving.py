"""Builders of visits and requests."""

from datetime import date
from itertools import count

from portal.models import Role, Setting, User
from postdocs.models import Service, ServiceRequest, Stay, Visit
from postdocs.services import actions, lifecycle
from postdocs.visits import actions as visits
from tests import make

ON = make.ON
numbers = count(1)
SETTINGS = {"A24": 24, "visits.again": 12, "days.service": 2, "days.service_follow": 5, "services.low": 2}


def rules(place) -> None:
    """What a city lays down about visits and services."""
    Setting.objects.bulk_create(
        Setting(pack=place.pack, code=code, title=code, why="测试", kind="integer", value=value)
        for code, value in SETTINGS.items()
        if not Setting.objects.filter(pack=place.pack, code=code).exists()
    )


def service(place, **values) -> Service:
    number = next(numbers)
    given = {
        "code": f"s{number}", "title": f"服务{number}", "group": "housing", "brings": "公寓", "askers": ["postdoc", "unit"],
        "department": "住建局", "days": 5, "clause": place.clause,
    }  # fmt: skip
    return Service.objects.create(pack=place.pack, **(given | values))


def own(stay: Stay, place) -> User:
    """The account of the person of a stay."""
    if stay.person.user_id is None:
        stay.person.user = make.user(Role.POSTDOC, district=place.root)
        stay.person.save(update_fields=["user"])
    return stay.person.user


def asked(place, stay: Stay, by: User, *, on: date = ON, of: Service | None = None, **values) -> ServiceRequest:
    return actions.ask(of or service(place), stay, content="想住公寓", by=by, on=on, **values)


def visit(stay, by: User, day: date, **values) -> Visit:
    return visits.record([stay], by=by, on=values.pop("on", max(day, ON)), visited_on=day, visitors="张三", **values)[0]


PATH = ("accept", "pass", "answer", "rate", "follow")
REACHED = {"submitted": 0, "accepted": 1, "underway": 2, "answered": 3, "rated": 4, "following": 5}


def details(action: str, place) -> dict:
    office = lifecycle.offices(place.pack).filter(kind="bureau").get().pk
    return {
        "pass": {"owner": office}, "repass": {"owner": office}, "rate": {"score": "5", "comment": "好"},
        "answer": {"outcome": "done", "answer": "可以入住"}, "escalate": {"was_due_on": "2026-06-03"},
    }.get(action, {})  # fmt: skip


def step(row: ServiceRequest, action: str, place, by: User | None, *, on: date = ON, **given) -> ServiceRequest:
    about = details(action, place) | given
    return lifecycle.request.move(row, action, by=by, on=on, note="理由", details=about)


def brought_to(status: str, row: ServiceRequest, place, clerk: User, asker: User) -> ServiceRequest:
    for action in PATH[: REACHED[status]]:
        by = {"rate": asker, "follow": None}.get(action, clerk)
        row = step(row, action, place, by)
    return row


def found_on_a_visit(place, who, row) -> tuple[Visit, ServiceRequest]:
    """A visit to a station, with a file, and a request that waits for its district; the city's services differ in code."""
    rules(place)
    officer = who[Role.DISTRICT]
    seen = visit(row, officer, ON, upload=make.upload())
    flat = Service.objects.filter(pack=place.pack).first() or service(place)
    need = actions.opened(
        flat, "submitted", side="office", visit=seen, content="x", by=officer, on=ON,
        organisation=row.matter.organisation, district=row.matter.district,
    )  # fmt: skip
    return seen, need
