"""What signs of a withdrawal a pack brings."""

from collections.abc import Iterable

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


section(Section("signs", Sign, ("ground", "fact"), ("ground", "fact", "lookup", "value", "clause"), check=check_sign))
