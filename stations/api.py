"""The addresses for programs: the same rows, filters and scopes as the pages."""

from django.urls import include, path
from rest_framework.routers import SimpleRouter

from stations.applications.api import Applications
from stations.consultations import api as consultations_api
from stations.demands import api as demands_api
from stations.enterprises import api as enterprises_api
from stations.evaluation import api as evaluation_api
from stations.ledger import api as ledger_api
from stations.pool.api import Pool
from stations.publicity import api as publicity_api
from stations.register.api import Stations
from stations.standing import api as standing_api
from stations.windows import api as windows_api

PLURALS = {
    "match": "matches",
    "university": "universities",
    "salary": "salaries",
    "standing": "standing",
    "publicity": "publicity",
}
router = SimpleRouter()
router.register("applications", Applications, basename="api_application")
router.register("stations", Stations, basename="api_station")
router.register("pool", Pool, basename="api_pool")
for name, viewset in (
    ("demand", demands_api.Demands),
    ("match", demands_api.Matches),
    ("university", demands_api.Universities),
    ("evaluation", evaluation_api.Rounds),
    ("assessment", evaluation_api.Assessments),
    ("honour", evaluation_api.Honours),
    ("pairing", demands_api.Pairings),
    ("enterprise", enterprises_api.Enterprises),
    ("certificate", ledger_api.Certificates),
    ("research-organisation", ledger_api.ResearchOrganisations),
    ("enterprise-event", ledger_api.EnterpriseEvents),
    ("supervisor", ledger_api.Supervisors),
    ("discipline", ledger_api.Disciplines),
    ("partner", ledger_api.Partners),
    ("manager", ledger_api.Managers),
    ("salary", ledger_api.Salaries),
    ("plate", ledger_api.Plates),
    ("main-station", ledger_api.MainStations),
    ("station-name", ledger_api.StationNames),
    ("recruit", standing_api.RecruitsRows),
    ("overseas-studio", ledger_api.Studios),
    ("standing", standing_api.Standing),
    ("consultation", consultations_api.Talks),
    ("window", windows_api.Windows),
    ("publicity", publicity_api.Publicity),
):
    plural = PLURALS.get(name, f"{name}s")
    router.register(plural, viewset, basename=f"api_{name.replace('-', '_')}")
urlpatterns = [path("", include(router.urls))]
