"""Indicators at a city's size, a province's and a country's: ours, the best SQL by hand, and a statement per indicator and day.

The data grow by ten in one database: so many stays, a station for each forty of them, two outcomes for each, in sixty districts. All cells of
the three are compared before anything is timed.
"""

from collections.abc import Callable
from datetime import date, timedelta

import numpy as np
from django.db import connection, transaction
from django.db.models import F
from django.test import Client

from portal.models import District, Pack, Role, Setting
from targets.models import Indicator
from targets.plans import freshness, indicators
from targets.plans.streams import Tree
from tests import bench_tables, make
from tests.bench_told import tell

DAYS = [date(2025, 3, 31), date(2025, 6, 30), date(2025, 9, 30), date(2025, 12, 31)]
DAYS += [date(2026, 3, 31), date(2026, 6, 30), date(2026, 9, 30), date(2026, 11, 20)]
SIZES = (4_000, 40_000, 400_000)  # stays
CODES = ("KS-PD", "KS-BS", "KS-CG", "KS-ST", "KS-CL", "RC-07")

# --- the data, written by the database itself: %(low)s is the first new stay, %(high)s the last -----------------

GROW = """
CREATE TEMP TABLE grown ON COMMIT DROP AS SELECT n, (n::bigint * 2654435761 %% 4294967296) / 4294967296.0 AS a,
  (n::bigint * 40503 %% 65536) / 65536.0 AS b FROM generate_series(%(low)s, %(high)s) AS n;
CREATE TEMP TABLE leaf ON COMMIT DROP AS SELECT id, row_number() OVER (ORDER BY id) - 1 AS k FROM portal_district
  WHERE code LIKE 'bench-%%';
INSERT INTO portal_organisation (id, code, name, name_en, kind, phone, demo, district_id)
  SELECT 1000000 + n / 40, 'BF' || n / 40, '企业' || n / 40, '', 'enterprise', '', false, leaf.id
  FROM grown JOIN leaf ON leaf.k = floor(a * a * 49)::int WHERE n %% 40 = 0;
INSERT INTO stations_enterprise (organisation_id, code_confirmed, unit_type, address, industry, tags, rd_name, rd_level,
  contact, contact_phone, version) SELECT 1000000 + n / 40, true, '', '', '', '[]', '', '', '', '', 1 FROM grown
  WHERE n %% 40 = 0;
INSERT INTO portal_matter (id, number, kind, title, title_en, opened_on, filed_on, status, holder, held_since, return_to, round,
  version, changed_at, district_id, helped, organisation_id)
  SELECT 10000000 + n / 40, 'BFS' || n / 40, 'station', 's', '', d, d, 'valid', '', d, '', 0, 1, now(), o.district_id, false, o.id
  FROM (SELECT n, date '2020-01-01' + (b * 2400)::int AS d FROM grown WHERE n %% 40 = 0) AS x
  JOIN portal_organisation o ON o.id = 1000000 + n / 40;
INSERT INTO stations_station (id, name, kind, level, approved_on, ended_on, approval_document, approver, status, end_document,
  end_ground, enterprise_id, matter_id, chain_id)
  SELECT 1000000 + n / 40, 's', (ARRAY['national', 'branch', 'base_provincial', 'overseas'])[1 + n / 40 %% 4], 'national',
    m.opened_on, CASE WHEN a < 0.3 THEN m.opened_on + 700 END, '文', '省',
    CASE WHEN a < 0.3 THEN 'cancelled' ELSE 'valid' END, CASE WHEN a < 0.3 THEN '文' ELSE '' END, '', 1000000 + n / 40, m.id,
    (SELECT id FROM stations_industrychain WHERE pack_id = %(pack)s ORDER BY id OFFSET n / 40 %% 15 LIMIT 1)
  FROM grown JOIN portal_matter m ON m.id = 10000000 + n / 40 WHERE n %% 40 = 0;
INSERT INTO postdocs_person (id, name, initials, sex, nationality, mobile, email, degree_school, degree_country, discipline,
  thesis, title, version, abstract, has_certificate)
  SELECT md5('p' || n)::uuid, '人', 'r', '', '', '', '', '', '', '', '', '', 1, '', true FROM grown WHERE n %% 20 <> 19;
INSERT INTO portal_matter (id, number, kind, title, title_en, opened_on, filed_on, status, holder, held_since, return_to, round,
  version, changed_at, district_id, helped, organisation_id)
  SELECT 20000000 + n, 'BFP' || n, 'stay', 'p', '', date '2021-01-01', date '2021-01-01', 'here', '', date '2021-01-01', '', 0, 1, now(),
    o.district_id, false, o.id FROM grown JOIN portal_organisation o ON o.id = 1000000 + n / 40;
INSERT INTO postdocs_stay (id, status, recruit_type, identity, discipline, supervisor_name, flow_supervisor, topic, channel,
  committee_number, certificate_number, withdrawal_ground, withdrawal_side, second_station, matter_id, person_id, station_id,
  entered_on, ended_on, withdrawn_on)
  SELECT 20000000 + n, CASE WHEN b < 0.1 THEN 'withdrawn' WHEN again OR b < 0.4 THEN 'left' ELSE 'here' END, 'alone', '', '', '', '', '',
    CASE WHEN a < 0.2 THEN 'matching' ELSE '' END, '', '', CASE WHEN b < 0.1 THEN '01' ELSE '' END, '', '',
    20000000 + n, md5('p' || CASE WHEN again THEN n - 1 ELSE n END)::uuid, 1000000 + n / 40, d,
    CASE WHEN again OR b < 0.4 THEN d + 300 END, CASE WHEN b < 0.1 THEN d + 300 END
  FROM (SELECT n, a, b, n %% 20 = 19 AS again,
    CASE WHEN n %% 20 = 19 THEN date '2018-01-01' ELSE date '2021-01-01' END + (a * 2100)::int / CASE WHEN n %% 20 = 19 THEN 4 ELSE 1 END
    AS d FROM grown) AS x;
INSERT INTO portal_matter (id, number, kind, title, title_en, opened_on, filed_on, status, holder, held_since, return_to, round,
  version, changed_at, district_id, helped, organisation_id)
  SELECT 30000000 + n * 2 + k, 'BFO' || n * 2 + k, 'outcome', 'o', '', date '2025-01-01', date '2025-01-01', 'verified', '', date '2025-01-01', '', 0,
    1, now(), o.district_id, false, o.id FROM grown JOIN portal_organisation o ON o.id = 1000000 + n / 40,
    generate_series(0, 1) AS k;
INSERT INTO postdocs_outcome (id, kind, title, done_on, details, key, alike, status, by_postdoc, recorded_on, grant_number,
  enterprise_id, matter_id, pack_id, station_id, verified_on, verified_by_id, voided_on)
  SELECT 30000000 + n * 2 + k, (ARRAY['paper', 'patent', 'book', 'project', 'award'])[1 + (n + k) %% 5], 'o', d, '{}',
    'o' || n * 2 + k, '', CASE WHEN b > 0.95 THEN 'void' ELSE 'verified' END, false, d, '', 1000000 + n / 40,
    30000000 + n * 2 + k, %(pack)s, 1000000 + n / 40, d, %(user)s, CASE WHEN b > 0.95 THEN d + 100 END
  FROM (SELECT n, k, b, date '2023-01-01' + (a * 1400)::int AS d FROM grown, generate_series(0, 1) AS k) AS x;
"""


