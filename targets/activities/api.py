"""Reading activities by program: the rows and filters of the page; who came is not given out."""

from rest_framework import serializers

from portal.models.people import EVERYBODY
from stations.api_cases import Cases, UpdatedFilter
from targets.activities.filters import ActivityFilter
from targets.activities.models import Activity


class ActivityApiFilter(UpdatedFilter, ActivityFilter):
    class Meta(ActivityFilter.Meta):
        pass


class ActivitySerializer(serializers.ModelSerializer):
    """`held_on`: the day by which it counts, null until it was held. The numbers are those the organiser counted."""

    number = serializers.CharField(source="matter.number")
    kind = serializers.CharField(source="kind.code")
    organiser = serializers.CharField(source="organiser.name")
    district = serializers.CharField(source="matter.district.code")
    changed_at = serializers.DateTimeField(source="matter.changed_at")

    class Meta:
        model = Activity
        fields = (
            *("number", "kind", "name", "since", "until", "venue", "organiser", "partners", "about", "district"),
            *("status", "held_on", "enterprises", "universities", "postdocs", "others", "intentions", "signed"),
            *("result", "changed_at"),
        )


class Activities(Cases):
    roles = EVERYBODY
    model, beside = Activity, ("kind", "organiser")
    serializer_class, filterset_class = ActivitySerializer, ActivityApiFilter
