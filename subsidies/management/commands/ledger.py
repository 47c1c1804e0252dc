from django.core.management.base import BaseCommand, CommandError

from portal.facts import yuan
from subsidies.ledger import proof
from subsidies.ledger.models import Place


class Command(BaseCommand):
    help = "check：核对资金账：每笔借贷相平，余额不为负，每件申领的钱在它该在的地方"

    def add_arguments(self, parser):
        parser.add_argument("what", choices=["check"])

    def handle(self, *, what, **options):
        wrong = list(proof.problems())
        for budget, held in proof.totals():
            said = "，".join(f"{place.label} {yuan(held[place])}" for place in Place if place != Place.SOURCE)
            self.stdout.write(f"{budget}：{said}")
        if wrong:
            raise CommandError("\n".join(wrong))
        self.stdout.write(f"{proof.entries()} 笔记账，账平。")
