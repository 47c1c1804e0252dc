"""Reading the reserve pool by program: the same rows, filters and scopes as the pages."""

from rest_framework import serializers

from stations.api_cases import Cases, CaseSerializer, UpdatedFilter
from stations.models import PoolEntry
from stations.pool.filters import PoolFilter


class PoolSerializer(CaseSerializer):
    chain = serializers.CharField(source="enterprise.chain.code", default=None)
    target = serializers.CharField(source="target.code")
    bases = serializers.SlugRelatedField("code", many=True, read_only=True)
    application = serializers.CharField(source="application.matter.number", default=None)

    class Meta:
        model = PoolEntry
        fields = (
            *("number", "enterprise", "code", "district", "chain", "status", "source", "tier", "bases", "intention"),
            *("target", "target_year", "entered_on", "ended_on", "left_because", "application", "changed_at"),
        )


class PoolApiFilter(UpdatedFilter, PoolFilter):
    class Meta(PoolFilter.Meta):
        pass


class Pool(Cases):
    model, beside = PoolEntry, ("enterprise__organisation", "enterprise__chain", "target", "application__matter")
    serializer_class, filterset_class = PoolSerializer, PoolApiFilter

    def get_queryset(self):
        return super().get_queryset().prefetch_related("bases")
