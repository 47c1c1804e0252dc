"""The row is the work: done once, with its effect or not at all, by one worker, whatever becomes of the bell."""

import threading
from datetime import timedelta
from uuid import uuid4

import pytest
from celery import Celery
from django.conf import settings
from django.db import connection, transaction
from django.db.models import F
from django.utils.timezone import localdate, now
from redis import Redis

from portal import jobs, tasks
from portal.celery import app
from portal.models import Job, Workday
from tests import make

State = Job.State


@pytest.fixture(autouse=True)
def own_handlers(monkeypatch):
    """No handlers but those a test registers."""
    monkeypatch.setattr(jobs, "HANDLERS", {})


def states():
    return list(Job.objects.order_by("pk").values_list("state", flat=True))


def a_note(name):
    """An effect to look for: any row will do."""
    Workday.objects.create(on=f"2030-01-{Workday.objects.count() + 1:02d}", works=False, name=name, source="测")


def notes():
    return list(Workday.objects.order_by("on").values_list("name", flat=True))


class Failure(Exception):
    pass


# --- asking ------------------------------------------------------------------------------------


def test_a_job_is_done_and_keeps_its_result(db):
    @jobs.handler("trial", "试")
    def run(job):
        return {"doubled": job.payload["number"] * 2}

    by = make.user()
    jobs.ask("trial", by=by, number=21)
    assert jobs.work_off() == 1
    job = Job.objects.get()
    assert (job.state, job.result, job.error, job.attempts, job.asked_by) == (State.DONE, {"doubled": 42}, "", 1, by)
    assert job.started_at <= job.finished_at


def test_a_job_without_a_result_is_done_with_an_empty_one(db):
    jobs.handler("trial", "试")(lambda job: None)
    jobs.ask("trial")
    jobs.work_off()
    assert (Job.objects.get().state, Job.objects.get().result) == (State.DONE, {})


def test_a_bell_is_for_one_kind_or_for_all(db):
    for kind in ("one", "other"):
        jobs.handler(kind, kind)(lambda job: None)
        jobs.ask(kind)
    assert jobs.work_off("other") == 1
    assert states() == [State.WAITING, State.DONE]
    assert jobs.work_off() == 1
    assert states() == [State.DONE, State.DONE]
    assert jobs.work_off() == 0


def test_what_was_asked_for_in_a_transaction_that_failed_was_not_asked_for(db):
    with transaction.atomic():
        jobs.ask("trial")
        transaction.set_rollback(True)
    assert Job.objects.count() == 0


def rung():
    """The bells that wait in Redis, as text: Celery writes a task's arguments into its headers, readable."""
    with Redis.from_url(settings.REDIS_URL) as redis:
        return b"".join(redis.lrange("celery", 0, -1)).decode()


def test_the_bell_rings_after_the_transaction_and_not_before(db, django_capture_on_commit_callbacks):
    kind = uuid4().hex[:20]
    with django_capture_on_commit_callbacks(execute=True):
        jobs.ask(kind)
        assert kind not in rung()
    assert kind in rung()


@pytest.fixture
def deaf():
    """A Celery whose Redis is a closed port."""
    dead = Celery("dead", set_as_current=False)
    dead.config_from_object("django.conf:settings", namespace="CELERY")
    dead.conf.broker_url = "redis://127.0.0.1:1/0"
    dead.set_current()
    yield
    dead.close()
    app.set_current()


def test_a_dead_redis_loses_nothing(db, deaf, django_capture_on_commit_callbacks, caplog):
    jobs.handler("trial", "试")(lambda job: a_note("done"))
    with django_capture_on_commit_callbacks(execute=True):
        jobs.ask("trial")
    (record,) = (r for r in caplog.records if r.name == "portal.jobs")
    assert record.levelname == "WARNING"
    assert record.getMessage().endswith("the job waits for the next beat")
    tasks.beat()
    assert (states(), notes()) == ([State.DONE], ["done"])


def test_a_task_works_off_what_its_bell_names(db):
    jobs.handler("trial", "试")(lambda job: None)
    jobs.ask("trial")
    assert (tasks.work_off(kind="other"), tasks.work_off(kind="trial")) == (0, 1)


# --- every day ---------------------------------------------------------------------------------


def test_what_a_day_asks_for_is_asked_for_once(db):
    jobs.handler("daily", "日", daily=True)(lambda job: None)
    jobs.handler("trial", "试")(lambda job: None)
    today = localdate()
    jobs.ask_daily(today)
    jobs.ask_daily(today)
    assert list(Job.objects.values_list("kind", flat=True)) == ["daily"]
    Job.objects.update(asked_at=F("asked_at") - timedelta(1))
    jobs.ask_daily(today)
    assert list(Job.objects.values_list("kind", flat=True)) == ["daily", "daily"]


def test_what_a_day_asks_for_is_asked_again_an_hour_after_it_failed(db):
    @jobs.handler("daily", "日", daily=True)
    def run(job):
        raise Failure("no")

    today = localdate()
    for _beat in range(5):
        jobs.ask_daily(today)
        jobs.work_off()
    assert states() == [State.FAILED]
    Job.objects.update(finished_at=now() - timedelta(minutes=61))
    jobs.ask_daily(today)
    jobs.ask_daily(today)
    assert states() == [State.FAILED, State.WAITING]


