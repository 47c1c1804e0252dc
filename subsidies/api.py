"""Subsidies by program: what a city gives, claims, who is entitled, budgets; the rows, filters and scopes of the pages.
Of an account only its bank and last digits."""

import django_filters as filters
from django.db.models import Max, Prefetch, Q, Sum
from django.urls import include, path
from django.utils.timezone import localtime
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers, viewsets
from rest_framework.routers import SimpleRouter

from portal.models import Role
from portal.models.people import CASEWORK, EVERYBODY, MONEY
from portal.site import pack_of
from stations.api_cases import Cases, CaseSerializer, OfCity, UpdatedFilter
from subsidies.boards.figures import WHOLE, Reach
from subsidies.claims.filters import ClaimFilter
from subsidies.models import (
    Budget,
    Claim,
    Condition,
    Entitlement,
    Instalment,
    Place,
    SchemeVersion,
    Step,
    SubsidyScheme,
)
from subsidies.payments.models import LineState, PaymentBatch, PaymentLine, PaymentStatus
from subsidies.schemes.models import Payee
from subsidies.subjects import SUBJECTS, WITH_SUBJECT

READ = CASEWORK | {Role.POSTDOC}

# --- what a city gives -------------------------------------------------------------------------


class InstalmentSerializer(serializers.ModelSerializer):
    class Meta:
        model = Instalment
        fields = ("number", "title", "title_en", "opens", "waiting_months", "share", "every")


class StepSerializer(serializers.ModelSerializer):
    class Meta:
        model = Step
        fields = ("code", "title", "title_en", "fact", "lookup", "value", "amount")


class ConditionSerializer(serializers.ModelSerializer):
    clause = serializers.CharField(source="clause.__str__")

    class Meta:
        model = Condition
        fields = (
            *("code", "title", "title_en", "purpose", "group", "fact", "lookup", "value", "clause", "assumed"),
            "setting",
        )


class VersionSerializer(serializers.ModelSerializer):
    """In force for what happens from `since` to before `until`. Yuan; `amount` null: the steps say it, or no paper does."""

    clause = serializers.CharField(source="clause.__str__")
    instalments = InstalmentSerializer(many=True)
    steps = StepSerializer(many=True)
    conditions = ConditionSerializer(many=True)

    class Meta:
        model = SchemeVersion
        fields = (
            *("since", "until", "clause", "shape", "amount", "quantity", "quantity_unit", "limit", "ceiling"),
            *("includes_upper", "window_months", "window_assumed", "publicity_days", "assumed", "note", "note_en"),
            *("needed", "instalments", "steps", "conditions"),
        )


class SchemeSerializer(serializers.ModelSerializer):
    """`line` null: others pay it (`payer`), here it is only followed. `versions`: those that are published."""

    line = serializers.CharField(source="line.code", default=None)
    versions = VersionSerializer(source="published", many=True)

    class Meta:
        model = SubsidyScheme
        fields = (
            *("code", "title", "title_en", "vocabulary", "event", "payee", "line", "payer", "payer_en", "group"),
            *("once_per_person", "versions"),
        )


class SchemeFilter(filters.FilterSet):
    vocabulary = filters.ChoiceFilter(choices=[(name, name) for name in SUBJECTS])
    payee = filters.ChoiceFilter(choices=Payee.choices)

    class Meta:
        model = SubsidyScheme
        fields = ("vocabulary", "payee")


class Schemes(viewsets.ReadOnlyModelViewSet):
    """What the city gives, to whom, on what conditions: the same for everybody who is signed in."""

    roles = EVERYBODY
    serializer_class, filterset_class = SchemeSerializer, SchemeFilter
    lookup_field, lookup_url_kwarg, lookup_value_regex = "code", "code", "[-a-z0-9_]+"

    def get_queryset(self):
        if getattr(self, "swagger_fake_view", False):
            return SubsidyScheme.objects.none()
        versions = SchemeVersion.objects.published().for_engine().order_by("since")
        rows = SubsidyScheme.objects.published().filter(pack=pack_of(self.request.user)).select_related("line")
        return rows.prefetch_related(Prefetch("versions", versions, to_attr="published"))


