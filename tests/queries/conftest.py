"""The city whose pages are counted."""

from datetime import date

import pytest

from portal.models import Workday
from stations.models import Condition, ConditionCriterion
from targets.models import Plan
from tests import make


@pytest.fixture
def stage(city, people):
    """The city of the tests with a working-day calendar, hints on its conditions and a plan of both kinds."""
    Workday.objects.create(on=date(2026, 10, 1), works=False)
    for row in Condition.objects.filter(code="basic-1"):
        ConditionCriterion.objects.create(condition=row, fact="staff", lookup="gte", value=100)
    row = make.plan(city, since=date(2026, 1, 1), until=date(2027, 12, 31))
    later = {"since": date(2028, 1, 1), "until": date(2028, 12, 31), "state": "draft", "former": row}
    draft = Plan.every.create(pack=city.pack, code="next", name="下一期", document=row.document, **later)
    make.indicator(row, city, code="ST")
    make.indicator(draft, city, code="NX")
    make.indicator(row, city, code="RE", source="reported", starts="", stops="")
    make.indicator(row, city, code="CV", kind="coverage", distinct="chain", headline=False)
    return city