def districts(pack: Pack) -> None:
    """Forty-nine villages below Kunshan's eleven places; all rows stand there."""
    towns = list(District.objects.below(pack.root).exclude(pk=pack.root_id))
    for n in range(49):
        make.district(f"bench-{n:02d}", towns[n % len(towns)])


@transaction.atomic
def grow(pack: Pack, user: int, low: int, high: int) -> None:
    with connection.cursor() as cursor:
        for statement in GROW.strip().rstrip(";").split(";\n"):
            cursor.execute(statement, {"low": low, "high": high, "pack": pack.pk, "user": user})


# --- the floor ----------------------------------------------------------------------------------------------

EDGES = [day + timedelta(1) for day in DAYS]


def mask(starts: str, stops: str) -> str:
    """One bit a day: begun by it and not stopped."""
    bits = (
        f"CASE WHEN {starts} < '{edge}' AND ({stops} IS NULL OR {stops} >= '{edge}') THEN {1 << n} ELSE 0 END"
        for n, edge in enumerate(EDGES)
    )
    return " | ".join(bits)


def distinct(rows: str) -> str:
    """Different things a day and district with all below it; `rows` gives place, thing, held. Things seen in one place
    only needn't be made distinct again on the way up."""
    return f"""
WITH seen AS MATERIALIZED ({rows}), several AS (SELECT thing FROM seen GROUP BY thing HAVING count(*) > 1)
SELECT 0, place, held, count(*) FROM seen WHERE NOT EXISTS (SELECT FROM several WHERE several.thing = seen.thing) GROUP BY 2, 3
UNION ALL SELECT 1, place, held, count(*) FROM (SELECT u.ancestor_id AS place, thing, bit_or(held) AS held FROM seen
  JOIN several USING (thing) JOIN portal_ancestry u ON u.node_id = seen.place GROUP BY 1, 2) AS up GROUP BY 2, 3"""


