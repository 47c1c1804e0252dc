"""How claims come about and what is written about them beside their steps: accounts, papers, what officers found."""

from collections.abc import Iterable
from datetime import date, timedelta
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import Exists, OuterRef, Q
from django.utils.timezone import now
from django.utils.translation import gettext as _

from portal import jobs, notices, uploads
from portal.facts import VOCABULARIES
from portal.lifecycle import Birth, Refused, open_matters
from portal.models import Confirmation, Evidence, Matter, Notice, Pack, ReturnItem, Role, User
from portal.models.people import BUREAU
from stations.models import Objection
from subsidies.accounts.models import OtherPayee, PayeeAccount
from subsidies.claims import lifecycle
from subsidies.claims.facts import CONSENT, PAPER
from subsidies.claims.models import GONE, Claim, ClaimStatus, Decision
from subsidies.entitlements.models import Entitlement
from subsidies.schemes.explain import Explanation, Part, State, explain
from subsidies.schemes.models import OTHERS, Condition, Payee, SchemePaper, Shape
from subsidies.schemes.told import as_data, digest
from subsidies.subjects import IN_ORDER, WITH_SUBJECT, district_of, main_station_of, organisation_of, person_of

C = ClaimStatus
SERIES = "ZJ"
WHOLE = 100  # per cent
EVERYBODY = Q()
PAYEE = "field:payee"
VOIDED_BY_ACCOUNT = (C.REVIEW, C.APPROVAL, C.PUBLICITY, C.DISPUTED, C.PAYABLE)  # their approval was for another account


# --- who may -----------------------------------------------------------------------------------


def handles(claim: Claim, user: User) -> bool:
    matter = claim.matter
    return Role.HANDLER in user.roles_for(organisation_id=matter.organisation_id, district_id=None)


def is_own(claim: Claim, user: User) -> bool:
    return claim.person_id is not None and claim.person.user_id == user.pk and Role.POSTDOC in user.scope.roles


def writes(claim: Claim, user: User) -> bool:
    """Whether this person may fill in what is told now."""
    if claim.status == C.DRAFT:
        return handles(claim, user) or is_own(claim, user)
    return claim.status == C.PERSON and is_own(claim, user)


def open_targets(claim: Claim) -> set[str] | None:
    """What may be changed now: everything (None), or what a return named."""
    if not claim.matter.return_to:
        return None
    items = ReturnItem.objects.filter(event__matter=claim.matter_id, resolved_at=None)
    return set(items.values_list("target", flat=True))


def may_write(claim: Claim, target: str, user: User) -> bool:
    if not writes(claim, user):
        return False
    targets = open_targets(claim)
    return targets is None or target in targets


def gives_account(claim: Claim, user: User) -> bool:
    """Whether this person may say where the money goes: a person themselves; for a unit, and for whoever signs on paper,
    its handler."""
    right = handles(claim, user) if claim.by_unit else is_own(claim, user)
    if claim.status == C.BOUNCED:
        return right
    targets = open_targets(claim)
    named = targets is None or not targets.isdisjoint({"field:account", PAYEE})  # another payee has another account
    return right and claim.status in (C.DRAFT, C.PERSON) and named


def lock(claim: Claim) -> Claim:
    """The fresh row with its matter, both locked, in the order in which a step locks them."""
    row = Claim.objects.select_for_update(of=("self",)).get(pk=claim.pk)
    row.matter = Matter.objects.select_for_update().get(pk=row.matter_id)
    return row


# --- beginning ---------------------------------------------------------------------------------


def may_begin(subject, payee: str, user: User) -> bool:
    """The handler of its unit; whose money it is, where it is theirs and not the unit's or somebody else's."""
    organisation = organisation_of(subject)
    if organisation and Role.HANDLER in user.roles_for(organisation_id=organisation.pk, district_id=None):
        return True
    person = person_of(subject) if payee == Payee.PERSON else None
    return person is not None and person.user_id == user.pk and Role.POSTDOC in user.scope.roles


