"""The lives of an extension and of a change: both are put together, decided by the district, and then in force."""

from collections.abc import Callable

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from portal.facts import Vocabulary
from portal.lifecycle import HAPPENINGS, Lifecycle, Refused, Stage, Transition
from portal.models import Evidence, Role
from portal.rules import plain
from postdocs.inside import facts
from postdocs.inside.models import COLUMNS, AskStatus, Change, ChangeKind, Either, Extension
from postdocs.stays import actions as stays
from postdocs.stays.models import INSIDE, Stay
from stations.roles import DISTRICT, HANDLER

A = AskStatus
HAPPENINGS.update({"extended": gettext_lazy("延期备案"), "changed": gettext_lazy("变更备案")})
AGREED = ("supervisor_agreed_on", "unit_agreed_on", "flow_agreed_on")


def columns_of(subject: Either) -> tuple[str, ...]:
    """What is asked for, by columns of the stay (and the unit's name)."""
    return ("planned_until",) if isinstance(subject, Extension) else COLUMNS[ChangeKind(subject.kind)]


def snapshot(subject: Either) -> dict:
    """What is handed in."""
    agreed = AGREED if isinstance(subject, Extension) else ("agreed_on",)
    cited = Evidence.objects.filter(matter=subject.matter_id, removed_at=None).order_by("pk")
    values = {name: plain(getattr(subject, name)) for name in ("reason", *columns_of(subject), *agreed)}
    return {"field": values, "file": [str(pk) for pk in cited.values_list("file_id", flat=True)]}


def still_in(subject: Either) -> Stay:
    """The stay, locked, of somebody who is in station. Raises Refused."""
    stay = stays.lock(subject.stay)
    if stay.status not in INSIDE:
        raise Refused(
            _("%(who)s现在是“%(state)s”，不能再备案。请退回或不同意。")
            % {"who": stay.person, "state": stay.get_status_display()}
        )
    return stay


def extend(subject: Extension, *, by, on, details):
    """From the day of the filing the stay plans a later end. Raises Refused where it isn't later."""
    stay = still_in(subject)
    if stay.planned_until and subject.planned_until <= stay.planned_until:
        raise Refused(
            _("延长到 %(then)s，不晚于现在约定的 %(now)s，请退回修改。")
            % {"then": subject.planned_until, "now": stay.planned_until}
        )
    subject.planned_before, subject.filed_on = stay.planned_until, on
    stay.planned_until = subject.planned_until
    stay.save(update_fields=["planned_until"])
    about = {"number": subject.matter.number, "until": str(subject.planned_until)}
    stays.written(stay, "extended", by=by, on=on, details=about)


def change(subject: Change, *, by, on, details):
    """From the day of the filing the stay says something else; what it said before is kept."""
    stay = still_in(subject)
    names = [n for n in columns_of(subject) if getattr(subject, n) not in (None, "")]
    own = [n for n in names if n != "unit_name"]
    subject.before = {n: plain(getattr(stay, n)) for n in own}
    if "unit_name" in names:
        subject.before["unit_name"] = stay.matter.organisation.name
    subject.filed_on = on
    for name in own:
        setattr(stay, name, getattr(subject, name))
    if own:
        stay.save(update_fields=own)
    stays.written(stay, "changed", by=by, on=on, details={"number": subject.matter.number, "kind": subject.kind})


def life(kind: str, label, vocabulary: Vocabulary, file: str, effect: Callable) -> Lifecycle:
    return Lifecycle(
        kind,
        label,
        url="postdocs:asked",
        vocabulary=vocabulary,
        snapshot=snapshot,
        stages={
            A.DRAFT: Stage(gettext_lazy("草拟"), Role.HANDLER),
            A.ASKED: Stage(gettext_lazy("待区镇办理"), Role.DISTRICT, "days.district"),
            A.FILED: Stage(gettext_lazy("已备案")),
            A.REFUSED: Stage(gettext_lazy("未同意")),
            A.DROPPED: Stage(gettext_lazy("已撤回")),
        },
        transitions=[
            Transition("submit", A.DRAFT, A.ASKED, HANDLER, gettext_lazy("提交"), files=True),
            Transition("send_back", A.ASKED, A.DRAFT, DISTRICT, gettext_lazy("退回修改"), note_needed=True),
            Transition("file", A.ASKED, A.FILED, DISTRICT, file, effect=effect),
            Transition("refuse", A.ASKED, A.REFUSED, DISTRICT, gettext_lazy("不同意"), note_needed=True),
            Transition("drop", A.DRAFT, A.DROPPED, HANDLER, gettext_lazy("撤回")),
            Transition("drop", A.ASKED, A.DROPPED, HANDLER, gettext_lazy("撤回")),
        ],
    )


extension_cycle = life(
    "extension", pgettext_lazy("博士后", "延期"), facts.extension, gettext_lazy("同意延期并备案"), extend
)
change_cycle = life("change", gettext_lazy("变更"), facts.change, gettext_lazy("确认变更并备案"), change)


def cycle_of(subject: Either) -> Lifecycle:
    return extension_cycle if isinstance(subject, Extension) else change_cycle
