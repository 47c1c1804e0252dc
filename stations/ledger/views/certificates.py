"""Certificates behind the tags of enterprises: one's own, and those of a district that are near their end."""

from datetime import timedelta

import django_filters as filters
from django import forms
from django.db.models import Q
from django.shortcuts import render
from django.urls import reverse
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from portal.exports import Book, exported, labels, names
from portal.models import District
from portal.paging import Paginator
from portal.site import pack_of
from stations.enterprises.views import handles, own
from stations.filters import LocalisedFilter
from stations.ledger import certificates as state
from stations.ledger.certificates import STATES, papers
from stations.models import Certificate, Enterprise

PAGE = 50


class CertificateFilter(filters.FilterSet):
    """Without a state asked for, what somebody should see to."""

    q = filters.CharFilter(
        label=gettext_lazy("单位、证书编号"),
        method="search",
        widget=forms.TextInput(attrs={"type": "search", "placeholder": gettext_lazy("单位、证书编号")}),
    )
    district = LocalisedFilter(
        label=gettext_lazy("区镇"),
        queryset=District.objects.none(),
        field_name="enterprise__organisation__district",
        empty_label=gettext_lazy("全部区镇"),
    )
    tag = filters.ChoiceFilter(
        label=gettext_lazy("企业资质"), choices=Enterprise.Tag.choices, empty_label=gettext_lazy("全部资质")
    )
    state = filters.ChoiceFilter(
        label=gettext_lazy("状态"),
        choices=[*STATES.items(), ("all", gettext_lazy("全部"))],
        method="in_state",
        empty_label=gettext_lazy("将到期和已到期"),
    )

    class Meta:
        model = Certificate
        fields = ("q", "district", "tag", "state")

    def __init__(self, *args, request=None, **kwargs):
        super().__init__(*args, request=request, **kwargs)
        districts = District.objects.filter(pk__in=request.user.scope.districts, children=None).order_by("path_order")
        self.filters["district"].queryset = districts

    def search(self, rows, name, value):
        return rows.filter(
            Q(enterprise__organisation__name__icontains=value)
            | Q(enterprise__organisation__code=value.upper())
            | Q(number__icontains=value)
        )

    def in_state(self, rows, name, value):
        return rows if value == "all" else rows.filter(state=value)

    def filter_queryset(self, queryset):
        rows = super().filter_queryset(queryset)
        asked = self.form.cleaned_data.get("state")
        return rows if asked else rows.filter(state__in=["ending", "ended"])


def filtered(request):
    days = state.warning_days(pack_of(request.user))
    rows = state.with_state(Certificate.objects.visible_to(request.user), localdate(), days)
    rows = rows.select_related("enterprise__organisation__district").order_by("until", "pk")
    chosen = CertificateFilter(request.GET, rows, request=request)
    return chosen, chosen.qs, days


def certificates(request):
    """Certificates of the enterprises one may see, the next to end first."""
    chosen, rows, days = filtered(request)
    today = localdate()
    page = Paginator(rows, PAGE).get_page(request.GET.get("page"))
    context = {
        "page": page,
        "rows": [(row, row.until and row.until - timedelta(1), left(row, today), STATES[row.state]) for row in page],
        "filter": chosen,
        "days": days,
        "export_url": f"{reverse('stations:certificates_export')}?{request.GET.urlencode()}",
    }
    return render(request, "stations/certificate_list.html", context)


def left(row: Certificate, today) -> int | None:
    """Days on which it still holds, today included; nothing for one that is over or has no end."""
    return max((row.until - today).days, 0) if row.until else None


@exported("certificates")
def export(request):
    """The same list as a workbook."""
    _chosen, rows, _days = filtered(request)
    headings = [_("设站单位"), _("统一社会信用代码"), _("区镇"), _("企业资质"), _("证书编号"), _("发证日期")]
    headings += [_("有效期至"), _("状态"), _("联系人"), _("联系电话")]
    places, tags = names(District.objects.all()), labels(Enterprise.Tag)
    states = {code: str(label) for code, label in STATES.items()}
    values = rows.values_list(
        *("enterprise__organisation__name", "enterprise__organisation__code", "enterprise__organisation__district"),
        *("tag", "number", "since", "until", "state", "enterprise__contact", "enterprise__contact_phone"),
    )
    lines = (
        [owner, code, places[place], tags[tag], number, since, until and until - timedelta(1), states[now], *contact]
        for owner, code, place, tag, number, since, until, now, *contact in values.iterator(2000)
    )
    return Book(_("企业资质证书"), headings, lines, localdate(), rows.count())


def own_papers(request):
    """The enterprise's own certificates and research organisations; the handler writes, the other account reads."""
    enterprise, today = own(request), localdate()
    return render(
        request,
        "stations/papers.html",
        {"enterprise": enterprise, "may_edit": handles(request.user, enterprise.pk), **papers(enterprise, today)},
    )
