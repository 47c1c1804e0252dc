"""Child processes that never outlive the command that started them.

Three things see to that: a child is a session of its own, so that its whole group can be ended; the kernel
tells a child when its parent dies (of `kill -9` too); and a signal to us becomes the exception `Stopped`,
so that every `finally` runs.
"""

import ctypes
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import BinaryIO, NoReturn

PR_SET_PDEATHSIG = 1
LOG_LIMIT = 5 * 1024 * 1024  # a longer log is set aside as .old at the next start

if sys.platform != "linux":
    raise SystemExit("这些命令只支持 Linux。These commands run on Linux only.")

libc = ctypes.CDLL(None, use_errno=True)


class Problem(Exception):
    """A sentence for the person at the terminal: what is wrong, and what to do."""


class Stopped(BaseException):
    """We were asked to stop: Ctrl-C, SIGTERM, or the terminal went away."""


def say(text: str = "") -> None:
    """Print for people: whatever the terminal's encoding, and even when nobody reads any more."""
    with suppress(OSError):
        print(
            text.encode(sys.stdout.encoding or "utf-8", "replace").decode(sys.stdout.encoding or "utf-8"),
            flush=True,
        )


def complain(text: str) -> None:
    """Print to standard error, in red on a terminal."""
    red, plain = ("\x1b[31m", "\x1b[0m") if sys.stderr.isatty() else ("", "")
    with suppress(OSError):
        print(f"{red}{text}{plain}", file=sys.stderr, flush=True)


def stop_on_signals() -> None:
    """Turn signals into `Stopped`; under make, also make's own death.

    A SIGHUP that is ignored on arrival (nohup) stays ignored.
    """

    def stop(number, frame):
        raise Stopped(number)

    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        if number != signal.SIGHUP or signal.getsignal(number) != signal.SIG_IGN:
            signal.signal(number, stop)
    if os.environ.get("MAKELEVEL"):
        libc.prctl(PR_SET_PDEATHSIG, signal.SIGTERM)


def command(main: Callable[[], int]) -> NoReturn:
    """Run one of our commands: end with its exit code, with a sentence, or as the signal would have it."""
    stop_on_signals()
    try:
        sys.exit(main())
    except Problem as problem:
        complain(str(problem))
        sys.exit(1)
    except Stopped as stop:
        sys.exit(128 + stop.args[0])


def ignore_signals() -> None:
    """While we clean up: a second Ctrl-C must not leave half of it undone."""
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, signal.SIG_IGN)


def die_with_parent(number: int) -> Callable[[], None]:
    """Return what a child does before exec: ask the kernel for signal `number` when its parent dies.

    It must run after the change of user, which clears the request; subprocess calls preexec_fn that late.
    SIGINT gets its default back: a shell starts background jobs with SIGINT ignored, which is inherited.
    """
    parent = os.getpid()

    def in_child():
        signal.signal(signal.SIGINT, signal.SIG_DFL)
        libc.prctl(PR_SET_PDEATHSIG, number)
        if os.getppid() != parent:
            os._exit(1)

    return in_child


def free_port() -> int:
    """Return a port of 127.0.0.1 that nobody listens on at this moment."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class Program:
    """A child process that can be started, watched and stopped, as often as needed.

    `farewell` asks it to stop, and is what the kernel sends when we die; `force` follows after `patience`
    seconds, then SIGKILL.
    `identity` is the user to run as: subprocess' own keywords, empty for ourselves.
    """

    farewell = signal.SIGTERM
    force = signal.SIGKILL
    patience = 8.0

    def __init__(
        self,
        name: str,
        command: Sequence[str | Path],
        *,
        log: Path,
        environment: Mapping[str, str],
        identity: Mapping | None = None,
    ):
        self.name = name
        self.command = [str(word) for word in command]
        self.log = log
        self.environment = dict(environment)
        self.identity = dict(identity or {})
        self.child: subprocess.Popen | None = None
        self.started_at = 0.0

    def start(self) -> None:
        """Start it, and return at once."""
        if self.log.exists() and self.log.stat().st_size > LOG_LIMIT:
            self.log.replace(self.log.with_suffix(".old"))
        with self.log.open("ab") as output:
            self.child = subprocess.Popen(
                self.command,
                env=self.environment,
                **self.streams(output),
                start_new_session=True,
                preexec_fn=die_with_parent(self.farewell),
                **self.identity,
            )
        self.started_at = time.monotonic()

    def streams(self, log: BinaryIO) -> dict:
        """Return subprocess' keywords for input and output; the terminal is not for children."""
        return {"stdin": subprocess.DEVNULL, "stdout": log, "stderr": log}

    @property
    def process(self) -> subprocess.Popen:
        """The process it has, or had last."""
        if self.child is None:
            raise RuntimeError(f"{self.name} was never started")
        return self.child

    @property
    def alive(self) -> bool:
        return self.child is not None and self.child.poll() is None

    @property
    def end(self) -> str:
        """How it ended, in words."""
        code = self.process.returncode
        return f"signal {-code}" if code < 0 else f"exit code {code}"

    def wait_until(self, ready: Callable[[], bool], seconds: float) -> None:
        """Wait for `ready()`; raise Problem with its last log lines if it ends first or takes too long."""
        deadline = time.monotonic() + seconds
        while not ready():
            if not self.alive:
                raise Problem(f"{self.name} 没有启动成功（did not start, {self.end}）：\n{self.last_lines()}")
            if time.monotonic() > deadline:
                raise Problem(f"{self.name} 在 {seconds:.0f} 秒内没有就绪（not ready）：\n{self.last_lines()}")
            time.sleep(0.02)

    def ask_to_stop(self) -> None:
        if self.alive:
            self.process.send_signal(self.farewell)

    def see_it_stop(self) -> None:
        """Wait after `ask_to_stop`, insist, then end what is left of its group."""
        if self.child is None:
            return
        for word in (self.force, signal.SIGKILL):
            try:
                self.process.wait(self.patience)
                break
            except subprocess.TimeoutExpired:
                self.process.send_signal(word)
        self.end_group()

    def end_group(self) -> None:
        """End children that a dead program left behind, such as a killed worker's."""
        with suppress(ProcessLookupError, PermissionError):
            os.killpg(self.process.pid, signal.SIGKILL)
        with suppress(subprocess.TimeoutExpired):
            self.process.wait(self.patience)

    def last_lines(self, count: int = 20) -> str:
        """Return the end of its log."""
        with suppress(OSError), self.log.open("rb") as log:
            log.seek(max(0, self.log.stat().st_size - 8192))
            return "\n".join(log.read().decode(errors="replace").splitlines()[-count:])
        return ""


def stop_all(programs: Sequence[Program]) -> None:
    """Stop programs side by side."""
    for program in programs:
        program.ask_to_stop()
    for program in programs:
        program.see_it_stop()
