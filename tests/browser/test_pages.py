"""Every page that a role begins from, on a desk and on a telephone, in both languages: whole, readable, quiet."""

import pytest

from stations.models import Application, ApplicationStatus, StandingCase, Station
from tests.browser.conftest import DESKTOP, PHONE

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def pages() -> dict[str, list[str]]:
    """Account -> addresses. The cases are those of the demonstration."""
    returned = Application.objects.get(status=ApplicationStatus.RETURNED)
    unit = returned.enterprise.organisation
    own, number = returned.get_absolute_url(), returned.matter.number
    waiting = Application.objects.filter(status=ApplicationStatus.DISTRICT, matter__district=unit.district).first()
    at_bureau = Application.objects.filter(status=ApplicationStatus.BUREAU).first()
    at_province = Application.objects.filter(status=ApplicationStatus.SENT).first()
    station = Station.objects.filter(upgraded_from=None).first()
    clocked = StandingCase.objects.earliest("pk")
    return {
        "": ["/", "/login/", "/register/", "/guide/", "/guide/kunshan/national/", "/documents/", "/password/reset/"]
        + ["/board/", "/contacts/", "/guide/kunshan/national/check/", "/publicity/"],
        "ks-handler": ["/desk/", "/work/", "/enterprise/", "/enterprise/people/", "/applications/", own]
        + [f"{own}parts/{part}/" for part in ("profile", "basic", "recommended", "plan")]
        + ["/applications/new/", "/notices/", "/account/", "/account/code/", "/nowhere/", f"/matters/{number}/"]
        + ["/pool/own/", "/demands/", "/demands/new/", "/enterprise/papers/", "/imports/new/supervisors/"]
        + ["/talks/", "/talks/new/", "/notices/switches/"],
        "ks-district": ["/targets/", "/work/", "/applications/", waiting.get_absolute_url()]
        + [f"{waiting.get_absolute_url()}return/", "/stations/", "/officials/", "/behalf/", "/behalf/new/"]
        + ["/standing/", "/pool/"],
        "ks-bureau-handler": ["/targets/", "/targets/plans/", "/targets/bsq/", "/targets/bsq/KS-ST/", "/work/"]
        + [at_bureau.get_absolute_url(), at_province.get_absolute_url(), station.get_absolute_url()]
        + [f"/enterprises/{unit.code}/", "/settings/", "/settings/A2/", "/chains/", "/chains/ai/", "/jobs/"]
        + ["/targets/bsq/KS-ST/split/", "/search/?q=KS", "/stations/?kind=national&q=科技"]
        + ["/pool/", "/evaluations/", "/demands/", "/matches/", "/universities/", "/pairing/", "/coverage/"]
        + ["/certificates/", "/imports/", "/applications/batch/", "/targets/rcq/"]
        + ["/standing/", f"{station.get_absolute_url()}portrait/", "/talks/", "/studios/", "/windows/", "/absences/"]
        + [
            clocked.get_absolute_url(),
            "/pool/candidates/",
            "/postdocs/",
            "/postdocs/due/",
            "/outcomes/",
            "/destinations/",
        ]
        + [
            "/visits/",
            "/visits/made/",
            "/selections/",
            "/doctors/",
            "/talents/",
            "/insurance/",
            "/requests/",
            "/filing/",
        ]
        + ["/people/duplicates/", "/people/search/", "/imports/new/stays/"],
        "ks-reporter": ["/targets/", "/targets/rcq/"],
        "ks-system-admin": ["/officials/", "/settings/"],
    }


SIZES = {"zh-CN": [PHONE], "en-GB": [DESKTOP, PHONE]}


@pytest.mark.parametrize("language", SIZES)
def test_every_page_holds_together(language, story, visitor):
    """One telling of the demonstration serves many pages: it takes as long as looking at thirty."""
    for size in SIZES[language]:
        for account, addresses in pages().items():
            somebody = visitor(account, size=size, language=language)
            somebody.allowed |= {403, 404}
            for address in addresses:
                somebody.go(address).look()
