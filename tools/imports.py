"""The direction of the house: portal < stations < postdocs < subsidies < targets.

An app imports only from itself and its left. Nor does it name anything to its right in a string that
Django would follow: a foreign key ("subsidies.Claim"), a module, a URL ("subsidies:list"), a template.
Only `portal` may, since it puts the house together (INSTALLED_APPS, include); but it imports none of them.
"""

import ast
import re
import sys
from collections.abc import Iterator
from pathlib import Path

ORDER = ("portal", "stations", "postdocs", "subsidies", "targets")
ROOT = Path(__file__).resolve().parent.parent
LIKE_A_NAME = re.compile(r"[a-z]+[.:/][\w.:/-]+")


def wrong_names(app: str, root: Path = ROOT) -> list[str]:
    """Return a line for each place where `app` names an app to its right; an empty list is what we want."""
    right = ORDER[ORDER.index(app) + 1 :]
    found = []
    for path in sorted((root / app).rglob("*.py")):
        tree = ast.parse(path.read_bytes(), filename=str(path))
        for line, name in names(tree, strings=app != "portal"):
            if re.split(r"[.:/]", name)[0] in right:
                found.append(f"{path.relative_to(root)}:{line}: {app} names {name}, which is to its right")
    return found


def names(tree: ast.AST, *, strings: bool) -> Iterator[tuple[int, str]]:
    """Yield (line, name) of each absolute import and each string like app.name, app:name or app/name."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from ((node.lineno, alias.name) for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and not node.level:
            yield node.lineno, node.module or ""
        elif strings and isinstance(node, ast.Constant) and LIKE_A_NAME.fullmatch(str(node.value)):
            yield node.lineno, str(node.value)


def main() -> int:
    found = [line for app in ORDER for line in wrong_names(app)]
    print("\n".join(found), end="\n" if found else "")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
