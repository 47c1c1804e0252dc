"""What the endpoints of several topics share: cases by number, one's own rows only, the filters of the pages and
`updated_since`; and rows that anybody of the city may read."""

import django_filters as filters
from rest_framework import mixins, serializers, viewsets

from portal.models.people import CASEWORK


class OfCity(mixins.ListModelMixin, viewsets.GenericViewSet):
    """What anybody of the city may read."""

    roles = CASEWORK


class UpdatedFilter(filters.FilterSet):
    """`updated_since`: cases in which something happened since that moment."""

    updated_since = filters.IsoDateTimeFilter(field_name="matter__changed_at", lookup_expr="gte")


class CaseSerializer(serializers.ModelSerializer):
    number = serializers.CharField(source="matter.number")
    enterprise = serializers.CharField(source="enterprise.organisation.name")
    code = serializers.CharField(source="enterprise.organisation.code")
    district = serializers.CharField(source="matter.district.code")
    changed_at = serializers.DateTimeField(source="matter.changed_at")


class Cases(viewsets.ReadOnlyModelViewSet):
    """Rows one may see, by number; a foreign row is 404. `beside`: what is read with each of them."""

    roles = CASEWORK
    lookup_field = "matter__number"
    lookup_url_kwarg = "number"
    lookup_value_regex = "[A-Z]+-[A-Z]+-[0-9]+-[0-9]+"
    model: type
    beside: tuple[str, ...] = ()

    def get_queryset(self):
        if getattr(self, "swagger_fake_view", False):  # the schema is drawn for nobody
            return self.model.objects.none()
        return self.model.objects.visible_to(self.request.user).select_related("matter__district", *self.beside)
