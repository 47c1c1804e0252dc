"""The life of an activity: planned, announced, held, put on file; what does not take place is cancelled."""

from datetime import date

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from portal.lifecycle import Lifecycle, Refused, Stage, Transition
from portal.models import Role
from portal.models.people import BUREAU
from targets.activities.facts import activity as facts
from targets.activities.models import ActivityStatus

A = ActivityStatus
CLERKS = BUREAU | {Role.DISTRICT}
EDITABLE = (A.PLANNED, A.PUBLISHED, A.HELD)


def take_turn(subject) -> None:
    """The district's own lie with the district, the city's with the bureau; until it is held, by its last day."""
    matter = subject.matter
    open_ = matter.holder != ""
    matter.holder = (Role.DISTRICT if matter.district.parent_id else Role.BUREAU_HANDLER) if open_ else ""
    matter.due_on = subject.until if subject.status in (A.PLANNED, A.PUBLISHED) else None
    matter.save(update_fields=["holder", "due_on"])


def follow(subject, *, by, on, details):
    take_turn(subject)


def hold(subject, *, by, on, details):
    """From this day on it counts. Raises Refused on an impossible one."""
    subject.held_on = date.fromisoformat(str(details["held_on"]))
    if subject.held_on > on:
        raise Refused(_("举办日期 %(day)s 在今天之后，请核对。") % {"day": subject.held_on})
    take_turn(subject)


def archive(subject, *, by, on, details):
    """Put on file with what came of it."""
    if not subject.result:
        raise Refused(_("还没有写活动成果。请先填写，再归档。"))
    take_turn(subject)


def undo(subject, *, by, on, details):
    """It did not take place after all: it counts no more."""
    subject.held_on = None
    take_turn(subject)


HELD = (("held_on", _("举办日期")),)
cycle = Lifecycle(
    "activity",
    _("活动"),
    url="targets:activity",
    vocabulary=facts,
    stages={
        A.PLANNED: Stage(_("计划"), Role.BUREAU_HANDLER),
        A.PUBLISHED: Stage(_("已发布"), Role.BUREAU_HANDLER),
        A.HELD: Stage(_("已举办"), Role.BUREAU_HANDLER),
        A.ARCHIVED: Stage(_("已归档")),
        A.CANCELLED: Stage(pgettext_lazy("活动", "已取消")),
    },
    transitions=[
        Transition("publish", A.PLANNED, A.PUBLISHED, CLERKS, _("发布"), effect=follow),
        Transition("unpublish", A.PUBLISHED, A.PLANNED, CLERKS, _("撤回发布"), effect=follow, note_needed=True),
        *(
            Transition("hold", source, A.HELD, CLERKS, _("登记举办"), effect=hold, needs=HELD)
            for source in (A.PLANNED, A.PUBLISHED)
        ),
        *(
            Transition("edit", status, status, CLERKS, _("修改"), effect=follow)
            for status in EDITABLE
        ),
        Transition("archive", A.HELD, A.ARCHIVED, CLERKS, _("归档"), effect=archive),
        Transition("undo", A.HELD, A.PLANNED, CLERKS, _("撤销举办"), effect=undo, note_needed=True),
        Transition("reopen", A.ARCHIVED, A.HELD, CLERKS, _("取出归档"), effect=follow, note_needed=True),
        *(
            Transition(
                "cancel", source, A.CANCELLED, CLERKS, pgettext_lazy("活动", "取消"), effect=follow, note_needed=True
            )
            for source in (A.PLANNED, A.PUBLISHED)
        ),
    ],
)  # fmt: skip
