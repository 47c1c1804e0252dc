"""Reading batches by program."""

import django_filters as filters
from rest_framework import serializers

from portal.site import pack_of
from stations.api_cases import OfCity
from stations.filters import DayFilter
from stations.models import ApplicationWindow


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
