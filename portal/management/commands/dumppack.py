import json
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError

from portal import packs
from portal.models import Pack


class Command(BaseCommand):
    """Write a loaded pack back as files, in canonical form; changes made on pages come with it."""

    help = "Write the pack of a city to a folder."

    def add_arguments(self, parser):
        parser.add_argument("city")
        parser.add_argument("--to", help="the folder; without it fixtures/<city>")
        parser.add_argument("--json", action="store_true")

    def handle(self, city, to, **options):
        pack = Pack.objects.filter(code=city).select_related("root").first()
        if pack is None:
            known = "、".join(Pack.objects.values_list("code", flat=True)) or "一个也没有"
            raise CommandError(f"没有装入名为 {city} 的规则包；已装入：{known}")
        folder = Path(to).resolve() if to else packs.HOME / city
        files = packs.dump(pack, folder)
        if options["json"]:
            self.stdout.write(json.dumps({"folder": str(folder), "files": files}, ensure_ascii=False, indent=2))
        else:
            self.stdout.write(f"{pack.name}：写出 {len(files)} 个文件到 {folder}")
