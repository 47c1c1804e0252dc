"""Dated rows of stations and enterprises: who keeps which, and the writes. What the portal knows of a day is read here.

Two windows on one owner notice each other: a form carries the owner's version, and a write with an old one is refused
until the person has seen what is there now.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import F
from django.utils.timezone import now
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from portal import bulk, jobs, uploads
from portal.lifecycle import Refused
from portal.models import District, Event, Evidence, File, Matter, Organisation, Pack, Role, Setting
from portal.models.people import BUREAU
from stations.demands import cooperation
from stations.models import (
    ENDED,
    Certificate,
    Enterprise,
    EnterpriseEvent,
    MainStation,
    Manager,
    OverseasStudio,
    Partner,
    Plate,
    Recruits,
    ResearchOrganisation,
    SalaryPromise,
    Station,
    StationDiscipline,
    StationKind,
    StationName,
    Supervisor,
)
from stations.roles import HANDLER


class Stale(Refused):
    """Somebody else wrote since the form was opened; `version` is the one to send with the next try."""

    def __init__(self, version: int):
        super().__init__(_("打开这一页以后，有人改过这里的登记。请先看看现在的内容；仍要用您填的，请再保存一次。"))
        self.version = version


def nothing_more(row, *, by, on: date) -> None:
    """What most kinds of row need before they are written."""


def nothing_to_settle(rows) -> None:
    """What most kinds of row need after they were written or taken away."""


def vouch(row: Recruits, *, by, on: date) -> None:
    """Figures that an official writes are confirmed by that; an enterprise's wait for one to look."""
    place = {"organisation_id": None, "district_id": row.station.matter.district_id}
    official = bool(by.roles_for(**place) & (BUREAU | {Role.DISTRICT}))
    row.recorded_on = on
    row.confirmed_by, row.confirmed_on = (by, on) if official else (None, None)


def name_universities(rows) -> None:
    """Whom the names in agreements stand for; figures that rest on them are counted again."""
    cooperation.link(Partner.objects.filter(pk__in=[row.pk for row in rows]))
    jobs.ask("recompute")


@dataclass(frozen=True)
class Kind:
    """One kind of dated row. `single`: the next one ends the one before. `owner`: what it belongs to. `dated`: it has
    a first and a last day. `prepare` is done before a row is written, `settle` with the rows that were."""

    code: str
    model: Any
    roles: frozenset[str]
    single: bool = False
    owner: str = "station"
    dated: bool = True
    prepare: Callable = nothing_more
    settle: Callable = nothing_to_settle

    @property
    def label(self):
        return self.model._meta.verbose_name

    def may(self, user, owner) -> bool:
        if isinstance(owner, Station):
            if owner.status in ENDED:
                return False
            place = {"organisation_id": owner.matter.organisation_id, "district_id": owner.matter.district_id}
        else:
            place = {"organisation_id": owner.pk, "district_id": None}
        return bool(user.roles_for(**place) & self.roles)


KINDS = {
    kind.code: kind
    for kind in (
        Kind("supervisor", Supervisor, HANDLER),
        Kind("discipline", StationDiscipline, HANDLER),
        Kind("partner", Partner, HANDLER, settle=name_universities),
        Kind("manager", Manager, HANDLER, single=True),
        Kind("salary", SalaryPromise, BUREAU, single=True),
        Kind("main", MainStation, BUREAU),
        Kind("plate", Plate, BUREAU, single=True),
        Kind("recruits", Recruits, HANDLER | BUREAU | {Role.DISTRICT}, dated=False, prepare=vouch),
        Kind("certificate", Certificate, HANDLER, owner="enterprise"),
        Kind("studio", OverseasStudio, HANDLER),
        Kind("research", ResearchOrganisation, HANDLER, owner="enterprise"),
    )
}
WRITTEN = {  # how the history of a station calls what isn't a step of its lifecycle
    "row_added": pgettext_lazy("动词", "登记"),
    "row_changed": gettext_lazy("修改登记"),
    "row_removed": gettext_lazy("删除误登"),
    "row_confirmed": gettext_lazy("核实"),
    "renamed": gettext_lazy("更名"),
}


# --- writes ------------------------------------------------------------------------------------


