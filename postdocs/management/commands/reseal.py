from django.core.management.base import BaseCommand
from django.db import transaction

from portal import sealed
from postdocs.models import IdentityPaper


class Command(BaseCommand):
    """After a change of DATA_KEY (the old one in DATA_KEY_OLD): every number sealed with today's key. Killed in between
    it leaves whole batches behind; run again it goes on with what is left, and a third time there is nothing to do."""

    help = "Seal identity numbers anew with today's key."

    def add_arguments(self, parser):
        parser.add_argument("--batch", type=int, default=500)

    def handle(self, batch, **options):
        done, last = 0, 0
        while keys := list(
            IdentityPaper.objects.filter(pk__gt=last).order_by("pk").values_list("pk", flat=True)[:batch]
        ):
            done += resealed(keys)
            last = keys[-1]
        self.stdout.write(f"{done} 个号码已用现在的密钥重新加密。")


@transaction.atomic
def resealed(keys: list[int]) -> int:
    """How many of these were sealed with an earlier key; they aren't any more."""
    rows = IdentityPaper.objects.select_for_update().filter(pk__in=keys).order_by("pk")
    old = [row for row in rows if not sealed.is_current(row.number)]
    for row in old:
        row.number = sealed.seal(row.plain, about=row.about)
    IdentityPaper.objects.bulk_update(old, ["number"])
    return len(old)
