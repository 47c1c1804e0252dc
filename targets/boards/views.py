"""Dashboards: where do we stand against the plan, whose number is it, which records make it."""

from decimal import Decimal

from django.core.paginator import Paginator
from django.db.models import Exists, OuterRef, Window
from django.db.models.functions import RowNumber
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from portal.models import Matter, Setting
from portal.models.people import BUREAU, CASEWORK
from portal.views.work import as_rows, listed
from portal.words import localised
from portal.workbooks import workbook
from targets.asof import AsOf, found
from targets.boards import drawing, parts
from targets.boards.open_views import in_force
from targets.models import Plan
from targets.plans import indicators
from targets.plans.actions import share_of
from targets.plans.history import history

PAGE = 12  # entries beside the table of districts


def dashboard(request):
    """The head of the bureau in one minute; an officer's morning. The plan in force comes first."""
    asked = AsOf(request)
    plan = in_force(asked.pack, asked.on)
    if plan is None:
        return render(request, "targets/no_plan.html", asked.context())
    pieces = parts.of_dashboard(asked, plan, request.GET.get("of", ""), request.user)
    return board(request, asked, plan, "targets/dashboard.html", pieces, **work_of(request, asked))


def plan(request, plan):
    """One plan with all its indicators."""
    asked = AsOf(request)
    rows = Plan.objects.select_related("pack__root", "document")
    found = get_object_or_404(rows, pack=asked.pack, code=plan)
    pieces = parts.of_plan(asked, found, request.GET.get("of", ""), request.user)
    return board(request, asked, found, "targets/plan.html", pieces)


def board(request, asked, plan, template, pieces, **beside):
    if not pieces:
        return render(request, "targets/no_plan.html", asked.context())
    return render(request, template, {**asked.context(), "plan": plan, "pieces": pieces, **beside})


EVERY = 20  # seconds that a page of the big screen stays


def screen(request):
    """The big screen: the plan in force, one target after the other, read-only."""
    asked = AsOf(request)
    plan = in_force(asked.pack, asked.on)
    pieces = parts.of_screen(asked, plan, request.GET.get("of", ""), request.user) if plan else {}
    if not pieces:
        return render(request, "targets/no_plan.html", asked.context())
    following = f"?of={pieces['next']}" + (f"&district={asked.district.code}" if request.GET.get("district") else "")
    share = drawing.share(plan, asked.on)
    context = {**asked.context(), "plan": plan, "pieces": pieces, "next": following, "every": EVERY}
    return render(request, "targets/screen.html", {**context, "pace_share": share, "pack": asked.pack})


def work_of(request, asked):
    """What waits for this person, and what is due first in their districts; both from one query."""
    if not request.user.scope.roles & CASEWORK:
        return {"casework": False}
    mine = Exists(Matter.objects.to_do(request.user).filter(pk=OuterRef("pk")))
    seen = listed(Matter.objects.visible_to(request.user).exclude(holder="")).annotate(mine=mine)
    place = Window(RowNumber(), partition_by="mine", order_by=seen.query.order_by)
    rows = as_rows(seen.annotate(place=place).filter(place__lte=7), asked.today)
    return {
        "casework": True,
        "to_do": [r for r in rows if r.matter.mine][:5],
        "due": [r for r in rows if r.matter.due_on][:7],
    }


# --- one indicator -----------------------------------------------------------------------------


