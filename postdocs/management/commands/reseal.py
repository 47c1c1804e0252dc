from typing import Any

from django.core.management.base import BaseCommand
from django.db import transaction

from portal import sealed
from postdocs.models import IdentityPaper, Particulars

SEALED: tuple[tuple[Any, str], ...] = ((IdentityPaper, "number"), (Particulars, "content"))


class Command(BaseCommand):
    """After a change of DATA_KEY (the old one in DATA_KEY_OLD): everything sealed with today's key. Killed in between
    it leaves whole batches behind; run again it goes on with what is left, and a third time there is nothing to do."""

    help = "Seal identity numbers and particulars anew with today's key."

    def add_arguments(self, parser):
        parser.add_argument("--batch", type=int, default=500)

    def handle(self, batch, **options):
        for model, column in SEALED:
            done = sum(resealed(model, column, keys) for keys in batches(model, batch))
            self.stdout.write(f"{done} 份{model._meta.verbose_name}已用现在的密钥重新加密。")


def batches(model: Any, size: int):
    """The keys of all rows, so many at a time."""
    rows = model._default_manager.order_by("pk").values_list("pk", flat=True)
    keys = list(rows[:size])
    while keys:
        yield keys
        keys = list(rows.filter(pk__gt=keys[-1])[:size])


@transaction.atomic
def resealed(model: Any, column: str, keys: list) -> int:
    """How many of these were sealed with an earlier key; they aren't any more."""
    rows = model._default_manager.select_for_update().filter(pk__in=keys).order_by("pk")
    old = [row for row in rows if not sealed.is_current(getattr(row, column))]
    for row in old:
        plain = sealed.unseal(getattr(row, column), about=row.about)
        setattr(row, column, sealed.seal(plain, about=row.about))
    model._default_manager.bulk_update(old, [column])
    return len(old)
