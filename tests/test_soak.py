"""Repeated for a long time (`make soak`): workers killed at any moment, again and again, while stations are entered."""

import random
import time
from decimal import Decimal

import pytest

from portal import jobs
from portal.models import Job, Role
from subsidies.ledger import book, proof
from subsidies.models import JournalEntry, PaymentBatch
from subsidies.payments import actions as payments
from subsidies.payments.lifecycle import payment as cycle
from tests import make
from tests.processes import portal_process, wait_for
from tests.subsidies import granting, paying
from tests.test_faults import kill, newest_figure
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


ROUNDS = 50


def test_sixteen_who_do_everything_twice_pay_exactly_once_again_and_again(city, people):
    """Double batches, double releases, re-delivered tasks, results booked five times, a budget that many draw on."""
    checkers = [people[Role.BUREAU_APPROVER], people[Role.FINANCE_CHECKER]]
    for number in range(ROUNDS):
        claims = paying.payable(city, people, count=2)
        made = at_once(*[lambda c=claims: paying.batch(city, people, c)] * 16)
        (batch,) = [row for row in made if isinstance(row, PaymentBatch)]
        cycle.move(batch, "hand_over", by=people[Role.BUREAU_HANDLER], on=paying.DAY)
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
