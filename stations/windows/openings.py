"""When an application may be handed in, and which batch it belongs to."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from portal.lifecycle import Refused
from portal.words import localised
from stations.models import Application, ApplicationType, ApplicationWindow


@dataclass
class Opening:
    """What a day means for one type: `now` is the batch that is open, `next` the one that comes. `all_year`: the city
    has no batches for it."""

    all_year: bool
    now: ApplicationWindow | None = None
    next: ApplicationWindow | None = None
    rows: Sequence[ApplicationWindow] = ()

    @property
    def periods(self) -> list[tuple[ApplicationWindow, date]]:
        """All batches, the earliest first, each with its last day."""
        return [(row, last_day(row)) for row in self.rows]

    @property
    def open(self) -> bool:
        return self.all_year or self.now is not None

    @property
    def said(self) -> str:
        """In one sentence, for the guide and for a refusal."""
        if self.all_year:
            return _("全年受理")
        if self.now:
            told = {"batch": localised(self.now, "title"), "day": day(last_day(self.now))}
            return _("正在受理“%(batch)s”，到 %(day)s 止") % told
        if self.next:
            told = {"batch": localised(self.next, "title")}
            told |= {"since": day(self.next.since), "last": day(last_day(self.next))}
            return _("现在不在受理期，下一批“%(batch)s”从 %(since)s 到 %(last)s 受理") % told
        return _("现在不在受理期，下一批的日期还没有公布")


def last_day(window: ApplicationWindow) -> date:
    return window.until - timedelta(1)


def day(on: date) -> str:
    return date_format(on, "Y-m-d")


def of_types(types: Iterable[ApplicationType], on: date) -> dict[int, Opening]:
    """What the day means for each of these types, in one query."""
    by_type: dict[int, list[ApplicationWindow]] = {}
    for row in ApplicationWindow.objects.filter(type__in=types).order_by("since", "pk"):
        by_type.setdefault(row.type_id, []).append(row)
    return {kind.pk: opening(by_type.get(kind.pk, []), on) for kind in types}


def of_type(kind: ApplicationType, on: date) -> Opening:
    return opening(list(ApplicationWindow.objects.filter(type=kind).order_by("since", "pk")), on)


def opening(rows: list[ApplicationWindow], on: date) -> Opening:
    """`rows` are the batches of one type, the earliest first."""
    return Opening(
        all_year=not rows,
        now=next((row for row in rows if row.since <= on < row.until), None),
        next=next((row for row in rows if row.since > on), None),
        rows=rows,
    )


def take_in(application: Application, *, on: date) -> None:
    """A case belongs to the batch of the day it was first handed in; what is mended later stays in it. Raises Refused,
    saying when the next one opens."""
    if application.window_id or application.matter.round > 2:
        return
    found = of_type(application.type, on)
    if not found.open:
        raise Refused(_("%(said)s。已填的内容保存在草稿里，到时再提交。") % {"said": found.said})
    application.window = found.now