def lock(owner, version: int | None) -> None:
    """Hold the owner until the transaction ends and count its version up. Raises Stale."""
    model: Any = Matter if isinstance(owner, Station) else Enterprise
    held = model.objects.select_for_update(of=("self",)).get(pk=owner.matter_id if model is Matter else owner.pk)
    if version is not None and held.version != version:
        raise Stale(held.version)
    model.objects.filter(pk=held.pk).update(version=F("version") + 1)


def version_of(owner) -> int:
    return owner.matter.version if isinstance(owner, Station) else owner.version


def note_down(station: Station, action: str, *, by, on: date, note: str = "", details: dict | None = None) -> None:
    note_all([(Matter.objects.get(pk=station.matter_id), action, note, details or {})], by=by, on=on)


def told(row) -> dict:
    """What a row says, as history keeps it."""
    hidden = {"id", "station", "enterprise", "by", "recorded_at", "listed"}
    values = {f.name: f.value_from_object(row) for f in row._meta.concrete_fields if f.name not in hidden}
    return {name: value if isinstance(value, bool | None) else str(value) for name, value in values.items()}


@transaction.atomic
def keep(kind: Kind, row, *, by, on: date, version: int | None = None, upload=None, file: File | None = None) -> None:
    """Write a new or a corrected row, with a paper that is sent now or was kept already. Raises Stale, ValidationError,
    uploads.BadFile."""
    owner = getattr(row, kind.owner)
    lock(owner, version)
    before = told(kind.model.objects.get(pk=row.pk)) if row.pk else None
    if kind.single and before is None:
        earlier = kind.model.objects.filter(**{kind.owner: owner}, since__lt=row.since, until=None)
        earlier.update(until=row.since)
    prepare(kind, row, by=by, on=on)
    if upload:
        file = uploads.store(upload, organisation=owner.enterprise.organisation, by=by)
    if file:
        row.file = file
    row.full_clean()
    row.save()
    kind.settle([row])
    if file:
        slot = f"partner.{row.pk}"
        Evidence.objects.filter(matter=owner.matter_id, slot=slot, removed_at=None).update(removed_at=now())
        Evidence.objects.create(matter=owner.matter, slot=slot, file=row.file, added_by=by)
    if isinstance(owner, Station):
        action = "row_changed" if before else "row_added"
        details = {"kind": kind.code, "before": before, "after": told(row)}
        note_down(owner, action, by=by, on=on, note=str(row), details=details)
    elif isinstance(row, Certificate) and row.tag not in owner.tags:
        Enterprise.objects.filter(pk=owner.pk).update(tags=[*owner.tags, row.tag])


@transaction.atomic
def keep_all(kind: Kind, rows: Sequence[Any], *, by, on: date) -> None:
    """Write rows of stations, new or corrected, as a workbook brings them; `station` of each is loaded.

    The same as `keep()` for each of them, in a few statements. Raises ValidationError, or what the database objects.
    """
    owners = sorted({row.station.matter_id for row in rows})
    held = {m.pk: m for m in Matter.objects.select_for_update().filter(pk__in=owners).order_by("pk")}
    Matter.objects.filter(pk__in=owners).update(version=F("version") + 1)
    before = {row.pk: told(row) for row in kind.model.objects.filter(pk__in=[row.pk for row in rows if row.pk])}
    keys = {field.name for field in kind.model._meta.concrete_fields if field.is_relation}
    for row in rows:
        prepare(kind, row, by=by, on=on)
        row.clean_fields(exclude=keys)
        row.clean()
    news = [row for row in rows if row.pk is None]
    bulk.pour(news)
    columns = [f.name for f in kind.model._meta.concrete_fields if f.name not in ("id", "station")]
    bulk.overwrite([row for row in rows if row.pk in before], columns)
    kind.settle(rows)
    note_all(
        [
            (held[row.station.matter_id], "row_changed" if row.pk in before else "row_added", str(row),
             {"kind": kind.code, "before": before.get(row.pk), "after": told(row)})
            for row in rows
        ],
        by=by, on=on,
    )  # fmt: skip


