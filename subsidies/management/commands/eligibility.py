import json
from datetime import date

from django.core.management.base import BaseCommand, CommandError
from django.utils.timezone import localdate

from postdocs.models import Doctor, Person, Selection, Stay
from stations.models import Station
from subsidies.schemes.explain import explain
from subsidies.schemes.models import SubsidyScheme
from subsidies.schemes.told import as_data


class Command(BaseCommand):
    help = "某人、某段在站经历或某站在某天能享受什么，逐条说明为什么"

    def add_arguments(self, parser):
        parser.add_argument("--scheme", default="", help="资助项目代码；不写则全部")
        whom = parser.add_mutually_exclusive_group(required=True)
        whom.add_argument("--stay", help="在站经历编号，如 KS-JZ-2026-0001")
        whom.add_argument("--station", help="工作站编号")
        whom.add_argument("--person", help="人员标识（UUID）")
        parser.add_argument("--on", type=date.fromisoformat, default=None, help="哪一天，如 2026-11-20；不写为今天")
        parser.add_argument("--json", action="store_true")

    def handle(self, *, scheme, stay, station, person, on, json: bool, **options):
        if scheme and not SubsidyScheme.objects.filter(code=scheme).exists():
            known = "、".join(sorted(set(SubsidyScheme.objects.values_list("code", flat=True))))
            raise CommandError(f"没有代码为 {scheme} 的资助项目；可用：{known}")
        found = []
        for subject in self.subjects(stay, station, person):
            found += [(subject, e) for e in explain(subject, on=on or localdate(), scheme=scheme)]
        if json:
            self.stdout.write(dumped([as_data(e) | {"subject": str(s)} for s, e in found]))
            return
        for subject, e in found:
            self.stdout.write(f"{e.version.scheme}（{subject}）：{e.state.label}")
            for reason in e.reasons:
                self.stdout.write(
                    f"  {reason.state.label}  {reason.text}" + (f" → {reason.next}" if reason.next else "")
                )
            for part in e.parts:
                self.stdout.write(f"  {part.instalment}：{part.state.label}，{part.opens_on or '—'} 起，{part.amount}")
            self.stdout.write("  " + "；".join(e.lines))

    def subjects(self, stay, station, person) -> list:
        """Whom it is asked for. Raises CommandError where there is nobody."""
        rows: list = []
        if stay:
            rows = list(Stay.objects.filter(matter__number=stay))
        elif station:
            rows = list(Station.objects.filter(matter__number=station))
        else:
            whose = Person.objects.filter(pk=person).values("pk")
            rows = [*Stay.objects.filter(person__in=whose), *Doctor.objects.filter(person__in=whose)]
            rows += Selection.objects.filter(stay__person__in=whose)
        if not rows:
            raise CommandError(f"没有找到 {stay or station or person}")
        return rows


def dumped(data) -> str:
    return json.dumps(data, ensure_ascii=False, indent=2)
