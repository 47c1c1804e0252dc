"""Reading stations by program: the same rows, filters and scopes as the pages."""

from rest_framework import serializers

from stations.api_cases import Cases, CaseSerializer, UpdatedFilter
from stations.models import Station
from stations.register.filters import StationFilter


class StationSerializer(CaseSerializer):
    """`status` and `enterprise` are those of the day asked for with `on`, today if none was."""

    enterprise = serializers.CharField(source="owner_then")
    status = serializers.CharField(source="status_then")
    chain = serializers.CharField(source="chain.code", default=None)

    class Meta:
        model = Station
        fields = (
            *("number", "name", "enterprise", "code", "district", "kind", "level", "chain", "status"),
            *("approved_on", "approval_document", "approver", "ended_on", "end_document", "changed_at"),
        )


class StationApiFilter(UpdatedFilter, StationFilter):
    """With `on`: the register as it was on that day."""

    class Meta(StationFilter.Meta):
        pass


class Stations(Cases):
    model, beside = Station, ("enterprise__organisation", "chain")
    serializer_class, filterset_class = StationSerializer, StationApiFilter