@transaction.atomic
def begin(subject, scheme: str, number: int, *, by: User, on: date) -> Claim:
    """A claim that somebody asks for themselves. Raises Refused, with the reasons where nothing is due."""
    for e in explain(subject, on=on, scheme=scheme):
        if not may_begin(subject, e.version.scheme.payee, by):
            raise Refused(_("由设站单位经办人或本人申领。"))
        part = next((p for p in e.parts if p.instalment.number == number), None)
        if part is not None:
            return made([(subject, e, part)], by=by, on=on)[0]
    raise Refused(_("没有这一项资助。"))


def refuse_early(e: Explanation, part: Part) -> None:
    if e.version.scheme.line_id is None:
        raise Refused(_("这一项由%(payer)s兑现，不在这里申领。") % {"payer": e.version.scheme.payer})
    if part.state == State.UNMET:
        raise Refused(
            _("不符合条件：%(why)s") % {"why": _("；").join(r.text for r in e.reasons if r.state == State.UNMET)}
        )
    if part.state == State.LATER:
        when = part.opens_on or _("条件发生以后")
        raise Refused(_("现在还不能申领，%(when)s起可以。") % {"when": when})
    if part.state == State.LAPSED:
        raise Refused(_("申领期已于 %(day)s 结束。") % {"day": part.lapses_on - timedelta(1) if part.lapses_on else ""})


def claimed_units(right: str) -> int:
    """Up to which unit a right is claimed already."""
    last = Claim.objects.live().filter(right=right).order_by("-last_unit").values_list("last_unit", flat=True).first()
    return last or 0


def made(found: Iterable[tuple], *, by: User | None, on: date) -> list[Claim]:
    """Claims for (subject, explanation, part); numbered and with their matters. Raises Refused."""
    rows, births = [], []
    for subject, e, part in found:
        refuse_early(e, part)
        assert e.event_on is not None  # else it had been refused as too early
        rows.append(row_of(subject, e.version.scheme, part.instalment, part.right, part.amount, e.units, e.event_on))
        births.append(birth_of(rows[-1], subject, part.instalment, on, e.event_on))
    return kept(rows, births, by=by)


def row_of(subject, scheme, instalment, right: str, amount, units: int, event_on: date) -> Claim:
    """An unsaved claim of what isn't claimed yet. Raises Refused where nothing is left."""
    first, last = claimed_units(right), units
    if last - first < instalment.every:
        raise Refused(_("这一项已有申领，目前没有新的可领。"))
    version = instalment.version
    if version.shape == Shape.PER:
        amount = version.amount * (last - first)
    person = person_of(subject) if scheme.payee == Payee.PERSON else None
    if scheme.payee == Payee.PERSON and person is None:
        raise Refused(_("这一项给个人，但记录里没有写明是谁。"))
    return Claim(
        **{scheme.vocabulary: subject}, instalment=instalment, person=person, right=right, first_unit=first,
        last_unit=last, event_on=event_on, calculated=amount, status=C.DRAFT, prepared=False,
    )  # fmt: skip


def birth_of(claim: Claim, subject, instalment, on: date, event_on: date) -> Birth:
    """Its case: of the subject's unit, or of the park's main station whose money it is. Raises Refused."""
    scheme = instalment.version.scheme
    who, several = str(claim.person or subject), instalment.share != WHOLE
    part, part_en = (f" {instalment.title}", f", {instalment.title_en}") if several else ("", "")
    title, title_en = f"{scheme.title}{part}：{who}", f"{scheme.title_en or scheme.title}{part_en}: {who}"
    whose = main_station_of(subject, event_on) if scheme.payee == Payee.PARK else subject
    if whose is None:
        raise Refused(_("这一项给园区总站，但记录里没有写明属于哪个总站。"))
    return Birth(title[:160], organisation_of(whose), district_of(whose), on, title_en[:240])


def kept(rows: list[Claim], births: list[Birth], *, by: User | None) -> list[Claim]:
    """Save new claims with their matters. Raises Refused where one is claimed already."""
    matters = open_matters(lifecycle.claim, C.DRAFT, births, series=SERIES, by=by)
    for row, matter in zip(rows, matters, strict=True):
        row.matter = matter
    try:
        with transaction.atomic():
            Claim.objects.bulk_create(rows)
    except IntegrityError as error:
        raise Refused(said_by(error)) from error
    jobs.ask("recompute", about=[])
    return rows


