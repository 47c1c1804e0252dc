"""What is lost when a part dies: nothing. Real processes are killed, real servers stopped."""

import contextlib
import os
import signal
import urllib.error
import urllib.request
from datetime import date, timedelta
from functools import partial
from pathlib import Path

import psycopg2
import pytest
from celery import Celery
from django.core.files.base import ContentFile
from django.db import connection
from django.urls import reverse
from django.utils.timezone import localdate
from stdnum.cn.ric import calc_check_digit

from portal import intake, jobs, sealed
from portal.imports import KINDS
from portal.models import Batch, Job, Matter, Role
from postdocs.models import IdentityPaper, Person, Stay
from stations.models import Application, Station
from stations.register import lifecycle as register
from subsidies.ledger import proof
from subsidies.models import JournalEntry, PaymentBatch
from subsidies.payments import actions as payments
from targets.models import Snapshot
from targets.plans import freshness
from tests import make
from tests.portal.test_sheets import xlsx
from tests.postdocs import staying
from tests.processes import database_url, portal_process, wait_for
from tests.settings import numbered
from tests.subsidies import paying
from tests.threads import at_once
from tools.processes import free_port
from tools.servers import Redis

pytestmark = [pytest.mark.fault, pytest.mark.django_db(transaction=True)]


def newest_figure() -> int | None:
    """What the dashboards say about the stations of the test's city."""
    row = Snapshot.objects.filter(indicator__code="ST", district__parent=None).order_by("-on").first()
    return None if row is None else row.value


@pytest.fixture
def counted(city):
    """An indicator that counts the city's stations."""
    return make.indicator(make.plan(city), city, code="ST")


@pytest.fixture
def bell(settings):
    """The doorbell as the portal has it, without what an earlier test left in the queue."""
    with Celery("test", broker=settings.CELERY_BROKER_URL) as app:
        app.control.purge()
        yield app


@pytest.fixture
def start(tmp_path):
    """Starts processes, and ends them before the database is emptied."""
    running = []

    def one(name: str, **options):
        folder = tmp_path / str(len(running))
        folder.mkdir()
        program = portal_process(name, folder, **options)
        program.start()
        running.append(program)
        return program

    yield one
    for program in running:
        program.ask_to_stop()
    for program in running:
        program.see_it_stop()


def kill(program) -> None:
    """As the kernel kills what eats all memory: the whole group, without a word."""
    os.killpg(program.process.pid, signal.SIGKILL)
    program.process.wait()


def approved_by_press(client, case, who) -> Application:
    """The bureau presses 登记批复 on the page; the enterprise has its station."""
    client.force_login(who[Role.BUREAU_HANDLER], "portal.accounts.Backend")
    url = reverse("stations:application_move", args=[case.matter.number, "approve"])
    response = client.post(url, {"approve-document": "测〔2026〕9号", "approve-document_on": make.ON.isoformat()})
    assert response.status_code == 302
    assert Station.objects.get().approved_on == make.ON


def test_a_killed_workers_recompute_is_done_by_the_next_beat(city, people, counted, client, bell, start):
    case = make.brought_to("sent", city, people)
    Job.objects.all().delete()
    approved_by_press(client, case, people)
    job = Job.objects.get(kind="recompute")
    blocker = psycopg2.connect(database_url())
    blocker.cursor().execute(f"LOCK TABLE {Snapshot._meta.db_table} IN ACCESS EXCLUSIVE MODE")
    first = start("worker")
    wait_for(lambda: Job.objects.filter(pk=job.pk, state=Job.State.RUNNING).exists())
    kill(first)
    blocker.close()
    assert newest_figure() is None

    start("worker")
    bell.send_task("portal.tasks.beat")
    wait_for(lambda: Job.objects.filter(pk=job.pk, state=Job.State.DONE).exists())
    job.refresh_from_db()
    assert job.attempts == 2
    assert newest_figure() == 1


