"""Reading postdocs by program: the same rows, filters and scopes as the page. No number of a paper, no telephone."""

from rest_framework import serializers

from postdocs.stays.filters import StayFilter
from postdocs.stays.models import Stay
from stations.api_cases import Cases, CaseSerializer, UpdatedFilter


class StayApiFilter(UpdatedFilter, StayFilter):
    class Meta(StayFilter.Meta):
        pass


class StaySerializer(CaseSerializer):
    """`person` is the same for all stays of one person. `degree_discipline` and `discipline`: national codes, of the
    doctorate and of the recruitment. `salary`: yuan a year. `ended_on`: the first day on which it is no longer so."""

    enterprise = serializers.CharField(source="matter.organisation.name")
    code = serializers.CharField(source="matter.organisation.code")
    station = serializers.CharField(source="station.matter.number")
    chain = serializers.CharField(source="station.chain.code", default=None)
    person = serializers.UUIDField(source="person_id")
    name = serializers.CharField(source="person.name")
    degree_school = serializers.CharField(source="person.degree_school")
    degree_on = serializers.DateField(source="person.degree_on")
    degree_discipline = serializers.CharField(source="person.discipline")
    flow_university = serializers.CharField(source="flow_station.university.name", default=None)
    match = serializers.CharField(source="match.matter.number", default=None)
    in_service = serializers.BooleanField(allow_null=True)

    class Meta:
        model = Stay
        fields = (
            *("number", "person", "name", "enterprise", "code", "district", "station", "chain", "status"),
            *("recruit_type", "identity", "in_service", "degree_school", "degree_on", "degree_discipline"),
            *("flow_university", "flow_supervisor", "discipline", "supervisor_name", "topic", "contract_since"),
            *("planned_until", "salary", "channel", "entered_on", "committee_number", "reported_on", "ended_on"),
            *("certificate_number", "withdrawn_on", "withdrawal_ground", "match", "changed_at"),
        )


class Postdocs(Cases):
    model = Stay
    beside = (
        *("matter__organisation", "person", "station__matter", "station__chain", "flow_station__university"),
        "match__matter",
    )
    serializer_class, filterset_class = StaySerializer, StayApiFilter
