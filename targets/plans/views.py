"""The plans of a city, and what each district is to reach of them."""

from django import forms
from django.contrib import messages
from django.db import transaction
from django.http import Http404
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from portal.forms import TidyField
from portal.models import Amendment, District
from portal.rules import amend, strike
from portal.words import localised
from targets.asof import AsOf, found
from targets.boards import drawing
from targets.models import Plan, Target


def plans(request):
    """All plans of the city, the one in force first."""
    asked = AsOf(request)
    rows = Plan.objects.filter(pack=asked.pack).select_related("document").order_by("-until", "order", "pk")
    return render(request, "targets/plan_list.html", {**asked.context(), "plans": rows})


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
    present = {t.district_id: drawing.number(t.value) for t in rows}
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
