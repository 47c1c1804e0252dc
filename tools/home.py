"""What `make run` keeps in `var/`: secrets, logs, files, databases; and who uses it at the moment.

`var/lock` is held by whoever runs the databases and names its process; `var/run.json` says how to reach
them.
"""

import fcntl
import json
import os
import time
from collections.abc import Mapping, Sequence
from contextlib import suppress
from pathlib import Path

from tools import servers
from tools.accounts import Account, account_for, private_file, private_folder, secret
from tools.processes import Problem, complain
from tools.servers import ROOT, Postgres, Redis, Server

VAR = ROOT / "var"
LOGS = VAR / "log"
LOCK = VAR / "lock"
RUNNING = VAR / "run.json"
PATIENCE = 60  # seconds to wait for a `make manage` that has the databases open

# Made up at the first start and kept; the portal reads each from NAME_FILE.
SECRETS = ("SECRET_KEY", "DATA_KEY", "INDEX_KEY")


def make_folders() -> None:
    """Make `var/`: others may pass through (PostgreSQL's account must), but read nothing."""
    folders = (VAR, LOGS, VAR / "files", VAR / "mail", VAR / "beat")
    with suppress(PermissionError):
        for folder in folders:
            folder.mkdir(exist_ok=True)
            folder.chmod(0o711 if folder == VAR else 0o700)
        LOCK.touch(0o600)
    for path in (*folders, LOCK):
        if not os.access(path, os.W_OK):
            raise Problem(
                f"当前用户不能写入 {path}：请用创建它的用户运行，或用 root。"
                f"You may not write to {path}: run as the user who made it, or as root."
            )


class Lock:
    """The right to use the databases; the kernel takes it back when the process ends, however it ends."""

    def __init__(self):
        self.file = LOCK.open("a+")

    def take(self) -> bool:
        try:
            fcntl.flock(self.file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        self.file.seek(0)
        self.file.truncate()
        self.file.write(str(os.getpid()))
        self.file.flush()
        return True


def running() -> dict | None:
    """Return what `var/run.json` says, if the one who wrote it is the one who holds the lock."""
    with suppress(OSError, ValueError):
        note = json.loads(RUNNING.read_text())
        if note["pid"] == servers.first_number(LOCK):
            return note
    return None


def take_lock() -> tuple[Lock | None, dict | None]:
    """Return the lock, or the note of the `make run` that holds it; wait while a `make manage` has it."""
    lock = Lock()
    deadline = time.monotonic() + PATIENCE
    told = False
    while not lock.take():
        if note := running():
            return None, note
        if time.monotonic() > deadline:
            raise Problem(
                f"另一个命令（进程 {servers.first_number(LOCK)}）正在使用数据库，等待 {PATIENCE} 秒后放弃。"
                f"Another command (process {servers.first_number(LOCK)}) uses the databases; gave up."
            )
        if not told:
            complain("另一个命令正在使用数据库，稍候…… Another command uses the databases; waiting.")
            told = True
        time.sleep(0.2)
    RUNNING.unlink(missing_ok=True)
    return lock, None


def publish(note: Mapping) -> None:
    """Say in `var/run.json` how to reach what runs."""
    private_file(RUNNING, json.dumps({"pid": os.getpid(), **note}, indent=1))


# --- the databases -----------------------------------------------------------------------------


def data_home() -> tuple[Path, Account | None]:
    """Return the folder of the databases and the account they run as.

    That is `var/`, unless we are root and a folder above is closed to the account (as /root is): then it
    is a folder of /var/lib, and `var/pg` is a link to the data, so that the two are kept or lost together.
    """
    link = VAR / "pg"
    away = Path("/var/lib") / f"portal-{servers.place_key()}"
    if link.is_symlink() and (link.readlink() != away / "pg" or not link.exists()):
        link.unlink()  # it came along when the checkout was copied, or its data are gone
    account = account_for(link)
    if link.is_symlink():
        return away, account
    if account is None or account.can("-x", VAR):
        return VAR, account
    if link.exists():
        raise Problem(
            f"用户 {account.name} 进不去 {link}：请检查上级目录的权限。"
            f"The account {account.name} can't reach {link}: look at the folders above it."
        )
    if away.exists():
        aside = away.with_name(f"{away.name}-{time.strftime('%Y%m%d-%H%M%S')}")
        away.rename(aside)
        complain(f"先前 var/ 的数据库移到 {aside}。The database of an earlier var/ is kept in {aside}.")
    away.mkdir(mode=0o755)
    away.chmod(0o755)
    private_folder(away / "pg", account)
    link.symlink_to(away / "pg")
    complain(
        f"用户 {account.name} 进不去 {ROOT}，数据库放在 {away}。"
        f"The account {account.name} can't enter {ROOT}; the databases are in {away}."
    )
    return away, account


def databases(given: Mapping[str, str]) -> list[Server]:
    """Return the private servers that are needed: those whose address is not given."""
    if given.get("DATABASE_URL") and given.get("REDIS_URL"):
        return []
    home, account = data_home()
    chosen: list[Server] = []
    if not given.get("DATABASE_URL"):
        programs = servers.postgres_programs(account, home)
        chosen.append(Postgres(home / "pg", programs, account, lasting=True, log=LOGS / "postgres.log"))
    if not given.get("REDIS_URL"):
        program = servers.redis_program(account, home)
        chosen.append(Redis(home / "redis", program, account, lasting=True, log=LOGS / "redis.log"))
    return chosen


def portal_environment(started: Sequence[Server]) -> dict[str, str]:
    """Return the variables the portal needs beside those it was given."""
    own = {
        "DJANGO_SETTINGS_MODULE": "portal.settings",
        "VAR": str(VAR),
        "HTTPS": "0",
        "PROXIES": "0",
        "ALLOWED_HOSTS": "127.0.0.1,localhost",
    }
    for name in SECRETS:
        path = VAR / name.lower()
        secret(path)
        own[f"{name}_FILE"] = str(path)
    for server in started:
        own |= server.addresses()
    return own


def environment_of(note: Mapping, given: Mapping[str, str]) -> dict[str, str]:
    """Return the variables of a `make run` that runs already, without those whose address is given."""
    about_database = {"DATABASE_URL", "DATABASE_PASSWORD_FILE"} if given.get("DATABASE_URL") else set()
    about_redis = {"REDIS_URL"} if given.get("REDIS_URL") else set()
    return {name: value for name, value in note["environment"].items() if name not in about_database | about_redis}


def check_environment(given: Mapping[str, str]) -> None:
    """Refuse an address that can't be one, before anything starts."""
    for name, schemes in (("DATABASE_URL", ("postgres", "postgresql")), ("REDIS_URL", ("redis", "rediss"))):
        if given.get(name) and given[name].partition("://")[0] not in schemes:
            raise Problem(
                f"{name} 不是 {schemes[0]}://… 形式的地址。"
                f"{name} must be an address like {schemes[0]}://user:password@host:port/name."
            )
