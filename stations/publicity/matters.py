"""Which matters are public for some days before they count, what their public pages show, what an objection does."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from itertools import groupby
from typing import Any

from django.db.models import Count, F, Model, Q, QuerySet
from django.utils.translation import gettext_lazy

from portal.models import Matter, Pack
from portal.workdays import Calendar
from stations.models import Evaluation, EvaluationStatus, Sheet

E = EvaluationStatus
FEW = 12  # sheets of one grade that are shown without being asked for


def nothing_more(subject: Any, *, on: date) -> None:
    """What an objection does to most matters beside waiting for its answer."""


@dataclass(frozen=True)
class Publication:
    """One kind of matter with a publicity. Its subjects have a status, `publicity_since` and `publicity_until`.

    `shown`: those of a city that anybody may read. `taking`: the statuses in which objections are received; `final`:
    those in which an answer stands as it is. `entries` and `page` give the values of the templates. `back` names the
    bureau's page with the objections, `BACK_answer` and `BACK_file` what is below it; `room` is the list it belongs to,
    as (label, address). `received` is run with each objection.
    """

    model: type[Model]
    shown: Callable[[Pack], QuerySet]
    taking: frozenset[str]
    final: frozenset[str]
    list_template: str
    template: str
    entries: Callable[[Pack, date], Any]
    page: Callable[[Any], Mapping[str, Any]]
    back: str
    room: tuple[Any, str]
    received: Callable[..., None] = nothing_more

    def takes(self, subject: Any, on: date) -> bool:
        """Whether the public page takes objections on the day: while it is public, its last day included."""
        since, until = subject.publicity_since, subject.publicity_until
        return subject.status in self.taking and since is not None and until is not None and since <= on <= until


PUBLICATIONS: dict[str, Publication] = {}  # by the kind of the matter, in the order of the public page


def publication_of(subject: Any) -> Publication:
    return PUBLICATIONS[subject.matter.kind]


def subject_of(matter: Matter) -> Any:
    """The round, claim or other thing that a matter with a publicity is about."""
    return PUBLICATIONS[matter.kind].model._default_manager.select_related("matter").get(matter=matter.pk)


# --- rounds of evaluation ----------------------------------------------------------------------


def shown_rounds(pack: Pack) -> QuerySet:
    """What is or was public in a city: the current ones first, then the newest."""
    rows = Evaluation.objects.filter(
        scheme__pack=pack, status__in=[E.PUBLICITY, E.PUBLISHED], publicity_since__isnull=False
    )
    return rows.select_related("matter", "scheme").order_by(
        F("published_on").desc(nulls_first=True), "-publicity_since", "-pk"
    )


def rounds(pack: Pack, on: date) -> list[tuple]:
    """(round, whether it takes objections, working days left)."""
    calendar, taken = Calendar.for_pages(), PUBLICATIONS["evaluation"]
    rows = shown_rounds(pack).annotate(n=Count("sheets", filter=~Q(sheets__status="exempt")))
    return [(row, taken.takes(row, on), calendar.between(on, row.publicity_until)) for row in rows]


def round_page(round_: Evaluation) -> dict[str, Any]:
    sheets = Sheet.objects.filter(evaluation=round_).exclude(status="exempt").select_related(
        "station__enterprise__organisation", "matter__district", "grade"
    )  # fmt: skip
    groups = grouped(sheets.order_by("grade__order", "matter__district__path_order", "pk"))
    return {"round": round_, "groups": groups}


def grouped(sheets) -> list[tuple]:
    """(grade, its sheets, whether they are shown at once): the best grade, and those with few sheets."""
    groups = [(grade, list(rows)) for grade, rows in groupby(sheets, key=lambda sheet: sheet.grade)]
    return [(grade, rows, n == 0 or len(rows) <= FEW) for n, (grade, rows) in enumerate(groups)]


PUBLICATIONS["evaluation"] = Publication(
    model=Evaluation,
    shown=shown_rounds,
    taking=frozenset({E.PUBLICITY}),
    final=frozenset({E.PUBLISHED}),
    list_template="stations/_public_rounds.html",
    template="stations/publicity.html",
    entries=rounds,
    page=round_page,
    back="stations:objections",
    room=(gettext_lazy("评估"), "stations:evaluations"),
)
