"""Reading by program where those who left went, and what was found out later."""

import django_filters as filters
from django.db.models import Exists, OuterRef, Prefetch, Q
from rest_framework import serializers

from portal.models import Event
from postdocs.destinations.filters import RetentionFilter
from postdocs.destinations.models import Destination, FollowUp
from postdocs.stays.models import OUT, Stay
from stations.api_cases import Cases, CaseSerializer


class DestinationApiFilter(RetentionFilter):
    """`updated_since`: something happened to the stay since that moment; a correction and a follow-up move no case."""

    updated_since = filters.IsoDateTimeFilter(method="changed")

    class Meta(RetentionFilter.Meta):
        pass

    def changed(self, rows, name, value):
        since = Event.objects.filter(matter=OuterRef("matter"), recorded_at__gte=value)
        return rows.filter(Q(matter__changed_at__gte=value) | Exists(since))


class ToldSerializer(serializers.ModelSerializer):
    """`in_city` null: not known. `share`: per cent of the company that is their own. `region`: code of GB/T 2260."""

    class Meta:
        model = Destination
        fields = (
            *("type", "unit", "unit_code", "region", "in_city", "position", "contract_since", "contract_years"),
            *("full_time", "company", "company_code", "share", "registered_on", "told_on"),
        )


class FollowUpSerializer(serializers.ModelSerializer):
    """What was found out so many `months` after the exit; `in_city` null: it was looked for and not found out."""

    class Meta:
        model = FollowUp
        fields = ("months", "checked_on", "in_city", "where", "source", "note")


class DestinationSerializer(CaseSerializer):
    """One stay that ended, by its number. `destination` null: nobody has told yet. `ended_on`: the day of the exit."""

    enterprise = serializers.CharField(source="matter.organisation.name")
    code = serializers.CharField(source="matter.organisation.code")
    station = serializers.CharField(source="station.matter.number")
    person = serializers.UUIDField(source="person_id")
    name = serializers.CharField(source="person.name")
    destination = ToldSerializer(default=None)
    follow_ups = FollowUpSerializer(many=True)

    class Meta:
        model = Stay
        fields = (
            *("number", "person", "name", "enterprise", "code", "district", "station", "entered_on", "ended_on"),
            *("destination", "follow_ups"),
        )


class Destinations(Cases):
    model = Stay
    beside = ("matter__organisation", "person", "station__matter", "destination")
    serializer_class, filterset_class = DestinationSerializer, DestinationApiFilter

    def get_queryset(self):
        rows = super().get_queryset().filter(status__in=OUT)
        return rows.prefetch_related(Prefetch("follow_ups", FollowUp.objects.order_by("months")))
