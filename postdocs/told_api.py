"""What the endpoints of told rows share: the rows of the page (see postdocs/told_views.py), whose they are, since when."""

import django_filters as filters
from rest_framework import mixins, serializers, viewsets

from portal.models.people import CASEWORK
from postdocs.told_views import Sort


class RecordedFilter(filters.FilterSet):
    """`updated_since`: written, corrected or confirmed since that moment."""

    updated_since = filters.IsoDateTimeFilter(field_name="recorded_at", lookup_expr="gte")


class ToldSerializer(serializers.ModelSerializer):
    """Counts for nothing as long as `confirmed_on` is null. `until` is the first day on which it is no longer so."""

    enterprise = serializers.CharField(source="organisation.name")
    code = serializers.CharField(source="organisation.code")
    district = serializers.CharField(source="district.code")


WHOSE = ("id", "enterprise", "code", "district")
WHEN = ("confirmed_on", "recorded_at")


class ToldRows(mixins.ListModelMixin, viewsets.GenericViewSet):
    """The rows of one sort that one may see, the newest first."""

    roles = CASEWORK
    sort: Sort

    def get_queryset(self):
        if getattr(self, "swagger_fake_view", False):  # the schema is drawn for nobody
            return self.sort.model.objects.none()
        return self.sort.rows(self.request.user)
