"""One person: who they are as far as one may see, their stays and career, where they stand and what is open to them."""

from django.shortcuts import get_object_or_404, render
from django.utils.timezone import localdate

from portal.models.people import BUREAU
from postdocs.careers import views as careers
from postdocs.disclosures.actions import SHOWN_TO
from postdocs.disclosures.models import READERS
from postdocs.own.actions import may_invite
from postdocs.particulars import actions as particulars
from postdocs.people.models import Person
from postdocs.prospects.standing import prospects_of
from postdocs.stays import timeline
from postdocs.stays.models import INSIDE, Stay


def person(request, pk):
    """A person one has to do with: their doctorate, their papers without the number, the stays one may see."""
    rows = Person.objects.visible_to(request.user).prefetch_related("papers")
    row, today = get_object_or_404(rows, pk=pk), localdate()
    stays = list(Stay.objects.visible_to(request.user).filter(person=row).for_page().order_by("-entered_on", "-pk"))
    current = next((s for s in stays if s.status in INSIDE), None)
    steps = timeline.steps_of(current, today) if current else []
    context = {
        "person": row,
        "stays": stays,
        "current": current,
        "overdue": bool(current and current.is_overdue(today)),
        "lanes": timeline.lanes(current, steps, timeline.slots_of(current), today) if current else None,
        "due": [s for s in steps if s.state in ("late", "failed", "open")],
        "prospects": prospects_of(current, on=today) if current else [],
        "shows": bool(stays and SHOWN_TO & request.user.scope.roles),
        "today": today,
        "particulars": particulars.read(row, request.user),
        **careers.part(row, request.user, on=today),
    }
    return render(request, "postdocs/person.html", context)


def part(stay: Stay, user, *, on) -> dict:
    """What the pages of a stay show of its person."""
    return {
        "shows": bool(SHOWN_TO & user.scope.roles),
        "invites": may_invite(stay, user),
        **careers.part(stay.person, user, on=on),
    }


def links(user) -> dict:
    """Which pages about people the list of stays leads to."""
    roles = user.scope.roles
    return {"shows": bool(SHOWN_TO & roles), "compares": bool(BUREAU & roles), "audits": bool(READERS & roles)}
