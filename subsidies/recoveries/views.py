"""The list of what came true after money was granted, and the two answers to it."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import Count, Q
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from portal.exports import Book, exported
from portal.lifecycle import NotYours, Refused
from portal.models import Role
from portal.paging import Paginator
from subsidies.claims.models import ClaimStatus
from subsidies.recoveries import actions
from subsidies.recoveries.models import Trace
from subsidies.schemes.models import Condition
from subsidies.subjects import WITH_SUBJECT

PAGE = 50
C, P = ClaimStatus, Condition.Purpose
PAID = Q(condition__purpose=P.RECOVER) & Q(claim__status__in=[C.PAID, C.RECOVERING])
PARTS = {
    "recover": PAID & Q(gone_on=None, answered_on=None),
    "held": Q(claim__status__in=actions.UNPAID, gone_on=None, answered_on=None),
    "stopped": Q(condition__purpose=P.STOP, claim__status=C.PAID, gone_on=None, answered_on=None),
    "answered": Q(answered_on__isnull=False),
}


def visible(request):
    return Trace.objects.visible_to(request.user)


def with_all(rows):
    beside = (
        "matter__organisation",
        "matter__district",
        "person",
        "payee",
        "instalment__version__scheme",
        *WITH_SUBJECT,
    )
    paths = (f"claim__{path}" for path in beside)
    return rows.select_related("condition__clause__document", "answered_by", *paths).order_by("-found_on", "-pk")


def chosen_part(request) -> str:
    part = request.GET.get("part", "")
    return part if part in PARTS else "recover"


def labels() -> dict[str, str]:
    return {"recover": _("须追回"), "held": _("停发，钱还没拨"), "stopped": _("停发，已拨付"), "answered": _("已处理")}


def recoveries(request):
    """Paid claims whose money is asked back, granted ones that shall not be paid, the rest for information."""
    part, seen = chosen_part(request), visible(request)
    counts = seen.aggregate(**{name: Count("pk", filter=q) for name, q in PARTS.items()})
    page = Paginator(with_all(seen.filter(PARTS[part])), PAGE).get_page(request.GET.get("page"))
    handles = Role.BUREAU_HANDLER in request.user.scope.roles
    context = {
        "tabs": [
            {"label": label, "url": f"?part={name}", "current": name == part, "count": counts[name]}
            for name, label in labels().items()
        ],
        "part": part,
        "page": page,
        "rows": [(t, actions.step_of(t.claim, request.user) if part != "answered" else "") for t in page],
        "handles": handles and part != "answered",
        "export_url": f"{reverse('subsidies:recoveries_export')}?part={part}",
    }
    return render(request, "subsidies/recoveries.html", context)


@exported("subsidies:recoveries_export")
def export(request) -> Book:
    """The same list as a workbook."""
    part = chosen_part(request)
    rows = with_all(visible(request).filter(PARTS[part]))
    headings = [
        _("编号"),
        _("资助项目"),
        _("收款人"),
        _("单位"),
        _("环节"),
        _("金额（元）"),
        _("出现的情形"),
        _("用途"),
    ]
    headings += [_("依据"), _("发现日期"), _("处理日期"), _("谁"), _("说明")]
    lines = (
        [t.claim.matter.number, str(t.claim.scheme), t.claim.whose, t.claim.matter.organisation.name]
        + [t.claim.get_status_display(), t.claim.approved, str(t.condition), t.condition.get_purpose_display()]
        + [str(t.condition.clause), t.found_on, t.answered_on, str(t.answered_by or ""), t.note]
        for t in rows.iterator(2000)
    )
    return Book(_("停发、追回线索"), headings, lines, localdate(), rows.count())


@require_POST
def answer(request, pk, what):
    """Take the claim up again, or let it be with a reason."""
    row = get_object_or_404(visible(request), pk=pk)
    try:
        if what == "take":
            done = actions.take_up(row, by=request.user, on=localdate())
            messages.success(request, _("%(claim)s 已办理，原因已写明。") % {"claim": done.claim.matter.number})
        else:
            actions.let_be(row, note=request.POST.get("note", ""), by=request.user, on=localdate())
            messages.success(request, _("已记下不处理。"))
    except NotYours as reason:
        raise PermissionDenied(str(reason)) from reason
    except Refused as reason:
        messages.error(request, str(reason))
    return redirect(f"{reverse('subsidies:recoveries')}?part={chosen_part(request)}")
