"""Dashboards: where do we stand against the plan, whose number is it, which records make it."""

from datetime import date

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.db import transaction
from django.db.models import Exists, OuterRef, Window
from django.db.models.functions import RowNumber
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext

from portal.forms import DayField, TidyField
from portal.models import Amendment, District, Matter, Setting
from portal.models.people import BUREAU, CASEWORK
from portal.rules import amend, strike
from portal.site import pack_of
from portal.views.work import as_rows, listed
from portal.words import localised
from portal.workbooks import workbook
from stations.chains.coverage import coverage
from targets import boards, indicators
from targets.models import Indicator, Plan, Target

PAGE = 12  # entries beside the table of districts


class AsOf:
    """What a dashboard is asked for: which city, which of one's districts, which day."""

    def __init__(self, request):
        self.today = localdate()
        self.pack = pack_of(request.user)
        if self.pack is None:
            raise Http404
        self.districts = boards.districts_for(request.user, self.pack)
        if not self.districts:
            raise Http404
        code = request.GET.get("district")
        named = [d for d in self.districts if d.code == code] if code else self.districts[:1]
        if not named:
            raise Http404
        self.district = named[0]
        self.on = self.day(request.GET.get("on"))

    def day(self, text) -> date:
        """The day asked for; a day that can't be read, or hasn't come yet, is today."""
        try:
            return min(DayField(required=False).clean(text) or self.today, self.today)
        except ValidationError:
            return self.today

    def below(self) -> list[District]:
        """The chosen district, then those below it in official order."""
        return [self.district, *(d for d in self.districts if d.parent_id == self.district.pk)]

    def context(self) -> dict:
        known, waiting = boards.known_at(self.pack)
        return {
            "as_of": self,
            "on": self.on,
            "today": self.today,
            "district": self.district,
            "districts": self.districts,
            "known": known,
            "recomputing": waiting,
        }


