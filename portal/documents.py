"""Papers, their clauses, and what rests on them.

Nobody lists what implements a clause: every row of every model with a foreign key to `Clause` does, so an app joins by
having the key. From that come the coverage of a paper, its gaps, and what a newer paper touches.
"""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.apps import apps
from django.db import models, transaction
from django.db.models import Count, F, Prefetch, Q, Value
from django.db.models.functions import Cast
from django.urls import reverse
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from portal import uploads
from portal.lifecycle import LIFECYCLES
from portal.models import Amendment, Clause, Document, Guard, Organisation, Pack, Relation, Setting
from portal.routes import may_open
from portal.site import places
from portal.words import localised

REGISTER = (Clause, Relation)  # the papers speaking of themselves
EXPLAINS = (Setting,)  # how a clause is read where it leaves something open; it isn't carried out by that
DONE, TOLD, OPEN = "done", "told", "open"  # implemented; only described; called for, and nothing implements it yet


class NoBureau(ValueError):
    """A city without its bureau has nobody to keep a file."""


# --- who points to a clause --------------------------------------------------------------------


def pointers(target: type[models.Model]) -> list[models.ForeignKey]:
    """The foreign keys to `target` of all models but the register's own."""
    return [
        column
        for model in apps.get_models()
        if model not in REGISTER
        for column in model._meta.concrete_fields
        if isinstance(column, models.ForeignKey) and column.related_model is target
    ]


def way_to_pack(model: type[models.Model]) -> str:
    """The look-up that leads from a row to its pack: its own key, or that of what the row belongs to."""
    line: list[tuple[type[models.Model], str]] = [(model, "")]
    for here, way in line:
        keys = [c for c in here._meta.concrete_fields if isinstance(c, models.ForeignKey) and not c.null]
        for column in keys:
            if column.related_model is Pack:
                return f"{way}{column.name}"
        line += [(c.related_model, f"{way}{c.name}__") for c in keys if c.related_model not in (Clause, here)]
        if way.count("__") > 3:
            break
    raise LookupError(f"{model._meta.label}: no foreign key leads to a pack")


def tally(target: type[models.Model], **where) -> Counter[int]:
    """How many rows implement each clause of those that `where` says; one statement for all models."""
    parts = [
        column.model._base_manager.filter(**{f"{column.name}__{name}": value for name, value in where.items()})
        .order_by()
        .values_list(column.name)
        .annotate(rows=Count("pk"))
        for column in pointers(target)
        if column.model not in EXPLAINS
    ]
    found: Counter[int] = Counter()
    for pk, rows in parts[0].union(*parts[1:], all=True) if parts else ():
        found[pk] += rows
    return found


# --- rows in words -----------------------------------------------------------------------------

NAMES: dict[type[models.Model], Callable[[Any], str]] = {}


def names(model: type[models.Model]):
    """Say how rows of a model are called that have neither title nor name."""

    def register(say: Callable[[Any], str]):
        NAMES[model] = say
        return say

    return register


def name_of(row: models.Model) -> str:
    if say := NAMES.get(type(row)):
        return say(row)
    return next((localised(row, column) for column in ("title", "name") if hasattr(row, column)), str(row))


@names(Guard)
def guard_name(guard: Guard) -> str:
    lifecycle = LIFECYCLES[guard.lifecycle]
    facts = lifecycle.vocabulary.facts
    return _("%(lifecycle)s“%(action)s”：%(fact)s") % {
        "lifecycle": lifecycle.label,
        "action": lifecycle.actions[guard.action],
        "fact": facts[guard.fact].label if guard.fact in facts else guard.fact,
    }


@dataclass(frozen=True)
class Row:
    """A row as a list of rules shows it; `url` is "" where it has no page, or none that the reader may open."""

    kind: str
    name: str
    url: str
    ended: bool
    explains: bool = False