def test_a_hundred_changes_at_once_while_workers_are_killed_end_in_the_right_figures(
    city, people, counted, bell, start
):
    """Ten people end ten stations each; meanwhile one worker after the other is killed in the middle of counting."""
    rows = make.bare_stations([make.Life(city.north if n % 2 else city.south, make.ON, owner=n) for n in range(130)])
    jobs.ask("recompute")
    jobs.work_off("recompute")
    assert newest_figure() == 130

    def end(mine) -> int:
        for row in mine:
            paper = {"document": "测〔2026〕3号", "document_on": make.ON.isoformat(), "ground": "moved"}
            register.station.move(
                row, "cancel", by=people[Role.BUREAU_APPROVER], on=make.ON, note="迁出", details=paper
            )
        return len(mine)

    def disturb() -> int:
        for _round in range(2):  # what is lost three times is given up
            blocker = psycopg2.connect(database_url())
            blocker.cursor().execute(f"LOCK TABLE {Snapshot._meta.db_table} IN SHARE ROW EXCLUSIVE MODE")
            worker = start("worker")
            bell.send_task("portal.tasks.work_off", kwargs={"kind": "recompute"})
            wait_for(waits_for_another_session, seconds=60)
            kill(worker)
            blocker.close()
        return 2

    ended = at_once(disturb, *(partial(end, rows[n : n + 10]) for n in range(0, 100, 10)))
    assert ended == [2, *[10] * 10]
    start("worker")
    bell.send_task("portal.tasks.beat")
    wait_for(lambda: not Job.objects.filter(kind="recompute", state__in=["waiting", "running"]).exists(), seconds=60)
    assert newest_figure() == 30
    assert freshness.check(localdate()).differences == []


@pytest.fixture
def own_redis(tmp_path, monkeypatch, settings):
    """A Redis that this test may stop; the portal in this process rings there."""
    program = Path(os.environ["REDIS_SERVER"])
    server = Redis(tmp_path / "redis", program, None, lasting=False, log=tmp_path / "redis.log")
    server.start()
    app = Celery("test")
    app.config_from_object("django.conf:settings", namespace="CELERY")
    app.conf.broker_url = numbered(server.url())  # as the process it starts understands it
    monkeypatch.setattr(jobs, "current_app", app)
    yield server
    app.close()
    server.ask_to_stop()
    server.see_it_stop()


def beat_until(what, worker) -> None:
    """Ring as the beat does, every five seconds instead of every minute: a bell may be lost with its Redis.

    So may the worker be, when a task of its own ends in the very moment its Redis goes (celery/celery#7185); whoever
    watches it starts it again, in make run and in the compose file.
    """
    for _ring in range(12):
        if not worker.alive:
            worker.start()
        jobs.current_app.send_task("portal.tasks.beat")
        with contextlib.suppress(AssertionError):
            wait_for(what, seconds=5)
            return
    raise AssertionError("rung for a minute in vain")


def test_without_redis_the_case_is_saved_and_counted_once_redis_is_back(
    city, people, counted, client, own_redis, start
):
    case = make.brought_to("sent", city, people)
    worker = start("worker", TEST_REDIS_URL=own_redis.url())
    wait_for(lambda: b"ready" in worker.log.read_bytes())
    beat_until(lambda: newest_figure() == 0, worker)

    own_redis.ask_to_stop()
    own_redis.see_it_stop()
    assert client.get("/readyz").status_code == 200  # pages work, and rows wait
    approved_by_press(client, case, people)
    assert newest_figure() == 0
    assert Job.objects.filter(kind="recompute", state=Job.State.WAITING).exists()

    own_redis.start()
    beat_until(lambda: newest_figure() == 1, worker)
    wait_for(lambda: not Job.objects.filter(state__in=["waiting", "running"]).exists())


def test_without_its_database_the_portal_says_so_and_what_to_do(start):
    port = free_port()
    start("web", port=port, TEST_DATABASE_URL=f"postgres://portal:x@127.0.0.1:{free_port()}/portal")

    def answer(path: str) -> tuple[int, str]:
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{port}{path}", timeout=10) as response:
                return response.status, response.read().decode()
        except urllib.error.HTTPError as error:
            return error.code, error.read().decode()
        except urllib.error.URLError:
            return 0, ""

    wait_for(lambda: answer("/healthz") == (200, "ok"))
    assert answer("/readyz")[0] == 503
    status, text = answer("/")
    assert status == 503
    assert "系统暂时停用" in text


def waits(seconds: float = 60) -> None:
    wait_for(lambda: waits_for_another_session(), seconds=seconds)


