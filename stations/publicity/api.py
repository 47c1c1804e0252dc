"""Reading by program what is or was public, as the public page shows it."""

from django.db.models import Prefetch
from rest_framework import serializers

from portal.site import pack_of
from stations.api_cases import OfCity, UpdatedFilter
from stations.models import Evaluation, Sheet
from stations.publicity.matters import shown_rounds


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
        rows = shown_rounds(pack_of(self.request.user))
        return rows.prefetch_related(Prefetch("sheets", sheets.order_by("grade__order", "pk"), to_attr="public_sheets"))
