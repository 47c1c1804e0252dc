"""Reading by program what the offices do with stations: standing, consultations, batches, and what is public."""

import django_filters as filters
from django.db.models import Prefetch
from rest_framework import mixins, serializers, viewsets

from portal.models import Confirmation
from portal.models.people import CASEWORK, UNIT
from portal.site import pack_of
from stations import publicity
from stations.api_cases import Cases, CaseSerializer, UpdatedFilter
from stations.consultation_forms import TalkFilter
from stations.filters import CaseFilter, DayFilter
from stations.models import ApplicationWindow, Consultation, Evaluation, Remedy, Sheet, StandingCase, StandingStatus
from stations.standing import OPINION

# --- standing ----------------------------------------------------------------------------------


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


# --- consultations -----------------------------------------------------------------------------


class TalkApiFilter(UpdatedFilter, TalkFilter):
    class Meta(TalkFilter.Meta):
        pass


class TalkSerializer(CaseSerializer):
    """`enterprise`: whom it is about, null where it is about nobody in particular. `owner`: the office that sees to
    it, `participants`: the others."""

    enterprise = serializers.CharField(source="enterprise.organisation.name", default=None)
    code = serializers.CharField(source="enterprise.organisation.code", default=None)
    station = serializers.CharField(source="station.matter.number", default=None)
    owner = serializers.CharField(source="owner.name", default=None)
    participants = serializers.SlugRelatedField("name", many=True, read_only=True)
    raised_on = serializers.DateField(source="matter.opened_on")
    closed_on = serializers.DateField(source="matter.closed_on")

    class Meta:
        model = Consultation
        fields = (
            *("number", "title", "topic", "problem", "enterprise", "code", "station", "district", "side", "raised_on"),
            *("status", "owner", "participants", "meets_on", "held_on", "conclusion", "due_on", "closed_on"),
            "changed_at",
        )


class Talks(Cases):
    model, beside = Consultation, ("enterprise__organisation", "station__matter", "owner")
    serializer_class, filterset_class = TalkSerializer, TalkApiFilter

    def get_queryset(self):
        return super().get_queryset().prefetch_related("participants")


# --- of one's city -----------------------------------------------------------------------------


class OfCity(mixins.ListModelMixin, viewsets.GenericViewSet):
    """What anybody of the city may read."""

    roles = CASEWORK


class WindowFilter(filters.FilterSet):
    """`on`: those that take applications on that day. `type`: the code of what is applied for."""

    type = filters.CharFilter(field_name="type__code")
    on = DayFilter(method="open_on")

    def open_on(self, rows, name, value):
        return rows.open_on(value)


class WindowSerializer(serializers.ModelSerializer):
    """`until` is the first day on which nothing is taken any more."""

    type = serializers.CharField(source="type.code")

    class Meta:
        model = ApplicationWindow
        fields = ("code", "type", "title", "title_en", "since", "until")


class Windows(OfCity):
    """Batches of application. What has none is taken all year."""

    serializer_class, filterset_class = WindowSerializer, WindowFilter

    def get_queryset(self):
        if getattr(self, "swagger_fake_view", False):
            return ApplicationWindow.objects.none()
        return ApplicationWindow.objects.filter(pack=pack_of(self.request.user)).select_related("type")


class ResultSerializer(serializers.ModelSerializer):
    enterprise = serializers.CharField(source="station.enterprise.organisation.name")
    station = serializers.CharField(source="station.matter.number")
    kind = serializers.CharField(source="station.kind")
    district = serializers.CharField(source="matter.district.code")
    grade = serializers.CharField(source="grade.code", default=None)

    class Meta:
        model = Sheet
        fields = ("enterprise", "station", "kind", "district", "grade")


class PublicitySerializer(serializers.ModelSerializer):
    """`until` is the last day to object. `results` are proposed until `published_on`."""

    number = serializers.CharField(source="matter.number")
    since = serializers.DateField(source="publicity_since")
    until = serializers.DateField(source="publicity_until")
    results = ResultSerializer(source="public_sheets", many=True)
    changed_at = serializers.DateTimeField(source="matter.changed_at")

    class Meta:
        model = Evaluation
        fields = ("number", "name", "name_en", "since", "until", "published_on", "document", "results", "changed_at")


class PublicityFilter(UpdatedFilter):
    class Meta:
        model = Evaluation
        fields = ("status",)


class Publicity(OfCity):
    """Results that are or were public, as the public page shows them: nothing of objections."""

    serializer_class, filterset_class = PublicitySerializer, PublicityFilter

    def get_queryset(self):
        if getattr(self, "swagger_fake_view", False):
            return Evaluation.objects.none()
        sheets = Sheet.objects.exclude(status="exempt").select_related(
            "station__enterprise__organisation", "station__matter", "matter__district", "grade"
        )
        rows = publicity.shown(pack_of(self.request.user))
        return rows.prefetch_related(Prefetch("sheets", sheets.order_by("grade__order", "pk"), to_attr="public_sheets"))