def prepare(kind: Kind, row, *, by, on: date) -> None:
    """What is done to every row before it is looked at. Raises ValidationError."""
    row.by = by
    kind.prepare(row, by=by, on=on)
    owner = getattr(row, kind.owner)
    if isinstance(owner, Station) and kind.dated:
        begins_in_time(row, owner)


def begins_in_time(row, owner: Station) -> None:
    """Nothing of a station is older than it is, but agreements are. Raises ValidationError."""
    if row.since and row.since < owner.approved_on and not isinstance(row, Partner):
        text = _("工作站 %(day)s 才批准，起日不能更早。") % {"day": owner.approved_on}
        raise ValidationError({"since": text})


def note_all(notes: Iterable[tuple[Any, str, str, dict]], *, by, on: date) -> None:
    """Write into histories: (matter, action, note, details); of a matter its key, round and status are enough."""
    new_event = bulk.maker(Event)
    bulk.pour(
        [
            new_event(
                matter_id=matter.pk, round=matter.round, action=action, source=matter.status, target=matter.status,
                on=on, by_id=by.pk if by else None, note=note, details=details,
            )
            for matter, action, note, details in notes
        ]
    )  # fmt: skip


@transaction.atomic
def remove_all(kind: Kind, rows: Sequence[Any], *, by, on: date) -> None:
    """Take away rows of stations that were written by mistake, as `remove()` does with one."""
    owners = sorted({row.station.matter_id for row in rows})
    held = {m.pk: m for m in Matter.objects.select_for_update().filter(pk__in=owners).order_by("pk")}
    Matter.objects.filter(pk__in=owners).update(version=F("version") + 1)
    details = {"kind": kind.code}
    note_all(
        [(held[r.station.matter_id], "row_removed", str(r), {**details, "before": told(r)}) for r in rows], by=by, on=on
    )
    kind.model.objects.filter(pk__in=[row.pk for row in rows]).delete()
    kind.settle([])


@transaction.atomic
def remove(kind: Kind, row, *, by, on: date, version: int | None = None) -> None:
    """Take away a row that was written by mistake; a station's history keeps what it said. Raises Stale."""
    owner = getattr(row, kind.owner)
    lock(owner, version)
    if isinstance(owner, Station):
        details = {"kind": kind.code, "before": told(row)}
        note_down(owner, "row_removed", by=by, on=on, note=str(row), details=details)
        Evidence.objects.filter(matter=owner.matter_id, slot=f"partner.{row.pk}", removed_at=None).update(
            removed_at=now()
        )
    row.delete()
    kind.settle([])


@transaction.atomic
def confirm(row: Recruits, *, by, on: date) -> None:
    """An official has looked at what the enterprise says of a year. Raises Refused."""
    lock(row.station, None)
    row = Recruits.objects.select_for_update(of=("self",)).select_related("station__matter").get(pk=row.pk)
    if row.confirmed_on:
        raise Refused(_("%(year)s 年的招收情况已经核实。") % {"year": row.year})
    row.confirmed_by, row.confirmed_on = by, on
    row.full_clean()
    row.save()
    note_down(row.station, "row_confirmed", by=by, on=on, note=str(row), details={"kind": "recruits"})


@transaction.atomic
def rename(station: Station, *, name: str, name_en: str = "", document: str, since: date, by, on: date) -> Station:
    """The station bears a new name from the date of the paper that says so. Raises Refused."""
    matter = Matter.objects.select_for_update().get(pk=station.matter_id)
    station = Station.objects.select_for_update(of=("self",)).get(pk=station.pk)
    if station.status in ENDED:
        raise Refused(_("已终止的站不能更名。"))
    if since > on:
        raise Refused(_("文件日期 %(day)s 在今天之后，请核对文件上的日期。") % {"day": since})
    last = max([station.approved_on, *station.former_names.values_list("until", flat=True)])
    if since <= last:
        raise Refused(_("更名日期须晚于批准和上一次更名的日期 %(day)s。") % {"day": last})
    if name == station.name:
        raise Refused(_("新名称和现在的名称一样。"))
    StationName.objects.create(
        station=station, name=station.name, name_en=matter.title_en, until=since, document=document, by=by
    )
    note = _("%(before)s 更名为 %(after)s") % {"before": station.name, "after": name}
    station.name = name
    station.save(update_fields=["name"])
    Matter.objects.filter(pk=matter.pk).update(title=name, title_en=name_en, version=F("version") + 1)
    note_down(station, "renamed", by=by, on=on, note=note, details={"document": document, "document_on": str(since)})
    return Station.objects.select_related("matter").get(pk=station.pk)


