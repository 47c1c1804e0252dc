"""Reading cases of standing and yearly recruits by program."""

import django_filters as filters
from django.db.models import Prefetch, Q
from django.utils.timezone import localdate
from rest_framework import serializers

from portal.models import Confirmation
from portal.models.people import UNIT
from stations.api_cases import Cases, CaseSerializer, UpdatedFilter
from stations.filters import CaseFilter, DayFilter
from stations.ledger.api import Rows
from stations.models import Recruits, Remedy, StandingCase, StandingStatus
from stations.standing.actions import OPINION


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


class StandingApiFilter(UpdatedFilter, CaseFilter):
    """`rule`: the code of a clock."""

    status = filters.MultipleChoiceFilter(distinct=False, choices=StandingStatus.choices)
    station = filters.CharFilter(field_name="station__matter__number")
    rule = filters.CharFilter(field_name="clock__code")

    class Meta:
        model = StandingCase
        fields = ("q", "district", "status", "station", "rule")


class RemedySerializer(serializers.ModelSerializer):
    class Meta:
        model = Remedy
        fields = ("text", "due_on", "done_on", "result")


class StandingSerializer(CaseSerializer):
    """`rectify_by` is the last day. `opinion` is the district's, and null for an enterprise. `evaluation`: the round
    whose result it rests on."""

    enterprise = serializers.CharField(source="matter.organisation.name")
    code = serializers.CharField(source="matter.organisation.code")
    station = serializers.CharField(source="station.matter.number")
    rule = serializers.CharField(source="clock.code", default=None)
    evaluation = serializers.CharField(source="sheet.evaluation.matter.number", default=None)
    remedies = RemedySerializer(many=True)
    opinion = serializers.SerializerMethodField()
    closed_on = serializers.DateField(source="matter.closed_on")

    class Meta:
        model = StandingCase
        fields = (
            *("number", "station", "enterprise", "code", "district", "rule", "assumed", "evaluation", "ground"),
            *("status", "started_on", "rectify_since", "rectify_by", "remedies", "opinion", "returned_on"),
            *("barred_until", "closed_on", "changed_at"),
        )

    def get_opinion(self, case) -> dict | None:
        if self.context["request"].user.scope.roles & UNIT or not case.matter.opinions:
            return None
        row = case.matter.opinions[0]
        return {"agrees": row.verdict, "note": row.note, "since": row.since}


class Standing(Cases):
    model = StandingCase
    beside = ("matter__organisation", "station__matter", "clock", "sheet__evaluation__matter")
    serializer_class, filterset_class = StandingSerializer, StandingApiFilter

    def get_queryset(self):
        told = Confirmation.objects.filter(topic=OPINION, until=None)
        rows = super().get_queryset().prefetch_related("remedies")
        return rows.prefetch_related(Prefetch("matter__confirmations", told, to_attr="opinions"))
