"""Reading returns by program: their state and lines; what is frozen is downloaded as it was sealed."""

import django_filters as filters
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from portal.models.people import CASEWORK, UNIT
from stations.api_cases import Cases, UpdatedFilter
from targets.models import Frozen, QuarterlyReturn, ReturnLine, ReturnStatus


class ReturnFilter(UpdatedFilter):
    plan = filters.CharFilter(field_name="quarter__plan__code")
    until = filters.DateFilter(field_name="quarter__until")
    district = filters.CharFilter(field_name="district__code")
    status = filters.ChoiceFilter(choices=ReturnStatus.choices)

    class Meta:
        model = QuarterlyReturn
        fields = ("plan", "until", "district", "status", "updated_since")


class ReturnLineSerializer(serializers.ModelSerializer):
    """`system` as handed in last, null before; `stated` null: as the system has it."""

    indicator = serializers.CharField(source="indicator.code")

    class Meta:
        model = ReturnLine
        fields = ("indicator", "system", "stated", "comment", "target", "pace", "state", "why", "measures")


class FrozenSerializer(serializers.ModelSerializer):
    class Meta:
        model = Frozen
        fields = ("version", "known_on", "on", "digest")


class ReturnSerializer(serializers.ModelSerializer):
    number = serializers.CharField(source="matter.number")
    plan = serializers.CharField(source="quarter.plan.code")
    until = serializers.DateField(source="quarter.until")
    district = serializers.CharField(source="district.code")
    due_on = serializers.DateField(source="matter.due_on", allow_null=True)
    lines = serializers.SerializerMethodField()
    versions = FrozenSerializer(many=True)
    changed_at = serializers.DateTimeField(source="matter.changed_at")

    class Meta:
        model = QuarterlyReturn
        fields = ("number", "plan", "until", "district", "status", "due_on", "lines", "versions", "changed_at")

    @extend_schema_field(ReturnLineSerializer(many=True))
    def get_lines(self, row):
        lines = sorted(row.lines.all(), key=lambda line: (line.indicator.order, line.indicator_id))
        return ReturnLineSerializer(lines, many=True).data


class Returns(Cases):
    roles = CASEWORK - UNIT
    model, beside = QuarterlyReturn, ("quarter__plan", "district")
    serializer_class, filterset_class = ReturnSerializer, ReturnFilter

    def get_queryset(self):
        return super().get_queryset().prefetch_related("lines__indicator", "versions")
