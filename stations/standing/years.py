"""One year of a station: what was typed of it beside the entries on record, row by row."""

from datetime import date

from django.http import Http404
from django.shortcuts import get_object_or_404, render
from django.utils.timezone import localdate

from stations.evaluation.figures import FLOW, KEPT, Count, Period, rows_of
from stations.models import Station
from stations.standing import counted
from stations.standing.models import FIRST_YEAR


def year(request, number, year):
    """The entries on record of one year, of the station and the one it was upgraded from."""
    seen = Station.objects.visible_to(request.user).select_related("matter__district", "enterprise__organisation")
    station = get_object_or_404(counted.beside(seen, localdate()), matter__number=number)
    if not FIRST_YEAR <= year <= localdate().year:
        raise Http404
    period = Period(date(year, 1, 1), date(year + 1, 1, 1), localdate())
    at, line = counted.source(), [pk for pk in (station.pk, station.upgraded_from_id) if pk]
    within = {f"{at.day}__gte": period.since, f"{at.day}__lt": period.until, f"{at.day}__lte": period.on}
    keys = list(at.rows().filter(**{f"{at.path}__in": line}, **within).values_list("pk", flat=True))
    rows = rows_of(Count(at.vocabulary, FLOW, at.day, "", ()), dict.fromkeys(keys, KEPT), period, request.user)
    typed = list(station.recruits.filter(year=year))
    both = counted.both_of(year, typed, station.entries_, station.typed_counts_)
    context = {"station": station, "year": year, "rows": rows, "hidden": len(keys) - len(rows), "both": both}
    return render(request, "stations/recruits_year.html", context)