def indicator(request, plan, code):
    """One number opened: its definition, by month, by district, and the very entries that make it."""
    asked = AsOf(request)
    row = found(asked, plan, code)
    places, told = asked.below(), list(Setting.objects.filter(pack=asked.pack).order_by("order", "pk"))
    settings = {s.code: s.value for s in told}
    figures = indicators.figures(row.plan, places, asked.on, [row], settings, known=asked.known, set_on=asked.set_on)
    mine = figures[row.pk, asked.district.pk]
    column = [figures[row.pk, d.pk] for d in places]
    lines = ledger_of(row, asked, request.user, settings)
    now = asked.on == asked.today and asked.on <= row.plan.until
    ahead = drawing.pipelines([row], asked.district) if now else {}
    told_ahead = drawing.outlook(mine, ahead.get(row.pk), now=now)
    number, since = drawing.versions(row)
    months = drawing.by_month(lines, row.plan, asked.on)
    context = {
        **asked.context(),
        "plan": row.plan,
        "indicator": row,
        "figure": mine,
        "sentences": drawing.sentences([mine], ahead),
        "outlook": told_ahead.words if told_ahead else "",
        "definition": drawing.definition(mine),
        "version": number,
        "version_since": since,
        "settings": drawing.settings_of(row, told),
        "opening": settings.get(row.opening),  # a balance without records is shown apart, never mixed in
        "chart": drawing.cumulative_chart(mine, told_ahead),
        "months": months,
        "monthly": drawing.monthly_chart(mine, months),
        "rows": drawing.district_rows(column, asked.pack.root_id, drawing.added_this_month(column)),
        "page": Paginator(lines, PAGE).get_page(request.GET.get("page")),
        "into": sum(line["sign"] > 0 for line in lines),
        "out": sum(line["sign"] < 0 for line in lines),
        "may_split": bool(request.user.scope.roles & BUREAU),
        "history": history(row)[:10],
        "share": share_of(row, column[0].target or Decimal(0), [f.target for f in column[1:]]),
        "departments": row.department_targets.order_by("on", "pk"),
        "pace_share": drawing.share(row.plan, asked.on),
    }
    return render(request, "targets/indicator.html", context)


def ledger_of(row, asked, user, settings) -> list[dict]:
    behind = drawing.entries(row, asked.district, user, asked.on, settings)
    if behind is None:
        return []
    rows, stream = behind
    return drawing.ledger(rows, stream, min(asked.on, row.plan.until))


def indicator_export(request, plan, code):
    """The entries behind a number as a workbook."""
    asked = AsOf(request)
    row = found(asked, plan, code)
    if request.GET.get("part") == "trend":
        return trend_export(request, asked, row)
    lines = ledger_of(row, asked, request.user, Setting.objects.values_of(asked.pack))
    if request.GET.get("part") == "months":
        months = drawing.by_month(lines, row.plan, asked.on)
        cells = [[m["month"].strftime("%Y-%m"), m["into"], m["out"]] for m in months]
        return book(request, asked, row, [_("月份"), _("计入"), _("撤出")], cells)
    headings = [_("计入或撤出日期"), _("计数"), _("名称"), _("设站单位"), _("区镇"), _("凭证")]
    cells = (
        [x["on"], x["sign"], x["title"], x["owner"], localised(x["district"], "name"), x["document"]] for x in lines
    )
    return book(request, asked, row, headings, cells)


def trend_export(request, asked, row):
    """What the chart shows: each day with its value and its pace."""
    figures = indicators.figures(row.plan, [asked.district], asked.on, [row], known=asked.known, set_on=asked.set_on)
    figure = figures[row.pk, asked.district.pk]
    paces = [figure.course.at(day) if figure.course else None for day, _value in figure.trend]
    cells = [[day, value, pace and round(pace, 1)] for (day, value), pace in zip(figure.trend, paces, strict=True)]
    return book(request, asked, row, [_("截至"), _("实际"), _("序时进度")], cells)


def book(request, asked, row, headings, cells):
    title = f"{row.code} {localised(row, 'name')}"
    return workbook(title, headings, cells, user=request.user, on=asked.on, note=localised(asked.district, "name"))


def plan_export(request, plan):
    """All indicators of a plan by district, as a workbook."""
    asked = AsOf(request)
    row = get_object_or_404(Plan, pack=asked.pack, code=plan)
    figures = indicators.figures(row, asked.below(), asked.on, known=asked.known, set_on=asked.set_on)
    headings = [
        _("代码"),
        _("指标"),
        pgettext("计量", "单位"),
        _("区镇"),
        _("目标"),
        _("实际"),
        _("序时进度"),
        _("较序时"),
        _("尚差"),
        _("状态"),
    ]
    cells = (
        [f.indicator.code, *(localised(f.indicator, name) for name in ("name", "unit")), localised(f.district, "name")]
        + [f.target, f.value, f.pace and round(f.pace, 1), f.lead and round(f.lead, 1), f.gap, f.state_text]
        for f in figures.values()
    )
    return workbook(localised(row, "name"), headings, cells, user=request.user, on=asked.on)
