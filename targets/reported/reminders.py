"""Reminders to departments: what of the last quarter isn't reported yet."""

from collections.abc import Iterable
from datetime import date

from django.urls import reverse
from django.utils.translation import gettext_lazy, ngettext

from portal import reminders
from portal.models import Pack
from portal.reminders import Bell
from portal.words import localised
from targets.models import Plan
from targets.reported import departments
from targets.reported.checks import Known
from targets.reported.views import asked_for

SOON = 5  # days before the last day
reminders.KINDS["readings"] = gettext_lazy("部门指标该报了")


def remind(on: date) -> int:
    """Ring once when a quarter is nearly due, and once when it is overdue; a plan that ended long ago stays quiet."""
    bells: list[Bell] = []
    for pack in Pack.objects.select_related("root"):
        for plan in departments.plans_of(pack, on):
            if (on - plan.until).days < 100:
                bells += owed(plan, on)
    return reminders.ring("readings", bells)


def owed(plan: Plan, on: date) -> Iterable[Bell]:
    known = Known(plan)
    for office in departments.departments(plan.pack):
        due = asked_for(known, departments.own(office, known.indicators.values()), on)
        if not due["missing"] or (due["due"] - on).days > SOON:
            continue
        path = f"{reverse('targets:department', args=[office.code])}?plan={plan.code}"
        step = "over" if due["late"] else "soon"
        yield Bell(
            key=f"{plan.pk}:{office.pk}:{due['last']}:{step}",
            people=departments.reporters(office, on),
            text=lambda due=due, plan=plan: said(plan, due),  # type: ignore[misc]
            path=path,
        )


def said(plan: Plan, due: dict) -> str:
    told = {"plan": localised(plan, "name"), "day": due["last"], "due": due["due"], "n": due["missing"]}
    if due["late"]:
        text = ngettext(
            "%(plan)s：%(day)s 一期还有 %(n)s 项指标没报，期限 %(due)s 已过",
            "%(plan)s：%(day)s 一期还有 %(n)s 项指标没报，期限 %(due)s 已过",
            due["missing"],
        )
    else:
        text = ngettext(
            "%(plan)s：%(day)s 一期还有 %(n)s 项指标没报，请在 %(due)s 前报送",
            "%(plan)s：%(day)s 一期还有 %(n)s 项指标没报，请在 %(due)s 前报送",
            due["missing"],
        )
    return text % told
