"""A version drafted on a page: from nothing or copied from the one in force, changed, proposed, published by another
person.

One draft of a scheme at a time. What a decision rests on is never changed; the database refuses it too.
"""

from collections.abc import Iterable, Iterator
from datetime import date
from itertools import count
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Max
from django.utils.timezone import now
from django.utils.translation import gettext as _

from portal import jobs
from portal.lifecycle import Refused
from portal.models import Amendment, Clause, User
from subsidies.claims.models import GONE, Claim
from subsidies.schemes import impact
from subsidies.schemes.models import SchemeVersion, Shape, SubsidyScheme, VersionState
from subsidies.schemes.pack import SCHEMES, VERSIONS, check_overlap, check_scheme, incomplete

V = VersionState
OPEN = (V.DRAFT, V.PROPOSED)


def locked(version: SchemeVersion, *states: str) -> SchemeVersion:
    """The fresh version, its scheme locked: steps on versions of one scheme come one by one. Raises Refused."""
    scheme = SubsidyScheme.objects.select_for_update().get(pk=version.scheme_id)
    row = SchemeVersion.objects.filter(pk=version.pk).first()
    if row is None or row.state not in states:
        raise Refused(_("这一版的状态已变，请刷新页面。"))
    row.scheme = scheme
    return row


def amended(version: SchemeVersion, before: dict, after: dict, *, by: User, reason: str) -> None:
    """History: what was said and is said now, of what differs."""
    names = [name for name in {**before, **after} if before.get(name) != after.get(name)]
    Amendment.objects.create(
        pack_id=version.pack_id,
        table=version._meta.label_lower,
        key=key_of(version.scheme),
        label=f"{version.scheme.title} {version.since}",
        before={name: before.get(name) for name in names},
        after={name: after.get(name) for name in names},
        reason=reason,
        by=by,
    )


def key_of(scheme: SubsidyScheme) -> str:
    """Under which the history of a scheme's versions stands."""
    return scheme.code


def state_of(version: SchemeVersion) -> dict[str, str]:
    return {"state": version.state}


# --- drafting ----------------------------------------------------------------------------------


@transaction.atomic
def found(scheme: SubsidyScheme, *, since: date, clause: Clause, by: User) -> SchemeVersion:
    """A wholly new scheme, with the draft of its first version: nobody but the office sees it before that is published.
    Raises ValidationError, and Refused as a pack's file would be."""
    last = SubsidyScheme.objects.filter(pack=scheme.pack).aggregate(last=Max("order"))["last"]
    scheme.order = 0 if last is None else last + 1
    told(scheme)
    row = SchemeVersion(
        pack=scheme.pack, scheme=scheme, since=since, clause=clause, state=V.DRAFT, shape=Shape.UNSTATED
    )
    row.edited_at = now()
    row.full_clean()
    row.save()
    amended(row, {}, impact.content(row), by=by, reason=_("新的资助项目"))
    return row


def told(scheme: SubsidyScheme) -> None:
    """Write what was told of a scheme. Raises as `found` does."""
    scheme.edited_at = now()
    scheme.full_clean()
    if wrong := list(check_scheme(scheme)):
        raise Refused(_("；").join(wrong))
    scheme.save()


@transaction.atomic
def retell(scheme: SubsidyScheme, *, by: User) -> None:
    """Change what a scheme gives to whom, as long as nothing of it was published. Raises as `found` does."""
    kept = SubsidyScheme.objects.select_for_update().get(pk=scheme.pk)
    if kept.versions.published().exists():  # type: ignore[attr-defined]
        raise Refused(_("这个项目已有发布的版本，不能再改项目本身；要改金额和条件，请起草新版。"))
    before, row = said_of_scheme(kept), scheme.versions.first()
    told(scheme)
    if row is not None and (after := said_of_scheme(scheme)) != before:
        row.scheme = scheme
        amended(row, before, after, by=by, reason=_("修改资助项目"))


