"""Reading insurance lists by program. Who somebody is, the lists tell by name alone: numbers are not kept."""

import django_filters as filters
from django.db.models import Exists, OuterRef, Prefetch
from django.utils.timezone import localdate
from rest_framework import mixins, serializers, viewsets

from portal.models.people import CASEWORK
from postdocs.insurance.models import Insured, InsuredMonth


class InsuredFilter(filters.FilterSet):
    """`q`: a part of the unit's name; `code`: its credit code. `updated_since`: with a month that was confirmed since the
    day of that moment, for these rows keep days."""

    q = filters.CharFilter(field_name="organisation__name", lookup_expr="icontains")
    code = filters.CharFilter(field_name="organisation__code")
    updated_since = filters.IsoDateTimeFilter(method="changed")

    def changed(self, rows, name, value):
        lately = InsuredMonth.objects.filter(insured=OuterRef("pk"), confirmed_on__gte=localdate(value))
        return rows.filter(Exists(lately))


class InsuredMonthSerializer(serializers.ModelSerializer):
    class Meta:
        model = InsuredMonth
        fields = ("month", "paid", "back_paid_on", "source", "confirmed_on")


class InsuredSerializer(serializers.ModelSerializer):
    """Somebody on the lists of one unit. `month` is its first day; a month without a row is not known."""

    enterprise = serializers.CharField(source="organisation.name")
    code = serializers.CharField(source="organisation.code")
    district = serializers.CharField(source="organisation.district.code")
    months = InsuredMonthSerializer(many=True)

    class Meta:
        model = Insured
        fields = ("id", "enterprise", "code", "district", "name", "months")


class InsuredRows(mixins.ListModelMixin, viewsets.GenericViewSet):
    roles = CASEWORK
    serializer_class, filterset_class = InsuredSerializer, InsuredFilter

    def get_queryset(self):
        if getattr(self, "swagger_fake_view", False):  # the schema is drawn for nobody
            return Insured.objects.none()
        rows = Insured.objects.visible_to(self.request.user).select_related("organisation__district")
        return rows.prefetch_related(Prefetch("months", InsuredMonth.objects.order_by("month")))
