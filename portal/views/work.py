"""Work lists, search, watching, notices: everything that shows matters of every kind."""

from dataclasses import dataclass
from datetime import date

from django.contrib import messages
from django.db.models import Count, Exists, F, OuterRef, Q
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.timezone import localdate, now
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from portal import absences
from portal.documents import matching
from portal.lifecycle import LIFECYCLES
from portal.models import Matter, Notice, ReturnItem, Role, Watch
from portal.models.people import LENT
from portal.paging import Paginator
from portal.site import pack_of, remembered
from portal.workdays import Calendar

PAGE = 50


@dataclass
class Row:
    """One line of a work list: the matter with its words and what is left of its promise."""

    matter: Matter
    url: str
    kind: str
    stage: str
    holder: str
    left: int | None  # working days; negative: overdue; None: no promise runs
    group: str
    provisional: bool

    @property
    def over(self) -> int:
        """Working days overdue."""
        return max(-(self.left or 0), 0)


BOXES = {
    "to_do": (lambda: _("待办"), lambda: _("轮到您办的事，剩余承诺时间少的在前。"), Matter.objects.to_do),
    "done": (lambda: _("已办"), lambda: _("您办过其中一步的事，不论现在轮到谁。"), Matter.objects.done_by),
    "opened": (lambda: _("我发起"), lambda: _("由您建立的事。"), Matter.objects.opened_by),
    "watched": (lambda: _("我关注"), lambda: _("您标了关注的事。"), Matter.objects.watched_by),
}


def work(request):
    """One of the four lists, filtered by what the address says."""
    box = request.GET.get("box", "to_do")
    label, rule, find = BOXES.get(box, BOXES["to_do"])
    matters = find(request.user) & Matter.objects.visible_to(request.user)
    kind, q = request.GET.get("kind", ""), request.GET.get("q", "").strip()
    if kind in LIFECYCLES:
        matters = matters.filter(kind=kind)
    matters = search_in(matters, q)
    mine = request.GET.get("mine") == "1"
    claimed = Matter.objects.to_do(request.user).filter(claimed_by=request.user)
    if mine:
        matters = matters.filter(claimed_by=request.user)
    page = Paginator(listed(matters), PAGE).get_page(request.GET.get("page"))
    context = {
        "box": box,
        "title": label(),
        "rule": rule(),
        "tabs": [
            {
                "label": tab(),
                "url": f"{reverse('work')}?box={name}",
                "current": name == box,
                "count": page.paginator.count if name == box and not (q or kind or mine) else None,
            }
            for name, (tab, _rule, _find) in BOXES.items()
        ],
        "page": page,
        "rows": as_rows(page, localdate()),
        "kinds": [(name, cycle.label) for name, cycle in LIFECYCLES.items()],
        "kind": kind,
        "q": q,
        "mine": mine,
        "has_claimed": mine or claimed.exists(),
        "stands_in": absences.for_whom(request.user) if request.user.scope.lent else [],
        "may_be_away": may_be_away(request.user),
    }
    return render(request, "work/list.html", context)


def may_be_away(user) -> bool:
    """Whether there is a colleague to stand in; of an office of one nothing is said."""
    if not user.scope.roles & LENT:
        return False
    return (
        remembered(f"colleagues:{user.pk}", lambda: "yes" if absences.colleagues(user, localdate()) else "no") == "yes"
    )


def search_in(matters, q: str):
    """Matters by number, by what they are called, by the unit's name or code."""
    if not q:
        return matters
    return matters.filter(
        Q(number__icontains=q) | Q(title__icontains=q) | Q(organisation__name__icontains=q) | Q(organisation__code=q)
    )


def listed(matters):
    """What a line needs, in one query: the least time left first."""
    returned = ReturnItem.objects.filter(event__matter=OuterRef("pk"), resolved_at=None)
    return (
        matters.select_related("organisation", "district", "claimed_by")
        .annotate(is_returned=Exists(returned))
        .order_by(F("due_on").asc(nulls_last=True), "-changed_at", "-pk")
    )


def as_rows(matters, today: date) -> list[Row]:
    calendar = Calendar.for_pages()
    return [as_row(matter, today, calendar) for matter in matters]


def as_row(matter: Matter, today: date, calendar: Calendar) -> Row:
    lifecycle = LIFECYCLES[matter.kind]
    left = calendar.between(today, matter.due_on) if matter.due_on else None
    if left is None:
        group = _("没有时限")
    elif left < 0:
        group = _("已超时")
    elif left == 0:
        group = _("今天到期")
    else:
        group = _("3 日内") if left <= 3 else _("更晚")
    return Row(
        matter=matter,
        url=reverse(lifecycle.url, args=[matter.number]),
        kind=lifecycle.label,
        stage=lifecycle.stages[matter.status].label,
        holder=Role(matter.holder).label if matter.holder else "",
        left=left,
        group=group,
        provisional=bool(matter.due_on and not calendar.is_official(matter.due_on.year)),
    )


def search(request):
    """Find a matter by number, unit or name, among those one may see; and papers and clauses of the city."""
    q = request.GET.get("q", "").strip()
    found = search_in(Matter.objects.visible_to(request.user), q) if q else Matter.objects.none()
    exact = found.filter(number__iexact=q).first()
    if exact:
        return redirect(exact)
    page = Paginator(listed(found), PAGE).get_page(request.GET.get("page"))
    context = {"q": q, "page": page, "rows": as_rows(page, localdate()), "papers": matching(pack_of(request.user), q)}
    return render(request, "work/search.html", context)


def matter(request, number):
    """The short address of a matter: leads to the page of the app that shows its kind."""
    found = get_object_or_404(Matter.objects.visible_to(request.user), number=number)
    return redirect(reverse(LIFECYCLES[found.kind].url, args=[found.number]))


@require_POST
def watch(request, number):
    """Follow a matter, or stop following it."""
    found = get_object_or_404(Matter.objects.visible_to(request.user), number=number)
    gone, _rows = Watch.objects.filter(user=request.user, matter=found).delete()
    if not gone:
        Watch.objects.get_or_create(user=request.user, matter=found)
    messages.success(request, _("已取消关注。") if gone else _("已关注，有进展会通知您。"))
    return redirect(found)


# --- notices -----------------------------------------------------------------------------------


def notices(request):
    mine = Notice.objects.filter(user=request.user).select_related("matter").order_by("-created_at", "-pk")
    page = Paginator(mine, PAGE).get_page(request.GET.get("page"))
    unread = Notice.objects.filter(user=request.user, read_at=None).aggregate(n=Count("pk"))["n"]
    return render(request, "work/notices.html", {"page": page, "unread": unread})


@require_POST
def notice_open(request, pk):
    """Mark a notice as read and go to what it speaks of."""
    notice = get_object_or_404(Notice, user=request.user, pk=pk)
    Notice.objects.filter(pk=notice.pk, read_at=None).update(read_at=now())
    return redirect(notice.matter or notice.path or "notices")


@require_POST
def notices_read(request):
    Notice.objects.filter(user=request.user, read_at=None).update(read_at=now())
    return redirect("notices")
