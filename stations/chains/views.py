"""Chains × stages as a table of chances, and the list of chains with what a chain has."""

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.db.models import Case, Count, Q, Value, When
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from portal.forms import TidyField
from portal.models import District, Organisation, Role
from portal.models.people import BUREAU
from portal.rules import amend, history
from portal.site import pack_of
from portal.views.rules import own_pack
from portal.words import localised
from portal.workbooks import workbook
from stations.chains.coverage import coverage, to_fill
from stations.models import IndustryChain

Kind = Organisation.Kind


def highest(request, pack) -> District:
    """The highest of the districts this person sees."""
    seen = District.objects.below(pack.root).filter(pk__in=request.user.scope.districts)
    place = seen.order_by("depth", "path_order").first()
    if place is None:
        raise Http404
    return place


def chain_coverage(request):
    """Which chain has which stations; holes are marked, every cell opens its list."""
    pack = own_pack(request)
    place = highest(request, pack)
    found = coverage(pack, place, request.user, localdate(), whole=True)
    holes = to_fill(found, proposes=Role.DISTRICT in request.user.scope.roles)
    context = {"coverage": found, "holes": holes, "place": place}
    return render(request, "stations/coverage.html", context)


def export(request):
    """The same map as a workbook."""
    pack = own_pack(request)
    place = highest(request, pack)
    found = coverage(pack, place, request.user, localdate(), whole=True)
    headings = [_("阶段"), *(head["label"] for head in found.heads), _("合计")]
    rows = ([row["label"], *(cell["value"] for cell in row["cells"]), row["total"]] for row in found.rows)
    note = localised(place, "name")
    return workbook(_("产业链载体覆盖"), headings, rows, user=request.user, on=localdate(), note=note)


@login_not_required
def contacts(request):
    """Whom to call: the offices of every level with their office telephones, and nobody's own."""
    pack, q = pack_of(request.user), request.GET.get("q", "").strip()
    if pack is None:
        raise Http404
    order = Case(
        When(kind=Kind.BUREAU, then=Value(0)), When(kind=Kind.DISTRICT_OFFICE, then=Value(1)), default=Value(2)
    )
    rows = Organisation.objects.filter(
        pack=pack, kind__in=[Kind.BUREAU, Kind.DISTRICT_OFFICE, Kind.FINANCE, Kind.DEPARTMENT]
    ).exclude(phone="")
    if q:
        rows = rows.filter(
            Q(name__icontains=q)
            | Q(name_en__icontains=q)
            | Q(district__name__icontains=q)
            | Q(district__name_en__icontains=q)
            | Q(phone__icontains=q)
        )
    rows = rows.select_related("district").order_by(order, "district__path_order", "pk")
    return render(request, "stations/contacts.html", {"rows": rows, "q": q})


class ChainForm(forms.ModelForm):
    reason = TidyField(
        label=gettext_lazy("依据"),
        max_length=300,
        help_text=gettext_lazy("例如哪份文件列出了这条链；会记入变更记录"),
    )

    class Meta:
        model = IndustryChain
        fields = ("code", "name", "name_en")
        help_texts = {"code": gettext_lazy("英文小写和横线，例如 new-energy；定下后不再改")}

    def _get_validation_exclusions(self):
        """A code or a name is given once in a city: without the city that could not be asked."""
        return super()._get_validation_exclusions() - {"pack"}


def chains(request):
    """The list with how many valid stations each chain has; the bureau adds to it."""
    pack, may_change = own_pack(request), bool(request.user.scope.roles & BUREAU)
    today = localdate()
    valid = Q(station__approved_on__lte=today) & (Q(station__ended_on=None) | Q(station__ended_on__gt=today))
    rows = (
        IndustryChain.objects.filter(pack=pack)
        .annotate(stations=Count("station", filter=valid))
        .order_by("order", "pk")
    )
    form = ChainForm(request.POST or None, instance=IndustryChain(pack=pack)) if may_change else None
    if request.method == "POST" and form is not None and form.is_valid():
        save(form, request.user, order=rows.count())
        messages.success(request, _("已加入，产业链覆盖正在重算。"))
        return redirect("stations:chains")
    context = {"rows": rows, "form": form}
    return render(request, "stations/chains.html", context, status=422 if form and form.errors else 200)


def chain(request, code):
    """Rename a chain, with its history."""
    row = get_object_or_404(IndustryChain, pack=own_pack(request), code=code)
    form = ChainForm(request.POST or None, instance=row)
    form.fields["code"].disabled = True
    if request.method == "POST" and form.is_valid():
        save(form, request.user, order=row.order)
        messages.success(request, _("已保存。"))
        return redirect("stations:chains")
    context = {"row": row, "form": form, "history": history(row, row.code)}
    return render(request, "stations/chain.html", context, status=422 if form.errors else 200)


def save(form: ChainForm, by, *, order: int) -> None:
    data = form.cleaned_data
    values = {"code": data["code"], "name": data["name"], "name_en": data["name_en"], "order": order}
    row = IndustryChain.objects.filter(pk=form.instance.pk).first() or IndustryChain(pack=form.instance.pack)
    amend(row, values, key=data["code"], by=by, reason=data["reason"])
