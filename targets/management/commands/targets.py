import json

from django.core.management.base import BaseCommand
from django.utils.timezone import localdate

from targets.boards.drawing import number
from targets.management.commands.indicators import the_plan
from targets.models import Target


class Command(BaseCommand):
    """The yearly table of a plan: what each indicator must reach by which day, for the city and its districts."""

    help = "Print the targets of a plan."

    def add_arguments(self, parser):
        parser.add_argument("--plan", help="code of the plan; without it the one in force")
        parser.add_argument("--city", help="code of the pack, where several are loaded")
        parser.add_argument("--json", action="store_true")

    def handle(self, plan, city, **options):
        chosen = the_plan(plan, city, localdate())
        table = []
        for indicator in chosen.indicators.select_related("parent").order_by("order", "pk"):
            targets = Target.objects.filter(indicator=indicator).select_related("district").order_by("on")
            whole = [t for t in targets if t.district_id == chosen.pack.root_id]
            table.append(
                {
                    "code": indicator.code,
                    "name": indicator.name,
                    "kind": indicator.kind,
                    "unit": indicator.unit,
                    "parent": indicator.parent.code if indicator.parent else None,
                    "departments": indicator.departments,
                    "targets": {t.on.isoformat(): number(t.value) for t in whole},
                    "districts": {
                        f"{t.district.code} {t.on}": number(t.value)
                        for t in targets
                        if t.district_id != chosen.pack.root_id
                    },
                }
            )
        if options["json"]:
            self.stdout.write(json.dumps(table, ensure_ascii=False, indent=2))
            return
        self.stdout.write(f"{chosen}（{chosen.since} 至 {chosen.until}）")
        for row in table:
            years = "　".join(
                f"{on[:4] if on.endswith('12-31') else on} {value}" for on, value in row["targets"].items()
            )
            self.stdout.write(f"{row['code']:8} {row['name']}（{row['unit']}）　{years}")
