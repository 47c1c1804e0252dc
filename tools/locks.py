"""Lock files name versions and hashes, never an address: everybody fetches from their own registry or mirror.

It names the lines that are wrong; with --strip it first takes out npm's "funding" and "resolved".
"""

import json
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
NPM = ("package-lock.json", "servers/package-lock.json", "tests/browser/package-lock.json")
PIP = ("requirements/*.txt", "servers/*.txt")


def addresses() -> list[str]:
    """Return a line for each address in a lock file; an empty list is what we want."""
    found = []
    for path in [
        *(ROOT / name for name in NPM),
        *(path for pattern in PIP for path in sorted(ROOT.glob(pattern))),
    ]:
        for number, line in enumerate(path.read_text().splitlines(), 1):
            if "://" in line or '"resolved"' in line:
                found.append(f"{path.relative_to(ROOT)}:{number}: {line.strip()}")
    return found


def strip(path: Path) -> None:
    lock = json.loads(path.read_text())
    for package in lock["packages"].values():
        for entry in ("funding", "resolved"):
            package.pop(entry, None)
    path.write_text(json.dumps(lock, indent=2, ensure_ascii=False) + "\n")


def main() -> int:
    if "--strip" in sys.argv[1:]:
        for name in NPM:
            strip(ROOT / name)
    found = addresses()
    if found:
        print("\n".join(found))
        print("锁文件里不能有地址；请运行 make lock。A lock must name no address: run make lock.")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
