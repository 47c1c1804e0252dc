"""One step for several cases: each is moved for itself, so that one that can't go on keeps no other back."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from django.db import IntegrityError
from django.utils.translation import gettext as _

from portal.lifecycle import Refused, Transition
from stations.applications import lifecycle
from stations.models import Application, ApplicationType, Route

ACTIONS = ("send_up", "recognise", "forward", "approve")  # what one paper may say of several cases


@dataclass
class Result:
    """What became of one case; `said` is why not, or where it is now."""

    application: Application
    done: bool
    said: str


def steps_for(user, pack) -> list[Transition]:
    """The steps of a batch that this person's roles carry, as far as the city has applications that go that way."""
    routes = set(ApplicationType.objects.filter(pack=pack).values_list("route", flat=True))
    return [
        step
        for step in lifecycle.application.transitions.values()
        if step.action in ACTIONS
        and step.roles & user.scope.roles
        and dict(step.where).get("route", Route.UPWARD) in routes
    ]


def waiting(step: Transition, user):
    """The cases that this step could be taken of, as far as this person may see them."""
    return Application.objects.visible_to(user).filter(status=step.source, **dict(step.where))


def take(
    applications: Iterable[Application], step: Transition, *, by, on: date, details: Mapping, note: str = ""
) -> list[Result]:
    """Take the step of each, each in a transaction of its own."""
    return [one(application, step, by=by, on=on, details=details, note=note) for application in applications]


def one(application: Application, step: Transition, *, by, on: date, details: Mapping, note: str) -> Result:
    try:
        moved = lifecycle.application.move(application, step.action, by=by, on=on, note=note, details=details)
    except Refused as reason:
        return Result(application, False, str(reason))
    except IntegrityError:  # the register has such a station already
        return Result(application, False, _("与名录冲突：这家单位已有一个有效的同类站，请先核对名录。"))
    return Result(moved, True, _("已办理，现为“%(stage)s”") % {"stage": moved.get_status_display()})