KINDS = "s.kind IN ('national', 'branch', 'base_provincial')"
DISTINCT = {
    "KS-PD": f"""SELECT m.district_id AS place, s.person_id AS thing, bit_or({mask("s.entered_on", "s.withdrawn_on")}) AS held
      FROM postdocs_stay s JOIN portal_matter m ON m.id = s.matter_id
      WHERE s.entered_on BETWEEN '2025-01-01' AND '{DAYS[-1]}' GROUP BY 1, 2""",
    "KS-BS": f"""SELECT m.district_id AS place, s.person_id AS thing, bit_or({mask("s.entered_on", "s.withdrawn_on")}) AS held
      FROM postdocs_stay s JOIN portal_matter m ON m.id = s.matter_id
      WHERE s.channel = 'matching' AND s.entered_on BETWEEN '2025-01-01' AND '{DAYS[-1]}' GROUP BY 1, 2""",
    "KS-CL": f"""SELECT m.district_id AS place, s.chain_id AS thing, bit_or({mask("s.approved_on", "s.ended_on")}) AS held
      FROM stations_station s JOIN portal_matter m ON m.id = s.matter_id WHERE {KINDS} AND s.chain_id IS NOT NULL
      AND s.approved_on <= '{DAYS[-1]}' GROUP BY 1, 2""",
}
OUTCOMES = "o.verified_on IS NOT NULL AND o.done_on >= '2025-01-01' AND o.kind = ANY(%(kinds)s)"
SUMS = f"""
SELECT code, place, width_bucket(day, %(edges)s::date[]) AS bucket, sum(sign) FROM (
  SELECT 'KS-ST' AS code, m.district_id AS place, v.day, v.sign FROM stations_station s JOIN portal_matter m ON m.id = s.matter_id
    CROSS JOIN LATERAL (VALUES (s.approved_on, 1), (s.ended_on, -1)) AS v(day, sign) WHERE {KINDS} AND v.day <= '{DAYS[-1]}'
  UNION ALL SELECT 'RC-07', m.district_id, s.approved_on, 1 FROM stations_station s JOIN portal_matter m ON m.id = s.matter_id
    WHERE {KINDS} AND s.approved_on <= '{DAYS[-1]}'
  UNION ALL SELECT 'KS-CG', m.district_id, o.done_on, 1 FROM postdocs_outcome o JOIN portal_matter m ON m.id = o.matter_id
    WHERE {OUTCOMES} AND o.done_on <= '{DAYS[-1]}'
  UNION ALL SELECT 'KS-CG', m.district_id, o.voided_on, -1 FROM postdocs_outcome o JOIN portal_matter m ON m.id = o.matter_id
    WHERE {OUTCOMES} AND o.voided_on <= '{DAYS[-1]}'
) AS entries GROUP BY 1, 2, 3"""


def by_hand(kinds: list[str], tree: Tree) -> dict[str, np.ndarray]:
    """The same cells as somebody would count them who knows the tables: a table district × day for each indicator."""
    found = {}
    years = sorted({date(day.year, 1, 1) for day in DAYS})
    edges = sorted({*EDGES, *years})
    sums = {code: np.zeros((len(tree.nodes), len(edges) + 1)) for code in ("KS-ST", "RC-07", "KS-CG")}
    with connection.cursor() as cursor:
        cursor.execute(SUMS, {"edges": edges, "kinds": kinds})
        for code, place, bucket, n in cursor:
            sums[code][tree.index[place], bucket] = n
        at = [edges.index(edge) for edge in EDGES]
        for code, table in sums.items():
            running = (tree.up.T @ table).cumsum(axis=1)
            found[code] = running[:, at]
            if code == "RC-07":
                found[code] = running[:, at] - running[:, [edges.index(date(day.year, 1, 1)) for day in DAYS]]
        for code, rows in DISTINCT.items():
            cursor.execute(distinct(rows))
            counts = np.zeros((2, len(tree.nodes), len(DAYS)))
            for up, place, held, n in cursor:
                counts[up, tree.index[place]] += n * ((held >> np.arange(len(DAYS))) & 1)
            found[code] = tree.up.T @ counts[0] + counts[1]
    return found


# --- the comparison -----------------------------------------------------------------------------------------


def each_by_itself(asked: list[Indicator], pack: Pack) -> dict:
    """A statement per indicator and day, for all districts at once."""
    settings = Setting.objects.values_of(pack)
    streams = {row: indicators.stream_of(row, settings) for row in asked}
    return {
        (row.code, day): freshness.count(indicators.wanted(row, stream, day))
        for row, stream in streams.items()
        if stream
        for day in DAYS
    }


