import json

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError
from django.urls import reverse

from portal.models import District, Invitation, Role
from portal.models.people import OFFICIALS
from portal.views.accounts import INVITATION_DAYS, invite


class Command(BaseCommand):
    """The first people of a new portal: a link by which an official takes a role. Later ones are invited on a page."""

    help = "Invite an official; prints a link that works once."

    def add_arguments(self, parser):
        parser.add_argument("--role", required=True, choices=sorted(role.value for role in OFFICIALS))
        parser.add_argument("--district", required=True, help="code of the district the role reaches, as 320583")
        parser.add_argument("--name", required=True)
        parser.add_argument("--phone", required=True, help="becomes the account's name")
        parser.add_argument("--site", default="", help="address of the portal, as https://portal.example.gov.cn")
        parser.add_argument("--json", action="store_true")

    def handle(self, role, district, name, phone, site, **options):
        place = District.objects.filter(code=district).first()
        if place is None:
            raise CommandError(f"没有代码为 {district} 的区镇：请先运行 loadpack，或核对代码。")
        invitation = Invitation(role=Role(role), district=place, name=name, phone=phone)
        try:
            invitation.clean_fields(exclude=["token_hash", "expires_at", "invited_by", "accepted_by", "organisation"])
        except ValidationError as error:
            raise CommandError("；".join(error.messages)) from error
        link = site.rstrip("/") + reverse("join", args=[invite(invitation, by=None)])
        if options["json"]:
            self.stdout.write(json.dumps({"link": link, "days": INVITATION_DAYS}, ensure_ascii=False))
        else:
            self.stdout.write(
                f"{name}（{Role(role).label}，{place}）请在 {INVITATION_DAYS} 天内打开，只能用一次：\n{link}"
            )
