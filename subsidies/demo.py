"""The subsidies' part of the demonstration: a budget, who is entitled, and claims on every stretch of their way."""

from datetime import date, datetime, time
from decimal import Decimal
from itertools import product

from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils.timezone import make_aware

from portal.demo import MARK, Story, chapter
from portal.models import Role, User
from postdocs.stays.demo import appointments
from stations.demo import demo_pdf
from subsidies.claims import actions, lifecycle
from subsidies.claims.models import Claim, ClaimStatus
from subsidies.entitlements.models import Entitlement
from subsidies.entitlements.sweep import sweep
from subsidies.ledger import actions as budgets
from subsidies.models import BudgetLine, PaymentBatch, SubsidyScheme
from subsidies.payments import actions as payments
from subsidies.payments import lifecycle as cycle
from subsidies.publicity import demo as publicity
from subsidies.subjects import IN_ORDER, WITH_SUBJECT, organisation_of

C = ClaimStatus

STEPS = ("to_certify", "certify", "forward", "handle", "review", "approve")
AGO = 30  # working days since the sweep that prepared them
WAVES = (200, 140, 85)  # so many working days ago the first ones of the year were prepared, which are paid by now
OF_A_WAVE = 3


@chapter
def tell(story: Story) -> None:
    if not SubsidyScheme.objects.filter(pack=story.pack).exists() or "subsidies" not in story.plot:
        return
    plot, begun = story.plot["subsidies"], story.back(AGO)
    lines, amount = list(BudgetLine.objects.filter(pack=story.pack).select_related("pack")), Decimal(plot["budget"])
    years = sorted({story.back(ago).year for ago in (*WAVES, AGO)} | {story.on.year})
    for line, year in product(lines, years):
        granted(story, line, year, amount, since=date(year, 1, 15), note="年初预算（演示）", key="1")
    handlers = {a.organisation_id: a.user for a in appointments(story)}
    signers: dict[int, User] = {}
    for n, ago in enumerate(WAVES):
        if n == len(WAVES) - 1:
            for line, year in product(lines, years):
                granted(story, line, year, amount / 8, since=date(year, 7, 6), note="年中追加（演示）", key="2")
        paid_by_now(story, ago, handlers, signers, bounces=n == 1)
    sweep(story.pack, on=begun)
    actions.prepare(story.pack, on=begun)
    rows = Claim.objects.filter(matter__district__up__ancestor=story.pack.root, matter__organisation__in=list(handlers))
    waiting = iter(list(rows.filter(status=C.DRAFT).for_page().order_by("matter__organisation", "pk")))
    for far, number in plot["claims"].items():
        for _n in range(number):
            if (claim := next(waiting, None)) is None:
                break
            along(story, claim, int(far), handlers[claim.matter.organisation_id], signers)
    actions.clear_publicity(on=story.back(11))
    on_their_way(story)
    actions.clear_publicity(on=story.on)
    sweep(story.pack, on=story.on)
    actions.prepare(story.pack, on=story.on)
    publicity.tell(story)


def granted(story: Story, line: BudgetLine, year: int, amount: Decimal, *, since: date, note: str, key: str) -> None:
    """The budget of a year, or its raise; not before its day."""
    if since <= story.on:
        budgets.change(line, year, amount, note=note, key=key, on=since, by=story.people[Role.BUREAU_APPROVER])


