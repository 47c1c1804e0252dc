"""What a change and what the day bring to those who could claim."""

from django.utils.timezone import localdate
from django.utils.translation import gettext_lazy as _

from portal.jobs import answered, handler
from subsidies.cards import reminders
from subsidies.cards.changes import among, few
from subsidies.claims import actions
from subsidies.claims.handlers import with_schemes
from subsidies.entitlements.sweep import sweep
from subsidies.recoveries import actions as recoveries


@handler("sweep_changed", _("变化以后重新找出符合条件的"), merge=True, after="recompute")
def sweep_changed(job) -> dict:
    """The few who changed, by the same statement as everybody: their card and the lists are right within seconds."""
    rows, on, found, prepared = few(answered(job)), localdate(), 0, 0
    for pack in with_schemes() if rows is None or rows else ():
        found += sweep(pack, on=on, rows=rows)
        prepared += actions.prepare(pack, on=on, among=among(rows))
        recoveries.look(pack, on=on, among=among(rows))
    return {"found": found, "prepared": prepared}


@handler("remind_lapses", _("提醒快要失效的资助"), merge=True, daily=True)
def remind_lapses(job) -> dict:
    return {"told": reminders.lapses(localdate())}
