"""Who is entitled to what, for everybody, for the few who changed, for one: ours beside SQL written by hand."""

import random
import time
from collections.abc import Callable
from datetime import date, timedelta

from django.db import connection

from portal.bulk import pour
from portal.models import Matter, Pack
from postdocs.models import Destination, IdentityPaper, Insured, InsuredMonth, Milestone, Person, Stay
from stations.models import Station
from subsidies.entitlements.sweep import sweep
from subsidies.models import Entitlement
from subsidies.schemes.explain import explain

ON = date(2026, 11, 20)
FEW = 1000

# The four schemes of Kunshan that speak of a stay and are paid by the city, as somebody would write them who knows the
# tables and has an afternoon. Facts are read once each, by grouped joins.
BY_HAND = """
WITH passed AS (
  SELECT DISTINCT ON (stay_id, kind) stay_id, kind, held_on, grade FROM postdocs_milestone
   WHERE held_on <= %(on)s AND kind IN ('proposal', 'midterm') AND grade <> 'failed' ORDER BY stay_id, kind, held_on DESC, id DESC
), opened AS (
  SELECT stay_id, max(held_on) FILTER (WHERE kind = 'proposal') AS proposal,
         max(held_on) FILTER (WHERE kind = 'midterm') AS midterm FROM passed GROUP BY 1
), whole AS (
  SELECT s.id, s.person_id, s.entered_on, o.proposal, o.midterm, s.withdrawn_on <= %(on)s IS TRUE AS withdrawn,
         CASE WHEN s.identity = '' THEN NULL ELSE s.identity IN ('assigned', 'employed', 'military') END AS in_service
    FROM postdocs_stay s JOIN portal_matter m ON m.id = s.matter_id
    JOIN portal_ancestry a ON a.node_id = m.district_id AND a.ancestor_id = %(root)s
    LEFT JOIN opened o ON o.stay_id = s.id
   WHERE s.entered_on >= '2025-01-01'
)
SELECT id, n, CASE WHEN withdrawn THEN false WHEN in_service = false THEN true END AS met,
       CASE n WHEN 1 THEN proposal ELSE midterm END AS opens, 80000.00 AS amount
  FROM whole CROSS JOIN generate_series(1, 2) AS n WHERE NOT withdrawn
"""


def people(pack: Pack, each: int = 2) -> None:
    """`each` stays at every station, with what money asks of them."""
    chance = random.Random(3)
    stations = list(Station.objects.select_related("matter").order_by("pk"))
    homes = [s for s in stations for _n in range(each)]
    numbers = range(len(homes))
    persons = pour(
        [
            Person(name=f"人{n}", sex="male", born_on=date(1994, 1, 1), discipline=chance.choice(["0812", "0805", "0703"]),
                   has_certificate=True, degree_on=date(2023, 6, 30) + timedelta(n % 900), settled_on=date(2025, 1, 1))
            for n in numbers
        ]
    )  # fmt: skip
    pour(
        [
            IdentityPaper(person=p, kind="id_card", number=b"-", number_index=f"{n:064d}", settled=True)
            for n, p in zip(numbers, persons, strict=True)
        ]
    )
    begun = [date(2024, 6, 1) + timedelta(n % 800) for n in numbers]
    matters = pour(
        [
            Matter(number=f"BM-{n}", kind="stay", title=f"人{n}", status="here", organisation_id=s.matter.organisation_id,
                   district_id=s.matter.district_id, opened_on=day, filed_on=day, held_since=day)
            for n, s, day in zip(numbers, homes, begun, strict=True)
        ]
    )  # fmt: skip
    left = [chance.random() < 0.2 for _n in numbers]
    stays = pour(
        [
            Stay(matter=m, person=p, station=s, status="left" if out else "here", entered_on=day, identity=chance.choice(
                     ["graduate", "employed", ""]), contract_since=day, planned_until=day + timedelta(730),
                 recruit_type="alone", discipline="0812", ended_on=day + timedelta(90) if out else None,
                 committee_number=f"B{n}")
            for n, m, p, s, day, out in zip(numbers, matters, persons, homes, begun, left, strict=True)
        ]
    )  # fmt: skip
    held = [(stay, kind, stay.entered_on + timedelta(wait)) for stay in stays for kind, wait in WAITS]
    pour(
        [
            Milestone(stay=stay, kind=kind, held_on=day, grade="passed", recorded_on=day)
            for stay, kind, day in held
            if day <= ON and chance.random() < 0.8
        ]
    )
    pour(
        [
            Destination(stay=stay, type="host", in_city=True, full_time=chance.random() < 0.8, told_on=ON)
            for stay, out in zip(stays, left, strict=True)
            if out
        ]
    )
    insured = pour(
        [
            Insured(organisation_id=s.matter.organisation_id, number_index=f"{n:064d}", name=f"人{n}")
            for n, s in zip(numbers, homes, strict=True)
        ]
    )
    months = [date(2025, m, 1) for m in range(11, 13)] + [date(2026, m, 1) for m in range(1, 11)]
    pour(
        [
            InsuredMonth(insured=row, month=month, paid=chance.random() < 0.98, source="清单", confirmed_on=ON)
            for row in insured
            for month in months
        ]
    )
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")


