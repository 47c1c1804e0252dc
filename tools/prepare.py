"""Bring the database and the built files up to the code: what `make run` does before it opens the door.

The one tool that imports Django: six commands with one start of Django, which costs a second.
What a command prints goes to the log; only the table of demo accounts goes to a file the caller names.
"""

import hashlib
import io
import json
import sys
import time
from collections.abc import Callable, Iterable
from contextlib import redirect_stdout, suppress
from multiprocessing import get_context
from multiprocessing.context import ForkProcess
from pathlib import Path

from tools.accounts import private_file
from tools.home import ROOT, VAR
from tools.processes import say

DONE = VAR / "prepared.json"


def main(city: str, accounts: Path) -> None:
    import django
    from django.core.management import CommandError
    from django.db import OperationalError

    django.setup()
    try:
        step(
            "翻译 messages",
            lambda: unless_same("messages", translations, lambda: log(run("messages", "--compile"))),
        )
        font = beside("打印字体 font", lambda: log(run("font")))
        static = beside(
            "静态文件 collectstatic",
            lambda: unless_same("static", assets, lambda: log(run("collectstatic", "--no-input"))),
        )
        step("数据库 migrate", lambda: log(run("migrate", "--no-input")))
        step(f"政策包 loadpack {city}", lambda: log(run("loadpack", city)))
        wait_for(font)  # the demonstration prints
        wait_for(static)
        table = step("演示数据 demo", lambda: run("demo", "--seed", "1", "--city", city))
    except CommandError as error:
        raise SystemExit(str(error)) from error
    except OperationalError as error:
        raise SystemExit(f"数据库连不上或拒绝了操作（the database can't be reached, or refused）：{error}") from error
    private_file(accounts, table)


def run(*command: str) -> str:
    """Run a command of the portal and return what it printed."""
    from django.core.management import call_command

    said = io.StringIO()
    with redirect_stdout(said):
        call_command(*command, stdout=said)
    return said.getvalue()


def log(text: str) -> None:
    """Keep it in the log, which is where our standard error goes."""
    print(text, file=sys.stderr, flush=True)


def step(label: str, do: Callable) -> str:
    """Do it, and say so with its time if anybody could have noticed."""
    since = time.monotonic()
    result = do()
    seconds = time.monotonic() - since
    if seconds > 0.1:
        say(f"  {label}  {seconds:.1f} s")
    return result


def beside(label: str, do: Callable) -> ForkProcess:
    """Begin a step that needs no database in a process of its own: most machines have a second core."""
    process = get_context("fork").Process(target=step, args=(label, do))
    process.start()
    return process


def wait_for(process: ForkProcess) -> None:
    """Raises SystemExit with its code where it failed; what it had to say stands in the log."""
    process.join()
    if process.exitcode:
        raise SystemExit(process.exitcode)


def unless_same(name: str, files: Callable[[], Iterable[Path]], do: Callable) -> None:
    """Skip `do` if the files it reads and writes are as it left them."""
    done = {}
    with suppress(OSError, ValueError):
        done = json.loads(DONE.read_text())
    if done.get(name) == fingerprint(files()):
        return
    do()
    DONE.write_text(json.dumps(done | {name: fingerprint(files())}))


def fingerprint(files: Iterable[Path]) -> str:
    """Return a digest of names, sizes and times; the contents would take longer to read than to rebuild."""
    digest = hashlib.sha256()
    for path in sorted(files):
        about = path.stat()
        digest.update(f"{path} {about.st_size} {about.st_mtime_ns}\n".encode())
    return digest.hexdigest()


def translations() -> Iterable[Path]:
    """Yield sources and compiled translations: whether one changed or one is missing, they are made again."""
    yield from (ROOT / "locale").rglob("*.po")
    yield from (ROOT / "locale").rglob("*.mo")


def assets() -> Iterable[Path]:
    """Yield what collectstatic reads, its list of what it wrote, and the versions of packages with files."""
    yield ROOT / "requirements/runtime.txt"
    yield from (path for path in (ROOT / "frontend/dist").rglob("*") if path.is_file())
    yield from (path for folder in ROOT.glob("*/static") for path in folder.rglob("*") if path.is_file())
    yield from (VAR / "static").glob("staticfiles.json")


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]))