def said_by(error: IntegrityError) -> str:
    """The sentence of the constraint that the database named."""
    named = getattr(getattr(error.__cause__, "diag", None), "constraint_name", "")
    for constraint in (*Claim._meta.constraints, *PayeeAccount._meta.constraints):
        if constraint.name == named:
            return str(constraint.violation_error_message)
    raise error


# --- prepared by the sweep ---------------------------------------------------------------------


@transaction.atomic
def prepare(pack: Pack, *, on: date, among: Q = EVERYBODY) -> int:
    """A filled claim for everybody (or whose entitlements are `among`) who is entitled and has none (免申即享): it needs a
    confirmation. Whom no record names is claimed for by the unit. Returns how many."""
    claimed = Claim.objects.live().filter(right=OuterRef("right"), last_unit__gte=OuterRef("units"))
    due = (
        Entitlement.objects.filter(version__pack=pack, version__scheme__line__isnull=False)
        .exclude(version__scheme__payee__in=OTHERS)
        .open_on(on)
    )  # type: ignore[attr-defined]
    due = due.filter(among, ~Exists(claimed)).select_related("instalment__version__scheme__pack", *WITH_SUBJECT)
    rows, births, rights = [], [], set()
    for found in due.order_by(*IN_ORDER):
        if found.right in rights:  # the same right by another stay
            continue
        given = (found.right, found.amount, found.units, found.event_on)
        try:
            row = row_of(found.subject, found.instalment.version.scheme, found.instalment, *given)
            birth = birth_of(row, found.subject, found.instalment, on, found.event_on)
        except Refused:  # too few units since the last claim, or nobody is named
            continue
        row.prepared = True
        rights.add(found.right)
        rows.append(row)
        births.append(birth)
    if not rows:
        return 0
    kept(rows, births, by=None)
    tell_prepared(rows)
    return len(rows)


def tell_prepared(rows: Iterable[Claim]) -> None:
    """Whoever may confirm hears of it: the handlers of the unit, and whose money it is."""
    told = []
    for row in rows:
        text = (_("%(title)s：已为您备好申领，确认即可提交") % {"title": row.matter.title})[:300]
        people = list(notices.reaching(row.matter, {Role.HANDLER}))
        told += [Notice(user=user, matter=row.matter, text=text) for user in people]
        if row.person_id and row.person.user_id:
            told.append(Notice(user=row.person.user, text=text, path=row.get_absolute_url()))
    notices.deliver(told, urgent=False)


@transaction.atomic
def clear_publicity(*, on: date) -> int:
    """What has been public long enough becomes payable; not while an objection waits for its answer."""
    waiting = Objection.objects.filter(matter=OuterRef("matter"), answered_on=None)
    over = Claim.objects.filter(~Exists(waiting), status=C.PUBLICITY, publicity_until__lt=on).order_by("pk")
    rows = list(over.select_for_update(of=("self",), skip_locked=True))
    for row in rows:
        lifecycle.claim.move(row, "clear", by=None, on=on)
    return len(rows)


# --- papers ------------------------------------------------------------------------------------


def slots_of(claim: Claim) -> dict[str, SchemePaper]:
    """The documents it needs, by slot; with the person's own word on paper where they have no account here."""
    slots = {PAPER + paper.code: paper for paper in claim.version.papers.all()}
    if claim.for_other:
        slots[CONSENT] = SchemePaper(
            code="consent",
            title="收款人签字或盖章的确认书（含收款账户和承诺）",
            title_en="Confirmation signed or sealed by the payee, with account and declaration",
        )
    elif claim.for_person and claim.by_unit:
        slots[CONSENT] = SchemePaper(
            code="consent",
            title="本人签字的申领确认书（含收款账户和承诺）",
            title_en="Confirmation signed by the person, with account and declaration",
        )
    return slots


@transaction.atomic
def cite(claim: Claim, slot: str, upload, *, by: User) -> Evidence:
    """Put an uploaded file into a slot. Raises Refused, uploads.BadFile."""
    row = lock(claim)
    if slot not in slots_of(claim) or not may_write(row, f"slot:{slot}", by):
        raise Refused(_("这份材料现在不能上传：已提交，或退回时没有列出。"))
    file = uploads.store(upload, organisation=row.matter.organisation, by=by)
    evidence, _new = Evidence.objects.get_or_create(
        matter=row.matter, slot=slot, file=file, removed_at=None, defaults={"added_by": by}
    )
    mended(row, f"slot:{slot}")
    return evidence


