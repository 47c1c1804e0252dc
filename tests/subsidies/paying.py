"""Builders of batches: claims that can be paid, a maker, a checker with a telephone, what a bank answers."""

from datetime import date, timedelta
from types import SimpleNamespace

from django_otp.oath import totp
from django_otp.plugins.otp_totp.models import TOTPDevice

from portal.lifecycle import open_matter
from portal.models import Role, User
from stations.models import Station
from subsidies.claims.models import Claim
from subsidies.payments import actions, lifecycle
from subsidies.payments.models import PaymentBatch, PaymentLine
from subsidies.schemes.models import SubsidyScheme
from tests.postdocs import staying
from tests.subsidies import granting

DAY = date(2026, 6, 22)  # the publicity of what was approved on make.ON is over


def payable(place, who, *, count: int = 1) -> list[Claim]:
    """So many people whose money waits for a batch."""
    if not SubsidyScheme.objects.filter(pack=place.pack, code="living").exists():
        granting.living(place)
    station = Station.objects.filter(enterprise=place.enterprise).first() or staying.station(place, who)
    found = []
    for _n in range(count):
        stay = staying.brought_to("here", place, who, at=station)
        row = granting.begun(place, who, stay)
        me = granting.person_with_account(row.stay)
        row = granting.step(row, "ask_person", who)
        granting.account(Claim.objects.get(pk=row.pk), me, number=f"62220000000000{row.pk:05d}")
        granting.budget(place)
        for action in granting.STEPS[1:]:
            row = granting.step(Claim.objects.get(pk=row.pk), action, who | {"me": me})
        found.append(row)
    return found


def batch(place, who, claims, *, by: User | None = None) -> PaymentBatch:
    by = by or who[Role.BUREAU_HANDLER]
    return actions.begin(granting.line(place), [c.pk for c in claims], by=by, on=DAY)


def handed_over(place, who, claims) -> PaymentBatch:
    by = who[Role.BUREAU_HANDLER]
    return lifecycle.payment.move(batch(place, who, claims), "hand_over", by=by, on=DAY)


def device(user: User) -> TOTPDevice:
    return TOTPDevice.objects.get_or_create(user=user, confirmed=True, defaults={"name": "totp"})[0]


def code(user: User, *, later: int = 0) -> str:
    """What the telephone of this person shows now."""
    held = device(user)
    drift = later * held.step
    return f"{totp(held.bin_key, step=held.step, t0=held.t0 - drift, digits=held.digits):06d}"


def fresh(user: User) -> str:
    """A code that no earlier release of the test used up."""
    held = device(user)
    TOTPDevice.objects.filter(pk=held.pk).update(last_t=-1, throttling_failure_count=0)
    return code(user)


def released(place, who, claims, *, by: User | None = None) -> PaymentBatch:
    """Released, nothing sent yet."""
    row, by = handed_over(place, who, claims), by or who[Role.BUREAU_APPROVER]
    return actions.release(row, by=by, on=DAY, token=fresh(by))


def send_all(on: date = DAY) -> int:
    return actions.send_all(on=on, told=lambda done, total: None)


def sent(place, who, claims) -> PaymentBatch:
    row = released(place, who, claims)
    send_all()
    return PaymentBatch.objects.get(pk=row.pk)


def book(line: PaymentLine, who, *, paid: bool = True, reason: str = "户名不符", day: date = DAY):
    by = who[Role.BUREAU_HANDLER]
    return actions.book(line.pk, paid=paid, day=day, reason="" if paid else reason, by=by, today=day + timedelta(9))


def world(city, people, *, count: int = 1) -> SimpleNamespace:
    claims = payable(city, people, count=count)
    return SimpleNamespace(city=city, who=people, claims=claims, line=granting.line(city))


def empty(place, who) -> SimpleNamespace:
    """A city's budget and a batch that is being put together, nothing in it yet."""
    line, by = granting.line(place), who[Role.BUREAU_HANDLER]
    matter = open_matter(
        lifecycle.payment, "draft", series="BF", title="拨付", organisation=None, district=place.root, by=by, on=DAY,
        filed=True,
    )  # fmt: skip
    row = PaymentBatch.objects.create(matter=matter, line=line)
    return SimpleNamespace(line=line, budget=granting.budget(place), batch=row)
