"""The tables of `make bench`: workbooks in and out, and lists of a city without end, each beside its floor."""

import io
import os
import random
import resource
import time
from collections.abc import Callable
from datetime import date, timedelta
from itertools import chain
from pathlib import Path

import xlsxwriter
from django.core.files.base import ContentFile
from django.db import connection
from django.http import QueryDict
from django.test import Client
from django.test.utils import override_settings
from django.utils.timezone import localdate
from python_calamine import CalamineWorkbook
from stdnum.cn import ric

from portal import import_books, imports, intake, jobs
from portal.bulk import pour
from portal.exports import EXPORTS
from portal.models import Batch, District, Job, Matter, Pack, Role, Spell
from stations import disciplines
from stations.models import (
    Application,
    ApplicationType,
    Certificate,
    Demand,
    Enterprise,
    FlowStation,
    IndustryChain,
    Match,
    Plate,
    PoolEntry,
    Station,
    StationKind,
    University,
)
from stations.register import lifecycle
from stations.standing import radar
from targets.plans import indicators
from tests import make
from tests.bench_told import tell

ROWS = 20_000


def worked() -> float:
    """Seconds of processor that this process and its database session have used: what the clock says on an idle
    machine, and the neighbours don't disturb. Without Linux's books of processes, the clock."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        (backend,) = cursor.fetchone()
    try:
        fields = Path(f"/proc/{backend}/stat").read_text().rpartition(")")[2].split()
    except OSError:  # a server on another machine
        return time.perf_counter()
    children = resource.getrusage(resource.RUSAGE_CHILDREN)
    own = time.process_time() + children.ru_utime + children.ru_stime
    return own + (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def timed(work: Callable[[], object]) -> float:
    since = worked()
    work()
    return worked() - since


def sheet(head: list[str], rows) -> bytes:
    stream = io.BytesIO()
    book = xlsxwriter.Workbook(stream, {"in_memory": True})
    page = book.add_worksheet()
    for number, row in enumerate([head, *rows]):
        page.write_row(number, 0, row)
    book.close()
    return stream.getvalue()


UNITS = ["统一社会信用代码", "单位全称", "区镇", "单位性质", "独立法人", "产业链", "企业资质", "上年度营业收入（万元）"]
UNITS += ["职工人数", "研发人员", "联系人", "联系电话"]


def units(n: int, districts, staff: int = 200) -> list:
    return [
        [make.credit_code(k), f"导入单位{k}", districts[k % len(districts)].name, "民营企业", "是", "",
         "高新技术企业、已上市", 5320.5 + k, staff + k % 50, 86, f"联系{k}", f"138{k:08d}"]
        for k in range(n)
    ]  # fmt: skip


STATIONS = [
    "统一社会信用代码",
    "设站单位",
    "站点类型",
    "批准日期",
    "批准文号",
    "批准机关",
    "挂牌日期",
    "注销日期",
    "注销文号",
]
STATIONS += ["注销原因"]


def stations(n: int) -> list:
    return [
        [make.credit_code(k), f"导入单位{k}", "省级博士后创新实践基地", f"202{k % 5}-0{k % 8 + 1}-15", f"测〔202{k % 5}〕{k}号",
         "省级", f"202{k % 5}-11-01"] + (["2026-01-05", "测〔2026〕3号", "单位破产"] if k % 10 == 0 else ["", "", ""])
        for k in range(n)
    ]  # fmt: skip


def handed_in(kind: str, content: bytes, by, choice: str = "all") -> tuple[Batch, float, float]:
    """A workbook read and written: how long the look at it took, and how long the writing."""
    batch = intake.begin(imports.KINDS[kind], ContentFile(content, "x.xlsx"), "x.xlsx", by=by)
    read = timed(lambda: jobs.work_off("import_read"))
    batch.refresh_from_db()
    if batch.state != "ready":
        raise SystemExit(f"{kind}: {batch.state} {batch.problem} {batch.counts}")
    intake.start(batch, "import_apply", by=by, choice=choice)
    write = timed(lambda: jobs.work_off("import_apply"))
    batch.refresh_from_db()
    if batch.state != "done":
        raise SystemExit(f"{kind}: {batch.state} {batch.problem} {batch.counts} {batch.job.error}")
    return batch, read, write


def floor(content: bytes, owners: dict[str, Enterprise], by) -> None:
    """The same stations as somebody would bring them in who knows that every row is right: read, and written."""
    rows = CalamineWorkbook.from_filelike(io.BytesIO(content)).get_sheet_by_index(0).to_python()[1:]
    matters = Matter.objects.bulk_create(
        [
            Matter(number=f"F-{n}", kind="station", title=row[1], status="valid", organisation_id=owners[row[0]].pk,
                   district_id=owners[row[0]].organisation.district_id, opened_on=row[3], filed_on=row[3],
                   held_since=row[3], closed_on=row[7] or None, opener=by)
            for n, row in enumerate(rows)
        ], batch_size=2000,
    )  # fmt: skip
    Spell.objects.bulk_create([Spell(matter=m, status="valid", since=m.opened_on) for m in matters], batch_size=2000)
    made = Station.objects.bulk_create(
        [
            Station(matter=m, name=row[1], enterprise_id=owners[row[0]].pk, kind="overseas", level="city",
                    approved_on=row[3], approval_document=row[4], approver=row[5], ended_on=row[7] or None,
                    status="cancelled" if row[7] else "valid", end_document=row[8])
            for m, row in zip(matters, rows, strict=True)
        ], batch_size=2000,
    )  # fmt: skip
    plates = zip(made, rows, strict=True)
    Plate.objects.bulk_create([Plate(station=s, since=row[6], by=by) for s, row in plates], batch_size=2000)


def counted(batch: Batch) -> dict[str, int]:
    return {name: n for name, n in batch.counts.items() if n}


def one_by_one(owners: list[Enterprise], by) -> None:
    for n, owner in enumerate(owners):
        station = lifecycle.enter_station(
            owner, kind=StationKind.OVERSEAS, approved_on=date(2024, 1, 1), document=f"{n}", approver="省级",
            district=owner.organisation.district, by=by,
        )  # fmt: skip
        plate = Plate(station=station, since=date(2024, 6, 1), by=by)
        plate.full_clean()
        plate.save()


def brought_in(pack: Pack, count: int = ROWS) -> None:
    """Enterprises, their stations, and the same enterprises with other figures; the stations beside their floor."""
    by = make.user(Role.BUREAU_HANDLER, district=pack.root)
    places = imports.districts(imports.Place.of(by, None))[1:]
    part = f"workbooks of {count} rows in, s of processor"
    ours = 0.0
    for name, kind, content in (
        ("enterprises, new", "enterprises", sheet(UNITS, units(count, places))),
        ("stations, new", "stations", sheet(STATIONS, stations(count))),
        ("enterprises, changed", "enterprises", sheet(UNITS, units(count, places, 300))),
    ):
        batch, read, write = handed_in(kind, content, by)
        tell(part, name, looked_at=read, written=write, rows_a_second=count / (read + write), **counted(batch))
        ours = read + write if kind == "stations" else ours
    mine = Enterprise.objects.filter(organisation__name__startswith="导入单位").select_related("organisation__district")
    owners = {e.organisation.code: e for e in mine}
    least = timed(lambda: floor(sheet(STATIONS, stations(count)), owners, by))
    few = list(owners.values())[:300]
    slow = timed(lambda: one_by_one(few, by)) / len(few) * count
    tell(part, "read and bulk_create", s=least, ours_by_that=ours / least)
    tell(part, "written one by one", s=slow, ours_by_that=ours / slow)


POSTDOCS = [
    "姓名",
    "身份证号",
    "工作站编号",
    "设站单位",
    "招收类型",
    "当前身份",
    "博士毕业院校",
    "学位日期",
    "博士一级学科",
    "手机",
]
POSTDOCS += [
    "企业导师",
    "研究题目",
    "合同起",
    "预计出站",
    "年薪（万元）",
    "引才渠道",
    "进站日期",
    "博管会编号",
    "出站日期",
    "证书编号",
]
WRONG = 40  # one row in so many has a digit too many or an exit before its entry
SURNAMES, GIVEN = "王李张刘陈杨赵黄周吴徐孙马朱胡", "伟芳娜敏静丽强磊军洋勇艳杰娟涛明超霞平刚桂文辉玲彬"


def postdocs(n: int, stations_: list[Station]) -> list:
    """Rows of a ledger of postdocs: a third have left; each is somebody else."""
    rows = []
    for k in range(n):
        station, born = stations_[k % len(stations_)], date(1985, 1, 1) + timedelta(k % 4000)
        entered = max(date(2020 + k % 6, 1 + k % 9, 1 + k % 28), station.approved_on)
        body = f"999{k // 900 % 1000:03d}{born:%Y%m%d}{k % 900 + 100:03d}"
        number = body + ric.calc_check_digit(body + "0")
        left = entered + timedelta(400) if k % 3 == 0 and entered < date(2025, 1, 1) else ""
        if k % WRONG == 0:
            number, left = (number + "1", left) if k % (2 * WRONG) else (number, entered - timedelta(9))
        name = f"{SURNAMES[k % 15]}{GIVEN[k // 15 % 25]}{GIVEN[k // 375 % 25]}"
        rows.append(
            [name, number, station.matter.number, station.enterprise.organisation.name, "联合招收", "应届博士",
             f"大学{k % 200}", str(entered - timedelta(90)), "0812", f"139{k:08d}", f"导师{k % 3000}", f"第{k}号课题的研究",
             str(entered), str(entered + timedelta(730)), f"{20 + k % 30}", "校园招聘", str(entered), f"{400000 + k}", str(left),
             f"BSH{k}" if left else ""]
        )  # fmt: skip
    return rows


def resident() -> float:
    """Megabytes that this process holds at most, so far."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def postdocs_in(pack: Pack, count: int = ROWS) -> None:
    """A ledger of postdocs with wrong rows: numbers checked, sealed and found, namesakes and overlaps looked for; then
    the same ledger with other salaries, and out for editing."""
    by = make.user(Role.BUREAU_HANDLER, district=pack.root)
    kinds = [StationKind.NATIONAL, StationKind.BRANCH, StationKind.BASE_PROVINCIAL]
    mine = Station.objects.filter(matter__district__up__ancestor=pack.root, status="valid", kind__in=kinds)
    rows = postdocs(count, list(mine.select_related("matter", "enterprise__organisation").order_by("pk")[:2000]))
    raised = [[*row[:14], f"{float(row[14]) + 1}", *row[15:]] for row in rows]
    part = f"ledgers of {count} postdocs, s of processor"
    for name, given in (("new", rows), ("changed", raised)):
        content, before = sheet(POSTDOCS, given), resident()
        batch, read, write = handed_in("stays", content, by, choice="right")
        speed, more = count / (read + write), resident() - before
        tell(part, name, looked_at=read, written=write, rows_a_second=speed, MB_over_idle=more, **counted(batch))
        if batch.counts["wrong"] != len(range(0, count, WRONG)):
            raise SystemExit(f"{name}: {batch.counts}")
    kind, place = imports.KINDS["stays"], imports.Place.of(by, localdate())
    took = timed(lambda: import_books.taken_out(kind, place, QueryDict()))
    tell(part, "out for editing", s=took, rows_a_second=count / took)


