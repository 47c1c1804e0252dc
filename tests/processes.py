"""The portal's own processes beside a test: as `make run` starts them, on the database of the test."""

import os
import sys
import time
from collections.abc import Callable
from pathlib import Path

from django.db import connection

from tools.processes import Program
from tools.run import programs


def database_url() -> str:
    """The database of this test as a URL: what a process of its own is told."""
    settings = connection.settings_dict
    login = f"{settings['USER']}:{settings['PASSWORD']}@" if settings["PASSWORD"] else f"{settings['USER']}@"
    return f"postgres://{login}{settings['HOST']}:{settings['PORT']}/{settings['NAME']}"


def portal_process(name: str, folder: Path, *, port: int = 0, **variables: str) -> Program:
    """The command line that `make run` uses for `name` ("web", "worker", "beat"), with the settings of the tests."""
    environment = os.environ | {"DJANGO_SETTINGS_MODULE": "tests.settings", "TEST_DATABASE_URL": database_url()}
    found = next(program for program in programs(port, environment | variables) if program.name == name)
    return Program(
        name, [sys.executable, *found.command[1:]], log=folder / f"{name}.log", environment=found.environment
    )


def wait_for(what: Callable[[], object], seconds: float = 60) -> object:
    """The first true answer of `what`; fails the test when there is none in time, which is long: machines are busy."""
    until = time.monotonic() + seconds
    while True:
        answer = what()
        if answer:
            return answer
        assert time.monotonic() < until, f"waited {seconds} s in vain"
        time.sleep(0.05)
