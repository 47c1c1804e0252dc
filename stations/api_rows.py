"""Reading by program what is kept of stations and enterprises as dated rows. Numbers of persons are not given out."""

from typing import Any

import django_filters as filters
from django.db.models import Q
from django.utils.timezone import localdate
from rest_framework import mixins, serializers, viewsets

from portal.models.people import CASEWORK
from stations.filters import DayFilter
from stations.models import (
    Certificate,
    Enterprise,
    EnterpriseEvent,
    MainStation,
    Manager,
    OverseasStudio,
    Partner,
    Plate,
    Recruits,
    ResearchOrganisation,
    SalaryPromise,
    Station,
    StationDiscipline,
    StationName,
    Supervisor,
)


class Rows(mixins.ListModelMixin, viewsets.GenericViewSet):
    """Rows of stations or enterprises that one may see, the newest first."""

    roles = CASEWORK
    model: type
    owner: str = "station"
    beside: tuple[str, ...] = ("station__matter",)
    owners: Any = Station

    def get_queryset(self):
        if getattr(self, "swagger_fake_view", False):  # the schema is drawn for nobody
            return self.model.objects.none()
        seen = self.owners.objects.visible_to(self.request.user)
        return self.model.objects.filter(**{f"{self.owner}__in": seen}).select_related(*self.beside)


# --- of stations -------------------------------------------------------------------------------


class RowFilter(filters.FilterSet):
    """`on`: those in force on that day. `updated_since`: written or corrected since that moment."""

    station = filters.CharFilter(field_name="station__matter__number")
    on = DayFilter(method="in_force")
    updated_since = filters.IsoDateTimeFilter(field_name="recorded_at", lookup_expr="gte")

    def in_force(self, rows, name, value):
        return rows.on(value)


class NameFilter(filters.FilterSet):
    station = filters.CharFilter(field_name="station__matter__number")
    updated_since = filters.IsoDateTimeFilter(field_name="recorded_at", lookup_expr="gte")


class RowSerializer(serializers.ModelSerializer):
    """`until` is the first day on which it is no longer so; none: it still is."""

    station = serializers.CharField(source="station.matter.number")


PERIOD = ("since", "until", "recorded_at")


class StationRows(Rows):
    filterset_class = RowFilter


class SupervisorSerializer(RowSerializer):
    class Meta:
        model = Supervisor
        fields = ("id", "station", "name", "title", "field", "full_time", *PERIOD)


class Supervisors(StationRows):
    model, serializer_class = Supervisor, SupervisorSerializer


class DisciplineSerializer(RowSerializer):
    name = serializers.CharField(source="__str__")

    class Meta:
        model = StationDiscipline
        fields = ("id", "station", "code", "name", *PERIOD)


class Disciplines(StationRows):
    model, serializer_class = StationDiscipline, DisciplineSerializer


class PartnerSerializer(RowSerializer):
    class Meta:
        model = Partner
        fields = ("id", "station", "university", "flow_station", *PERIOD)


class Partners(StationRows):
    model, serializer_class = Partner, PartnerSerializer


class ManagerSerializer(RowSerializer):
    class Meta:
        model = Manager
        fields = ("id", "station", "name", "leader", *PERIOD)


class Managers(StationRows):
    model, serializer_class = Manager, ManagerSerializer


class SalarySerializer(RowSerializer):
    """`amount`: yuan for one person and year, before tax."""

    class Meta:
        model = SalaryPromise
        fields = ("id", "station", "amount", *PERIOD)


class Salaries(StationRows):
    model, serializer_class = SalaryPromise, SalarySerializer


class PlateSerializer(RowSerializer):
    class Meta:
        model = Plate
        fields = ("id", "station", *PERIOD)


class Plates(StationRows):
    model, serializer_class = Plate, PlateSerializer


class MainStationSerializer(RowSerializer):
    main = serializers.CharField(source="main.matter.number")

    class Meta:
        model = MainStation
        fields = ("id", "station", "main", "document", *PERIOD)


class MainStations(StationRows):
    model, serializer_class = MainStation, MainStationSerializer
    beside = ("station__matter", "main__matter")


class StudioSerializer(RowSerializer):
    """`postdocs` is null where it isn't known. Whom to call is asked on the pages."""

    class Meta:
        model = OverseasStudio
        fields = ("id", "station", "country", "city", "host", "postdocs", "document", *PERIOD)


class Studios(StationRows):
    model, serializer_class = OverseasStudio, StudioSerializer


