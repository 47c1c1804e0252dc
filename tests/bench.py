"""`make bench`: ours beside the floor, in one run; what counts is the ratio.

    python -m tests.bench [stations, 100000 unless told] [parts, all unless told: figures pages …]

Builds Kunshan with that many stations (half of them ended) in its districts, from a seed. Every figure is the best of
several rounds, ours and the floor in turn, on whatever machine this is.
"""

import os
import random
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.bench_settings")

import django

django.setup()

from django.db import connection
from django.db.models import F
from django.test import Client
from django.utils.timezone import localdate

from portal import jobs, packs
from portal.models import District, Matter, Organisation, Pack, Role, Setting
from stations.models import Enterprise, IndustryChain, Station, StationKind
from targets.models import Indicator
from targets.plans import indicators
from tests import bench_figures, bench_money, bench_tables, make
from tests.bench_told import as_json, tell
from tests.processes import portal_process, wait_for

DAYS = [date(2025, 3, 31), date(2025, 6, 30), date(2025, 9, 30), date(2025, 12, 31)]
DAYS += [date(2026, 3, 31), date(2026, 6, 30), date(2026, 9, 30), date(2026, 11, 20)]
ROUNDS = 5


def best(work: Callable[[], object], rounds: int = ROUNDS) -> float:
    """The shortest of several runs, in seconds: the one that the rest of the machine disturbed least."""
    taken = []
    for _round in range(rounds):
        since = time.perf_counter()
        work()
        taken.append(time.perf_counter() - since)
    return min(taken)


def build(count: int) -> Pack:
    """Kunshan with `count` stations, each of an enterprise of its own."""
    pack = packs.load(packs.HOME / "kunshan")
    chance = random.Random(1)
    districts = list(District.objects.below(pack.root).exclude(pk=pack.root_id))
    chains = list(IndustryChain.objects.filter(pack=pack))
    kinds = [StationKind.NATIONAL, StationKind.BRANCH, StationKind.BASE_PROVINCIAL]
    for start in range(0, count, 10_000):
        numbers = range(start, min(start + 10_000, count))
        owners = Organisation.objects.bulk_create(
            Organisation(code=f"B{n:017d}", name=f"企业{n}", kind="enterprise", district=chance.choice(districts))
            for n in numbers
        )
        Enterprise.objects.bulk_create(Enterprise(organisation=o) for o in owners)
        matters, stations = [], []
        for n, owner in zip(numbers, owners, strict=True):
            began = date(2020, 1, 1) + timedelta(chance.randrange(2500))
            ended = began + timedelta(chance.randrange(1, 900)) if chance.random() < 0.5 else None
            status = "cancelled" if ended else "valid"
            place = {"organisation": owner, "district_id": owner.district_id}
            day = {"opened_on": began, "filed_on": began, "held_since": began, "closed_on": ended}
            matters.append(Matter(number=f"B-{n}", kind="station", title=owner.name, status=status, **place, **day))
            kind = chance.choice(kinds)
            level = "province" if kind == StationKind.BASE_PROVINCIAL else "national"
            paper = {"end_document": "文" if ended else "", "ended_on": ended, "status": status}
            row = {"name": owner.name, "enterprise_id": owner.pk, "kind": kind, "level": level, "approved_on": began}
            chain = chance.choice(chains) if chance.random() < 0.7 else None
            stations.append(Station(chain=chain, approval_document="文", approver="省", **row, **paper))
        for matter, station in zip(Matter.objects.bulk_create(matters), stations, strict=True):
            station.matter = matter
        Station.objects.bulk_create(stations)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    return pack


# --- all figures -------------------------------------------------------------------------------

