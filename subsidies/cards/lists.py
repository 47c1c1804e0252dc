"""Who is entitled and hasn't claimed, what is missing, and the calendar of what opens and lapses."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from django.contrib import messages
from django.db.models import Model, QuerySet, Sum
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from portal.exports import Book, exported
from portal.models import Role
from portal.models.people import BUREAU
from portal.paging import Paginator
from portal.words import localised
from postdocs.insurance.rows import first_of, months_before
from stations.models import Station
from subsidies.cards import due
from subsidies.cards.filters import EntitlementFilter
from subsidies.claims import actions
from subsidies.claims.handlers import with_schemes
from subsidies.entitlements.models import Entitlement
from subsidies.schemes.explain import State, explain_all
from subsidies.subjects import district_of, organisation_of, person_of

PAGE, MONTHS = 50, 12
PARTS = {"due": due.due, "missing": due.open_questions}
DECIDE = BUREAU | {Role.DISTRICT}


@dataclass(frozen=True)
class Shown:
    """One entitlement as the lists show it. `missing`: what isn't known and whom to ask; `judged`: what an officer decides."""

    row: Any  # an entitlement with `left`, and in the calendar with `day` and `kind`
    who: str
    unit: str
    district: object
    url: str
    amount: Decimal | None
    missing: tuple[str, ...] = ()
    judged: tuple[str, ...] = ()

    @property
    def last_day(self) -> date | None:
        return self.row.lapses_on - timedelta(1) if self.row.lapses_on else None


def card_url(subject: Model) -> str:
    if isinstance(subject, Station):
        return reverse("subsidies:station_card", args=[subject.matter.number])
    person = person_of(subject)
    return reverse("subsidies:person_card", args=[person.pk]) if person else ""


def shown(rows: Iterable[Entitlement], on: date, *, why: bool) -> list[Shown]:
    """Rows with whom they are for; with `why`, what is missing, explained for all of them together."""
    rows = list(rows)
    subjects = {row.subject for row in rows}
    told = explain_all(subjects, on=on) if why else {}
    found = []
    for row in rows:
        subject = row.subject
        reasons = [r for e in told.get(subject, ()) if e.version.pk == row.version_id for r in e.reasons]
        needs = [r for r in reasons if r.purpose == "need"]
        found.append(
            Shown(
                row, str(person_of(subject) or subject), organisation_of(subject).name, district_of(subject),
                card_url(subject), amount_of(row), tuple(r.next for r in needs if r.state == State.UNKNOWN),
                tuple(r.next for r in needs if r.state == State.OFFICER),
            )
        )  # fmt: skip
    return found


def amount_of(row: Entitlement) -> Decimal | None:
    """What is left of it, in yuan."""
    version = row.instalment.version
    if version.shape == "per":
        return (version.amount or Decimal(0)) * max(row.left, 0)  # type: ignore[attr-defined]
    return row.amount


# --- who hasn't claimed ------------------------------------------------------------------------


def filtered(request) -> tuple[str, EntitlementFilter, QuerySet, date]:
    on, part = localdate(), request.GET.get("part", "due")
    part = part if part in PARTS else "due"
    rows = PARTS[part](due.unclaimed(request.user), on).order_by("opens_on", "pk")
    chosen = EntitlementFilter(request.GET, rows, request=request)
    return part, chosen, chosen.qs, on


def entitlements(request):
    """Those who could claim and haven't, and those of whom something is still to be found out."""
    part, chosen, rows, on = filtered(request)
    page = Paginator(rows, PAGE).get_page(request.GET.get("page"))
    names = (("due", _("符合条件未申领")), ("missing", _("还差数据或待认定")))
    context = {
        "page": page,
        "rows": shown(page, on, why=part == "missing"),
        "part": part,
        "tabs": [{"label": label, "url": f"?part={name}", "current": name == part} for name, label in names],
        "filter": chosen,
        "total": rows.order_by().aggregate(all=Sum("amount"))["all"],
        "export_url": f"{reverse('subsidies:entitlements_export')}?{request.GET.urlencode()}",
        "prepares": part == "due" and bool(request.user.scope.roles & DECIDE),
    }
    return render(request, "subsidies/entitlements.html", context)


