"""Reading visits by program: the rows and filters of the page, for the offices alone."""

import django_filters as filters
from django.db.models import Prefetch
from django.utils.timezone import localdate
from rest_framework import mixins, serializers, viewsets

from portal.models import Role
from portal.models.people import BUREAU
from postdocs.services.models import ServiceRequest
from postdocs.visits.filters import VisitFilter
from postdocs.visits.models import Visit


class VisitApiFilter(VisitFilter):
    """`updated_since`: from the day of that moment on, for these rows keep days."""

    updated_since = filters.IsoDateTimeFilter(method="changed")

    class Meta(VisitFilter.Meta):
        pass

    def changed(self, rows, name, value):
        return rows.filter(recorded_on__gte=localdate(value))


class VisitSerializer(serializers.ModelSerializer):
    """`kind` and `number` say who was visited: a stay, a station or an entry of the reserve pool. `needs`: the numbers of
    the requests that were written down."""

    kind = serializers.SerializerMethodField()
    number = serializers.CharField(source="subject.matter.number")
    name = serializers.CharField(source="label")
    enterprise = serializers.CharField(source="organisation.name")
    code = serializers.CharField(source="organisation.code")
    district = serializers.CharField(source="district.code")
    needs = serializers.SerializerMethodField()

    class Meta:
        model = Visit
        fields = (
            *("id", "kind", "number", "name", "enterprise", "code", "district", "visited_on", "visitors", "promised"),
            *("note", "needs", "recorded_on"),
        )

    def get_kind(self, visit) -> str:
        return next(kind for kind in ("stay", "station", "entry") if getattr(visit, f"{kind}_id"))

    def get_needs(self, visit) -> list[str]:
        return sorted(need.matter.number for need in visit.needs.all())


class Visits(mixins.ListModelMixin, viewsets.GenericViewSet):
    roles = BUREAU | {Role.DISTRICT, Role.AUDITOR}
    serializer_class, filterset_class = VisitSerializer, VisitApiFilter

    def get_queryset(self):
        if getattr(self, "swagger_fake_view", False):  # the schema is drawn for nobody
            return Visit.objects.none()
        needs = Prefetch("needs", ServiceRequest.objects.select_related("matter"))
        return Visit.objects.visible_to(self.request.user).for_page().prefetch_related(needs)
