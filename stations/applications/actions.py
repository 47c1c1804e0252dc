"""Writes of an enterprise and of the officials who look at its case. Each is one transaction, its actor is `by`."""

from collections.abc import Collection
from datetime import date

from django.db import transaction
from django.utils.timezone import now
from django.utils.translation import gettext as _
from django.utils.translation import override

from portal.lifecycle import Refused, absent_for, open_matter
from portal.models import Confirmation, Evidence, File, Matter, Pack, ReturnItem, Role, Setting, User
from portal.words import localised
from stations.applications import lifecycle
from stations.applications.models import SIGNING, STAMP, VISIT
from stations.models import (
    Answer,
    Application,
    ApplicationStatus,
    ApplicationType,
    Condition,
    Enterprise,
    Signing,
    SiteVisit,
    Slot,
    StationKind,
)
from stations.roles import DISTRICT, MAKERS

S = ApplicationStatus


@transaction.atomic
def start(
    *, enterprise: Enterprise, kind: ApplicationType, by: User, on: date, claimed: Collection[str] = ()
) -> Application:
    """A draft with one row per condition, unanswered but for the codes in `claimed` (from the suitability check);
    the open draft of the same type where there is one."""
    Enterprise.objects.select_for_update().get(pk=enterprise.pk)
    begun = Application.objects.filter(enterprise=enterprise, type=kind).exclude(
        status__in=[S.APPROVED, S.REFUSED, S.REJECTED, S.WITHDRAWN]
    )
    if application := begun.first():
        return application
    if enterprise.stations.valid(on).filter(kind=kind.kind).exclude(kind=StationKind.BRANCH).exists():
        raise Refused(_("贵单位已有%(kind)s，不必再申报。") % {"kind": kind.get_kind_display()})
    titles = {}
    for language in ("zh-hans", "en"):
        with override(language):
            titles[language] = _("申报%(kind)s") % {"kind": localised(kind, "title")}
    matter = open_matter(
        lifecycle.application,
        S.DRAFT,
        series="SZ",
        title=titles["zh-hans"],
        title_en=titles["en"],
        organisation=enterprise.organisation,
        district=enterprise.organisation.district,
        by=by,
        on=on,
    )
    application = Application.objects.create(
        matter=matter, enterprise=enterprise, type=kind, route=kind.route, signing=signing_of(kind.pack), status=S.DRAFT
    )
    Answer.objects.bulk_create(
        Answer(application=application, condition=condition, claimed=True if condition.code in claimed else None)
        for condition in kind.conditions.all()
    )
    return application


def signing_of(pack: Pack) -> str:
    """How enterprises of this city vouch for what they hand in."""
    return Setting.objects.filter(pack=pack, code=SIGNING).values_list("value", flat=True).first() or Signing.ACCOUNT


# --- what may be edited ------------------------------------------------------------------------


class Locked(Refused):
    """This part of the case can't be edited now."""


def open_targets(application: Application) -> set[str] | None:
    """What the enterprise may edit: None for everything (a draft), after a return the targets that were named."""
    if application.status == S.DRAFT:
        return None
    if application.status != S.RETURNED:
        return set()
    items = ReturnItem.objects.filter(event__matter=application.matter_id, resolved_at=None)
    stamp = {f"slot:{STAMP}"} if application.signing == Signing.PAGE else set()
    return stamp | set(items.values_list("target", flat=True))


def is_open(targets: set[str] | None, target: str) -> bool:
    """A returned condition opens its own documents too."""
    if targets is None or target in targets:
        return True
    return target.startswith("slot:") and f"condition:{target[5:].split('.')[0]}" in targets


def lock(application: Application) -> Application:
    """The row, locked and read again, so that two windows write one after the other."""
    return Application.objects.select_for_update(of=("self",)).select_related("matter").get(pk=application.pk)


