"""The row is the work; the message is only the bell.

`ask()` writes a Job in the caller's transaction and rings after the commit. A worker that hears the bell, or the
beat that rings every minute anyway, works off the rows. So Redis may die, lose or repeat: nothing is lost, and
nothing happens twice, because a handler's effect and the job's "done" are one transaction.

While a worker is at a job it holds an advisory lock of its database session; when the worker is killed the lock
goes with it, and the next one to look takes the job over.
"""

import logging
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from celery import current_app
from django.db import connection, transaction
from django.db.models import Case, F, Q, Value, When
from django.utils.timezone import now
from kombu.exceptions import OperationalError

from portal.models import Job

log = logging.getLogger(__name__)
ATTEMPTS = 3
AGAIN = timedelta(hours=1)


@dataclass(frozen=True)
class Handler:
    """How one kind of job is done. `merge`: one run answers all that wait, as with a recompute. `daily`: the beat
    asks for it once a day even if nobody else does. `after`: each run of that kind asks for this one, which finds the
    jobs that were answered as `answered` in its payload."""

    label: Any
    run: Callable[[Job], dict | None]
    merge: bool
    atomic: bool
    daily: bool
    after: str = ""


HANDLERS: dict[str, Handler] = {}


def handler(kind: str, label, *, merge: bool = False, atomic: bool = True, daily: bool = False, after: str = ""):
    """Register a function of the job that returns its result. `atomic=False`: it shows progress as it goes."""

    def register(run):
        HANDLERS[kind] = Handler(label, run, merge, atomic, daily, after)
        return run

    return register


def ask(kind: str, *, by=None, **payload) -> Job:
    """Have something done after this transaction, by a worker."""
    job = Job.objects.create(kind=kind, asked_by=by, payload=payload)
    transaction.on_commit(lambda: ring(kind))
    return job


def ring(kind: str) -> None:
    """Tell a worker there is work. Silence does no harm: the beat looks every minute."""
    try:
        current_app.send_task("portal.tasks.work_off", kwargs={"kind": kind})
    except OperationalError as error:
        log.warning("Redis can't be reached (%s); the job waits for the next beat", error)


def ask_daily(on: date) -> None:
    """What must happen on every day: asked for once, by whichever beat comes first; again an hour after the last one of its
    kind failed, whoever asked for that one: a recompute after a change too."""
    over = Q(state=Job.State.FAILED, finished_at__lt=now() - AGAIN)
    for kind in (kind for kind, how in HANDLERS.items() if how.daily):
        last = Job.objects.filter(kind=kind).order_by("-pk")[:1]
        if not Job.objects.filter(pk__in=last.values("pk"), asked_at__date=on).exclude(over).exists():
            Job.objects.create(kind=kind)


def progress(job: Job, done: int, total: int) -> None:
    """Show how far a job that isn't atomic has come."""
    Job.objects.filter(pk=job.pk).update(done=done, total=total)


def work_off(kind: str = "") -> int:
    """Do every open job, of one kind or of all; returns how many runs that took. What fails waits for the next bell."""
    runs, since = 0, now()
    tried: set[int] = set()
    while True:
        waiting = Job.objects.filter(state__in=[Job.State.WAITING, Job.State.RUNNING])
        waiting = waiting.exclude(pk__in=tried).exclude(started_at__gte=since)
        job = waiting.filter(**({"kind": kind} if kind else {})).order_by("pk").first()
        if job is None:
            return runs
        tried.add(job.pk)
        runs += take(job)


def take(job: Job) -> bool:
    """Do one job, with those it can be merged with; False when another worker is at it."""
    how = HANDLERS.get(job.kind)
    if how is None:
        Job.objects.filter(pk=job.pk).update(state=Job.State.FAILED, error=f"nobody handles {job.kind!r}")
        return False
    with held("kind" if how.merge else "job", zlib.crc32(job.kind.encode()) if how.merge else job.pk) as alone:
        if not alone:
            return False
        job.refresh_from_db()
        if job.state not in (Job.State.WAITING, Job.State.RUNNING):
            return False
        # What is committed now is what the run will see; anything asked later waits for the next run.
        open_jobs = Job.objects.filter(kind=job.kind, state__in=[Job.State.WAITING, Job.State.RUNNING])
        ids = list(open_jobs.values_list("pk", flat=True)) if how.merge else [job.pk]
        return run(job, how, Job.objects.filter(pk__in=ids))


def run(job: Job, how: Handler, mine) -> bool:
    """The handler's effect and the jobs' end, together; a failure is kept as the reason and tried again later."""
    if job.attempts >= ATTEMPTS:  # those it was merged with have tries of their own
        lost = job.error or "the worker was lost three times"
        Job.objects.filter(pk=job.pk).update(state=Job.State.FAILED, finished_at=now(), error=lost)
        return False
    mine.update(state=Job.State.RUNNING, started_at=now(), attempts=F("attempts") + 1)
    try:
        with transaction.atomic() if how.atomic else nothing():
            result = how.run(job) or {}
            mine.update(state=Job.State.DONE, finished_at=now(), result=result, error="")
            follow(job.kind, mine)
    except Exception as error:
        log.exception("job %s failed", job)
        state = Case(When(attempts__gte=ATTEMPTS, then=Value(Job.State.FAILED)), default=Value(Job.State.WAITING))
        mine.update(state=state, finished_at=now(), error=f"{type(error).__name__}: {error}"[:2000])
        return False
    return True


def follow(kind: str, answered) -> None:
    """Ask for what comes after this kind."""
    for name in (name for name, how in HANDLERS.items() if how.after == kind):
        ask(name, answered=list(answered.values_list("pk", flat=True)))


def answered(job: Job) -> list[dict]:
    """The payloads of the jobs after whose run this one and those merged with it were asked for."""
    mine = Job.objects.filter(kind=job.kind, state=Job.State.RUNNING).values_list("payload", flat=True)
    keys = {key for payload in mine for key in payload.get("answered", [])}
    return list(Job.objects.filter(pk__in=keys).order_by("pk").values_list("payload", flat=True))


@contextmanager
def nothing() -> Iterator[None]:
    yield


@contextmanager
def held(room: str, key: int) -> Iterator[bool]:
    """An advisory lock of this database session, or False when another session has it."""
    names = [zlib.crc32(room.encode()) - 2**31, key % 2**32 - 2**31]
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(%s, %s)", names)
        (alone,) = cursor.fetchone()
    try:
        yield alone
    finally:
        if alone:
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_advisory_unlock(%s, %s)", names)
