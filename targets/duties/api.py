"""Reading the work list by program: every time a duty falls due that one may see."""

from rest_framework import serializers

from portal.models.people import FIGURES
from stations.api_cases import Cases, UpdatedFilter
from targets.duties.filters import DutyFilter
from targets.duties.models import Occurrence


class DutyApiFilter(UpdatedFilter, DutyFilter):
    class Meta(DutyFilter.Meta):
        pass


class OccurrenceSerializer(serializers.ModelSerializer):
    """`code` and `no`: the duty in its list; `period`: 2026, 2026Q1, 2026-02, 2026H2, once or all. `number`: what was
    reported; `figure`: what the portal had counted then."""

    number = serializers.CharField(source="matter.number")
    code = serializers.CharField(source="duty.code")
    no = serializers.CharField(source="duty.no")
    title = serializers.CharField(source="duty.title")
    group = serializers.CharField(source="duty.group")
    clause = serializers.CharField(source="duty.clause.number")
    document = serializers.CharField(source="duty.clause.document.code")
    recurrence = serializers.CharField(source="duty.recurrence")
    lead = serializers.CharField(source="lead.name")
    goal_unit = serializers.CharField(source="duty.goal_unit")
    reported = serializers.DecimalField(12, 2, source="number", allow_null=True)
    changed_at = serializers.DateTimeField(source="matter.changed_at")

    class Meta:
        model = Occurrence
        fields = (
            *("number", "code", "no", "title", "group", "document", "clause", "recurrence", "period", "since"),
            *("due_on", "lead", "goal", "goal_unit", "status", "reported", "figure", "note", "reported_on"),
            "changed_at",
        )


class Occurrences(Cases):
    roles = FIGURES
    model, beside = Occurrence, ("duty__clause__document", "lead")
    serializer_class, filterset_class = OccurrenceSerializer, DutyApiFilter
