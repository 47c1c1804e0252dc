"""Builders of schemes, claims and budgets: the smallest true thing, every value can be given."""

from datetime import date
from decimal import Decimal

from portal.models import Evidence, Role
from subsidies.claims import actions, lifecycle
from subsidies.claims.facts import PAPER
from subsidies.ledger import book
from subsidies.models import (
    Budget,
    BudgetLine,
    Claim,
    Condition,
    Instalment,
    JournalEntry,
    SchemePaper,
    SchemeVersion,
    SubsidyScheme,
)
from tests import make
from tests.postdocs import staying

ON = make.ON
SINCE = date(2025, 1, 1)
ENTERED = [{"code": "entered", "fact": "entered_on", "lookup": "gte", "value": "2025-01-01"}]
WHOLE = [{"number": 1, "opens": "entered_on"}]


def line(place, code: str = "talent") -> BudgetLine:
    row, _new = BudgetLine.objects.get_or_create(pack=place.pack, code=code, defaults={"title": "人才资金"})
    return row


def budget(place, amount: int = 10_000_000, *, year: int = ON.year) -> Budget:
    row, new = Budget.objects.get_or_create(line=line(place), year=year)
    if new and amount:
        book.write(JournalEntry.Kind.GRANT, Decimal(amount), budget=row, key=f"grant:{row.pk}:1", on=ON)
        row.refresh_from_db()
    return row


def scheme(place, code: str = "living", *, vocabulary="stay", event="entered_on", payee="person", **values):
    given = {"title": "生活补贴", "line": line(place)} | values
    return SubsidyScheme.objects.create(
        pack=place.pack, code=code, vocabulary=vocabulary, event=event, payee=payee, **given
    )


def version(
    place,
    row: SubsidyScheme,
    *,
    conditions=ENTERED,
    instalments=WHOLE,
    papers=("report",),
    steps=(),
    since=SINCE,
    **values,
) -> SchemeVersion:
    """A published version, fixed at 160,000 yuan if nothing else is said."""
    given = {"shape": "fixed", "amount": Decimal(160_000), "clause": place.clause} | values
    found = SchemeVersion.objects.create(pack=place.pack, scheme=row, since=since, **given)
    for n, condition in enumerate(conditions):
        Condition.objects.create(
            version=found, order=n, **{"title": condition["code"], "clause": place.clause} | condition
        )
    for part in instalments:
        Instalment.objects.create(version=found, **{"title": f"第{part['number']}期"} | part)
    for code in papers:
        SchemePaper.objects.create(version=found, code=code, title=f"材料{code}")
    for n, step in enumerate(steps):
        found.steps.create(order=n, **{"title": step["code"]} | step)
    return found


def living(place, **values) -> SchemeVersion:
    return version(place, scheme(place), **values)


def person_with_account(stay):
    """The postdoc of a stay as a user of the portal."""
    user = make.user(Role.POSTDOC, district=stay.matter.district)
    stay.person.user = user
    stay.person.save(update_fields=["user"])
    return user


def begun(place, who, stay=None, *, scheme: str = "living", number: int = 1, on: date = ON) -> Claim:
    """A claim of a postdoc in station, begun by the handler, its papers there."""
    stay = stay or staying.brought_to("here", place, who)
    row = actions.begin(stay, scheme, number, by=who[Role.HANDLER], on=on)
    proved(row, who[Role.HANDLER])
    return row


def proved(row: Claim, by) -> None:
    for paper in row.version.papers.all():
        Evidence.objects.create(
            matter=row.matter, slot=PAPER + paper.code, file=make.file(row.matter.organisation, by), added_by=by
        )


def account(row: Claim, by, *, number: str = "6222000000000000001", on: date = ON, **values):
    holder = str(row.person) if row.person_id else row.matter.organisation.name
    given = {"holder": holder, "bank": "测试银行"} | values
    return actions.give_account(row, number=number, by=by, on=on, **given)


def one_each(sides: dict) -> dict[str, Claim]:
    """A unit's own claim about each station, signed by both of its accounts; it waits for its district. The scheme has a
    draft beside the version in force."""
    found = {}
    for letter, (place, who, station) in sides.items():
        if not SubsidyScheme.objects.filter(pack=place.pack).exists():
            condition = {"code": "wide", "fact": "approved_on", "lookup": "gte", "value": "2025-01-01", "assumed": True}
            about = {"conditions": [condition], "instalments": [{"number": 1, "opens": "approved_on"}]}
            row = scheme(place, "set-up", vocabulary="station", event="approved_on", payee="unit", title="建站资助")
            version(place, row, until=date(2028, 1, 1), **about)
            version(place, row, since=date(2028, 1, 1), state="draft", **about)
        by = who[Role.HANDLER]
        claim = actions.begin(station, "set-up", 1, by=by, on=ON)
        proved(claim, by)
        account(claim, by)
        lifecycle.claim.move(claim, "to_certify", by=by, on=ON)
        signer = who.get(Role.CERTIFIER)
        if signer is None or not signer.roles_for(organisation_id=claim.matter.organisation_id, district_id=None):
            signer = make.user(Role.CERTIFIER, organisation=claim.matter.organisation)
        found[letter] = lifecycle.claim.move(claim, "certify", by=signer, on=ON)
    return found


REACHED = ("draft", "person", "district", "handling", "review", "approval", "publicity", "payable")
STEPS = ("ask_person", "agree", "forward", "handle", "review", "approve", "clear")


def brought_to(status: str, place, who, row: Claim | None = None, *, on: date = ON, approved: str = "160000") -> Claim:
    """A claim for a person, moved along the table by the people whose steps they are."""
    row = row or begun(place, who, on=on)
    budget(place)
    me = row.person.user or person_with_account(row.stay)
    row, who = Claim.objects.get(pk=row.pk), who | {"me": me}
    for action in STEPS[: REACHED.index(status)]:
        if action == "agree":
            account(Claim.objects.get(pk=row.pk), me, on=on)
        row = step(row, action, who, on=on, approved=approved)
    return row


def step(row: Claim, action: str, who, *, on: date = ON, by=None, **details) -> Claim:
    """One step by whoever's it is in these tests."""
    roles = {
        "forward": Role.DISTRICT, "handle": Role.BUREAU_HANDLER, "review": Role.BUREAU_REVIEWER,
        "approve": Role.BUREAU_APPROVER, "agree": "me", "ask_person": Role.HANDLER,
    }  # fmt: skip
    details = {"declared": "true", "approved": "160000", "repaid_on": str(on)} | details
    if action == "clear":
        return lifecycle.claim.move(
            row, "clear", by=None, on=Claim.objects.get(pk=row.pk).publicity_until.replace() + DAY
        )
    by = by or who[roles.get(action, Role.BUREAU_HANDLER)]
    return lifecycle.claim.move(row, action, by=by, on=on, note="理由", details=details)


DAY = date(2026, 1, 2) - date(2026, 1, 1)
