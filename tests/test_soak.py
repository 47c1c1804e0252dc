"""Repeated for a long time (`make soak`): workers killed at any moment, again and again, while stations are entered."""

import random
import time
from datetime import date

import pytest
from django.core.management import call_command

from portal import jobs
from portal.models import Job, Pack, Role
from subsidies.entitlements.sweep import sweep
from subsidies.subjects import SUBJECTS
from tests import make
from tests.processes import portal_process, wait_for
from tests.subsidies.test_engine import differing
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


def test_the_sweep_and_the_explanation_agree_for_everybody_of_a_whole_city(db, capsys):
    """The demonstration of the first city, on two days: each of its people, stations and selections."""
    call_command("loadpack", "kunshan")
    call_command("demo", seed=1, on="2026-11-20")
    pack = Pack.objects.get(code="kunshan")
    for on in (date(2026, 3, 31), date(2026, 11, 20)):
        sweep(pack, on=on)
        for model in SUBJECTS.values():
            assert differing(model._default_manager.all(), on) == []
