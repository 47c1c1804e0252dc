"""The subsidies' part of the demonstration: a budget, who is entitled, and claims on every stretch of their way."""

from datetime import date
from decimal import Decimal

from django.core.files.uploadedfile import SimpleUploadedFile

from portal.demo import MARK, Story, chapter
from portal.models import Role, User
from postdocs.stays.demo import appointments
from stations.demo import demo_pdf
from subsidies.claims import actions, lifecycle
from subsidies.claims.models import Claim
from subsidies.entitlements.sweep import sweep
from subsidies.ledger import book
from subsidies.ledger.models import Budget, JournalEntry
from subsidies.models import BudgetLine, SubsidyScheme
from subsidies.publicity import demo as publicity

STEPS = ("to_certify", "certify", "forward", "handle", "review", "approve")
AGO = 30  # working days since the sweep that prepared them


@chapter
def tell(story: Story) -> None:
    if not SubsidyScheme.objects.filter(pack=story.pack).exists() or "subsidies" not in story.plot:
        return
    plot, begun = story.plot["subsidies"], story.back(AGO)
    for line in BudgetLine.objects.filter(pack=story.pack):
        row = Budget.objects.create(line=line, year=begun.year)
        about = {"key": f"grant:{row.pk}:1", "on": date(begun.year, 1, 15), "by": story.people[Role.BUREAU_APPROVER]}
        book.write(JournalEntry.Kind.GRANT, Decimal(plot["budget"]), budget=row, note="年初预算（演示）", **about)
    sweep(story.pack, on=begun)
    actions.prepare(story.pack, on=begun)
    handlers = {a.organisation_id: a.user for a in appointments(story)}
    rows = Claim.objects.filter(matter__district__up__ancestor=story.pack.root, matter__organisation__in=list(handlers))
    waiting = iter(list(rows.for_page().order_by("matter__organisation", "pk")))
    signers: dict[int, User] = {}
    for far, number in plot["claims"].items():
        for _n in range(number):
            if (claim := next(waiting, None)) is None:
                return
            along(story, claim, int(far), handlers[claim.matter.organisation_id], signers)
    actions.clear_publicity(on=story.on)
    sweep(story.pack, on=story.on)
    actions.prepare(story.pack, on=story.on)
    publicity.tell(story)


def along(story: Story, claim: Claim, far: int, handler: User, signers: dict[int, User]) -> None:
    """Fill one in and take it so many steps along, two working days each."""
    by, day = self_or(claim, handler), story.back(AGO - 1)
    for name in [n for n, paper in actions.slots_of(claim).items() if paper.required]:
        actions.cite(claim, name, SimpleUploadedFile("材料.pdf", demo_pdf(name, claim.matter.number)), by=handler)
    if actions.account_of(claim):
        actions.use_account(claim, by=by)
    else:
        holder = str(claim.person) if claim.for_person else claim.matter.organisation.name
        number = f"62220{claim.pk:014d}"
        actions.give_account(claim, holder=holder, bank="中国银行昆山分行（演示）", number=number, by=by, on=day)
    steps = STEPS if claim.by_unit else ("apply", "confirm", *STEPS[2:])
    for n, action in enumerate(steps[:far]):
        day = story.back(AGO - 2 - 2 * n)
        who = person_for(story, claim, action, handler, signers)
        given = {"declared": "true", "approved": str(claim.calculated or 0)}
        claim = lifecycle.claim.move(claim, action, by=who, on=day, note="演示", details=given)


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