@exported("subsidies:entitlements_export")
def export(request) -> Book:
    """The same list as a workbook, with what is missing."""
    part, _chosen, rows, on = filtered(request)
    headings = [_("姓名或工作站"), _("单位"), _("区镇"), _("资助项目"), _("期次"), _("金额（元）"), _("可领起")]
    headings += [_("最迟申领"), _("还差什么"), _("待认定"), _("依据")]
    semicolon = _("；")
    lines = (
        [s.who, s.unit, localised(s.district, "name"), str(s.row.instalment.version.scheme), str(s.row.instalment)]
        + [s.amount, s.row.opens_on, s.last_day, semicolon.join(s.missing), semicolon.join(s.judged)]
        + [str(s.row.version.clause)]
        for chunk in chunks(rows)
        for s in shown(chunk, on, why=part == "missing")
    )
    title = _("符合条件未申领") if part == "due" else _("还差数据或待认定")
    return Book(title, headings, lines, on, rows.count())


def chunks(rows: QuerySet, size: int = 500):
    """The rows in parts, so that a long list is explained piece by piece."""
    part: list = []
    for row in rows.iterator(size):
        part.append(row)
        if len(part) == size:
            yield part
            part = []
    if part:
        yield part


@require_POST
def prepare(request):
    """Prepare the claims now that the night would prepare: an office for its own districts."""
    number = 0
    for pack in with_schemes():
        number += actions.prepare(pack, on=localdate(), among=due.within(request.user.scope.districts))
    if number:
        told = ngettext(
            "已备好 %(n)s 件申领，并通知了单位和本人。", "已备好 %(n)s 件申领，并通知了单位和本人。", number
        )
        messages.success(request, told % {"n": number})
    else:
        messages.info(request, _("没有新的要备：符合条件的都已备好或已申领。"))
    return redirect("subsidies:entitlements")


# --- the calendar ------------------------------------------------------------------------------


def calendar_rows(request) -> tuple[EntitlementFilter, QuerySet, list[date], date]:
    """What opens or lapses from today to the end of the twelfth month."""
    on = localdate()
    months = [months_before(first_of(on), -n) for n in range(MONTHS)]
    rows = due.dated(due.unclaimed(request.user), on, months_before(first_of(on), -MONTHS))
    chosen = EntitlementFilter(request.GET, rows, request=request)
    return chosen, chosen.qs, months, on


def calendar(request):
    """Month by month what lapses and what opens; one month in full, what lapses first."""
    chosen, rows, months, on = calendar_rows(request)
    counted = due.by_month(rows)
    wanted = request.GET.get("month", "")
    month = next((m for m in months if f"{m:%Y-%m}" == wanted), next((m for m in months if m in counted), months[0]))
    page = Paginator(rows.filter(day__gte=month, day__lt=months_before(month, -1)), PAGE)
    page = page.get_page(request.GET.get("page"))
    query = request.GET.copy()
    query.pop("page", None)
    strip = []
    for m in months:
        query["month"] = f"{m:%Y-%m}"
        strip.append({"month": m, "url": f"?{query.urlencode()}", "current": m == month, **counted.get(m, {})})
    context = {
        "filter": chosen,
        "months": strip,
        "month": month,
        "page": page,
        "rows": shown(page, on, why=False),
        "export_url": f"{reverse('subsidies:calendar_export')}?{request.GET.urlencode()}",
    }
    return render(request, "subsidies/calendar.html", context)


@exported("subsidies:calendar_export")
def calendar_export(request) -> Book:
    _chosen, rows, _months, on = calendar_rows(request)
    headings = [
        _("日期"),
        _("什么事"),
        _("姓名或工作站"),
        _("单位"),
        _("区镇"),
        _("资助项目"),
        _("期次"),
        _("金额（元）"),
    ]
    headings += [_("条件"), _("依据")]
    words = {True: str(State.MET.label), None: _("还差数据或待认定")}
    lines = (
        [s.row.day, _("打开") if s.row.kind else _("失效"), s.who, s.unit, localised(s.district, "name")]
        + [str(s.row.instalment.version.scheme), str(s.row.instalment), s.amount, words[s.row.met]]
        + [str(s.row.version.clause)]
        for s in (s for chunk in chunks(rows) for s in shown(chunk, on, why=False))
    )
    return Book(_("资助日历"), headings, lines, on, rows.count())
