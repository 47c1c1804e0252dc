"""A postdoc's account: the enterprise invites, the person accepts, and the record is theirs to read."""

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from portal.lifecycle import Refused
from portal.models import Invitation, Pack, Role, User
from portal.views.accounts import invite as keep
from postdocs.own.models import OwnInvitation
from postdocs.people.models import Person
from postdocs.stays import actions as stays
from postdocs.stays.models import INSIDE, Stay, StayStatus

FILED = (*INSIDE, StayStatus.LEFT)


def may_invite(stay: Stay, user: User) -> bool:
    """The enterprise, once the entry is on the national record and as long as the person has no account."""
    return stay.status in FILED and stay.person.user_id is None and stays.handles(stay, user)


def is_the_units(phone: str, stay: Stay, by: User) -> bool:
    """Whether this number is the inviter's, a colleague's or the enterprise's own: the account would be theirs."""
    organisation = stay.matter.organisation
    accounts = User.objects.filter(Q(username=phone) | Q(phone=phone))
    theirs = Q(pk=by.pk) | Q(appointments__organisation=organisation)
    return phone == organisation.phone or accounts.filter(theirs).exists()


@transaction.atomic
def invite(stay: Stay, *, phone: str, by: User) -> tuple[Invitation, str]:
    """An invitation to an account, and the secret of its link. Raises Refused."""
    if not may_invite(stay, by):
        raise Refused(_("备案进站以后、本人还没有账号时，由设站单位经办人邀请。"))
    if is_the_units(phone, stay, by):
        raise Refused(
            _("%(phone)s 是设站单位或单位账号的号码。账号归本人所有，请填博士后本人的手机。") % {"phone": phone}
        )
    root = Pack.objects.get_for(stay.matter.district_id).root
    invitation = Invitation(role=Role.POSTDOC, district=root, name=stay.person.name, phone=phone)
    secret = keep(invitation, by=by)
    OwnInvitation.objects.create(invitation=invitation, person=stay.person)
    return invitation, secret


def belong(invitation: Invitation, user: User) -> None:
    """Somebody accepted: where it was a postdoc's invitation, the record is theirs. Raises Refused."""
    own = OwnInvitation.objects.filter(invitation=invitation).select_related("person").first()
    if own is None:
        return
    person = Person.objects.select_for_update().get(pk=own.person.final.pk)
    if person.user_id not in (None, user.pk):
        raise Refused(_("这份人员记录已有本人账号。请用原来的账号登录，或联系设站单位。"))
    if Person.objects.filter(user=user).exclude(pk=person.pk).exists():
        raise Refused(_("这个账号已关联另一份人员记录。两份记录是同一人的，请市局先合并。"))
    person.user = user
    person.save(update_fields=["user"])