def said_of_scheme(scheme: SubsidyScheme) -> dict[str, Any]:
    names = [name for name in SCHEMES.fields if name not in ("vocabulary", "code")]
    return {n: str(v) if (v := getattr(scheme, n)) is not None else None for n in names}


@transaction.atomic
def draft(scheme: SubsidyScheme, *, since: date, by: User) -> SchemeVersion:
    """A copy of the version in force before `since`, to be changed. Raises Refused."""
    scheme = SubsidyScheme.objects.select_for_update().get(pk=scheme.pk)
    versions = SchemeVersion.objects.filter(scheme=scheme).order_by("since")
    if versions.filter(state__in=OPEN).exists():
        raise Refused(_("这个项目已有一版在起草或待发布，请先办完那一版。"))
    former = versions.published().filter(since__lt=since).last()
    if former is None:
        raise Refused(_("新的一版要晚于现行版的执行起，才有可以参照的。"))
    if versions.filter(since=since).exists():
        raise Refused(_("%(day)s 起已有一版，请换一个执行起。") % {"day": since})
    later = versions.published().filter(since__gt=since).first()
    ends = [day for day in (former.until if former.until and former.until > since else None, later and later.since)]
    return copied(former, since=since, until=min(filter(None, ends), default=None), by=by)


def copied(former: SchemeVersion, *, since: date, until: date | None, by: User) -> SchemeVersion:
    """The same with all it holds, as a draft."""
    row = SchemeVersion.objects.get(pk=former.pk)
    row.pk, row._state.adding = None, True
    row.since, row.until, row.state, row.loaded, row.edited_at = since, until, V.DRAFT, None, now()
    row.proposed_by = row.published_by = row.published_on = row.seen = None
    row.save()
    for part in VERSIONS.children:
        for child in part.rows(former):
            child.pk, child._state.adding, child.version = None, True, row
            child.save()
    amended(row, {}, impact.content(row), by=by, reason=_("起草新的一版"))
    return row


@transaction.atomic
def edit(version: SchemeVersion, values: dict[str, Any], rows: Iterable, gone: Iterable, *, by: User) -> SchemeVersion:
    """Write what was typed: the version's own `values`, changed or new `rows` below it, those that are `gone`.

    Raises Refused, and ValidationError as the models do.
    """
    row = locked(version, V.DRAFT)
    before = impact.content(row)
    for name, value in values.items():
        setattr(row, name, value)
    row.edited_at = now()
    row.full_clean()
    row.save()
    for child in gone:
        child.delete()
    for child in rows:
        child.version = row
        if child.pk is None:
            place(child)
        child.full_clean()
        child.save()
    after = impact.content(row)
    if after != before:
        amended(row, before, after, by=by, reason=_("修改草稿"))
    return row


def place(child) -> None:
    """A new row stands last, and has a name of its own where rows of its kind have one."""
    rows = type(child)._default_manager.filter(version=child.version)
    columns = {column.name for column in child._meta.concrete_fields}
    if "order" in columns and not child.order:
        last = rows.aggregate(last=Max("order"))["last"]
        child.order = 0 if last is None else last + 1
    if "code" in columns and not child.code:
        taken, kind = set(rows.values_list("code", flat=True)), child._meta.model_name
        child.code = next(code for n in count(1) if (code := f"{kind}-{n}") not in taken)


@transaction.atomic
def drop(version: SchemeVersion, *, by: User) -> None:
    """Throw a draft away, and the scheme with it that has nothing else; what it said stays in the history. Raises
    Refused."""
    row = locked(version, V.DRAFT)
    amended(row, impact.content(row), {}, by=by, reason=_("放弃草稿"))
    row.delete()
    if not row.scheme.versions.exists():
        row.scheme.delete()


# --- proposing and publishing ------------------------------------------------------------------


def problems(version: SchemeVersion) -> list[str]:
    """What a pack's file would be refused for, were it to say this; its cases are only judged once all rows are right."""
    found = list(said_of(VERSIONS, version))
    for part in VERSIONS.children:
        for row in part.rows(version):
            row.version = version
            found += (f"{part.describe(row)}：{text}" for text in said_of(part, row))
    return found or list(incomplete(version))


