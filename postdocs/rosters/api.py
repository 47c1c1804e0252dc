"""Reading doctors and research talents by program: the rows and filters of the pages."""

from rest_framework import serializers

from postdocs.people.models import IdentityPaper
from postdocs.rosters.filters import DoctorFilter, TalentFilter
from postdocs.rosters.models import Doctor, Talent
from postdocs.rosters.views import DOCTORS, TALENTS
from postdocs.told_api import WHEN, WHOSE, RecordedFilter, ToldRows, ToldSerializer


class DoctorApiFilter(RecordedFilter, DoctorFilter):
    class Meta(DoctorFilter.Meta):
        pass


class PaperSerializer(serializers.ModelSerializer):
    """An identity paper; of its `number` only the first and last characters."""

    number = serializers.CharField(source="masked")

    class Meta:
        model = IdentityPaper
        fields = ("kind", "number")


class DoctorSerializer(ToldSerializer):
    """`person` is the same for doctors and postdocs, once confirmed. `degree_discipline`: national code."""

    person = serializers.UUIDField(source="person_id")
    name = serializers.CharField(source="person.name")
    papers = PaperSerializer(source="person.papers", many=True)
    degree_school = serializers.CharField(source="person.degree_school")
    degree_on = serializers.DateField(source="person.degree_on")
    degree_discipline = serializers.CharField(source="person.discipline")

    class Meta:
        model = Doctor
        fields = (
            *(*WHOSE, "person", "name", "papers", "engagement", "channel", "degree_school", "degree_on"),
            *("degree_discipline", "first_insured_on", "since", "until", *WHEN),
        )


class Doctors(ToldRows):
    sort, serializer_class, filterset_class = DOCTORS, DoctorSerializer, DoctorApiFilter

    def get_queryset(self):
        return super().get_queryset().prefetch_related("person__papers")


class TalentApiFilter(RecordedFilter, TalentFilter):
    class Meta(TalentFilter.Meta):
        pass


class TalentSerializer(ToldSerializer):
    """Without `contract_since` no contract is on record."""

    station = serializers.CharField(source="station.matter.number")

    class Meta:
        model = Talent
        fields = (
            *(*WHOSE, "station", "name", "degree", "rank", "title", "post", "relation", "contract_since"),
            *("contract_until", "since", "until", *WHEN),
        )


class Talents(ToldRows):
    sort, serializer_class, filterset_class = TALENTS, TalentSerializer, TalentApiFilter