DOCTORS = ["统一社会信用代码", "姓名", "证件号码", "博士学位证书日期", "博士一级学科", "到岗日期", "本市首次参保"]


def doctors_in(pack: Pack, count: int = ROWS) -> None:
    """A roster of doctors of the city's enterprises, as an office hands it in: each confirmed, with a record of their own."""
    by = make.user(Role.BUREAU_HANDLER, district=pack.root)
    owners = []
    for k, row in enumerate(Enterprise.objects.select_related("organisation").order_by("pk")[:2000]):
        row.organisation.code = make.credit_code(5_000_000 + k)
        row.organisation.save(update_fields=["code"])
        owners.append(row.organisation.code)
    rows = []
    for k in range(count):
        born = date(1980, 1, 1) + timedelta(k % 4000)
        body = f"998{k // 900 % 1000:03d}{born:%Y%m%d}{k % 900 + 100:03d}"
        number = body + ric.calc_check_digit(body + "0")
        name = f"{SURNAMES[k % 15]}{GIVEN[k // 15 % 25]}{GIVEN[k // 375 % 25]}"
        rows.append([owners[k % len(owners)], name, number, "2024-06-30", "0812", "2025-03-01", "2025-03-01"])
    batch, read, write = handed_in("doctors", sheet(DOCTORS, rows), by)
    speed = count / (read + write)
    tell("rosters in, s of processor", "doctors", looked_at=read, written=write, rows_a_second=speed, **counted(batch))


