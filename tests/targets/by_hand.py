"""The figures of Kunshan's plan counted by SQL that knows nothing of facts, streams or declarations.

Each statement counts one indicator in one district with all below it on one day: `%(district)s`, `%(on)s`, and `%(new)s`, the year's first
day. Written from the definition cards (docs of the pack), not from its declarations.
"""

from datetime import date
from decimal import Decimal

from django.db import connection

BELOW = """WITH RECURSIVE below AS (
    SELECT id FROM portal_district WHERE id = %(district)s
    UNION SELECT d.id FROM portal_district d JOIN below ON d.parent_id = below.id
) """
OPEN = "({0} IS NULL OR {0} > %(on)s)"
KINDS = "s.kind IN ('national', 'branch', 'base_provincial')"
STATION = "stations_station s JOIN portal_matter m ON m.id = s.matter_id AND m.district_id IN (SELECT id FROM below)"
STAY = "postdocs_stay s JOIN portal_matter m ON m.id = s.matter_id AND m.district_id IN (SELECT id FROM below)"
MATCH = """stations_match x JOIN portal_matter m ON m.id = x.matter_id AND m.district_id IN (SELECT id FROM below)
    JOIN stations_demand d ON d.id = x.demand_id JOIN stations_flowstation f ON f.id = x.flow_id
    JOIN stations_university u ON u.id = f.university_id LEFT JOIN stations_station h ON h.id = d.station_id"""
SELECTED = """postdocs_selection c JOIN postdocs_programme p ON p.id = c.programme_id
    LEFT JOIN postdocs_stay s ON s.id = c.stay_id
    WHERE c.district_id IN (SELECT id FROM below) AND c.confirmed_on IS NOT NULL AND c.listed_on <= %(on)s
    AND (least(c.revoked_on, s.withdrawn_on) IS NULL OR least(c.revoked_on, s.withdrawn_on) > %(on)s)"""

INTRODUCED = """s.entered_on <= %(on)s AND least(s.entered_on + interval '24 months', s.withdrawn_on) > %(on)s"""

SQL = {
    "KS-PD": f"SELECT count(DISTINCT s.person_id) FROM {STAY} WHERE s.entered_on BETWEEN '2025-01-01' AND %(on)s "
    f"AND {OPEN.format('s.withdrawn_on')}",
    "KS-ST": f"SELECT count(*) FROM {STATION} WHERE {KINDS} AND s.approved_on <= %(on)s AND {OPEN.format('s.ended_on')}",
    "KS-CL": f"SELECT count(DISTINCT s.chain_id) FROM {STATION} WHERE {KINDS} AND s.approved_on <= %(on)s "
    f"AND {OPEN.format('s.ended_on')}",
    "KS-ZY": f"SELECT count(DISTINCT s.person_id) FROM {SELECTED} AND p.code = 'excellent' AND c.listed_on >= '2000-01-01'",
    "KS-SJ": f"SELECT count(DISTINCT s.person_id) FROM {SELECTED} AND p.kind IN ('plan', 'fund') "
    "AND p.level IN ('national', 'provincial') AND c.listed_on >= '2025-01-01'",
    "KS-LY": f"SELECT count(DISTINCT (c.organisation_id, c.project)) FROM {SELECTED} AND p.kind = 'roadshow' "
    "AND c.project <> '' AND c.listed_on >= '2025-01-01'",
    "KS-YX": f"SELECT count(*) FROM stations_honour h JOIN {STATION} ON s.id = h.station_id "
    f"WHERE h.code = 'excellent-station' AND h.awarded_on <= %(on)s AND {OPEN.format('least(h.ended_on, s.ended_on)')}",
    "KS-YJ": """SELECT count(DISTINCT t.number_index) FROM postdocs_talent t WHERE t.district_id IN (SELECT id FROM below)
        AND t.since BETWEEN '2025-01-01' AND %(on)s AND t.confirmed_on IS NOT NULL AND t.contract_since IS NOT NULL
        AND t.relation <> 'postdoc' AND NOT EXISTS (SELECT FROM postdocs_stay s JOIN postdocs_identitypaper i
          ON i.person_id = s.person_id WHERE i.number_index = t.number_index AND i.settled AND s.entered_on <= t.since
          AND (s.ended_on IS NULL OR s.ended_on > t.since))""",
    "KS-CG": f"""SELECT count(*) FROM postdocs_outcome o JOIN portal_matter m ON m.id = o.matter_id
        AND m.district_id IN (SELECT id FROM below) WHERE o.verified_on IS NOT NULL
        AND o.done_on BETWEEN '2025-01-01' AND %(on)s AND {OPEN.format("o.voided_on")} AND o.kind = ANY(%(kinds)s)""",
    "KS-QY": f"SELECT count(DISTINCT h.enterprise_id) FROM {MATCH} "
    "WHERE x.matched_on BETWEEN '2025-01-01' AND %(on)s AND x.meetings >= 1",
    "KS-GX": f"SELECT count(DISTINCT u.id) FROM {MATCH} "
    "WHERE x.matched_on BETWEEN '2025-01-01' AND %(on)s AND x.meetings >= 1 AND u.key",
    "KS-BS": f"""SELECT count(DISTINCT person_id) FROM (
        SELECT s.person_id FROM {STAY} WHERE s.channel = 'matching' AND s.entered_on BETWEEN '2025-01-01' AND %(on)s
          AND {OPEN.format("s.withdrawn_on")}
        UNION SELECT d.person_id FROM postdocs_doctor d WHERE d.district_id IN (SELECT id FROM below)
          AND d.confirmed_on IS NOT NULL AND d.channel = 'matching' AND d.since BETWEEN '2025-01-01' AND %(on)s) AS both_""",
    "KS-BX": f"""SELECT count(DISTINCT university) FROM (
        SELECT f.university_id AS university FROM {MATCH} WHERE x.signed_on BETWEEN '2025-01-01' AND %(on)s
          AND {OPEN.format("x.agreed_until")}
        UNION SELECT p.listed_id FROM stations_partner p JOIN {STATION} ON s.id = p.station_id
          WHERE p.since BETWEEN '2025-01-01' AND %(on)s AND {OPEN.format("p.until")}) AS both_""",
    "KS-ZF": f"""SELECT round(100.0 * seen / nullif(new, 0), 2) FROM
        (SELECT count(DISTINCT s.person_id) AS new FROM {STAY} WHERE {INTRODUCED}) AS stays,
        (SELECT count(DISTINCT s.person_id) AS seen FROM postdocs_visit v JOIN postdocs_stay s ON s.id = v.stay_id
          WHERE v.district_id IN (SELECT id FROM below) AND {INTRODUCED} AND v.visited_on BETWEEN s.entered_on AND %(on)s
          AND v.visited_on + interval '12 months' > %(on)s) AS visits""",
    "RC-07": f"SELECT count(*) FROM {STATION} WHERE {KINDS} AND s.approved_on BETWEEN %(new)s AND %(on)s",
}


def counted(code: str, district: int, on: date, kinds: list[str]) -> Decimal | None:
    """None for a share of nobody. `kinds` are those of the outcomes that the bureau counts."""
    with connection.cursor() as cursor:
        asked = {"district": district, "on": on, "new": date(on.year, 1, 1), "kinds": kinds}
        cursor.execute(BELOW + SQL[code], asked)
        value = cursor.fetchone()[0]
    return None if value is None else round(Decimal(value), 2)
