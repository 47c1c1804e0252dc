"""What every page of the targets is asked for: which city, which of one's districts, which day; and when it was computed."""

from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property
from urllib.parse import urlencode

from django.core.exceptions import ValidationError
from django.db.models import OuterRef, Subquery
from django.http import Http404
from django.shortcuts import get_object_or_404
from django.utils.formats import date_format
from django.utils.timezone import localdate, localtime, now
from django.utils.translation import gettext as _

from portal.forms import DayField
from portal.models import Amendment, District, Job, Pack, Setting
from portal.site import pack_of, remembered
from targets.models import Indicator, KnownFigure, Reading


class AsOf:
    """What a dashboard is asked for: which city, which of one's districts, which day.

    `known`: the figures as they were known on that day (`?known=`), None for what is known now.
    """

    def __init__(self, request):
        self.today = localdate()
        self.pack = pack_of(request.user)
        if self.pack is None:
            raise Http404
        self.districts = districts_for(request.user, self.pack)
        if not self.districts:
            raise Http404
        code = request.GET.get("district")
        named = [d for d in self.districts if d.code == code] if code else self.districts[:1]
        if not named:
            raise Http404
        self.district = named[0]
        self.on = self.day(request.GET.get("on"))
        self.known = self.day(request.GET.get("known")) if request.GET.get("known") else None
        if self.known is not None:
            self.on = kept_day(self.on, self.known)

    def day(self, text) -> date:
        """The day asked for; a day that can't be read, or hasn't come yet, is today."""
        try:
            return min(DayField(required=False).clean(text) or self.today, self.today)
        except ValidationError:
            return self.today

    @property
    def set_on(self) -> date | None:
        """The day whose targets are shown: that of the knowledge, else the day itself; None for today's."""
        day = self.known or self.on
        return day if day < self.today else None

    @property
    def query(self) -> str:
        """What was asked for, so that another page or a workbook shows the same."""
        known = {"known": self.known.isoformat()} if self.known else {}
        return urlencode({"on": self.on.isoformat(), "district": self.district.code, **known})

    @property
    def then(self) -> str:
        """The day and the night as the end of an address that names a district; "" for today."""
        if self.on == self.today and not self.known:
            return ""
        return f"&on={self.on}&known={self.known}" if self.known else f"&on={self.on}"

    @property
    def there(self) -> str:
        """What makes the address of a page show the same district on the same day; "" for what it shows by itself."""
        if self.district != self.districts[0]:
            return f"?district={self.district.code}{self.then}"
        return f"?{self.then[1:]}" if self.then else ""

    def below(self) -> list[District]:
        """The chosen district, then those below it in official order."""
        return [self.district, *(d for d in self.districts if d.parent_id == self.district.pk)]

    def context(self) -> dict:
        fresh = self.freshness
        return {
            "as_of": self,
            "on": self.on,
            "today": self.today,
            "district": self.district,
            "districts": self.districts,
            "known": fresh.words,
            "known_on": self.known,
            "known_since": first_night(self.pack) if self.known else None,
            "recomputing": fresh.waiting,
            "stale": fresh.stale,
        }

    @cached_property
    def freshness(self) -> "Freshness":
        return freshness(self.pack)


def kept_day(on: date, known: date) -> date:
    """The day whose figures a night kept: the night's own day, or the end of a month before it."""
    if on >= known:
        return known
    return on if (on + timedelta(1)).day == 1 else on.replace(day=1) - timedelta(1)


def first_night(pack: Pack) -> date | None:
    """Since when what was known is kept."""
    rows = KnownFigure.objects.filter(indicator__pack=pack).order_by("known_on")
    return rows.values_list("known_on", flat=True).first()


def found(asked, plan, code) -> Indicator:
    rows = Indicator.objects.select_related("plan__pack__root", "pack", "clause__document", "parent")
    return get_object_or_404(rows, pack=asked.pack, plan__code=plan, code=code)


def districts_for(user, pack) -> list[District]:
    """The districts whose figures a person may see, highest first: the whole city, or one's own."""
    below = District.objects.below(pack.root).order_by("depth", "path_order")
    known = remembered(f"districts:{pack.pk}", lambda: list(below))
    return [district for district in known if district.pk in user.scope.figures]


STALE = "targets.stale"  # the setting: after so many hours without a recompute figures are called old
HOURS = 26  # where a city doesn't say: a day, and what the nightly run may take
WAITS = timedelta(minutes=10)  # so long something that moved may wait to be counted


@dataclass(frozen=True)
class Freshness:
    """When the figures were last computed, in words, and whether ever; whether something has moved since, and whether they
    are old: too long ago, or what moved has waited too long or was given up. `stamp` changes with everything that pages
    of figures rest on."""

    words: str
    ever: bool
    waiting: bool
    stale: bool
    stamp: str


def freshness(pack: Pack) -> Freshness:
    """All of it in one query."""
    runs = Job.objects.filter(kind="recompute")
    done = runs.filter(state=Job.State.DONE).order_by("-finished_at").values("finished_at")[:1]
    ended = runs.exclude(finished_at=None).order_by("-finished_at", "-pk").values("state")[:1]
    open_ones = runs.filter(state__in=[Job.State.WAITING, Job.State.RUNNING])
    last = {
        "job": runs.order_by("-pk"),
        "amendment": Amendment.objects.order_by("-pk"),
        "reading": Reading.objects.order_by("-pk"),
    }
    (row,) = Pack.objects.filter(pk=pack.pk).values(
        at=Subquery(done),
        ended=Subquery(ended),
        asked=Subquery(open_ones.order_by("asked_at").values("asked_at")[:1]),
        hours=Subquery(Setting.objects.filter(pack=OuterRef("pk"), code=STALE).values("value")[:1]),
        **{name: Subquery(rows.values("pk")[:1]) for name, rows in last.items()},
    )
    at, asked, moment = row["at"], row["asked"], now()
    old = at is None or row["ended"] == Job.State.FAILED or moment - at > timedelta(hours=row["hours"] or HOURS)
    return Freshness(
        words=date_format(localtime(at), "m-d H:i") if at else _("尚未计算"),
        ever=at is not None,
        waiting=asked is not None,
        stale=old or (asked is not None and moment - asked > WAITS),
        stamp=" ".join(map(str, (at, row["ended"], asked is not None, *(dict(row)[name] for name in last)))),
    )
