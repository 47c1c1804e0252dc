import json
from datetime import date

from django.core.management.base import BaseCommand, CommandError
from django.utils.timezone import localdate

from portal.management import day
from portal.models import District, Pack
from targets.boards.drawing import number
from targets.models import Plan
from targets.plans import indicators


class Command(BaseCommand):
    """Where a plan stands: each indicator with target, value, pace and gap; no data is null, never 0."""

    help = "Print the figures of a plan."

    def add_arguments(self, parser):
        parser.add_argument("--plan", help="code of the plan; without it the one in force")
        parser.add_argument("--on", type=day, help="the day, as 2026-11-20; without it today")
        parser.add_argument("--district", help="code of the district; without it the whole city")
        parser.add_argument("--city", help="code of the pack, where several are loaded")
        parser.add_argument("--json", action="store_true")

    def handle(self, plan, on, district, city, **options):
        on = on or localdate()
        chosen = the_plan(plan, city, on)
        place = chosen.pack.root
        if district:
            place = District.objects.below(place).filter(code=district).first()
            if place is None:
                known = "、".join(District.objects.below(chosen.pack.root).values_list("code", flat=True))
                raise CommandError(f"{chosen.pack} 没有代码为 {district} 的区镇；可用：{known}")
        rows = [as_row(f) for f in indicators.figures(chosen, [place], on).values()]
        if options["json"]:
            self.stdout.write(json.dumps(rows, ensure_ascii=False, indent=2))
            return
        self.stdout.write(f"{chosen}　{place}　截至 {on}")
        for row in rows:
            value = "—" if row["value"] is None else row["value"]
            self.stdout.write(f"{row['code']:8} {row['name']}：{value}/{row['target']} {row['unit']}　{row['state']}")


def the_plan(code: str | None, city: str | None, on: date) -> Plan:
    """The plan asked for. Raises CommandError with the known ones."""
    plans = Plan.objects.select_related("pack__root").order_by("pack", "-until", "order", "pk")
    if city:
        plans = plans.filter(pack__code=city)
        if not Pack.objects.filter(code=city).exists():
            packs = (
                "、".join(Pack.objects.order_by("pk").values_list("code", flat=True)) or "一个也没有（先运行 loadpack）"
            )
            raise CommandError(f"没有名为 {city} 的规则包；已装入：{packs}")
    found = plans.filter(code=code).first() if code else plans.filter(since__lte=on).first()
    if found is None:
        known = "、".join(plans.values_list("code", flat=True)) or "一个也没有（先运行 loadpack）"
        raise CommandError(f"没有名为 {code or '（当前）'} 的计划；已装入：{known}")
    if not city and not code and Pack.objects.count() > 1:
        raise CommandError("装入了几个城市的规则包，请用 --city 指定一个。")
    return found


def as_row(figure) -> dict:
    def told(value):
        return None if value is None else number(round(value, 2))

    indicator = figure.indicator
    return {
        "code": indicator.code,
        "name": indicator.name,
        "kind": indicator.kind,
        "unit": indicator.unit,
        "target": told(figure.target),
        "value": told(figure.value),
        "pace": told(figure.pace),
        "gap": told(figure.gap),
        "state": figure.state,
        "as_of": figure.on.isoformat(),
    }