def as_row(row: models.Model, user, on: date, *, last_day: bool = False) -> Row:
    """`last_day`: its `until` is the last day on which it holds, as a plan's is, and not the first on which it doesn't."""
    url = row.get_absolute_url() if hasattr(row, "get_absolute_url") else ""
    until = getattr(row, "until", None)
    return Row(
        capfirst(str(row._meta.verbose_name)),
        name_of(row),
        url if url and may_open(user, url) else "",
        until is not None and (until < on or (until == on and not last_day)),
        isinstance(row, EXPLAINS),
    )


def seen(model: type[models.Model], user) -> models.QuerySet:
    """The rows of a model that a person sees: a city's rules are everybody's, cases have their own scope."""
    rows: Any = model._default_manager.all()
    return rows.visible_to(user) if hasattr(rows, "visible_to") else rows


def rows_on(target: type[models.Model], keys: Iterable[int], user, on: date) -> dict[int, list[Row]]:
    """What points to each of these clauses (or documents), by their keys: one statement finds which, and one more for
    each model that has any."""
    columns, keys = pointers(target), list(keys)
    parts = [
        column.model._base_manager.filter(**{f"{column.name}__in": keys})
        .order_by()
        .annotate(which=Value(n), key=Cast("pk", models.CharField()))
        .values_list("which", "key")
        for n, column in enumerate(columns)
    ]
    hits: dict[int, list[str]] = defaultdict(list)
    for n, pk in parts[0].union(*parts[1:], all=True) if parts and keys else ():
        hits[n].append(pk)
    found: dict[int, list[Row]] = defaultdict(list)
    for n in sorted(hits):
        column = columns[n]
        rows = seen(column.model, user).filter(pk__in=hits[n]).select_related()
        for row in rows.order_by(*in_order(column.model)):
            found[getattr(row, column.attname)].append(as_row(row, user, on, last_day=target is Document))
    return found


def in_order(model: type[models.Model]) -> tuple[str, ...]:
    return ("order", "pk") if any(c.name == "order" for c in model._meta.concrete_fields) else ("pk",)


# --- a paper -----------------------------------------------------------------------------------


@dataclass
class Line:
    """One clause of a paper as a reader sees it."""

    clause: Clause
    state: str
    rows: list[Row] = field(default_factory=list)
    replaced_by: list[Relation] = field(default_factory=list)

    @property
    def depth(self) -> int:
        """How deep in its paper: 二 is 0, 二(一) is 1, 二(一)1 is 2."""
        number = self.clause.number
        return min(2, ("(" in number) + (number[-1:].isdigit() and not number.startswith("附件")))


@dataclass
class Paper:
    """A document with what became of its clauses, and where it stands on a day."""

    document: Document
    on: date
    lines: list[Line]
    whole: list[Row] = field(default_factory=list)  # what rests on the paper as a whole

    def count(self, state: str) -> int:
        return sum(line.state == state for line in self.lines)

    @property
    def shares(self) -> list[tuple[str, int]]:
        return [(state, self.count(state)) for state in (DONE, TOLD, OPEN)]

    @property
    def replaced_by(self) -> list[Relation]:
        """Papers that take the place of the whole of it."""
        return [r for r in self.document.told_of.all() if r.kind == Relation.Kind.REPLACES and not r.other_clause_id]

    @property
    def standing(self) -> tuple[str, str]:
        """Its state of the day as a mark and a word; nothing is said of a paper that gives no dates."""
        document, on = self.document, self.on
        if any(r.begins and r.begins <= on for r in self.replaced_by):
            return "locked", _("已被取代")
        if document.until and document.until < on:
            return "locked", _("已到期")
        begins = document.since or document.issued_on
        if begins is None:
            return "", ""
        return ("todo", _("尚未执行")) if begins > on else ("doing", _("执行中"))


def state_of(clause: Clause, rows: int) -> str:
    return DONE if rows or clause.pages else TOLD if clause.described else OPEN


