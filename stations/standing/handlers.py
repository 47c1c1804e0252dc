"""What a change and what the day bring to the radar."""

from django.utils.timezone import localdate
from django.utils.translation import gettext_lazy as _

from portal.jobs import answered, handler
from portal.models import Pack
from stations.models import Clock
from stations.standing import radar


@handler(radar.READ, _("推算动态管理"), merge=True, after=radar.BEFORE)
def read_clocks(job) -> dict:
    """The few whom the changes concern, or everybody; once a day everybody, for then every change is answered."""
    among = radar.concerned(answered(job))
    if among is None:
        return {"rows": 0}
    packs = Pack.objects.filter(pk__in=Clock.objects.values("pack"))
    return {"rows": sum([radar.keep(pack, on=localdate(), among=among) for pack in packs])}