@transaction.atomic
def befall(
    enterprise: Enterprise,
    *,
    kind: str,
    on: date,
    document: str,
    by,
    today: date,
    name: str = "",
    district: District | None = None,
    note: str = "",
) -> EnterpriseEvent:
    """Write down what a paper says befell an enterprise. A new name and a move change the master record, and nothing
    that was handed in or approved before. Raises Refused, ValidationError."""
    K = EnterpriseEvent.Kind
    organisation = Organisation.objects.select_for_update().get(pk=enterprise.pk)
    if on > today:
        raise Refused(_("文件日期 %(day)s 在今天之后，请核对文件上的日期。") % {"day": on})
    event = EnterpriseEvent(enterprise=enterprise, kind=kind, on=on, document=document, note=note, by=by)
    later = enterprise.happenings.filter(kind=kind, on__gt=on).order_by("-on").first()
    if kind in (K.RENAMED, K.MOVED) and later:
        raise Refused(_("%(day)s 已有更晚的同类变更，请按先后登记。") % {"day": later.on})
    if kind == K.RENAMED:
        if name == organisation.name:
            raise Refused(_("新名称和现在的名称一样。"))
        event.before, event.after = organisation.name, name
        organisation.name = name
    elif kind == K.MOVED:
        if district is None or district.pk == organisation.district_id:
            raise Refused(_("请选迁入的区镇，不能是现在的区镇。"))
        event.before, event.after = organisation.district.name, district.name
        organisation.district = district
    event.full_clean()
    event.save()
    organisation.save()
    jobs.ask("recompute")
    return event


# --- a day -------------------------------------------------------------------------------------


@dataclass
class Portrait:
    """A station as it was on a day."""

    on: date
    name: str
    status: str
    owner: str
    manager: Manager | None
    salary: SalaryPromise | None
    main: MainStation | None
    plate: Plate | None
    supervisors: list[Supervisor]
    disciplines: list[StationDiscipline]
    partners: list[Partner]
    studios: list[OverseasStudio]


def portrait(station: Station, on: date, *, names: Iterable[StationName], english: bool) -> Portrait:
    """`station` comes from `as_of(on)`; `names` are its former names, all of them."""

    def mine(model, beside):  # without names, select_related() would join everything there is
        rows = model.objects.on(on).filter(station=station)
        return rows.select_related(*beside) if beside else rows

    def one(model, *beside):
        return mine(model, beside).order_by("-since").first()

    def many(model, order, *beside):
        return list(mine(model, beside).order_by(order, "pk"))

    then = next((row for row in sorted(names, key=lambda r: r.until) if row.until > on), None)
    return Portrait(
        on=on,
        name=((english and then.name_en) or then.name) if then else str(station),
        status=station.status_then,  # type: ignore[attr-defined]
        owner=station.owner_then,  # type: ignore[attr-defined]
        manager=one(Manager),
        salary=one(SalaryPromise),
        main=one(MainStation, "main__matter") if station.kind == StationKind.BRANCH else None,
        plate=one(Plate),
        supervisors=many(Supervisor, "name"),
        disciplines=many(StationDiscipline, "code"),
        partners=many(Partner, "university", "file"),
        studios=many(OverseasStudio, "country"),
    )


def may_recruit(station: Station) -> bool | None:
    """Whether stations of this kind recruit postdocs in this city; None where its pack doesn't say."""
    pack = Pack.objects.above(station.matter.district_id).values("pk")[:1]
    kinds = Setting.objects.filter(pack=pack, code="stations.recruiting").values_list("value", flat=True).first()
    return None if kinds is None else station.kind in kinds


def ended_by(enterprise: Enterprise, on: date) -> EnterpriseEvent | None:
    """What took the enterprise away by that day, if anything did."""
    return enterprise.happenings.filter(kind__in=EnterpriseEvent.ENDS, on__lte=on).order_by("-on", "-pk").first()
