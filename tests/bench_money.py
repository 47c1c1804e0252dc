"""Who is entitled to what, for everybody, for the few who changed, for one: ours beside SQL written by hand."""

import json
import os
import random
import subprocess
import time
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path

from django.conf import settings
from django.db import connection

from portal.bulk import pour
from portal.models import Matter, Pack
from postdocs.models import Destination, IdentityPaper, Insured, InsuredMonth, Milestone, Person, Stay
from stations.models import Station
from subsidies.entitlements.sweep import found, sweep
from subsidies.models import Entitlement, Instalment, SchemeVersion
from subsidies.schemes import engine
from subsidies.schemes.explain import explain
from tests.bench_told import tell

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
SELECT whole.id, i.version_id, i.id, 'kunshan:living:' || i.number || ':person:' || person_id,
       CASE WHEN withdrawn THEN false WHEN in_service = false THEN true END, entered_on,
       CASE i.number WHEN 1 THEN proposal ELSE midterm END, NULL::date, 1, 80000.00, %(on)s::date
  FROM whole CROSS JOIN (SELECT i.id, i.number, i.version_id FROM subsidies_instalment i
         JOIN subsidies_schemeversion v ON v.id = i.version_id JOIN subsidies_subsidyscheme s ON s.id = v.scheme_id
        WHERE s.code = 'living' AND v.state = 'published') AS i WHERE NOT withdrawn
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
    people(pack)
    measured(pack)


def measured(pack: Pack) -> None:
    n = Stay.objects.count()
    first = spent(lambda: (Entitlement.objects.all()._raw_delete("default"), sweep(pack, on=ON)))
    all_ = cheapest(lambda: sweep(pack, on=ON), 3)
    agree(pack)
    few = Stay.objects.filter(pk__in=list(Stay.objects.order_by("pk").values_list("pk", flat=True)[:FEW]))
    changed = cheapest(lambda: sweep(pack, on=ON, rows={"stay": few}), 3)
    pairs = [(spent(lambda: sweep_living(pack)), spent(lambda: by_hand(pack))) for _round in range(7)]  # in turn
    living, floor = (min(side) for side in zip(*pairs, strict=True))
    stay = Stay.objects.filter(entered_on__gte=date(2025, 2, 1)).order_by("pk").first()
    one = {name: cheapest(lambda name=name: explain(stay, on=ON, scheme=name), 50) for name in ("living", "rent", "")}
    fisca = openfisca(pack, stay)
    part = f"who is entitled, {n} stays, ms of processor"
    tell(part, "all schemes", everybody=all_, the_first_time=first, of_a_thousand=changed, few_by_all=changed / all_)
    tell(
        part,
        "living allowance",
        ours=living,
        by_hand=floor,
        OpenFisca=fisca["all"],
        ours_by_hand=living / floor,
        ours_by_OpenFisca=living / fisca["all"],
    )
    tell(part, "one explanation", **{name or "all": ms for name, ms in one.items()})
    figures = {"ours": one["living"], "OpenFisca": fisca["one"], "ours_by_OpenFisca": one["living"] / fisca["one"]}
    tell(part, "one, with its trace", **figures)


def backend() -> Path:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        return Path(f"/proc/{cursor.fetchone()[0]}/stat")


def spent(work: Callable) -> float:
    """Milliseconds of processor time, here and in the database's own process; it counts in hundredths of a second, so
    short work is done as often as that takes."""
    times, database = 0, backend()
    before = used(database)
    while times == 0 or (taken := used(database) - before) < 0.2:
        work()
        times += 1
    return taken * 1000 / times


def used(database: Path) -> float:
    user, system = database.read_text().rsplit(")", 1)[1].split()[11:13]
    return time.process_time() + (int(user) + int(system)) / os.sysconf("SC_CLK_TCK")


def cheapest(work: Callable, rounds: int) -> float:
    return min(spent(work) for _round in range(min(rounds, 5)))


def by_hand(pack: Pack) -> list:
    with connection.cursor() as cursor:
        cursor.execute(BY_HAND, {"on": ON, "root": pack.root_id})
        return cursor.fetchall()


def sweep_living(pack: Pack) -> list:
    """The very statement that a sweep writes from, read as the SQL by hand is; to read the rules and to build it counts."""
    versions = SchemeVersion.objects.published().filter(pack=pack, scheme__code="living").for_engine()
    asked = engine.rulings(versions)
    with connection.cursor() as cursor:
        cursor.execute(*found(asked, engine.in_pack(asked[0].vocabulary, pack), "stay", ON, all_=True))
        return cursor.fetchall()


def openfisca(pack: Pack, stay: Stay) -> dict:
    """What `tests/bench_openfisca.py` told; its rows are ours. Raises AssertionError where they aren't."""
    base = settings.DATABASES["default"]
    url = f"postgresql://{base['USER']}:{base['PASSWORD']}@{base['HOST']}:{base['PORT']}/{connection.settings_dict['NAME']}"
    python, script = settings.ROOT / ".venv-bench/bin/python", settings.ROOT / "tests/bench_openfisca.py"
    asked = [python, script, url, str(pack.root_id), ON.isoformat(), str(stay.pk)]
    told = json.loads(subprocess.run(asked, check=True, capture_output=True, text=True).stdout)
    parts = dict(Instalment.objects.filter(version__scheme__code="living").values_list("pk", "number"))
    ours = {
        (row[0], parts[row[2]], row[4] is True, str(row[6] or ""), float(row[9])) for row in sweep_living(pack)
    }  # fmt: skip
    if ours != set(map(tuple, told["rows"])):
        raise AssertionError("the engine and OpenFisca differ")
    return told


def agree(pack: Pack) -> None:
    """Both give the same, column by column, or the ratio means nothing."""
    if sorted(sweep_living(pack), key=str) != sorted(by_hand(pack), key=str):
        raise AssertionError("the engine and the SQL by hand differ")