def documents_of(pack: Pack, *beside: str) -> models.QuerySet[Document]:
    """The papers of a city with their clauses; `beside`: and with their "relations", or with what is "told_of" them."""
    relations = Relation.objects.select_related("document", "other", "clause", "other_clause").order_by("order", "pk")
    return (
        Document.objects.filter(pack=pack)
        .select_related("file")
        .prefetch_related(
            Prefetch("clauses", Clause.objects.select_related("document").order_by("order", "pk")),
            *(Prefetch(name, relations) for name in beside),
        )
        .order_by(F("issued_on").desc(nulls_last=True), "code")
    )


def papers(pack: Pack, on: date) -> list[Paper]:
    """All papers of a city with the states of their clauses, in a number of queries that no row adds to."""
    found = tally(Clause, document__pack=pack)
    return [
        Paper(document, on, [Line(c, state_of(c, found[c.pk])) for c in document.clauses.all()])
        for document in documents_of(pack, "told_of")
    ]


def paper(document: Document, user, on: date, *, with_rows: bool) -> Paper:
    """One paper; with what implements each clause for those who see the rules' rows."""
    clauses = list(document.clauses.all())
    keys = [c.pk for c in clauses]
    rows = rows_on(Clause, keys, user, on) if with_rows else {}
    lines = [Line(c, state_of(c, sum(not r.explains for r in rows.get(c.pk, ()))), rows.get(c.pk, [])) for c in clauses]
    for line in lines:
        if with_rows:
            line.rows = sorted([*pages_of(line.clause, user), *line.rows], key=lambda row: row.explains)
        line.replaced_by = [
            r
            for r in document.told_of.all()
            if r.kind == Relation.Kind.REPLACES and r.other_clause_id == line.clause.pk
        ]
    whole = rows_on(Document, [document.pk], user, on)[document.pk] if with_rows else []
    return Paper(document, on, lines, whole)


def pages_of(clause: Clause, user) -> Iterator[Row]:
    """The places of the navigation where a clause is carried out."""
    for name in clause.pages:
        door = places()[name]
        url = reverse(name)
        yield Row(_("页面"), door.label(), url if may_open(user, url) else "", ended=False)


# --- gaps --------------------------------------------------------------------------------------


@dataclass
class Touched:
    """What still points to something that a newer paper takes the place of."""

    relation: Relation
    lines: list[tuple[Clause | None, list[Row]]]  # None: what points to the paper as a whole

    @property
    def count(self) -> int:
        return sum(len(rows) for _clause, rows in self.lines)


def replacements(pack: Pack) -> models.QuerySet[Relation]:
    """Where one paper of a city takes the place of another, or of a clause of it."""
    rows = Relation.objects.filter(pack=pack, kind=Relation.Kind.REPLACES)
    return rows.select_related("document", "other", "clause", "other_clause").order_by("order", "pk")


def touched(relations: Iterable[Relation], user, on: date) -> list[Touched]:
    """For each replacement, all rows that point to what it replaces: a clause, or any clause of a whole paper."""
    replacing = [r for r in relations if r.kind == Relation.Kind.REPLACES]
    concerned_by = Clause.objects.filter(
        Q(pk__in=[r.other_clause_id for r in replacing if r.other_clause_id])
        | Q(document__in=[r.other_id for r in replacing if not r.other_clause_id])
    )
    ordered = concerned_by.select_related("document").order_by("document", "order", "pk")
    clauses = list(ordered) if replacing else []
    rows = rows_on(Clause, [c.pk for c in clauses], user, on)
    whole = rows_on(Document, [r.other_id for r in replacing if not r.other_clause_id], user, on)
    found = []
    for relation in replacing:
        concerned = [
            c
            for c in clauses
            if c.pk == relation.other_clause_id or (not relation.other_clause_id and c.document_id == relation.other_id)
        ]
        lines: list[tuple[Clause | None, list[Row]]] = [(c, rows[c.pk]) for c in concerned if c.pk in rows]
        if not relation.other_clause_id and relation.other_id in whole:
            lines.append((None, whole[relation.other_id]))
        found.append(Touched(relation, lines))
    return found