def test_a_worker_killed_at_each_step_of_a_release_leaves_a_ledger_that_balances_and_a_batch_that_goes_on(
    city, people, bell, start
):
    """Somebody else holds a row, the worker waits for it in the middle of a line and is killed there. What is committed
    is whole lines; the next worker goes on with the line that was not."""
    batch = paying.released(city, people, paying.payable(city, people, count=4))
    Job.objects.exclude(kind="release_payments").delete()
    lines = list(batch.lines.order_by("pk").values_list("pk", "claim", "claim__matter"))
    held = [  # what the worker waits for, how many lines have left by then
        (f"SELECT 1 FROM subsidies_paymentline WHERE id = {lines[0][0]} FOR UPDATE", 0),
        (f"SELECT 1 FROM subsidies_claim WHERE id = {lines[1][1]} FOR UPDATE", 1),
        (f"SELECT 1 FROM portal_matter WHERE id = {lines[1][2]} FOR UPDATE", 1),
        ("LOCK TABLE subsidies_journalentry IN EXCLUSIVE MODE", 1),
        ("LOCK TABLE subsidies_posting IN EXCLUSIVE MODE", 1),
        (f"SELECT 1 FROM subsidies_paymentline WHERE id = {lines[2][0]} FOR UPDATE", 2),
        (f"SELECT 1 FROM subsidies_claim WHERE id = {lines[3][1]} FOR UPDATE", 3),
        (f"SELECT 1 FROM subsidies_paymentbatch WHERE id = {batch.pk} FOR UPDATE", 4),
    ]
    for sql, left in held:
        jobs.ask("release_payments")
        blocker = psycopg2.connect(database_url())
        blocker.cursor().execute(sql)
        worker = start("worker")
        bell.send_task("portal.tasks.work_off", kwargs={"kind": "release_payments"})
        waits()
        kill(worker)
        blocker.close()
        wait_for(lambda: not waits_for_another_session())
        assert (batch.lines.filter(state="sent").count(), JournalEntry.objects.filter(kind="release").count()) == (
            left,
            left,
        )
        assert list(proof.problems()) == []
        assert PaymentBatch.objects.get().status == "sending"
    jobs.ask("release_payments")
    start("worker")
    bell.send_task("portal.tasks.beat")
    wait_for(lambda: PaymentBatch.objects.get().status == "sent")
    assert JournalEntry.objects.filter(kind="release").count() == 4
    assert list(proof.problems()) == []


def test_a_worker_killed_in_the_middle_of_a_list_of_results_books_each_once(city, people, bell, start):
    batch = paying.sent(city, people, paying.payable(city, people, count=3))
    Job.objects.all().delete()
    second = batch.lines.order_by("pk")[1]
    rows = [(line.pk, n != 1, paying.DAY, "账号不存在") for n, line in enumerate(batch.lines.order_by("pk"))]
    job = payments.book_list(batch, rows, by=people[Role.BUREAU_HANDLER])
    blocker = psycopg2.connect(database_url())
    blocker.cursor().execute(f"SELECT 1 FROM subsidies_claim WHERE id = {second.claim_id} FOR UPDATE")
    first = start("worker")
    bell.send_task("portal.tasks.work_off", kwargs={"kind": "book_results"})
    waits()
    kill(first)
    blocker.close()
    assert sorted(batch.lines.values_list("state", flat=True)) == ["paid", "sent", "sent"]
    assert list(proof.problems()) == []
    start("worker")
    bell.send_task("portal.tasks.beat")
    wait_for(lambda: Job.objects.filter(pk=job.pk, state=Job.State.DONE).exists())
    assert sorted(batch.lines.values_list("state", flat=True)) == ["bounced", "paid", "paid"]
    assert PaymentBatch.objects.get().status == "done"
    assert JournalEntry.objects.filter(kind__in=["pay", "bounce"]).count() == 3
    assert list(proof.problems()) == []


LEDGER, WRONG = 6_000, 150  # rows; tests/test_soak.py has 20,000 with 500 wrong ones


