"""Kunshan's living allowance by OpenFisca-core: the same rule, read from the same tables, the same rows as answer.

    python tests/bench_openfisca.py DATABASE_URL ROOT ON STAY

`tests.bench` runs it with the Python of an environment of its own (requirements/bench.txt): neither the portal nor its tests
need that library. ROOT and STAY are keys of a district and of one stay, ON is a day. Prints one JSON object: `all`, `one`,
milliseconds of processor of this process and its database session, the least of several rounds, for everybody and for one
stay with its trace, reading the facts included, making the system of rules not; `rows`, everybody's [stay, part, met, opens,
yuan]; `trace`, lines.
"""

import json
import os
import sys
import time
from collections.abc import Callable
from datetime import date

import numpy as np
import psycopg2
from openfisca_core.entities import build_entity
from openfisca_core.parameters import ParameterNode
from openfisca_core.periods import DateUnit
from openfisca_core.simulations import Simulation, SimulationBuilder
from openfisca_core.taxbenefitsystems import TaxBenefitSystem
from openfisca_core.variables import Variable

NEVER = date(9999, 12, 31)  # OpenFisca knows no missing day
FACTS = """
WITH passed AS (
  SELECT stay_id, max(held_on) FILTER (WHERE kind = 'proposal') AS proposal, max(held_on) FILTER (WHERE kind = 'midterm') AS midterm
    FROM postdocs_milestone WHERE held_on <= %(on)s AND kind IN ('proposal', 'midterm') AND grade <> 'failed' GROUP BY 1
)
SELECT s.id, s.entered_on, coalesce(s.withdrawn_on, '9999-12-31'), coalesce(p.proposal, '9999-12-31'),
       coalesce(p.midterm, '9999-12-31'), s.identity <> '' AND s.identity NOT IN ('assigned', 'employed', 'military')
  FROM postdocs_stay s JOIN portal_matter m ON m.id = s.matter_id
  JOIN portal_ancestry a ON a.node_id = m.district_id AND a.ancestor_id = %(root)s LEFT JOIN passed p ON p.stay_id = s.id
 WHERE s.entered_on IS NOT NULL AND (%(stay)s IS NULL OR s.id = %(stay)s)
"""

stay = build_entity(key="stay", plural="stays", label="a stay", is_person=True)


# A variable must say everything itself: OpenFisca doesn't look at what it inherits.


class entered_on(Variable):
    entity, definition_period, value_type, default_value = stay, DateUnit.ETERNITY, date, NEVER


class withdrawn_on(Variable):
    entity, definition_period, value_type, default_value = stay, DateUnit.ETERNITY, date, NEVER


class proposal_on(Variable):
    entity, definition_period, value_type, default_value = stay, DateUnit.ETERNITY, date, NEVER


class midterm_on(Variable):
    entity, definition_period, value_type, default_value = stay, DateUnit.ETERNITY, date, NEVER


class employed_nowhere_else(Variable):
    entity, definition_period, value_type = stay, DateUnit.ETERNITY, bool


class considered(Variable):
    """What began in the scheme's time and didn't end early."""

    entity, definition_period, value_type = stay, DateUnit.DAY, bool

    def formula(stays, period):
        begun = stays("entered_on", period) >= np.datetime64("2025-01-01")
        return begun & (stays("withdrawn_on", period) > np.datetime64(str(period.start)))


class met(Variable):
    """False: a person has to decide."""

    entity, definition_period, value_type = stay, DateUnit.DAY, bool

    def formula(stays, period):
        return stays("considered", period) & stays("employed_nowhere_else", period)


class first_yuan(Variable):
    entity, definition_period, value_type = stay, DateUnit.DAY, float

    def formula(stays, period, parameters):
        rule = parameters(period).living
        return stays("considered", period) * rule.amount * rule.first


class second_yuan(Variable):
    entity, definition_period, value_type = stay, DateUnit.DAY, float

    def formula(stays, period, parameters):
        rule = parameters(period).living
        return stays("considered", period) * rule.amount * (1 - rule.first)


class Rules(TaxBenefitSystem):
    def __init__(self) -> None:
        super().__init__([stay])
        since = "2025-01-01"
        told = {"amount": {"values": {since: {"value": 160_000}}}, "first": {"values": {since: {"value": 0.5}}}}
        self.parameters = ParameterNode("", data={"living": told})
        self.add_variables(entered_on, withdrawn_on, proposal_on, midterm_on, employed_nowhere_else)
        self.add_variables(considered, met, first_yuan, second_yuan)


def simulate(
    rules: Rules, cursor, root: int, on: str, one: int | None = None
) -> tuple[Simulation, dict[str, np.ndarray]]:
    """Facts read, simulation built, everything calculated; with `one` that stay alone and its trace kept."""
    cursor.execute(FACTS, {"on": on, "root": root, "stay": one})
    keys, *columns = zip(*cursor.fetchall(), strict=True)
    simulation = SimulationBuilder().build_default_simulation(rules, len(keys))
    simulation.trace = one is not None
    for variable, column in zip((entered_on, withdrawn_on, proposal_on, midterm_on), columns, strict=False):
        simulation.set_input(variable.__name__, "ETERNITY", np.array(column, "datetime64[D]"))
    simulation.set_input("employed_nowhere_else", "ETERNITY", np.array(columns[-1]))
    asked = ("considered", "met", "first_yuan", "second_yuan")
    found = {name: simulation.calculate(name, on) for name in asked}
    days = {name: simulation.calculate(name, on) for name in ("proposal_on", "midterm_on")}
    return simulation, {"key": np.array(keys)} | found | days


def rows_of(found: dict[str, np.ndarray]) -> list[list]:
    """As the portal's sweep writes them: a line per stay and part, which nobody is refused."""
    kept = found["considered"]
    rows = []
    for part, opens, yuan in ((1, "proposal_on", "first_yuan"), (2, "midterm_on", "second_yuan")):
        days = np.where(found[opens] == np.datetime64(NEVER), "", found[opens].astype(str))
        columns = (found["key"][kept], found["met"][kept], days[kept], found[yuan][kept])
        rows += [
            [key, part, is_met, day, worth]
            for key, is_met, day, worth in zip(*map(np.ndarray.tolist, columns), strict=True)
        ]
    return rows


def main(url: str, root: str, on: str, one: str) -> None:
    rules = Rules()
    with psycopg2.connect(url) as connection, connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        database = f"/proc/{cursor.fetchone()[0]}/stat"

        def worked() -> float:
            with open(database) as file:
                user, system = file.read().rsplit(")", 1)[1].split()[11:13]
            return time.process_time() + (int(user) + int(system)) / os.sysconf("SC_CLK_TCK")

        def least(work: Callable[[], object]) -> float:
            """Milliseconds; the database counts hundredths of a second, so short work is done as often as that takes."""
            taken = []
            for _round in range(5):
                times, since = 0, worked()
                while not times or worked() - since < 0.2:
                    work()
                    times += 1
                taken.append((worked() - since) * 1000 / times)
            return min(taken)

        told = {
            "all": least(lambda: rows_of(simulate(rules, cursor, int(root), on)[1])),
            "one": least(lambda: simulate(rules, cursor, int(root), on, int(one))[0].tracer.computation_log.lines()),
            "rows": rows_of(simulate(rules, cursor, int(root), on)[1]),
            "trace": simulate(rules, cursor, int(root), on, int(one))[0].tracer.computation_log.lines(),
        }
    print(json.dumps(told))


if __name__ == "__main__":
    main(*sys.argv[1:])
