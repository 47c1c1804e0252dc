"""Sending back a second time: everything is to be named at once, so what is named only now needs a justification."""

from collections.abc import Sequence
from datetime import date

from django.db import transaction
from django.utils.translation import gettext as _

from portal.lifecycle import Refused
from portal.models import Event, ReturnItem, Revision, User
from stations.applications import lifecycle
from stations.applications.actions import lock
from stations.models import Application


def seen_before(application: Application, labels: dict[str, str]) -> set[str] | None:
    """Of these targets those that stood as they do when the case was first sent back, and were not named then: to
    name one now needs a justification. None before the first return."""
    first = Event.objects.filter(matter=application.matter_id, action="return").order_by("pk").first()
    if first is None:
        return None
    named = set(ReturnItem.objects.filter(event__matter=application.matter_id).values_list("target", flat=True))
    revisions = Revision.objects.filter(matter=application.matter_id).order_by("-event")
    then = revisions.filter(event__lt=first.pk).values_list("data", flat=True)[0]
    now = revisions.values_list("data", flat=True)[0]
    return {
        target
        for target in labels
        if target not in named and condition_of(target) not in named and value_of(then, target) == value_of(now, target)
    }


def condition_of(target: str) -> str:
    """The condition whose document a target is; naming it names its documents too."""
    kind, _colon, name = target.partition(":")
    return f"condition:{name.split('.')[0]}" if kind == "slot" else target


def value_of(told: dict, target: str):
    """What a submission said at one target; at a condition also by its documents."""
    kind, _colon, name = target.partition(":")
    if kind == "condition":
        papers = {slot: files for slot, files in told["slot"].items() if slot.split(".")[0] == name}
        return told["condition"].get(name), papers
    return told["enterprise" if kind == "profile" else kind].get(name)


@transaction.atomic
def send_back(
    application: Application, items: Sequence[ReturnItem], *, by: User, on: date, note: str = "", late: str = ""
) -> Application:
    """Return the case with everything to mend. `late` says why something that an earlier return could have named is
    named only now; the event keeps it. Raises NotYours or Refused."""
    application = lock(application)
    seen = seen_before(application, {item.target: item.label for item in items}) or set()
    named = [item.label for item in items if item.target in seen]
    if named and not late.strip():
        raise Refused(too_late(named))
    details = {"late": late, "late_targets": [item.target for item in items if item.target in seen]} if named else {}
    return lifecycle.application.move(application, "return", by=by, on=on, note=note, details=details, items=items)


def too_late(labels: Sequence[str]) -> str:
    text = _("%(what)s在第一次退回时就能看到。请写明当时为什么没有提出，单位和审计都会看到。")
    return text % {"what": _("、").join(labels)}
