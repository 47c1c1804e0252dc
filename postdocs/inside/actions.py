"""How an extension or a change is put together, and what is written down of time abroad and funds."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from portal import uploads
from portal.lifecycle import HAPPENINGS, Refused, open_matter
from portal.models import Evidence, User
from portal.rules import plain
from postdocs.inside.facts import CONSENT
from postdocs.inside.lifecycle import change_cycle, columns_of, extension_cycle
from postdocs.inside.models import Abroad, AskStatus, Change, ChangeKind, Either, Extension, Grant
from postdocs.stays import actions as stays
from postdocs.stays.models import INSIDE, Stay

HAPPENINGS.update({"abroad": gettext_lazy("登记出国出境"), "grant": gettext_lazy("登记基金和项目")})


def may_ask(stay: Stay, user: User) -> bool:
    """Whether this person may ask for something about the stay: its enterprise, while somebody is in station."""
    return stay.status in INSIDE and stays.handles(stay, user)


def label_of(kind: str) -> str:
    return str(extension_cycle.label if kind == extension_cycle.kind else ChangeKind(kind).label)


@transaction.atomic
def ask(stay: Stay, kind: str, values: Mapping[str, Any], *, upload=None, by: User, on: date) -> Either:
    """Put an extension or a change of some kind together, not handed in yet. Raises Refused, ValidationError,
    uploads.BadFile."""
    stay = stays.lock(stay)
    if not may_ask(stay, by):
        raise Refused(_("这个人现在不在站，不能申请延期或变更。"))
    cycle = extension_cycle if kind == extension_cycle.kind else change_cycle
    matter = open_matter(
        cycle, AskStatus.DRAFT, series="YQ" if cycle is extension_cycle else "BG",
        title=f"{stay.person} {label_of(kind)}（{stay.station.enterprise}）"[:160],
        organisation=stay.matter.organisation, district=stay.matter.district, by=by, on=on,
    )  # fmt: skip
    row: Either = Extension() if cycle is extension_cycle else Change(kind=kind)
    row.matter, row.stay = matter, stay
    return kept(row, values, upload=upload, by=by)


@transaction.atomic
def rewrite(row: Either, values: Mapping[str, Any], *, upload=None, by: User) -> Either:
    """Change what isn't handed in, or came back. Raises Refused, ValidationError, uploads.BadFile."""
    row = (
        type(row).objects.select_for_update(of=("self",)).select_related("matter__organisation", "stay").get(pk=row.pk)
    )
    if row.status != AskStatus.DRAFT or not stays.handles(row, by):
        raise Refused(_("已提交，现在不能修改。"))
    return kept(row, values, upload=upload, by=by)


def kept(row: Either, values: Mapping[str, Any], *, upload, by: User) -> Either:
    for name, value in values.items():
        setattr(row, name, value)
    row.full_clean(exclude=["matter", "stay"], validate_constraints=False)
    row.validate_constraints()
    row.save()
    if upload:
        file = uploads.store(upload, organisation=row.matter.organisation, by=by)
        Evidence.objects.get_or_create(
            matter=row.matter, slot=CONSENT, file=file, removed_at=None, defaults={"added_by": by}
        )
    row.matter.version += 1
    row.matter.save(update_fields=["version", "changed_at"])
    return row


# --- as it was ---------------------------------------------------------------------------------


def as_of(stay: Stay, on: date) -> dict[str, Any]:
    """What the stay said on a day, by column, of those that were changed since: the first filed change after it knows.

    Values are what `plain()` gives: texts, numbers, ISO dates.
    """
    then: dict[str, Any] = {}
    changes = [*stay.changes.filter(filed_on__gt=on), *stay.extensions.filter(filed_on__gt=on)]
    for row in sorted(changes, key=lambda r: (r.filed_on, r.pk), reverse=True):
        then |= before(row)
    return then


def before(row: Either) -> dict[str, Any]:
    """What a filed extension or change took the place of, by column."""
    return {"planned_until": plain(row.planned_before)} if isinstance(row, Extension) else dict(row.before)


def after(row: Either) -> dict[str, Any]:
    """What is asked for, by column."""
    return {n: plain(getattr(row, n)) for n in columns_of(row) if getattr(row, n) not in (None, "")}


# --- written down ------------------------------------------------------------------------------


@transaction.atomic
def write_down(stay: Stay, row: Abroad | Grant, *, by: User, on: date) -> Abroad | Grant:
    """Time abroad or a fund, new or with what came of it since. Raises Refused, ValidationError."""
    stay = stays.lock(stay)
    if not may_ask(stay, by):
        raise Refused(_("这个人现在不在站，不能登记。"))
    row.stay = stay
    if row.pk is None:
        row.by, row.recorded_on = by, on
    ahead = [row.returned_on] if isinstance(row, Abroad) else [row.result_on, row.closed_on]
    if late := [day for day in ahead if day and day > on]:
        raise Refused(_("%(day)s 还没有到，只能登记已经发生的。") % {"day": late[0]})
    if isinstance(row, Abroad) and stay.entered_on and row.since < stay.entered_on:
        raise Refused(_("%(day)s 早于进站日期 %(entered)s。") % {"day": row.since, "entered": stay.entered_on})
    row.full_clean(exclude=["stay", "by", "recorded_on"], validate_constraints=False)
    row.validate_constraints()
    row.save()
    stays.written(stay, row._meta.model_name or "", by=by, on=on, details={"row": row.pk, "what": str(row)})
    return row
