"""Briefs and drafts of bulletins that are made by themselves: once a week, a month or a quarter, as long as somebody
wants them. The row is made once for an occasion, and each reader is told once."""

from datetime import date, timedelta

from django.db import transaction
from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from portal import reminders
from portal.models import Pack, User
from portal.words import localised
from targets.models import Plan
from targets.reports import actions
from targets.reports.models import Report, ReportStatus, Subscription

Every, Kind = Subscription.Every, Subscription.Kind
reminders.KINDS["reports"] = gettext_lazy("定期简报和通报草稿")
READY = (ReportStatus.KEPT, ReportStatus.DRAFT, ReportStatus.CHECKED)


def period_of(every: str, on: date) -> date:
    """The first day of the week, month or quarter in which the day lies."""
    if every == Every.WEEK:
        return on - timedelta(on.weekday())
    return on.replace(day=1, month=on.month if every == Every.MONTH else (on.month - 1) // 3 * 3 + 1)


def occasion_of(kind: str, every: str, on: date) -> str:
    return f"{kind}:{every}:{period_of(every, on).isoformat()}"


def run(on: date) -> int:
    """Begin what is due and not begun yet; gives how many. The figures are those of the eve of the period."""
    begun = 0
    for pack in Pack.objects.order_by("pk"):
        wanted = Subscription.objects.in_force(on).filter(pack=pack).order_by().values_list("kind", "every").distinct()
        for kind, every in sorted(wanted):
            begun += begin(pack, kind, every, on)
    return begun


@transaction.atomic
def begin(pack: Pack, kind: str, every: str, on: date) -> bool:
    """Make the row of an occasion unless it is there; who comes second waits here and finds it."""
    occasion, eve = occasion_of(kind, every, on), period_of(every, on) - timedelta(1)
    Pack.objects.select_for_update().get(pk=pack.pk)
    if Report.objects.filter(pack=pack, occasion=occasion).exists():
        return False
    plans = Plan.objects.filter(pack=pack, since__lte=eve).order_by("-until", "order", "pk")
    plan = plans.select_related("pack__root").first()
    if plan is None:
        return False
    before = None
    if kind == Kind.BULLETIN:
        before = period_of(every, eve) - timedelta(1)
    actions.begin(kind, plan, on=eve, by=None, today=on, occasion=occasion, before=before)
    return True


def readers(report: Report, on: date) -> QuerySet[User]:
    """Who asked for this occasion, and may still see it."""
    kind, every, _day = report.occasion.split(":")
    rows = Subscription.objects.in_force(on).filter(pack=report.pack_id, kind=kind, every=every)
    return User.objects.filter(pk__in=rows.values("user"), is_active=True).order_by("pk")


@transaction.atomic
def tell(report: Report, on: date) -> int:
    """Tell each reader once, by notice and mail; figures stay in the portal, the mail has a way to sign in and see."""
    if not report.occasion or report.status not in READY:
        return 0
    Pack.objects.select_for_update().get(pk=report.pack_id)
    path = reverse("targets:report", args=[report.matter.number])
    seen = [user for user in readers(report, on) if Report.objects.visible_to(user).filter(pk=report.pk).exists()]

    def text() -> str:
        said = {"title": localised(report.matter, "title"), "number": report.matter.number}
        if report.kind == Report.Kind.BRIEF:
            return _("%(title)s 已生成，请登录平台查看（%(number)s）") % said
        return _("%(title)s 的草稿已生成，请登录平台核对（%(number)s）") % said

    return reminders.ring("reports", [reminders.Bell(report.occasion, seen, text, path=path)])
