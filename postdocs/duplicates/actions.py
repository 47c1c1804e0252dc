"""Merging two records, taking a merge back, and deciding what was told otherwise. A person decides, with a reason."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.db import IntegrityError, models, transaction
from django.utils.translation import gettext as _

from portal import jobs
from portal.lifecycle import Refused
from portal.models import Event, User
from portal.rules import plain
from postdocs.careers.models import CareerRow
from postdocs.disclosures.models import Disclosure
from postdocs.duplicates.models import Merge, NotTheSame, Ruling
from postdocs.duplicates.pairs import in_order
from postdocs.own.models import OwnInvitation
from postdocs.people.actions import columns, initials_of
from postdocs.people.models import IdentityPaper, Person
from postdocs.stays.models import Stay

STAYING = (
    IdentityPaper,
    Person,
    Merge,
    NotTheSame,
    Ruling,
    Disclosure,
    OwnInvitation,
)  # what a merge leaves or handles


def locked(*people: Person) -> list[Person]:
    """The fresh rows in the given order, locked in one order for everybody."""
    keys = [p.pk for p in people]
    rows = {p.pk: p for p in Person.objects.select_for_update().filter(pk__in=keys).order_by("pk")}
    return [rows[key] for key in keys]


def relations() -> list[models.ForeignObjectRel]:
    """What points to a person and goes with them: of every topic, also of those to come."""
    found = [f for f in Person._meta.get_fields(include_hidden=True) if f.auto_created and not f.concrete]
    return [rel for rel in found if not rel.many_to_many and rel.related_model not in STAYING]  # type: ignore


# --- merging -----------------------------------------------------------------------------------


@transaction.atomic
def merge(
    first: Person, second: Person, *, chosen: Mapping[str, str], seen: tuple[int, int], note: str, by: User, on: date
) -> Merge:
    """One record out of two. `chosen`: by column and by `paper.<kind>` whose value stays; `seen`: the versions that were
    compared, of the one that stays first. Raises Refused."""
    kept, gone = locked(*in_order(first, second))
    if kept.merged_into_id or gone.merged_into_id:
        raise Refused(_("其中一份记录刚刚已被合并，请回到列表再看。"))
    if (kept.version, gone.version) != seen:
        raise Refused(_("比对期间其中一份记录有了变动，请重新比对后再合并。"))
    if kept.user_id and gone.user_id:
        raise Refused(_("两份记录都有本人账号。请先请本人确认用哪个账号，停用另一个后再合并。"))
    apart(kept, gone)
    before = picture(kept)
    take_values(kept, gone, chosen)
    moved = {"papers": take_papers(kept, gone, chosen)}
    try:
        with transaction.atomic():
            moved |= take_rows(kept, gone)
    except IntegrityError as wrong:
        raise Refused(_("两份记录里有不能并存的内容（同一事项各登记了一次），请先更正其中一份。")) from wrong
    gone.merged_into = kept
    gone.save(update_fields=["merged_into"])
    row = Merge.objects.create(
        kept=kept, gone=gone, chosen=dict(chosen), before=before, moved=moved, after=picture(kept), note=note, by=by,
        on=on,
    )  # fmt: skip
    jobs.ask("recompute")
    return row


def apart(kept: Person, gone: Person) -> None:
    """Two stays at once can't be of one person. Raises Refused."""
    theirs = list(Stay.objects.filter(person=gone, entered_on__isnull=False))
    for mine in Stay.objects.filter(person=kept, entered_on__isnull=False):
        for other in theirs:
            ends = mine.ended_on or date.max, other.ended_on or date.max
            begins = max(mine.entered_on or date.max, other.entered_on or date.max)
            if begins < min(ends):
                told = {"a": mine.entered_on, "b": mine.ended_on or _("现在"), "c": other.entered_on}
                told |= {"d": other.ended_on or _("现在")}
                raise Refused(
                    _("两份记录的在站时间重叠（%(a)s 至 %(b)s，%(c)s 至 %(d)s），一个人不能同时在两站，不能合并。")
                    % told
                )


def take_values(kept: Person, gone: Person, chosen: Mapping[str, str]) -> None:
    for name in columns():
        if chosen.get(name) == "gone":
            setattr(kept, name, getattr(gone, name))
    kept.initials = initials_of(kept.name)
    kept.version += 1
    try:
        kept.full_clean(exclude=["user", "merged_into"])
    except ValidationError as wrong:
        raise Refused(_("；").join(wrong.messages)) from wrong
    kept.save()


def take_papers(kept: Person, gone: Person, chosen: Mapping[str, str]) -> dict[str, list]:
    """Papers of a kind that only the other has go over; of one that both have the chosen number stays, and the other
    record keeps the one that isn't. A number is sealed for its record, so it is sealed anew."""
    mine = {p.kind: p for p in kept.papers.all()}
    over, swapped = [], []
    for paper in gone.papers.all():
        if paper.kind not in mine:
            carry(paper, kept)
            over.append(paper.pk)
        elif chosen.get(f"paper.{paper.kind}") == "gone":
            swap(mine[paper.kind], paper)
            swapped.append(paper.kind)
    return {"over": over, "swapped": swapped}