# --- claims ------------------------------------------------------------------------------------


class ClaimSerializer(CaseSerializer):
    """Yuan. `payee`: whose money it is, by name. `subject` is the number of the stay or station, null of others.
    `account`: bank and last digits, never the number. `prepared`: the portal found it, nobody asked."""

    enterprise = serializers.CharField(source="matter.organisation.name")
    code = serializers.CharField(source="matter.organisation.code")
    scheme = serializers.CharField(source="instalment.version.scheme.code")
    version = serializers.DateField(source="instalment.version.since")
    instalment = serializers.IntegerField(source="instalment.number")
    person = serializers.UUIDField(source="person_id", allow_null=True)
    name = serializers.CharField(source="person.name", default=None)
    payee = serializers.CharField(source="whose")
    subject = serializers.SerializerMethodField()
    account = serializers.SerializerMethodField()

    class Meta:
        model = Claim
        fields = (
            *(
                "number",
                "scheme",
                "version",
                "instalment",
                "first_unit",
                "last_unit",
                "person",
                "name",
                "payee",
                "enterprise",
            ),
            *("code", "district", "subject", "event_on", "prepared", "calculated", "approved", "upper_paid", "status"),
            *("account", "publicity_since", "publicity_until", "payable_on", "paid_on", "changed_at"),
        )

    @extend_schema_field(serializers.CharField(allow_null=True))
    def get_subject(self, row) -> str | None:
        return row.subject.matter.number if hasattr(row.subject, "matter_id") else None

    @extend_schema_field(serializers.CharField(allow_null=True))
    def get_account(self, row) -> str | None:
        return f"{row.account.bank} **** {row.account.tail}" if row.account else None


class ClaimApiFilter(UpdatedFilter, ClaimFilter):
    class Meta(ClaimFilter.Meta):
        pass


class Claims(Cases):
    roles = READ
    model = Claim
    beside = ("matter__organisation", "person", "payee", "account", "instalment__version__scheme", *WITH_SUBJECT)
    serializer_class, filterset_class = ClaimSerializer, ClaimApiFilter


# --- who is entitled ---------------------------------------------------------------------------


class EntitlementSerializer(serializers.ModelSerializer):
    """As sweeps have found it since that of `checked_on`. `met` null: something is unknown, or for an officer to decide."""

    scheme = serializers.CharField(source="version.scheme.code")
    version = serializers.DateField(source="version.since")
    instalment = serializers.IntegerField(source="instalment.number")
    kind = serializers.CharField(source="version.scheme.vocabulary")
    subject = serializers.SerializerMethodField()

    class Meta:
        model = Entitlement
        fields = (
            *("scheme", "version", "instalment", "kind", "subject", "met", "event_on", "opens_on", "lapses_on"),
            *("units", "amount", "checked_on"),
        )

    @extend_schema_field(serializers.CharField(allow_null=True))
    def get_subject(self, row) -> str | None:
        return row.subject.matter.number if hasattr(row.subject, "matter_id") else None


class EntitlementFilter(filters.FilterSet):
    """`open_on`: what can be claimed on a day. `updated_since`: new or different since a sweep of that day or later."""

    scheme = filters.CharFilter(field_name="version__scheme__code")
    met = filters.BooleanFilter()
    open_on = filters.DateFilter(method="open")
    updated_since = filters.IsoDateTimeFilter(method="checked")

    class Meta:
        model = Entitlement
        fields = ("scheme", "met")

    def open(self, rows, name, value):
        return rows.open_on(value)

    def checked(self, rows, name, value):
        return rows.filter(checked_on__gte=localtime(value).date())


class Entitlements(OfCity):
    roles = READ
    serializer_class, filterset_class = EntitlementSerializer, EntitlementFilter

    def get_queryset(self):
        if getattr(self, "swagger_fake_view", False):
            return Entitlement.objects.none()
        rows = Entitlement.objects.visible_to(self.request.user)
        return rows.select_related("version__scheme", "instalment", "stay__matter", "station__matter", *WITH_SUBJECT)


# --- budgets -----------------------------------------------------------------------------------


