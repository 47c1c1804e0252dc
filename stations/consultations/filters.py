"""What the list of consultations can be narrowed by."""

import django_filters as filters
from django.utils.timezone import localdate
from django.utils.translation import gettext_lazy

from stations.filters import CaseFilter, StatusFilter
from stations.models import Consultation, ConsultationStatus


class TalkFilter(CaseFilter):
    topic = filters.ChoiceFilter(
        label=gettext_lazy("问题类别"), choices=Consultation.Topic.choices, empty_label=gettext_lazy("全部类别")
    )
    status = StatusFilter(label=gettext_lazy("环节"), choices=ConsultationStatus.choices)
    late = filters.ChoiceFilter(
        label=gettext_lazy("期限"),
        choices=[("late", gettext_lazy("已超期"))],
        method="only_late",
        empty_label=gettext_lazy("不论期限"),
    )

    class Meta:
        model = Consultation
        fields = ("q", "district", "topic", "status", "late")

    def only_late(self, rows, name, value):
        return rows.late(localdate())

    def search(self, rows, name, value):
        found = rows.filter(title__icontains=value) | rows.filter(enterprise__organisation__name__icontains=value)
        return super().search(rows, name, value) | found
