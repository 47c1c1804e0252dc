"""Reading rounds of evaluation and their sheets by program."""

import django_filters as filters
from rest_framework import serializers

from portal.models.people import CASEWORK, UNIT
from stations.api_cases import Cases, CaseSerializer, UpdatedFilter
from stations.evaluation.filters import SheetFilter
from stations.filters import DayFilter
from stations.ledger.api import Rows
from stations.models import Evaluation, Honour, Sheet


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


class HonourFilter(filters.FilterSet):
    """`on`: those held on that day."""

    station = filters.CharFilter(field_name="station__matter__number")
    code = filters.CharFilter()
    on = DayFilter(method="held")

    def held(self, rows, name, value):
        return rows.held(value)


class HonourSerializer(serializers.ModelSerializer):
    """`ended_on` is the first day on which the title is no longer held; `assessment`: the sheet it rests on."""

    station = serializers.CharField(source="station.matter.number")
    assessment = serializers.CharField(source="sheet.matter.number", default=None)

    class Meta:
        model = Honour
        fields = (
            *("id", "station", "code", "title", "title_en", "awarded_on", "document", "ended_on", "end_document"),
            "assessment",
        )


class Honours(Rows):
    model, serializer_class, filterset_class = Honour, HonourSerializer, HonourFilter
    beside = ("station__matter", "sheet__matter")
