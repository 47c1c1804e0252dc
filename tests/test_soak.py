"""Repeated for a long time (`make soak`): workers killed at any moment, again and again, while stations are entered."""

import random
import time

import pytest

from portal import jobs
from portal.models import Job, Role
from tests import make
from tests.processes import portal_process, wait_for
from tests.test_faults import kill, newest_figure

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