def lock_for(application: Application, target: str) -> Application:
    """Locked for an edit of one target. Raises Locked when a return didn't name it or the case lies elsewhere."""
    application = lock(application)
    if not is_open(open_targets(application), target):
        raise Locked(_("这一项现在不能修改：申报已提交，或退回时没有列出这一项。"))
    return application


def mended(application: Application, *targets: str) -> None:
    """Note that something has been worked on, named in a return or not, and that the matter changed."""
    ReturnItem.objects.filter(
        event__matter=application.matter_id, target__in=targets, resolved_at=None, answered_at=None
    ).update(answered_at=now())
    matter = Matter.objects.select_for_update().get(pk=application.matter_id)
    matter.version += 1
    matter.save(update_fields=["version", "changed_at"])


# --- the enterprise's edits --------------------------------------------------------------------


@transaction.atomic
def answer(application: Application, condition: Condition, *, claimed: bool | None, statement: str) -> Answer:
    """What the enterprise says about one condition."""
    application = lock_for(application, f"condition:{condition.code}")
    row = Answer.objects.get(application=application, condition=condition)
    if (row.claimed, row.statement) != (claimed, statement):
        row.claimed, row.statement = claimed, statement
        row.full_clean(exclude=["application", "condition"])
        row.save()
        mended(application, f"condition:{condition.code}")
    return row


@transaction.atomic
def cite(application: Application, slot: Slot, file: File, *, by: User) -> Evidence:
    """Put a file into a slot; the same file twice is one citation."""
    application = lock_for(application, f"slot:{slot.name}")
    evidence, _new = Evidence.objects.get_or_create(
        matter=application.matter, slot=slot.name, file=file, removed_at=None, defaults={"added_by": by}
    )
    mended(application, f"slot:{slot.name}", f"condition:{slot.condition.code}")
    return evidence


@transaction.atomic
def stamp(application: Application, file: File, *, by: User) -> Evidence:
    """The page with the seal; a newer one takes the place of the older."""
    application = lock_for(application, f"slot:{STAMP}")
    if application.signing != Signing.PAGE:
        raise Locked(_("这件申报由单位审核人用自己的账号确认，不用上传盖章页。"))
    pages = Evidence.objects.filter(matter=application.matter, slot=STAMP, removed_at=None)
    pages.exclude(file=file).update(removed_at=now())
    evidence, _new = pages.get_or_create(
        matter=application.matter, slot=STAMP, file=file, removed_at=None, defaults={"added_by": by}
    )
    mended(application, f"slot:{STAMP}")
    return evidence


@transaction.atomic
def uncite(application: Application, evidence: Evidence) -> None:
    """Take a file out of its slot. The file stays in the enterprise's locker, the citation in the history."""
    application = lock_for(application, f"slot:{evidence.slot}")
    Evidence.objects.filter(pk=evidence.pk, removed_at=None).update(removed_at=now())
    mended(application, f"slot:{evidence.slot}", f"condition:{evidence.slot.split('.')[0]}")


@transaction.atomic
def explain(application: Application, item: ReturnItem, *, text: str) -> None:
    """Say why something that was sent back stays as it is; taking the reason back leaves it to be mended."""
    application = lock(application)
    if application.status != S.RETURNED:
        raise Locked(_("申报不在退回补正状态，不能填写说明。"))
    items = ReturnItem.objects.filter(pk=item.pk, resolved_at=None).exclude(answer=text)
    items.update(answer=text, answered_at=now() if text else None)


@transaction.atomic
def certify(application: Application, *, by: User, on: date, note: str = "") -> Application:
    """The second account, or the handler by the page with the seal, says that all is true, and hands it in."""
    application = lock(application)
    application.truthful = True
    application.save(update_fields=["truthful"])
    return lifecycle.application.move(application, "submit", by=by, on=on, note=note)


# --- the officials' findings -------------------------------------------------------------------


LOOKS = {Confirmation.Level.DISTRICT: DISTRICT, Confirmation.Level.BUREAU: MAKERS}  # who may, there