def carry(paper: IdentityPaper, to: Person) -> None:
    number = paper.plain
    paper.person = to
    paper.keep(number)
    paper.save()


def swap(one: IdentityPaper, other: IdentityPaper) -> None:
    """One after the other, so that no number stands twice in between."""
    numbers, settled = (one.plain, other.plain), (one.settled, other.settled)
    IdentityPaper.objects.filter(pk__in=(one.pk, other.pk)).update(settled=False)
    for paper, number, was in zip((one, other), reversed(numbers), reversed(settled), strict=True):
        paper.keep(number)
        paper.settled = was
        paper.save()


def take_rows(kept: Person, gone: Person) -> dict[str, list]:
    """Stays and whatever else points to the person; a career only where the record that stays has none."""
    moved: dict[str, list] = {}
    for rel in relations():
        if rel.related_model is CareerRow and kept.career.exists():
            continue
        rows = rel.related_model._base_manager.filter(**{rel.field.name: gone})
        keys = list(rows.values_list("pk", flat=True))
        if keys:
            rel.related_model._base_manager.filter(pk__in=keys).update(**{rel.field.name: kept})
            moved[key_of(rel)] = [plain(key) for key in keys]
    return moved


def key_of(rel) -> str:
    return f"{rel.related_model._meta.label_lower}.{rel.field.name}"


def picture(person: Person) -> dict[str, Any]:
    """What a record looks like: its columns, its papers by their index, the rows that point to it."""
    rows = {
        key_of(rel): sorted(
            str(key)
            for key in rel.related_model._base_manager.filter(**{rel.field.name: person}).values_list("pk", flat=True)
        )
        for rel in relations()
    }
    papers = person.papers.order_by("kind").values_list("kind", "number_index")
    return {
        "values": {name: plain(getattr(person, name)) for name in columns()},
        "version": person.version,
        "papers": [list(paper) for paper in papers],
        "rows": {key: keys for key, keys in sorted(rows.items()) if keys},
    }


# --- taking it back ----------------------------------------------------------------------------


def changed_since(row: Merge) -> bool:
    """Whether the record that stayed looks otherwise than right after the merge."""
    return bool(row.kept.merged_into_id) or picture(row.kept) != row.after


@transaction.atomic
def undo(row: Merge, *, note: str, by: User, on: date) -> Merge:
    """The two records as they were. Raises Refused when the merged one was changed since."""
    kept, gone = locked(row.kept, row.gone)
    row = Merge.objects.select_for_update(of=("self",)).get(pk=row.pk)
    row.kept, row.gone = kept, gone
    if row.undone_on:
        raise Refused(_("这次合并已经撤销。"))
    if changed_since(row):
        raise Refused(_("合并以后这份记录又有了变动，不能自动撤销。请在人员页面更正，或请系统管理员处理。"))
    for rel in relations():
        keys = row.moved.get(key_of(rel), [])
        rel.related_model._base_manager.filter(pk__in=keys).update(**{rel.field.name: gone})
    for paper in IdentityPaper.objects.filter(pk__in=row.moved["papers"]["over"]).select_related("person"):
        carry(paper, gone)
    for kind in row.moved["papers"]["swapped"]:
        swap(kept.papers.get(kind=kind), gone.papers.get(kind=kind))
    for name, value in row.before["values"].items():
        setattr(kept, name, Person._meta.get_field(name).to_python(value))
    kept.initials = initials_of(kept.name)
    kept.version += 1
    kept.save()
    Person.objects.filter(pk=gone.pk).update(merged_into=None)
    row.undone_by, row.undone_on, row.undone_note = by, on, note
    row.save(update_fields=["undone_by", "undone_on", "undone_note"])
    jobs.ask("recompute")
    return row


@transaction.atomic
def not_the_same(first: Person, second: Person, *, note: str, by: User, on: date) -> NotTheSame:
    """Remembered, so that nobody asks again."""
    smaller, greater = sorted((first, second), key=lambda p: p.pk)
    row, _new = NotTheSame.objects.get_or_create(
        first=smaller, second=greater, defaults={"note": note, "by": by, "on": on}
    )
    return row


# --- told otherwise ----------------------------------------------------------------------------


@transaction.atomic
def rule(event: Event, person: Person, *, chosen: Mapping[str, str], note: str, by: User, on: date) -> Ruling:
    """Take over what an entry told, column by column, or leave what is known. Raises Refused."""
    (person,) = locked(person)
    if Ruling.objects.filter(event=event).exists():
        raise Refused(_("这处不一致刚刚已有人处理。"))
    for name, (_was, told) in event.details["person_differs"].items():
        if chosen.get(name) == "told":
            setattr(person, name, Person._meta.get_field(name).to_python(told))
    person.initials = initials_of(person.name)
    person.version += 1
    try:
        person.full_clean(exclude=["user", "merged_into"])
    except ValidationError as wrong:
        raise Refused(_("；").join(wrong.messages)) from wrong
    person.save()
    jobs.ask("recompute")
    return Ruling.objects.create(event=event, person=person, chosen=dict(chosen), note=note, by=by, on=on)
