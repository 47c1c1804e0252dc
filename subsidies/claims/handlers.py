"""What the day brings to claims: what is public long enough, who is entitled and hasn't asked."""

from django.utils.timezone import localdate
from django.utils.translation import gettext_lazy as _

from portal.jobs import handler
from portal.models import Pack
from subsidies.claims import actions
from subsidies.entitlements.sweep import sweep
from subsidies.schemes.models import SubsidyScheme


@handler("clear_claims", _("公示期满转待拨付"), merge=True, daily=True)
def clear_claims(job) -> dict:
    return {"cleared": actions.clear_publicity(on=localdate())}


@handler("sweep_entitlements", _("找出符合条件还没申领的"), merge=True, daily=True)
def sweep_entitlements(job) -> dict:
    """Every city that has schemes: who is entitled to what, and a filled claim for who has not asked."""
    on, found, prepared = localdate(), 0, 0
    for pack in with_schemes():
        found += sweep(pack, on=on)
        prepared += actions.prepare(pack, on=on)
    return {"found": found, "prepared": prepared}


def with_schemes():
    return (
        Pack.objects.filter(pk__in=SubsidyScheme.objects.published().values("pack"))
        .select_related("root")
        .order_by("pk")
    )
