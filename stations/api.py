"""Reading stations and applications by program: the same rows, filters and scopes as the pages."""

from django.urls import include, path
from rest_framework import serializers, viewsets
from rest_framework.routers import SimpleRouter

from portal.models.people import CASEWORK
from stations.filters import ApplicationFilter, PoolFilter, StationFilter
from stations.models import Application, PoolEntry, Station


class CaseSerializer(serializers.ModelSerializer):
    number = serializers.CharField(source="matter.number")
    enterprise = serializers.CharField(source="enterprise.organisation.name")
    code = serializers.CharField(source="enterprise.organisation.code")
    district = serializers.CharField(source="matter.district.code")
    changed_at = serializers.DateTimeField(source="matter.changed_at")


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


class StationSerializer(CaseSerializer):
    chain = serializers.CharField(source="chain.code", default=None)

    class Meta:
        model = Station
        fields = (
            *("number", "name", "enterprise", "code", "district", "kind", "level", "chain", "status"),
            *("approved_on", "approval_document", "approver", "ended_on", "end_document", "changed_at"),
        )


class Cases(viewsets.ReadOnlyModelViewSet):
    """Rows one may see, by number; a foreign row is 404."""

    roles = CASEWORK
    lookup_field = "matter__number"
    lookup_url_kwarg = "number"
    lookup_value_regex = "[A-Z]+-[A-Z]+-[0-9]+-[0-9]+"
    model: type

    def get_queryset(self):
        if getattr(self, "swagger_fake_view", False):  # the schema is drawn for nobody
            return self.model.objects.none()
        rows = self.model.objects.visible_to(self.request.user)
        return rows.select_related("matter__district", "enterprise__organisation", self.beside)


class Applications(Cases):
    model, beside = Application, "type"
    serializer_class = ApplicationSerializer
    filterset_class = ApplicationFilter


class Stations(Cases):
    model, beside = Station, "chain"
    serializer_class = StationSerializer
    filterset_class = StationFilter


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


class Pool(Cases):
    model, beside = PoolEntry, "target"
    serializer_class = PoolSerializer
    filterset_class = PoolFilter

    def get_queryset(self):
        rows = super().get_queryset().select_related("enterprise__chain", "application__matter")
        return rows.prefetch_related("bases")


router = SimpleRouter()
router.register("applications", Applications, basename="api_application")
router.register("stations", Stations, basename="api_station")
router.register("pool", Pool, basename="api_pool")
urlpatterns = [path("", include(router.urls))]