def dashboard(request):
    """The head of the bureau in one minute; an officer's morning. The plan in force comes first."""
    asked = AsOf(request)
    plans = Plan.objects.filter(boards.plan_q(asked.pack, asked.on)).order_by("-until", "order", "pk")
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
    figures = indicators.figures(plan, places, asked.on)
    all_indicators = [f.indicator for (_i, d), f in figures.items() if d == asked.district.pk]
    mine = [figures[i.pk, asked.district.pk] for i in all_indicators]
    if not mine:
        return render(request, "targets/no_plan.html", asked.context())
    headline = [f for f in mine if f.indicator.headline] or sorted(mine, key=lambda f: f.value is None)[:6]
    shown = chosen_indicator(request, headline, mine)
    column = [figures[shown.pk, d.pk] for d in places]
    pending = boards.pending_cases(all_indicators, asked.district) if asked.on <= plan.until else {}
    context = {
        **asked.context(),
        "plan": plan,
        "strip": [boards.tile(f, asked_source(asked, f)) for f in headline],
        "sentences": boards.sentences(headline, pending),
        "silent": [f for f in headline if f.value is None and f.indicator.headline],
        "outlook": boards.outlook(figures[shown.pk, asked.district.pk]),
        "figures": boards.lines(mine),
        "others": boards.lines([f for f in mine if f not in headline]),
        "shown": figures[shown.pk, asked.district.pk],
        "chart": boards.cumulative_chart(figures[shown.pk, asked.district.pk]),
        "rows": boards.district_rows(column, asked.pack.root_id, boards.added_this_month(column)),
        "choices": [
            {"label": localised(f.indicator, "name"), "url": switch(request, f), "current": f.indicator == shown}
            for f in headline
        ],
        "behind": [f for f in column[1:] if f.state == "behind"],
        "pace_share": boards.share(plan, asked.on),
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


def plans(request):
    """All plans of the city, the one in force first."""
    asked = AsOf(request)
    rows = Plan.objects.filter(pack=asked.pack).select_related("document").order_by("-until", "order", "pk")
    return render(request, "targets/plan_list.html", {**asked.context(), "plans": rows})


# --- one indicator -----------------------------------------------------------------------------


def found(asked, plan, code) -> Indicator:
    rows = Indicator.objects.select_related("plan__pack__root", "pack", "clause__document", "parent")
    return get_object_or_404(rows, pack=asked.pack, plan__code=plan, code=code)


def indicator(request, plan, code):
    """One number opened: its definition, by month, by district, and the very entries that make it."""
    asked = AsOf(request)
    row = found(asked, plan, code)
    places, told = asked.below(), list(Setting.objects.filter(pack=asked.pack).order_by("order", "pk"))
    settings = {s.code: s.value for s in told}
    figures = indicators.figures(row.plan, places, asked.on, [row], settings)
    mine = figures[row.pk, asked.district.pk]
    column = [figures[row.pk, d.pk] for d in places]
    lines = ledger_of(row, asked, request.user, settings)
    number, since = boards.versions(row)
    months = boards.by_month(lines, row.plan, asked.on)
    context = {
        **asked.context(),
        "plan": row.plan,
        "indicator": row,
        "figure": mine,
        "sentences": boards.sentences([mine], boards.pending_cases([row], asked.district)),
        "outlook": boards.outlook(mine),
        "definition": boards.definition(mine),
        "version": number,
        "version_since": since,
        "settings": boards.settings_of(row, told),
        "opening": settings.get(row.opening),  # a balance without records is shown apart, never mixed in
        "chart": boards.cumulative_chart(mine),
        "months": months,
        "monthly": boards.monthly_chart(mine, months),
        "rows": boards.district_rows(column, asked.pack.root_id, boards.added_this_month(column)),
        "page": Paginator(lines, PAGE).get_page(request.GET.get("page")),
        "into": sum(line["sign"] > 0 for line in lines),
        "out": sum(line["sign"] < 0 for line in lines),
        "may_split": bool(request.user.scope.roles & BUREAU),
        "pace_share": boards.share(row.plan, asked.on),
    }
    return render(request, "targets/indicator.html", context)


def ledger_of(row, asked, user, settings) -> list[dict]:
    behind = boards.entries(row, asked.district, user, asked.on, settings)
    if behind is None:
        return []
    rows, stream = behind
    return boards.ledger(rows, stream, min(asked.on, row.plan.until))


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
    figures = indicators.figures(row, asked.below(), asked.on)
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


# --- setting targets for the districts ---------------------------------------------------------


class SplitForm(forms.Form):
    """One figure per district (任务分解), and why."""

    reason = TidyField(
        label=gettext_lazy("说明"), max_length=300, help_text=gettext_lazy("例如依据哪次会议分解；会记入变更记录")
    )

    def __init__(self, *args, districts, present, **kwargs):
        super().__init__(*args, **kwargs)
        self.districts = districts
        places = {
            f"d{d.pk}": forms.DecimalField(
                label=localised(d, "name"),
                required=False,
                min_value=0,
                max_digits=14,
                decimal_places=2,
                initial=present.get(d.pk),
                widget=forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off"}),
            )
            for d in districts
        }
        self.fields = {**places, **self.fields}


def split(request, plan, code):
    """Give each district its share of a target; the sum is shown beside the city's figure."""
    asked = AsOf(request)
    row = found(asked, plan, code)
    root = asked.pack.root
    whole = Target.objects.filter(indicator=row, district=root).order_by("-on").first()
    if whole is None:
        raise Http404
    districts = list(District.objects.below(root).exclude(pk=root.pk))
    rows = Target.objects.filter(indicator=row, on=whole.on).exclude(district=root)
    present = {t.district_id: boards.number(t.value) for t in rows}
    form = SplitForm(request.POST or None, districts=districts, present=present)
    if request.method == "POST" and form.is_valid():
        save_split(form, row, whole, {t.district_id: t for t in rows}, request.user)
        messages.success(request, _("已保存任务分解，相关指标正在重算。"))
        return redirect("targets:split", plan, code)
    changes = Amendment.objects.filter(pack=asked.pack, table="targets.target", key__startswith=f"{row.code} ")
    named = {district.code: district for district in districts}
    context = {
        **asked.context(),
        "plan": row.plan,
        "indicator": row,
        "form": form,
        "fields": [(d, form[f"d{d.pk}"]) for d in districts],
        "whole": whole,
        "total": sum(present.values()),
        "history": [(named.get(c.key.split()[1]), c) for c in changes.select_related("by").order_by("-at", "-pk")[:50]],
    }
    return render(request, "targets/split.html", context, status=422 if form.errors else 200)


@transaction.atomic
def save_split(form, row, whole, present, user) -> None:
    """Each changed figure with its reason, all or none; an emptied one is no target, which is not 0."""
    for district in form.districts:
        value, target = form.cleaned_data[f"d{district.pk}"], present.get(district.pk)
        why = {"by": user, "reason": form.cleaned_data["reason"], "key": f"{row.code} {district.code} {whole.on}"}
        if value is None and target:
            strike(target, ["value"], **why)
        elif value is not None and (target is None or target.value != value):
            target = target or Target(pack=row.pack, indicator=row, district=district, on=whole.on)
            amend(target, {"value": value}, **why)
