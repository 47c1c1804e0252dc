"""Reading service requests by program: the rows and filters of the page."""

from rest_framework import serializers

from postdocs.services.filters import RequestFilter
from postdocs.services.models import ServiceRequest
from stations.api_cases import Cases, CaseSerializer, UpdatedFilter


class RequestApiFilter(UpdatedFilter, RequestFilter):
    class Meta(RequestFilter.Meta):
        pass


class RequestSerializer(CaseSerializer):
    """`enterprise` is null where a postdoc asks: theirs doesn't hear of it. `postdoc`: the stay it is for. `due_on`: the
    last promised day. `score`: of five, the last one; `low`: one of them was bad."""

    enterprise = serializers.CharField(source="matter.organisation.name", default=None)
    code = serializers.CharField(source="matter.organisation.code", default=None)
    service = serializers.CharField(source="service.code")
    title = serializers.CharField(source="service.title")
    group = serializers.CharField(source="service.group")
    postdoc = serializers.CharField(source="stay.matter.number", default=None)
    name = serializers.CharField(source="stay.person.name", default=None)
    visit = serializers.IntegerField(source="visit_id")
    owner = serializers.CharField(source="owner.name", default=None)
    due_on = serializers.DateField(source="matter.due_on")
    closed_on = serializers.DateField(source="matter.closed_on")

    class Meta:
        model = ServiceRequest
        fields = (
            *(
                "number",
                "service",
                "title",
                "group",
                "tier",
                "side",
                "enterprise",
                "code",
                "district",
                "postdoc",
                "name",
            ),
            *("visit", "content", "status", "level", "owner", "accepted_on", "due_on", "answered_on", "outcome"),
            *("answer", "score", "comment", "low", "closed_on", "changed_at"),
        )


class Requests(Cases):
    model = ServiceRequest
    beside = ("matter__organisation", "service", "stay__matter", "stay__person", "owner")
    serializer_class, filterset_class = RequestSerializer, RequestApiFilter
