"""What a worker does with batches: sends what was released, books what came back. Each line is a transaction of its own,
so that whoever takes over from a killed worker goes on where it stopped."""

from datetime import date
from functools import partial

from django.utils.timezone import localdate
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from portal import jobs
from portal.jobs import handler
from portal.lifecycle import Refused
from subsidies.payments import actions


@handler("release_payments", _("发出拨付指令"), merge=True, atomic=False, daily=True)
def release_payments(job) -> dict:
    return {"sent": actions.send_all(on=localdate(), told=partial(jobs.progress, job))}


@handler("book_results", _("登记拨付结果"), atomic=False)
def book_results(job) -> dict:
    """Each row of a list that came back; one that can't be booked stops none of the others."""
    rows, booked, problems = job.payload["rows"], 0, []
    for done, (line, paid, day, reason) in enumerate(rows, 1):
        about = {"paid": paid, "day": date.fromisoformat(day), "reason": reason}
        try:
            booked += actions.book(line, **about, by=job.asked_by, today=localdate())
        except Refused as refused:
            problems.append(str(refused))
        jobs.progress(job, done, len(rows))
    told = [_now("已登记 %(n)s 件。") % {"n": booked}, *problems]
    return {"booked": booked, "problems": problems, "text": told}
