"""`make test`: a throw-away PostgreSQL and Redis, a Chromium, then one command after another until one fails.

    python -m tools.test [--some-empty] "pytest -m 'not browser'" "pytest -m browser"

Commands find the servers in TEST_DATABASE_URL and TEST_REDIS_URL, their programs in POSTGRES_PROGRAMS and
REDIS_SERVER, the browser in CHROMIUM and CHROMIUM_ENV. What they write to TMPDIR goes when they are done.
"""

import os
import shlex
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

from tools import chromium, servers
from tools.accounts import Account, account_for, private_folder
from tools.processes import (
    Problem,
    Program,
    command,
    ignore_signals,
    say,
    stop_all,
)

TEMPLATE = "portal"  # the database that a fresh PostgreSQL of ours brings
NOTHING_COLLECTED = 5  # pytest's exit code


class Stage(Program):
    """A command of the tests: SIGINT lets pytest take down its fixtures."""

    farewell = signal.SIGINT
    patience = 20.0

    def streams(self, log):
        return {}


def main() -> int:
    some_empty = "--some-empty" in sys.argv[1:]
    stages = [word for word in sys.argv[1:] if word != "--some-empty"]
    account = account_for(servers.ROOT / "none")
    folder = temporary_folder(account)
    janitor = hire_janitor(folder)
    running: list[Program] = []
    try:
        environment = os.environ | start_servers(folder, account, running) | chromium.environment()
        environment["TMPDIR"] = str(private_folder(folder / "tmp", None))
        environment["PATH"] = f"{Path(sys.executable).parent}:{environment['PATH']}"
        if "TEST_DATABASE_URL" not in os.environ and any("pytest" in stage for stage in stages):
            stages, environment = with_template(stages, environment)
        return run_stages(stages, environment, running, some_empty)
    finally:
        ignore_signals()
        stop_all(running[::-1])
        shutil.rmtree(folder, ignore_errors=True)
        janitor.communicate()


def with_template(stages: list[str], environment: dict) -> tuple[list[str], dict]:
    """Before anything else one database gets its tables; each worker of each command copies it instead of making its own."""
    migrate = f"{shlex.quote(sys.executable)} manage.py migrate --settings=tests.settings --verbosity=0"
    return [migrate, *stages], environment | {"TEST_DATABASE_TEMPLATE": TEMPLATE}


def temporary_folder(account: Account | None) -> Path:
    """Make a folder that the servers' account can reach, which it can't everywhere TMPDIR may point to."""
    for place in dict.fromkeys([tempfile.gettempdir(), "/tmp", "/var/tmp", "/var/lib"]):
        with suppress(OSError):
            folder = Path(tempfile.mkdtemp(prefix="portal-test-", dir=place))
            folder.chmod(0o711)
            if account is None or account.can("-x", folder):
                return folder
            folder.rmdir()
    raise Problem("没有可用的临时目录：请检查 /tmp。There is no temporary folder to use: look at /tmp.")


def hire_janitor(folder: Path) -> subprocess.Popen:
    """Start a shell that removes the folder when its input ends, which it does even if we are killed."""
    sweep = 'cat; for i in 1 2 3 4 5 6 7 8; do rm -rf "$0" 2>/dev/null; [ -e "$0" ] || exit 0; sleep 1; done'
    words = ["sh", "-c", sweep, str(folder)]
    return subprocess.Popen(words, stdin=subprocess.PIPE, cwd="/", start_new_session=True)


def start_servers(folder: Path, account: Account | None, running: list[Program]) -> dict[str, str]:
    """Start what no address is given for, put it on the list, and return the variables for the tests."""
    since = time.monotonic()
    found: dict[str, str] = {}
    if not os.environ.get("TEST_DATABASE_URL"):
        programs = servers.postgres_programs(account, folder)
        postgres = servers.Postgres(folder / "pg", programs, account, lasting=False, log=folder / "postgres.log")
        running.append(postgres)
        postgres.start()
        found |= {"TEST_DATABASE_URL": postgres.url(), "POSTGRES_PROGRAMS": str(programs)}
    if not os.environ.get("TEST_REDIS_URL"):
        program = servers.redis_program(account, folder)
        redis = servers.Redis(folder / "redis", program, account, lasting=False, log=folder / "redis.log")
        running.append(redis)
        redis.start()
        found |= {"TEST_REDIS_URL": redis.url(), "REDIS_SERVER": str(program)}
    names = ", ".join(server.name for server in running) or "as given"
    say(f"servers: {names}  {time.monotonic() - since:.1f} s")
    return found


def run_stages(stages: Sequence[str], environment: dict, running: list[Program], some_empty: bool) -> int:
    """Run commands until one fails and return its exit code.

    With `some_empty`, a pytest that finds no test is no failure, unless all of them find none.
    """
    codes = []
    for words in map(shlex.split, stages):
        say(f"$ {shlex.join(words)}")
        stage = Stage(words[0], words, log=Path(os.devnull), environment=environment)
        running.append(stage)
        stage.start()
        codes.append(wait(stage))
        stage.end_group()
        running.remove(stage)
        if codes[-1] and not (some_empty and codes[-1] == NOTHING_COLLECTED):
            return codes[-1]
    return NOTHING_COLLECTED if codes and min(codes) == NOTHING_COLLECTED else 0


def wait(stage: Stage) -> int:
    """Return its exit code as a shell would say it."""
    code = stage.process.wait()
    return code if code >= 0 else 128 - code


if __name__ == "__main__":
    command(main)
