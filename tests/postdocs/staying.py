"""Builders of people and stays: the smallest true thing, every value can be given."""

from datetime import date
from itertools import count

from stdnum.cn.ric import calc_check_digit

from portal.lifecycle import open_matter
from portal.models import Evidence, Role, User
from postdocs.inside.lifecycle import change_cycle
from postdocs.models import Change, EntryPaper, Grant, Milestone, Person, Stay
from postdocs.stays import actions, lifecycle
from stations.models import Station
from tests import make

ON = make.ON
ENTERED = date(2026, 5, 20)  # when the national office filed the entries of these tests
numbers = count(1)


def paper_number(born: date = date(1996, 3, 1), *, odd: bool = True) -> str:
    """A number of an identity card that nobody else here has; `odd` is a man's."""
    number = next(numbers) * 2 + odd
    body = f"999000{born:%Y%m%d}{number % 1000:03d}"
    return body + calc_check_digit(body + "0")


PERSON = {
    "degree_school": "测试大学",
    "degree_country": "中国",
    "discipline": "0812",
    "defended_on": date(2025, 12, 1),
    "has_certificate": True,
    "degree_on": date(2025, 12, 30),
    "mobile": "13900000000",
}
TOLD = {
    "recruit_type": "alone",
    "identity": "graduate",
    "topic": "缺陷检测",
    "discipline": "0809",
    "supervisor_name": "导师",
    "contract_since": date(2026, 5, 1),
    "planned_until": date(2028, 4, 30),
}
FILED = {"entered_on": ENTERED.isoformat(), "committee_number": "318807"}


def station(place, who, **values) -> Station:
    """A valid station of `place.enterprise`, from the beginning of 2026."""
    given = {"owner": place.enterprise, "approved_on": date(2026, 1, 10)} | values
    return make.station(place, who[Role.BUREAU_APPROVER], **given)


def begun(place, who, *, at: Station | None = None, number: str = "", name: str = "林知远", **person) -> Stay:
    """A draft with only the person's paper."""
    return actions.begin(
        station=at or station(place, who), name=name, kind="id_card", number=number or paper_number(),
        by=who[Role.HANDLER], on=ON, **person,
    )  # fmt: skip


def told(place, who, *, person=None, values=None, **begin) -> Stay:
    """A draft that lacks nothing."""
    stay = begun(place, who, **begin)
    return actions.tell(stay, person=PERSON | (person or {}), values=TOLD | (values or {}), by=who[Role.HANDLER])


STEPS = ("submit", "accept", "file", "leave", "hand_in", "agree", "issue")
REACHED = {"draft": 0, "district": 1, "filing": 2, "here": 3, "exiting": 4, "checking": 5, "issuing": 6, "left": 7}


def brought_to(status: str, place, who, *, on: date = ON, **values) -> Stay:
    """A stay moved along the table by the people whose steps they are."""
    if status == "wishing":
        stay = brought_to("here", place, who, on=on, **values)
        Person.objects.filter(pk=stay.person_id).update(user=who[Role.POSTDOC])
        return step(stay, "wish_withdrawal", who, on=on, by=who[Role.POSTDOC])
    if status == "withdrawing":
        return step(brought_to("here", place, who, on=on, **values), "ask_withdrawal", who, on=on)
    stay = told(place, who, **values)
    for action in STEPS[: REACHED[status]]:
        stay = step(stay, action, who, on=on)
    return stay


DETAILS = {
    "file": FILED,
    "issue": {"ended_on": ON.isoformat(), "certificate_number": "BSH1"},
    "transfer": {"ended_on": ON.isoformat(), "second_station": "二站", "consented_on": ON.isoformat()},
    "ask_withdrawal": {"withdrawal_side": "person", "withdrawal_ground": "11", "heard_on": ON.isoformat()},
    "confirm_withdrawal": {"heard_on": ON.isoformat()},
    "withdraw": {"document": "测〔2026〕3号", "document_on": ON.isoformat()},
}


def step(stay: Stay, action: str, who, *, on: date = ON, by: User | None = None, **details) -> Stay:
    """One step by whoever's it is in these tests."""
    roles = {"accept": Role.DISTRICT, "file": Role.BUREAU_HANDLER, "agree": Role.DISTRICT, "return": Role.DISTRICT}
    roles |= {"transfer": Role.BUREAU_HANDLER}
    roles |= {"issue": Role.BUREAU_HANDLER, "withdraw": Role.BUREAU_HANDLER, "keep": Role.BUREAU_HANDLER}
    given = DETAILS.get(action, {})
    if action == "file":
        given = {**given, "committee_number": f"3188{stay.pk}"}
    return lifecycle.cycle.move(
        stay, action, by=by or who[roles.get(action, Role.HANDLER)], on=on, note="理由", details=given | details
    )


def milestone(stay: Stay, kind: str, held_on: date, by: User, *, grade: str = "passed", on: date | None = None):
    row = Milestone(kind=kind, held_on=held_on, grade=grade)
    return actions.hold(stay, row, by=by, on=on or max(held_on, ON))


def paper(place, code: str, **values) -> EntryPaper:
    given = {"title": f"材料{code}", "clause": place.clause} | values
    return EntryPaper.objects.create(pack=place.pack, code=code, **given)


def entering(place, who, row: Station) -> Stay:
    """A stay that waits for its district, with one document and one milestone beside it."""
    stay = brought_to("district", place, who, at=row)
    by = who[Role.HANDLER]
    EntryPaper.objects.get_or_create(
        pack=place.pack, code="audit-form", defaults={"title": "进站审核表", "clause": place.clause}
    )
    Evidence.objects.create(
        matter=stay.matter, slot="paper.audit-form", file=make.file(stay.matter.organisation, by), added_by=by
    )
    Milestone.objects.create(stay=stay, kind="proposal", held_on=ON, grade="passed", recorded_on=ON)
    Change.objects.create(
        matter=open_matter(
            change_cycle, "asked", series="BG", title="变更", organisation=stay.matter.organisation,
            district=stay.matter.district, by=by, on=ON, filed=True,
        ),
        stay=stay, status="asked", kind="topic", topic="新题目", reason="需要",
    )  # fmt: skip
    Grant.objects.create(stay=stay, programme="city", title="项目", year=2026, recorded_on=ON)
    return stay


def in_status(status: str, place, who) -> Stay:
    """A stay in this status, with what its columns must say there."""
    if status in REACHED or status in ("wishing", "withdrawing"):
        return brought_to(status, place, who)
    if status == "dropped":
        return step(brought_to("district", place, who), "drop", who)
    if status == "withdrawn":
        return step(brought_to("withdrawing", place, who), "withdraw", who)
    stay = brought_to("left", place, who)
    Stay.objects.filter(pk=stay.pk).update(status=status)
    return Stay.objects.get(pk=stay.pk)
