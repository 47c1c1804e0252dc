"""Before something lapses, whoever can claim it hears of it: the person, the unit, and near the end the district."""

from collections.abc import Iterator
from datetime import date, timedelta
from functools import partial

from django.urls import reverse
from django.utils.translation import gettext_lazy, ngettext

from portal.models import Pack
from portal.reminders import KINDS, Bell, days_of, ring, threshold
from stations.reminders import people_of
from subsidies.cards import due
from subsidies.cards.lists import card_url
from subsidies.entitlements.models import Entitlement
from subsidies.subjects import WITH_SUBJECT, district_of, organisation_of, person_of

KINDS.update({"lapse": gettext_lazy("可以申领的资助快要失效")})
LAST_CALL = 7  # days before the end on which it rings once more, then in the district too


def lapses(on: date) -> int:
    """Twice: when the city's days of warning begin, and a week before the last day."""
    count = 0
    for pack in Pack.objects.select_related("root"):
        days = days_of(pack, "days.stay")
        if days is None:
            continue
        rows = Entitlement.objects.filter(
            version__pack=pack, version__scheme__line__isnull=False, opens_on__lte=on, lapses_on__gt=on,
            lapses_on__lte=on + timedelta(days + 1),
        )  # fmt: skip
        left = due.without_claim(rows).filter(left__gt=0).select_related("instalment__version__scheme", *WITH_SUBJECT)
        count += ring("lapse", list(bells(list(left.order_by("lapses_on", "pk")), on, days)))
    return count


def bells(rows: list[Entitlement], on: date, days: int) -> Iterator[Bell]:
    units, offices = people_of({organisation_of(row.subject).pk for row in rows}, on)
    for row in rows:
        assert row.lapses_on is not None
        left = (row.lapses_on - timedelta(1) - on).days
        step, subject = threshold(left, (days, LAST_CALL)), row.subject
        said, key = partial(text, row, left), f"{row.right}:{row.lapses_on}:{step}"
        office = offices.get(district_of(subject).pk, []) if step == LAST_CALL else []
        yield Bell(key, [*units.get(organisation_of(subject).pk, []), *office], said, path=card_url(subject))
        person = person_of(subject)
        if person is not None and person.user_id:
            yield Bell(key, [person.user], said, path=reverse("subsidies:card"))


def text(row: Entitlement, left: int) -> str:
    subject = row.subject
    told = {
        "who": person_of(subject) or subject,
        "what": row.instalment.version.scheme,
        "day": row.lapses_on - timedelta(1),  # type: ignore[operator]
        "n": left,
    }
    return (
        ngettext(
            "%(who)s：%(what)s最迟 %(day)s 申领，还有 %(n)s 天",
            "%(who)s：%(what)s最迟 %(day)s 申领，还有 %(n)s 天",
            left,
        )
        % told
    )
