"""Reading applications by program: the same rows, filters and scopes as the pages."""

from rest_framework import serializers

from stations.api_cases import Cases, CaseSerializer, UpdatedFilter
from stations.applications.filters import ApplicationFilter
from stations.models import Application


class ApplicationSerializer(CaseSerializer):
    type = serializers.CharField(source="type.code")
    filed_on = serializers.DateField(source="matter.filed_on")
    due_on = serializers.DateField(source="matter.due_on")

    class Meta:
        model = Application
        fields = (
            "number",
            "type",
            "enterprise",
            "code",
            "district",
            "status",
            "route",
            "filed_on",
            "due_on",
            "changed_at",
        )


class ApplicationApiFilter(UpdatedFilter, ApplicationFilter):
    class Meta(ApplicationFilter.Meta):
        pass


class Applications(Cases):
    model, beside = Application, ("enterprise__organisation", "type")
    serializer_class, filterset_class = ApplicationSerializer, ApplicationApiFilter
