"""Changing a pack's row on a page: with a reason, with history, and with the figures computed again."""

from collections.abc import Iterable, Mapping
from typing import Any

from django.db import transaction
from django.utils.timezone import now

from portal import jobs
from portal.models import Amendment, PackRow


@transaction.atomic
def amend(row: PackRow, values: Mapping[str, Any], *, key: str, by, reason: str) -> PackRow:
    """Set `values` (JSON-ready, by field) on a pack row and keep what was; a row that is new is created, and one that
    says so already is left alone.

    `key` is the row's natural key within the pack. Raises ValidationError as the model does.
    """
    before: dict[str, Any] = {}
    if row.pk:
        row = type(row)._default_manager.select_for_update().get(pk=row.pk)
        before = {name: plain(getattr(row, name)) for name in values}
    for name, value in values.items():
        setattr(row, name, value)
    row.full_clean()
    after = {name: plain(getattr(row, name)) for name in values}
    if after == before:
        return row
    row.edited_at = now()
    row.save()
    Amendment.objects.create(
        pack=row.pack,
        table=row._meta.label_lower,
        key=key,
        label=str(row),
        before=before,
        after=after,
        reason=reason,
        by=by,
    )
    jobs.ask("recompute")
    return row


@transaction.atomic
def strike(row: PackRow, names: Iterable[str], *, key: str, by, reason: str) -> None:
    """Take a row away that a page made, and keep what it said: its fields `names` are nothing from now on."""
    before = {name: plain(getattr(row, name)) for name in names}
    Amendment.objects.create(
        pack=row.pack,
        table=row._meta.label_lower,
        key=key,
        label=str(row),
        before=before,
        after=dict.fromkeys(before),
        reason=reason,
        by=by,
    )
    row.delete()
    jobs.ask("recompute")


def plain(value: Any) -> Any:
    """A value as history keeps it: as JSON can hold it and a person can read it."""
    return value if value is None or isinstance(value, bool | int | str | list | dict) else str(value)


def history(row: PackRow, key: str):
    """What was changed on a row, the newest first."""
    return (
        Amendment.objects.filter(pack=row.pack_id, table=row._meta.label_lower, key=key)
        .select_related("by")
        .order_by("-at", "-pk")
    )
