"""Certificates and how near their end they are. The days of warning are the pack's."""

from datetime import date, timedelta

from django.db.models import Case, Exists, OuterRef, Q, Value, When
from django.utils.translation import gettext_lazy, pgettext_lazy

from portal.models import Pack, Setting
from stations.models import Certificate, Enterprise, ResearchOrganisation

STATES = {
    "ending": gettext_lazy("将到期"),
    "ended": gettext_lazy("已到期"),
    "holding": pgettext_lazy("证书", "有效"),
    "renewed": gettext_lazy("已续期"),
    "coming": gettext_lazy("未生效"),
}


def warning_days(pack: Pack | None) -> int:
    """How many days before its end a certificate is warned about; 0 where the pack doesn't say."""
    found = Setting.objects.filter(pack=pack, code="days.certificate").values_list("value", flat=True).first()
    return found or 0


def with_state(rows, on: date, days: int):
    """Add `state`: holding, ending (within `days`), ended, renewed (the next one is there), or coming."""
    next_one = Certificate.objects.filter(
        enterprise=OuterRef("enterprise"), tag=OuterRef("tag"), since__gte=OuterRef("until")
    )
    return rows.annotate(
        state=Case(
            When(since__gt=on, then=Value("coming")),
            When(Q(until__lte=on + timedelta(days)) & Exists(next_one), then=Value("renewed")),
            When(until__lte=on, then=Value("ended")),
            When(until__lte=on + timedelta(days), then=Value("ending")),
            default=Value("holding"),
        )
    )


def warned(enterprise: Enterprise, on: date) -> list[Certificate]:
    """What the enterprise should renew: near the end, or over."""
    pack = Pack.objects.above(enterprise.organisation.district_id).first()
    rows = with_state(Certificate.objects.filter(enterprise=enterprise), on, warning_days(pack))
    return list(rows.filter(state__in=["ending", "ended"]).order_by("until", "pk"))


def papers(enterprise: Enterprise, on) -> dict:
    """Certificates with their state, and research organisations: what two pages show."""
    days = warning_days(Pack.objects.above(enterprise.organisation.district_id).first())
    rows = with_state(Certificate.objects.filter(enterprise=enterprise), on, days).order_by("tag", "-since")
    known = {row.tag for row in rows}
    return {
        "certificates": [(r, r.until and r.until - timedelta(1), STATES[r.state]) for r in rows],
        "bare_tags": [label for tag, label in Enterprise.Tag.choices if tag in set(enterprise.tags) - known],
        "research": [
            (r, r.until and r.until - timedelta(1))
            for r in ResearchOrganisation.objects.filter(enterprise=enterprise).order_by("-since", "pk")
        ],
    }
