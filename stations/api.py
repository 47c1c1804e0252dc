"""Reading stations and applications by program: the same rows, filters and scopes as the pages."""

from django.urls import include, path
from rest_framework import serializers
from rest_framework.routers import SimpleRouter

from stations import api_demands, api_office, api_rows
from stations.api_cases import Cases, CaseSerializer, UpdatedFilter
from stations.filters import ApplicationFilter, PoolFilter, StationFilter
from stations.models import Application, PoolEntry, Station


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


class ApplicationApiFilter(UpdatedFilter, ApplicationFilter):
    class Meta(ApplicationFilter.Meta):
        pass


class Applications(Cases):
    model, beside = Application, ("enterprise__organisation", "type")
    serializer_class, filterset_class = ApplicationSerializer, ApplicationApiFilter


class StationApiFilter(UpdatedFilter, StationFilter):
    """With `on`: the register as it was on that day."""

    class Meta(StationFilter.Meta):
        pass


class Stations(Cases):
    model, beside = Station, ("enterprise__organisation", "chain")
    serializer_class, filterset_class = StationSerializer, StationApiFilter


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


PLURALS = {
    "match": "matches",
    "university": "universities",
    "salary": "salaries",
    "standing": "standing",
    "publicity": "publicity",
}
router = SimpleRouter()
router.register("applications", Applications, basename="api_application")
router.register("stations", Stations, basename="api_station")
router.register("pool", Pool, basename="api_pool")
for name, viewset in (
    ("demand", api_demands.Demands),
    ("match", api_demands.Matches),
    ("university", api_demands.Universities),
    ("evaluation", api_demands.Rounds),
    ("assessment", api_demands.Assessments),
    ("enterprise", api_rows.Enterprises),
    ("certificate", api_rows.Certificates),
    ("research-organisation", api_rows.ResearchOrganisations),
    ("enterprise-event", api_rows.EnterpriseEvents),
    ("supervisor", api_rows.Supervisors),
    ("discipline", api_rows.Disciplines),
    ("partner", api_rows.Partners),
    ("manager", api_rows.Managers),
    ("salary", api_rows.Salaries),
    ("plate", api_rows.Plates),
    ("main-station", api_rows.MainStations),
    ("station-name", api_rows.StationNames),
    ("recruit", api_rows.RecruitsRows),
    ("overseas-studio", api_rows.Studios),
    ("standing", api_office.Standing),
    ("consultation", api_office.Talks),
    ("window", api_office.Windows),
    ("publicity", api_office.Publicity),
):
    plural = PLURALS.get(name, f"{name}s")
    router.register(plural, viewset, basename=f"api_{name.replace('-', '_')}")
urlpatterns = [path("", include(router.urls))]