# --- a city without end ------------------------------------------------------------------------


def crowd(pack: Pack, count: int) -> None:
    """Beside `count` stations: as many demands, matches and certificates, half as many applications and pool entries."""
    chance, today = random.Random(2), localdate()
    stations_ = list(Station.objects.select_related("matter").order_by("pk")[:count])
    types = list(ApplicationType.objects.filter(pack=pack))
    codes = list(disciplines.catalogue())[:50]
    schools = pour([University(pack=pack, name=f"大学{n}", province="江苏", key=n < 20) for n in range(100)])
    flows = pour([FlowStation(university=s, discipline=code) for s in schools for code in codes[:10]])

    def matters(kind: str, statuses: list[str], held: str, those) -> list[Matter]:
        return pour(
            [
                Matter(number=f"B{kind[:2]}-{n}", kind=kind, title=f"{kind} {n}", status=chance.choice(statuses),
                       holder=held if n % 3 == 0 else "", closed_on=None, organisation_id=s.matter.organisation_id,
                       district_id=s.matter.district_id, opened_on=day(n), filed_on=day(n), held_since=day(n))
                for n, s in enumerate(those)
            ]
        )  # fmt: skip

    def day(n: int) -> date:
        return date(2025, 1, 1) + timedelta(n % 600)

    half = stations_[: count // 2]
    for_cases = zip(matters("application", ["district", "bureau", "sent"], "district", half), half, strict=True)
    pour(
        [
            Application(matter=m, enterprise_id=s.enterprise_id, type=types[0], route="upward", status=m.status,
                        **{**make.PLAN, "truthful": True})
            for m, s in for_cases
        ]
    )  # fmt: skip
    for_pool = zip(matters("pool", ["growing", "admitted"], "district", half), half, strict=True)
    pour(
        [
            PoolEntry(matter=m, enterprise_id=s.enterprise_id, status=m.status, source="unit", intention="some",
                      target=types[0], target_year=2027, tier=chance.choice("abc"), entered_on=m.opened_on)
            for m, s in for_pool
        ]
    )  # fmt: skip
    for_demands = zip(matters("demand", ["published", "talking"], "", stations_), stations_, strict=True)
    demands = pour(
        [
            Demand(matter=m, enterprise_id=s.enterprise_id, kind="postdoc", title=m.title, description="说明",
                   disciplines=[chance.choice(codes)], people=1, deadline=today + timedelta(n % 300), contact="联",
                   contact_phone="1", status=m.status, published_on=m.opened_on, chain_id=s.chain_id)
            for n, (m, s) in enumerate(for_demands)
        ]
    )  # fmt: skip
    for_matches = zip(matters("match", ["proposed", "talking"], "handler", stations_), demands, strict=True)
    pour([Match(matter=m, demand=d, flow=chance.choice(flows), status=m.status) for m, d in for_matches])
    tags = ["high_tech", "special", "little_giant"]
    pour(
        [
            Certificate(enterprise_id=s.enterprise_id, tag=tags[n % 3], number=f"N{n}", since=today - timedelta(800),
                        until=today + timedelta(n % 400 - 100))
            for n, s in enumerate(stations_)
        ]
    )  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    indicators.recompute(today)
    since = worked()
    kept = radar.keep(pack, on=today)
    tell("radar", "rows kept", rows=kept, s=worked() - since)
    Job.objects.all().delete()  # nothing waits to be read


LISTS = (
    ("stations", "/stations/", "kind=national&chain={chain}"),
    ("stations of a day", "/stations/?on=2024-06-30", "kind=national"),
    ("applications", "/applications/", "status=district&q=企业"),
    ("pool", "/pool/", "tier=b&status=growing"),
    ("demands", "/demands/", "kind=postdoc&status=published&chain={chain}"),
    ("matches", "/matches/", "status=talking"),
    ("certificates", "/certificates/?state=all", "tag=special&state=ending"),
    ("universities", "/universities/", "key=true"),
    ("enterprises", "/enterprises/", "tag=high_tech&station=yes"),
    ("board", "/board/", "kind=postdoc&chain={chain}"),
    ("candidates", "/pool/candidates/", "tag=high_tech"),
    ("radar", "/standing/", "kind=national&step=warn"),
    ("work", "/work/", ""),
    ("coverage", "/coverage/", ""),
    ("dashboard", "/targets/", ""),
)


def asked(client: Client, url: str, rounds: int = 5) -> tuple[float, int]:
    """The least seconds of processor of several tries, and how many queries one takes."""
    answer = client.get(url)
    if answer.status_code != 200:
        raise SystemExit(f"{url}: {answer.status_code}")
    queries = []

    def noted(execute, *given):
        queries.append(given[0])
        return execute(*given)

    with connection.execute_wrapper(noted):
        client.get(url)
    return min(timed(lambda: [client.get(url) for _n in range(2)]) / 2 for _round in range(rounds)), len(queries)


def listed(pack: Pack) -> None:
    """Each list at its beginning, far down and filtered, for the whole city and for one district, beside a hello."""
    first = IndustryChain.objects.filter(pack=pack).order_by("order", "pk").first()
    district = District.objects.filter(parent=pack.root).order_by("-path_order").first()
    for who, user in (
        ("bureau", make.user(Role.BUREAU_HANDLER, district=pack.root)),
        ("district", make.user(Role.DISTRICT, district=district)),
    ):
        client = Client(HTTP_HOST="127.0.0.1")
        client.force_login(user, "portal.accounts.Backend")
        hello = timed(lambda client=client: [client.get("/healthz") for _n in range(300)]) / 300
        for name, url, chosen in LISTS:
            joint = "&" if "?" in url else "?"
            pages = {"first": url, "far": f"{url}{joint}page=9999"}
            if chosen:
                pages["filtered"] = f"{url}{joint}{chosen.format(chain=first.pk)}"
            for which, page in pages.items():
                took, queries = asked(client, page)
                figures = {"ms": took * 1000, "page_by_hello": took / hello, "queries": queries}
                tell(f"lists, {who}, a hello of {hello * 1000:.2f} ms", f"{name}, {which}", **figures)


def beside_admin(pack: Pack) -> None:
    """Our list of stations beside the changelist of Django's admin and a hello: one session, one middleware, one run."""
    client = Client(HTTP_HOST="127.0.0.1")
    client.force_login(make.user(Role.BUREAU_HANDLER, district=pack.root), "portal.accounts.Backend")
    hello = timed(lambda: [client.get("/healthz") for _n in range(300)]) / 300
    whole = Station.objects.count()
    part = f"a page of 50 of {whole} stations beside Django's admin, a hello of {hello * 1000:.2f} ms"
    for name, ours, theirs in (
        ("first", "/stations/", "/admin/stations/station/"),
        ("filtered", "/stations/?kind=national", "/admin/stations/station/?kind__exact=national"),
        ("far", "/stations/?page=200", "/admin/stations/station/?p=200"),
    ):
        (took, queries), (others, asked_by_admin) = asked(client, ours), asked(client, theirs)
        figures = {"ms": took * 1000, "queries": queries, "admin_ms": others * 1000, "admin_queries": asked_by_admin}
        tell(part, name, **figures, page_by_hello=took / hello, admin_by_ours=others / took)


# --- workbooks out -----------------------------------------------------------------------------


def bare(rows: list[list]) -> bytes:
    """The same cells as somebody writes them who has them already."""
    stream = io.BytesIO()
    book = xlsxwriter.Workbook(stream, {"constant_memory": True})
    page, day = book.add_worksheet(), book.add_format({"num_format": "yyyy-mm-dd"})
    for number, row in enumerate(rows):
        for column, value in enumerate(row):
            if isinstance(value, date):
                page.write_datetime(number, column, value, day)
            elif value not in (None, ""):
                page.write(number, column, value)
    book.close()
    return stream.getvalue()


@override_settings(EXPORT_AT_ONCE=10**9)
def sent_out(pack: Pack) -> None:
    """Each list as a workbook, query and all, beside the same cells by XlsxWriter alone; and a long one's memory."""
    user = make.user(Role.BUREAU_HANDLER, district=pack.root)
    client = Client(HTTP_HOST="127.0.0.1")
    client.force_login(user, "portal.accounts.Backend")
    part = "workbooks out, s of processor"
    for url in (
        *("/stations/export/", "/applications/export/", "/demands/export/", "/matches/export/"),
        "/postdocs/export/",
    ):
        content = client.get(url).content
        rows = CalamineWorkbook.from_filelike(io.BytesIO(content)).get_sheet_by_index(0).to_python()
        ours = min(timed(lambda url=url: client.get(url)) for _round in range(3))
        least = min(timed(lambda rows=rows: bare(rows)) for _round in range(3))
        tell(part, url, rows=len(rows), s=ours, XlsxWriter_alone=least, speed_by_that=least / ours)
    job = jobs.ask("export", by=user, name="stations", query="", language="zh-hans")
    EXPORTS["stations"] = repeated(EXPORTS["stations"])
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    took = timed(lambda: jobs.work_off("export"))
    job.refresh_from_db()
    more = (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) / 1024
    tell(part, "by a worker", rows=job.total, s=took, rows_a_second=job.total / took, MB_more=more, state=job.state)


def repeated(book_of):
    """The same list until it has 100,000 lines."""

    def longer(request):
        book = book_of(request)
        times = -(-100_000 // book.total)
        book.lines = chain(book.lines, *(book_of(request).lines for _n in range(times - 1)))
        book.total *= times
        return book

    return longer
