"""Excel out, of any length: a short list is sent at once, a long one is made by a worker while a bar shows how far.

A list says what its rows are (`Book`); the words of its codes are looked up once, not for each row.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import wraps
from importlib import import_module
from typing import Any

from django.conf import settings
from django.core.files.base import ContentFile
from django.http import HttpRequest, QueryDict
from django.shortcuts import redirect
from django.utils.timezone import now
from django.utils.translation import get_language, gettext_lazy, override

from portal import jobs
from portal.bulk import nothing_thrown_away
from portal.jobs import handler
from portal.models import Job
from portal.words import localised
from portal.workbooks import workbook, written

KEPT = timedelta(days=7)  # how long a workbook that a worker made can be fetched
SHOWN = 2000  # rows between two steps of the progress bar


@dataclass
class Book:
    """One list as a workbook: `lines` are read when it is written; `total` is how many there are."""

    title: str
    headings: Sequence[str]
    lines: Iterable[Sequence]
    on: date
    total: int


EXPORTS: dict[str, Callable[[HttpRequest], Book]] = {}


def exported(name: str):
    """A view that answers with the workbook that the function describes; who may see what is the function's to say."""

    def register(book_of: Callable[[HttpRequest], Book]):
        EXPORTS[name] = book_of

        @wraps(book_of)
        def view(request):
            book = book_of(request)
            if book.total > settings.EXPORT_AT_ONCE:
                return redirect(asked_for(name, request))
            with nothing_thrown_away():
                return workbook(book.title, book.headings, book.lines, user=request.user, on=book.on)

        return view

    return register


def asked_for(name: str, request) -> Job:
    """The job that makes it; pressing twice makes it once."""
    asked = {"name": name, "query": request.GET.urlencode(), "language": get_language()}
    waiting = Job.objects.filter(kind="export", asked_by=request.user, state__in=["waiting", "running"], payload=asked)
    return waiting.first() or jobs.ask("export", by=request.user, **asked)


@handler("export", gettext_lazy("导出 Excel"), atomic=False)
def export(job: Job) -> dict:
    """The rows that whoever asked may see now, in their language."""
    import_module(settings.ROOT_URLCONF)  # a worker may not have seen the pages yet
    request: Any = HttpRequest()
    request.user, request.GET = job.asked_by, QueryDict(job.payload["query"])
    with override(job.payload["language"]), nothing_thrown_away():
        book = EXPORTS[job.payload["name"]](request)
        content, name = written(book.title, book.headings, counted(job, book), user=request.user, on=book.on)
    job.content_name = name
    job.content.save(f"{job.pk}.xlsx", ContentFile(content), save=False)
    job.save(update_fields=["content", "content_name"])
    return {}


def counted(job: Job, book: Book) -> Iterator[Sequence]:
    done = 0
    for done, line in enumerate(book.lines, 1):
        if done % SHOWN == 0:
            jobs.progress(job, done, book.total)
        yield line
    jobs.progress(job, done, done)


@handler("old_exports", gettext_lazy("清理过期的导出文件"), merge=True, daily=True)
def throw_away(job: Job) -> dict:
    """What nobody fetched for a week holds names and telephones for nothing."""
    old = Job.objects.filter(kind="export", finished_at__lt=now() - KEPT).exclude(content="")
    for done in old:
        done.content.delete(save=True)
    return {}


# --- words -------------------------------------------------------------------------------------


def labels(choices) -> dict[str, str]:
    """The words of a column's codes in the reader's language."""
    return {value: str(label) for value, label in choices.choices} | {"": ""}


def names(rows, name: str = "name") -> dict[int | None, str | None]:
    """The names of a few rows that many lines speak of, by their keys; None where a line names none."""
    return {row.pk: localised(row, name) for row in rows} | {None: None}
