"""Dashboards: where do we stand against the plan, whose number is it, which records make it."""

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
from stations.chains.coverage import coverage
from targets.asof import AsOf, found
from targets.boards import drawing
from targets.models import Indicator, Plan
from targets.plans import indicators

PAGE = 12  # entries beside the table of districts


def dashboard(request):
    """The head of the bureau in one minute; an officer's morning. The plan in force comes first."""
    asked = AsOf(request)
    plans = Plan.objects.filter(pack=asked.pack, since__lte=asked.on).order_by("-until", "order", "pk")
    plan = plans.select_related("pack__root").first()
    if plan is None:
        return render(request, "targets/no_plan.html", asked.context())
    return board(request, asked, plan, "targets/dashboard.html", **work_of(request, asked))


def plan(request, plan):
    """One plan with all its indicators."""
    asked = AsOf(request)
    rows = Plan.objects.select_related("pack__root", "document")
    found = get_object_or_404(rows, pack=asked.pack, code=plan)
    return board(request, asked, found, "targets/plan.html")


def board(request, asked, plan, template, **beside):
    places = asked.below()
    figures = indicators.figures(plan, places, asked.on, known=asked.known)
    all_indicators = [f.indicator for (_i, d), f in figures.items() if d == asked.district.pk]
    mine = [figures[i.pk, asked.district.pk] for i in all_indicators]
    if not mine:
        return render(request, "targets/no_plan.html", asked.context())
    headline = [f for f in mine if f.indicator.headline] or sorted(mine, key=lambda f: f.value is None)[:6]
    shown = chosen_indicator(request, headline, mine)
    column = [figures[shown.pk, d.pk] for d in places]
    pending = drawing.pending_cases(all_indicators, asked.district) if asked.on <= plan.until else {}
    context = {
        **asked.context(),
        "plan": plan,
        "strip": [drawing.tile(f, asked_source(asked, f)) for f in headline],
        "sentences": drawing.sentences(headline, pending),
        "silent": [f for f in headline if f.value is None and f.indicator.headline],
        "outlook": drawing.outlook(figures[shown.pk, asked.district.pk]),
        "figures": drawing.lines(mine),
        "others": drawing.lines([f for f in mine if f not in headline]),
        "shown": figures[shown.pk, asked.district.pk],
        "chart": drawing.cumulative_chart(figures[shown.pk, asked.district.pk]),
        "rows": drawing.district_rows(column, asked.pack.root_id, drawing.added_this_month(column)),
        "choices": [
            {"label": localised(f.indicator, "name"), "url": switch(request, f), "current": f.indicator == shown}
            for f in headline
        ],
        "behind": [f for f in column[1:] if f.state == "behind"],
        "pace_share": drawing.share(plan, asked.on),
        **beside,
    }
    return render(request, template, context)


def asked_source(asked, figure) -> str:
    return _("截至 %(day)s") % {"day": asked.on.strftime("%m-%d")}


def switch(request, figure) -> str:
    query = request.GET.copy()
    query["of"] = figure.indicator.code
    return f"?{query.urlencode()}#districts"


def chosen_indicator(request, headline, mine) -> Indicator:
    """The indicator whose chart and districts are shown: as asked, else the first with data."""
    asked = next((f for f in mine if f.indicator.code == request.GET.get("of")), None)
    with_data = next((f for f in headline if f.value is not None), None)
    return (asked or with_data or headline[0]).indicator


def work_of(request, asked):
    """What waits for this person, and what is due first in their districts; both from one query."""
    if not request.user.scope.roles & CASEWORK:
        return {"casework": False}
    mine = Exists(Matter.objects.to_do(request.user).filter(pk=OuterRef("pk")))
    seen = listed(Matter.objects.visible_to(request.user).exclude(holder="")).annotate(mine=mine)
    place = Window(RowNumber(), partition_by="mine", order_by=seen.query.order_by)
    rows = as_rows(seen.annotate(place=place).filter(place__lte=7), asked.today)
    today = asked.on == asked.today
    return {
        "casework": True,
        "coverage": coverage(asked.pack, asked.district, request.user, asked.on) if today else None,
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
    figures = indicators.figures(row.plan, places, asked.on, [row], settings, known=asked.known)
    mine = figures[row.pk, asked.district.pk]
    column = [figures[row.pk, d.pk] for d in places]
    lines = ledger_of(row, asked, request.user, settings)
    number, since = drawing.versions(row)
    months = drawing.by_month(lines, row.plan, asked.on)
    context = {
        **asked.context(),
        "plan": row.plan,
        "indicator": row,
        "figure": mine,
        "sentences": drawing.sentences([mine], drawing.pending_cases([row], asked.district)),
        "outlook": drawing.outlook(mine),
        "definition": drawing.definition(mine),
        "version": number,
        "version_since": since,
        "settings": drawing.settings_of(row, told),
        "opening": settings.get(row.opening),  # a balance without records is shown apart, never mixed in
        "chart": drawing.cumulative_chart(mine),
        "months": months,
        "monthly": drawing.monthly_chart(mine, months),
        "rows": drawing.district_rows(column, asked.pack.root_id, drawing.added_this_month(column)),
        "page": Paginator(lines, PAGE).get_page(request.GET.get("page")),
        "into": sum(line["sign"] > 0 for line in lines),
        "out": sum(line["sign"] < 0 for line in lines),
        "may_split": bool(request.user.scope.roles & BUREAU),
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
    lines = ledger_of(row, asked, request.user, Setting.objects.values_of(asked.pack))
    headings = [_("计入或撤出日期"), _("计数"), _("名称"), _("设站单位"), _("区镇"), _("凭证")]
    cells = (
        [x["on"], x["sign"], x["title"], x["owner"], localised(x["district"], "name"), x["document"]] for x in lines
    )
    title = f"{row.code} {localised(row, 'name')}"
    return workbook(title, headings, cells, user=request.user, on=asked.on, note=localised(asked.district, "name"))


def plan_export(request, plan):
    """All indicators of a plan by district, as a workbook."""
    asked = AsOf(request)
    row = get_object_or_404(Plan, pack=asked.pack, code=plan)
    figures = indicators.figures(row, asked.below(), asked.on, known=asked.known)
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
