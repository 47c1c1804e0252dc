"""Writing reported figures: always new rows, never a change of an old one."""

from collections.abc import Iterable
from typing import Any

from django.db import transaction

from portal import jobs, uploads
from portal.models import File, Organisation, User
from targets.models import Indicator, Reading
from targets.reported.checks import Known, Said


@transaction.atomic
def report(
    rows: Iterable[Said],
    *,
    known: Known,
    source: str,
    by: User,
    organisation: Organisation | None = None,
    upload: Any = None,
) -> list[Reading]:
    """Keep these figures of the whole city, with one source and one paper for all of them. Whoever calls has looked at
    them. Raises BadFile."""
    rows = list(rows)
    Indicator.objects.select_for_update().filter(pk__in=[r.indicator.pk for r in rows]).order_by("pk").first()
    file: File | None = None
    if upload is not None and organisation is not None:
        file = uploads.store(upload, organisation=organisation, by=by)
    kept = Reading.objects.bulk_create(
        Reading(
            indicator=r.indicator,
            district=known.root,
            on=r.on,
            value=r.value,
            estimated=r.estimated,
            source=source,
            comment=r.comment,
            why=r.why,
            measures=r.measures,
            file=file,
            by=by,
        )
        for r in rows
    )
    jobs.ask("recompute")
    return kept