BY_HAND = """
WITH entries AS MATERIALIZED (
  SELECT m.district_id AS place, s.approved_on AS day, 1 AS sign, s.kind, s.chain_id FROM stations_station s
    JOIN portal_matter m ON m.id = s.matter_id WHERE s.kind = ANY(%(kinds)s) AND s.approved_on <= %(last)s
  UNION ALL
  SELECT m.district_id, s.ended_on, -1, s.kind, s.chain_id FROM stations_station s
    JOIN portal_matter m ON m.id = s.matter_id WHERE s.kind = ANY(%(kinds)s) AND s.ended_on <= %(last)s
), sums AS (
  SELECT place, width_bucket(day, %(edges)s::date[]) AS bucket, sum(sign) AS level,
    count(*) FILTER (WHERE sign = 1) AS began FROM entries GROUP BY 1, 2
), seen AS (
  SELECT m.district_id AS place, s.chain_id, bit_or(MASK) AS held FROM stations_station s
    JOIN portal_matter m ON m.id = s.matter_id
    WHERE s.kind = ANY(%(kinds)s) AND s.approved_on <= %(last)s AND s.chain_id IS NOT NULL GROUP BY 1, 2
), chains AS (
  SELECT a.ancestor_id AS place, d.n, count(DISTINCT chain_id) AS covered FROM seen
    JOIN portal_ancestry a ON a.node_id = seen.place CROSS JOIN generate_series(1, %(count)s) AS d(n)
    WHERE held >> (d.n - 1) & 1 = 1 GROUP BY 1, 2
)
SELECT a.ancestor_id, d.n, sum(level) FILTER (WHERE bucket < d.n), sum(began) FILTER (WHERE bucket < d.n), min(covered)
  FROM sums JOIN portal_ancestry a ON a.node_id = sums.place
  CROSS JOIN generate_series(1, %(count)s) AS d(n)
  LEFT JOIN chains c ON c.place = a.ancestor_id AND c.n = d.n GROUP BY 1, 2
""".replace(
    "MASK",
    " | ".join(
        f"CASE WHEN s.approved_on <= '{day}' AND (s.ended_on IS NULL OR s.ended_on > '{day}') THEN {1 << n} ELSE 0 END"
        for n, day in enumerate(DAYS)
    ),
)


def by_hand(kinds: list[str]) -> list:
    """The same figures in one statement, as somebody would write it who knows the tables."""
    edges = [day + timedelta(1) for day in DAYS]
    values = {"kinds": kinds, "last": DAYS[-1], "days": DAYS, "edges": edges, "count": len(DAYS)}
    with connection.cursor() as cursor:
        cursor.execute(BY_HAND, values)
        return cursor.fetchall()


def one_by_one(asked, pack: Pack) -> list[int]:
    """A query per indicator, district and day: what a framework invites to."""
    settings = Setting.objects.values_of(pack)
    found = []
    for indicator in asked:
        stream = indicators.stream_of(indicator, settings)
        for district in District.objects.below(pack.root):
            for day in DAYS:
                wanted = indicators.wanted(indicator, stream, day)
                rows = stream.rows(on=day, since=wanted.since).filter(matter__district__up__ancestor=district)
                if stream.distinct:
                    rows = rows.annotate(value=F(f"fact_{stream.distinct}")).values("value").distinct()
                found.append(rows.count())
    return found


def agree(asked, pack: Pack, kinds: list[str]) -> None:
    """All three say the same of the whole city, or there is nothing to compare."""
    computed = indicators.compute(pack, dict.fromkeys(asked, DAYS))
    hand = {
        DAYS[n - 1]: (level, covered) for place, n, level, _began, covered in by_hand(kinds) if place == pack.root_id
    }
    each = iter(one_by_one(asked, pack))
    for indicator in asked:
        for district in District.objects.below(pack.root):
            for day in DAYS:
                figure = computed[indicator.pk, district.pk, day]
                if figure != next(each):
                    raise SystemExit(f"{indicator} {district} {day}: the figures differ")
                checked = district.pk == pack.root_id and indicator.kind in ("level", "coverage")
                if checked and figure != hand[day][indicator.kind == "coverage"]:
                    raise SystemExit(f"{indicator} {day}: by hand it is {hand[day]}, not {figure}")


