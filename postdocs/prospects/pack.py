"""The funds and titles of a city, each with its criteria."""

from portal.facts import WrongCriterion
from portal.packs import Section, section
from postdocs.prospects.models import Opportunity, OpportunityCriterion
from postdocs.stays.facts import stay


def check_criterion(row):
    try:
        stay.criterion(row.fact, row.lookup, row.value, "")
    except WrongCriterion as error:
        yield str(error)


def check_opportunities(pack):
    """What asks for nothing would be open to everybody."""
    for row in Opportunity.objects.filter(pack=pack, criteria=None):
        yield f"{row.code}：缺少条件 criteria"


CRITERIA = Section(
    "criteria",
    OpportunityCriterion,
    ("fact", "lookup"),
    ("fact", "lookup", "value"),
    owner="opportunity",
    ordered=True,
    check=check_criterion,
)
section(
    Section(
        "opportunities",
        Opportunity,
        ("code",),
        ("code", "title", "title_en", "hint", "hint_en", "asks", "asks_en", "assumed", "clause"),
        ordered=True,
        children=(CRITERIA,),
        together=check_opportunities,
    )
)
