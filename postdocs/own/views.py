"""The postdoc's own page, and how an enterprise gives them their account."""

from django import forms
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.shortcuts import get_object_or_404, render
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from portal.forms import PhoneField
from portal.lifecycle import Refused
from portal.views.accounts import hand_over
from postdocs.careers import views as careers
from postdocs.disclosures.models import Disclosure
from postdocs.own import actions
from postdocs.people.models import Person
from postdocs.prospects.standing import prospects_of
from postdocs.stays import lifecycle, timeline
from postdocs.stays.forms import StayMoveForm
from postdocs.stays.models import INSIDE, Stay
from stations.applications.progress import office_for


class InviteForm(forms.Form):
    phone = PhoneField(
        label=gettext_lazy("本人手机"),
        max_length=20,
        help_text=gettext_lazy("就是账号；请与本人核对，别填经办人的号码"),
    )


def invite(request, number):
    """Ask a postdoc in; the link goes to their telephone, or is shown this once where no gateway carries texts."""
    rows = Stay.objects.visible_to(request.user).select_related("matter", "person")
    stay = get_object_or_404(rows, matter__number=number)
    if not actions.may_invite(stay, request.user):
        raise PermissionDenied(_("备案进站以后、本人还没有账号时，由设站单位经办人邀请。"))
    form, handed = InviteForm(request.POST or None, initial={"phone": stay.person.mobile}), None
    if request.method == "POST" and form.is_valid():
        try:
            with transaction.atomic():
                invitation, secret = actions.invite(stay, phone=form.cleaned_data["phone"], by=request.user)
                handed = hand_over(request, invitation, secret)
        except Refused as reason:
            form.add_error("phone" if actions.may_invite(stay, request.user) else None, str(reason))
    context = {"stay": stay, "form": form, "handed": handed}
    return render(request, "postdocs/invite.html", context, status=422 if form.errors else 200)


def me(request):
    """One's own stays: where they are, what is due and missing, what one could apply for, who saw one's number."""
    person, today = Person.objects.filter(user=request.user).first(), localdate()
    if person is None:
        return render(request, "postdocs/me.html", {"person": None})
    rows = Stay.objects.visible_to(request.user).filter(person=person).for_page()
    stays = [told(stay, today) for stay in rows.order_by("-entered_on", "-pk")]
    current = next((s for s in stays if s["stay"].status in INSIDE), None)
    context = {
        "person": person,
        "stays": stays,
        "current": current,
        "moves": own_moves(current["stay"], request.user) if current else [],
        "prospects": prospects_of(current["stay"], on=today) if current else [],
        "office": office_for(stays[0]["stay"].matter) if stays else None,
        "disclosures": Disclosure.objects.of(person).select_related("by", "matter").order_by("-at")[:20],
        "today": today,
        **careers.part(person, request.user, on=today),
    }
    return render(request, "postdocs/me.html", context)


def own_moves(stay: Stay, user) -> list:
    """The steps of a stay that are the postdoc's own, each with its form."""
    steps = [s for s in lifecycle.possible(stay, user) if s.action in lifecycle.OWN]
    return [(step, StayMoveForm(step=step)) for step in steps]


def told(stay: Stay, today) -> dict:
    """One stay with its picture, what is due next and which papers are missing."""
    steps, slots = timeline.steps_of(stay, today), timeline.slots_of(stay)
    return {
        "stay": stay,
        "lanes": timeline.lanes(stay, steps, slots, today),
        "next": timeline.next_of(steps),
        "due": [s for s in steps if s.state in ("late", "failed", "open") and (s.due or s.state == "failed")],
        "missing": [s for s in slots if s.required and not s.files] if stay.status in INSIDE else [],
        "overdue": stay.is_overdue(today),
    }
