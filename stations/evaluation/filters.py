"""What the sheets of a round can be narrowed by."""

import django_filters as filters
from django.utils.translation import gettext_lazy

from stations.filters import CaseFilter
from stations.models import Sheet, SheetStatus


class SheetFilter(CaseFilter):
    status = filters.ChoiceFilter(
        label=gettext_lazy("环节"), choices=SheetStatus.choices, empty_label=gettext_lazy("全部环节")
    )

    class Meta:
        model = Sheet
        fields = ("q", "district", "status")
