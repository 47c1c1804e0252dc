"""What a counted figure of a sheet opens into: its definition, the rows that make it, and what became of them since."""

from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _

from stations.evaluation import actions
from stations.evaluation.figures import GONE, LEVEL, NEW, Count, Period, count_of, counted, rows_of, states_of
from stations.evaluation.views.sheets import found
from stations.models import SchemeItem


def figure(request, number, code):
    """The rows behind one figure: those that it counted, and while the sheet is open what the records say now."""
    sheet = found(request, number)
    lines = sheet.lines.select_related("item").filter(item__source=SchemeItem.Source.COUNTED)
    line = get_object_or_404(lines, item__code=code)
    count, period = count_of(line.item), Period.of(sheet.evaluation)
    now = None if sheet.decision else counted([sheet.station_id], [line.item], period)[sheet.station_id][code]
    states = states_of(line.counted or [], now)
    rows = rows_of(count, states, period, request.user)
    context = {
        "sheet": sheet,
        "line": line,
        "rows": rows,
        "hidden": len(states) - len(rows),
        "moved": bool({NEW, GONE} & set(states.values())),
        "may_refill": actions.pen_of(sheet, request.user) == "claimed",
        "definition": definition(count, period),
    }
    return render(request, "stations/figure.html", context)


def definition(count: Count, period: Period) -> list[tuple[str, str]]:
    """What is counted, as people read it."""
    facts, days = count.vocabulary.facts, {"since": period.since, "until": period.until, "on": period.on}
    within = _("不晚于 %(on)s") if count.kind == LEVEL else _("%(since)s 起，%(until)s 以前")
    told = [(str(facts[count.starts].label), within % days)]
    if count.stops:
        told.append((str(facts[count.stops].label), _("到 %(on)s 还没有") % days))
    for criterion in count.where:
        fact = facts[criterion.fact]
        wanted = criterion.value if isinstance(criterion.value, tuple) else (criterion.value,)
        told.append((str(fact.label), _("、").join(count.vocabulary.words(fact, value) for value in wanted)))
    return told
