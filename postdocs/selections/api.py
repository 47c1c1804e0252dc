"""Reading selections by program: the rows and filters of the page."""

from rest_framework import serializers

from postdocs.selections.forms import SelectionFilter
from postdocs.selections.models import Selection
from postdocs.selections.views import SELECTIONS
from postdocs.told_api import WHEN, WHOSE, RecordedFilter, ToldRows, ToldSerializer


class SelectionApiFilter(RecordedFilter, SelectionFilter):
    class Meta(SelectionFilter.Meta):
        pass


class SelectionSerializer(ToldSerializer):
    """`postdoc`: the stay, null where a project was selected that is nobody's. `amount`: yuan. From `revoked_on` on it
    stands no longer."""

    station = serializers.CharField(source="station.matter.number")
    postdoc = serializers.CharField(source="stay.matter.number", default=None)
    name = serializers.CharField(source="stay.person.name", default=None)
    programme = serializers.CharField(source="programme.code")
    kind = serializers.CharField(source="programme.kind")
    level = serializers.CharField(source="programme.level")

    class Meta:
        model = Selection
        fields = (
            *(*WHOSE, "station", "postdoc", "name", "project", "programme", "kind", "level", "rank", "year"),
            *("listed_on", "document", "number", "amount", "revoked_on", *WHEN),
        )


class Selections(ToldRows):
    sort, serializer_class, filterset_class = SELECTIONS, SelectionSerializer, SelectionApiFilter

    def get_queryset(self):
        return super().get_queryset().select_related("station__matter", "stay__matter")