def said_of(part, row) -> Iterator[str]:
    try:
        row.full_clean()
    except ValidationError as error:
        yield from error.messages
    yield from part.check(row)


def refuse_problems(version: SchemeVersion) -> None:
    if found := problems(version):
        raise Refused(_("；").join(found))


@transaction.atomic
def propose(version: SchemeVersion, *, by: User) -> SchemeVersion:
    """Hand it over for somebody else to publish. Raises Refused where a check or a boundary case fails."""
    row = locked(version, V.DRAFT)
    refuse_problems(row)
    before = state_of(row)
    row.state, row.proposed_by, row.edited_at = V.PROPOSED, by, now()
    row.save()
    amended(row, before, state_of(row), by=by, reason=_("送复核发布"))
    return row


@transaction.atomic
def send_back(version: SchemeVersion, *, by: User, note: str) -> SchemeVersion:
    """To be changed again. Raises Refused."""
    row = locked(version, V.PROPOSED)
    if not note.strip():
        raise Refused(_("请写明要改什么。"))
    before = state_of(row)
    row.state, row.proposed_by, row.edited_at = V.DRAFT, None, now()
    row.save()
    amended(row, before, state_of(row), by=by, reason=note.strip())
    return row


@transaction.atomic
def publish(version: SchemeVersion, *, seen: str, by: User, on: date) -> SchemeVersion:
    """Put it in force from its day; the former version ends that day. `seen` is the digest of the difference that this
    person looked at: it has to be what it is now. Raises Refused."""
    row = locked(version, V.PROPOSED)
    if row.proposed_by_id == by.pk:
        raise Refused(_("这一版是您送来的，须由另一人发布。"))
    refuse_problems(row)
    former = impact.former_of(row)
    looked = impact.seen_of(row, former, impact.difference(row, former, on=on), on=on)
    if looked["digest"] != seen:
        raise Refused(_("您看过以后，规则或人员情况有变。请再看一遍影响，再发布。"))
    if former is not None:
        end(former, row, by=by)
    before = state_of(row)
    row.state, row.published_by, row.published_on, row.seen, row.edited_at = V.PUBLISHED, by, on, looked, now()
    try:
        row.full_clean()
    except ValidationError as error:
        raise Refused(_("；").join(error.messages)) from error
    row.save()
    if overlaps := list(check_overlap(row.pack)):
        raise Refused(_("；").join(overlaps))
    amended(row, before, state_of(row), by=by, reason=_("发布，已看过影响"))
    jobs.ask("sweep_entitlements")
    return row


def decided_after(former: SchemeVersion, since: date) -> int:
    """How many decisions rest on it for what happened from a day on."""
    return (
        Claim.objects.filter(instalment__version=former, event_on__gte=since, decisions__isnull=False)
        .distinct()
        .count()
    )


def under_way(former: SchemeVersion, version: SchemeVersion) -> int:
    """How many live claims without a decision would come under the new version, and have to be made again."""
    rows = Claim.objects.filter(instalment__version=former, event_on__gte=version.since, decisions=None)
    rows = rows.filter(event_on__lt=version.until) if version.until else rows
    return rows.exclude(status__in=GONE).count()


def end(former: SchemeVersion, version: SchemeVersion, *, by: User) -> None:
    """The former version ends where the new one begins. Raises Refused where decisions stand in the way."""
    if former.until is not None and former.until <= version.since:
        return
    if n := decided_after(former, version.since):
        text = _("已有 %(n)s 件按现行版作出决定，资格产生于 %(day)s 以后。新版不能早于这些决定，请改执行起。")
        raise Refused(text % {"n": n, "day": version.since})
    before = {"until": former.until and str(former.until)}
    former.until, former.edited_at = version.since, now()
    former.save(update_fields=["until", "edited_at"])
    amended(former, before, {"until": str(former.until)}, by=by, reason=_("由新的一版接替"))
