"""Reading demands, matches and universities by program. Whom to call is asked on the pages."""

import django_filters as filters
from rest_framework import mixins, serializers, viewsets

from portal.models.people import BUREAU, CASEWORK
from stations.api_cases import Cases, CaseSerializer, UpdatedFilter
from stations.demands.filters import DemandFilter, MatchFilter, UniversityFilter
from stations.models import Demand, FlowStation, Match, Pairing, University


class DemandApiFilter(UpdatedFilter, DemandFilter):
    class Meta(DemandFilter.Meta):
        pass


class DemandSerializer(CaseSerializer):
    """`salary`: yuan a year for each person; `funding`: yuan for the research; `disciplines`: national codes."""

    station = serializers.CharField(source="station.matter.number", default=None)
    chain = serializers.CharField(source="chain.code", default=None)
    disciplines = serializers.ListField(child=serializers.CharField())

    class Meta:
        model = Demand
        fields = (
            *("number", "enterprise", "code", "district", "station", "kind", "title", "description", "goals", "chain"),
            *("disciplines", "people", "salary", "funding", "deadline", "bottleneck", "scope", "status"),
            *("published_on", "changed_at"),
        )


class Demands(Cases):
    model, beside = Demand, ("enterprise__organisation", "chain", "station__matter")
    serializer_class, filterset_class = DemandSerializer, DemandApiFilter


class MatchApiFilter(UpdatedFilter, MatchFilter):
    class Meta(MatchFilter.Meta):
        pass


class MatchSerializer(CaseSerializer):
    """`matched_on`: both sides had met by then, and a follow-up was on record. `meetings`: of both sides."""

    enterprise = serializers.CharField(source="matter.organisation.name")
    code = serializers.CharField(source="matter.organisation.code")
    demand = serializers.CharField(source="demand.matter.number")
    university = serializers.CharField(source="flow.university.name")
    discipline = serializers.CharField(source="flow.discipline")

    class Meta:
        model = Match
        fields = (
            *("number", "enterprise", "code", "district", "demand", "university", "discipline", "channel", "status"),
            *("meetings", "met_on", "matched_on", "signed_on", "entered_on", "people", "changed_at"),
        )


class Matches(Cases):
    model, beside = Match, ("matter__organisation", "demand__matter", "flow__university")
    serializer_class, filterset_class = MatchSerializer, MatchApiFilter


# --- universities ------------------------------------------------------------------------------


class FlowStationSerializer(serializers.ModelSerializer):
    discipline_name = serializers.CharField()
    chains = serializers.SlugRelatedField("code", many=True, read_only=True)

    class Meta:
        model = FlowStation
        fields = ("discipline", "discipline_name", "approved_year", "head", "strengths", "chains")


class UniversitySerializer(serializers.ModelSerializer):
    """`phone` is that of the postdoc office."""

    flows = FlowStationSerializer(many=True, read_only=True)

    class Meta:
        model = University
        fields = ("id", "name", "name_en", "province", "double_first", "key", "office", "phone", "flows")


class Universities(mixins.ListModelMixin, viewsets.GenericViewSet):
    """The register of one's city, each with its flow stations."""

    roles = CASEWORK
    serializer_class, filterset_class = UniversitySerializer, UniversityFilter

    def get_queryset(self):
        if getattr(self, "swagger_fake_view", False):
            return University.objects.none()
        return University.objects.visible_to(self.request.user).prefetch_related("flows__chains")


# --- pairing -----------------------------------------------------------------------------------


class PairingFilter(filters.FilterSet):
    kept = filters.BooleanFilter()
    updated_since = filters.IsoDateTimeFilter(field_name="changed_at", lookup_expr="gte")


class PairingSerializer(serializers.ModelSerializer):
    """`kept`: the bureau has looked at it; others may be proposed anew."""

    enterprise = serializers.CharField(source="enterprise.organisation.name")
    code = serializers.CharField(source="enterprise.organisation.code")
    university = serializers.CharField(source="university.name")

    class Meta:
        model = Pairing
        fields = ("id", "enterprise", "code", "university", "kept", "changed_at")


class Pairings(mixins.ListModelMixin, viewsets.GenericViewSet):
    """Which key host is brought together with which university, for the bureau as on its page."""

    roles = BUREAU
    serializer_class, filterset_class = PairingSerializer, PairingFilter

    def get_queryset(self):
        if getattr(self, "swagger_fake_view", False):
            return Pairing.objects.none()
        rows = Pairing.objects.visible_to(self.request.user)
        return rows.select_related("enterprise__organisation", "university")