def level_for(application: Application, user: User) -> Confirmation.Level | None:
    """At which level this person may judge conditions now; None: not now, or not this person."""
    matter = application.matter
    roles = user.roles_for(organisation_id=matter.organisation_id, district_id=matter.district_id)
    if application.status == S.DISTRICT and Role.DISTRICT in roles:
        return Confirmation.Level.DISTRICT
    if application.status == S.BUREAU and roles & MAKERS:
        return Confirmation.Level.BUREAU
    return None


@transaction.atomic
def judge(
    application: Application, condition: Condition, *, verdict: bool | None, note: str, by: User, on: date
) -> Confirmation:
    """A finding on one condition: met, not met, or can't tell; the newer one ends the older."""
    application = lock(application)
    level = level_for(application, by)
    if level is None:
        raise Refused(_("这件申报现在不在您手里，不能作结论。可能已由他人办理，请刷新查看。"))
    same = {"matter": application.matter, "topic": condition.code, "level": level}
    Confirmation.objects.filter(**same, until=None).update(until=on)
    absent = absent_for(application.matter, by, LOOKS[level])
    return Confirmation.objects.create(**same, verdict=verdict, note=note, by=by, on_behalf_id=absent, since=on)


@transaction.atomic
def record_visit(
    application: Application, visit: SiteVisit, *, file: File | None = None, by: User, on: date
) -> SiteVisit:
    """What a visit on site found, kept beside the case. Raises Refused when the case isn't with the district."""
    application = lock(application)
    if level_for(application, by) != Confirmation.Level.DISTRICT:
        raise Refused(_("这件申报现在不由区镇审核，不能登记考察。"))
    if visit.visited_on > on:
        raise Refused(_("考察日期 %(day)s 在今天之后，请核对。") % {"day": visit.visited_on})
    visit.application, visit.by, visit.file = application, by, file
    visit.full_clean(exclude=["application", "by", "file"])
    visit.save()
    if file:
        Evidence.objects.create(matter=application.matter, slot=VISIT, file=file, added_by=by)
    return visit


@transaction.atomic
def copy_from(application: Application, source: Application, *, by: User) -> int:
    """Fill what is still empty in a draft from an earlier application of the same enterprise: entries, answers and
    the files cited then. Gives how many things were filled in."""
    application = lock(application)
    if application.status != S.DRAFT or application.enterprise_id != source.enterprise_id:
        raise Locked(_("只有草稿可以从本单位以前的申报复制。"))
    names = [n for n in Application.NEEDED if n != "classified" and getattr(application, n) in (None, "")]
    filled = [n for n in names if getattr(source, n) not in (None, "")]
    for name in filled:
        setattr(application, name, getattr(source, name))
    application.save(update_fields=filled)
    told = {a.condition.code: a for a in source.answers.select_related("condition")}
    answers = []
    for answer in application.answers.filter(claimed=None).select_related("condition"):
        before = told.get(answer.condition.code)
        if before and before.claimed is not None:
            answer.claimed, answer.statement = before.claimed, before.statement
            answers.append(answer)
    Answer.objects.bulk_update(answers, ["claimed", "statement"])
    mended(application)
    return len(filled) + len(answers) + copy_files(application, source, by)


def copy_files(application: Application, source: Application, by: User) -> int:
    """Cite in every empty slot what the earlier application cited in the slot of that name."""
    slots = Slot.objects.filter(condition__type=application.type_id).select_related("condition")
    cited = Evidence.objects.filter(matter=application.matter_id, removed_at=None).values_list("slot", flat=True)
    empty = {slot.name for slot in slots} - set(cited)
    earlier = Evidence.objects.filter(matter=source.matter_id, removed_at=None, slot__in=empty).order_by("pk")
    copies = [Evidence(matter_id=application.matter_id, slot=e.slot, file_id=e.file_id, added_by=by) for e in earlier]
    return len(Evidence.objects.bulk_create(copies))
