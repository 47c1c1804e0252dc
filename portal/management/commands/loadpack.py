import json
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError

from portal import packs


class Command(BaseCommand):
    """Load a city's pack, whole or not at all; loading it twice changes nothing."""

    help = "Load the pack of a city from fixtures/<city> (or from a folder)."

    def add_arguments(self, parser):
        parser.add_argument("city", help="a folder of fixtures/, or a path")
        parser.add_argument("--replace", action="store_true", help="let the file win over edits made on a page")
        parser.add_argument("--json", action="store_true")

    def handle(self, city, replace, json: bool, **options):
        folder = packs.HOME / city if "/" not in city else Path(city).resolve()
        try:
            pack = packs.load(folder, replace=replace)
        except packs.WrongPack as wrong:
            if json:
                self.stdout.write(as_json({"loaded": False, "mistakes": [vars(m) for m in wrong.mistakes]}))
                raise SystemExit(1) from None
            lines = "\n".join(f"  {mistake}" for mistake in wrong.mistakes)
            raise CommandError(f"{len(wrong.mistakes)} 处错误，什么都没有装入：\n{lines}") from None
        if json:
            self.stdout.write(as_json({"loaded": True, "pack": pack.code, "changed": pack.changed}))
        else:
            self.stdout.write(f"{pack.name}：{'改动 ' + str(pack.changed) + ' 行' if pack.changed else '没有变化'}")


def as_json(value) -> str:
    return json.dumps(value, ensure_ascii=False, indent=2)
