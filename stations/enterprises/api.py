"""Reading enterprises by program."""

import django_filters as filters
from rest_framework import mixins, serializers, viewsets

from portal.models.people import CASEWORK
from stations.models import Enterprise


class EnterpriseFilter(filters.FilterSet):
    code = filters.CharFilter(field_name="organisation__code")
    district = filters.CharFilter(field_name="organisation__district__code")
    chain = filters.CharFilter(field_name="chain__code")
    tag = filters.ChoiceFilter(choices=Enterprise.Tag.choices, method="tagged")

    def tagged(self, rows, name, value):
        return rows.filter(tags__contains=[value])


class EnterpriseSerializer(serializers.ModelSerializer):
    """Money is yuan of the last year, people are heads at its end; nothing told is null. Whom to call is not given."""

    code = serializers.CharField(source="organisation.code")
    name = serializers.CharField(source="organisation.name")
    district = serializers.CharField(source="organisation.district.code")
    chain = serializers.CharField(source="chain.code", default=None)
    tags = serializers.ListField(child=serializers.CharField())

    class Meta:
        model = Enterprise
        fields = (
            *("code", "name", "district", "chain", "tags", "unit_type", "legal_person", "industry", "revenue"),
            *("rd_spend", "staff", "rd_staff", "senior_staff", "doctors", "rd_name", "rd_level", "confirmed_on"),
        )


class Enterprises(mixins.ListModelMixin, viewsets.GenericViewSet):
    """Enterprises that one may see."""

    roles = CASEWORK
    serializer_class, filterset_class = EnterpriseSerializer, EnterpriseFilter

    def get_queryset(self):
        if getattr(self, "swagger_fake_view", False):
            return Enterprise.objects.none()
        rows = Enterprise.objects.visible_to(self.request.user)
        return rows.select_related("organisation__district", "chain")