class BudgetSerializer(serializers.ModelSerializer):
    """Yuan, by the journal: `granted` is where all else comes from; available + reserved + transit + paid."""

    line = serializers.CharField(source="line.code")
    title = serializers.CharField(source="line.title")
    granted = serializers.DecimalField(14, 2)
    reserved = serializers.DecimalField(14, 2)
    transit = serializers.DecimalField(14, 2)
    paid = serializers.DecimalField(14, 2)
    changed_at = serializers.DateTimeField()

    class Meta:
        model = Budget
        fields = ("line", "title", "year", "granted", "available", "reserved", "transit", "paid", "changed_at")


class BudgetFilter(filters.FilterSet):
    line = filters.CharFilter(field_name="line__code")
    updated_since = filters.IsoDateTimeFilter(field_name="changed_at", lookup_expr="gte")

    class Meta:
        model = Budget
        fields = ("line", "year")


class Budgets(OfCity):
    """For those who see all the money of the city."""

    roles = WHOLE
    serializer_class, filterset_class = BudgetSerializer, BudgetFilter

    def get_queryset(self):
        pack = None if getattr(self, "swagger_fake_view", False) else pack_of(self.request.user)
        if pack is None or not Reach.of(self.request.user, pack).whole:
            return Budget.objects.none()
        at = {p: Sum("entries__postings__amount", filter=Q(entries__postings__place=p), default=0) for p in Place}
        sums = {"reserved": at[Place.RESERVED], "transit": at[Place.TRANSIT], "paid": at[Place.PAID]}
        rows = Budget.objects.filter(line__pack=pack).select_related("line")
        return rows.annotate(granted=-at[Place.SOURCE], **sums, changed_at=Max("entries__recorded_at"))


# --- batches of payment ------------------------------------------------------------------------


class LineSerializer(serializers.ModelSerializer):
    """One claim in a batch, in yuan. `account`: bank and last digits, never the number."""

    claim = serializers.CharField(source="claim.matter.number")
    scheme = serializers.CharField(source="claim.instalment.version.scheme.code")
    account = serializers.SerializerMethodField()

    class Meta:
        model = PaymentLine
        fields = ("claim", "scheme", "amount", "account", "state", "sent_on", "result_on", "reason")

    @extend_schema_field(serializers.CharField())
    def get_account(self, row) -> str:
        return f"{row.account.bank} **** {row.account.tail}"


class BatchSerializer(serializers.ModelSerializer):
    """What leaves with one instruction. `digest`: SHA-256 of what was handed over. Claims that were taken out again are
    not told."""

    number = serializers.CharField(source="matter.number")
    line = serializers.CharField(source="line.code")
    lines = LineSerializer(source="told", many=True)
    changed_at = serializers.DateTimeField(source="matter.changed_at")

    class Meta:
        model = PaymentBatch
        fields = ("number", "line", "status", "digest", "released_at", "lines", "changed_at")


class BatchFilter(UpdatedFilter):
    """`line`: a budget line by its code."""

    line = filters.CharFilter(field_name="line__code")
    status = filters.MultipleChoiceFilter(choices=PaymentStatus.choices)

    class Meta:
        model = PaymentBatch
        fields = ("line", "status")


class Batches(Cases):
    """For those who look after the money of the city; who may have no other page here, as the finance office."""

    roles = MONEY
    model = PaymentBatch
    beside = ("line",)
    serializer_class, filterset_class = BatchSerializer, BatchFilter

    def get_queryset(self):
        lines = PaymentLine.objects.exclude(state=LineState.REMOVED).order_by("pk")
        lines = lines.select_related("claim__matter", "claim__instalment__version__scheme", "account")
        return super().get_queryset().prefetch_related(Prefetch("lines", lines, to_attr="told"))


router = SimpleRouter()
router.register("schemes", Schemes, basename="api_scheme")
router.register("claims", Claims, basename="api_claim")
router.register("entitlements", Entitlements, basename="api_entitlement")
router.register("budgets", Budgets, basename="api_budget")
router.register("batches", Batches, basename="api_batch")
urlpatterns = [path("", include(router.urls))]