@transaction.atomic
def uncite(claim: Claim, evidence: Evidence, *, by: User) -> None:
    """Take a file out of its slot; it stays in the history. Raises Refused."""
    row = lock(claim)
    if not may_write(row, f"slot:{evidence.slot}", by):
        raise Refused(_("这份材料现在不能取出：已提交，或退回时没有列出。"))
    Evidence.objects.filter(pk=evidence.pk, removed_at=None).update(removed_at=now())
    mended(row, f"slot:{evidence.slot}")


def mended(claim: Claim, *targets: str) -> None:
    """Note that these were worked on, and that the matter changed."""
    items = ReturnItem.objects.filter(event__matter=claim.matter_id, target__in=targets, resolved_at=None)
    items.filter(answered_at=None).update(answered_at=now())
    claim.matter.version += 1
    claim.matter.save(update_fields=["version", "changed_at"])


# --- whose money, and where it goes ------------------------------------------------------------


@transaction.atomic
def name_payee(claim: Claim, *, name: str, unit: bool, number: str, phone: str, by: User) -> OtherPayee:
    """Whose money it is, where no record says so; told anew, the account has to be told anew as well. Raises Refused."""
    row = lock(claim)
    if not row.for_other or not may_write(row, PAYEE, by):
        raise Refused(_("收款人现在不能改：已提交，或退回时没有列出。"))
    fresh = OtherPayee(name=name, unit=unit, phone=phone, by=by)
    fresh.keep(number)
    kept = row.payee
    if kept and (kept.number_index, kept.name, kept.unit) == (fresh.number_index, name, unit):
        OtherPayee.objects.filter(pk=kept.pk).update(phone=phone)
        fresh = kept
    else:
        fresh.save()
        row.payee, row.account = fresh, None
        row.save(update_fields=["payee", "account"])
    mended(row, PAYEE)
    return fresh


def owner_of(claim: Claim) -> dict[str, Any]:
    """Whose account it goes to, by the column that says so. Raises Refused where nobody is named yet."""
    if claim.for_other:
        if claim.payee is None:
            raise Refused(_("请先写明收款人，再填账户。"))
        return {"payee": claim.payee}
    return {"person": claim.person} if claim.for_person else {"organisation": claim.matter.organisation}


def account_of(claim: Claim) -> PayeeAccount | None:
    """The account in use of whose money it is."""
    if claim.for_other and claim.payee is None:
        return None
    return PayeeAccount.objects.in_use().filter(**owner_of(claim)).first()


@transaction.atomic
def give_account(claim: Claim, *, holder: str, bank: str, number: str, by: User, on: date) -> PayeeAccount:
    """Where the money shall go from now on; what was approved for the former account is void. Raises Refused."""
    row = lock(claim)
    if not gives_account(row, by):
        raise Refused(_("收款账户由收款人自己填写，且要在提交之前。"))
    account = new_account(row, holder=holder, bank=bank, number=number, by=by, on=on)
    row.account = account
    row.save(update_fields=["account"])
    mended(row, "field:account")
    return account


def new_account(claim: Claim, *, holder: str, bank: str, number: str, by: User, on: date) -> PayeeAccount:
    """The account of a claim's payee, another row unless it says the same; the former one ends, and with it what was
    approved for it."""
    owner = owner_of(claim)
    fresh = PayeeAccount(**owner, holder=holder, bank=bank, since=on, by=by)
    fresh.keep(number)
    former = PayeeAccount.objects.select_for_update().filter(until=None, **owner).first()
    if former is not None:
        if (former.number_index, former.holder, former.bank) == (fresh.number_index, holder, bank):
            return former
        former.until = on
        former.save(update_fields=["until"])
    try:
        with transaction.atomic():
            fresh.save()
    except IntegrityError as error:
        raise Refused(said_by(error)) from error
    if former is not None:
        follow(former, fresh, on=on, apart_from=claim)
    return fresh