def paid_by_now(story: Story, ago: int, handlers: dict, signers: dict[int, User], *, bounces: bool) -> None:
    """A few who were entitled that long ago, and have their money; where one bounces, it goes out with the next."""
    begun = story.back(ago)
    sweep(story.pack, on=begun)
    due = Entitlement.objects.filter(version__pack=story.pack, version__scheme__payee__in=["person", "unit"]).open_on(
        begun
    )
    due = due.filter(version__scheme__line__isnull=False).select_related(*WITH_SUBJECT).order_by(*IN_ORDER)
    ours = [e.pk for e in due if (unit := organisation_of(e.subject)) and unit.pk in handlers]
    few = ours[:: max(1, len(ours) // OF_A_WAVE)][:OF_A_WAVE]
    Entitlement.objects.filter(version__pack=story.pack).exclude(pk__in=few).delete()
    actions.prepare(story.pack, on=begun)
    mine = Claim.objects.filter(matter__district__up__ancestor=story.pack.root, status=C.DRAFT)
    for claim in mine.for_page().order_by("pk"):
        along(story, claim, len(STEPS), handlers[claim.matter.organisation_id], signers, ago=ago)
    actions.clear_publicity(on=story.back(ago - 20))
    for batch in batches(story, ago - 22):
        lines = list(batch.lines.order_by("pk").select_related("claim"))
        for n, line in enumerate(lines):
            booked(story, line, ago - 28, bounced=bounces and n == 0)
        if bounces and lines:
            mended(story, lines[0].claim, handlers, ago - 33)


def batches(story: Story, ago: int, *, some: int | None = None, until: str = "release") -> list[PaymentBatch]:
    """One batch a line of what can be paid, put together and released by two people."""
    maker, checker, made = story.people[Role.BUREAU_HANDLER], story.people[Role.BUREAU_APPROVER], []
    for line in BudgetLine.objects.filter(pack=story.pack).select_related("pack__root"):
        chosen = list(payments.payable(line).values_list("pk", flat=True)[:some])
        if not chosen:
            continue
        batch = payments.begin(line, chosen, by=maker, on=story.back(ago))
        batch = cycle.payment.move(batch, "hand_over", by=maker, on=story.back(ago - 1))
        if until == "release":
            day = story.back(ago - 2)
            cycle.payment.move(batch, "release", by=checker, on=day, details={"device": "演示"})
            at = make_aware(datetime.combine(day, time(10, 30)))
            PaymentBatch.objects.filter(pk=batch.pk).update(released_at=at)
            payments.send_all(on=day, told=lambda done, total: None)
        made.append(batch)
    return made


def booked(story: Story, line, ago: int, *, bounced: bool = False) -> None:
    day = story.back(ago)
    reason = "户名与账号不符（演示）" if bounced else ""
    by = story.people[Role.BUREAU_HANDLER]
    payments.book(line.pk, paid=not bounced, day=day, reason=reason, by=by, today=day)


def mended(story: Story, claim: Claim, handlers: dict, ago: int) -> None:
    """Another account, looked at by the bureau: the money may go out again."""
    claim = Claim.objects.for_page().get(pk=claim.pk)
    give_account(story, claim, self_or(claim, handlers[claim.matter.organisation_id]), story.back(ago), first="62221")
    lifecycle.claim.move(claim, "mend", by=story.people[Role.BUREAU_HANDLER], on=story.back(ago - 1))


def on_their_way(story: Story) -> None:
    """Of the last ones: a batch that is out, one paid, one bounced; one that waits to be released."""
    for batch in batches(story, 10, some=5):
        for n, line in enumerate(batch.lines.order_by("pk")[:2]):
            booked(story, line, 4, bounced=n == 1)
    batches(story, 3, some=3, until="hand_over")


def along(story: Story, claim: Claim, far: int, handler: User, signers: dict[int, User], *, ago: int = AGO) -> None:
    """Fill one in and take it so many steps along, two working days each."""
    by, day = self_or(claim, handler), story.back(ago - 1)
    for name in [n for n, paper in actions.slots_of(claim).items() if paper.required]:
        actions.cite(claim, name, SimpleUploadedFile("材料.pdf", demo_pdf(name, claim.matter.number)), by=handler)
    if actions.account_of(claim):
        actions.use_account(claim, by=by)
    else:
        give_account(story, claim, by, day)
    steps = STEPS if claim.by_unit else ("apply", "confirm", *STEPS[2:])
    for n, action in enumerate(steps[:far]):
        day = story.back(ago - 2 - 2 * n)
        if action == "approve" and not lifecycle.still_due(claim, on=day):
            return  # whoever left since the review isn't approved
        who = person_for(story, claim, action, handler, signers)
        given = {"declared": "true", "approved": str(claim.calculated or 0)}
        claim = lifecycle.claim.move(claim, action, by=who, on=day, note="演示", details=given)


def give_account(story: Story, claim: Claim, by: User, day: date, *, first: str = "62220") -> None:
    about = {"holder": claim.whose, "bank": "中国银行昆山分行（演示）", "number": f"{first}{claim.pk:014d}"}
    actions.give_account(claim, **about, by=by, on=day)


def self_or(claim: Claim, handler: User) -> User:
    user = claim.person.user if claim.person else None
    return handler if user is None else user


def person_for(story: Story, claim: Claim, action: str, handler: User, signers: dict[int, User]) -> User:
    matter = claim.matter
    if action == "certify":
        return signer(story, matter.organisation, signers)
    people: dict[str, User | None] = {
        "forward": story.officers.get(matter.district.code),
        "handle": story.people[Role.BUREAU_HANDLER],
        "review": story.people[Role.BUREAU_REVIEWER],
        "approve": story.people[Role.BUREAU_APPROVER],
        "apply": self_or(claim, handler),
    }
    return people.get(action) or handler


def signer(story: Story, organisation, signers: dict[int, User]) -> User:
    """The second account of an enterprise: the one it has, else a new one."""
    if organisation.pk not in signers:
        found = User.objects.filter(appointments__organisation=organisation, appointments__role=Role.CERTIFIER).first()
        signers[organisation.pk] = found or story.person(
            story.person_name() + MARK, Role.CERTIFIER, username=f"demo-certifier-{organisation.pk}",
            organisation=organisation,
        )  # fmt: skip
    return signers[organisation.pk]
