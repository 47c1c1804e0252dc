"""`make run`: the whole portal on this machine, until Ctrl-C.

Options come as variables: PORT, CITY, DEMO_PASSWORD, DATABASE_URL, REDIS_URL, SYSTEM_SERVERS. It keeps a
PostgreSQL and a Redis of its own (unless addresses are given), brings the data up to the code, then
watches web, worker and beat.
"""

import http.client
import os
import socket
import subprocess
import sys
import time
from collections.abc import Sequence
from typing import NoReturn

from tools import home
from tools.processes import (
    Problem,
    Program,
    Stopped,
    command,
    complain,
    ignore_signals,
    say,
    stop_all,
)
from tools.servers import Server

RESTARTS = 5  # of one program, in a row; one that lived for STEADY seconds begins anew
STEADY = 60
OPENING = 90  # seconds the web may take to answer for the first time


class Prepare(Program):
    """The steps before the start: they tell the terminal how far they are, and the log what they did."""

    def streams(self, log):
        return {"stdin": subprocess.DEVNULL, "stdout": None, "stderr": log}


def main() -> int:
    since = time.monotonic()
    port, city = chosen_port(), chosen_city()
    home.check_environment(os.environ)
    home.make_folders()
    crashed = home.RUNNING.exists()
    lock, note = home.take_lock()  # held as long as the name lives
    if note:
        raise Problem(f"已经在运行：{note['address']}（进程 {note['pid']}）。It runs already (process {note['pid']}).")
    check_port(port, patience=5 if crashed else 0)
    say("博士后工作站管理平台 · Postdoc portal")
    databases: list[Server] = []
    parts: list[Program] = []
    try:
        for server in home.databases(os.environ):
            databases.append(server)
            server.start()
            say(f"  {server.name}  127.0.0.1:{server.port}")
        own = home.portal_environment(databases) | {"CITY": city}
        environment = os.environ | own
        accounts = prepare(city, environment, databases)
        address = f"http://127.0.0.1:{port}/"
        home.publish({"address": address, "port": port, "city": city, "environment": own | given_addresses()})
        for part in programs(port, environment):  # the door first: on two cores three at once would keep it waiting
            parts.append(part)
            part.start()
            if part is parts[0]:
                part.wait_until(lambda: answers(port), OPENING)
        say(f"\n  {address}  已启动 up in {time.monotonic() - since:.1f} s")
        say("  停止 stop: Ctrl-C    日志 logs: var/log/\n")
        say(accounts)
        watch([*databases, *parts])
    except Stopped:
        say("\n  正在停止 stopping……")
        return 0
    finally:
        ignore_signals()
        stop_all(parts)
        stop_all(databases)
        home.RUNNING.unlink(missing_ok=True)


def chosen_port() -> int:
    text = os.environ.get("PORT") or "8000"
    if not text.isdigit() or not 0 < int(text) < 65536:
        raise Problem(f"PORT={text} 不是端口号（1–65535）。PORT={text} is no port number.")
    return int(text)


def chosen_city() -> str:
    city = os.environ.get("CITY") or "kunshan"
    known = sorted(path.name for path in (home.ROOT / "fixtures").iterdir() if path.is_dir() and path.name != "demo")
    if city not in known:
        raise Problem(
            f"CITY={city} 没有政策包；可选 {'、'.join(known)}。"
            f"There is no pack for {city}: choose from {', '.join(known)}."
        )
    return city


def check_port(port: int, *, patience: float) -> None:
    """Say that a port is taken before anything starts; `patience` is for an orphan that is about to end."""
    deadline = time.monotonic() + patience
    while error := refusal(port):
        if isinstance(error, PermissionError):
            raise Problem(
                f"端口 {port} 只有 root 能用：请用 make run PORT=8000。Port {port} is for root only: try PORT=8000."
            )
        if time.monotonic() > deadline:
            raise Problem(
                f"端口 {port} 已被占用：请用 make run PORT={port + 1}。Port {port} is in use: try PORT={port + 1}."
            )
        time.sleep(0.2)


def refusal(port: int) -> OSError | None:
    """Return why nobody can listen there, as gunicorn would find out."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
            probe.listen()
        except OSError as error:
            return error
    return None


def given_addresses() -> dict[str, str]:
    """Return the addresses given to us, for a later `make manage`."""
    names = ("DATABASE_URL", "DATABASE_PASSWORD_FILE", "REDIS_URL")
    return {name: os.environ[name] for name in names if os.environ.get(name)}


def prepare(city: str, environment: dict[str, str], databases: Sequence[Program]) -> str:
    """Bring database and files up to the code; return the table of demo accounts."""
    table = home.VAR / "accounts"
    log = home.LOGS / "prepare.log"
    log.unlink(missing_ok=True)
    work = Prepare(
        "准备 prepare", [sys.executable, "-m", "tools.prepare", city, table], log=log, environment=environment
    )
    work.start()
    try:
        while work.alive:
            time.sleep(0.05)
            if dead := next((server for server in databases if not server.alive), None):
                raise Problem(f"{dead.name} 中途停止（ended, {dead.end}）：\n{dead.last_lines()}")
        if work.process.returncode:
            raise Problem(f"准备数据失败（preparing failed）：\n{work.last_lines()}\n详见（see）{log}")
        return table.read_text()
    finally:
        stop_all([work])
        table.unlink(missing_ok=True)


def programs(port: int, environment: dict[str, str]) -> list[Program]:
    """Return the parts of the portal itself: one that answers, one that works, one that rings the bell.

    Threads, because browsers come without a proxy between: they open connections in advance, and each would
    hold a synchronous worker until it times out.
    """
    commands = {
        "web": f"gunicorn portal.wsgi -b 127.0.0.1:{port} -w 2 --threads 4 --preload --no-control-socket",
        "worker": "celery -q -A portal worker -n portal@%h -c 2 -l INFO --without-gossip --without-mingle",
        "beat": "celery -q -A portal beat -s var/beat/schedule -l INFO",
    }
    return [
        Program(
            name,
            [sys.executable, "-m", *words.split()],
            log=home.LOGS / f"{name}.log",
            environment=environment,
        )
        for name, words in commands.items()
    ]


def answers(port: int) -> bool:
    line = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
    try:
        line.request("GET", "/healthz")
        return line.getresponse().status == 200
    except (OSError, http.client.HTTPException):
        return False
    finally:
        line.close()


def watch(everything: Sequence[Program]) -> NoReturn:
    """Start again what dies, until somebody stops us or one of them does nothing but die."""
    deaths = dict.fromkeys(everything, 0)
    while True:
        time.sleep(0.3)
        for program in everything:
            if not program.alive:
                lived = time.monotonic() - program.started_at
                deaths[program] = 1 if lived > STEADY else deaths[program] + 1
                start_again(program, deaths[program])


def start_again(program: Program, times: int) -> None:
    if times > RESTARTS:
        raise Problem(
            f"{program.name} 重启 {RESTARTS} 次仍然失败（ended {times} times in a row, {program.end}）：\n"
            + program.last_lines()
        )
    complain(f"  {program.name} 意外结束（{program.end}），正在重启 starting it again（{times}/{RESTARTS}）")
    program.end_group()
    time.sleep(0.5)
    try:
        program.start()
    except Problem as problem:
        complain(str(problem))  # the next round counts it as one more death


if __name__ == "__main__":
    command(main)
