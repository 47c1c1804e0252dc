"""The demonstration's casework: a draft that the district fills in, batches for what the story doesn't apply for,
and somebody who waits until the district has made sure of them."""

from datetime import date

from stdnum.cn.uscc import calc_check_digit

from portal.demo import MARK
from portal.models import Role, User
from portal.rules import amend
from stations.applications import actions
from stations.behalf import actions as behalf
from stations.models import Application, ApplicationStatus, ApplicationType, ApplicationWindow, Route, StationKind
from stations.registrations import actions as registrations


def tell(teller) -> None:
    fill_in(teller)
    open_batches(teller)
    somebody_asks(teller)


def fill_in(teller) -> None:
    """The newest draft: its handler asks the office, an officer has begun."""
    rows = Application.objects.filter(type__pack=teller.story.pack, status=ApplicationStatus.DRAFT)
    case = rows.select_related("matter__district", "enterprise__organisation").order_by("-pk").first()
    if case is None:
        return
    people = case.enterprise.organisation.appointments.select_related("user")
    officer = teller.story.officers[case.matter.district.code]
    on = teller.story.on
    behalf.consent(case, by=people.get(role=Role.HANDLER).user, on=on)
    case.project, case.supervisor = "智能装备在线检测关键技术", "周正明"
    case.save(update_fields=["project", "supervisor"])
    actions.mended(case, "field:project", "field:supervisor")
    behalf.typed(case, ["field:project", "field:supervisor"], by=officer)


def open_batches(teller) -> None:
    """Applications upward are taken in two batches a year where the city's story is about a type of its own."""
    year = teller.story.on.year
    rows = ApplicationType.objects.filter(pack=teller.story.pack, kind=StationKind.NATIONAL, route=Route.UPWARD)
    for kind in rows.exclude(pk=teller.type.pk):
        for n, since, until in ((1, date(year, 3, 1), date(year, 5, 1)), (2, date(year, 9, 1), date(year, 10, 16))):
            values = {
                "code": f"{kind.code}-{year}-{n}",
                "type": kind,
                "title": f"{year}年第{'一二'[n - 1]}批（演示）",
                "title_en": f"{year}, batch {n} (demo)",
                "since": since,
                "until": until,
            }
            row = ApplicationWindow(pack=teller.story.pack)
            amend(row, values, key=values["code"], by=teller.maker, reason="演示数据")


def somebody_asks(teller) -> None:
    """The first district entered an enterprise; today somebody registers for it."""
    story = teller.story
    district = min(story.officers.values(), key=lambda user: user.pk).appointments.get().district
    body = f"9199000{story.digits % 10}MA9999001"
    enterprise = behalf.enter(
        code=body + calc_check_digit(body), name=story.unit_name(""), district=district, code_confirmed=False
    )
    enterprise.organisation.demo = True
    enterprise.organisation.save(update_fields=["demo"])
    user = User(
        username=f"{story.pack.prefix.lower()}-newcomer",
        name=story.person_name() + MARK,
        phone=f"{story.digits}9990011",
    )
    user.set_unusable_password()
    registrations.ask(enterprise.organisation, user=user, on=story.on)
