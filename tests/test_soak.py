"""Repeated for a long time (`make soak`): workers killed at any moment, again and again, while stations are entered and
while a ledger as long as may be is read and written."""

import random
import time
from datetime import date
from decimal import Decimal

import pytest
from django.core.files.base import ContentFile
from django.core.management import call_command

from portal import intake, jobs, sheets
from portal.imports import KINDS
from portal.models import Job, Pack, Role
from subsidies.entitlements.sweep import sweep
from subsidies.ledger import book, proof
from subsidies.models import JournalEntry, PaymentBatch
from subsidies.payments import actions as payments
from subsidies.payments.lifecycle import payment as cycle
from subsidies.subjects import SUBJECTS
from tests import make
from tests.postdocs import staying
from tests.processes import portal_process, wait_for
from tests.subsidies import granting, paying
from tests.subsidies.test_engine import differing
from tests.subsidies.walking import Walk
from tests.test_faults import (
    a_ledger,
    bell,  # noqa: F401
    kill,
    killed_while_writing,
    newest_figure,
    see_exactly,
    see_nothing,
    start,  # noqa: F401
)
from tests.threads import at_once

pytestmark = [pytest.mark.soak, pytest.mark.django_db(transaction=True)]
KILLS = 40


def test_whatever_is_killed_when_the_last_beat_counts_right(city, people, tmp_path):
    make.indicator(make.plan(city), city, code="ST")
    chance = random.Random(1)
    for number in range(KILLS):
        make.station(city, people[Role.BUREAU_APPROVER])
        worker = portal_process("worker", tmp_path)
        worker.start()
        wait_for(lambda worker=worker: b"ready" in worker.log.read_bytes())
        jobs.ask("recompute")
        time.sleep(chance.random() / 5)
        kill(worker)
        worker.log.unlink()
        figure = newest_figure()
        assert figure is None or figure <= number + 1
    last = portal_process("worker", tmp_path)
    last.start()
    try:
        jobs.ask("recompute")
        wait_for(lambda: not Job.objects.filter(state__in=["waiting", "running"]).exists(), 60)
        assert newest_figure() == KILLS
    finally:
        last.ask_to_stop()
        last.see_it_stop()


WRONG = 500


def test_the_longest_ledger_survives_its_workers(city, people, bell, start):  # noqa: F811
    """Killed while it is looked at, in the middle of the writing, and once more at any moment; then it goes on."""
    content, wanted, halfway = a_ledger(staying.station(city, people), sheets.ROWS, wrong=WRONG)
    batch = intake.begin(KINDS["stays"], ContentFile(content), "台账.xlsx", by=people[Role.DISTRICT])
    Job.objects.exclude(pk=batch.job_id).delete()
    killed_at_work(batch.job, bell, start)
    assert batch.lines.count() == 0
    brought_to_an_end(batch.job, bell, start)
    batch.refresh_from_db()
    assert (batch.state, batch.counts["new"], batch.counts["wrong"]) == ("ready", sheets.ROWS - WRONG, WRONG)

    job = killed_while_writing(batch, halfway, bell, start)
    killed_at_work(job, bell, start)
    see_nothing(batch)
    brought_to_an_end(job, bell, start)
    assert Job.objects.get(pk=job.pk).attempts == 3
    see_exactly(batch, wanted)


def killed_at_work(job: Job, bell, start) -> None:  # noqa: F811
    """A worker takes the job up, and is killed soon after."""
    before = Job.objects.get(pk=job.pk).attempts
    worker = start("worker")
    bell.send_task("portal.tasks.beat")
    wait_for(lambda: Job.objects.filter(pk=job.pk, attempts=before + 1).exists(), seconds=120)
    time.sleep(random.Random(2).random())
    kill(worker)


def brought_to_an_end(job: Job, bell, start) -> None:  # noqa: F811
    """Another worker does it, whose beat rings until the killed one's session is gone."""
    worker = start("worker")

    def done() -> bool:
        bell.send_task("portal.tasks.beat")
        time.sleep(1)
        return Job.objects.filter(pk=job.pk, state=Job.State.DONE).exists()

    wait_for(done, seconds=300)
    worker.ask_to_stop()
    worker.see_it_stop()


def test_the_sweep_and_the_explanation_agree_for_everybody_of_a_whole_city(db, capsys):
    """The demonstration of the first city, on two days: each of its people, stations and selections."""
    call_command("loadpack", "kunshan")
    call_command("demo", seed=1, on=date(2026, 11, 20))
    pack = Pack.objects.get(code="kunshan")
    for on in (date(2026, 3, 31), date(2026, 11, 20)):
        sweep(pack, on=on)
        for model in SUBJECTS.values():
            assert differing(model._default_manager.all(), on) == []


ROUNDS = 50


def test_sixteen_who_do_everything_twice_pay_exactly_once_again_and_again(city, people):
    """Double batches, double releases, re-delivered tasks, results booked five times, a budget that many draw on."""
    checkers = [people[Role.BUREAU_APPROVER], people[Role.FINANCE_CHECKER]]
    granting.budget(city, 2 * ROUNDS * 160_000)
    for number in range(ROUNDS):
        claims = paying.payable(city, people, count=2)
        made = at_once(*[lambda c=claims: paying.batch(city, people, c)] * 16)
        (batch,) = [row for row in made if isinstance(row, PaymentBatch)]
        batch = cycle.move(batch, "hand_over", by=people[Role.BUREAU_HANDLER], on=paying.DAY)
        codes = [(by, paying.fresh(by)) for by in checkers]

        def release(by, token, batch=batch):
            return lambda: payments.release(batch, by=by, on=paying.DAY, token=token)

        released = at_once(*(release(*code) for code in codes * 8))
        assert sum(isinstance(row, PaymentBatch) for row in released) == 1
        at_once(*[paying.send_all] * 16)
        lines = list(batch.lines.all())
        booked = at_once(*(lambda line=line: paying.book(line, people) for line in lines * 8))
        assert sum(outcome is True for outcome in booked) == 2
        assert JournalEntry.objects.filter(kind="pay").count() == 2 * (number + 1)
        assert list(proof.problems()) == []
    assert granting.budget(city).available == 0  # every yuan of it went once


def test_sixteen_who_draw_on_a_budget_never_overdraw_it_again_and_again(city):
    for number in range(ROUNDS):
        budget = granting.budget(city, 100, year=2030 + number)

        def reserve(n, budget=budget):
            key = f"r{budget.pk}.{n}"
            return lambda: book.write(JournalEntry.Kind.RESERVE, Decimal(10), budget=budget, key=key, on=make.ON)

        outcomes = at_once(*(reserve(n) for n in range(16)))
        assert sum(isinstance(o, JournalEntry) for o in outcomes) == 10
        budget.refresh_from_db()
        assert budget.available == 0
    assert list(proof.problems()) == []


@pytest.mark.parametrize("seed", range(10, 20))
def test_long_walks_through_the_money_leave_a_journal_that_proves_itself(city, people, seed):
    Walk(city, people, seed=seed, count=5).go(400)
