"""`make check`: what can be known without a database or a browser.

One line a step; a failed one shows what was said.
The steps run side by side. The portal is looked at as in production: HTTPS, one proxy, every warning counts.
"""

import os
import secrets
import signal
import stat
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

from tools import imports, locks
from tools.processes import command, die_with_parent, say

ROOT = Path(__file__).resolve().parent.parent
PYTHON = sys.executable
# makemigrations asks the database whether its history is consistent, and only warns if there is none.
MANAGE = [PYTHON, "-W", "ignore::RuntimeWarning", "manage.py"]
NOWHERE = "127.0.0.1:1"


def commands() -> dict[str, list[str | Path]]:
    templates = sorted([*ROOT.glob("templates/**/*.html"), *ROOT.glob("tests/browser/templates/**/*.html")])
    return {
        "ruff check": [PYTHON, "-m", "ruff", "check", "--quiet"],
        "ruff format": [PYTHON, "-m", "ruff", "format", "--check"],
        "djade": [Path(PYTHON).parent / "djade", "--check", "--target-version", "5.2", *templates],
        "mypy": [PYTHON, "-m", "mypy"],
        "manage check --deploy": [*MANAGE, "check", "--deploy", "--fail-level", "WARNING"],
        "makemigrations --check": [*MANAGE, "makemigrations", "--check", "--dry-run"],
        "messages --check": [*MANAGE, "messages", "--check"],
    }


def environment(temporary: str) -> dict[str, str]:
    """Return the environment of a deployment, with secrets made up and servers nowhere."""
    return os.environ | {
        "TMPDIR": temporary,
        "DJANGO_SETTINGS_MODULE": "portal.settings",
        "SECRET_KEY": secrets.token_urlsafe(60),
        "DATA_KEY": secrets.token_urlsafe(60),
        "INDEX_KEY": secrets.token_urlsafe(60),
        "ALLOWED_HOSTS": "portal.example",
        "CSRF_TRUSTED_ORIGINS": "https://portal.example",
        "HTTPS": "1",
        "PROXIES": "1",
        "DATABASE_URL": f"postgres://portal@{NOWHERE}/portal",
        "REDIS_URL": f"redis://{NOWHERE}/0",
        "TEST_DATABASE_URL": f"postgres://portal@{NOWHERE}/portal",  # mypy reads the settings of the tests
        "TEST_REDIS_URL": f"redis://{NOWHERE}/0",
        "FILES_ACCEL": "/protected/",
    }


def main() -> int:
    since = time.monotonic()
    with tempfile.TemporaryDirectory() as temporary:
        running = [Step(name, words, environment(temporary)) for name, words in commands().items()]
        failed = [name for name, lines in looked_at().items() if not report(name, "\n".join(lines))]
        failed += [step.name for step in running if not step.finish()]
    say(f"check: {f'{len(failed)} failed' if failed else 'all well'}  {time.monotonic() - since:.1f} s")
    return 1 if failed else 0


def looked_at() -> dict[str, Sequence[str]]:
    """Return what we look at ourselves: a name, and the lines that are wrong."""
    return {
        "imports": [line for app in imports.ORDER for line in imports.wrong_names(app)],
        "locks": locks.addresses(),
        "scripts": [f"{path.relative_to(ROOT)} is not executable" for path in scripts() if not runs(path)],
    }


def scripts() -> list[Path]:
    return [*ROOT.glob(".ci/*"), *ROOT.glob("requirements/*.sh"), *ROOT.glob("deploy/*.sh"), *ROOT.glob("tools/*.sh")]


def runs(path: Path) -> bool:
    return bool(path.stat().st_mode & stat.S_IXUSR)


class Step:
    """A tool that runs while others do; one that says much waits until it is listened to."""

    def __init__(self, name: str, words: Sequence[str | Path], environment: dict[str, str]):
        self.name = name
        self.process = subprocess.Popen(
            words,
            cwd=ROOT,
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            preexec_fn=die_with_parent(signal.SIGTERM),
        )

    def finish(self) -> bool:
        """Wait for it, report, and return whether it was content."""
        said, _ = self.process.communicate()
        complaint = said.decode(errors="replace").rstrip() or f"exit code {self.process.returncode}"
        return report(self.name, complaint if self.process.returncode else "")


def report(name: str, complaint: str) -> bool:
    """Print the line of a step, and what there is to complain of; return whether that is nothing."""
    say(f"  {'✗' if complaint else '✓'} {name}")
    if complaint:
        say(complaint)
    return not complaint


if __name__ == "__main__":
    command(main)
