"""Reading figures by program: the same numbers as the dashboards, no data is null."""

from django.http import Http404
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.response import Response
from rest_framework.views import APIView

from portal.models.people import FIGURES
from targets.asof import AsOf
from targets.models import Plan
from targets.plans import indicators


class FigureSerializer(serializers.Serializer):
    code = serializers.CharField(source="indicator.code")
    name = serializers.CharField(source="indicator.name")
    kind = serializers.CharField(source="indicator.kind")
    unit = serializers.CharField(source="indicator.unit")
    district = serializers.CharField(source="district.code")
    target = serializers.DecimalField(14, 2, allow_null=True)
    value = serializers.DecimalField(14, 2, allow_null=True)
    pace = serializers.DecimalField(14, 2, allow_null=True, source="rounded_pace")
    gap = serializers.DecimalField(14, 2, allow_null=True)
    state = serializers.CharField()
    as_of = serializers.DateField(source="on")


class Figures(APIView):
    """The figures of one plan in one district on one day (`?district=`, `?on=`), perhaps as known on a day (`?known=`)."""

    roles = FIGURES

    @extend_schema(responses=FigureSerializer(many=True))
    def get(self, request, plan):
        asked = AsOf(request)
        row = Plan.objects.select_related("pack__root").filter(pack=asked.pack, code=plan).first()
        if row is None:
            raise Http404
        figures = indicators.figures(row, [asked.district], asked.on, known=asked.known, set_on=asked.set_on)
        return Response(FigureSerializer(figures.values(), many=True).data)
