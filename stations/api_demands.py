"""Reading demands, matches, universities and evaluations by program. Whom to call is asked on the pages."""

import django_filters as filters
from rest_framework import mixins, serializers, viewsets

from portal.models.people import CASEWORK, UNIT
from stations.api_cases import Cases, CaseSerializer, UpdatedFilter
from stations.demand_filters import DemandFilter, MatchFilter, UniversityFilter
from stations.evaluation_forms import SheetFilter
from stations.models import Demand, Evaluation, FlowStation, Match, Sheet, University


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


# --- evaluation --------------------------------------------------------------------------------


class RoundFilter(UpdatedFilter):
    status = filters.CharFilter()

    class Meta:
        model = Evaluation
        fields = ("status",)


class RoundSerializer(serializers.ModelSerializer):
    """Figures are those of [since, until)."""

    number = serializers.CharField(source="matter.number")
    scheme = serializers.CharField(source="scheme.code")
    changed_at = serializers.DateTimeField(source="matter.changed_at")

    class Meta:
        model = Evaluation
        fields = (
            *("number", "name", "name_en", "scheme", "since", "until", "cut_off", "report_by", "status"),
            *("publicity_since", "publicity_until", "published_on", "document", "changed_at"),
        )


class Rounds(Cases):
    roles = CASEWORK - UNIT
    model, beside = Evaluation, ("scheme",)
    serializer_class, filterset_class = RoundSerializer, RoundFilter


class AssessmentFilter(UpdatedFilter, SheetFilter):
    """`evaluation`: the number of the round."""

    evaluation = filters.CharFilter(field_name="evaluation__matter__number")

    class Meta(SheetFilter.Meta):
        pass


class AssessmentSerializer(CaseSerializer):
    """`grade`, `grade_title` and `score` are null until the result is published, whoever asks."""

    enterprise = serializers.CharField(source="matter.organisation.name")
    code = serializers.CharField(source="matter.organisation.code")
    evaluation = serializers.CharField(source="evaluation.matter.number")
    station = serializers.CharField(source="station.matter.number")
    grade = serializers.CharField(source="shown_grade.code", default=None)
    grade_title = serializers.CharField(source="shown_grade", default=None)
    score = serializers.SerializerMethodField()

    class Meta:
        model = Sheet
        fields = (
            *("number", "evaluation", "station", "enterprise", "code", "district", "status", "grade", "grade_title"),
            *("score", "changed_at"),
        )

    def get_score(self, sheet) -> str | None:
        return str(sheet.final_score) if sheet.decision else None


class Assessments(Cases):
    model = Sheet
    beside = ("matter__organisation", "evaluation__matter", "station__matter", "grade")
    serializer_class, filterset_class = AssessmentSerializer, AssessmentFilter
