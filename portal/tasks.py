"""The bells that a worker hears. Running one twice, late or never does no harm."""

from celery import shared_task
from django.utils.timezone import localdate

from portal import jobs, notices


@shared_task
def work_off(*, kind: str = "") -> int:
    """Do what waits in the jobs table, of one kind or of all."""
    return jobs.work_off(kind)


@shared_task
def beat() -> int:
    """Every minute: what a day asks for, what was not delivered yet, and whatever a lost bell left lying."""
    jobs.ask_daily(localdate())
    notices.ask_again()
    return jobs.work_off()
