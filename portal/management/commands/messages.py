import io
import re
import tokenize
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import extract_python
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po
from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils.translation.template import templatize

APPS = ("portal", "stations", "postdocs", "subsidies", "targets")
KEYWORDS = {
    "_": None,
    "gettext": None,
    "gettext_lazy": None,
    "gettext_noop": None,
    "ngettext": (1, 2),
    "ngettext_lazy": (1, 2),
    "pgettext": ((1, "c"), 2),
    "pgettext_lazy": ((1, "c"), 2),
    "npgettext": ((1, "c"), 2, 3),
}
LANGUAGE = "en"
HEADER = (  # nothing that changes by itself: an update of an unchanged source leaves the file as it is
    ("Language", LANGUAGE),
    ("MIME-Version", "1.0"),
    ("Content-Type", "text/plain; charset=utf-8"),
    ("Content-Transfer-Encoding", "8bit"),
    ("Plural-Forms", "nplurals=2; plural=(n != 1);"),
)


class Command(BaseCommand):
    """Chinese is the language of the source; this keeps the English beside it, with no tool but Python.

    --update brings the catalogue in line with the source; --compile writes what Django reads; --check fails where a
    text has no English, or where the catalogue holds a text that the source no longer has.
    """

    help = "Extract, check or compile the English translation."

    def add_arguments(self, parser):
        parser.add_argument("--update", action="store_true")
        parser.add_argument("--compile", action="store_true")
        parser.add_argument("--check", action="store_true")

    def handle(self, update, compile, check, **options):
        catalogue = settings.ROOT / "locale" / LANGUAGE / "LC_MESSAGES" / "django.po"
        known = read(catalogue)
        if update:
            wanted = extract()
            write(catalogue, merged(known, wanted))
            self.stdout.write(f"{len(wanted)} 条，其中 {len(untranslated(read(catalogue)))} 条还没有英文")
        if check:
            problems = differences(known, extract())
            if problems:
                raise CommandError("英文翻译不完整（先运行 manage.py messages --update）：\n" + "\n".join(problems))
        if compile:
            target = catalogue.with_suffix(".mo")
            with target.open("wb") as file:
                write_mo(file, read(catalogue))


def read(path: Path) -> Catalog:
    if not path.exists():
        return Catalog(locale=LANGUAGE, fuzzy=False)
    with path.open("rb") as file:
        return read_po(file, locale=LANGUAGE)


def write(path: Path, catalogue: Catalog) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("wb") as file:
        file.write(b'msgid ""\nmsgstr ""\n')
        file.writelines(f'"{name}: {value}\\n"\n'.encode() for name, value in HEADER)
        file.write(b"\n")
        write_po(file, catalogue, width=110, omit_header=True, no_location=True, sort_output=True)


def extract() -> Catalog:
    """Every text of the source: Python modules and templates."""
    found = Catalog(locale=LANGUAGE, fuzzy=False)
    for app in APPS:
        for path in sorted((settings.ROOT / app).rglob("*.py")):
            if "migrations" not in path.parts:
                add(found, path.read_bytes(), path)
    for path in sorted((settings.ROOT / "templates").rglob("*.*")):
        source = templatize(path.read_text(encoding="utf-8"), origin=str(path))
        plain = "\n".join(line.strip() for line in source.splitlines())
        add(found, plain.encode(), path)
    return found


def add(found: Catalog, source: bytes, path: Path) -> None:
    try:
        rows = list(extract_python(io.BytesIO(source), KEYWORDS, [], {"encoding": "utf-8"}))
    except (tokenize.TokenError, SyntaxError) as error:
        raise CommandError(f"{path}：{error}") from error
    for _line, function, texts, _comments in rows:
        texts = (texts,) if isinstance(texts, str) else texts
        if function in ("pgettext", "pgettext_lazy") and texts[0]:
            found.add(texts[1], context=texts[0])
        elif function == "npgettext":
            found.add(texts[1:3], context=texts[0])
        elif function in ("ngettext", "ngettext_lazy"):
            found.add(texts[:2])
        elif texts[0] and has_chinese(texts[0]):
            found.add(texts[0])


def has_chinese(text: str) -> bool:
    """Whether a text has a Chinese character or sign: a comma is translated too."""
    return bool(re.search(r"[\u3000-\u9fff\uff00-\uffef]", text))


def merged(known: Catalog, wanted: Catalog) -> Catalog:
    """The wanted texts with the English that is known."""
    result = Catalog(locale=LANGUAGE, fuzzy=False)
    for message in wanted:
        if message.id:
            old = known.get(message.id, message.context)
            fits = old and isinstance(old.string, str) == isinstance(message.id, str)  # a text may have got a plural
            string = old.string if fits else ""
            result.add(message.id, string, flags=message.flags, context=message.context)
    return result


def untranslated(catalogue: Catalog) -> list:
    """Texts without English; a plural needs both forms."""
    return [m for m in catalogue if m.id and not (all(m.string) if isinstance(m.string, tuple | list) else m.string)]


def differences(known: Catalog, wanted: Catalog) -> list[str]:
    keys = {(m.id, m.context) for m in wanted if m.id}
    have = {(m.id, m.context) for m in known if m.id}
    named = [f"  新增：{first(k)}" for k in sorted(keys - have, key=str)]
    named += [f"  多余：{first(k)}" for k in sorted(have - keys, key=str)]
    return named + [f"  没有英文：{first((m.id, m.context))}" for m in untranslated(known)]


def first(key) -> str:
    text = key[0][0] if isinstance(key[0], tuple) else key[0]
    return text.replace("\n", " ")[:80]
