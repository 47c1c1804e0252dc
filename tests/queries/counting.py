"""How many queries each page takes: one exact number, the same for one row and for three.

A page is asked twice and the second answer counts: whose city it is, its districts and its working days are
remembered for a minute. Every address is either counted by a test of this folder or named among those that show no rows
(`test_every_address.py`).
"""

from datetime import date, timedelta

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils.timezone import localdate

from portal.models import Absence, Role, Watch
from stations.behalf import actions as behalf
from stations.models import (
    ApplicationWindow,
    Certificate,
    EnterpriseEvent,
    Honour,
    OverseasStudio,
    Partner,
    Recruits,
    ResearchOrganisation,
    Station,
    StationDiscipline,
    StationName,
    Supervisor,
)
from targets.models import Indicator, Reading
from tests import make
from tests.postdocs import recording, rostering, serving, staying
from tests.subsidies import granting


def signed_in(user) -> Client:
    client = Client()
    client.force_login(user, "portal.accounts.Backend")
    return client


def counted(client, urls) -> dict[str, int]:
    """How many queries each address takes, by the name the test gives it."""
    found = {}
    for name, url in urls.items():
        assert client.get(url).status_code == 200, url
        with CaptureQueriesContext(connection) as queries:
            client.get(url)
        found[name] = len(queries)
    return found


def read(city, who, value) -> None:
    Reading.objects.create(
        indicator=Indicator.objects.get(code="RE"),
        district=city.root,
        on=date(2026, 6, value),
        value=value,
        source="部门",
        by=who[Role.REPORTER],
    )


def a_case_and_a_station(city, who) -> None:
    """One more row on every list."""
    owner = make.enterprise(city.north)
    here, them = make.people_of(city, owner, who)
    case = make.brought_to("district", here, them)
    row = make.station(city, who[Role.BUREAU_APPROVER], owner=make.enterprise(city.north, chain=city.chain))
    a_page_of_rows(row, owner)
    Watch.objects.create(user=who[Role.DISTRICT], matter=case.matter)
    behalf.consent(make.draft(here, them[Role.HANDLER], kind=city.own), by=them[Role.HANDLER], on=make.ON)
    make.match(here, them, flow_=make.flow(city, owner=make.university(city)))
    make.pairing(here, who[Role.BUREAU_HANDLER])
    make.talk(here, them)
    entering = staying.brought_to("district", here, them)
    recording.waiting(recording.entered(here, them, at=entering.station), them)
    granting.one_each({"x": (here, them, entering.station)})
    serving.found_on_a_visit(here, them, row)
    serving.visit(staying.brought_to("here", here, them, at=entering.station), them[Role.DISTRICT], make.ON)
    rostering.around(here, dict.fromkeys((Role.HANDLER, Role.BUREAU_HANDLER), who[Role.BUREAU_HANDLER]), row)
    read(city, who, Station.objects.count())
    n = ApplicationWindow.objects.count()
    ApplicationWindow.objects.create(
        pack=city.pack,
        type=city.own,
        code=f"b{n}",
        title="x",
        since=make.ON + 9 * n * A_DAY,
        until=make.ON + (9 * n + 2) * A_DAY,
    )
    day = localdate() + timedelta(2 * Absence.objects.count())
    Absence.objects.create(user=who[Role.DISTRICT], deputy=who[Role.AUDITOR], since=day, until=day + A_DAY)


def a_page_of_rows(station, owner) -> None:
    """One more of each dated row."""
    since = make.ON + timedelta(Supervisor.objects.count())
    for model, values in (
        (Supervisor, {"name": "x", "title": "x", "field": "x"}),
        (Partner, {"university": "x", "flow_station": f"x{since}"}),
        (OverseasStudio, {"country": "x", "host": f"x{since}"}),
        (StationDiscipline, {"code": f"08{Supervisor.objects.count():02d}"}),
    ):
        model.objects.create(station=station, since=since, **values)
    Recruits.objects.create(
        station=station, year=since.year, entered=0, counted_on=since, source="x", recorded_on=since
    )
    Certificate.objects.create(enterprise=owner, tag="high_tech", number="x", since=since, until=since + A_DAY)
    ResearchOrganisation.objects.create(enterprise=owner, name="x", level="none", since=since, until=since + A_DAY)
    EnterpriseEvent.objects.create(enterprise=owner, kind="restructured", on=since, document="x")
    StationName.objects.create(station=station, name="x", until=since, document="x")
    Honour.objects.create(station=station, code="x", title="x", awarded_on=since, document="x")


A_DAY = timedelta(1)
