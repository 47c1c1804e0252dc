"""Reading by program what was issued: the figures as they were frozen, no data is null."""

from django.shortcuts import get_object_or_404
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.generics import ListAPIView
from rest_framework.response import Response
from rest_framework.views import APIView

from portal.models.people import FIGURES
from targets.reports import models
from targets.reports.models import OUT, ReportFigure


class ReportSerializer(serializers.ModelSerializer):
    number = serializers.CharField(source="matter.number")
    title = serializers.CharField(source="matter.title")
    plan = serializers.CharField(source="plan.code")

    class Meta:
        model = models.Report
        fields = ("number", "kind", "title", "plan", "on", "before", "made_at", "document", "issued_on", "digest")


class ReportFigureSerializer(serializers.ModelSerializer):
    """`state` is "point" for a day on the way, which has only a value and a pace."""

    code = serializers.CharField(source="indicator.code")
    district = serializers.CharField(source="district.code")
    as_of = serializers.DateField(source="on")

    class Meta:
        model = ReportFigure
        fields = (
            *("code", "district", "as_of", "value", "target", "pace", "lead", "gap", "state"),
            *("version", "computed_at"),
        )


def issued(user):
    rows = models.Report.objects.visible_to(user).filter(status__in=OUT)
    return rows.select_related("matter", "plan")


class Reports(ListAPIView):
    """Bulletins and reports that were issued, the newest first."""

    roles = FIGURES
    serializer_class = ReportSerializer

    def get_queryset(self):
        if getattr(self, "swagger_fake_view", False):
            return models.Report.objects.none()
        return issued(self.request.user)


class Report(APIView):
    """The frozen figures of one issued report."""

    roles = FIGURES

    @extend_schema(responses=ReportFigureSerializer(many=True))
    def get(self, request, number):
        report = get_object_or_404(issued(request.user), matter__number=number)
        rows = report.figures.select_related("indicator", "district").order_by("pk")
        return Response(ReportFigureSerializer(rows, many=True).data)
