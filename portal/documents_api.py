"""The papers and clauses by program. What implements a clause is told to officials only, as on the pages."""

from django.urls import include, path
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers, viewsets
from rest_framework.routers import SimpleRouter

from portal import documents
from portal.models import Clause, Document, Relation
from portal.models.people import EVERYBODY
from portal.views.documents import sees_rules
from portal.views.rules import own_pack


class ClauseSerializer(serializers.ModelSerializer):
    """`state`: done, told (only described) or open; null for who doesn't see the rules."""

    state = serializers.SerializerMethodField()

    class Meta:
        model = Clause
        fields = ("id", "number", "summary", "summary_en", "state")

    @extend_schema_field(serializers.ChoiceField(["done", "told", "open"], allow_null=True))
    def get_state(self, clause):
        tally = self.context.get("tally")
        return None if tally is None else documents.state_of(clause, tally[clause.pk])


class RelationSerializer(serializers.ModelSerializer):
    """What a paper says of another; `other_clause` null: of the whole of it."""

    document = serializers.CharField(source="other.code")
    clause = serializers.CharField(source="other_clause.number", allow_null=True, default=None)
    since = serializers.DateField(source="begins", allow_null=True)

    class Meta:
        model = Relation
        fields = ("kind", "document", "clause", "since")


class DocumentSerializer(serializers.ModelSerializer):
    clauses = ClauseSerializer(many=True)
    relations = RelationSerializer(many=True)
    has_file = serializers.SerializerMethodField()

    class Meta:
        model = Document
        fields = (
            *("id", "code", "title", "title_en", "number", "issuer", "issuer_en"),
            *("issued_on", "since", "until", "has_file", "relations", "clauses"),
        )

    def get_has_file(self, document) -> bool:
        return document.file_id is not None


class Documents(viewsets.ReadOnlyModelViewSet):
    """The policy documents of one's city with their clauses."""

    serializer_class = DocumentSerializer
    roles = EVERYBODY

    def get_queryset(self):
        if getattr(self, "swagger_fake_view", False):  # the schema is drawn for nobody
            return Document.objects.none()
        return documents.documents_of(own_pack(self.request), "relations")

    def get_serializer_context(self):
        context = super().get_serializer_context()
        if self.request is not None and sees_rules(self.request.user):
            context["tally"] = documents.tally(Clause, document__pack=own_pack(self.request))
        return context


router = SimpleRouter()
router.register("documents", Documents, basename="api_document")
urlpatterns = [path("", include(router.urls))]
