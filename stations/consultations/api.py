"""Reading consultations by program."""

from rest_framework import serializers

from stations.api_cases import Cases, CaseSerializer, UpdatedFilter
from stations.consultations.filters import TalkFilter
from stations.models import Consultation


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