WAITS = (("proposal", 80), ("midterm", 365))


def eligibility(pack: Pack, best: Callable) -> None:
    """The sweep of all schemes, of a thousand people, one explanation; the living allowance beside SQL by hand."""
    since = time.perf_counter()
    people(pack)
    print(f"eligibility: {Stay.objects.count()} stays, built in {time.perf_counter() - since:.0f} s")
    all_ = best(lambda: sweep(pack, on=ON), 3)
    agree(pack)
    few = Stay.objects.filter(pk__in=list(Stay.objects.order_by("pk").values_list("pk", flat=True)[:FEW]))
    changed = best(lambda: sweep(pack, on=ON, rows={"stay": few}), 3)
    floor = best(lambda: by_hand(pack), 3)
    living = best(lambda: sweep_living(pack), 3)
    stay = Stay.objects.filter(entered_on__gte=date(2025, 2, 1)).order_by("pk").first()
    one = best(lambda: explain(stay, on=ON, scheme="living"), 50)
    every = best(lambda: explain(stay, on=ON), 50)
    print(
        f"  all schemes, everybody {all_ * 1000:8.0f} ms   {FEW} people {changed * 1000:6.0f} ms   1/{all_ / changed:.0f}"
    )
    print(f"  living allowance: ours {living * 1000:8.0f} ms   by hand {floor * 1000:8.0f} ms   {living / floor:5.2f}")
    print(f"  one person: one scheme {one * 1000:6.1f} ms   all of them {every * 1000:6.1f} ms")


def by_hand(pack: Pack) -> list:
    with connection.cursor() as cursor:
        cursor.execute(BY_HAND, {"on": ON, "root": pack.root_id})
        return cursor.fetchall()


def ruled(pack: Pack):
    """The living allowance by the engine, read and not kept, as the SQL by hand is."""
    from subsidies.models import SchemeVersion
    from subsidies.schemes import engine

    versions = SchemeVersion.objects.published().filter(pack=pack, scheme__code="living").for_engine()
    asked = engine.rulings(versions)
    return asked[0], engine.rows_of(asked, engine.in_pack(asked[0].vocabulary, pack), on=ON)


def sweep_living(pack: Pack) -> list:
    ruling, rows = ruled(pack)
    met, event = ruling.name("met"), f"fact_{ruling.version.scheme.event}"
    return list(rows.exclude(**{met: False}).filter(**{f"{event}__gte": ruling.version.since}))


def agree(pack: Pack) -> None:
    """Both give the same, or the ratio means nothing."""
    rows = Entitlement.objects.filter(version__pack=pack, version__scheme__code="living")
    ours = sorted(rows.values_list("stay", "instalment__number", "met", "opens_on", "amount"), key=str)
    if ours != sorted(map(tuple, by_hand(pack)), key=str):
        raise AssertionError("the engine and the SQL by hand differ")
