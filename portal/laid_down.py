"""What a city lays down, as part of a question: a setting of the city in which a row lies, beside the row's own columns."""

from functools import cache

from django.db.models import F, IntegerField, Subquery
from django.db.models.functions import Cast

from portal.facts import Source
from portal.models import Setting


def laid_down(code: str, at) -> Subquery:
    """A whole number among the settings of the district's city; NULL where it lays down none."""
    rows = Setting.objects.filter(code=code, pack__root__down__node=at)
    return Subquery(rows.annotate(number=Cast("value", IntegerField())).values("number")[:1])


@cache
def laid_down_at(code: str, path: str) -> Source:
    """The same for all subjects at once: `number`, by the district that `path` leads to."""

    def lines(rows, on):
        found = Setting.objects.filter(code=code).order_by("pack__root__down__node", "pk")
        number = Cast("value", IntegerField())
        return found.distinct("pack__root__down__node").values(key=F("pack__root__down__node"), number=number)

    return Source(lines, path, dated=False)