class RecruitsFilter(filters.FilterSet):
    """`on`: what was counted by that day. `updated_since`: from the day of that moment on, for these rows keep days."""

    station = filters.CharFilter(field_name="station__matter__number")
    year = filters.NumberFilter()
    on = DayFilter(field_name="counted_on", lookup_expr="lte")
    updated_since = filters.IsoDateTimeFilter(method="changed")

    def changed(self, rows, name, value):
        day = localdate(value)
        return rows.filter(Q(recorded_on__gte=day) | Q(confirmed_on__gte=day))


class RecruitsSerializer(serializers.ModelSerializer):
    """A year without a row is not known; one with 0 had none. `pay`: yuan on average. `confirmed_on` is null until an official has looked."""

    station = serializers.CharField(source="station.matter.number")

    class Meta:
        model = Recruits
        fields = (
            *("id", "station", "year", "entered", "last_on", "present", "pay", "counted_on", "source"),
            *("recorded_on", "confirmed_on"),
        )


class RecruitsRows(Rows):
    """What each station recruited, year by year."""

    model, serializer_class, filterset_class = Recruits, RecruitsSerializer, RecruitsFilter


class StationNameSerializer(serializers.ModelSerializer):
    """A name that the station bore until before the day `until`."""

    station = serializers.CharField(source="station.matter.number")

    class Meta:
        model = StationName
        fields = ("id", "station", "name", "name_en", "until", "document", "recorded_at")


class StationNames(Rows):
    model, serializer_class, filterset_class = StationName, StationNameSerializer, NameFilter


# --- of enterprises ----------------------------------------------------------------------------


class EnterpriseRowFilter(filters.FilterSet):
    """`enterprise`: its credit code."""

    enterprise = filters.CharFilter(field_name="enterprise__organisation__code")
    on = DayFilter(method="in_force")
    updated_since = filters.IsoDateTimeFilter(field_name="recorded_at", lookup_expr="gte")

    def in_force(self, rows, name, value):
        return rows.on(value)


class EventFilter(EnterpriseRowFilter):
    on = DayFilter(lookup_expr="lte", field_name="on")


class EnterpriseRowSerializer(serializers.ModelSerializer):
    enterprise = serializers.CharField(source="enterprise.organisation.code")


class EnterpriseRows(Rows):
    owner, owners, beside = "enterprise", Enterprise, ("enterprise__organisation",)
    filterset_class = EnterpriseRowFilter


class CertificateSerializer(EnterpriseRowSerializer):
    class Meta:
        model = Certificate
        fields = ("id", "enterprise", "tag", "number", *PERIOD)


class Certificates(EnterpriseRows):
    model, serializer_class = Certificate, CertificateSerializer


class ResearchSerializer(EnterpriseRowSerializer):
    class Meta:
        model = ResearchOrganisation
        fields = ("id", "enterprise", "name", "level", "document", *PERIOD)


class ResearchOrganisations(EnterpriseRows):
    model, serializer_class = ResearchOrganisation, ResearchSerializer


class EnterpriseEventSerializer(EnterpriseRowSerializer):
    class Meta:
        model = EnterpriseEvent
        fields = ("id", "enterprise", "kind", "on", "document", "before", "after", "recorded_at")


class EnterpriseEvents(EnterpriseRows):
    model, serializer_class, filterset_class = EnterpriseEvent, EnterpriseEventSerializer, EventFilter


class EnterpriseFilter(filters.FilterSet):
    code = filters.CharFilter(field_name="organisation__code")
    district = filters.CharFilter(field_name="organisation__district__code")
    chain = filters.CharFilter(field_name="chain__code")
    tag = filters.ChoiceFilter(choices=Enterprise.Tag.choices, method="tagged")

    def tagged(self, rows, name, value):
        return rows.filter(tags__contains=[value])


class EnterpriseSerializer(serializers.ModelSerializer):
    """Money is yuan of the last year, people are heads at its end; nothing told is null. Whom to call is not given."""

    code = serializers.CharField(source="organisation.code")
    name = serializers.CharField(source="organisation.name")
    district = serializers.CharField(source="organisation.district.code")
    chain = serializers.CharField(source="chain.code", default=None)
    tags = serializers.ListField(child=serializers.CharField())

    class Meta:
        model = Enterprise
        fields = (
            *("code", "name", "district", "chain", "tags", "unit_type", "legal_person", "industry", "revenue"),
            *("rd_spend", "staff", "rd_staff", "senior_staff", "doctors", "rd_name", "rd_level", "confirmed_on"),
        )


class Enterprises(mixins.ListModelMixin, viewsets.GenericViewSet):
    """Enterprises that one may see."""

    roles = CASEWORK
    serializer_class, filterset_class = EnterpriseSerializer, EnterpriseFilter

    def get_queryset(self):
        if getattr(self, "swagger_fake_view", False):
            return Enterprise.objects.none()
        rows = Enterprise.objects.visible_to(self.request.user)
        return rows.select_related("organisation__district", "chain")
