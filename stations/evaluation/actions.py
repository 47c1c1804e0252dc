"""What people write on a round and its sheets beside the moves. Each is one transaction, its actor is `by`."""

from collections.abc import Iterable, Mapping
from datetime import date
from decimal import Decimal

from django.db import transaction
from django.utils.timezone import now
from django.utils.translation import gettext_lazy as _

from portal.lifecycle import Refused, open_matter
from portal.models import Evidence, File, Matter, Organisation, ReturnItem, User
from stations.evaluation.figures import Period
from stations.evaluation.lifecycle import Known, evaluation, proposal, records, sheet
from stations.models import (
    Evaluation,
    EvaluationScheme,
    EvaluationStatus,
    Line,
    SchemeGrade,
    SchemeItem,
    Sheet,
    SheetStatus,
)
from stations.roles import DISTRICT, HANDLER, MAKERS

E, S = EvaluationStatus, SheetStatus


# --- a round begins -----------------------------------------------------------------------------


@transaction.atomic
def prepare(*, scheme: EvaluationScheme, by: User, on: date, name_en: str = "", **values) -> Evaluation:
    """A new round; nobody but the bureau sees it before it starts."""
    bureau = Organisation.objects.filter(kind=Organisation.Kind.BUREAU, district=scheme.pack.root).first()
    matter = open_matter(
        evaluation,
        E.PREPARING,
        series="PG",
        title=values["name"],
        title_en=name_en,
        organisation=bureau,
        district=scheme.pack.root,
        by=by,
        on=on,
        filed=True,
    )
    row = Evaluation(matter=matter, scheme=scheme, name_en=name_en, **values)
    row.full_clean(exclude=["matter"])
    row.save()
    return row


# --- what is written on a sheet ----------------------------------------------------------------


def lock(row: Sheet) -> Sheet:
    """The sheet, locked and read again, so that two windows write one after the other."""
    return Sheet.objects.select_for_update(of=("self",)).select_related("matter", "evaluation").get(pk=row.pk)


def pen_of(row: Sheet, user: User) -> str:
    """Which of the figures this person may write now: "claimed", "checked", "settled", or "" for none."""
    if row.evaluation.status not in (E.REPORTING, E.CHECKING, E.REVIEW):
        return ""
    if row.status == S.REPORTING and row.evaluation.status != E.REPORTING:
        return ""
    roles = user.roles_for(organisation_id=row.matter.organisation_id, district_id=row.matter.district_id)
    pens = {
        S.REPORTING: ("claimed", HANDLER),
        S.RETURNED: ("claimed", HANDLER),
        S.CHECKING: ("checked", DISTRICT),
        S.REVIEW: ("settled", MAKERS),
    }
    pen, holders = pens.get(S(row.status), ("", frozenset()))
    return pen if roles & holders else ""


def open_items(row: Sheet) -> list[ReturnItem]:
    """The things of the last return that have not been handed in again."""
    if not row.matter.return_to:
        return []
    items = ReturnItem.objects.filter(event__matter=row.matter_id, resolved_at=None)
    return list(items.select_related("event__by").order_by("pk"))


def targets_of(row: Sheet, pen: str, named: Iterable[ReturnItem]) -> set[str] | None:
    """The lines that may be written now: None for all; after a return only what was named."""
    if not pen:
        return set()
    return {item.target for item in named} if row.status == S.RETURNED else None


@transaction.atomic
def write(row: Sheet, pen: str, figures: Mapping[str, tuple[Decimal | None, str]], *, by: User) -> int:
    """Keep figures and notes by item code; returns how many lines changed. Raises Refused when it isn't one's turn."""
    row = lock(row)
    if pen_of(row, by) != pen:
        raise Refused(_("这张评估表现在不在您手里，没有保存。可能已由他人办理，请刷新查看。"))
    targets = targets_of(row, pen, open_items(row))
    note = {"claimed": "statement", "checked": "check_note", "settled": "settle_note"}[pen]
    changed = []
    for line in Line.objects.filter(sheet=row, item__code__in=figures).select_related("item"):
        if targets is not None and f"item:{line.item.code}" not in targets:
            continue
        figure, said = figures[line.item.code]
        if pen == "claimed" and line.record is not None:
            figure = correction(line, figure)
        if (getattr(line, pen), getattr(line, note)) != (figure, said):
            setattr(line, pen, figure)
            setattr(line, note, said)
            line.full_clean(exclude=["sheet", "item"])
            line.save()
            changed.append(f"item:{line.item.code}")
    if changed:
        mended(row, changed)
    return len(changed)