def without_clause(pack: Pack, user, on: date) -> dict[str, list[Row]]:
    """Rows of rules that may stand without a clause and do, by what they are. A model says with `rests_on` where the clause
    is that holds for its rows which name none."""
    found = {}
    for column in pointers(Clause):
        if not column.null:
            continue
        where = {column.name: None, way_to_pack(column.model): pack}
        if elsewhere := getattr(column.model, "rests_on", ""):
            where[elsewhere] = None
        rows = seen(column.model, user).filter(**where).select_related().order_by(*in_order(column.model))
        if lines := [as_row(row, user, on) for row in rows]:
            found[lines[0].kind] = lines
    return found


# --- a copy of the paper -----------------------------------------------------------------------


@transaction.atomic
def attach(document: Document, upload, *, source: str, by) -> None:
    """Keep a copy of the paper for everybody of the city. Raises NoBureau, uploads.BadFile."""
    document = Document.objects.select_for_update(of=("self",)).select_related("file").get(pk=document.pk)
    owner = Organisation.objects.filter(pack=document.pack_id, kind=Organisation.Kind.BUREAU).first()
    if owner is None:
        raise NoBureau(_("本市还没有登记市局，不能存放文件。"))
    before = {"file": document.file.name if document.file else None, "file_source": document.file_source}
    document.file = uploads.store(upload, organisation=owner, by=by, replaces=document.file)
    document.file_source = source
    document.save(update_fields=["file", "file_source"])  # not `edited_at`: the pack's file says nothing of it
    Amendment.objects.create(
        pack=document.pack,
        table=Document._meta.label_lower,
        key=document.code,
        label=str(document),
        before=before,
        after={"file": document.file.name, "file_source": source},
        reason=source,
        by=by,
    )


# --- looking for one ---------------------------------------------------------------------------

FOUND = 10


@dataclass(frozen=True)
class Hit:
    """A paper, or a clause of one, that somebody looked for."""

    name: str
    text: str
    url: str


def matching(pack: Pack | None, q: str) -> list[Hit]:
    """Papers and clauses whose number, title, summary or rule's id `q` names, papers first, at most ten of each; in one
    statement."""
    if pack is None or not q:
        return []
    told = Q(title__icontains=q) | Q(title_en__icontains=q) | Q(number__icontains=q)
    said = Q(summary__icontains=q) | Q(summary_en__icontains=q) | Q(number=q) | Q(rules__iregex=rf"\m{safe(q)}\M")
    paper, clause = ("number", "title", "title_en"), ("number", "summary", "summary_en")
    nothing = [Value(0), *[Value("")] * 3]
    documents = Document.objects.filter(told, pack=pack).order_by("code").values_list("pk", *paper, *nothing)
    clauses = Clause.objects.filter(said, document__pack=pack).order_by("document__code", "order", "pk")
    clauses = clauses.values_list("document", *(f"document__{name}" for name in paper), "pk", *clause)
    return [
        hit_of(Document(**dict(zip(("pk", *paper), row[:4], strict=True))), row[4:])
        for row in documents[:FOUND].union(clauses[:FOUND], all=True)
    ]


def hit_of(document: Document, clause: tuple) -> Hit:
    pk, number, summary, summary_en = clause
    if not pk:
        return Hit(str(document), localised(document, "title"), document.get_absolute_url())
    row = Clause(pk=pk, document=document, number=number, summary=summary, summary_en=summary_en)
    return Hit(str(row), localised(row, "summary"), row.get_absolute_url())


def safe(q: str) -> str:
    """What is looked for as the id of a rule: anything but letters and digits matches nothing."""
    return q if q.isascii() and q.isalnum() else "-"