def test_what_was_given_up_after_the_days_run_is_asked_for_again_too(db):
    """A change after the morning's recompute, whose worker was lost three times: the beat finds it within the hour."""
    jobs.handler("daily", "日", daily=True, merge=True)(lambda job: a_note("done"))
    assert tasks.beat() == 1
    jobs.ask("daily")
    lost = Job.objects.order_by("-pk")[:1]
    Job.objects.filter(pk__in=lost.values("pk")).update(state=State.RUNNING, attempts=3, started_at=now() - jobs.AGAIN)
    assert tasks.beat() == 0
    assert states() == [State.DONE, State.FAILED]
    assert tasks.beat() == 0
    Job.objects.filter(state=State.FAILED).update(finished_at=now() - jobs.AGAIN - timedelta(minutes=1))
    assert (tasks.beat(), tasks.beat()) == (1, 0)
    assert (states(), notes()) == ([State.DONE, State.FAILED, State.DONE], ["done", "done"])


def test_the_beat_does_what_the_day_asks_for(db):
    jobs.handler("daily", "日", daily=True)(lambda job: a_note("done"))
    assert (tasks.beat(), tasks.beat()) == (1, 0)
    assert notes() == ["done"]


# --- merging -----------------------------------------------------------------------------------


def test_one_run_answers_all_that_wait_of_a_merged_kind(db):
    jobs.handler("merged", "合", merge=True)(lambda job: a_note("done"))
    for _n in range(5):
        jobs.ask("merged")
    assert jobs.work_off() == 1
    assert (states(), notes()) == ([State.DONE] * 5, ["done"])


def test_what_is_asked_for_while_a_merged_run_goes_on_has_a_run_of_its_own(db):
    @jobs.handler("merged", "合", merge=True)
    def run(job):
        a_note("done")
        if len(notes()) == 1:
            jobs.ask("merged")

    jobs.ask("merged")
    assert jobs.work_off() == 2
    assert (states(), notes()) == ([State.DONE, State.DONE], ["done", "done"])


def test_jobs_that_are_not_merged_run_one_by_one(db):
    jobs.handler("trial", "试")(lambda job: a_note(job.payload["name"]))
    for name in ("first", "second"):
        jobs.ask("trial", name=name)
    assert jobs.work_off() == 2
    assert notes() == ["first", "second"]


# --- failing -----------------------------------------------------------------------------------


@pytest.mark.parametrize(("atomic", "left"), [(True, []), (False, ["half"])], ids=["atomic", "not atomic"])
def test_a_failure_takes_its_effect_back_where_the_job_is_atomic(atomic, left, db):
    @jobs.handler("trial", "试", atomic=atomic)
    def run(job):
        a_note("half")
        raise Failure("no")

    jobs.ask("trial")
    assert jobs.work_off() == 0
    job = Job.objects.get()
    assert (job.state, job.attempts, job.error, notes()) == (State.WAITING, 1, "Failure: no", left)


def test_a_job_that_failed_three_times_stays_failed_until_somebody_asks_again(db):
    @jobs.handler("trial", "试")
    def run(job):
        raise Failure("x" * 3000)

    jobs.ask("trial")
    assert [(jobs.work_off(), *states()) for _bell in range(4)] == [
        *((0, State.WAITING), (0, State.WAITING), (0, State.FAILED), (0, State.FAILED))
    ]
    job = Job.objects.get()
    assert (job.attempts, len(job.error)) == (3, 2000)
    jobs.handler("trial", "试")(lambda job: {"better": True})
    jobs.ask("trial")
    assert jobs.work_off() == 1
    assert states() == [State.FAILED, State.DONE]


def test_a_second_try_that_goes_well_forgets_the_error(db):
    @jobs.handler("trial", "试")
    def run(job):
        if job.attempts == 0:
            raise Failure("no")

    jobs.ask("trial")
    jobs.work_off()
    jobs.work_off()
    job = Job.objects.get()
    assert (job.state, job.attempts, job.error) == (State.DONE, 2, "")


def test_one_bell_tries_what_fails_only_once_however_many_were_merged(db):
    tries = []

    @jobs.handler("merged", "合", merge=True)
    def run(job):
        tries.append(job.pk)
        raise Failure("the database rests")

    for _n in range(4):
        jobs.ask("merged")
    jobs.work_off()
    assert (len(tries), states()) == (1, [State.WAITING] * 4)


def test_a_merged_job_has_three_tries_of_its_own(db):
    @jobs.handler("merged", "合", merge=True)
    def run(job):
        raise Failure("no")

    old = jobs.ask("merged")
    jobs.work_off()
    jobs.work_off()
    jobs.ask("merged")
    jobs.work_off()
    assert (states(), Job.objects.get(pk=old.pk).attempts) == ([State.FAILED, State.WAITING], 3)
    jobs.handler("merged", "合", merge=True)(lambda job: None)
    assert jobs.work_off() == 1
    assert states() == [State.FAILED, State.DONE]