def correction(line: Line, figure: Decimal | None) -> Decimal | None:
    """What a station's figure adds to the records: rows that were counted may be corrected, of all else the station
    says in words why it is wrong."""
    return None if line.item.source == SchemeItem.Source.FACT or figure == line.record else figure


def mended(row: Sheet, targets: Iterable[str]) -> None:
    """Note that something named in a return has been worked on, and that the matter changed."""
    ReturnItem.objects.filter(
        event__matter=row.matter_id, target__in=list(targets), resolved_at=None, answered_at=None
    ).update(answered_at=now())
    matter = Matter.objects.select_for_update().get(pk=row.matter_id)
    matter.version += 1
    matter.save(update_fields=["version", "changed_at"])


@transaction.atomic
def explain(row: Sheet, item: ReturnItem, *, text: str) -> None:
    """Say why something that was sent back stays as it is."""
    row = lock(row)
    if row.status != S.RETURNED:
        raise Refused(_("评估表不在退回补正状态，不能填写说明。"))
    ReturnItem.objects.filter(pk=item.pk, event__matter=row.matter_id, resolved_at=None).update(
        answer=text, answered_at=now() if text else None
    )


@transaction.atomic
def cite(row: Sheet, code: str, file: File, *, by: User) -> Evidence:
    """Put a paper to an item; the same file twice is one citation."""
    row = may_attach(row, code, by)
    found, _new = Evidence.objects.get_or_create(
        matter=row.matter, slot=code, file=file, removed_at=None, defaults={"added_by": by}
    )
    mended(row, [f"item:{code}"])
    return found


@transaction.atomic
def uncite(row: Sheet, piece: Evidence, *, by: User) -> None:
    """Take a paper away from its item; it stays in the locker and in the history."""
    row = may_attach(row, piece.slot, by)
    Evidence.objects.filter(pk=piece.pk, removed_at=None).update(removed_at=now())
    mended(row, [f"item:{piece.slot}"])


def may_attach(row: Sheet, code: str, by: User) -> Sheet:
    row = lock(row)
    targets = targets_of(row, "claimed" if pen_of(row, by) == "claimed" else "", open_items(row))
    if targets is not None and f"item:{code}" not in targets:
        raise Refused(_("这一项现在不能改证明：评估表已提交，或退回时没有列出这一项。"))
    return row


@transaction.atomic
def refill(row: Sheet, *, by: User) -> int:
    """Ask the records again for what they know on the day of the cut-off; returns how many figures changed. What they
    know by now takes the place of what was typed, unless the station says why it differs."""
    row = lock(row)
    if pen_of(row, by) != "claimed":
        raise Refused(_("评估表已提交，平台数据不再更新。"))
    lines = list(Line.objects.filter(sheet=row).select_related("item"))
    known = records([row.station_id], [line.item for line in lines], Period.of(row.evaluation))[row.station_id]
    changed = sum(retaken(line, known[line.item.code]) for line in lines if line.item.code in known)
    Line.objects.bulk_update(lines, ["record", "counted", "claimed"])
    return changed


def retaken(line: Line, known: Known) -> bool:
    """The line with what the records know now; whether that is anything else than before."""
    before = line.record, line.counted
    line.record, line.counted = known.figure, known.rows
    if known.figure is not None:
        line.claimed = correction(line, line.claimed) if line.statement else None
    return before != (line.record, line.counted)


@transaction.atomic
def certify(row: Sheet, *, by: User, on: date, note: str = "") -> Sheet:
    """The second account hands the self-report in."""
    return sheet.move(lock(row), "submit", by=by, on=on, note=note)


# --- grades ------------------------------------------------------------------------------------


@transaction.atomic
def decide(round_: Evaluation, grades: Mapping[int, tuple[SchemeGrade | None, str]]) -> int:
    """Write down the grades that people chose, by sheet; another than proposed needs its reason. Returns how many
    changed. Raises Refused, naming the station."""
    round_ = Evaluation.objects.select_for_update(of=("self",)).get(pk=round_.pk)
    if round_.status != E.REVIEW:
        raise Refused(_("只有在市级评审阶段才能拟定等次。"))
    places, _quota = proposal(round_)
    changed = 0
    for place in places:
        row = place.sheet
        if row.pk not in grades or row.status != S.SCORED:
            continue
        chosen, reason = grades[row.pk]
        differs = chosen is not None and chosen != place.proposed
        if differs and not reason:
            raise Refused(_("%(unit)s的等次与建议不同，请写明理由。") % {"unit": row.station.enterprise})
        said = reason if differs else ""
        if (row.grade_id, row.grade_note) != (chosen.pk if chosen else None, said):
            Sheet.objects.filter(pk=row.pk).update(grade=chosen, grade_note=said)
            changed += 1
    return changed
