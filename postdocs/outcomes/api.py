"""Reading outcomes by program: the same rows, filters and scopes as the pages."""

from rest_framework import serializers

from postdocs.outcomes.filters import OutcomeFilter
from postdocs.outcomes.models import Outcome
from stations.api_cases import Cases, CaseSerializer, UpdatedFilter


class OutcomeSerializer(CaseSerializer):
    """`owners` in their order; `details` holds what only its kind tells."""

    enterprise = serializers.CharField(source="matter.organisation.name")
    code = serializers.CharField(source="matter.organisation.code")
    station = serializers.CharField(source="station.matter.number")
    owners = serializers.ListField(source="names", child=serializers.CharField())

    class Meta:
        model = Outcome
        fields = (
            *("number", "kind", "title", "done_on", "owners", "enterprise", "code", "district", "station", "status"),
            *("details", "granted_on", "verified_on", "voided_on", "changed_at"),
        )


class OutcomeApiFilter(UpdatedFilter, OutcomeFilter):
    class Meta(OutcomeFilter.Meta):
        pass


class Outcomes(Cases):
    model = Outcome
    serializer_class, filterset_class = OutcomeSerializer, OutcomeApiFilter

    def get_queryset(self):
        return super().get_queryset().for_list()
