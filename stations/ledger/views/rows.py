"""Writing the dated rows of a station or an enterprise, renaming a station, what befell an enterprise."""

from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.core.exceptions import NON_FIELD_ERRORS, PermissionDenied, ValidationError
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.timezone import localdate
from django.utils.translation import gettext as _

from portal.lifecycle import Refused
from portal.models import District
from portal.models.people import BUREAU
from portal.uploads import BadFile, too_big
from stations.enterprises.views import own
from stations.ledger import rows as ledger
from stations.ledger.forms import FORMS, HappeningForm, RenameForm
from stations.models import ENDED, Enterprise, Partner, Station


@dataclass
class Place:
    """Whose row is written, and where the page leads back to."""

    owner: Any
    back: str
    title: str
    whose: str


def station_row(request, number, kind, pk=None):
    """One dated row of a station: new, or corrected, or taken away."""
    rows = Station.objects.visible_to(request.user)
    station = get_object_or_404(
        rows.select_related("matter__district", "enterprise__organisation"), matter__number=number
    )
    return write(request, "station", Place(station, station.get_absolute_url(), number, str(station)), kind, pk)


def enterprise_row(request, kind, pk=None):
    """One dated row of the person's own enterprise."""
    enterprise = own(request)
    back = reverse("stations:certificates_own")
    return write(request, "enterprise", Place(enterprise, back, _("资质和研发机构"), str(enterprise)), kind, pk)


def write(request, owner: str, place: Place, code: str, pk: int | None):
    kind = ledger.KINDS.get(code)
    if kind is None or kind.owner != owner:
        raise Http404
    if not kind.may(request.user, place.owner):
        raise PermissionDenied(kind.roles)
    row = get_object_or_404(kind.model, pk=pk, **{owner: place.owner}) if pk else kind.model(**{owner: place.owner})
    form = FORMS[code](
        request.POST or None,
        request.FILES or None,
        instance=row,
        version=ledger.version_of(place.owner),
        today=localdate(),
    )
    if not row.pk and request.GET.get("year", "").isdecimal() and "year" in form.fields:
        form.initial["year"] = request.GET["year"]
    if request.method == "POST" and tried(request, kind, row, form):
        return redirect(place.back)
    context = {"form": form, "kind": kind, "row": row if pk else None, "place": place}
    context["facts"] = [*([row] if pk else []), place.whose]
    return render(request, "stations/ledger_form.html", context, status=422 if form.errors else 200)


def tried(request, kind, row, form) -> bool:
    """Whether the write was done; if not, the form says why."""
    about = {"by": request.user, "on": localdate()}
    if cut := too_big(request):
        form.add_error("upload" if "upload" in form.fields else None, cut)
    if not form.is_valid() and not (row.pk and "remove" in request.POST):
        return False
    about["version"] = form.cleaned_data.get("version")
    try:
        if row.pk and "remove" in request.POST:
            ledger.remove(kind, row, **about)
            messages.success(request, _("已删除误登的%(what)s。") % {"what": kind.label})
        else:
            ledger.keep(kind, row, upload=form.cleaned_data.get("upload"), **about)
            messages.success(request, _("已保存：%(what)s。") % {"what": kind.label})
            if isinstance(row, Partner) and not Partner.objects.filter(pk=row.pk).exclude(listed=None).exists():
                text = _("高校名单里没有“%(name)s”，市局核对关联后才计入签约合作的高校。") % {"name": row.university}
                messages.info(request, text)
    except ledger.Stale as stale:
        form.data = form.data.copy()
        form.data["version"] = stale.version
        form.add_error(None, str(stale))
    except BadFile as bad:
        form.add_error("upload", str(bad))
    except ValidationError as wrong:
        for name, texts in (wrong.error_dict if hasattr(wrong, "error_dict") else {NON_FIELD_ERRORS: wrong}).items():
            form.add_error(name if name in form.fields else None, texts)
    return not form.errors


def rename(request, number):
    """A station gets the name that a paper gives it; the former one is kept."""
    rows = Station.objects.visible_to(request.user)
    station = get_object_or_404(rows.select_related("matter"), matter__number=number)
    form = RenameForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            ledger.rename(station, by=request.user, on=localdate(), **form.cleaned_data)
        except Refused as reason:
            form.add_error(None, str(reason))
        else:
            messages.success(request, _("已登记更名，曾用名可在页面上查到。"))
            return redirect(station)
    elif station.status in ENDED:
        messages.error(request, _("已终止的站不能更名。"))
        return redirect(station)
    context = {"form": form, "station": station}
    return render(request, "stations/rename.html", context, status=422 if form.errors else 200)


def happening(request, code):
    """What befell an enterprise, by an official of its district or of the bureau."""
    rows = Enterprise.objects.visible_to(request.user).select_related("organisation__district")
    enterprise = get_object_or_404(rows, organisation__code=code)
    city = District.objects.filter(up__ancestor__pack__root__down__node=enterprise.organisation.district_id)
    form = HappeningForm(request.POST or None, districts=city.filter(children=None).distinct().order_by("path_order"))
    if request.method == "POST" and form.is_valid():
        try:
            ledger.befall(enterprise, by=request.user, today=localdate(), **form.cleaned_data)
        except Refused as reason:
            form.add_error(None, str(reason))
        except ValidationError as wrong:
            form.add_error(None, wrong.messages)
        else:
            messages.success(request, _("已登记单位变更。"))
            mine = Enterprise.objects.visible_to(request.user).filter(pk=enterprise.pk).exists()
            return redirect(enterprise if mine else "stations:stations")
    context = {"form": form, "enterprise": enterprise}
    return render(request, "stations/happening.html", context, status=422 if form.errors else 200)


def may_rename(user, station) -> bool:
    roles = user.roles_for(organisation_id=station.matter.organisation_id, district_id=station.matter.district_id)
    return station.status not in ENDED and bool(roles & BUREAU)