def follow(former: PayeeAccount, fresh: PayeeAccount, *, on: date, apart_from: Claim) -> None:
    """Claims that named the former account: those under review or approved lose their approval, the others take the new."""
    rows = Claim.objects.filter(account=former).exclude(status__in=GONE).exclude(pk=apart_from.pk)
    rows.filter(status__in=[C.DRAFT, C.PERSON, C.UNIT, C.DISTRICT, C.HANDLING, C.BOUNCED]).update(account=fresh)
    for row in rows.filter(status__in=VOIDED_BY_ACCOUNT).order_by("pk"):
        moved = lifecycle.claim.move(row, "void", by=None, on=on, details={"because": _("收款账户已更换")})
        moved.account = fresh
        moved.save(update_fields=["account"])


@transaction.atomic
def use_account(claim: Claim, *, by: User) -> Claim:
    """Take the account that is in use already, where nobody has to type it again. Raises Refused."""
    row = lock(claim)
    if not gives_account(row, by):
        raise Refused(_("收款账户由收款人自己填写，且要在提交之前。"))
    row.account = account_of(row)
    row.save(update_fields=["account"])
    mended(row, "field:account")
    return row


# --- what officers found -----------------------------------------------------------------------


def level_of(claim: Claim, user: User) -> str | None:
    """On which level this person may say how a condition stands, now; None: on none."""
    roles = user.roles_for(organisation_id=None, district_id=claim.matter.district_id)
    if claim.status == C.DISTRICT and Role.DISTRICT in roles:
        return Confirmation.Level.DISTRICT
    if claim.status == C.HANDLING and roles & (BUREAU - {Role.BUREAU_APPROVER}):
        return Confirmation.Level.BUREAU
    return None


@transaction.atomic
def find(claim: Claim, code: str, verdict: bool | None, *, note: str, by: User, on: date) -> Confirmation:
    """What an officer found of a condition; a newer word on the same level ends the older. Raises Refused."""
    row = lock(claim)
    level = level_of(row, by)
    if level is None:
        raise Refused(_("现在不由您认定。"))
    condition = Condition.objects.filter(version=claim.instalment.version_id, code=code).first()
    if condition is None:
        raise Refused(_("没有这一项条件。"))
    if verdict is False and not note.strip():
        raise Refused(_("认定为不符合时，请写明理由。"))
    Confirmation.objects.filter(matter=row.matter, topic=code, level=level, until=None).update(until=on)
    found = Confirmation.objects.create(
        matter=row.matter, topic=code, level=level, verdict=verdict, by=by, note=note.strip(), since=on
    )
    row.matter.version += 1
    row.matter.save(update_fields=["version", "changed_at"])
    return found


# --- the decision ------------------------------------------------------------------------------


def rerun(claim: Claim, decision: Decision | None = None) -> list[str]:
    """What a sealed decision (that of the claim, or one before it) would be today, on the day it was taken: nothing where
    it is the same, else why it differs."""
    decision = decision or claim.decision
    if decision is None:
        return []
    if digest(decision.data) != decision.digest:
        return [_("决定记录与它的校验码不符，记录被改动过。")]
    try:
        again = as_data(lifecycle.ruling_of(claim, on=date.fromisoformat(decision.data["on"])))
    except Refused as reason:
        return [str(reason)]
    told = []
    words = VOCABULARIES[claim.scheme.vocabulary]
    for name in sorted(set(again["facts"]) | set(decision.data["facts"])):
        was, is_ = decision.data["facts"].get(name), again["facts"].get(name)
        if was != is_:
            told.append(
                _("%(fact)s：当时 %(was)s，现在 %(now)s")
                % {"fact": words.label(name), "was": words.said(name, was), "now": words.said(name, is_)}
            )
    if again["state"] != decision.data["state"]:
        was, is_ = State(decision.data["state"]).label, State(again["state"]).label
        told.append(_("结论：当时 %(was)s，现在 %(now)s") % {"was": was, "now": is_})
    if again["whole"] != decision.data["whole"]:
        told.append(_("金额：当时 %(was)s，现在 %(now)s") % {"was": decision.data["whole"], "now": again["whole"]})
    return told
