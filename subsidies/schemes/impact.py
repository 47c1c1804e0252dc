"""What a version would change for real people: everybody judged by it and by the version in force, in one statement."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from portal.packs.sections import plain
from portal.packs.writing import as_data as as_file
from subsidies.schemes import engine
from subsidies.schemes.models import Condition, SchemeVersion
from subsidies.schemes.told import digest, money


class Kind(TextChoices):
    """What becomes of somebody."""

    GAIN = "gain", _("变为符合")
    LOSE = "lose", _("变为不符合")
    UNKNOWN = "unknown", _("变为待认定")
    MORE = "more", _("金额增加")
    LESS = "less", _("金额减少")
    SAME = "same", _("不变")


@dataclass(frozen=True)
class Line:
    """One subject under both versions. `was` and `now`: met, not met, None open; the amounts are yuan, None where not
    known or nothing is due. `concerned`: its event lies in the time of the new version, so that this will be so; the
    others show what would have been. `because`: the conditions of the new version that it doesn't meet, or may not."""

    pk: int
    event_on: date
    district: int
    was: bool | None
    now: bool | None
    before: Decimal | None
    after: Decimal | None
    concerned: bool
    because: tuple[Condition, ...]

    @property
    def kind(self) -> Kind:
        if self.was is not self.now:
            return {True: Kind.GAIN, False: Kind.LOSE, None: Kind.UNKNOWN}[self.now]
        if self.before == self.after:
            return Kind.SAME
        if self.after is None:
            return Kind.UNKNOWN
        return Kind.MORE if self.before is None or self.after > self.before else Kind.LESS


def former_of(version: SchemeVersion) -> SchemeVersion | None:
    """The published version that it would follow: the last one that began before it."""
    rows = SchemeVersion.objects.published().filter(scheme=version.scheme_id, since__lt=version.since)
    return rows.order_by("-since").first()


def difference(version: SchemeVersion, former: SchemeVersion | None, *, on: date) -> list[Line]:
    """Everybody whom either version gives something, or may; of those whose event came after the former one began."""
    pks = [version.pk, *([former.pk] if former else [])]
    asked = engine.rulings(SchemeVersion.objects.filter(pk__in=pks).for_engine())
    new = next(r for r in asked if r.version.pk == version.pk)
    old = next((r for r in asked if r.version.pk != version.pk), None)
    event = f"fact_{version.scheme.event}"
    rows = engine.rows_of(asked, engine.in_pack(new.vocabulary, version.pack), on=on)
    rows = rows.filter(**{f"{event}__isnull": False, f"{event}__gte": (former or version).since})
    lines = [line_of(row, version, old, new, row[event]) for row in rows.order_by(event, "pk")]
    places = new.vocabulary.model._default_manager.filter(pk__in=[x["pk"] for x in lines])
    districts = dict(places.order_by().values_list("pk", new.vocabulary.district))
    return [Line(**x, district=districts[x["pk"]]) for x in lines if not (x["was"] is False and x["now"] is False)]


def line_of(row, version: SchemeVersion, old, new, event: date) -> dict[str, Any]:
    was, now = row[old.name("met")] if old else False, row[new.name("met")]
    return {
        "pk": row["pk"],
        "event_on": event,
        "was": was,
        "now": now,
        "before": row[old.name("whole")] if was is not False else None,
        "after": row[new.name("whole")] if now is not False else None,
        "concerned": event >= version.since and (version.until is None or event < version.until),
        "because": tuple(a.conditions[0] for a in new.asked if stands_in_the_way(a, row)) if now is not True else (),
    }


def stands_in_the_way(asked: engine.Asked, row) -> bool:
    verdict = row[asked.key] if asked.question else None
    if asked.purpose == Condition.Purpose.NEED:
        return verdict is not True
    return asked.purpose == Condition.Purpose.STOP and verdict is True


# --- numbers -----------------------------------------------------------------------------------

SUMS = ("before", "after")


def tally(lines: Iterable[Line]) -> dict[str, Any]:
    """How many of each kind, and what both versions come to if all that is open is granted; `unsummed`: how many have
    no amount yet under the new one."""
    found: dict[str, Any] = {"n": 0, **dict.fromkeys(Kind.values, 0), **dict.fromkeys(SUMS, Decimal(0)), "unsummed": 0}
    for line in lines:
        found["n"] += 1
        found[line.kind] += 1
        for name in SUMS:
            found[name] += getattr(line, name) or Decimal(0)
        found["unsummed"] += line.now is not False and line.after is None
    found["cost"] = found["after"] - found["before"]
    return found


def grouped(lines: Iterable[Line], key) -> dict[Any, dict[str, Any]]:
    groups: dict[Any, list[Line]] = {}
    for line in lines:
        groups.setdefault(key(line), []).append(line)
    return {name: tally(members) for name, members in sorted(groups.items())}


def kept(tallied: dict[str, Any]) -> dict[str, Any]:
    """As JSON keeps it."""
    return {name: money(value) if isinstance(value, Decimal) else value for name, value in tallied.items()}


def seen_of(version: SchemeVersion, former: SchemeVersion | None, lines: list[Line], *, on: date) -> dict[str, Any]:
    """What somebody saw who looked at the difference on a day: the numbers, by what the version said then. `digest` is
    of all of it, so that a later change of the version or of anybody it concerns shows."""
    data: dict[str, Any] = {
        "on": str(on),
        "version": digest(content(version)),
        "former": str(former.since) if former else None,
        "lines": digest({str(x.pk): [x.was, x.now, money(x.before), money(x.after)] for x in lines}),
    }
    for name, rows in (("concerned", [x for x in lines if x.concerned]), ("all", lines)):
        data[name] = kept(tally(rows))
        data[f"{name}_by_year"] = {str(k): kept(v) for k, v in grouped(rows, lambda x: x.event_on.year).items()}
        data[f"{name}_by_district"] = {str(k): kept(v) for k, v in grouped(rows, lambda x: x.district).items()}
    return data | {"digest": digest(data)}


def content(version: SchemeVersion) -> dict[str, Any]:
    """What a version says, as the pack's file would say it."""
    from subsidies.schemes.pack import VERSIONS

    return jsonable({k: v for k, v in as_file(VERSIONS, version).items() if k != "state"})


def jsonable(value: Any) -> Any:
    if isinstance(value, dict):
        return {str(k): jsonable(v) for k, v in value.items()}
    if isinstance(value, list):
        return [jsonable(v) for v in value]
    return f"{value.normalize():f}" if isinstance(value, Decimal) else plain(value)
