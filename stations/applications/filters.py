"""What lists of applications can be narrowed by; the API takes the same names."""

import django_filters as filters
from django.utils.translation import gettext_lazy as _

from portal.site import pack_of, remembered
from portal.words import localised
from stations.filters import CaseFilter, LocalisedFilter, StatusFilter, chains_for
from stations.models import Application, ApplicationStatus, ApplicationWindow, IndustryChain


def windows_for(user) -> list[tuple[int, str]]:
    """The batches of a person's city, the newest first; none where it takes applications all year."""
    pack = pack_of(user)
    rows = ApplicationWindow.objects.filter(pack=pack).order_by("-since", "pk")
    return [(row.pk, localised(row, "title")) for row in remembered(f"windows:{pack and pack.pk}", lambda: list(rows))]


class ApplicationFilter(CaseFilter):
    chain = LocalisedFilter(
        label=_("产业链"),
        queryset=IndustryChain.objects.none(),
        field_name="enterprise__chain",
        empty_label=_("全部产业链"),
    )
    status = StatusFilter(label=_("环节"), choices=ApplicationStatus.choices)
    window = filters.ChoiceFilter(label=_("批次"), empty_label=_("全部批次"))

    class Meta:
        model = Application
        fields = ("q", "district", "chain", "status", "window")

    def __init__(self, *args, request=None, **kwargs):
        super().__init__(*args, request=request, **kwargs)
        if request:
            self.filters["chain"].queryset = chains_for(request.user)
            if batches := windows_for(request.user):
                self.filters["window"].extra["choices"] = batches
            else:
                del self.filters["window"]
