"""What the day brings to money that was granted already."""

from django.utils.timezone import localdate
from django.utils.translation import gettext_lazy as _

from portal.jobs import handler
from subsidies.claims.handlers import with_schemes
from subsidies.recoveries import actions


@handler("look_for_recoveries", _("找出须停发、追回的"), merge=True, daily=True)
def look_for_recoveries(job) -> dict:
    return {"found": sum(actions.look(pack, on=localdate()) for pack in with_schemes())}
