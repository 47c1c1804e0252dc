"""`make manage ARGS="…"`: a command of the portal, on the databases of `make run`.

If that runs, its servers are used; else they are started for this one command. Standard output is the
command's alone; make itself turns every exit code but 0 into 2.
"""

import os
import signal
import subprocess
import sys
from collections.abc import Sequence

from tools import home
from tools.processes import (
    Problem,
    Stopped,
    command,
    die_with_parent,
    ignore_signals,
    stop_all,
)


def manage(arguments: Sequence[str], environment: dict[str, str]) -> int:
    """Run manage.py and return its exit code as a shell would; Ctrl-C is its business, it may be a shell."""
    signal.signal(signal.SIGINT, lambda number, frame: None)
    words = [sys.executable, "manage.py", *arguments]
    child = subprocess.Popen(
        words, cwd=home.ROOT, env=os.environ | environment, preexec_fn=die_with_parent(signal.SIGTERM)
    )
    try:
        code = child.wait()
    except Stopped:
        child.terminate()
        code = child.wait()
    return code if code >= 0 else 128 - code


def main() -> int:
    arguments = sys.argv[1:]
    if not arguments:
        raise Problem('用法（usage）：make manage ARGS="命令 参数"')
    home.check_environment(os.environ)
    home.make_folders()
    started = []
    try:
        if os.environ.get("DATABASE_URL") and os.environ.get("REDIS_URL"):
            return manage(arguments, home.portal_environment([]))
        lock, note = home.take_lock()  # held as long as the name lives
        if note:
            return manage(arguments, home.environment_of(note, os.environ))
        for server in home.databases(os.environ):
            started.append(server)
            server.start()
        return manage(arguments, home.portal_environment(started))
    finally:
        ignore_signals()
        stop_all(started)


if __name__ == "__main__":
    command(main)
