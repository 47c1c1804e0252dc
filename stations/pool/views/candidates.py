"""The bureau's own selection for the reserve pool: enterprises by their facts, the nearest first, several at once."""

from collections.abc import Iterator

from django.shortcuts import render
from django.urls import reverse
from django.utils.timezone import localdate
from django.utils.translation import gettext as _

from portal.bulk import in_chunks
from portal.exports import Book, exported
from portal.facts import Criterion, Lookup
from portal.paging import Whole
from portal.site import pack_of, remembered
from portal.words import localised
from stations.models import Enterprise, PoolBasis
from stations.pool import candidates, gaps
from stations.pool.filters import CandidateFilter
from stations.pool.forms import MOST, SelectForm, targets_of

PAGE = 50
HELD = {tag: Criterion(f"is_{tag}", Lookup.IS, True, "") for tag in Enterprise.Tag.values}


def found(request):
    """The kinds that one may aim at, the one that is looked at, the filter, and the keys of whom it leaves."""
    today = localdate()
    pack = pack_of(request.user)
    targets = targets_of(pack, today).select_related("pack")
    kinds = remembered(f"targets:{pack and pack.pk}:{today}", lambda: list(targets))
    kind = next((k for k in kinds if k.code == request.GET.get("type")), kinds[0] if kinds else None)
    rows = candidates.candidates(request.user, on=today)
    chosen = CandidateFilter(request.GET, rows, request=request, on=today)
    if kind is None:
        return kinds, kind, chosen, None
    keys = candidates.by_nearness(chosen.qs, kind, on=today)
    if chosen.most_short is not None:
        keys = keys.filter(short__lte=chosen.most_short)
    return kinds, kind, chosen, keys


def listed(keys, kind, bases, today) -> list[dict]:
    """Each with its gaps, what our data bear out, and the qualifications that it holds now; in the order of the keys."""
    keys = [row["pk"] for row in keys]
    rows = Enterprise.objects.select_related("organisation__district", "chain").in_bulk(keys)
    answers = gaps.answers_of(keys, gaps.questions_of([kind.pk]) | gaps.questions_about(bases) | HELD, on=today)
    told = gaps.gaps_of([gaps.Asked(pk, pk, kind) for pk in keys], on=today, told=answers)
    return [
        {
            "enterprise": rows[pk],
            "gaps": told[pk],
            "bases": [localised(b, "title") for b in bases if answers[pk].get(f"b{b.pk}")],
            "tags": [tag.label for tag in Enterprise.Tag if answers[pk][tag.value]],
        }
        for pk in keys
    ]


def bases_of(kind) -> list[PoolBasis]:
    """Only a pack that is loaded changes them."""
    rows = PoolBasis.objects.filter(pack=kind.pack).prefetch_related("criteria").order_by("order", "pk")
    return remembered(f"bases:{kind.pack_id}", lambda: list(rows))


def candidate_list(request):
    """Whom the pool doesn't have yet; those picked are proposed to their districts, and the answer says of each what
    became of it."""
    kinds, kind, chosen, keys = found(request)
    if kind is None:
        return render(request, "stations/candidate_list.html", {"filter": chosen, "kind": None})
    form = SelectForm(request.POST if request.method == "POST" else None, pack=kind.pack, on=localdate())
    picked = request.POST.getlist("n")[:MOST]
    if form.is_bound:
        if not picked:
            form.add_error(None, _("请至少勾选一家单位。"))
        elif form.is_valid():
            return render(request, "stations/candidate_done.html", selected(request, kind, form, picked))
    page = Whole(list(keys), PAGE).get_page(request.GET.get("page"))  # counted and sorted anyway: asked once
    context = {
        "kind": kind,
        "kinds": [{"label": localised(k, "title"), "url": narrowed(request, k), "current": k == kind} for k in kinds],
        "filter": chosen,
        "page": page,
        "rows": listed(page, kind, bases_of(kind), localdate()),
        "form": form,
        "picked": picked,
        "export_url": f"{reverse('stations:pool_candidates_export')}?{request.GET.urlencode()}",
    }
    return render(request, "stations/candidate_list.html", context, status=422 if form.errors else 200)


def narrowed(request, kind) -> str:
    """The same list towards another target."""
    query = request.GET.copy()
    query.pop("page", None)
    query["type"] = kind.code
    return f"?{query.urlencode()}"


def selected(request, kind, form, picked) -> dict:
    """What became of those picked. Whom one doesn't see is only counted: it may have moved to another city."""
    mine = Enterprise.objects.visible_to(request.user).select_related("organisation__district")
    rows = list(mine.filter(organisation__code__in=picked).order_by("organisation__name", "pk"))
    data = form.cleaned_data
    results = candidates.select(
        rows,
        target=kind,
        year=data["target_year"],
        otherwise=data["basis"],
        by=request.user,
        on=localdate(),
        note=data["note"],
    )
    done = sum(result.entry is not None for result in results)
    return {"results": results, "done": done, "failed": len(results) - done, "unseen": len(set(picked)) - len(rows)}


@exported("pool_candidates")
def export(request):
    """The same list as a workbook."""
    _kinds, kind, _chosen, keys = found(request)
    headings = [_("单位"), _("统一社会信用代码"), _("区镇"), _("产业链"), _("企业资质"), _("研发机构级别")]
    headings += [
        _("博士人数"),
        _("条件"),
        _("还差几项"),
        _("还缺的条件"),
        _("数据相符的入库依据"),
        _("单位情况核对日期"),
    ]
    found_rows = list(keys) if keys is not None else []
    title = _("储备库候选单位：%(target)s") % {"target": localised(kind, "title")} if kind else _("储备库候选单位")
    return Book(title, headings, lines(found_rows, kind), localdate(), len(found_rows))


def lines(keys, kind) -> Iterator[list]:
    comma, today = _("、"), localdate()
    for some in in_chunks(keys, 500):
        for row in listed(some, kind, bases_of(kind), today):
            e, told = row["enterprise"], row["gaps"]
            missing = [localised(g.condition, "title") for g in told.basic if g.met is not True]
            yield [
                *(str(e), e.organisation.code, localised(e.organisation.district, "name")),
                localised(e.chain, "name") if e.chain else None,
                comma.join(map(str, row["tags"])) or None,
                e.get_rd_level_display() or None,
                *(e.doctors, told.text, told.short, comma.join(missing) or None, comma.join(row["bases"]) or None),
                e.confirmed_on,
            ]
