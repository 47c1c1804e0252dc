"""Who is to be asked after, and when: so many months after the exit, as the city decides."""

from datetime import date, timedelta

from django.db.models import Case, Exists, IntegerField, OuterRef, QuerySet, Value, When

from portal.models import Pack, Setting
from postdocs.destinations.models import FollowUp
from postdocs.stays.actions import add_months
from postdocs.stays.models import OUT, Stay

MONTHS = "followup.months"  # the setting
LAPSES = 12  # months after the last follow-up from which nobody is asked after any more


def months_of(pack: Pack | None) -> list[int]:
    """After how many months a city asks; none where it doesn't say."""
    value = Setting.objects.filter(pack=pack, code=MONTHS).values_list("value", flat=True).first()
    return sorted(map(int, value or ()))


def due_day(stay: Stay, months: int) -> date:
    assert stay.ended_on
    return add_months(stay.ended_on, months)


def last_exit(on: date, months: int) -> date:
    """The latest day of exit from which so many months have passed on a day."""
    day = add_months(on, -months)
    if (on + timedelta(1)).month == on.month:
        return day
    return add_months(day.replace(day=1), 1) - timedelta(1)


def with_due(rows: QuerySet, months: list[int], on: date) -> QuerySet:
    """Stays with the latest follow-up that is due on a day as `months_due`; NULL where none is."""
    reached = [When(ended_on__lte=last_exit(on, n), then=Value(n)) for n in reversed(months)]
    return rows.annotate(months_due=Case(*reached, default=None, output_field=IntegerField(null=True)))


def waiting(rows: QuerySet, months: list[int], on: date) -> QuerySet:
    """Those whose latest follow-up is due and not written down. An earlier one that was missed stays unknown; a year
    after the last nobody is asked after any more."""
    if not months:
        return rows.none()
    asked = FollowUp.objects.filter(stay=OuterRef("pk"), months=OuterRef("months_due"))
    since = last_exit(on, months[-1] + LAPSES)
    rows = with_due(rows.filter(status__in=OUT, ended_on__gt=since), months, on).filter(months_due__isnull=False)
    return rows.exclude(Exists(asked)).order_by("ended_on", "pk")
