"""What signs of a withdrawal a pack brings."""

from collections.abc import Iterable

from django.utils.translation import gettext

from portal.documents import names
from portal.facts import WrongCriterion
from portal.packs import Section, section
from postdocs.due.models import Sign
from postdocs.stays.facts import stay
from postdocs.stays.models import WithdrawalGround


def check_sign(row: Sign) -> Iterable[str]:
    if row.ground not in WithdrawalGround.values:
        yield f"没有编号为 {row.ground} 的退站原因；可用：{'、'.join(WithdrawalGround.values)}"
    try:
        stay.criterion(row.fact, row.lookup, row.value, "")
    except WrongCriterion as error:
        yield str(error)


@names(Sign)
def name_of(row: Sign) -> str:
    fact = stay.facts.get(row.fact)
    return gettext("%(ground)s：%(fact)s") % {
        "ground": WithdrawalGround(row.ground).label,
        "fact": fact.label if fact else row.fact,
    }


section(Section("signs", Sign, ("ground", "fact"), ("ground", "fact", "lookup", "value", "clause"), check=check_sign))
