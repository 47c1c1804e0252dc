"""Differences from the national record: the list, one of them, one file held against ours."""

import django_filters as filters
from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import F, Q
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from portal.exports import Book, exported, labels
from portal.forms import TidyField
from portal.lifecycle import Refused
from portal.models import Batch, Role
from portal.models.people import BUREAU
from portal.paging import Paginator
from portal.words import localised
from postdocs.filing import actions, reconcile
from postdocs.filing.models import Difference
from stations.filters import CaseFilter
from stations.roles import DISTRICT, MAKERS

PAGE = 50
SETTLERS = BUREAU | {Role.DISTRICT}


class DifferenceFilter(CaseFilter):
    """Open ones, unless others are asked for."""

    kind = filters.ChoiceFilter(label=_("差异"), choices=Difference.Kind.choices, empty_label=gettext_lazy("全部差异"))
    state = filters.ChoiceFilter(
        label=_("处理"), choices=(("settled", gettext_lazy("已处理")), ("all", gettext_lazy("全部"))),
        empty_label=gettext_lazy("待处理"), method="in_state",
    )  # fmt: skip

    class Meta:
        model = Difference
        fields = ("q", "kind", "district", "state")

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.filters["district"].field_name = "district"

    def search(self, rows, name, value):
        return rows.filter(Q(name__icontains=value) | Q(committee_number__iexact=value) | Q(unit__icontains=value))

    def in_state(self, rows, name, value):
        return rows

    def filter_queryset(self, queryset):
        rows, state = super().filter_queryset(queryset), self.form.cleaned_data.get("state")
        return rows if state == "all" else rows.filter(settled_on__isnull=state != "settled")


def filtered(request):
    rows = Difference.objects.visible_to(request.user).select_related("district", "stay__matter")
    chosen = DifferenceFilter(request.GET, rows.order_by(F("settled_on").desc(nulls_first=True), "pk"), request=request)
    return chosen, chosen.qs


def differences(request):
    """What the two records say differently and nobody has settled; and the files one handed in."""
    chosen, rows = filtered(request)
    imports = bool(request.user.scope.roles & (DISTRICT | MAKERS))
    files = Batch.objects.filter(by=request.user, kind="filing").exclude(state=Batch.State.BROKEN)
    context = {
        "page": Paginator(rows, PAGE).get_page(request.GET.get("page")),
        "filter": chosen,
        "files": files.order_by("-pk")[:5] if imports else [],
        "importing": imports,
        "export_url": f"{reverse('postdocs:differences_export')}?{request.GET.urlencode()}",
    }
    return render(request, "postdocs/differences.html", context)


@exported("postdocs:differences_export")
def export(request) -> Book:
    """The same list as a workbook."""
    _chosen, rows = filtered(request)
    headings = [_("差异"), _("姓名"), _("博管会编号"), _("设站单位"), _("区镇"), _("进站日期"), _("出站日期")]
    headings += [_("流动站"), _("全国系统的状态"), _("列入日期"), _("处理日期"), _("处理说明")]
    kinds = labels(Difference.Kind)
    lines = (
        [kinds[r.kind], r.name, r.committee_number, r.unit, localised(r.district, "name"), r.entered_on, r.ended_on]
        + [r.flow, r.state, r.told_on, r.settled_on, r.note]
        for r in rows.iterator(2000)
    )
    return Book(_("备案差异"), headings, lines, localdate(), rows.count())


class NoteForm(forms.Form):
    note = TidyField(
        label=gettext_lazy("怎么处理的"), max_length=300, widget=forms.Textarea(attrs={"rows": 3}),
        help_text=gettext_lazy("例如：单位已补登记；已请省里更正；属外市人员"),
    )  # fmt: skip


def difference(request, pk):
    """One difference: what both say, and the note that settles it."""
    rows = Difference.objects.visible_to(request.user).select_related(
        "district", "stay__matter__organisation", "stay__person", "by", "settled_by"
    )
    row = get_object_or_404(rows, pk=pk)
    settles = row.settled_on is None and bool(request.user.scope.roles & SETTLERS)
    form = NoteForm(request.POST or None) if settles else None
    if request.method == "POST" and not settles:
        raise PermissionDenied(_("这条差异现在不由您处理。"))
    if form and request.method == "POST" and form.is_valid():
        try:
            actions.settle(row, note=form.cleaned_data["note"], by=request.user, on=localdate())
        except Refused as reason:
            form.add_error(None, str(reason))
        else:
            messages.success(request, _("已处理。"))
            return redirect("postdocs:differences")
    status = 422 if form and form.errors else 200
    return render(request, "postdocs/difference.html", {"row": row, "form": form}, status=status)


def reconciled(request, pk):
    """One file held against ours, both ways; what it doesn't name can be put on the list."""
    batch = get_object_or_404(Batch.objects.filter(by=request.user, kind="filing"), pk=pk)
    if batch.state in (Batch.State.WAITING, Batch.State.BROKEN):
        raise Http404
    found = reconcile.both(batch, request.user)
    if request.method == "POST":
        n = actions.note_absent(found.absent, by=request.user, on=localdate())
        told = ngettext("已把 %(n)s 人列入差异清单。", "已把 %(n)s 人列入差异清单。", n)
        messages.success(request, told % {"n": n} if n else _("这些人都已在差异清单里。"))
        return redirect("postdocs:differences")
    return render(request, "postdocs/reconciled.html", {"batch": batch, "found": found})