def test_a_worker_killed_in_the_middle_of_a_ledger_leaves_nothing_and_the_next_one_ends_with_the_right_rows(
    city, people, bell, start
):
    """Somebody else is entering one of the persons in the middle, so that the worker has written half of the others
    when it is killed, waiting."""
    content, wanted, halfway = a_ledger(staying.station(city, people), LEDGER, wrong=WRONG)
    batch = intake.begin(KINDS["stays"], ContentFile(content), "台账.xlsx", by=people[Role.DISTRICT])
    jobs.work_off("import_read")
    batch.refresh_from_db()
    assert (batch.counts["new"], batch.counts["wrong"]) == (LEDGER - WRONG, WRONG)
    job = killed_while_writing(batch, halfway, bell, start)
    start("worker")
    bell.send_task("portal.tasks.beat")
    wait_for(lambda: Job.objects.filter(pk=job.pk, state=Job.State.DONE).exists(), seconds=240)
    job.refresh_from_db()
    assert job.attempts == 2
    see_exactly(batch, wanted)


def killed_while_writing(batch: Batch, halfway: str, bell, start) -> Job:
    """The job that writes a batch, after its worker was killed in the middle: nothing of it stays."""
    Job.objects.exclude(pk=batch.job_id).delete()
    intake.start(batch, "import_apply", by=batch.by, choice="right")
    job = Job.objects.get(kind="import_apply")
    blocker = psycopg2.connect(database_url())
    enter_elsewhere(blocker, halfway)
    worker = start("worker")
    bell.send_task("portal.tasks.work_off", kwargs={"kind": "import_apply"})
    wait_for(lambda: waits_for_another_session(), seconds=240)
    kill(worker)
    blocker.close()
    see_nothing(batch)
    return job


def see_nothing(batch: Batch) -> None:
    assert (Stay.objects.count(), Person.objects.count(), Matter.objects.filter(kind="stay").count()) == (0, 0, 0)
    assert batch.written.count() == 0


def see_exactly(batch: Batch, wanted: set[str]) -> None:
    """Everybody whose row is right is there once, and nobody else."""
    batch.refresh_from_db()
    assert batch.state == "done"
    assert set(IdentityPaper.objects.values_list("number_index", flat=True)) == wanted
    assert Stay.objects.count() == Matter.objects.filter(kind="stay").count() == Person.objects.count() == len(wanted)
    stays = set(Stay.objects.values_list("pk", flat=True))
    assert {int(target) for target in batch.written.values_list("target", flat=True)} == stays


def a_ledger(place: Station, count: int, *, wrong: int) -> tuple[bytes, set[str], str]:
    """A workbook of so many people, the indexes of those whose row is right, and that of one in the middle."""
    head, rows, wanted = ["姓名", "身份证号", "工作站编号", "进站日期", "合同起", "预计出站"], [], []
    for n in range(count):
        born = date(1986, 1, 1) + timedelta(n % 3650)
        body = f"999{n // 3650:03d}{born:%Y%m%d}{100 + n % 800:03d}"
        number = body + calc_check_digit(body + "0")
        bad = n % (count // wrong) == 0
        rows.append([f"人{chr(0x4E00 + n)}", number, place.matter.number, "2026-03-02", "2026-03-01",
                     "2025-01-01" if bad else "2028-02-29"])  # fmt: skip
        if not bad:
            wanted.append(sealed.index_of(number))
    return xlsx([head, *rows]), set(wanted), wanted[len(wanted) * 3 // 5]


def enter_elsewhere(blocker, index: str) -> None:
    """Another session is about to enter the person of this number, and doesn't say whether it will."""
    someone = Person(name="别人", initials="br")
    columns = [f for f in Person._meta.concrete_fields]
    names, values = ", ".join(f.column for f in columns), [getattr(someone, f.attname) for f in columns]
    cursor = blocker.cursor()
    places = ", ".join(["%s"] * len(columns))
    cursor.execute(
        f"INSERT INTO {Person._meta.db_table} ({names}) VALUES ({places})",
        [str(v) if v is someone.pk else v for v in values],
    )
    cursor.execute(
        f"INSERT INTO {IdentityPaper._meta.db_table} (person_id, kind, number, number_index, settled) VALUES (%s, 'id_card', '', %s, true)",
        [str(someone.pk), index],
    )


def waits_for_another_session() -> bool:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND datname = current_database()"
        )
        return cursor.fetchone()[0] > 0
