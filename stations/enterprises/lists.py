"""The enterprises of one's districts: what they say of themselves, and whether they have a station."""

import django_filters as filters
from django import forms
from django.db.models import Count, Exists, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce
from django.shortcuts import render
from django.urls import reverse
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from portal.exports import Book, exported, labels, names
from portal.imports import KINDS, Place
from portal.models import Appointment, District, Role
from portal.models.people import BUREAU
from portal.paging import Paginator
from stations.filters import LocalisedFilter, chains_for
from stations.models import Enterprise, IndustryChain, Station

PAGE = 50
TEN_THOUSAND = 10_000


class EnterpriseFilter(filters.FilterSet):
    q = filters.CharFilter(
        label=gettext_lazy("单位、代码"),
        method="search",
        widget=forms.TextInput(attrs={"type": "search", "placeholder": gettext_lazy("单位、代码")}),
    )
    district = LocalisedFilter(
        label=gettext_lazy("区镇"),
        queryset=District.objects.none(),
        field_name="organisation__district",
        empty_label=gettext_lazy("全部区镇"),
    )
    chain = LocalisedFilter(
        label=gettext_lazy("产业链"),
        queryset=IndustryChain.objects.none(),
        empty_label=gettext_lazy("全部产业链"),
        null_label=gettext_lazy("未归入产业链"),
    )
    tag = filters.ChoiceFilter(
        label=gettext_lazy("企业资质"),
        choices=Enterprise.Tag.choices,
        empty_label=gettext_lazy("全部资质"),
        method="tagged",
    )
    station = filters.ChoiceFilter(
        label=gettext_lazy("工作站"),
        choices=[("yes", gettext_lazy("有工作站的")), ("no", gettext_lazy("没有工作站的"))],
        empty_label=gettext_lazy("不论有没有站"),
        method="with_station",
    )

    class Meta:
        model = Enterprise
        fields = ("q", "district", "chain", "tag", "station")

    def __init__(self, *args, request=None, **kwargs):
        super().__init__(*args, request=request, **kwargs)
        districts = District.objects.filter(pk__in=request.user.scope.districts, children=None).order_by("path_order")
        self.filters["district"].queryset = districts
        self.filters["chain"].queryset = chains_for(request.user)

    def search(self, rows, name, value):
        return rows.filter(Q(organisation__name__icontains=value) | Q(organisation__code=value.upper()))

    def tagged(self, rows, name, value):
        return rows.filter(tags__contains=[value])

    def with_station(self, rows, name, value):
        valid = Exists(Station.objects.valid(localdate()).filter(enterprise=OuterRef("pk")))
        return rows.filter(valid if value == "yes" else ~valid)


def filtered(request):
    """Of one's districts. `stations_now`: how many are valid today; `kept`: whether the enterprise keeps its own profile."""
    today = localdate()
    valid = Station.objects.valid(today).filter(enterprise=OuterRef("pk")).order_by().values("enterprise")
    people = Appointment.objects.in_force(today).filter(organisation=OuterRef("pk"))
    here = Enterprise.objects.visible_to(request.user).filter(organisation__district__in=request.user.scope.districts)
    chosen = EnterpriseFilter(request.GET, here, request=request)
    rows = chosen.qs.annotate(
        stations_now=Coalesce(Subquery(valid.annotate(n=Count("pk")).values("n")), 0), kept=Exists(people)
    )
    return chosen, rows.order_by("-pk")


def enterprises(request):
    """Enterprises that one may see, the last to come first."""
    chosen, rows = filtered(request)
    rows = rows.select_related("organisation__district", "chain")
    page = Paginator(rows, PAGE).get_page(request.GET.get("page"))
    tags = dict(Enterprise.Tag.choices)
    context = {
        "page": page,
        "rows": [(row, _("、").join(str(tags[tag]) for tag in row.tags if tag in tags)) for row in page],
        "filter": chosen,
        "export_url": f"{reverse('stations:enterprises_export')}?{request.GET.urlencode()}",
        "importing": bool(request.user.scope.roles & (BUREAU | {Role.DISTRICT})),
    }
    return render(request, "stations/enterprise_list.html", context)


@exported("enterprises")
def export(request):
    """The same list as a workbook, in the columns of the one that comes in: mended, it can be handed in again."""
    _chosen, rows = filtered(request)
    place = Place.of(request.user, localdate())
    columns = KINDS["enterprises"].columns(place)  # which has read the districts and the chains
    headings = [column.label for column in columns] + [_("有效工作站（个）"), _("情况由单位维护")]
    places, chains = names(place.memory["districts"]), names(place.memory["chains"])
    types, levels, tags = labels(Enterprise.UnitType), labels(Enterprise.Level), labels(Enterprise.Tag)
    found = rows.values_list(
        *("organisation__code", "organisation__name", "organisation__district", "unit_type", "legal_person"),
        *("address", "industry", "chain", "tags", "revenue", "rd_spend", "staff", "rd_staff", "senior_staff"),
        *("doctors", "rd_name", "rd_level", "contact", "contact_phone", "stations_now", "kept"),
    )

    def line(values):
        code, name, district, unit, legal, address, industry, chain, held, revenue, spent = values[:11]
        *figures, level = values[11:17]
        told = [code, name, places[district], types[unit], legal, address, industry, chains.get(chain)]
        told += [_("、").join(tags.get(tag, tag) for tag in held), in_wan(revenue), in_wan(spent)]
        return [*told, *figures, levels[level], *values[17:]]

    return Book(_("单位名册"), headings, map(line, found.iterator(2000)), localdate(), rows.count())


def in_wan(amount):
    """Yuan as the workbook says it, in 万元; None stays so."""
    return None if amount is None else amount / TEN_THOUSAND
