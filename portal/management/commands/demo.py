import json

from django.core.management.base import BaseCommand, CommandError
from django.utils.timezone import localdate

from portal import demo
from portal.apps import declared
from portal.management import day
from portal.models import Appointment, Pack


class Command(BaseCommand):
    """Invented people and enterprises that tell a story, and a table of accounts, one per role."""

    help = "Load the demonstration data of a city (once) and print its accounts."

    def add_arguments(self, parser):
        parser.add_argument("--seed", type=int, default=1)
        parser.add_argument("--on", type=day, help="the day of the story; without it today")
        parser.add_argument("--city", help="code of the pack, where several are loaded")
        parser.add_argument("--json", action="store_true")

    def handle(self, seed, on, city, **options):
        packs = Pack.objects.select_related("root")
        pack = packs.filter(code=city).first() if city else packs.first()
        if pack is None:
            raise CommandError(f"没有装入 {city or '任何城市'} 的规则包：请先运行 loadpack {city or 'kunshan'}。")
        declared("demo")
        told = demo.tell(pack, on=on or localdate(), seed=seed)
        passwords = demo.set_passwords(pack)
        rows = [as_row(user, passwords[user.username]) for user in demo.accounts(pack)]
        if options["json"]:
            self.stdout.write(json.dumps({"told": told, "accounts": rows}, ensure_ascii=False, indent=2))
            return
        self.stdout.write("演示账号（人员、单位、号码均为虚构）")
        for row in rows:
            if row["listed"]:
                self.stdout.write(f"  {row['username']:20} {row['password']:16} {row['role']}　{row['scope']}")
        others = sum(not row["listed"] for row in rows)
        if others:
            self.stdout.write(f"  另有 {others} 个区镇账号，见 demo --json")


def as_row(user, password: str) -> dict:
    appointment = Appointment.objects.filter(user=user).select_related("organisation", "district").first()
    return {
        "username": user.username,
        "password": password,
        "name": user.name,
        "role": appointment.get_role_display() if appointment else "还没有任职",
        "scope": str(appointment.district or appointment.organisation) if appointment else "注册后等主管部门核对",
        "listed": user.username.count("-") == 1 or not user.username.split("-")[1].startswith("district"),
    }