def agree(asked: list[Indicator], pack: Pack, kinds: list[str]) -> None:
    """Every cell is the same three times, or there is nothing to compare. Raises SystemExit with the first that isn't."""
    tree, computed = Tree.load(), indicators.compute(pack, dict.fromkeys(asked, DAYS))
    hand, single = by_hand(kinds, tree), each_by_itself(asked, pack)
    for row in asked:
        for place in District.objects.below(pack.root):
            for n, day in enumerate(DAYS):
                ours = computed[row.pk, place.pk, day]
                told = (ours, hand[row.code][tree.index[place.pk], n], single[row.code, day].get(place.pk, 0))
                if len({int(value) for value in told}) != 1:
                    raise SystemExit(f"{row} {place} {day}: ours, by hand and by itself differ: {told}")


def scale(pack: Pack, sizes: tuple[int, ...] = SIZES) -> None:
    """Measure at each size; processor seconds, the least of several rounds."""
    user = make.user(Role.AUDITOR, district=pack.root).pk

    def used(work: Callable[[], object], rounds: int) -> float:
        taken = []
        for _round in range(rounds):
            since = bench_tables.worked()
            work()
            taken.append(bench_tables.worked() - since)
        return min(taken)

    districts(pack)
    with connection.cursor() as cursor:  # helpers of a query are processes of their own, which `worked` doesn't see
        cursor.execute("SET max_parallel_workers_per_gather = 0; SET statement_timeout = 0; SET lock_timeout = 0")
    kinds, before, low = Setting.objects.values_of(pack)["A7.kinds"], 0.0, 0
    for size in sizes:
        grow(pack, user, low, size - 1)
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE")
        low = size
        rows = Indicator.objects.filter(pack=pack, code__in=CODES).select_related("clause__document", "pack")
        asked, tree = list(rows), Tree.load()
        agree(asked, pack, kinds)
        rounds = 5 if size < 100_000 else 3
        ours = used(lambda asked=asked: indicators.compute(pack, dict.fromkeys(asked, DAYS)), rounds)
        hand = used(lambda tree=tree: by_hand(kinds, tree), rounds)
        single = used(lambda asked=asked: each_by_itself(asked, pack), 1)
        cells = used(lambda asked=asked: cell_by_cell(asked, pack, DAYS[-1]), 1) * len(DAYS)
        whole = used(lambda: indicators.recompute(DAYS[-1]), 2)
        tell(
            "indicators × 60 districts × 8 days, s of processor",
            f"{size} stays",
            ours=ours,
            by_hand=hand,
            ours_by_hand=ours / hand,
            statement_each=single,
            ours_by_statement_each=ours / single,
            query_a_cell=cells,
            ours_by_query_a_cell=ours / cells,
            grown=ours / before if before else None,
            recompute_all=whole,
        )
        before = ours
        pages(pack, size)


def cell_by_cell(asked: list[Indicator], pack: Pack, day: date) -> int:
    """A query of Django's per indicator and district on one day: what a framework invites to."""
    settings, found = Setting.objects.values_of(pack), 0
    for row in asked:
        stream = indicators.stream_of(row, settings)
        for place in District.objects.below(pack.root) if stream else ():
            want = indicators.wanted(row, stream, day)
            rows = stream.rows(on=day, since=want.since).filter(
                **{f"{stream.vocabulary.district}__up__ancestor": place}
            )
            if stream.distinct:
                rows = rows.annotate(thing=F(f"fact_{stream.distinct}")).values("thing").distinct()
            found += rows.count()
    return found


PAGES = ("/targets/", "/postdocs/", "/postdocs/?page=400", "/postdocs/?status=left", "/outcomes/", "/outcomes/?kind=paper",
         "/stations/?kind=national")  # fmt: skip


def pages(pack: Pack, size: int) -> None:
    """The bureau's and a district's pages beside a hello, milliseconds of processor; the first call isn't counted."""
    villages = District.objects.filter(code__startswith="bench-").order_by("path_order")
    for role, place in ((Role.BUREAU_HANDLER, pack.root), (Role.DISTRICT, villages[0].parent)):
        client = Client(HTTP_HOST="127.0.0.1")
        client.force_login(make.user(role, district=place), "portal.accounts.Backend")
        hello = bench_tables.timed(lambda client=client: [client.get("/healthz") for _n in range(200)]) / 200
        for url in PAGES:
            took, queries = bench_tables.asked(client, url, 3)
            name = f"{url} {'bureau' if role == Role.BUREAU_HANDLER else 'district'}"
            tell(
                f"pages, {size} stays",
                name,
                ms=took * 1000,
                hello_ms=hello * 1000,
                page_by_hello=took / hello,
                queries=queries,
            )