def test_one_failure_stops_no_other_job(db):
    @jobs.handler("trial", "试")
    def run(job):
        if job.payload["name"] == "bad":
            raise Failure("no")
        a_note(job.payload["name"])

    for name in ("bad", "good"):
        jobs.ask("trial", name=name)
    assert jobs.work_off() == 1
    assert (states(), notes()) == ([State.WAITING, State.DONE], ["good"])


def test_a_kind_that_nobody_handles_fails_with_its_name(db):
    jobs.ask("strange")
    assert jobs.work_off() == 0
    job = Job.objects.get()
    assert (job.state, job.error) == (State.FAILED, "nobody handles 'strange'")


def test_a_job_shows_how_far_it_is(db):
    @jobs.handler("long", "长", atomic=False)
    def run(job):
        jobs.progress(job, 3, 10)
        raise Failure("stopped on the way")

    jobs.ask("long")
    jobs.work_off()
    job = Job.objects.get()
    assert (job.done, job.total, job.state) == (3, 10, State.WAITING)


# --- several workers ---------------------------------------------------------------------------


def test_a_lost_workers_job_is_taken_over(db):
    """Its row says running, but nobody holds its lock: the session that did is gone."""
    jobs.handler("trial", "试")(lambda job: a_note("done"))
    job = jobs.ask("trial")
    Job.objects.filter(pk=job.pk).update(state=State.RUNNING, attempts=1, started_at=now() - timedelta(seconds=5))
    assert jobs.work_off() == 1
    assert (Job.objects.get().attempts, states(), notes()) == (2, [State.DONE], ["done"])


def test_a_job_that_loses_its_worker_three_times_is_given_up(db):
    """And doesn't take down with it what it would have been merged with."""
    jobs.handler("merged", "合", merge=True)(lambda job: a_note("done"))
    killer = jobs.ask("merged")
    Job.objects.filter(pk=killer.pk).update(state=State.RUNNING, attempts=3, started_at=now() - timedelta(seconds=5))
    jobs.ask("merged")
    assert jobs.work_off() == 1
    killer.refresh_from_db()
    assert (killer.state, killer.error) == (State.FAILED, "the worker was lost three times")
    assert (states(), notes()) == ([State.FAILED, State.DONE], ["done"])


def test_a_job_that_is_done_by_the_time_it_is_taken_is_not_done_again(db):
    jobs.handler("trial", "试")(lambda job: a_note("done"))
    stale = jobs.ask("trial")
    jobs.work_off()
    assert jobs.take(stale) is False
    assert notes() == ["done"]


class Worker(threading.Thread):
    """Another worker with a database session of its own, which stops within its job until it is let go."""

    def __init__(self):
        super().__init__()
        self.inside, self.let_go = threading.Event(), threading.Event()

    def wait_inside(self):
        self.inside.set()
        assert self.let_go.wait(20)

    def run(self):
        try:
            jobs.work_off()
        finally:
            connection.close()

    def __enter__(self):
        self.start()
        assert self.inside.wait(20)
        return self

    def __exit__(self, *failure):
        self.let_go.set()
        self.join()


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("merge", [False, True], ids=["single", "merged"])
def test_a_second_worker_cannot_take_a_running_job(merge):
    other = Worker()

    @jobs.handler("trial", "试", merge=merge, atomic=False)
    def run(job):
        a_note("done")
        if threading.current_thread() is other:
            other.wait_inside()

    job = jobs.ask("trial")
    with other:
        assert Job.objects.get().state == State.RUNNING
        assert jobs.take(job) is False
        assert jobs.work_off() == 0
    assert (states(), notes()) == ([State.DONE], ["done"])


@pytest.mark.django_db(transaction=True)
def test_what_is_asked_for_while_another_worker_runs_its_kind_waits_for_its_own_run():
    other = Worker()

    @jobs.handler("merged", "合", merge=True, atomic=False)
    def run(job):
        a_note("done")
        if threading.current_thread() is other and not other.inside.is_set():
            other.wait_inside()

    jobs.ask("merged")
    with other:
        jobs.ask("merged")
        assert jobs.work_off() == 0
        assert states() == [State.RUNNING, State.WAITING]
    assert jobs.work_off() == 0
    assert (states(), notes()) == ([State.DONE, State.DONE], ["done", "done"])


@pytest.mark.django_db(transaction=True)
def test_a_lock_goes_with_the_session_that_held_it():
    """As when a worker is killed: its connection ends and says nothing."""
    held, end = threading.Event(), threading.Event()

    def hold():
        lock = jobs.held("job", 7)
        assert lock.__enter__() is True
        held.set()
        end.wait(20)
        connection.close()

    thread = threading.Thread(target=hold)
    thread.start()
    assert held.wait(20)
    with jobs.held("job", 7) as alone:
        assert alone is False
    with jobs.held("job", 8) as alone:
        assert alone is True
    end.set()
    thread.join()
    with jobs.held("job", 7) as alone:
        assert alone is True
