"""Reading reported figures by program: every row that was ever reported, the last word of a period is the newest."""

import django_filters as filters
from rest_framework import mixins, serializers, viewsets

from portal.models.people import FIGURES
from targets.models import Reading


class ReadingFilter(filters.FilterSet):
    plan = filters.CharFilter(field_name="indicator__plan__code")
    indicator = filters.CharFilter(field_name="indicator__code")
    on = filters.DateFilter()
    updated_since = filters.IsoDateTimeFilter(field_name="reported_at", lookup_expr="gte")

    class Meta:
        model = Reading
        fields = ("plan", "indicator", "on", "updated_since")


class ReadingSerializer(serializers.ModelSerializer):
    """`value` null takes back what was reported before for the same indicator, district and day."""

    plan = serializers.CharField(source="indicator.plan.code")
    indicator = serializers.CharField(source="indicator.code")
    district = serializers.CharField(source="district.code")

    class Meta:
        model = Reading
        fields = (
            *("plan", "indicator", "district", "on", "value", "estimated", "source", "comment", "why", "measures"),
            "reported_at",
        )


class Readings(mixins.ListModelMixin, viewsets.GenericViewSet):
    roles = FIGURES
    serializer_class, filterset_class = ReadingSerializer, ReadingFilter

    def get_queryset(self):
        if getattr(self, "swagger_fake_view", False):
            return Reading.objects.none()
        rows = Reading.objects.filter(district__in=self.request.user.scope.figures)
        return rows.select_related("indicator__plan", "district")