def figures(pack: Pack) -> None:
    asked = [i for i in Indicator.objects.filter(pack=pack).select_related("clause__document") if i.source == "station"]
    kinds = Setting.objects.values_of(pack)["A2"]
    agree(asked, pack, kinds)
    ours = best(lambda: indicators.compute(pack, dict.fromkeys(asked, DAYS)))
    floor = best(lambda: by_hand(kinds))
    naive = best(lambda: one_by_one(asked, pack), 1)
    name = f"{len(asked)} × {District.objects.count()} × {len(DAYS)}"
    figures = {"ours_ms": ours * 1000, "by_hand_ms": floor * 1000, "query_a_cell_ms": naive * 1000}
    tell(
        "indicators of stations × districts × days",
        name,
        **figures,
        ours_by_hand=ours / floor,
        ours_by_query_a_cell=ours / naive,
    )


# --- pages -------------------------------------------------------------------------------------


def pages(pack: Pack) -> None:
    """Pages in this process, beside a view that says hello behind the same middleware."""
    client = Client(HTTP_HOST="127.0.0.1")
    client.force_login(make.user(Role.BUREAU_HANDLER, district=pack.root), "portal.accounts.Backend")
    indicators.recompute(localdate())
    hello = best(lambda: client.get("/healthz"), 200)
    for name, url in (
        ("dashboard", "/targets/"),
        ("list", "/stations/?kind=national"),
        ("page 200", "/stations/?page=200"),
    ):
        client.get(url)
        took = best(lambda url=url: client.get(url), 10)
        tell("pages", name, ms=took * 1000, hello_ms=hello * 1000, page_by_hello=took / hello)


# --- from a change to the dashboard ------------------------------------------------------------


def until_counted(pack: Pack) -> None:
    """From the press of a button to the figure, by a real worker."""
    with tempfile.TemporaryDirectory() as folder:
        worker = portal_process("worker", Path(folder))
        worker.start()
        try:
            wait_for(lambda: b"ready" in worker.log.read_bytes())
            taken = []
            for _round in range(ROUNDS):
                since = time.perf_counter()
                job = jobs.ask("recompute")
                wait_for(lambda job=job: type(job).objects.filter(pk=job.pk, state="done").exists())
                taken.append(time.perf_counter() - since)
            tell("from a change to the dashboard", "a real worker", best_s=min(taken), worst_s=max(taken))
        finally:
            worker.ask_to_stop()
            worker.see_it_stop()


SIZES = tuple(int(size) for size in os.environ.get("SIZES", "").split(",") if size)  # of the part "scale": stays

PARTS: dict[str, Callable[[Pack], None]] = {
    "figures": figures,
    "scale": lambda pack: bench_figures.scale(pack, SIZES or bench_figures.SIZES),
    "pages": pages,
    "until_counted": until_counted,
    "postdocs_in": bench_tables.postdocs_in,
    "doctors_in": bench_tables.doctors_in,
    "brought_in": bench_tables.brought_in,
    "crowd": lambda pack: bench_tables.crowd(pack, min(Station.objects.count(), 10_000)),
    "listed": bench_tables.listed,
    "beside_admin": bench_tables.beside_admin,
    "sent_out": bench_tables.sent_out,
    "eligibility": lambda pack: bench_money.eligibility(pack, best),
}  # in this order; the last three want the crowd


def main() -> None:
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 100_000
    connection.creation.create_test_db(verbosity=0, autoclobber=True, serialize=False)
    since = time.perf_counter()
    pack = build(count)
    print(f"{count} stations, built in {time.perf_counter() - since:.0f} s")
    for part in sys.argv[2:] or PARTS:
        PARTS[part](pack)
    print(as_json())


if __name__ == "__main__":
    main()
