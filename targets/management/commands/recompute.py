from django.core.management.base import BaseCommand, CommandError
from django.utils.timezone import localdate

from portal.management import day
from targets.plans import freshness, indicators

SHOWN = 20  # differences told one by one


class Command(BaseCommand):
    """Compute every figure now, instead of waiting for the worker; or see whether what is stored is right."""

    help = "Compute the figures of all plans; with --check only hold the stored ones against the records."

    def add_arguments(self, parser):
        parser.add_argument("--on", type=day, help="the day, as 2026-11-20; without it today")
        parser.add_argument("--check", action="store_true", help="write nothing; fail where a stored figure is wrong")

    def handle(self, on, check, **options):
        on = on or localdate()
        if check:
            return self.hold(on)
        done = indicators.recompute(on)
        self.stdout.write(f"截至 {on}：共 {done['cells']} 个数，更新 {done['changed']} 个")

    def hold(self, on):
        """Say each figure that differs, as far as there are few. Raises CommandError where one does."""
        found = freshness.check(on)
        for wrong in found.differences[:SHOWN]:
            stored, counted = ("无" if v is None else f"{v.normalize():f}" for v in (wrong.stored, wrong.counted))
            self.stderr.write(f"{wrong.indicator}　{wrong.district}　{wrong.on}：存 {stored}，实为 {counted}")
        if found.differences:
            raise CommandError(
                f"截至 {on} 的 {found.cells} 个数中有 {len(found.differences)} 个与记录不符；"
                "请运行 manage.py recompute 重算，再查一次。"
            )
        self.stdout.write(f"截至 {on} 的 {found.cells} 个数都与记录相符")
