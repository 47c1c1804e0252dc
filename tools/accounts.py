"""Who runs the servers, and the files that are only theirs.

PostgreSQL refuses to run as root, so root starts both servers as another account, which must be able to reach
programs and data.
"""

import os
import pwd
import secrets
import subprocess
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from tools.processes import Problem


@dataclass(frozen=True)
class Account:
    """Who runs the servers. `uid` 0 never occurs; `None` in its place means: ourselves."""

    name: str
    uid: int
    gid: int

    @property
    def identity(self) -> dict:
        """Return the keywords that make subprocess run a program as this account."""
        return {"user": self.uid, "group": self.gid, "extra_groups": []}

    def can(self, test: str, path: Path) -> bool:
        """Ask test(1), as this account: `-x` a program can be run or a folder entered."""
        try:
            return subprocess.run(["test", test, path], cwd="/", **self.identity).returncode == 0
        except (OSError, subprocess.SubprocessError) as error:
            raise Problem(
                f"这里不能以用户 {self.name} 运行程序（{error}）：请用普通用户运行，或给出 DATABASE_URL 和 REDIS_URL。"
                f"Can't run programs as {self.name} here: run as a user, or give DATABASE_URL and REDIS_URL."
            ) from error


def account_for(data: Path) -> Account | None:
    """Return who runs servers on `data`: its owner; if it is new postgres, else nobody. None: ourselves."""
    owner = data.stat().st_uid if data.exists() else None
    if os.geteuid() != 0:
        if owner not in (None, os.geteuid()):
            raise Problem(
                f"{data} 属于另一用户（{name_of(owner)}）：请用该用户或 root 运行，或删除该目录重新开始。"
                f"It belongs to {name_of(owner)}: run as that user or as root, or delete it and start anew."
            )
        return None
    candidates = [owner] if owner else ["postgres", "nobody"]
    for candidate in candidates:
        with suppress(KeyError):
            entry = pwd.getpwuid(candidate) if isinstance(candidate, int) else pwd.getpwnam(candidate)
            return Account(entry.pw_name, entry.pw_uid, entry.pw_gid)
    raise Problem(
        "PostgreSQL 不能以 root 运行，而系统里没有 postgres 或 nobody 用户。"
        "PostgreSQL can't run as root, and there is no account postgres or nobody: add one, or run as a user."
    )


def name_of(uid: int) -> str:
    """Return the name of an account, or its number."""
    try:
        return pwd.getpwuid(uid).pw_name
    except KeyError:
        return str(uid)


def private_folder(path: Path, account: Account | None) -> Path:
    """Make a folder that only the servers' account may enter."""
    path.mkdir(parents=True, exist_ok=True)
    path.chmod(0o700)
    if account:
        os.chown(path, account.uid, account.gid)
    return path


def private_file(path: Path, text: str, account: Account | None = None) -> Path:
    """Write a file that only its owner may read; it is never there half-written, or readable for a moment."""
    draft = path.with_name(path.name + ".new")
    draft.unlink(missing_ok=True)
    with os.fdopen(os.open(draft, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600), "w") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    if account:
        os.chown(draft, account.uid, account.gid)
    draft.replace(path)
    return path


def secret(path: Path, account: Account | None = None) -> str:
    """Return the secret kept in `path`, made up the first time."""
    if not path.exists():
        private_file(path, secrets.token_urlsafe(40), account)
    return path.read_text()
